#include "lib/wire/sse_block.hpp"

#include "lib/wire/ascii.hpp"

#include <cstring>

namespace cogate::wire {

namespace {

constexpr std::size_t npos = std::string_view::npos;
constexpr std::size_t keep_capacity = 64 * 1024;

// The next LF is looked up once and remembered: a stream of CR lines must not rescan the rest for each line.
class line_finder {
public:
    explicit line_finder(std::string_view bytes) noexcept : bytes_(bytes) {}

    /// Offset of the first CR or LF at or after `from`, npos without one.
    std::size_t operator()(std::size_t from) noexcept
    {
        if (!known_ || lf_ < from) {
            lf_ = find('\n', from, bytes_.size());
            known_ = true;
        }
        return find('\r', from, lf_);
    }

private:
    /// Offset of `c` in [from, to), else `to`.
    std::size_t find(char c, std::size_t from, std::size_t to) const noexcept
    {
        if (from >= to) {
            return to;
        }
        const void* hit = std::memchr(bytes_.data() + from, c, to - from);
        return hit == nullptr ? to : static_cast<std::size_t>(static_cast<const char*>(hit) - bytes_.data());
    }

    std::string_view bytes_;
    std::size_t lf_ = 0;
    bool known_ = false;
};

bool take_prefix(std::string_view& line, std::string_view prefix) noexcept
{
    if (!line.starts_with(prefix)) {
        return false;
    }
    line.remove_prefix(prefix.size());
    return true;
}

} // namespace

std::size_t sse_splitter::scan(std::string_view bytes) noexcept
{
    line_finder find_line_end(bytes);
    std::size_t i = 0;
    if (after_cr_ && !bytes.empty()) {
        after_cr_ = false;
        i = bytes[0] == '\n' ? 1 : 0;
    }
    while (i < bytes.size()) {
        if (at_line_start_ && bytes[i] == '\n') {
            return i + 1;
        }
        if (at_line_start_ && bytes[i] == '\r') {
            return i + 1 < bytes.size() && bytes[i + 1] == '\n' ? i + 2 : i + 1;
        }
        const std::size_t end = find_line_end(i);
        at_line_start_ = end < bytes.size();
        if (!at_line_start_) {
            return npos;
        }
        i = end + 1;
        if (bytes[end] == '\r') {
            after_cr_ = i == bytes.size();
            i += i < bytes.size() && bytes[i] == '\n' ? 1 : 0;
        }
    }
    return npos;
}

sse_status sse_splitter::cut(std::string_view& input, std::string_view& block)
{
    block = {};
    if (released_) {
        released_ = false;
        pending_.clear();
        if (pending_.capacity() > keep_capacity) {
            std::string().swap(pending_);
        }
    }
    if (too_large_) {
        return sse_status::too_large;
    }
    if (input.empty()) {
        return sse_status::need_more;
    }
    const std::size_t end = scan(input);
    const std::size_t taken = end == npos ? input.size() : end;
    const bool closed_by_crlf = end != npos && end >= 2 && input[end - 1] == '\n' && input[end - 2] == '\r';
    if (pending_.size() + taken - (closed_by_crlf ? 1 : 0) > max_) {
        too_large_ = true;
        std::string().swap(pending_);
        return sse_status::too_large;
    }
    if (end != npos && pending_.empty()) {
        block = input.substr(0, end);
    } else {
        pending_.append(input.substr(0, taken));
        if (end != npos) {
            block = pending_;
            released_ = true;
        }
    }
    input.remove_prefix(taken);
    if (end == npos) {
        return sse_status::need_more;
    }
    at_line_start_ = true;
    after_cr_ = false;
    return sse_status::event;
}

sse_fields parse_sse_block(std::string_view block, std::string& join_buffer, bool first_block)
{
    sse_fields out;
    if (first_block) {
        take_prefix(block, "\xEF\xBB\xBF");
    }
    line_finder find_line_end(block);
    bool joined = false;
    std::size_t i = 0;
    while (i < block.size()) {
        const std::size_t end = find_line_end(i);
        std::string_view line = block.substr(i, end - i);
        // The LF of a CRLF is then an empty line, which means nothing inside a block.
        i = end + 1;
        std::string_view name = line.substr(0, line.find(':'));
        line.remove_prefix(name.size() < line.size() ? name.size() + 1 : name.size());
        take_prefix(line, " ");
        if (name == "data") {
            if (!out.has_data) {
                out.data = line;
            } else {
                if (!joined) {
                    join_buffer.assign(out.data);
                    joined = true;
                }
                join_buffer.push_back('\n');
                join_buffer.append(line);
            }
            out.has_data = true;
        } else if (name == "event") {
            out.type = line;
        } else if (name == "id" && line.find('\0') == npos) {
            out.id = line;
            out.has_id = true;
        } else if (name == "retry" && !line.empty() && all_of_class(line, char_digit)) {
            out.retry = line;
        }
    }
    if (joined) {
        out.data = join_buffer;
    }
    return out;
}

} // namespace cogate::wire
