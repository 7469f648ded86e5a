#pragma once

#include "lib/ledger/accounts/records.hpp"

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::ledger {

/// An owner's terms over the terms that it borrows, most particular first, as a view: the first that says
/// something counts, member by member. Copies no map, so that the request path may use it. Must not outlive
/// the records.
class layered_terms {
public:
    /// Null layers say nothing.
    explicit layered_terms(terms const* own, terms const* lent = nullptr,
                           terms const* usual = nullptr) noexcept
        : layers_{own, lent, usual}
    {}

    /// All but `per_model`.
    terms whole() const
    {
        terms out;
        out.max_budget = first([](terms const& t) { return t.max_budget; });
        out.soft_budget = first([](terms const& t) { return t.soft_budget; });
        out.limits = limits();
        for (terms const* const layer : layers_) {
            if (layer == nullptr) {
                continue;
            }
            if (out.budget_duration.empty()) {
                out.budget_duration = layer->budget_duration;
            }
            if (out.extra_budget == 0) {
                out.extra_budget = layer->extra_budget;
                out.extra_until = layer->extra_until;
            }
        }
        return out;
    }
    rate_limits limits() const noexcept
    {
        return {first([](terms const& t) { return t.limits.requests_per_minute; }),
                first([](terms const& t) { return t.limits.tokens_per_minute; }),
                first([](terms const& t) { return t.limits.parallel_requests; })};
    }
    /// The first layer's that names the model; null when none does.
    model_terms const* of_model(std::string_view model) const noexcept
    {
        for (terms const* const layer : layers_) {
            if (layer != nullptr) {
                if (auto const found = layer->per_model.find(model); found != layer->per_model.end()) {
                    return &found->second;
                }
            }
        }
        return nullptr;
    }
    std::map<std::string, model_terms, std::less<>> per_model() const
    {
        std::map<std::string, model_terms, std::less<>> out;
        for (terms const* const layer : layers_) {
            if (layer != nullptr) {
                out.insert(layer->per_model.begin(), layer->per_model.end()); // what is there stays
            }
        }
        return out;
    }

private:
    template <class Member>
    auto first(Member member) const noexcept -> decltype(member(terms{}))
    {
        for (terms const* const layer : layers_) {
            if (layer != nullptr) {
                if (auto const said = member(*layer)) {
                    return said;
                }
            }
        }
        return std::nullopt;
    }

    std::array<terms const*, 3> layers_;
};

inline terms const* terms_in(budget_ptr const& lent) noexcept
{
    return lent != nullptr ? &lent->has : nullptr;
}

} // namespace cogate::ledger
