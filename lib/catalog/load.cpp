#include "lib/catalog/load.hpp"

#include <array>
#include <utility>

#include "lib/catalog/litellm_map.hpp"
#include "lib/catalog/models_dev.hpp"
#include "lib/core/json/document.hpp"

namespace cogate::catalog {
namespace {

constexpr std::array<std::string_view, 4> reasons = {
    "unknown price field, not charged",
    "wrong price, the model has no price now",
    "no model, left out",
    "too many prices, the model has no price now",
};

failure bad_file(std::string message)
{
    return failure(error_kind::invalid_request, "the price file " + std::move(message))
        .with_code("bad_price_file");
}

} // namespace

std::string to_string(load_notice const& notice)
{
    std::string text = notice.model;
    if (!notice.field.empty()) {
        text.append(": ").append(notice.field);
    }
    return text.append(": ").append(reasons[static_cast<std::size_t>(notice.why)]);
}

void load_report::add(load_notice::reason why, std::string_view model, std::string_view field)
{
    if (notices.size() >= most_notices) {
        ++notices_left_out;
        return;
    }
    notices.push_back({why, std::string(model.substr(0, longest_model_name)),
                       std::string(field.substr(0, longest_model_name))});
}

result<loaded_catalog> load_prices(std::string_view text, model_catalog const& base)
{
    if (text.size() > longest_price_file) {
        return bad_file("is larger than 64 MiB");
    }
    json::document file;
    json::parse_error error;
    json::parse_options options;
    options.max_depth = 32;
    if (!file.parse(text, error, options)) {
        return bad_file("is no JSON: " + json::to_string(error));
    }
    loaded_catalog loaded;
    catalog_builder builder(base);
    if (is_models_dev(file.root())) {
        loaded.report.format = price_format::models_dev;
        read_models_dev(file.root(), builder, loaded.report);
    } else if (is_litellm_map(file.root())) {
        read_litellm_map(file.root(), builder, loaded.report);
    } else {
        return bad_file("is neither LiteLLM's price map nor a models.dev file");
    }
    loaded.catalog = builder.build();
    return loaded;
}

} // namespace cogate::catalog
