#pragma once

#include <cogate/usage.hpp>

#include "lib/core/json/document.hpp"
#include "providers/common/fields.hpp"

#include <string>

namespace cogate::providers::anthropic_messages {

/// Adds up what the usage objects of one answer say. A stream has two or more; each repeats or raises the counts of
/// the one before, so that the larger counts and nothing is summed.
class usage_reader {
public:
    void read(json::value object);
    /// In OpenAI's meaning (providers.md 29.2): the prompt includes what was read from and written to the cache.
    usage total() const;
    /// "default", "priority", "batch"; empty when not said.
    std::string const& service_tier() const noexcept { return service_tier_; }

private:
    std::int64_t input_ = 0;
    std::int64_t output_ = 0;
    std::int64_t cache_read_ = 0;
    std::int64_t cache_write_ = 0;
    std::int64_t cache_write_1h_ = 0;
    std::int64_t thinking_ = 0;
    bool reported_ = false;
    std::string service_tier_;
    extra_fields extra_;
};

/// Writes the usage object of an answer, or of a stream's event.
void write_usage(raw_writer& out, usage const& tokens, std::string_view service_tier);

} // namespace cogate::providers::anthropic_messages
