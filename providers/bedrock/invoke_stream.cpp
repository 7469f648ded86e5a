#include "providers/bedrock/codec.hpp"

#include "lib/core/text.hpp"
#include "providers/bedrock_converse/codec.hpp"

namespace cogate::providers::bedrock {

namespace {

class chunk_decoder final : public event_decoder {
public:
    explicit chunk_decoder(std::unique_ptr<event_decoder> inner) : inner_(std::move(inner)) {}

    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override
    {
        if (bedrock_converse::is_exception(event)) {
            return bedrock_converse::exception_event(event);
        }
        if (event.type != "chunk" || event.data.empty()) {
            return {};
        }
        json::document doc;
        const result<json::value> opened = open_json(doc, event.data);
        if (!opened) {
            return opened.error();
        }
        const std::optional<std::string> bytes = core::base64_decode((*opened)["bytes"].string());
        if (!bytes) {
            return nonsense("a chunk's bytes are not base64");
        }
        json::document native;
        const result<json::value> root = open_json(native, *bytes);
        if (!root) {
            return root.error();
        }
        std::string scratch;
        return inner_->feed({.type = (*root)["type"].view(scratch), .data = *bytes}, out);
    }

    bool finished() const noexcept override { return inner_->finished(); }
    result<void> finish(std::vector<chat_chunk>& out) override { return inner_->finish(out); }

private:
    std::unique_ptr<event_decoder> inner_;
};

} // namespace

std::unique_ptr<event_decoder> over_chunks(std::unique_ptr<event_decoder> inner)
{
    return std::make_unique<chunk_decoder>(std::move(inner));
}

} // namespace cogate::providers::bedrock
