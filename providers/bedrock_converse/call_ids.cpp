#include "providers/bedrock_converse/call_ids.hpp"

#include "lib/core/hash.hpp"
#include "lib/wire/ascii.hpp"

#include <algorithm>
#include <vector>

namespace cogate::providers::bedrock_converse {

namespace {

constexpr std::size_t longest = 64;
constexpr std::size_t nine = 9;

bool fits(std::string_view id, bool nine_letters) noexcept
{
    if (id.empty() || id.size() > longest || (nine_letters && id.size() != nine)) {
        return false;
    }
    return std::all_of(id.begin(), id.end(), [&](char c) {
        return wire::has_class(c, wire::char_alpha | wire::char_digit) ||
               (!nine_letters && std::string_view("_.:-").find(c) != std::string_view::npos);
    });
}

std::string replacement(std::string_view id, std::uint64_t attempt, bool nine_letters)
{
    constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string out = nine_letters ? "" : "call_";
    const std::size_t size = nine_letters ? nine : out.size() + 24;
    for (std::uint64_t part = 0; out.size() < size; ++part) {
        std::uint64_t rest = core::hash64(id, attempt * 8 + part + 1);
        for (int i = 0; i != 8 && out.size() < size; ++i) {
            out += letters[rest % letters.size()];
            rest /= letters.size();
        }
    }
    return out;
}

} // namespace

call_ids::call_ids(chat_request const& request, bool nine_letters)
{
    std::set<std::string, std::less<>> taken;
    std::vector<std::string_view> misfits;
    const auto look_at = [&](std::string const& id) {
        if (fits(id, nine_letters)) {
            taken.emplace(id);
        } else {
            misfits.emplace_back(id);
        }
    };
    for (message const& m : request.messages) {
        for (tool_call const& call : m.tool_calls) {
            look_at(call.id);
        }
        if (m.role == role::tool) {
            look_at(m.tool_call_id.empty() ? m.name : m.tool_call_id);
        }
    }
    for (std::string_view const id : misfits) {
        if (made_.find(id) != made_.end()) {
            continue;
        }
        std::string fresh = replacement(id, 0, nine_letters);
        for (std::uint64_t attempt = 1; taken.contains(fresh); ++attempt) {
            fresh = replacement(id, attempt, nine_letters);
        }
        taken.emplace(fresh);
        made_.emplace(std::string(id), std::move(fresh));
    }
}

std::string_view call_ids::of(std::string_view id) const noexcept
{
    const auto at = made_.find(id);
    return at == made_.end() ? id : std::string_view(at->second);
}

} // namespace cogate::providers::bedrock_converse
