#pragma once

#include "lib/ledger/accounts/record_limits.hpp"
#include "lib/ledger/accounts/record_store.hpp"
#include "lib/ledger/accounts/records.hpp"

#include <cogate/result.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::ledger {

/// All records in memory, written through to their store: a look-up never touches the disk, and a change is
/// seen by the next look-up after it, on every thread.
///
/// Thread safety: every function from any thread. Look-ups never wait for a change's disk. What they return
/// is immutable and stays valid when the record is replaced or removed.
class directory {
public:
    /// Reads every record of the store. Failures: the store's. Blocks. The store must outlive it.
    static result<std::unique_ptr<directory>> open(record_store& from);
    ~directory();
    directory(directory const&) = delete;
    directory& operator=(directory const&) = delete;

    /// The record of an id, which for keys is a digest. Null when there is none.
    key_ptr find_key(std::string_view digest) const;
    /// The record that the key of this digest opens, or opened before a regeneration whose grace period may be over:
    /// ask `opens`.
    key_ptr find_key_opened_by(std::string_view digest) const;
    /// Whether a record has this digest as its id or as that of a key: no other may get it.
    bool is_taken(std::string_view digest) const;
    user_ptr find_user(std::string_view id) const;
    team_ptr find_team(std::string_view id) const;
    organisation_ptr find_organisation(std::string_view id) const;
    end_user_ptr find_end_user(std::string_view id) const;
    budget_ptr find_budget(std::string_view id) const;
    tag_ptr find_tag(std::string_view id) const;
    /// Linear in the keys.
    key_ptr find_key_by_alias(std::string_view alias) const;

    /// All records of a kind, ordered by when they were made, then by id.
    std::vector<key_ptr> keys() const;
    std::vector<user_ptr> users() const;
    std::vector<team_ptr> teams() const;
    std::vector<organisation_ptr> organisations() const;
    std::vector<end_user_ptr> end_users() const;
    std::vector<budget_ptr> budgets() const;
    std::vector<tag_ptr> tags() const;

    std::size_t size(record_kind kind) const noexcept;
    /// Linear in the keys.
    std::size_t count_keys_of(std::string_view user) const;

    /// What may be there at most from the next change on. What is there already stays.
    void set_limits(record_limits const& limits);

    /// Decides changes from a state that nobody changes meanwhile, then makes all of them or none: durable
    /// first, then visible. What `decide` returns as a failure, the store's, or `check_limits`'s is returned and nothing
    /// has changed. Blocks for the disk: never on a loop.
    result<void> change(std::function<result<record_changes>(directory const&)> const& decide);

    /// Called with the changes after each one is visible, in order, on the thread that made it, before
    /// change() returns. To be set before the first change.
    void on_change(std::function<void(record_changes const&)> hear);

private:
    class implementation;
    explicit directory(std::unique_ptr<implementation> made);
    std::unique_ptr<implementation> impl_;
};

} // namespace cogate::ledger
