#pragma once
/// `thoughtSignature` of parts other than calls. In the canonical form Google's stand behind a seal (see
/// providers/common/sealed.hpp); a call's signature is Google's alone and stays bare.

#include <cogate/message.hpp>

#include <string>
#include <string_view>

namespace cogate::providers::gemini {

/// Puts a signature of the wire where it belongs in the part: Google's own, or another provider's that a client
/// gives back.
void take_signature(reasoning_part& part, std::string wire);

/// What Google gets of the part's signature: its own, nothing of another's. A view into the part.
std::string_view signature_for_google(reasoning_part const& part) noexcept;

/// What a client gets of a signature or of encrypted reasoning, whoever made it; base64, as the field demands.
std::string signature_for_client(std::string_view signature);
std::string redacted_for_client(std::string_view redacted, std::string_view id);
std::string mark_for_client(reasoning_part const& part);

} // namespace cogate::providers::gemini
