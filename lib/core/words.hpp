#pragma once

#include <string_view>
#include <vector>

namespace cogate::core {

/// The words of a list that is separated by spaces, as the static tables write them.
inline std::vector<std::string_view> words(std::string_view list)
{
    std::vector<std::string_view> out;
    while (!list.empty()) {
        std::size_t const begin = list.find_first_not_of(' ');
        if (begin == std::string_view::npos) {
            break;
        }
        list.remove_prefix(begin);
        std::size_t const end = list.find(' ');
        out.push_back(list.substr(0, end));
        list.remove_prefix(end == std::string_view::npos ? list.size() : end);
    }
    return out;
}

/// The first of them, or empty text.
constexpr std::string_view first_word(std::string_view list) noexcept
{
    return list.substr(0, list.find(' '));
}

/// Whether `word` is one of them.
constexpr bool has_word(std::string_view list, std::string_view word) noexcept
{
    while (!list.empty()) {
        std::size_t const end = list.find(' ');
        if (list.substr(0, end) == word) {
            return true;
        }
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
    return false;
}

} // namespace cogate::core
