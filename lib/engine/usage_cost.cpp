#include "lib/engine/usage_cost.hpp"

#include "lib/catalog/cost.hpp"
#include "lib/core/json/scanner.hpp"
#include "lib/core/text.hpp"
#include "lib/wire/sse_cutter.hpp"

#include <array>
#include <chrono>
#include <limits>
#include <utility>

namespace cogate::engine {

namespace {

constexpr std::string_view usage_name = "\"usage\"";

/// Whole events in, whole events out: those that hold a usage get the cost of what the stream has used by then.
class costed_stream final : public answer_stream {
public:
    costed_stream(std::unique_ptr<answer_stream> inner, usage_pricer const& prices)
        : inner_(std::move(inner)), prices_(prices)
    {}

    result<std::string_view> feed(std::string_view bytes, stream_signs& signs) override
    {
        result<std::string_view> const run = inner_->feed(bytes, signs);
        return priced(run);
    }
    result<std::string_view> finish(stream_signs& signs) override
    {
        result<std::string_view> const run = inner_->finish(signs);
        return priced(run);
    }
    usage const& used() const noexcept override { return inner_->used(); }

private:
    result<std::string_view> priced(result<std::string_view> const& run)
    {
        content_pieces_ = inner_->content_pieces();
        broken_ = inner_->broken();
        if (!run || run->find(usage_name) == std::string_view::npos) {
            return run;
        }
        std::optional<money> const cost =
            inner_->used().reported ? prices_.cost_of(inner_->used()) : std::nullopt;
        if (!cost) {
            return run;
        }
        out_.clear();
        // the inner stream has bounded its events, and passes on whole ones only
        wire::sse_cutter cutter(std::numeric_limits<std::size_t>::max() / 2);
        cutter.feed(*run);
        while (std::optional<wire::raw_event> const event = cutter.next()) {
            write(*event, *cost);
        }
        out_ += cutter.tail();
        return std::string_view(out_);
    }

    void write(wire::raw_event const& event, money cost)
    {
        std::size_t const before = out_.size();
        if (event.has_data && event.data.find(usage_name) != std::string_view::npos) {
            out_ += "data: ";
            if (add_usage_cost(event.data, cost, out_)) {
                out_ += "\n\n";
                return;
            }
            out_.resize(before);
        }
        out_ += event.bytes;
    }

    std::unique_ptr<answer_stream> inner_;
    usage_pricer prices_;
    std::string out_;
};

} // namespace

bool add_usage_cost(std::string_view json_text, money cost, std::string& out)
{
    std::array<json::member_query, 1> used{{{"usage"}}};
    json::scan_error error;
    if (!json::find_members(json_text, used, error) || !used[0].found || used[0].kind != json::kind::object) {
        return false;
    }
    std::string_view const object = used[0].value_in(json_text);
    std::array<json::member_query, 1> old{{{"cost"}}};
    if (!json::find_members(object, old, error)) {
        return false;
    }
    std::size_t const begin = used[0].value_begin;
    if (old[0].found) {
        out += json_text.substr(0, begin + old[0].value_begin);
        out += to_string(cost);
        out += json_text.substr(begin + old[0].value_end);
        return true;
    }
    std::size_t const end = begin + object.size() - 1;
    bool const is_empty = core::trim(object.substr(1, object.size() - 2)).empty();
    out += json_text.substr(0, end);
    out += is_empty ? "\"cost\":" : ",\"cost\":";
    out += to_string(cost);
    out += json_text.substr(end);
    return true;
}

std::optional<money> usage_pricer::cost_of(usage const& used) const
{
    model_facts const* const facts = deployment_.facts(upstream_model_);
    if (facts == nullptr) {
        return std::nullopt;
    }
    billing_facts billed;
    billed.when = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    result<call_cost> const cost = catalog::cost_of(*facts, used, billed);
    return cost ? std::optional(cost->total) : std::nullopt;
}

std::string_view usage_pricer::priced(std::string_view body, usage const& used)
{
    std::optional<money> const cost = used.reported ? cost_of(used) : std::nullopt;
    out_.clear();
    return cost && add_usage_cost(body, *cost, out_) ? std::string_view(out_) : body;
}

std::unique_ptr<answer_stream> usage_pricer::stream(std::unique_ptr<answer_stream> inner) const
{
    if (wish_ == cost_wish::none) {
        return inner;
    }
    return std::make_unique<costed_stream>(std::move(inner), *this);
}

} // namespace cogate::engine
