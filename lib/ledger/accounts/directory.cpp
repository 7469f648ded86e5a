#include "lib/ledger/accounts/directory.hpp"

#include "lib/core/ids.hpp"
#include "lib/ledger/accounts/record_table.hpp"
#include "lib/ledger/scope.hpp"

#include <mutex>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace cogate::ledger {

namespace {

/// Leads from the digest of a key to the record that it opens, where that is not its id. One that is left over does no
/// harm: the record says what opens it.
struct key_opener {
    std::string id; ///< the digest
    std::string record;
};

template <class Call>
void each_opener(key_record const& of, Call call)
{
    if (!of.current.empty()) {
        call(of.current);
    }
    for (former_key const& one : of.former) {
        call(one.digest);
    }
}

} // namespace

class directory::implementation {
public:
    explicit implementation(record_store& from) : store(from) {}

    template <class R>
    record_table<R>& table() noexcept
    {
        return std::get<record_table<R>>(tables);
    }

    /// Calls `with` for the table of a kind.
    template <class With>
    auto with_table(record_kind kind, With with)
    {
        switch (kind) {
        case record_kind::key: return with(table<key_record>());
        case record_kind::user: return with(table<user_record>());
        case record_kind::team: return with(table<team_record>());
        case record_kind::organisation: return with(table<organisation_record>());
        case record_kind::end_user: return with(table<end_user_record>());
        case record_kind::budget: return with(table<budget_record>());
        case record_kind::tag: break;
        }
        return with(table<tag_record>());
    }

    void show(record&& one)
    {
        std::visit(
            [&]<class R>(R&& r) {
                using plain = std::remove_cvref_t<R>;
                if constexpr (std::is_same_v<plain, key_record>) {
                    close_key(r.digest);
                    each_opener(r, [&](std::string const& digest) {
                        openers.put(std::make_shared<key_opener const>(key_opener{digest, r.digest}));
                    });
                }
                table<plain>().put(std::make_shared<plain const>(std::forward<R>(r)));
            },
            std::move(one));
    }

    void hide(record_kind kind, std::string_view id)
    {
        if (kind == record_kind::key) {
            close_key(id);
        }
        with_table(kind, [&](auto& in) { in.remove(id); });
    }

    void close_key(std::string_view id)
    {
        if (key_ptr const old = table<key_record>().find(id)) {
            each_opener(*old, [&](std::string const& digest) { openers.remove(digest); });
        }
    }

    void note_before(record_kind kind, std::string_view id, std::vector<record>& into)
    {
        with_table(kind, [&](auto const& in) {
            if (auto const old = in.find(id)) {
                into.emplace_back(*old);
            }
        });
    }

    std::uint64_t const seed = core::random_bits();
    record_store& store;
    std::mutex writing;
    std::function<void(record_changes const&)> hear;
    std::tuple<record_table<key_record>, record_table<user_record>, record_table<team_record>,
               record_table<organisation_record>, record_table<end_user_record>, record_table<budget_record>,
               record_table<tag_record>>
        tables{seed, seed, seed, seed, seed, seed, seed};
    record_table<key_opener> openers{seed};
    record_limits limits;
};

namespace {

result<void> check_storable(record const& one)
{
    std::string const& id = id_of(one);
    if (id.empty() || !is_valid_name(id)) {
        return failure{error_kind::invalid_request,
                       "an id is 1 to 256 bytes of UTF-8 without control characters"}
            .with_code("invalid_id")
            .with_param("id");
    }
    // What would come back as another record (ill-formed UTF-8, metadata that is no object) is not taken.
    std::optional<record> const back = read_record(kind_of(one), write_record(one));
    if (!back || !(*back == one)) {
        return failure{error_kind::invalid_request,
                       "'" + id + "' cannot be stored: texts must be UTF-8, and metadata a JSON object"}
            .with_code("invalid_record");
    }
    return {};
}

} // namespace

directory::directory(std::unique_ptr<implementation> made) : impl_(std::move(made)) {}

directory::~directory() = default;

result<std::unique_ptr<directory>> directory::open(record_store& from)
{
    auto made = std::make_unique<implementation>(from);
    result<void> const read = from.read_all([&](record&& one) { made->show(std::move(one)); });
    if (read.has_error()) {
        return read.error();
    }
    return result<std::unique_ptr<directory>>(std::unique_ptr<directory>(new directory(std::move(made))));
}

key_ptr directory::find_key(std::string_view digest) const
{
    return impl_->table<key_record>().find(digest);
}
key_ptr directory::find_key_opened_by(std::string_view digest) const
{
    key_ptr one = impl_->table<key_record>().find(digest);
    if (one != nullptr && one->current.empty()) {
        return one;
    }
    std::shared_ptr<key_opener const> const way = impl_->openers.find(digest);
    return way != nullptr ? impl_->table<key_record>().find(way->record) : nullptr;
}
bool directory::is_taken(std::string_view digest) const
{
    return find_key(digest) != nullptr || impl_->openers.find(digest) != nullptr;
}
user_ptr directory::find_user(std::string_view id) const
{
    return impl_->table<user_record>().find(id);
}
team_ptr directory::find_team(std::string_view id) const
{
    return impl_->table<team_record>().find(id);
}
organisation_ptr directory::find_organisation(std::string_view id) const
{
    return impl_->table<organisation_record>().find(id);
}
end_user_ptr directory::find_end_user(std::string_view id) const
{
    return impl_->table<end_user_record>().find(id);
}
budget_ptr directory::find_budget(std::string_view id) const
{
    return impl_->table<budget_record>().find(id);
}
tag_ptr directory::find_tag(std::string_view id) const
{
    return impl_->table<tag_record>().find(id);
}

key_ptr directory::find_key_by_alias(std::string_view alias) const
{
    if (alias.empty()) {
        return nullptr;
    }
    return impl_->table<key_record>().find_if([&](key_record const& k) { return k.alias == alias; });
}

std::size_t directory::count_keys_of(std::string_view user) const
{
    std::size_t count = 0;
    impl_->table<key_record>().find_if([&](key_record const& k) {
        count += k.user == user ? 1 : 0;
        return false;
    });
    return count;
}

std::vector<key_ptr> directory::keys() const
{
    return impl_->table<key_record>().all();
}
std::vector<user_ptr> directory::users() const
{
    return impl_->table<user_record>().all();
}
std::vector<team_ptr> directory::teams() const
{
    return impl_->table<team_record>().all();
}
std::vector<organisation_ptr> directory::organisations() const
{
    return impl_->table<organisation_record>().all();
}
std::vector<end_user_ptr> directory::end_users() const
{
    return impl_->table<end_user_record>().all();
}
std::vector<budget_ptr> directory::budgets() const
{
    return impl_->table<budget_record>().all();
}
std::vector<tag_ptr> directory::tags() const
{
    return impl_->table<tag_record>().all();
}

std::size_t directory::size(record_kind kind) const noexcept
{
    return impl_->with_table(kind, [](auto const& in) { return in.size(); });
}

result<void> directory::change(std::function<result<record_changes>(directory const&)> const& decide)
{
    std::lock_guard const lock(impl_->writing);
    result<record_changes> decided = decide(*this);
    if (decided.has_error()) {
        return decided.error();
    }
    record_changes& changes = *decided;
    if (changes.empty()) {
        return {};
    }
    changes.before.clear();
    for (record_name const& gone : changes.removed) {
        impl_->note_before(gone.kind, gone.id, changes.before);
    }
    for (record const& one : changes.put) {
        result<void> const storable = check_storable(one);
        if (storable.has_error()) {
            return storable;
        }
        impl_->note_before(kind_of(one), id_of(one), changes.before);
    }
    if (result<void> const fits = check_limits(impl_->limits, *this, changes); fits.has_error()) {
        return fits;
    }
    result<void> const written = impl_->store.write(changes);
    if (written.has_error()) {
        return written;
    }
    for (record_name const& gone : changes.removed) {
        impl_->hide(gone.kind, gone.id);
    }
    for (record const& one : changes.put) {
        impl_->show(record(one));
    }
    if (impl_->hear) {
        impl_->hear(changes);
    }
    return {};
}

void directory::set_limits(record_limits const& limits)
{
    std::lock_guard const lock(impl_->writing);
    impl_->limits = limits;
}

void directory::on_change(std::function<void(record_changes const&)> hear)
{
    std::lock_guard const lock(impl_->writing);
    impl_->hear = std::move(hear);
}

} // namespace cogate::ledger
