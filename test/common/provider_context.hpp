#pragma once
/// What dialect tests hand to an encoder: a row, settings and rules that live as long as the context is used.

#include "providers/call_context.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace cogate::test {

class provider_context {
public:
    explicit provider_context(std::string model = "up", bool stream = false,
                              providers::provider row = {.name = "test"})
        : model_(std::move(model)), stream_(stream), row_(row)
    {}

    provider_context& with(std::string name, std::string value)
    {
        settings_.set(std::move(name), secret(std::move(value)));
        return *this;
    }

    parameter_rules& rules() noexcept { return rules_; }

    operator providers::call_context() const // NOLINT: stands for one in tests
    {
        return {.model = model_, .stream = stream_, .service = row_, .settings = settings_, .rules = rules_};
    }

private:
    std::string model_;
    bool stream_;
    providers::provider row_;
    providers::settings settings_;
    parameter_rules rules_;
};

} // namespace cogate::test
