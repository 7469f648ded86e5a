#include "lib/engine/relay_task.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"
#include "lib/engine/encoded.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <utility>

namespace cogate::engine {
namespace {

/// What all tasks share: the scanned request, and the express lane.
class express_task : public relay_task {
public:
    express_task(inbound_chat const& inbound, providers::operation what, providers::express_lane const& lane,
                 std::unique_ptr<providers::express_request> request)
        : inbound_(inbound), what_(what), lane_(lane), request_(std::move(request))
    {}

    void name_answers(std::string_view call_id) noexcept override { call_id_ = call_id; }
    providers::operation operation() const noexcept override { return what_; }
    providers::request_facts const& facts() const noexcept override { return request_->facts(); }

    result<parts> prepare(served_deployment const& deployment, std::string_view upstream_model) override
    {
        deployment_ = &deployment;
        upstream_model_ = upstream_model;
        dialect_ = deployment.dialect_for(inbound_.dialect.name(), upstream_model);
        if (dialect_ != nullptr && dialect_->express_fits(*request_, context())) {
            return relayed();
        }
        if (dialect_ == nullptr) {
            dialect_ = &deployment.primary(upstream_model);
        }
        return translated();
    }

    result<relayed_answer> whole(providers::whole_answer const& answer) override
    {
        result<providers::relay_facts> seen = lane_.inspect(answer.body);
        if (!seen) {
            return seen.error();
        }
        if (seen->error) {
            return *seen->error;
        }
        return relayed_answer{answer.body, std::move(seen->usage)};
    }

    std::unique_ptr<answer_stream> stream() override
    {
        return express_stream(lane_.relay(facts()), deployment_->max_event_bytes);
    }

protected:
    virtual result<parts> translated()
    {
        return failure{error_kind::invalid_request, std::string(deployment_->provider->name) +
                                                        " does not serve this operation for " +
                                                        facts().model.substr(0, 200)}
            .with_code("unsupported_operation")
            .with_param("model");
    }

    providers::call_context context() const { return deployment_->context(upstream_model_, facts().stream); }

    result<parts> sent(result<providers::encoded_request>&& made)
    {
        if (!made) {
            return made.error();
        }
        encoded_ = std::move(*made);
        body_ = encoded_.body;
        express_ = false;
        return parts_of(encoded_, body_, *dialect_, facts().stream);
    }

    inbound_chat inbound_;
    providers::operation what_;
    providers::express_lane const& lane_;
    std::unique_ptr<providers::express_request> request_;
    served_deployment const* deployment_ = nullptr;
    providers::client_dialect const* dialect_ = nullptr;
    std::string_view upstream_model_;
    std::string_view call_id_;
    bool express_ = true;

private:
    result<parts> relayed()
    {
        spliced_ = {};
        request_->splice(upstream_model_, spliced_);
        encoded_.path = dialect_->express_path(what_, context());
        encoded_.headers = dialect_->express_headers(inbound_.headers);
        express_ = true;
        return parts{.path = encoded_.path,
                     .body = {spliced_.pieces.data(), spliced_.count},
                     .headers = encoded_.headers,
                     .accept =
                         facts().stream ? dialect_->stream_accept() : std::string_view("application/json"),
                     .dialect = dialect_};
    }

    providers::spliced_body spliced_;
    providers::encoded_request encoded_;
    std::string_view body_;
};

class chat_task final : public express_task {
public:
    using express_task::express_task;

    result<relayed_answer> whole(providers::whole_answer const& answer) override
    {
        if (express_) {
            return express_task::whole(answer);
        }
        result<chat_response> decoded = dialect_->decode_chat(answer, context());
        if (!decoded) {
            return decoded.error();
        }
        out_.clear();
        inbound_.dialect.write_chat(*decoded, reply(), out_);
        return relayed_answer{out_, std::move(decoded->usage)};
    }

    std::unique_ptr<answer_stream> stream() override
    {
        if (express_) {
            return express_task::stream();
        }
        return translated_stream(dialect_->decode_chat_stream(context()),
                                 inbound_.dialect.write_chat_stream(reply()));
    }

private:
    result<parts> translated() override
    {
        if (!parsed_) {
            result<providers::parsed_chat> parsed =
                inbound_.dialect.parse_chat(inbound_.body, inbound_.target);
            if (!parsed) {
                return parsed.error();
            }
            parsed_ = std::move(*parsed);
        }
        rules_ = merged(deployment_->rules, parsed_->rules);
        providers::call_context const at{.model = upstream_model_,
                                         .stream = parsed_->stream,
                                         .service = *deployment_->provider,
                                         .settings = deployment_->settings,
                                         .rules = rules_,
                                         .max_event_bytes = deployment_->max_event_bytes};
        return sent(dialect_->encode_chat(parsed_->request, at));
    }

    providers::reply_context reply() const
    {
        auto const now = std::chrono::system_clock::now().time_since_epoch();
        return {.request = parsed_->request,
                .model = facts().model,
                .fallback_id = call_id_,
                .now = std::chrono::duration_cast<std::chrono::seconds>(now).count(),
                .target = inbound_.target};
    }

    std::optional<providers::parsed_chat> parsed_;
    parameter_rules rules_;
    std::string out_;
};

class embedding_task final : public express_task {
public:
    using express_task::express_task;

    result<relayed_answer> whole(providers::whole_answer const& answer) override
    {
        if (!(wants_base64() && holds_floats(answer.body))) {
            return express_task::whole(answer);
        }
        // OpenAI's clients ask for base64 by default and read floats as garbage; some services ignore the wish.
        if (result<void> const there = parse(); !there) {
            return there.error();
        }
        result<embedding_response> decoded = dialect_->embeddings()->decode(answer, *parsed_, context());
        if (!decoded) {
            return decoded.error();
        }
        out_.clear();
        inbound_.dialect.embeddings()->write(*decoded, *parsed_, out_);
        return relayed_answer{out_, std::move(decoded->usage)};
    }

private:
    result<void> parse()
    {
        if (!parsed_) {
            result<embedding_request> parsed = inbound_.dialect.embeddings()->parse(inbound_.body);
            if (!parsed) {
                return parsed.error();
            }
            parsed_ = std::move(*parsed);
        }
        return {};
    }

    bool wants_base64() const
    {
        std::array<json::member_query, 1> wanted{{{"encoding_format"}}};
        json::scan_error error;
        return json::find_members(inbound_.body, wanted, error) &&
               wanted[0].value_in(inbound_.body) == "\"base64\"";
    }

    static bool holds_floats(std::string_view answer)
    {
        json::document document;
        json::scan_error error;
        return document.parse(answer, error) && document.root()["data"][0]["embedding"].is_array();
    }

    std::optional<embedding_request> parsed_;
    std::string out_;
};

template <class Task>
result<std::unique_ptr<relay_task>> read(inbound_chat const& inbound, providers::operation what,
                                         providers::express_lane const& lane)
{
    result<std::unique_ptr<providers::express_request>> scanned = lane.read(inbound.body, inbound.target);
    if (!scanned) {
        return scanned.error();
    }
    return std::unique_ptr<relay_task>(std::make_unique<Task>(inbound, what, lane, std::move(*scanned)));
}

} // namespace

result<std::unique_ptr<relay_task>> read_chat(inbound_chat const& inbound)
{
    return read<chat_task>(inbound, providers::operation::chat, inbound.dialect.chat_express());
}

result<std::unique_ptr<relay_task>> read_token_count(inbound_chat const& inbound)
{
    providers::express_lane const* const lane = inbound.dialect.count_tokens_express();
    if (lane == nullptr) {
        return failure{error_kind::not_found, "This dialect has no token counting."}.with_code("unknown_url");
    }
    return read<express_task>(inbound, providers::operation::count_tokens, *lane);
}

result<std::unique_ptr<relay_task>> read_embedding(inbound_chat const& inbound)
{
    return read<embedding_task>(inbound, providers::operation::embedding,
                                *inbound.dialect.embeddings()->express());
}

} // namespace cogate::engine
