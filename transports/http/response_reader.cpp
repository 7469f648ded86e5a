#include "transports/http/response_reader.hpp"

#include "transports/http/plain_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace cogate::transports {

namespace http = boost::beast::http;

response_reader::response_reader()
{
    next_message();
}

void response_reader::next_message()
{
    std::copy(data_.get() + begin_, data_.get() + end_, data_.get());
    end_ -= begin_;
    begin_ = 0;
    body_begin_ = 0;
    parser_.reset();
    plain_ = false;
    left_ = 0;
    places_.clear();
    fields_.clear();
    head_ = {};
    received_ = end_;
    interim_heads_ = 0;
    fault_ = "";
    answers_head_ = false;
    head_ready_ = false;
    keep_alive_ = false;
}

void response_reader::shrink() noexcept
{
    if (capacity_ > initial_capacity && !buffered()) {
        data_.reset();
        capacity_ = 0;
    }
    if (fields_.capacity() > 64) {
        fields_ = {};
        places_ = {};
    }
}

void response_reader::grow(std::size_t capacity)
{
    // Not make_unique: the bytes would be cleared first.
    std::unique_ptr<char[]> larger(new char[capacity]);
    std::copy(data_.get(), data_.get() + end_, larger.get());
    data_ = std::move(larger);
    capacity_ = capacity;
}

std::span<char> response_reader::prepare()
{
    if (!data_) {
        grow(initial_capacity);
    }
    if (head_ready_) {
        // What was handed out is consumed: a rest of framing moves to the front of the body's room.
        std::memmove(data_.get() + body_begin_, data_.get() + begin_, end_ - begin_);
        end_ = body_begin_ + (end_ - begin_);
        begin_ = body_begin_;
    } else if (end_ == capacity_) {
        grow(2 * capacity_);
    }
    return {data_.get() + end_, capacity_ - end_};
}

void response_reader::commit(std::size_t n) noexcept
{
    end_ += n;
    received_ += n;
}

response_reader::progress response_reader::refuse(char const* why) noexcept
{
    fault_ = why;
    keep_alive_ = false;
    return progress::bad;
}

// Lets Beast parse what is there; `hungry` when it wants more than that.
std::size_t response_reader::take(bool& hungry)
{
    boost::beast::error_code ec;
    parser_->window(data_.get(), end_);
    const std::size_t used = parser_->put(boost::asio::buffer(data_.get() + begin_, end_ - begin_), ec);
    hungry = ec == http::error::need_more;
    if (ec && !hungry) {
        fault_ = parser_->refusal() != nullptr ? parser_->refusal() : "the response is not valid HTTP/1.1";
    }
    return used;
}

response_reader::progress response_reader::parse_head()
{
    for (;;) {
        if (*fault_ != '\0') {
            return progress::bad;
        }
        if (!buffered()) {
            return progress::need_more;
        }
        // Beast waits for an empty line before it looks again, which what is not HTTP may never send.
        constexpr std::string_view name = "HTTP/1.";
        const std::size_t seen = std::min(end_, name.size());
        if (begin_ == 0 && std::string_view(data_.get(), seen) != name.substr(0, seen)) {
            return refuse("the response is not HTTP/1");
        }
        if (!parser_) {
            if (begin_ == 0 && take_plain_head()) {
                return progress::ready;
            }
            parser_.emplace(places_, max_fields);
            parser_->eager(false);
            parser_->skip(answers_head_);
        }
        bool hungry = false;
        begin_ += take(hungry);
        if (*fault_ != '\0') {
            return refuse(fault_);
        }
        // Complete lines are consumed one by one, so the head is measured from the front of the buffer.
        if (hungry || !parser_->is_header_done()) {
            return end_ >= max_head ? refuse("the response head is too large") : progress::need_more;
        }
        if (begin_ > max_head) {
            return refuse("the response head is too large");
        }
        if (parser_->status() / 100 != 1) {
            return finish_head();
        }
        if (++interim_heads_ > max_interim_heads) {
            return refuse("too many interim responses");
        }
        const std::uint64_t received = received_;
        const std::size_t interim = interim_heads_;
        const bool answers_head = answers_head_;
        next_message();
        received_ = received;
        interim_heads_ = interim;
        answers_head_ = answers_head;
    }
}

bool response_reader::take_plain_head()
{
    const std::optional<plain_head> head = read_plain_head({data_.get(), end_}, places_, max_fields);
    if (!head || head->size > max_head) {
        return false;
    }
    plain_ = true;
    left_ = answers_head_ ? 0 : head->length;
    begin_ += head->size;
    keep_alive_ = head->keep_alive;
    head_.status = head->status;
    head_.content_length = head->length;
    tell_head();
    return true;
}

response_reader::progress response_reader::finish_head()
{
    keep_alive_ = parser_->keep_alive();
    head_.status = parser_->status();
    if (const boost::optional<std::uint64_t> length = parser_->content_length()) {
        head_.content_length = *length;
    }
    parser_->eager(true);
    tell_head();
    return progress::ready;
}

// The head stays where it is from now on.
void response_reader::tell_head()
{
    head_ready_ = true;
    body_begin_ = begin_;
    if (capacity_ - body_begin_ < initial_capacity / 2) {
        grow(std::max(body_begin_, end_) + initial_capacity);
    }
    for (const response_parser::field_place& place : places_) {
        fields_.push_back({{data_.get() + place.name_at, place.name_size},
                           {data_.get() + place.value_at, place.value_size}});
    }
    head_.headers = fields_;
}

response_reader::progress response_reader::parse_body(std::string_view& piece)
{
    piece = {};
    if (*fault_ != '\0') {
        return progress::bad;
    }
    if (plain_) {
        const std::size_t size = std::min<std::uint64_t>(left_, end_ - begin_);
        piece = {data_.get() + begin_, size};
        begin_ += size;
        left_ -= size;
        return size == 0 && left_ != 0 ? progress::need_more : progress::ready;
    }
    if (parser_->is_done()) {
        return progress::ready;
    }
    // Beast 345 asserts when the first chunk is the last one and fewer than five of its bytes are there.
    const bool short_last_chunk = parser_->chunked() && !parser_->seen_chunk() && end_ - begin_ < 5 &&
                                  buffered() && data_[begin_] == '0';
    if (buffered() && !short_last_chunk) {
        bool hungry = false;
        parser_->start_piece();
        begin_ += take(hungry);
        if (*fault_ != '\0') {
            return refuse(fault_);
        }
        piece = parser_->piece();
        if (!piece.empty() || parser_->is_done()) {
            return progress::ready;
        }
        const std::string_view rest(data_.get() + begin_, end_ - begin_);
        if (rest.size() >= max_framing) {
            return refuse("a chunk header or a trailer is too long");
        }
        const std::size_t newline = rest.find('\n');
        if (newline != std::string_view::npos && (newline == 0 || rest[newline - 1] != '\r')) {
            return refuse("a chunk line ends without a carriage return");
        }
    }
    if (ended_ && parser_->need_eof()) {
        boost::beast::error_code ec;
        parser_->put_eof(ec);
        return ec ? refuse("the body has no end") : progress::ready;
    }
    return progress::need_more;
}

bool response_reader::reusable() const noexcept
{
    return complete() && keep_alive_ && !ended_ && !buffered();
}

} // namespace cogate::transports
