#include "lib/wire/ndjson_reader.hpp"

namespace cogate::wire {

namespace {

constexpr std::size_t keep_capacity = 64 * 1024;

std::string_view without_blanks(std::string_view line) noexcept
{
    constexpr std::string_view blanks = " \t\r";
    const std::size_t first = line.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return line.substr(first, line.find_last_not_of(blanks) - first + 1);
}

} // namespace

void ndjson_reader::forget_line()
{
    if (!told_) {
        return;
    }
    told_ = false;
    pending_.clear();
    if (pending_.capacity() > keep_capacity) {
        std::string().swap(pending_);
    }
}

ndjson_status ndjson_reader::next(std::string_view& input, std::string_view& line)
{
    line = {};
    forget_line();
    while (!too_large_) {
        const std::size_t end = input.find('\n');
        const std::string_view piece = input.substr(0, end);
        if (piece.size() > max_ - pending_.size()) {
            too_large_ = true;
            std::string().swap(pending_);
            break;
        }
        if (end == std::string_view::npos) {
            pending_ += piece;
            input = {};
            return ndjson_status::need_more;
        }
        input.remove_prefix(end + 1);
        if (pending_.empty()) {
            line = without_blanks(piece);
        } else {
            pending_ += piece;
            line = without_blanks(pending_);
            told_ = true;
        }
        if (!line.empty()) {
            return ndjson_status::line;
        }
        forget_line();
    }
    return ndjson_status::too_large;
}

ndjson_status ndjson_reader::finish(std::string_view& line)
{
    line = {};
    forget_line();
    if (too_large_) {
        return ndjson_status::too_large;
    }
    line = without_blanks(pending_);
    told_ = true;
    return line.empty() ? ndjson_status::need_more : ndjson_status::line;
}

} // namespace cogate::wire
