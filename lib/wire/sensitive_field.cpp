#include "lib/wire/sensitive_field.hpp"

#include "lib/wire/ascii.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace cogate::wire {

namespace {

constexpr sensitive_field table[] = {
    {"host", field_id::host, true, "repeated Host"},
    {"content-length", field_id::content_length, true, "repeated Content-Length"},
    {"transfer-encoding", field_id::transfer_encoding, true, "repeated Transfer-Encoding"},
    {"connection", field_id::connection, false, ""},
    {"expect", field_id::expect, false, ""},
    {"content-encoding", field_id::content_encoding, false, ""},
    {"content-type", field_id::content_type, true, "repeated Content-Type"},
    {"authorization", field_id::authorization, true, "repeated Authorization"},
    {"proxy-authorization", field_id::proxy_authorization, true, "repeated Proxy-Authorization"},
    {"x-api-key", field_id::x_api_key, true, "repeated x-api-key"},
    {"api-key", field_id::api_key, true, "repeated api-key"},
    {"x-goog-api-key", field_id::x_goog_api_key, true, "repeated x-goog-api-key"},
    {"te", field_id::te, false, ""},
    {"trailer", field_id::trailer, false, ""},
    {"upgrade", field_id::upgrade, false, ""},
};

constexpr std::size_t longest_name = 19;

// The rows of each length, as bits.
constexpr std::array<std::uint16_t, longest_name + 1> rows_of_size = [] {
    std::array<std::uint16_t, longest_name + 1> rows{};
    for (std::size_t i = 0; i != std::size(table); ++i) {
        rows[table[i].name.size()] |= static_cast<std::uint16_t>(1U << i);
    }
    return rows;
}();

constexpr char folded(char c) noexcept
{
    return c == '_' ? '-' : ascii_lower(c);
}

} // namespace

const sensitive_field* find_sensitive_field(std::string_view name) noexcept
{
    unsigned rows = name.size() <= longest_name ? rows_of_size[name.size()] : 0;
    for (; rows != 0; rows &= rows - 1) {
        const sensitive_field& row = table[std::countr_zero(rows)];
        if (row.name.front() == folded(name.front()) &&
            std::equal(name.begin(), name.end(), row.name.begin(),
                       [](char a, char b) { return folded(a) == b; })) {
            return &row;
        }
    }
    return nullptr;
}

} // namespace cogate::wire
