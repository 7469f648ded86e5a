#include "lib/catalog/row.hpp"

#include <string>
#include <utility>
#include <vector>

#include "lib/catalog/decimal.hpp"
#include "lib/catalog/meter.hpp"
#include "lib/catalog/rates.hpp"
#include "lib/core/text.hpp"
#include "lib/core/words.hpp"

namespace cogate::catalog {
namespace {

constexpr std::string_view nothing = "-";

bool read_count(std::string_view word, std::int64_t& to) noexcept
{
    if (word == nothing) {
        return true;
    }
    std::optional<std::int64_t> const count = core::parse_int<std::int64_t>(word);
    to = count.value_or(0);
    return count && *count >= 0;
}

bool read_capabilities(std::string_view word, std::uint32_t& bits)
{
    if (word == nothing) {
        return true;
    }
    for (std::string_view const name : core::split(word, '|')) {
        std::optional<capability> const known = capability_of(name);
        if (!known) {
            return false;
        }
        bits |= static_cast<std::uint32_t>(*known);
    }
    return true;
}

bool read_rate(std::string_view key, std::string_view price, price_list& to)
{
    rate read;
    if (auto const above = core::split_once(key, '>')) {
        auto const tokens = core::parse_int<std::int64_t>(above->second);
        if (!tokens || *tokens <= 0) {
            return false;
        }
        read.above = *tokens;
        key = above->first;
    }
    if (auto const tiered = core::split_once(key, '@')) {
        auto const tier = tier_of(tiered->second);
        if (!tier) {
            return false;
        }
        read.tier = *tier;
        key = tiered->first;
    }
    std::optional<meter> const what = meter_of_row_code(key);
    std::optional<unit_price> const value =
        what ? unit_price::parse(price, counts_tokens(*what) ? 6 : 0) : std::nullopt;
    if (!value) {
        return false;
    }
    read.what = *what;
    read.price = *value;
    set_rate(to, read);
    return true;
}

bool read_word(std::string_view word, model_facts& facts)
{
    if (word == "onesearch") {
        facts.one_search_per_prompt = true;
        return true;
    }
    auto const pair = core::split_once(word, '=');
    if (!pair) {
        return false;
    }
    auto const [key, value] = *pair;
    if (key == "dims") {
        return read_count(value, facts.output_vector_size);
    }
    if (key == "until") {
        facts.deprecation = value;
        return true;
    }
    if (key == "from") {
        std::optional<std::chrono::sys_seconds> const day = parse_day(value);
        if (!day || (!facts.price_lists.empty() && facts.price_lists.back().since >= *day)) {
            return false;
        }
        facts.price_lists.push_back({*day, {}});
        return true;
    }
    if (key.starts_with("factor.")) {
        std::optional<std::int64_t> const factor = parse_factor(value);
        facts.uplifts.push_back({std::string(key.substr(7)), factor.value_or(0)});
        return factor.has_value();
    }
    if (facts.price_lists.empty()) {
        facts.price_lists.emplace_back();
    }
    return read_rate(key, value, facts.price_lists.back());
}

} // namespace

std::optional<model_facts> parse_row(std::string_view row)
{
    std::vector<std::string_view> const words = core::words(row);
    if (words.size() < 6) {
        return std::nullopt;
    }
    model_facts facts;
    facts.provider = words[0];
    facts.model = words[1];
    facts.mode = words[2];
    if (!read_count(words[3], facts.max_input_tokens) || !read_count(words[4], facts.max_output_tokens) ||
        !read_capabilities(words[5], facts.capabilities)) {
        return std::nullopt;
    }
    for (std::size_t i = 6; i < words.size(); ++i) {
        if (!read_word(words[i], facts)) {
            return std::nullopt;
        }
    }
    return facts;
}

std::optional<std::chrono::sys_seconds> parse_day(std::string_view text) noexcept
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    auto const year = core::parse_int<int>(text.substr(0, 4));
    auto const month = core::parse_int<unsigned>(text.substr(5, 2));
    auto const day = core::parse_int<unsigned>(text.substr(8, 2));
    if (!year || !month || !day) {
        return std::nullopt;
    }
    std::chrono::year_month_day const date{std::chrono::year(*year), std::chrono::month(*month),
                                           std::chrono::day(*day)};
    return date.ok() ? std::optional<std::chrono::sys_seconds>(std::chrono::sys_days(date)) : std::nullopt;
}

std::optional<std::int64_t> parse_factor(std::string_view text) noexcept
{
    std::optional<scaled> const millionths = scale_decimal(text, 6);
    if (!millionths || millionths->value <= 0 || millionths->value > 100'000'000) {
        return std::nullopt;
    }
    return millionths->value;
}

} // namespace cogate::catalog
