#include "lib/catalog/litellm_fields.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/core/text.hpp"

namespace cogate::catalog {
namespace {

struct price_name {
    std::string_view name;
    meter what;
    int power = 0;
    bool legacy = false;
};

constexpr std::array price_names = std::to_array<price_name>({
    {"input_cost_per_token", meter::input_token},
    {"output_cost_per_token", meter::output_token},
    {"cache_read_input_token_cost", meter::cache_read_token},
    {"input_cost_per_token_cache_hit", meter::cache_read_token, 0, true},
    {"cache_creation_input_token_cost", meter::cache_write_token},
    {"cache_creation_input_token_cost_above_1hr", meter::cache_write_1h_token},
    {"output_cost_per_reasoning_token", meter::reasoning_token},
    {"input_cost_per_audio_token", meter::input_audio_token},
    {"output_cost_per_audio_token", meter::output_audio_token},
    {"cache_read_input_audio_token_cost", meter::cache_read_audio_token},
    {"cache_creation_input_audio_token_cost", meter::cache_write_audio_token},
    {"input_cost_per_image_token", meter::input_image_token},
    {"output_cost_per_image_token", meter::output_image_token},
    {"output_cost_per_video_token", meter::output_video_token},
    {"citation_cost_per_token", meter::citation_token},
    {"computer_use_input_cost_per_1k_tokens", meter::computer_use_input_token, 3},
    {"computer_use_output_cost_per_1k_tokens", meter::computer_use_output_token, 3},
    {"input_cost_per_image", meter::input_image},
    {"output_cost_per_image", meter::output_image},
    {"input_cost_per_pixel", meter::input_pixel},
    {"output_cost_per_pixel", meter::output_pixel},
    {"input_cost_per_second", meter::input_second},
    {"output_cost_per_second", meter::output_second},
    {"output_cost_per_second_1080p", meter::output_second_1080p},
    {"input_cost_per_audio_per_second", meter::input_audio_second},
    {"input_cost_per_video_per_second", meter::input_video_second},
    {"input_cost_per_video_per_second_above_8s_interval", meter::input_video_second_over_8s},
    {"input_cost_per_video_per_second_above_15s_interval", meter::input_video_second_over_15s},
    {"output_cost_per_video_per_second", meter::output_video_second},
    {"input_cost_per_character", meter::input_character},
    {"output_cost_per_character", meter::output_character},
    {"input_cost_per_query", meter::query},
    {"input_cost_per_request", meter::request},
    {"ocr_cost_per_page", meter::page},
    {"annotation_cost_per_page", meter::annotation_page},
    {"ocr_cost_per_credit", meter::credit},
    {"code_interpreter_cost_per_session", meter::session},
    {"file_search_cost_per_1k_calls", meter::file_search_call, 3},
    {"file_search_cost_per_gb_per_day", meter::file_search_gb_day},
    {"vector_store_cost_per_gb_per_day", meter::vector_store_gb_day},
});

constexpr std::array tier_suffixes = std::to_array<std::pair<std::string_view, service_tier>>({
    {"_batches", service_tier::batch},
    {"_flex", service_tier::flex},
    {"_priority", service_tier::priority},
});

constexpr std::array money_words =
    std::to_array<std::string_view>({"cost", "price", "pricing", "uplift", "usd", "billing", "fee"});

constexpr std::array not_money = std::to_array<std::string_view>({
    "input_dbu_cost_per_token",
    "output_dbu_cost_per_token",
});

constexpr std::array capability_names = std::to_array<std::pair<std::string_view, capability>>({
    {"supports_function_calling", capability::tools},
    {"supports_parallel_function_calling", capability::parallel_tools},
    {"supports_vision", capability::vision},
    {"supports_reasoning", capability::reasoning},
    {"supports_response_schema", capability::json_schema},
    {"supports_prompt_caching", capability::prompt_cache},
    {"supports_pdf_input", capability::pdf_input},
    {"supports_web_search", capability::web_search},
    {"supports_audio_input", capability::audio_input},
    {"supports_audio_output", capability::audio_output},
    {"supports_video_input", capability::video_input},
    {"supports_computer_use", capability::computer_use},
    {"supports_tool_choice", capability::tool_choice},
    {"supports_system_messages", capability::system_messages},
    {"supports_assistant_prefill", capability::assistant_prefill},
});

bool take_tier(std::string_view& name, service_tier& tier) noexcept
{
    for (auto const& [suffix, meant] : tier_suffixes) {
        if (name.ends_with(suffix)) {
            name.remove_suffix(suffix.size());
            tier = meant;
            return true;
        }
    }
    return false;
}

// "..._above_272k_tokens"
bool take_context(std::string_view& name, std::int64_t& above) noexcept
{
    constexpr std::string_view head = "_above_";
    constexpr std::string_view tail = "k_tokens";
    std::size_t const at = name.rfind(head);
    if (at == std::string_view::npos || !name.ends_with(tail) ||
        at + head.size() + tail.size() >= name.size()) {
        return false;
    }
    std::string_view const digits =
        name.substr(at + head.size(), name.size() - tail.size() - at - head.size());
    auto const thousands = core::parse_int<std::int64_t>(digits);
    if (!thousands || *thousands <= 0 || *thousands > 1'000'000) {
        return false;
    }
    above = *thousands * 1000;
    name = name.substr(0, at);
    return true;
}

constexpr std::array search_names = std::to_array<std::pair<std::string_view, meter>>({
    {"search_context_size_low", meter::search_low},
    {"search_context_size_medium", meter::search_medium},
    {"search_context_size_high", meter::search_high},
});

} // namespace

std::optional<price_field> litellm_price_field(std::string_view name) noexcept
{
    price_field field;
    // The two suffixes stand in either order.
    bool const tiered = take_tier(name, field.tier);
    bool const context = take_context(name, field.above);
    if (context && !tiered) {
        take_tier(name, field.tier);
    }
    auto const found = std::find_if(price_names.begin(), price_names.end(),
                                    [&](price_name const& each) { return each.name == name; });
    if (found == price_names.end()) {
        return std::nullopt;
    }
    field.what = found->what;
    field.power = found->power;
    field.legacy = found->legacy;
    return field;
}

std::optional<litellm_price_name> litellm_name_of(rate const& price)
{
    auto const found = std::find_if(price_names.begin(), price_names.end(), [&](price_name const& each) {
        return each.what == price.what && !each.legacy;
    });
    if (found == price_names.end() || price.above % 1000 != 0) {
        return std::nullopt;
    }
    litellm_price_name out{std::string(found->name), found->power};
    if (price.above != 0) {
        out.name.append("_above_").append(std::to_string(price.above / 1000)).append("k_tokens");
    }
    if (price.tier == service_tier::standard) {
        return out;
    }
    auto const suffix = std::find_if(tier_suffixes.begin(), tier_suffixes.end(),
                                     [&](auto const& each) { return each.second == price.tier; });
    if (suffix == tier_suffixes.end()) {
        return std::nullopt;
    }
    out.name += suffix->first;
    return out;
}

bool sounds_like_money(std::string_view name) noexcept
{
    return std::any_of(money_words.begin(), money_words.end(),
                       [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

bool known_not_money(std::string_view name) noexcept
{
    return std::find(not_money.begin(), not_money.end(), name) != not_money.end();
}

std::optional<capability> litellm_capability(std::string_view name) noexcept
{
    auto const found = std::find_if(capability_names.begin(), capability_names.end(),
                                    [&](auto const& each) { return each.first == name; });
    return found == capability_names.end() ? std::nullopt : std::optional(found->second);
}

std::span<std::pair<std::string_view, capability> const> litellm_capabilities() noexcept
{
    return capability_names;
}

std::span<std::pair<std::string_view, meter> const> litellm_search_meters() noexcept
{
    return search_names;
}

std::optional<meter> litellm_search_meter(std::string_view name) noexcept
{
    for (auto const& [known, what] : search_names) {
        if (name == known) {
            return what;
        }
    }
    return std::nullopt;
}

void set_uplift(std::vector<uplift>& uplifts, std::string_view name, std::int64_t millionths)
{
    auto const same =
        std::find_if(uplifts.begin(), uplifts.end(), [&](uplift const& each) { return each.name == name; });
    if (same == uplifts.end()) {
        uplifts.push_back({std::string(name), millionths});
    } else {
        same->millionths = millionths;
    }
}

} // namespace cogate::catalog
