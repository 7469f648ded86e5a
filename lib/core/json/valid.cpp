#include "lib/core/json/valid.hpp"

#include <cstddef>

#include "lib/core/json/whole_text.hpp"

namespace cogate::json {

namespace {

struct root_kind {
    json::kind root = kind::missing;

    scan_errc see(json::kind what, unsigned depth) noexcept
    {
        root = depth == 0 ? what : root;
        return scan_errc::none;
    }

    scan_errc open(json::kind what, unsigned depth, std::size_t) noexcept { return see(what, depth); }
    scan_errc scalar(json::kind what, unsigned depth, std::size_t, std::size_t, bool) noexcept
    {
        return see(what, depth);
    }
    scan_errc close(unsigned, std::size_t) noexcept { return scan_errc::none; }
    scan_errc key_open(unsigned, std::size_t) noexcept { return scan_errc::none; }
    scan_errc whole_key(unsigned, std::size_t, std::size_t, bool) noexcept { return scan_errc::none; }
};

} // namespace

bool is_valid(std::string_view text, unsigned max_depth) noexcept
{
    root_kind seen;
    return whole_text<root_kind>(text, max_depth, seen).run();
}

bool is_valid_object(std::string_view text, unsigned max_depth) noexcept
{
    root_kind seen;
    return whole_text<root_kind>(text, max_depth, seen).run() && seen.root == kind::object;
}

} // namespace cogate::json
