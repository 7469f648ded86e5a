// The scanner says the same of a text however it is cut, and accepts nothing that the document refuses.

#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"
#include "test/fuzz/target.hpp"

namespace {

namespace json = cogate::json;
using cogate::fuzz::require;

bool scan(std::string_view text, std::size_t step)
{
    json::scanner scanner;
    for (std::size_t at = 0; at < text.size(); at += step) {
        if (!scanner.feed(text.substr(at, step))) {
            return false;
        }
    }
    return scanner.finish();
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text = cogate::fuzz::as_text(data, size);
    bool const good = scan(text, size + 1);
    require(scan(text, 1) == good, "bytes one at a time give the same verdict");
    require(scan(text, 17) == good, "pieces give the same verdict");

    json::document document;
    json::parse_error error;
    json::parse_options options;
    options.refuse_duplicate_top_level = true;
    bool const parsed = document.parse(text, error, options);
    require(parsed || !good, "the document accepts what the scanner accepts");
    return 0;
}
