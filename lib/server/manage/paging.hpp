#pragma once

#include "lib/server/manage/query.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::server::manage {

/// Which part of a list is asked for, counted from 1. A plain value.
struct page {
    std::int64_t number = 1;
    std::int64_t size = 10;

    /// `page` and, under the name that the endpoint has for it, the size. Faults are the query's.
    static page of(query& from, std::string_view size_name, std::int64_t usual_size)
    {
        return {from.number("page", 1, 1, 1'000'000'000), from.number(size_name, usual_size, 1, most)};
    }

    static constexpr std::int64_t most = 100; ///< LiteLLM's

    std::int64_t pages_of(std::size_t all) const noexcept
    {
        return (static_cast<std::int64_t>(all) + size - 1) / size;
    }

    template <class T>
    std::vector<T> cut(std::vector<T> const& all) const
    {
        std::size_t const begin =
            std::min(all.size(), static_cast<std::size_t>(number - 1) * static_cast<std::size_t>(size));
        std::size_t const end = std::min(all.size(), begin + static_cast<std::size_t>(size));
        return {all.begin() + static_cast<std::ptrdiff_t>(begin),
                all.begin() + static_cast<std::ptrdiff_t>(end)};
    }
};

inline constexpr std::size_t whole_list = 1000; ///< records that a list without pages gives at once

/// The part of a list that LiteLLM gives without pages: all of it, or, with `page` and `size`, a page. Failures:
/// `invalid_request` when it is too long, with what to do, and the query's faults.
template <class T>
result<std::vector<T>> listed(query& from, std::vector<T> const& all, std::string_view paged_path = {})
{
    bool const is_paged = from.one("page").has_value() || from.one("size").has_value();
    page const part = page::of(from, "size", page::most);
    if (!is_paged && all.size() > whole_list) {
        from.blame("page", "The list is longer than " + std::to_string(whole_list) +
                               " records; ask for it in parts with the query parameters 'page' and 'size'" +
                               (paged_path.empty() ? "." : ", or at " + std::string(paged_path) + '.'));
    }
    if (from.fault()) {
        return *from.fault();
    }
    return is_paged ? part.cut(all) : all;
}

} // namespace cogate::server::manage
