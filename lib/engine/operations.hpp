#pragma once

#include <cogate/audio.hpp>
#include <cogate/call_options.hpp>
#include <cogate/embedding.hpp>
#include <cogate/image.hpp>
#include <cogate/moderation.hpp>
#include <cogate/rerank.hpp>
#include <cogate/result.hpp>

#include "lib/engine/call_report.hpp"
#include "lib/engine/kernel.hpp"
#include "lib/engine/outgoing.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace cogate::engine {

/// The typed calls besides chat: encode, one `call`, decode, by the first dialect of the deployment that
/// serves the operation. Coroutines of the executor they are awaited on; the kernel must outlive them. A
/// deployment without the operation fails with invalid_request/"unsupported_operation". No exception leaves
/// them but std::bad_alloc. `told`, which must outlive them too, hears what became of their calls.

/// Inputs beyond what the service takes at once are sent in batches, one after the other: data in the order
/// of the input, usage summed; `options.timeout` counts for all together. Each batch is a call of its own to
/// observers.
boost::asio::awaitable<result<embedding_response>> embed(kernel& owner,
                                                         std::shared_ptr<embedding_request const> request,
                                                         call_options options, call_report* told = nullptr);

/// Makes images, or edits those of the request.
boost::asio::awaitable<result<image_response>> make_images(kernel& owner,
                                                           std::shared_ptr<image_request const> request,
                                                           call_options options, call_report* told = nullptr);

boost::asio::awaitable<result<transcription_response>>
transcribe(kernel& owner, std::shared_ptr<transcription_request const> request, call_options options,
           call_report* told = nullptr);

/// The whole audio in memory.
boost::asio::awaitable<result<speech_response>> speak(kernel& owner,
                                                      std::shared_ptr<speech_request const> request,
                                                      call_options options, call_report* told = nullptr);

/// What a call sends for speech, for whoever passes the audio on as it comes. The request must outlive it.
std::unique_ptr<outgoing> outgoing_speech(speech_request const& request);

/// More documents than the service takes at once go in batches, as inputs of `embed`; best first, over all.
boost::asio::awaitable<result<rerank_response>> rerank(kernel& owner,
                                                       std::shared_ptr<rerank_request const> request,
                                                       call_options options, call_report* told = nullptr);

boost::asio::awaitable<result<moderation_response>>
moderate(kernel& owner, std::shared_ptr<moderation_request const> request, call_options options,
         call_report* told = nullptr);

} // namespace cogate::engine
