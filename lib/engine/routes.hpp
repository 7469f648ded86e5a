#pragma once

#include <cogate/call_options.hpp>
#include <cogate/gateway.hpp>

#include "lib/engine/served_deployment.hpp"
#include "lib/policy/call_plan.hpp"
#include "lib/policy/group.hpp"
#include "lib/policy/route_table.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cogate::engine {

/// The way from model names to deployments: one immutable snapshot, replaced as a whole when the configuration changes.
/// Calls hold the one they began with. Thread safety: any thread.
class routes {
public:
    /// Deployments that `before` had under the same id keep their lanes: health, speed and load live on.
    /// Throws std::invalid_argument that names the deployment and what is wrong with it.
    routes(gateway_options const& options, network_transport const& network, routes const* before);

    /// Where calls to a name go.
    struct way {
        policy::call_plan const* plan = nullptr;
        bool pinned = false;   ///< one deployment and no other, even when it rests
        std::string_view name; ///< as asked
    };
    /// not_found/"model_not_found" when nobody serves it; the message says what is missing.
    result<way> find(std::string_view model) const;

    /// To the deployment of this one's id and no other: it may come from the routes before a reload. not_found when it is
    /// served no more.
    result<way> only(served_deployment const& served, std::string_view model) const;

    /// A plan for one call, and the groups that only it has.
    struct own_plan {
        std::vector<std::unique_ptr<policy::group>> groups;
        policy::call_plan plan;
    };
    /// A fallback that nobody serves is a 400 that names it.
    result<std::unique_ptr<own_plan>> with(way const& from, routing_options const& asked) const;

    /// The upstream's name of the model when a call came to a deployment through `in`.
    std::string upstream_model(way const& from, policy::group const& in,
                               served_deployment const& served) const;

    /// The first deployment of a name, for questions that any of them answers.
    struct target {
        served_deployment const* deployment;
        std::string upstream_model;
    };
    result<target> example(std::string_view model) const;

    /// Where requests to a service are passed through to: its first deployment of this very model, else its first one, or
    /// what the environment says; nullptr when there is none.
    served_deployment const* service(std::string_view provider, std::string_view model = {}) const noexcept;
    /// The names under which `model` of a service is known here: those of its deployments, then "provider/model", then the
    /// model's own.
    std::vector<std::string> names_of(std::string_view provider, std::string_view model) const;

    served_deployment const& deployment(policy::deployment_index index) const { return deployments_[index]; }
    std::deque<served_deployment> const& deployments() const noexcept { return deployments_; }
    std::vector<model> models() const;
    catalog::catalog_ptr const& prices() const noexcept { return prices_; }
    router_options const& router() const noexcept { return router_; }

private:
    struct planned {
        std::unique_ptr<policy::group> group;
        policy::call_plan plan;
    };
    void add_deployments(gateway_options const& options, network_transport const& network);
    void add_prices(gateway_options const& options);
    void add_lanes(gateway_options const& options, routes const* before);
    void add_groups(gateway_options const& options);
    std::unique_ptr<policy::group> make_group(std::string name,
                                              std::vector<policy::deployment_index> const& which) const;
    void name_matches(std::vector<std::string> const& names);
    void add_plan_of_name(std::string const& name, policy::group_finder const& finder);
    policy::group* find_group(std::string_view name) const;
    std::string why_not_found(std::string_view model) const;

    router_options router_;
    catalog::catalog_ptr prices_;
    bool from_environment_;
    std::deque<served_deployment> deployments_; ///< policy's indexes: those with a name first, then services
    std::size_t named_ = 0;                     ///< how many of them a model name leads to
    policy::route_table names_;
    std::shared_ptr<policy::strategy const> strategy_;
    std::vector<planned> groups_; ///< by the number that the names give them
    std::unordered_map<std::string, std::unique_ptr<policy::group>>
        matched_;                ///< fallbacks that a pattern serves
    std::vector<planned> alone_; ///< by deployment
    /// Of names that have rules beside their group's: aliases, and names that a pattern serves.
    std::map<std::string, policy::call_plan, std::less<>> named_plans_;
};

} // namespace cogate::engine
