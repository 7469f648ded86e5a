#include "lib/engine/answer_stream.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace cogate::engine {

bool says_something(chat_chunk const& chunk) noexcept
{
    return std::any_of(chunk.choices.begin(), chunk.choices.end(), [](chat_delta const& d) {
        return !d.content.empty() || !d.reasoning.empty() || !d.refusal.empty() || !d.tool_calls.empty() ||
               !d.parts.empty() || !d.audio.empty();
    });
}

namespace {

class translated final : public answer_stream {
public:
    translated(std::unique_ptr<providers::chat_stream_decoder> decoder,
               std::unique_ptr<providers::chat_stream_writer> writer)
        : decoder_(std::move(decoder)), writer_(std::move(writer))
    {}

    result<std::string_view> feed(std::string_view bytes, stream_signs& signs) override
    {
        begin();
        result<std::size_t> const events = decoder_->feed(bytes, chunks_);
        said_something_ = said_something_ || std::any_of(chunks_.begin(), chunks_.end(), says_something);
        if (!events && (chunks_.empty() || !said_something_)) {
            return events.error();
        }
        if (events) {
            signs.progress = *events != 0;
        } else {
            broken_ = events.error(); // what was said before it is the client's
        }
        write(signs);
        return std::string_view(out_);
    }

    result<std::string_view> finish(stream_signs& signs) override
    {
        begin();
        if (result<void> const good = decoder_->finish(chunks_); !good) {
            return good.error();
        }
        write(signs);
        writer_->end(out_);
        return std::string_view(out_);
    }

    usage const& used() const noexcept override { return usage_; }

private:
    void begin()
    {
        out_.clear();
        chunks_.clear();
    }

    void write(stream_signs& signs)
    {
        signs.content = said_something_;
        for (chat_chunk const& chunk : chunks_) {
            if (chunk.usage) {
                usage_ = *chunk.usage;
            }
            content_pieces_ += says_something(chunk) ? 1 : 0;
            writer_->write(chunk, out_);
        }
    }

    std::unique_ptr<providers::chat_stream_decoder> decoder_;
    std::unique_ptr<providers::chat_stream_writer> writer_;
    std::vector<chat_chunk> chunks_;
    std::string out_;
    usage usage_;
    bool said_something_ = false;
};

} // namespace

std::unique_ptr<answer_stream> translated_stream(std::unique_ptr<providers::chat_stream_decoder> decoder,
                                                 std::unique_ptr<providers::chat_stream_writer> writer)
{
    return std::make_unique<translated>(std::move(decoder), std::move(writer));
}

} // namespace cogate::engine
