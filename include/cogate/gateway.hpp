#pragma once

#include <cogate/audio.hpp>
#include <cogate/call_options.hpp>
#include <cogate/chat.hpp>
#include <cogate/embedding.hpp>
#include <cogate/image.hpp>
#include <cogate/model.hpp>
#include <cogate/moderation.hpp>
#include <cogate/observer.hpp>
#include <cogate/parameter_rules.hpp>
#include <cogate/rerank.hpp>
#include <cogate/responses.hpp>
#include <cogate/result.hpp>
#include <cogate/router_options.hpp>
#include <cogate/routing_strategy.hpp>
#include <cogate/secret.hpp>
#include <cogate/stream.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cogate {

namespace engine {
class kernel;
}

/// Looks up an environment variable; nullopt when it is not set. Called in constructors only.
using environment_lookup = std::function<std::optional<std::string>(std::string const& name)>;

/// The environment of the process.
std::optional<std::string> process_environment(std::string const& name);

/// One provider + model + credentials that serves a model group: an entry of LiteLLM's `model_list`.
///
/// Plain value: borrows nothing; the constructor of `gateway` checks it.
struct deployment {
    std::string model_name; ///< the public name (model group); "openai/*" and "*" match by prefix
    std::string model;      ///< "provider/model" as the provider table names it; may end in "*" likewise
    std::string api_base{}; ///< base URL instead of the provider's, with its path ("http://host:8000/v1")
    secret api_key{};       ///< empty: the provider's environment variable
    std::string id{};       ///< empty: a stable hash of the fields above
    std::optional<cogate::deadlines> deadlines{};               ///< instead of the gateway's
    std::vector<std::pair<std::string, std::string>> headers{}; ///< extra request headers
    /// What the provider needs beyond key and URL, under LiteLLM's names: api_version, aws_region_name,
    /// aws_access_key_id, vertex_project, ... Absent ones are looked up in the environment.
    std::vector<std::pair<std::string, secret>> settings{};
    parameter_rules parameters{}; ///< added to the gateway's

    double weight = 0;                          ///< share of the calls; 0: not given
    std::optional<std::int64_t> rpm{};          ///< requests per minute that it may be asked for
    std::optional<std::int64_t> tpm{};          ///< tokens per minute, prompt and answer
    std::optional<int> max_parallel_requests{}; ///< attempts under way at once
    int order = 0;                              ///< lower ones are asked first
    std::vector<std::string> tags{};            ///< what `router_options::enable_tag_filtering` matches
    /// The context window, in tokens; empty: as the catalogue says.
    std::optional<std::uint32_t> max_input_tokens{};
    /// The most that an answer can have, where nobody else knows.
    std::optional<std::uint32_t> max_output_tokens{};
    std::optional<std::chrono::milliseconds> cooldown_time{}; ///< rest after failures; empty: the router's
    std::optional<std::int64_t> input_cost{};                 ///< nano-dollars per million tokens
    std::optional<std::int64_t> output_cost{};                ///< nano-dollars per million tokens
    /// Its own prices: LiteLLM's key ("cache_read_input_token_cost", ...) and decimal text, USD per unit. They replace
    /// the catalogue's one by one, and go before `input_cost` and `output_cost`.
    std::vector<std::pair<std::string, std::string>> prices{};
    std::string base_model{}; ///< whose prices and limits hold, where the name says nothing (Azure)
    std::vector<std::string> access_groups{}; ///< names under which keys may be given its model group
    bool blocked = false;                     ///< kept in the list, never asked
};

/// Everything a gateway is built from. Checked in the constructor of `gateway`.
struct gateway_options {
    std::vector<deployment> deployments{}; ///< all that it serves by name
    /// Serve "provider/model" names of every provider whose key is in the environment, and `demo/*`.
    bool providers_from_environment = true;
    environment_lookup environment = process_environment; ///< where keys without a value are looked up
    cogate::deadlines deadlines{};                        ///< for deployments that have none of their own
    parameter_rules parameters{};                         ///< for all deployments
    router_options router{}; ///< how deployments are chosen, and what happens when one fails
    std::vector<std::shared_ptr<routing_strategy const>> strategies{}; ///< of one's own, chosen by name
    std::vector<std::shared_ptr<observer>> observers{};                ///< who hears of every call
    /// Text of a price map (LiteLLM's or models.dev's format) that goes over the built-in prices; empty: those alone.
    std::string price_map{};
    /// PEM file of certificate authorities to trust in addition to the system's; empty: the system's only.
    std::string ca_file{};
    std::size_t max_idle_connections_per_origin = 64;           ///< kept open per io_context
    std::chrono::milliseconds idle_connection_lifetime{30'000}; ///< closed when unused for as long
    std::size_t max_event_bytes = 1 << 20;                      ///< one stream event
    std::size_t max_response_bytes = 64 << 20;                  ///< one whole answer held in memory
};

/// Calls models. Names follow LiteLLM; `try_` forms give a `result`, `async_` forms take any completion token.
///
/// Thread safety: one object serves any number of threads, each running its own io_context: every member may be
/// called from all of them at once. One io_context must be run by one thread at a time.
/// Lifetimes: requests and options are copied before the call returns its awaitable. The gateway must outlive
/// its calls and streams. Connection pools live in the caller's io_context and end with it.
/// Cancellation: terminal cancellation of the awaiting coroutine closes the upstream connection and gives
/// `cancelled_error`; nothing cancelled goes back to the pool.
/// Errors: subclasses of `cogate::error`, or the `failure` they carry.
/// GCC 12: name your request before `co_await`; a temporary inside the expression meets compiler faults.
class gateway {
public:
    /// Throws std::invalid_argument that names the deployment and the field at fault.
    explicit gateway(gateway_options options = {});
    /// Over an engine made elsewhere (tests put scripted transports into it).
    explicit gateway(std::shared_ptr<engine::kernel> kernel);
    ~gateway();
    gateway(gateway const&) = delete;
    gateway& operator=(gateway const&) = delete;

    /// One whole answer to a chat. Forms that every operation has: with options for this call alone, and
    /// (`try_`) without exceptions.
    ///@{
    boost::asio::awaitable<chat_response> completion(chat_request const& request);
    boost::asio::awaitable<chat_response> completion(chat_request const& request,
                                                     call_options const& options);
    boost::asio::awaitable<result<chat_response>> try_completion(chat_request const& request);
    boost::asio::awaitable<result<chat_response>> try_completion(chat_request const& request,
                                                                 call_options const& options);
    ///@}

    /// Returns at the stream's first content: until then another deployment may serve it.
    ///@{
    boost::asio::awaitable<chat_stream> stream(chat_request const& request);
    boost::asio::awaitable<chat_stream> stream(chat_request const& request, call_options const& options);
    boost::asio::awaitable<result<chat_stream>> try_stream(chat_request const& request);
    boost::asio::awaitable<result<chat_stream>> try_stream(chat_request const& request,
                                                           call_options const& options);
    ///@}

    /// More inputs than the service takes at once go in several exchanges: order kept, usage summed.
    ///@{
    boost::asio::awaitable<embedding_response> embedding(embedding_request const& request);
    boost::asio::awaitable<embedding_response> embedding(embedding_request const& request,
                                                         call_options const& options);
    boost::asio::awaitable<result<embedding_response>> try_embedding(embedding_request const& request);
    boost::asio::awaitable<result<embedding_response>> try_embedding(embedding_request const& request,
                                                                     call_options const& options);
    ///@}

    /// Makes images; edits those of the request when it has some.
    ///@{
    boost::asio::awaitable<image_response> image_generation(image_request const& request);
    boost::asio::awaitable<image_response> image_generation(image_request const& request,
                                                            call_options const& options);
    boost::asio::awaitable<result<image_response>> try_image_generation(image_request const& request);
    boost::asio::awaitable<result<image_response>> try_image_generation(image_request const& request,
                                                                        call_options const& options);
    ///@}

    /// Speech to text.
    ///@{
    boost::asio::awaitable<transcription_response> transcription(transcription_request const& request);
    boost::asio::awaitable<transcription_response> transcription(transcription_request const& request,
                                                                 call_options const& options);
    boost::asio::awaitable<result<transcription_response>>
    try_transcription(transcription_request const& request);
    boost::asio::awaitable<result<transcription_response>>
    try_transcription(transcription_request const& request, call_options const& options);
    ///@}

    /// Text to speech; the whole audio in memory.
    ///@{
    boost::asio::awaitable<speech_response> speech(speech_request const& request);
    boost::asio::awaitable<speech_response> speech(speech_request const& request,
                                                   call_options const& options);
    boost::asio::awaitable<result<speech_response>> try_speech(speech_request const& request);
    boost::asio::awaitable<result<speech_response>> try_speech(speech_request const& request,
                                                               call_options const& options);
    ///@}

    /// Documents in the order of their relevance.
    ///@{
    boost::asio::awaitable<rerank_response> rerank(rerank_request const& request);
    boost::asio::awaitable<rerank_response> rerank(rerank_request const& request,
                                                   call_options const& options);
    boost::asio::awaitable<result<rerank_response>> try_rerank(rerank_request const& request);
    boost::asio::awaitable<result<rerank_response>> try_rerank(rerank_request const& request,
                                                               call_options const& options);
    ///@}

    /// Texts or images judged.
    ///@{
    boost::asio::awaitable<moderation_response> moderation(moderation_request const& request);
    boost::asio::awaitable<moderation_response> moderation(moderation_request const& request,
                                                           call_options const& options);
    boost::asio::awaitable<result<moderation_response>> try_moderation(moderation_request const& request);
    boost::asio::awaitable<result<moderation_response>> try_moderation(moderation_request const& request,
                                                                       call_options const& options);
    ///@}

    /// OpenAI's Responses API, its JSON in and out; served by translation where the provider lacks it.
    ///@{
    boost::asio::awaitable<responses_response> responses(responses_request const& request);
    boost::asio::awaitable<responses_response> responses(responses_request const& request,
                                                         call_options const& options);
    boost::asio::awaitable<result<responses_response>> try_responses(responses_request const& request);
    boost::asio::awaitable<result<responses_response>> try_responses(responses_request const& request,
                                                                     call_options const& options);
    ///@}

    /// `void(std::exception_ptr, chat_response)`; runs on `executor`, cancelled through the token's slot.
    template <class Token>
    auto async_completion(boost::asio::any_io_executor executor, chat_request const& request,
                          call_options const& options, Token&& token)
    {
        return boost::asio::co_spawn(std::move(executor), completion(request, options),
                                     std::forward<Token>(token));
    }

    /// `void(std::exception_ptr, chat_stream)`; as above.
    template <class Token>
    auto async_stream(boost::asio::any_io_executor executor, chat_request const& request,
                      call_options const& options, Token&& token)
    {
        return boost::asio::co_spawn(std::move(executor), stream(request, options),
                                     std::forward<Token>(token));
    }

    /// `void(std::exception_ptr, embedding_response)`; as above.
    template <class Token>
    auto async_embedding(boost::asio::any_io_executor executor, embedding_request const& request,
                         call_options const& options, Token&& token)
    {
        return boost::asio::co_spawn(std::move(executor), embedding(request, options),
                                     std::forward<Token>(token));
    }

    /// `void(std::exception_ptr, image_response)`; as above.
    template <class Token>
    auto async_image_generation(boost::asio::any_io_executor executor, image_request const& request,
                                call_options const& options, Token&& token)
    {
        return boost::asio::co_spawn(std::move(executor), image_generation(request, options),
                                     std::forward<Token>(token));
    }

    /// `void(std::exception_ptr, transcription_response)`; as above.
    template <class Token>
    auto async_transcription(boost::asio::any_io_executor executor, transcription_request const& request,
                             call_options const& options, Token&& token)
    {
        return boost::asio::co_spawn(std::move(executor), transcription(request, options),
                                     std::forward<Token>(token));
    }

    /// `void(std::exception_ptr, speech_response)`; as above.
    template <class Token>
    auto async_speech(boost::asio::any_io_executor executor, speech_request const& request,
                      call_options const& options, Token&& token)
    {
        return boost::asio::co_spawn(std::move(executor), speech(request, options),
                                     std::forward<Token>(token));
    }

    /// `void(std::exception_ptr, rerank_response)`; as above.
    template <class Token>
    auto async_rerank(boost::asio::any_io_executor executor, rerank_request const& request,
                      call_options const& options, Token&& token)
    {
        return boost::asio::co_spawn(std::move(executor), rerank(request, options),
                                     std::forward<Token>(token));
    }

    /// `void(std::exception_ptr, moderation_response)`; as above.
    template <class Token>
    auto async_moderation(boost::asio::any_io_executor executor, moderation_request const& request,
                          call_options const& options, Token&& token)
    {
        return boost::asio::co_spawn(std::move(executor), moderation(request, options),
                                     std::forward<Token>(token));
    }

    /// `void(std::exception_ptr, responses_response)`; as above.
    template <class Token>
    auto async_responses(boost::asio::any_io_executor executor, responses_request const& request,
                         call_options const& options, Token&& token)
    {
        return boost::asio::co_spawn(std::move(executor), responses(request, options),
                                     std::forward<Token>(token));
    }

    /// The names that callers may use; wildcards are shown as they are.
    std::vector<model> models() const;

    /// Events that observers were too slow to take, and exceptions they threw, since the start.
    struct observer_faults {
        std::uint64_t dropped = 0; ///< events that found a full queue
        std::uint64_t thrown = 0;  ///< exceptions that left a callback, and were swallowed
    };
    /// Since the start of the gateway.
    observer_faults faults() const noexcept;

    /// The engine behind it, for the gateway server. Not for users: no stability is promised.
    engine::kernel& kernel() noexcept { return *kernel_; }

private:
    std::shared_ptr<engine::kernel> kernel_;
};

} // namespace cogate
