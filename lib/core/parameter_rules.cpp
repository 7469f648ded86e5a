#include <cogate/parameter_rules.hpp>

#include <algorithm>

namespace cogate {
namespace {

void add_missing(std::vector<std::string>& to, std::vector<std::string> const& more)
{
    for (std::string const& name : more) {
        if (std::find(to.begin(), to.end(), name) == to.end()) {
            to.push_back(name);
        }
    }
}

} // namespace

parameter_rules merged(parameter_rules const& wide, parameter_rules const& narrow)
{
    parameter_rules out = wide;
    out.drop_params = wide.drop_params || narrow.drop_params;
    add_missing(out.additional_drop_params, narrow.additional_drop_params);
    add_missing(out.allowed_openai_params, narrow.allowed_openai_params);
    return out;
}

} // namespace cogate
