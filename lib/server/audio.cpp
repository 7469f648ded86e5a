#include "lib/engine/call.hpp"
#include "lib/engine/operations.hpp"
#include "lib/server/reply.hpp"
#include "lib/server/routes.hpp"
#include "lib/server/stream_out.hpp"
#include "lib/server/typed.hpp"
#include "lib/server/upload.hpp"
#include "lib/wire/header.hpp"
#include "providers/media_codec.hpp"
#include "providers/speech_answer.hpp"

#include <boost/asio/this_coro.hpp>

#include <memory>
#include <string>
#include <utility>

namespace asio = boost::asio;

namespace cogate::server {

namespace {

std::string_view content_type_of(transports::inbound_request const& request)
{
    return wire::find_header(request.headers(), "content-type").value_or(std::string_view{});
}

/// A transcription whose service takes another request than OpenAI's: read whole, asked for, and written anew.
asio::awaitable<void> transcribe_whole(routed at, upload& form, bool translate)
{
    result<std::string> const body = co_await form.rest();
    result<transcription_request> parsed = transcription_request{};
    if (body) {
        parsed = at.dialect.media()->parse_transcription(content_type_of(at.request), *body, translate);
    } else {
        parsed = body.error();
    }
    if (!parsed) {
        failure why = parsed.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call_options options;
    result<void> const admitted = admit_typed(at, executor, translate ? "translation" : "transcription",
                                              *parsed, body->size(), options);
    if (!admitted) {
        failure why = admitted.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    auto const asked = std::make_shared<transcription_request const>(std::move(*parsed));
    engine::call_report told;
    asio::awaitable<result<transcription_response>> work =
        engine::transcribe(at.server.kernel(), asked, options, &told);
    asio::awaitable<result<transcription_response>> guarded = while_there(at.request, std::move(work));
    result<transcription_response> const answer = co_await std::move(guarded);
    std::string text;
    result<std::string_view> type = std::string_view{};
    if (answer) {
        type = at.dialect.media()->write_transcription(*answer, *asked, text);
    } else {
        type = answer.error();
    }
    if (!type) {
        failure why = type.error();
        asio::awaitable<void> refusal =
            reply_error(at.dialect, at.request, std::move(why), about_call(told, options));
        co_await std::move(refusal);
        co_return;
    }
    asio::awaitable<void> sent = reply(at.request, 200, *type, text, about_call(told, options));
    co_await std::move(sent);
}

/// A form whose file goes through as it comes in, with the model's name replaced.
asio::awaitable<void> pass_form(routed at, upload& form, providers::operation what, std::string_view name)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call_options options;
    std::string const asked = form.model();
    result<std::string_view> const model = admit(at, executor, {.call_type = name, .model = asked}, options);
    if (!model) {
        failure why = model.error();
        asio::awaitable<void> rest = form.discard();
        co_await std::move(rest);
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    engine::call_kind const kind{.operation = name, .model = *model};
    engine::call call{at.server.kernel(), executor, kind, options};
    uploaded out{form, what};
    result<void> const started = co_await call.start(out);
    if (!started) {
        failure why = started.error();
        asio::awaitable<void> rest = form.discard();
        co_await std::move(rest);
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why), &call);
        co_await std::move(refusal);
        co_return;
    }
    disconnect_guard const guard{at.request, call};
    asio::awaitable<void> rest = stream_body(at.request, call);
    co_await std::move(rest);
}

asio::awaitable<void> serve_form(routed at, providers::operation what, std::string_view name)
{
    upload form{at.request, *at.dialect.media()};
    result<void> const begun = co_await form.begin();
    if (!begun) {
        failure why = begun.error();
        asio::awaitable<void> rest = form.discard();
        co_await std::move(rest);
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    if (form.may_pass(at.server.kernel(), what)) {
        asio::awaitable<void> passing = pass_form(at, form, what, name);
        co_await std::move(passing);
        co_return;
    }
    asio::awaitable<void> whole = transcribe_whole(at, form, what == providers::operation::translation);
    co_await std::move(whole);
}

} // namespace

asio::awaitable<void> transcriptions(routed at)
{
    return serve_form(at, providers::operation::transcription, "transcription");
}

asio::awaitable<void> translations(routed at)
{
    return serve_form(at, providers::operation::translation, "translation");
}

asio::awaitable<void> speech(routed at)
{
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    result<std::string_view> const body = co_await at.request.read_body();
    result<speech_request> parsed = speech_request{};
    if (body) {
        parsed = at.dialect.media()->parse_speech(*body);
    } else {
        parsed = body.error();
    }
    if (!parsed) {
        failure why = parsed.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    call_options options;
    result<void> const admitted = admit_typed(at, executor, "speech", *parsed, body->size(), options);
    if (!admitted) {
        failure why = admitted.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    std::unique_ptr<engine::outgoing> const what = engine::outgoing_speech(*parsed);
    engine::call_kind const kind{.operation = "speech", .model = parsed->model};
    engine::call call{at.server.kernel(), executor, kind, options};
    disconnect_guard const guard{at.request, call};
    result<void> const started = co_await call.start(*what);
    if (!started) {
        failure why = started.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why), &call);
        co_await std::move(refusal);
        co_return;
    }
    if (providers::is_plain_audio({.body = {}, .headers = call.head().headers})) {
        asio::awaitable<void> rest = stream_body(at.request, call);
        co_await std::move(rest);
        co_return;
    }
    // Wrapped in JSON by the service: unwrapped here, as clients expect audio.
    result<std::string_view> const whole = co_await call.read_all();
    result<speech_response> audio = speech_response{};
    if (whole) {
        audio = providers::decode_speech({.body = *whole, .headers = call.head().headers}, *parsed);
    } else {
        audio = whole.error();
    }
    if (!audio) {
        failure why = call.fail(audio.error());
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why), &call);
        co_await std::move(refusal);
        co_return;
    }
    call.succeed({});
    asio::awaitable<void> sent = reply(at.request, 200, audio->media_type, audio->bytes, &call);
    co_await std::move(sent);
}

asio::awaitable<void> image_edits(routed at)
{
    result<std::string_view> const body = co_await at.request.read_body();
    result<image_request> parsed = image_request{};
    if (body) {
        parsed = at.dialect.media()->parse_image_edit(content_type_of(at.request), *body);
    } else {
        parsed = body.error();
    }
    if (!parsed) {
        failure why = parsed.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    asio::any_io_executor const executor = co_await asio::this_coro::executor;
    call_options options;
    result<void> const admitted = admit_typed(at, executor, "image_edit", *parsed, body->size(), options);
    if (!admitted) {
        failure why = admitted.error();
        asio::awaitable<void> refusal = reply_error(at.dialect, at.request, std::move(why));
        co_await std::move(refusal);
        co_return;
    }
    auto const asked = std::make_shared<image_request const>(std::move(*parsed));
    engine::call_report told;
    asio::awaitable<result<image_response>> work =
        engine::make_images(at.server.kernel(), asked, options, &told);
    asio::awaitable<result<image_response>> guarded = while_there(at.request, std::move(work));
    result<image_response> answer = co_await std::move(guarded);
    asio::awaitable<void> sent =
        reply_value(at, std::move(answer), *asked, *at.dialect.images(), about_call(told, options));
    co_await std::move(sent);
}

} // namespace cogate::server
