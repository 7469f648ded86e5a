#include "lib/policy/tag_filter.hpp"

namespace cogate::policy {
namespace {

constexpr std::string_view default_tag = "default";

}

tag_filter::tag_filter(std::span<lane const* const> lanes)
{
    std::size_t const words = (lanes.size() + 63) / 64;
    for (std::size_t i = 0; i != lanes.size(); ++i) {
        for (std::string const& tag : lanes[i]->limits().tags) {
            std::vector<std::uint64_t>& set = by_tag_[tag];
            set.resize(words);
            set[i / 64] |= std::uint64_t{1} << (i % 64);
        }
    }
    has_default_ = by_tag_.contains(default_tag);
}

std::uint64_t tag_filter::with(std::string_view tag, std::size_t word) const noexcept
{
    auto const found = by_tag_.find(tag);
    return found == by_tag_.end() ? 0 : found->second[word];
}

tag_filter::lane_set tag_filter::at(std::size_t word, std::span<std::string const> tags,
                                    bool match_any) const noexcept
{
    std::uint64_t allowed = ~std::uint64_t{0};
    std::uint64_t any = 0;
    std::uint64_t all = ~std::uint64_t{0};
    bool asks = false;
    bool requires_one = false;
    for (std::string_view const tag : tags) {
        bool const marked = tag.size() > 1;
        if (tag.starts_with('!')) {
            allowed &= marked ? ~with(tag.substr(1), word) : ~std::uint64_t{0};
        } else if (tag.starts_with('&')) {
            allowed &= marked ? with(tag.substr(1), word) : ~std::uint64_t{0};
            requires_one = requires_one || marked;
        } else {
            std::uint64_t const set = with(tag, word);
            any |= set;
            all &= set;
            asks = true;
        }
    }
    std::uint64_t const by_default = with(default_tag, word);
    if (asks) {
        return {allowed & (match_any ? any : all), allowed & by_default};
    }
    return {requires_one || !has_default_ ? allowed : allowed & by_default, 0};
}

} // namespace cogate::policy
