#pragma once
/// Runs the scanner and keeps all it tells.

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/json/scanner.hpp"

namespace cogate::json_test {

struct told_member {
    std::string key;
    std::size_t key_size;
    json::kind kind;
    std::size_t value_begin, value_end, member_begin, member_end;

    friend bool operator==(const told_member&, const told_member&) = default;
};

struct outcome {
    bool good = false;
    json::scan_error error;
    json::kind root = json::kind::missing;
    std::vector<told_member> members;

    friend bool operator==(const outcome&, const outcome&) = default;
    friend std::ostream& operator<<(std::ostream& out, const outcome& o)
    {
        return out << (o.good ? "good" : to_string(o.error)) << ", " << o.members.size() << " members";
    }
};

class recorder final : public json::member_sink {
public:
    std::vector<told_member> members;

private:
    void on_member(const json::member_span& m) override
    {
        members.push_back({std::string(m.key), m.key_size, m.kind, m.value_begin, m.value_end, m.member_begin,
                           m.member_end});
    }
};

/// Feeds copies of the pieces in blocks of their own, so that a sanitizer sees any read outside them.
inline outcome scan_pieces(const std::vector<std::string_view>& pieces, json::scan_options options = {})
{
    recorder sink;
    json::scanner scan(&sink, options);
    bool good = true;
    for (const std::string_view piece : pieces) {
        const std::vector<char> copy(piece.begin(), piece.end());
        good = good && scan.feed({copy.data(), copy.size()});
    }
    good = good && scan.finish();
    return {good, scan.error(), scan.root(), std::move(sink.members)};
}

inline outcome scan_whole(std::string_view text, json::scan_options options = {})
{
    return scan_pieces({text}, options);
}

} // namespace cogate::json_test
