#include "lib/engine/express_task.hpp"

#include "lib/core/json/document.hpp"
#include "lib/core/json/scanner.hpp"
#include "lib/engine/express_dispatch.hpp"

#include <array>
#include <string>

namespace cogate::engine {
namespace {

/// OpenAI's clients ask for base64 by default and read floats as garbage; some services ignore the wish.
class embedding_dispatch final : public express_dispatch {
public:
    embedding_dispatch(express_task const& task, place const& to)
        : express_dispatch(task, to), task_(task), to_(to)
    {}

    result<void> whole(providers::whole_answer const& answer) override
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

} // namespace

result<std::unique_ptr<relay_task>> read_embedding(inbound_chat const& inbound)
{
    return read_as<embedding_task>(inbound, providers::operation::embedding,
                                   *inbound.dialect.embeddings()->express());
}

} // namespace cogate::engine
