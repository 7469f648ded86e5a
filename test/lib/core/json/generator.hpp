#pragma once
/// Random JSON from a seed: the same on every machine.

#include <cstdint>
#include <cstring>
#include <random>
#include <string>

#include "lib/core/json/writer.hpp"
#include "lib/core/utf8.hpp"

namespace cogate::json_test {

class generator {
public:
    explicit generator(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    std::uint64_t bits() { return random_(); }

    double finite_double()
    {
        switch (below(3)) {
        case 0: return static_cast<double>(below(2'000'001)) / 1000.0 - 1000.0;
        case 1: return static_cast<double>(static_cast<std::int64_t>(bits())) / 1e6;
        default: break;
        }
        for (;;) {
            const std::uint64_t pattern = bits();
            double value;
            std::memcpy(&value, &pattern, sizeof value);
            if (value - value == 0) {
                return value;
            }
        }
    }

    std::string text()
    {
        std::string out;
        for (std::uint64_t n = below(below(10) == 0 ? 200 : 12); n != 0; --n) {
            switch (below(8)) {
            case 0: out += "\"\\/\b\f\n\r\t\x01\x1F\x7F"[below(11)]; break;
            case 1: core::append_utf8(out, static_cast<char32_t>(0x80 + below(0x700))); break;
            case 2: core::append_utf8(out, static_cast<char32_t>(0x1000 + below(0xC000))); break;
            case 3: core::append_utf8(out, static_cast<char32_t>(0x10000 + below(0x100000))); break;
            default: out += static_cast<char>(' ' + below(95)); break;
            }
        }
        return out;
    }

    void value(json::writer& w, int depth)
    {
        switch (below(depth > 0 ? 8 : 6)) {
        case 0: w.value(nullptr); break;
        case 1: w.value(below(2) == 0); break;
        case 2: w.value(static_cast<std::int64_t>(bits() >> below(64))); break;
        case 3: w.value(bits() >> below(64)); break;
        case 4: w.value(finite_double()); break;
        case 5: w.value(text()); break;
        case 6:
            w.begin_array();
            for (std::uint64_t n = below(5); n != 0; --n) {
                value(w, depth - 1);
            }
            w.end_array();
            break;
        default: object(w, depth); break;
        }
    }

    void object(json::writer& w, int depth)
    {
        w.begin_object();
        const std::uint64_t count = below(6);
        for (std::uint64_t n = 0; n < count; ++n) {
            w.key(std::to_string(n) + text());
            value(w, depth - 1);
        }
        w.end_object();
    }

    std::string json_text()
    {
        std::string out;
        json::writer w(out);
        below(3) == 0 ? value(w, 4) : object(w, 5);
        return out;
    }

    /// One or two small injuries: mostly no longer JSON, sometimes still.
    std::string damaged(std::string text)
    {
        constexpr std::string_view bytes =
            "{}[],:\"\\ \n\tabefnrtu0123456789+-.eE\x01\x80\xC3\xE2\xED\xF0\xFF/";
        for (std::uint64_t n = 1 + below(2); n != 0 && !text.empty(); --n) {
            const std::size_t at = below(text.size());
            const char byte = bytes[below(bytes.size())];
            switch (below(4)) {
            case 0: text.erase(at, 1 + below(3)); break;
            case 1: text.insert(at, 1, byte); break;
            case 2: text[at] = byte; break;
            default: text.insert(at, text.substr(at, 1 + below(4))); break;
            }
        }
        return text;
    }

private:
    std::mt19937_64 random_;
};

} // namespace cogate::json_test
