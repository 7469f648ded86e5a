#pragma once
/// Content parts as blocks of a request.

#include <cogate/chat.hpp>

#include "providers/bedrock_converse/call_ids.hpp"
#include "providers/bedrock_converse/models.hpp"
#include "providers/common/fields.hpp"

#include <map>
#include <optional>
#include <string>

namespace cogate::providers::bedrock_converse {

/// What writing the blocks of one request shares.
struct block_writer {
    raw_writer& to;
    model_facts const& model;
    call_ids const& ids;
    std::map<std::string, int> document_names{}; ///< how often each was given
    std::optional<failure> error{};              ///< the first one stays

    json::writer& out() noexcept { return to.out(); }
    void refuse(place const& at, std::string_view why);
};

/// Which member of Converse's union a part becomes.
enum class block_kind { none, text, document, other };

/// What `part` becomes in a message of this role; `none` is left out (empty text, thinking that nobody
/// signed).
block_kind kind_of(content_part const& part, role who) noexcept;

/// Writes a part of any kind but `none`, and the cachePoint behind it. In a tool's result if `in_result`.
void write_part(block_writer& w, content_part const& part, bool in_result, place const& at);

void write_tool_use(block_writer& w, tool_call const& call);

/// After what may be cached; nothing for models without a cache.
void write_cache_point(block_writer& w, std::optional<cache_mark> const& mark);

} // namespace cogate::providers::bedrock_converse
