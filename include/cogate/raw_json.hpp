#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate {

/// One JSON value kept as its text, so that nothing is lost or rounded on the way through.
///
/// The text is valid JSON whenever cogate made it. When a user fills it by hand and it is not, encoding the
/// request fails with `invalid_request`. Empty means "absent".
struct raw_json {
    std::string text;

    bool empty() const noexcept { return text.empty(); }
    friend bool operator==(raw_json const&, raw_json const&) = default;
};

/// Members of a JSON object that cogate has no name for, in their order. They are carried through unchanged.
class extra_fields {
public:
    using member = std::pair<std::string, raw_json>;

    bool empty() const noexcept { return members_.empty(); }
    std::size_t size() const noexcept { return members_.size(); }
    auto begin() const noexcept { return members_.begin(); }
    auto end() const noexcept { return members_.end(); }

    /// The value of `key`, or nullptr.
    raw_json const* find(std::string_view key) const noexcept
    {
        for (member const& m : members_) {
            if (m.first == key) {
                return &m.second;
            }
        }
        return nullptr;
    }

    raw_json* find(std::string_view key) noexcept
    {
        return const_cast<raw_json*>(std::as_const(*this).find(key));
    }

    /// Sets `key`, replacing an earlier value in place.
    void set(std::string key, raw_json value)
    {
        for (member& m : members_) {
            if (m.first == key) {
                m.second = std::move(value);
                return;
            }
        }
        members_.emplace_back(std::move(key), std::move(value));
    }

    friend bool operator==(extra_fields const&, extra_fields const&) = default;

private:
    std::vector<member> members_;
};

} // namespace cogate
