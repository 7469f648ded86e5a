#pragma once

#include <cogate/money.hpp>
#include <cogate/usage.hpp>

#include "lib/engine/answer_stream.hpp"
#include "lib/engine/served_deployment.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::engine {

/// Whether answers say in their `usage` what they cost.
enum class cost_wish : std::uint8_t {
    none,
    in_streams, ///< in the usage chunk, where the client gets one: LiteLLM's include_cost_in_streaming_usage
    asked ///< by the request: OpenRouter's `"usage": {"include": true}`. A stream then has a usage chunk
};

/// The JSON text of an answer or chunk in OpenAI's shape with `"cost"` (dollars, exact) in its `usage`, in the place of one
/// that a provider put there, appended to `out`. False where it has no `usage` object: then nothing is appended. Pure.
bool add_usage_cost(std::string_view json_text, money cost, std::string& out);

/// Puts the cost into one answer of one deployment. Where the price is not known the answer stays as it is. Must not outlive
/// the deployment. Not thread-safe.
class usage_pricer {
public:
    usage_pricer(cost_wish wish, served_deployment const& deployment,
                 std::string_view upstream_model) noexcept
        : wish_(wish), deployment_(deployment), upstream_model_(upstream_model)
    {}

    bool asked() const noexcept { return wish_ == cost_wish::asked; }

    /// A whole answer's body; valid as long as `body` and this, until the next call.
    std::string_view whole(std::string_view body, usage const& used)
    {
        return asked() ? priced(body, used) : body;
    }

    /// The stream itself, or one around it whose usage chunks have the cost.
    std::unique_ptr<answer_stream> stream(std::unique_ptr<answer_stream> inner) const;

    std::optional<money> cost_of(usage const& used) const;

private:
    std::string_view priced(std::string_view body, usage const& used);

    cost_wish wish_;
    served_deployment const& deployment_;
    std::string_view upstream_model_;
    std::string out_;
};

} // namespace cogate::engine
