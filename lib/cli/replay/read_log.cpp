#include "lib/cli/replay/read_log.hpp"

#include "lib/cli/replay/log_line.hpp"
#include "lib/core/text.hpp"

#include <string_view>
#include <utility>
#include <vector>

namespace cogate::cli::replay {

namespace {

constexpr std::size_t longest_line = 256 * 1024;
constexpr std::size_t block = 256 * 1024;

class log_reader {
public:
    log_reader(std::string const& name, std::map<std::string, std::string> aliases)
        : name_(name), out_(std::move(aliases))
    {}

    /// What is wrong with the line, as a failure; true when there is nothing.
    bool take(std::string_view line, bool ended)
    {
        ++number_;
        if (core::trim(line).empty()) {
            return true;
        }
        result<logged_call> call = read_log_line(line, scratch_);
        if (!call) {
            return !ended || refuse(call.error()->message);
        }
        char const* const why = out_.add(std::move(*call));
        return why == nullptr || refuse(why);
    }
    bool refuse(std::string const& why)
    {
        fault_ = name_ + ':' + std::to_string(number_) + ": " + why;
        return false;
    }
    bool too_long()
    {
        ++number_;
        return refuse("longer than 256 KiB");
    }
    std::string const& fault() const noexcept { return fault_; }
    recording& out() noexcept { return out_; }

private:
    std::string const& name_;
    json::document scratch_;
    recording out_;
    std::size_t number_ = 0;
    std::string fault_;
};

/// Takes the whole lines of `text` and leaves the rest in it.
bool take_lines(log_reader& to, std::string& text)
{
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
        if (end - begin > longest_line) {
            return to.too_long();
        }
        if (!to.take(std::string_view(text).substr(begin, end - begin), true)) {
            return false;
        }
        begin = end + 1;
    }
    text.erase(0, begin);
    return text.size() <= longest_line || to.too_long();
}

} // namespace

result<recording> read_log(std::istream& from, std::string const& name,
                           std::map<std::string, std::string> aliases, read_progress const& progress)
{
    log_reader lines(name, std::move(aliases));
    std::vector<char> room(block);
    std::string text;
    std::uint64_t bytes = 0;
    while (from) {
        from.read(room.data(), static_cast<std::streamsize>(room.size()));
        text.append(room.data(), static_cast<std::size_t>(from.gcount()));
        bytes += static_cast<std::uint64_t>(from.gcount());
        if (!take_lines(lines, text)) {
            return failure{error_kind::invalid_request, lines.fault()};
        }
        if (progress) {
            progress(bytes, lines.out().calls().size());
        }
    }
    if (from.bad()) {
        return failure{error_kind::invalid_request, name + ": cannot be read"};
    }
    if (!text.empty() && !lines.take(text, false)) {
        return failure{error_kind::invalid_request, lines.fault()};
    }
    lines.out().finish();
    return std::move(lines.out());
}

} // namespace cogate::cli::replay
