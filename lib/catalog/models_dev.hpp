#pragma once
/// models.dev's api.json. Pure, safe from any thread.

#include "lib/catalog/load.hpp"
#include "lib/catalog/model_catalog.hpp"
#include "lib/core/json/document.hpp"

namespace cogate::catalog {

/// The root looks like such a file: some member has a "models" object.
bool is_models_dev(json::value root);

/// Takes over every model of every provider. A limit of 0 is not known; of `tiers` and `context_over_200k` only the
/// first counts; a cached price of 0 beside an input price means "none"; the output price of a model that makes
/// images is that of image tokens.
void read_models_dev(json::value root, catalog_builder& into, load_report& report);

} // namespace cogate::catalog
