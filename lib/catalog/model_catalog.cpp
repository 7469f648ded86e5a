#include "lib/catalog/model_catalog.hpp"

#include <algorithm>
#include <utility>

#include "lib/catalog/names.hpp"
#include "lib/core/text.hpp"

namespace cogate::catalog {
namespace {

// FNV-1a, 64 bits, over lower-case letters.
class name_hash {
public:
    void add(char c) noexcept
    {
        state_ = (state_ ^ static_cast<unsigned char>(core::lower(c))) * 0x100000001B3U;
    }
    void add(std::string_view text) noexcept
    {
        for (char const c : text) {
            add(c);
        }
    }
    std::size_t value() const noexcept { return static_cast<std::size_t>(state_); }

private:
    std::uint64_t state_ = 0xCBF29CE484222325U;
};

std::string joined(std::string_view provider, std::string_view model)
{
    std::string key;
    key.reserve(provider.size() + 1 + model.size());
    return key.append(provider).append(1, '/').append(model);
}

} // namespace

std::size_t key_hash::operator()(joined_key const& key) const noexcept
{
    name_hash hash;
    if (!key.provider.empty()) {
        hash.add(key.provider);
        hash.add('/');
    }
    hash.add(key.model);
    return hash.value();
}

bool key_equal::operator()(std::string_view a, std::string_view b) const noexcept
{
    return core::iequals(a, b);
}

bool key_equal::operator()(std::string_view a, joined_key const& b) const noexcept
{
    if (b.provider.empty()) {
        return core::iequals(a, b.model);
    }
    return a.size() == b.provider.size() + 1 + b.model.size() && a[b.provider.size()] == '/' &&
           core::iequals(a.substr(0, b.provider.size()), b.provider) &&
           core::iequals(a.substr(b.provider.size() + 1), b.model);
}

model_facts const* model_catalog::at_key(joined_key const& key) const noexcept
{
    auto const found = index_.find(key);
    return found == index_.end() ? nullptr : &models_[found->second];
}

model_facts const* model_catalog::find(std::string_view provider, std::string_view model) const noexcept
{
    provider = canonical_provider(provider);
    if (provider.empty()) {
        return find(model);
    }
    for (std::string_view const reading : name_readings(provider, model)) {
        if (model_facts const* const facts = at_key({provider, reading})) {
            return facts;
        }
    }
    return nullptr;
}

model_facts const* model_catalog::find(std::string_view name) const noexcept
{
    if (model_facts const* const facts = at_key({{}, name})) {
        return facts;
    }
    split_name const parts = split_model(name);
    if (!parts.provider.empty()) {
        if (model_facts const* const facts = find(parts.provider, parts.model)) {
            return facts;
        }
    }
    for (std::string_view const reading : name_readings("bedrock", name)) {
        if (model_facts const* const facts = at_key({{}, reading})) {
            return facts;
        }
    }
    return nullptr;
}

model_facts const* model_catalog::find_deployment(std::string_view provider, std::string_view model,
                                                  std::string_view base_model) const noexcept
{
    if (base_model.empty()) {
        return find(provider, model);
    }
    split_name const parts = split_model(base_model);
    if (!parts.provider.empty()) {
        return find(base_model);
    }
    model_facts const* const own = find(provider, base_model);
    return own != nullptr ? own : find(base_model);
}

model_facts const* model_catalog::find_image(std::string_view provider, std::string_view model,
                                             std::string_view size, std::string_view quality) const
{
    if (auto const sides = core::split_once(size, 'x')) {
        std::string const sized =
            std::string(sides->first).append("-x-").append(sides->second).append(1, '/').append(model);
        provider = canonical_provider(provider);
        if (!quality.empty()) {
            std::string const key = std::string(quality).append(1, '/').append(sized);
            if (model_facts const* const facts = at_key({provider, key})) {
                return facts;
            }
        }
        if (model_facts const* const facts = at_key({provider, sized})) {
            return facts;
        }
    }
    return find(provider, model);
}

catalog_builder::catalog_builder() : made_(new model_catalog) {}

catalog_builder::catalog_builder(model_catalog const& base) : catalog_builder()
{
    made_->models_ = base.models_;
    made_->index_ = base.index_;
}

catalog_builder::~catalog_builder() = default;

model_facts const* catalog_builder::find(std::string_view provider, std::string_view model) const noexcept
{
    return made_->at_key({canonical_provider(provider), model});
}

bool catalog_builder::set(model_facts facts, std::string_view spelled)
{
    std::optional<std::uint32_t> const place = put(std::move(facts));
    if (place && !spelled.empty()) {
        made_->index_.insert_or_assign(std::string(spelled), *place);
    }
    return place.has_value();
}

bool catalog_builder::set_with_bare_name(model_facts facts)
{
    std::string const bare = facts.model;
    std::optional<std::uint32_t> const place = put(std::move(facts));
    if (place && bare.find('/') == std::string::npos) {
        made_->index_.try_emplace(bare, *place);
    }
    return place.has_value();
}

std::optional<std::uint32_t> catalog_builder::put(model_facts facts)
{
    auto& models = made_->models_;
    auto const fresh = static_cast<std::uint32_t>(models.size());
    auto const [entry, added] = made_->index_.try_emplace(joined(facts.provider, facts.model), fresh);
    // A key as a price map spells it may look like another model's; that one keeps its facts.
    bool const same = !added && core::iequals(models[entry->second].provider, facts.provider) &&
                      core::iequals(models[entry->second].model, facts.model);
    if (same) {
        models[entry->second] = std::move(facts);
        return entry->second;
    }
    if (models.size() >= most_models) {
        if (added) {
            made_->index_.erase(entry);
        }
        return std::nullopt;
    }
    entry->second = fresh;
    models.push_back(std::move(facts));
    return fresh;
}

catalog_ptr catalog_builder::build()
{
    catalog_ptr built = std::move(made_);
    made_.reset(new model_catalog);
    return built;
}

} // namespace cogate::catalog
