#include "lib/engine/operations.hpp"

#include "lib/engine/coded.hpp"
#include "providers/speech_answer.hpp"

#include <boost/asio/this_coro.hpp>

#include <optional>
#include <utility>

namespace asio = boost::asio;

namespace cogate::engine {

namespace {

using providers::client_dialect;
using providers::whole_answer;

/// Keeps what `ask` refers to.
template <class Request, class Response>
asio::awaitable<result<Response>> ask_owned(kernel& owner, std::shared_ptr<Request const> request,
                                            call_options options, std::string_view operation,
                                            codec_of<Request, Response> pick)
{
    asio::awaitable<result<Response>> work =
        ask<Request, Response>(owner, *request, options, operation, pick);
    co_return co_await std::move(work);
}

class spoken final : public outgoing {
public:
    explicit spoken(speech_request const& request) noexcept : asked_(request) {}

    result<parts> prepare(served_deployment const& deployment, std::string_view upstream_model) override
    {
        std::optional<failure> refused;
        for (client_dialect const* each : deployment.dialects) {
            result<providers::encoded_request> made =
                each->encode_speech(asked_, deployment.context(upstream_model, false));
            if (made) {
                request_ = std::move(*made);
                body_ = request_.body;
                parts out = parts_of(request_, body_, *each, false);
                out.accept = "*/*";
                return out;
            }
            // A dialect that has no speech says less than one that refuses this request.
            if (!refused || made.error()->code != "unsupported_operation") {
                refused = made.error();
            }
        }
        return *refused;
    }

private:
    speech_request const& asked_;
    providers::encoded_request request_;
    std::string_view body_;
};

} // namespace

asio::awaitable<result<image_response>>
make_images(kernel& owner, std::shared_ptr<image_request const> request, call_options options)
{
    bool const edit = !request->images.empty();
    return ask_owned<image_request, image_response>(owner, std::move(request), std::move(options),
                                                    edit ? "image_edit" : "image_generation",
                                                    &client_dialect::images);
}

asio::awaitable<result<transcription_response>>
transcribe(kernel& owner, std::shared_ptr<transcription_request const> request, call_options options)
{
    bool const translate = request->translate;
    return ask_owned<transcription_request, transcription_response>(
        owner, std::move(request), std::move(options), translate ? "translation" : "transcription",
        &client_dialect::transcriptions);
}

asio::awaitable<result<speech_response>> speak(kernel& owner, std::shared_ptr<speech_request const> request,
                                               call_options options)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call_kind const kind{.operation = "speech", .model = request->model};
    call one{owner, executor, kind, options};
    spoken body{*request};
    result<void> const started = co_await one.start(body);
    if (!started) {
        co_return started.error();
    }
    result<std::string_view> const bytes = co_await one.read_all();
    if (!bytes) {
        co_return one.fail(bytes.error());
    }
    whole_answer const answer{*bytes, one.head().headers};
    result<speech_response> audio = providers::decode_speech(answer, *request);
    if (!audio) {
        co_return one.fail(audio.error());
    }
    usage const unknown;
    one.succeed(unknown);
    co_return audio;
}

std::unique_ptr<outgoing> outgoing_speech(speech_request const& request)
{
    return std::make_unique<spoken>(request);
}

asio::awaitable<result<rerank_response>> rerank(kernel& owner, std::shared_ptr<rerank_request const> request,
                                                call_options options)
{
    return ask_owned<rerank_request, rerank_response>(owner, std::move(request), std::move(options), "rerank",
                                                      &client_dialect::rerank);
}

asio::awaitable<result<moderation_response>>
moderate(kernel& owner, std::shared_ptr<moderation_request const> request, call_options options)
{
    return ask_owned<moderation_request, moderation_response>(owner, std::move(request), std::move(options),
                                                              "moderation", &client_dialect::moderations);
}

} // namespace cogate::engine
