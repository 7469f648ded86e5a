#pragma once

#include "providers/encoded_request.hpp"

#include <cogate/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cogate::cli {

/// What `cogate keys create` and `update` can say of a key. Nothing where a flag was not given.
struct key_wishes {
    std::optional<std::string> alias, user, team, organisation, type;
    std::optional<std::string> max_budget; ///< dollars, decimal
    std::optional<std::string> budget_duration;
    std::optional<std::string> duration; ///< until it expires
    std::optional<std::string> metadata; ///< a JSON object
    std::optional<std::int64_t> requests_per_minute, tokens_per_minute, parallel_requests;
    std::vector<std::string> models, tags; ///< each perhaps "a,b"

    bool empty() const noexcept;
};

/// Which keys `cogate keys list` shows.
struct key_filter {
    std::string user, team, alias;
};

/// POST /key/generate. Failures: `invalid_request`, naming the flag.
result<providers::encoded_request> create_key_request(key_wishes const& wishes);

/// POST /key/update of the key with this text or token. Failures as above, and when there is nothing to
/// change.
result<providers::encoded_request> update_key_request(std::string const& key, key_wishes const& wishes);

/// GET /key/list, whole records of one page of a hundred.
providers::encoded_request list_keys_request(key_filter const& filter, std::int64_t page);

/// GET /key/info.
providers::encoded_request key_info_request(std::string const& key);

/// POST /key/delete.
providers::encoded_request delete_keys_request(std::vector<std::string> const& keys);

/// POST of {"key": ...} to /key/block or /key/unblock.
providers::encoded_request key_action_request(std::string path, std::string const& key);

/// POST /key/regenerate. An empty `grace_period` ends the old key at once.
providers::encoded_request regenerate_key_request(std::string const& key, std::string const& grace_period);

} // namespace cogate::cli
