#include "lib/core/json/writer.hpp"

#include <charconv>

#include "lib/core/json/number.hpp"
#include "lib/core/json/string.hpp"

namespace cogate::json {

namespace {

template <class T>
void append_integer(std::string& out, T number)
{
    char buffer[24];
    const auto [end, code] = std::to_chars(buffer, buffer + sizeof buffer, number);
    out.append(buffer, end);
}

} // namespace

writer& writer::key(std::string_view name)
{
    separate();
    append_quoted(out_, name);
    out_ += ':';
    comma_ = false;
    return *this;
}

writer& writer::value(std::string_view text)
{
    separate();
    append_quoted(out_, text);
    return *this;
}

writer& writer::value(double number)
{
    separate();
    append_double(out_, number);
    return *this;
}

writer& writer::raw(std::string_view json_text)
{
    separate();
    out_ += json_text;
    return *this;
}

writer& writer::open(char bracket)
{
    separate();
    out_ += bracket;
    comma_ = false;
    return *this;
}

writer& writer::close(char bracket)
{
    out_ += bracket;
    comma_ = true;
    return *this;
}

writer& writer::integer(std::int64_t number)
{
    separate();
    append_integer(out_, number);
    return *this;
}

writer& writer::natural(std::uint64_t number)
{
    separate();
    append_integer(out_, number);
    return *this;
}

} // namespace cogate::json
