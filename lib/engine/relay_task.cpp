#include "lib/engine/relay_task.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"
#include "lib/engine/encoded.hpp"
#include "lib/engine/relay_dispatch.hpp"

#include <cogate/tokens.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

namespace cogate::engine {
namespace {

using providers::whole_answer;

failure not_served(served_deployment const& deployment, std::string const& model)
{
    return failure{error_kind::invalid_request, std::string(deployment.provider->name) +
                                                    " does not serve this operation for " +
                                                    model.substr(0, 200)}
        .with_code("unsupported_operation")
        .with_param("model");
}

// A larger prompt is not counted while others wait for the loop.
constexpr std::size_t most_counted = 64 * 1024;

std::int64_t count_tokens_of(std::string_view model, chat_request const& request)
{
    return static_cast<std::int64_t>(token_counter(model, request));
}

/// Where an exchange goes and who speaks there.
struct place {
    served_deployment const& deployment;
    providers::client_dialect const& dialect;
    std::string_view upstream_model;
};

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
    outgoing_facts facts_for_routing() const override { return {.bytes = inbound_.body.size()}; }
    request_terms const& terms() const override
    {
        if (!terms_) {
            terms_ = says_terms() ? read_request_terms(inbound_.body) : request_terms{};
        }
        return *terms_;
    }
    bool may_have(std::string_view member) const noexcept override
    {
        return request_->keys() == nullptr || request_->keys()->may_have(member);
    }
    planned_cost planned() const override
    {
        planned_cost out;
        out.tokens.max_output_tokens = terms().max_output_tokens;
        out.tokens.choices = terms().choices;
        return out;
    }

    result<std::unique_ptr<dispatch>> prepare(served_deployment const& deployment,
                                              std::string_view upstream_model) override
    {
        providers::client_dialect const* const same =
            deployment.dialect_for(inbound_.dialect.name(), upstream_model);
        providers::call_context const context = deployment.context(upstream_model, facts().stream);
        if (same != nullptr && same->express_fits(*request_, context)) {
            return relayed({deployment, *same, upstream_model});
        }
        return translated(
            {deployment, same != nullptr ? *same : deployment.primary(upstream_model), upstream_model});
    }

    providers::express_lane const& lane() const noexcept { return lane_; }
    inbound_chat const& inbound() const noexcept { return inbound_; }
    providers::express_request const& scanned() const noexcept { return *request_; }
    std::string_view call_id() const noexcept { return call_id_; }

protected:
    virtual std::unique_ptr<dispatch> relayed(place const& to);
    bool says_terms() const noexcept
    {
        return std::any_of(request_terms::members.begin(), request_terms::members.end(),
                           [this](std::string_view name) { return may_have(name); });
    }
    virtual result<std::unique_ptr<dispatch>> translated(place const& to)
    {
        return not_served(to.deployment, facts().model);
    }

private:
    inbound_chat inbound_;
    providers::operation what_;
    providers::express_lane const& lane_;
    std::unique_ptr<providers::express_request> request_;
    std::string_view call_id_;
    mutable std::optional<request_terms> terms_;
};

/// The client's bytes with other values spliced in, and the answer's bytes as they are.
class express_dispatch : public relay_dispatch {
public:
    express_dispatch(express_task const& task, place const& to)
        : relay_dispatch(task.facts().stream), task_(task), max_event_bytes_(0)
    {
        providers::call_context const context = to.deployment.context(to.upstream_model, task.facts().stream);
        if (task.facts().stream) {
            max_event_bytes_ = to.dialect.max_event_bytes(context);
        }
        task.scanned().splice(to.upstream_model, spliced_);
        path_ = to.dialect.express_path(task.operation(), context);
        headers_ = to.dialect.express_headers(task.inbound().headers);
        request_ = {.path = path_,
                    .body = {spliced_.pieces.data(), spliced_.count},
                    .headers = headers_,
                    .accept = task.facts().stream ? to.dialect.stream_accept()
                                                  : std::string_view("application/json"),
                    .dialect = &to.dialect};
    }

    result<void> whole(whole_answer const& answer) override
    {
        result<providers::relay_facts> seen = task_.lane().inspect(answer.body);
        if (!seen) {
            return seen.error();
        }
        if (seen->error) {
            return *seen->error;
        }
        answered(answer.body, std::move(seen->usage));
        return {};
    }

    std::optional<std::int64_t> count_prompt() const override
    {
        std::string_view const body = task_.inbound().body;
        if (task_.operation() != providers::operation::chat || body.size() > most_counted) {
            return {};
        }
        result<providers::parsed_chat> const asked =
            task_.inbound().dialect.parse_chat(body, task_.inbound().target);
        return asked ? std::optional(count_tokens_of(task_.facts().model, asked->request)) : std::nullopt;
    }

protected:
    std::unique_ptr<answer_stream> open_stream() override
    {
        return express_stream(task_.lane(), task_.facts(), max_event_bytes_);
    }

private:
    express_task const& task_;
    std::size_t max_event_bytes_;
    providers::spliced_body spliced_;
    std::string path_;
    providers::header_list headers_;
};

std::unique_ptr<dispatch> express_task::relayed(place const& to)
{
    return std::make_unique<express_dispatch>(*this, to);
}

/// A chat parsed from one dialect, encoded in another, and its answer back.
class translated_dispatch final : public relay_dispatch {
public:
    translated_dispatch(express_task const& task, providers::parsed_chat const& asked, place const& to)
        : relay_dispatch(asked.stream),
          task_(task),
          asked_(asked),
          dialect_(to.dialect),
          deployment_(to.deployment),
          upstream_model_(to.upstream_model),
          rules_(merged(to.deployment.rules, asked.rules))
    {}

    result<void> encode()
    {
        result<providers::encoded_request> made = dialect_.encode_chat(asked_.request, context());
        if (!made) {
            return made.error();
        }
        encoded_ = std::move(*made);
        body_ = encoded_.body;
        request_ = parts_of(encoded_, body_, dialect_, asked_.stream);
        return {};
    }

    result<void> whole(whole_answer const& answer) override
    {
        result<chat_response> decoded = dialect_.decode_chat(answer, context());
        if (!decoded) {
            return decoded.error();
        }
        out_.reserve(answer.body.size() + 512); // other names around the same text
        task_.inbound().dialect.write_chat(*decoded, reply(), out_);
        answered(out_, std::move(decoded->usage));
        return {};
    }

    std::optional<std::int64_t> count_prompt() const override
    {
        if (task_.inbound().body.size() > most_counted) {
            return {};
        }
        return count_tokens_of(upstream_model_, asked_.request);
    }

protected:
    std::unique_ptr<answer_stream> open_stream() override
    {
        return translated_stream(dialect_.decode_chat_stream(context()),
                                 task_.inbound().dialect.write_chat_stream(reply()));
    }

private:
    providers::call_context context() const
    {
        return {.model = upstream_model_,
                .stream = asked_.stream,
                .service = *deployment_.provider,
                .settings = deployment_.settings,
                .rules = rules_,
                .max_event_bytes = deployment_.max_event_bytes};
    }

    providers::reply_context reply() const
    {
        auto const now = std::chrono::system_clock::now().time_since_epoch();
        return {.request = asked_.request,
                .model = task_.facts().model,
                .fallback_id = task_.call_id(),
                .now = std::chrono::duration_cast<std::chrono::seconds>(now).count(),
                .target = task_.inbound().target};
    }

    express_task const& task_;
    providers::parsed_chat const& asked_;
    providers::client_dialect const& dialect_;
    served_deployment const& deployment_;
    std::string_view upstream_model_;
    parameter_rules rules_;
    providers::encoded_request encoded_;
    std::string_view body_;
    std::string out_;
};

class chat_task final : public express_task {
public:
    using express_task::express_task;

    bool repeatable() const override
    {
        std::string_view const body = inbound().body;
        std::array<json::member_query, 2> wanted{{{"store"}, {"background"}}};
        json::scan_error error;
        if (!json::find_members(body, wanted, error) || wanted[1].value_in(body) == "true") {
            return false;
        }
        std::string_view const store = wanted[0].value_in(body);
        return store == "false" || (store.empty() && !inbound().dialect.stores_answers());
    }

private:
    result<std::unique_ptr<dispatch>> translated(place const& to) override
    {
        if (!parsed_) {
            result<providers::parsed_chat> parsed =
                inbound().dialect.parse_chat(inbound().body, inbound().target);
            if (!parsed) {
                return parsed.error();
            }
            parsed_ = std::move(*parsed);
        }
        auto made = std::make_unique<translated_dispatch>(*this, *parsed_, to);
        if (result<void> const encoded = made->encode(); !encoded) {
            return encoded.error();
        }
        return std::unique_ptr<dispatch>(std::move(made));
    }

    std::optional<providers::parsed_chat> parsed_;
};

/// OpenAI's clients ask for base64 by default and read floats as garbage; some services ignore the wish.
class embedding_dispatch final : public express_dispatch {
public:
    embedding_dispatch(express_task const& task, place const& to)
        : express_dispatch(task, to), task_(task), to_(to)
    {}

    result<void> whole(whole_answer const& answer) override
    {
        if (!(wants_base64() && holds_floats(answer.body))) {
            return express_dispatch::whole(answer);
        }
        auto const& shape = *task_.inbound().dialect.embeddings();
        result<embedding_request> const asked = shape.parse(task_.inbound().body);
        if (!asked) {
            return asked.error();
        }
        result<embedding_response> decoded = to_.dialect.embeddings()->decode(
            answer, *asked, to_.deployment.context(to_.upstream_model, false));
        if (!decoded) {
            return decoded.error();
        }
        shape.write(*decoded, *asked, out_);
        answered(out_, std::move(decoded->usage));
        return {};
    }

private:
    bool wants_base64() const
    {
        std::string_view const body = task_.inbound().body;
        std::array<json::member_query, 1> wanted{{{"encoding_format"}}};
        json::scan_error error;
        return json::find_members(body, wanted, error) && wanted[0].value_in(body) == "\"base64\"";
    }

    static bool holds_floats(std::string_view answer)
    {
        json::document document;
        json::scan_error error;
        return document.parse(answer, error) && document.root()["data"][0]["embedding"].is_array();
    }

    express_task const& task_;
    place to_;
    std::string out_;
};

class embedding_task final : public express_task {
public:
    using express_task::express_task;

private:
    std::unique_ptr<dispatch> relayed(place const& to) override
    {
        return std::make_unique<embedding_dispatch>(*this, to);
    }
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
