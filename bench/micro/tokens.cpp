#include "bench/micro/harness.hpp"

#include <cogate/tokens.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace cogate::micro {
namespace {

std::string repeated(std::string_view piece, std::size_t size)
{
    std::string out;
    out.reserve(size + piece.size());
    while (out.size() < size) {
        out += piece;
    }
    return out;
}

constexpr std::string_view english = "Every gateway loses or doubles spend somewhere; this one does not. "
                                     "Nothing acknowledged is lost, nothing is counted "
                                     "twice, and a budget of $12,500 is never overrun, whatever the weather "
                                     "was on 3 November 1998 in Reykjavik. ";
constexpr std::string_view source_code =
    "    for (std::size_t i = 0; i != values.size(); ++i) {\n        total_ += values[i] * 0x1F;\n    }\n\n";
constexpr std::string_view chinese =
    "\xE4\xBD\xA0\xE5\xA5\xBD\xE4\xB8\x96\xE7\x95\x8C\xE6\x88\x91\xE4\xBB\xAC"
    "\xE5\x9C\xA8\xE8\xBF\x99\xE9\x87\x8C\xEF\xBC\x8C";

void add(std::string_view name, std::string text)
{
    for (auto const encoding : {token_encoding::cl100k_base, token_encoding::o200k_base}) {
        std::string const whole = "tokens " + std::string(to_string(encoding)) + ", " + std::string(name);
        cases().push_back({whole, text.size(), [encoding, text] { keep(count_tokens(encoding, text)); }});
    }
}

registration const cases_of_tokens([] {
    constexpr std::size_t hostile = 200'000;
    constexpr std::size_t large = 100'000;
    add("200k 'a'", std::string(hostile, 'a'));
    add("200k spaces", std::string(hostile, ' '));
    add("200k 3-byte letters", repeated(chinese.substr(0, 3), 3 * hostile));
    add("100 KB English", repeated(english, large));
    add("100 KB code", repeated(source_code, large));
    add("100 KB Chinese", repeated(chinese, large));
});

} // namespace
} // namespace cogate::micro
