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
                                            codec_of<Request, Response> pick, call_report* told)
{
    asio::awaitable<result<Response>> work =
        ask<Request, Response>(owner, *request, options, operation, pick, told);
    co_return co_await std::move(work);
}

/// Speech that is passed on as it comes.
class passed_speech : public encoded_dispatch {
public:
    passed_speech(served_deployment const& deployment, std::string_view upstream_model,
                  client_dialect const& dialect, providers::encoded_request&& made,
                  speech_request const& asked)
        : encoded_dispatch(deployment, upstream_model, dialect, std::move(made), false), asked_(asked)
    {
        request_.accept = "*/*";
    }

    ready ready_when() const noexcept override { return ready::at_head; }
    billing_facts billed() const override { return planned_for(asked_); }

protected:
    speech_request const& asked_;
};

class whole_speech final : public passed_speech {
public:
    using passed_speech::passed_speech;

    ready ready_when() const noexcept override { return ready::whole; }

    result<void> whole(whole_answer const& answer) override
    {
        result<speech_response> decoded = providers::decode_speech(answer, asked_);
        if (!decoded) {
            return decoded.error();
        }
        answer_ = std::move(*decoded);
        return {};
    }

    speech_response& answer() noexcept { return answer_; }

private:
    speech_response answer_;
};

template <class Dispatch>
class spoken final : public outgoing {
public:
    explicit spoken(speech_request const& request) noexcept : asked_(request) {}

    result<std::unique_ptr<dispatch>> prepare(served_deployment const& deployment,
                                              std::string_view upstream_model) override
    {
        std::optional<failure> refused;
        for (client_dialect const* each : deployment.dialects) {
            result<providers::encoded_request> made =
                each->encode_speech(asked_, deployment.context(upstream_model, false));
            if (made) {
                return std::unique_ptr<dispatch>(
                    std::make_unique<Dispatch>(deployment, upstream_model, *each, std::move(*made), asked_));
            }
            // A dialect that has no speech says less than one that refuses this request.
            if (!refused || made.error()->code != "unsupported_operation") {
                refused = made.error();
            }
        }
        return *refused;
    }

    planned_cost planned() const override { return {.other = planned_for(asked_)}; }

private:
    speech_request const& asked_;
};

} // namespace

asio::awaitable<result<image_response>> make_images(kernel& owner,
                                                    std::shared_ptr<image_request const> request,
                                                    call_options options, call_report* told)
{
    bool const edit = !request->images.empty();
    return ask_owned<image_request, image_response>(owner, std::move(request), std::move(options),
                                                    edit ? "image_edit" : "image_generation",
                                                    &client_dialect::images, told);
}

asio::awaitable<result<transcription_response>>
transcribe(kernel& owner, std::shared_ptr<transcription_request const> request, call_options options,
           call_report* told)
{
    bool const translate = request->translate;
    return ask_owned<transcription_request, transcription_response>(
        owner, std::move(request), std::move(options), translate ? "translation" : "transcription",
        &client_dialect::transcriptions, told);
}

asio::awaitable<result<speech_response>> speak(kernel& owner, std::shared_ptr<speech_request const> request,
                                               call_options options, call_report* told)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call_kind const kind{.operation = "speech", .model = request->model};
    call one{owner, executor, kind, options};
    spoken<whole_speech> body{*request};
    result<void> const started = co_await one.start(body);
    if (told != nullptr) {
        told->add(one);
    }
    if (!started) {
        co_return started.error();
    }
    co_return std::move(static_cast<whole_speech&>(one.answer()).answer());
}

std::unique_ptr<outgoing> outgoing_speech(speech_request const& request)
{
    return std::make_unique<spoken<passed_speech>>(request);
}

asio::awaitable<result<moderation_response>> moderate(kernel& owner,
                                                      std::shared_ptr<moderation_request const> request,
                                                      call_options options, call_report* told)
{
    return ask_owned<moderation_request, moderation_response>(
        owner, std::move(request), std::move(options), "moderation", &client_dialect::moderations, told);
}

} // namespace cogate::engine
