#pragma once
/// Opaque reasoning data (signatures, encrypted reasoning) that remembers which dialect's provider made it.
///
/// A provider checks such data and refuses another's. In the canonical form Anthropic's stands bare, on whichever
/// service it was made; OpenAI's stands beside the id of its item; everything else, and OpenAI's without an id,
/// stands behind a seal that names the dialect. Clients get OpenAI's ids in a seal too, since no other dialect has
/// a place for them, and so the data comes back to its maker through any client.

#include <cogate/message.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogate::providers {

/// "cogate.<dialect>.<id>.<data>". An id that would blur the parts is left out.
std::string seal(std::string_view dialect, std::string_view id, std::string_view data);

/// Views of the sealed text.
struct opened_seal {
    std::string_view dialect;
    std::string_view id;
    std::string_view data;
};
/// The parts of a sealed text; nothing for bare data.
std::optional<opened_seal> open_seal(std::string_view text) noexcept;

/// Whether the part bears a signature or encrypted content that Anthropic's models made.
bool is_anthropic_mark(reasoning_part const& part) noexcept;

/// Whether another provider's model made the part, so that it is left out of requests to Anthropic's.
bool is_foreign_to_anthropic(reasoning_part const& part) noexcept;

/// Brings what a client gave back into the canonical form.
void take_seals(reasoning_part& part);

/// The same data as a client of a dialect without item ids gets it.
std::string signature_for_client(std::string_view signature, std::string_view id);
std::string redacted_for_client(std::string_view redacted, std::string_view id);

} // namespace cogate::providers
