#include <cogate/gateway.hpp>

#include "lib/engine/guarded.hpp"
#include "lib/engine/operations.hpp"
#include "lib/engine/responses.hpp"

#include <utility>

namespace asio = boost::asio;

namespace cogate {

using engine::guarded;
using engine::shared;
using engine::throwing;

asio::awaitable<result<image_response>> gateway::try_image_generation(image_request const& request,
                                                                      call_options const& options)
{
    return guarded(engine::make_images(*kernel_, shared(request), options));
}

asio::awaitable<result<image_response>> gateway::try_image_generation(image_request const& request)
{
    return try_image_generation(request, call_options{});
}

asio::awaitable<image_response> gateway::image_generation(image_request const& request,
                                                          call_options const& options)
{
    return throwing(try_image_generation(request, options));
}

asio::awaitable<image_response> gateway::image_generation(image_request const& request)
{
    return image_generation(request, call_options{});
}

asio::awaitable<result<transcription_response>>
gateway::try_transcription(transcription_request const& request, call_options const& options)
{
    return guarded(engine::transcribe(*kernel_, shared(request), options));
}

asio::awaitable<result<transcription_response>>
gateway::try_transcription(transcription_request const& request)
{
    return try_transcription(request, call_options{});
}

asio::awaitable<transcription_response> gateway::transcription(transcription_request const& request,
                                                               call_options const& options)
{
    return throwing(try_transcription(request, options));
}

asio::awaitable<transcription_response> gateway::transcription(transcription_request const& request)
{
    return transcription(request, call_options{});
}

asio::awaitable<result<speech_response>> gateway::try_speech(speech_request const& request,
                                                             call_options const& options)
{
    return guarded(engine::speak(*kernel_, shared(request), options));
}

asio::awaitable<result<speech_response>> gateway::try_speech(speech_request const& request)
{
    return try_speech(request, call_options{});
}

asio::awaitable<speech_response> gateway::speech(speech_request const& request, call_options const& options)
{
    return throwing(try_speech(request, options));
}

asio::awaitable<speech_response> gateway::speech(speech_request const& request)
{
    return speech(request, call_options{});
}

asio::awaitable<result<rerank_response>> gateway::try_rerank(rerank_request const& request,
                                                             call_options const& options)
{
    return guarded(engine::rerank(*kernel_, shared(request), options));
}

asio::awaitable<result<rerank_response>> gateway::try_rerank(rerank_request const& request)
{
    return try_rerank(request, call_options{});
}

asio::awaitable<rerank_response> gateway::rerank(rerank_request const& request, call_options const& options)
{
    return throwing(try_rerank(request, options));
}

asio::awaitable<rerank_response> gateway::rerank(rerank_request const& request)
{
    return rerank(request, call_options{});
}

asio::awaitable<result<moderation_response>> gateway::try_moderation(moderation_request const& request,
                                                                     call_options const& options)
{
    return guarded(engine::moderate(*kernel_, shared(request), options));
}

asio::awaitable<result<moderation_response>> gateway::try_moderation(moderation_request const& request)
{
    return try_moderation(request, call_options{});
}

asio::awaitable<moderation_response> gateway::moderation(moderation_request const& request,
                                                         call_options const& options)
{
    return throwing(try_moderation(request, options));
}

asio::awaitable<moderation_response> gateway::moderation(moderation_request const& request)
{
    return moderation(request, call_options{});
}

asio::awaitable<result<responses_response>> gateway::try_responses(responses_request const& request,
                                                                   call_options const& options)
{
    return guarded(engine::respond(*kernel_, shared(request), options));
}

asio::awaitable<result<responses_response>> gateway::try_responses(responses_request const& request)
{
    return try_responses(request, call_options{});
}

asio::awaitable<responses_response> gateway::responses(responses_request const& request,
                                                       call_options const& options)
{
    return throwing(try_responses(request, options));
}

asio::awaitable<responses_response> gateway::responses(responses_request const& request)
{
    return responses(request, call_options{});
}

} // namespace cogate
