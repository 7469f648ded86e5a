#pragma once
/// All models that are known, with their prices: immutable once built.
///
/// Thread safety: a catalog may be read from any number of threads; share it as a snapshot, `catalog_ptr`. A
/// builder belongs to one thread. Pointers into a catalog live as long as it. Lookups allocate nothing.

#include <cogate/prices.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cogate::catalog {

class model_catalog;
using catalog_ptr = std::shared_ptr<model_catalog const>;

/// A key of the index without its text being joined: "provider/model".
struct joined_key {
    std::string_view provider; ///< empty: the key is `model` alone
    std::string_view model;
};

struct key_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const noexcept { return (*this)(joined_key{{}, key}); }
    std::size_t operator()(std::string const& key) const noexcept { return (*this)(std::string_view(key)); }
    std::size_t operator()(joined_key const& key) const noexcept;
};

/// Names match without regard to the case of ASCII letters, as LiteLLM does it.
struct key_equal {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const noexcept;
    bool operator()(std::string_view a, joined_key const& b) const noexcept;
    bool operator()(joined_key const& a, std::string_view b) const noexcept { return (*this)(b, a); }
};

class model_catalog {
public:
    model_catalog(model_catalog const&) = delete;
    model_catalog& operator=(model_catalog const&) = delete;

    /// The built-in table. Parsed at the first call, then shared.
    static catalog_ptr const& embedded();

    /// By provider and the provider's own model name, or by the name a request carries. Null when unknown.
    /// LiteLLM's rules: the provider must be the one asked for (a price of another provider is never borrowed);
    /// first the name as it is, then the readings of `name_readings`.
    model_facts const* find(std::string_view provider, std::string_view model) const noexcept;

    /// "provider/model", a key of a loaded price map as written there, or a bare model name, which means its
    /// maker's (the first provider of the table that has it).
    model_facts const* find(std::string_view name) const noexcept;

    /// Of a deployment: the base model if the operator names one (Azure deployments have any name), else the
    /// model.
    model_facts const* find_deployment(std::string_view provider, std::string_view model,
                                       std::string_view base_model) const noexcept;

    /// Of one size and quality of an image, as LiteLLM's map keys them ("hd/1024-x-1792/dall-e-3",
    /// "1024-x-1024/dall-e-2"); else the model's own. `size` as in the request: "1024x1024".
    model_facts const* find_image(std::string_view provider, std::string_view model, std::string_view size,
                                  std::string_view quality) const;

    /// In the order of loading.
    std::span<model_facts const> models() const noexcept { return models_; }

private:
    friend class catalog_builder;

    model_catalog() = default;

    model_facts const* at_key(joined_key const& key) const noexcept;

    std::vector<model_facts> models_;
    std::unordered_map<std::string, std::uint32_t, key_hash, key_equal> index_;
};

/// Makes a catalog, by default on top of another one.
class catalog_builder {
public:
    /// At most this many models; more are refused by `set`.
    static constexpr std::size_t most_models = 200'000;

    catalog_builder();
    explicit catalog_builder(model_catalog const& base);
    ~catalog_builder();

    /// The facts under this provider and model so far; null when there are none.
    model_facts const* find(std::string_view provider, std::string_view model) const noexcept;

    /// Adds or replaces a model under "provider/model" and under `spelled` (a price map's own key), which wins
    /// over earlier uses of that name. False when full.
    bool set(model_facts facts, std::string_view spelled = {});

    /// Adds or replaces a model under "provider/model", and under its bare name when that is free and cannot be
    /// taken for a provider and a model.
    bool set_with_bare_name(model_facts facts);

    /// The builder is empty afterwards.
    catalog_ptr build();

private:
    std::optional<std::uint32_t> put(model_facts facts);

    std::unique_ptr<model_catalog> made_;
};

} // namespace cogate::catalog
