#include "lib/engine/express_task.hpp"

#include "lib/core/json/scanner.hpp"
#include "lib/engine/encoded.hpp"
#include "lib/engine/relay_dispatch.hpp"

#include <array>
#include <chrono>
#include <string>

namespace cogate::engine {
namespace {

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
          pricer_(task.inbound().cost, to.deployment, to.upstream_model),
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

    result<void> whole(providers::whole_answer const& answer) override
    {
        result<chat_response> decoded = dialect_.decode_chat(answer, context());
        if (!decoded) {
            return decoded.error();
        }
        out_.reserve(answer.body.size() + 512); // other names around the same text
        task_.inbound().dialect.write_chat(*decoded, reply(), out_);
        answered(pricer_.whole(out_, decoded->usage), std::move(decoded->usage));
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
        return pricer_.stream(translated_stream(dialect_.decode_chat_stream(context()),
                                                task_.inbound().dialect.write_chat_stream(reply())));
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
    usage_pricer pricer_;
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
            parsed_->request.include_usage |= inbound().cost == cost_wish::asked;
        }
        auto made = std::make_unique<translated_dispatch>(*this, *parsed_, to);
        if (result<void> const encoded = made->encode(); !encoded) {
            return encoded.error();
        }
        return std::unique_ptr<dispatch>(std::move(made));
    }

    std::optional<providers::parsed_chat> parsed_;
};

} // namespace

result<std::unique_ptr<relay_task>> read_chat(inbound_chat const& inbound)
{
    return read_as<chat_task>(inbound, providers::operation::chat, inbound.dialect.chat_express());
}

} // namespace cogate::engine
