#include "lib/cli/chat_text.hpp"

#include "lib/core/text.hpp"
#include "lib/core/words.hpp"
#include "providers/registry.hpp"

#include <array>
#include <utility>

namespace cogate::cli {

std::string join_prompt(std::string_view arguments, std::string_view piped)
{
    if (piped.ends_with('\n')) {
        piped.remove_suffix(1);
    }
    std::string out(arguments);
    if (!out.empty() && !piped.empty()) {
        out += "\n\n";
    }
    return out.append(piped);
}

std::string default_model(std::string_view wanted, std::vector<model> const& served)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 1> small{
        {{"openai/*", "openai/gpt-4o-mini"}}};
    if (!wanted.empty()) {
        return std::string(wanted);
    }
    for (model const& each : served) {
        if (!each.id.ends_with('*')) {
            return each.id;
        }
    }
    for (model const& each : served) {
        for (auto const& [pattern, name] : small) {
            if (each.id == pattern) {
                return std::string(name);
            }
        }
    }
    return "demo/echo";
}

std::string terminal_text(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i != text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        bool const c1 =
            byte == 0xC2 && i + 1 != text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (c1) {
            ++i;
        } else if ((byte >= 0x20 && byte != 0x7F) || byte == '\n' || byte == '\t') {
            out += text[i];
        }
    }
    return out;
}

std::string advice(failure const& why)
{
    switch (why->kind) {
    case error_kind::authentication:
    case error_kind::permission_denied:
        if (auto const* row = providers::find_provider(why->provider);
            row != nullptr && !row->key_variables.empty()) {
            return "Check the key in " + std::string(core::first_word(row->key_variables)) + ".";
        }
        return "Check the key: --api-key-env names the variable that holds it.";
    case error_kind::not_found: return "`cogate models` lists what can be called.";
    case error_kind::connection:
        return "Check the address (--base-url or api_base) and that the service runs.";
    case error_kind::timeout:
        return "cogate.deadlines in a configuration sets the limits; `cogate validate --keys` explains them.";
    case error_kind::rate_limit:
        if (why->retry_after) {
            return "Try again in " + std::to_string((why->retry_after->count() + 999) / 1000) + " s.";
        }
        return "Try again later.";
    default: return {};
    }
}

std::string json_lines(std::string_view events)
{
    std::string out;
    for (std::string_view line : core::split(events, '\n')) {
        if (line.starts_with("data: ")) {
            out.append(core::trim(line.substr(6))).append("\n");
        }
    }
    return out;
}

} // namespace cogate::cli
