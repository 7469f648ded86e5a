#include "lib/catalog/meter.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cogate {
namespace {

enum class unit : std::uint8_t { token, second, piece };

struct meter_row {
    meter what;
    std::string_view name;
    std::string_view code;
    unit counted;
};

constexpr std::array<meter_row, meter_count> meters = {{
    {meter::input_token, "input_token", "in", unit::token},
    {meter::output_token, "output_token", "out", unit::token},
    {meter::cache_read_token, "cache_read_token", "cached", unit::token},
    {meter::cache_write_token, "cache_write_token", "write", unit::token},
    {meter::cache_write_1h_token, "cache_write_1h_token", "write1h", unit::token},
    {meter::reasoning_token, "reasoning_token", "reason", unit::token},
    {meter::input_audio_token, "input_audio_token", "audioin", unit::token},
    {meter::output_audio_token, "output_audio_token", "audioout", unit::token},
    {meter::cache_read_audio_token, "cache_read_audio_token", "audiocached", unit::token},
    {meter::cache_write_audio_token, "cache_write_audio_token", "audiowrite", unit::token},
    {meter::input_image_token, "input_image_token", "imagein", unit::token},
    {meter::output_image_token, "output_image_token", "imageout", unit::token},
    {meter::output_video_token, "output_video_token", "videoout", unit::token},
    {meter::citation_token, "citation_token", "citation", unit::token},
    {meter::computer_use_input_token, "computer_use_input_token", "computerin", unit::token},
    {meter::computer_use_output_token, "computer_use_output_token", "computerout", unit::token},
    {meter::input_image, "input_image", "img", unit::piece},
    {meter::output_image, "output_image", "imgmade", unit::piece},
    {meter::input_pixel, "input_pixel", "px", unit::piece},
    {meter::output_pixel, "output_pixel", "pxmade", unit::piece},
    {meter::input_second, "input_second", "sec", unit::second},
    {meter::output_second, "output_second", "secmade", unit::second},
    {meter::output_second_1080p, "output_second_1080p", "secmade1080p", unit::second},
    {meter::input_audio_second, "input_audio_second", "audiosec", unit::second},
    {meter::input_video_second, "input_video_second", "videosec", unit::second},
    {meter::input_video_second_over_8s, "input_video_second_over_8s", "videosec8", unit::second},
    {meter::input_video_second_over_15s, "input_video_second_over_15s", "videosec15", unit::second},
    {meter::output_video_second, "output_video_second", "videosecmade", unit::second},
    {meter::input_character, "input_character", "char", unit::piece},
    {meter::output_character, "output_character", "charmade", unit::piece},
    {meter::query, "query", "query", unit::piece},
    {meter::request, "request", "request", unit::piece},
    {meter::page, "page", "page", unit::piece},
    {meter::annotation_page, "annotation_page", "notepage", unit::piece},
    {meter::credit, "credit", "credit", unit::piece},
    {meter::search_low, "search_low", "searchlow", unit::piece},
    {meter::search_medium, "search_medium", "search", unit::piece},
    {meter::search_high, "search_high", "searchhigh", unit::piece},
    {meter::file_search_call, "file_search_call", "filesearch", unit::piece},
    {meter::session, "session", "session", unit::piece},
    {meter::file_search_gb_day, "file_search_gb_day", "filegbday", unit::piece},
    {meter::vector_store_gb_day, "vector_store_gb_day", "storegbday", unit::piece},
}};

constexpr bool in_order()
{
    for (std::size_t i = 0; i < meters.size(); ++i) {
        if (static_cast<std::size_t>(meters[i].what) != i) {
            return false;
        }
    }
    return true;
}
static_assert(in_order());

constexpr std::array<std::string_view, 5> tiers = {"standard", "batch", "flex", "priority", "fast"};

constexpr std::array capabilities = std::to_array<std::pair<std::string_view, capability>>({
    {"tools", capability::tools},
    {"parallel_tools", capability::parallel_tools},
    {"vision", capability::vision},
    {"reasoning", capability::reasoning},
    {"json_schema", capability::json_schema},
    {"cache", capability::prompt_cache},
    {"pdf", capability::pdf_input},
    {"web_search", capability::web_search},
    {"audio_in", capability::audio_input},
    {"audio_out", capability::audio_output},
    {"video_in", capability::video_input},
    {"image_out", capability::image_output},
    {"computer_use", capability::computer_use},
});

meter_row const& row_of(meter what) noexcept
{
    return meters[static_cast<std::size_t>(what)];
}

} // namespace

std::string_view to_string(meter what) noexcept
{
    return row_of(what).name;
}

std::string_view to_string(service_tier tier) noexcept
{
    return tiers[static_cast<std::size_t>(tier)];
}

namespace catalog {

bool counts_tokens(meter what) noexcept
{
    return row_of(what).counted == unit::token;
}

bool counts_seconds(meter what) noexcept
{
    return row_of(what).counted == unit::second;
}

std::string_view row_code(meter what) noexcept
{
    return row_of(what).code;
}

std::optional<meter> meter_of_row_code(std::string_view code) noexcept
{
    auto const found =
        std::find_if(meters.begin(), meters.end(), [&](auto const& row) { return row.code == code; });
    return found == meters.end() ? std::nullopt : std::optional(found->what);
}

std::optional<service_tier> tier_of(std::string_view name) noexcept
{
    auto const found = std::find(tiers.begin(), tiers.end(), name);
    return found == tiers.end() ? std::nullopt
                                : std::optional(static_cast<service_tier>(found - tiers.begin()));
}

std::optional<capability> capability_of(std::string_view name) noexcept
{
    auto const found = std::find_if(capabilities.begin(), capabilities.end(),
                                    [&](auto const& row) { return row.first == name; });
    return found == capabilities.end() ? std::nullopt : std::optional(found->second);
}

} // namespace catalog
} // namespace cogate
