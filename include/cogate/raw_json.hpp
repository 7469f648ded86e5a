#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cogate {

/// One JSON value kept as its text, so that nothing is lost or rounded on the way through.
///
/// The text is valid JSON whenever cogate made it. When a user fills it by hand and it is not, encoding the
/// request fails with `invalid_request`. Empty means "absent".
struct raw_json {
    std::string text; ///< JSON, or empty

    /// Whether it is absent.
    bool empty() const noexcept { return text.empty(); }
    friend bool operator==(raw_json const&, raw_json const&) = default;
};

/// Members of a JSON object that cogate has no name for, in their order. They are carried through unchanged.
///
/// Few as a rule, then searched one by one; beyond some dozens by an index, so that a hostile object costs no more
/// than its bytes.
class extra_fields {
public:
    /// Name and value.
    using member = std::pair<std::string, raw_json>;

    extra_fields() = default;
    /// Copies the members; the index is made anew when it is needed.
    extra_fields(extra_fields const& other) : members_(other.members_) {}
    extra_fields(extra_fields&&) noexcept = default;
    /// As the copy constructor.
    extra_fields& operator=(extra_fields const& other)
    {
        members_ = other.members_;
        index_.reset();
        return *this;
    }
    extra_fields& operator=(extra_fields&&) noexcept = default;
    ~extra_fields() = default;

    /// Whether there are no members.
    bool empty() const noexcept { return members_.empty(); }
    /// How many members there are.
    std::size_t size() const noexcept { return members_.size(); }
    /// The members in their order; valid until the next `set` or assignment.
    auto begin() const noexcept { return members_.begin(); }
    /// As `begin`.
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

    /// The same, to be changed.
    raw_json* find(std::string_view key) noexcept
    {
        return const_cast<raw_json*>(std::as_const(*this).find(key));
    }

    /// Sets `key`, replacing an earlier value in place.
    void set(std::string key, raw_json value)
    {
        if (members_.size() >= searched_one_by_one) {
            set_by_index(std::move(key), std::move(value));
        } else if (raw_json* const there = find(key)) {
            *there = std::move(value);
        } else {
            members_.emplace_back(std::move(key), std::move(value));
        }
    }

    /// The same members in the same order.
    friend bool operator==(extra_fields const& a, extra_fields const& b) { return a.members_ == b.members_; }

private:
    static constexpr std::size_t searched_one_by_one = 32;

    void set_by_index(std::string key, raw_json value)
    {
        if (!index_) {
            index_ = std::make_unique<std::unordered_map<std::string, std::size_t>>();
            for (std::size_t i = 0; i != members_.size(); ++i) {
                index_->emplace(members_[i].first, i);
            }
        }
        auto const [at, fresh] = index_->try_emplace(key, members_.size());
        if (fresh) {
            members_.emplace_back(std::move(key), std::move(value));
        } else {
            members_[at->second].second = std::move(value);
        }
    }

    std::vector<member> members_;
    std::unique_ptr<std::unordered_map<std::string, std::size_t>> index_; ///< of all members once it is there
};

} // namespace cogate
