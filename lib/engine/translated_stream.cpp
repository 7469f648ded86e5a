#include "lib/engine/answer_stream.hpp"

#include <string>
#include <utility>
#include <vector>

namespace cogate::engine {
namespace {

class translated final : public answer_stream {
public:
    translated(std::unique_ptr<providers::chat_stream_decoder> decoder,
               std::unique_ptr<providers::chat_stream_writer> writer)
        : decoder_(std::move(decoder)), writer_(std::move(writer))
    {
    }

    result<std::string_view> feed(std::string_view bytes, stream_signs& signs) override
    {
        begin();
        result<std::size_t> const events = decoder_->feed(bytes, chunks_);
        if (!events) {
            return events.error();
        }
        signs.progress = *events != 0;
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
        for (chat_chunk const& chunk : chunks_) {
            signs.content = signs.content || !chunk.choices.empty();
            if (chunk.usage) {
                usage_ = *chunk.usage;
            }
            writer_->write(chunk, out_);
        }
    }

    std::unique_ptr<providers::chat_stream_decoder> decoder_;
    std::unique_ptr<providers::chat_stream_writer> writer_;
    std::vector<chat_chunk> chunks_;
    std::string out_;
    usage usage_;
};

} // namespace

std::unique_ptr<answer_stream> translated_stream(std::unique_ptr<providers::chat_stream_decoder> decoder,
                                                 std::unique_ptr<providers::chat_stream_writer> writer)
{
    return std::make_unique<translated>(std::move(decoder), std::move(writer));
}

} // namespace cogate::engine
