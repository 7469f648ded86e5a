#include "lib/ledger/accounts/records.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cogate::ledger {

namespace {

constexpr std::array<std::pair<key_type, std::string_view>, 4> key_types{{
    {key_type::standard, "default"},
    {key_type::llm_api, "llm_api"},
    {key_type::management, "management"},
    {key_type::read_only, "read_only"},
}};

constexpr std::array<std::pair<user_role, std::string_view>, 4> user_roles{{
    {user_role::internal_user, "internal_user"},
    {user_role::internal_user_viewer, "internal_user_viewer"},
    {user_role::proxy_admin, "proxy_admin"},
    {user_role::proxy_admin_viewer, "proxy_admin_viewer"},
}};

template <class Words, class E>
std::string_view word_of(Words const& words, E value) noexcept
{
    auto const is_it = [&](auto const& w) { return w.first == value; };
    auto const found = std::find_if(words.begin(), words.end(), is_it);
    return found == words.end() ? std::string_view("unknown") : found->second;
}

template <class E, class Words>
std::optional<E> value_of(Words const& words, std::string_view text) noexcept
{
    auto const is_it = [&](auto const& w) { return w.second == text; };
    auto const found = std::find_if(words.begin(), words.end(), is_it);
    return found == words.end() ? std::nullopt : std::optional<E>(found->first);
}

team_member const* find_in(std::vector<team_member> const& members, std::string_view user_id) noexcept
{
    auto const found =
        std::find_if(members.begin(), members.end(), [&](team_member const& m) { return m.user == user_id; });
    return found == members.end() ? nullptr : &*found;
}

} // namespace

std::string_view to_string(key_type type) noexcept
{
    return word_of(key_types, type);
}

std::string_view to_string(user_role role) noexcept
{
    return word_of(user_roles, role);
}

std::optional<key_type> parse_key_type(std::string_view text) noexcept
{
    return value_of<key_type>(key_types, text);
}

std::optional<user_role> parse_user_role(std::string_view text) noexcept
{
    return value_of<user_role>(user_roles, text);
}

team_member const* team_record::find_member(std::string_view user_id) const noexcept
{
    return find_in(members, user_id);
}

team_member const* organisation_record::find_member(std::string_view user_id) const noexcept
{
    return find_in(members, user_id);
}

bool opens(key_record const& one, std::string_view digest, moment now) noexcept
{
    if (digest == (one.current.empty() ? one.digest : one.current)) {
        return true;
    }
    return std::any_of(one.former.begin(), one.former.end(),
                       [&](former_key const& f) { return f.digest == digest && now < f.until; });
}

record_kind kind_of(record const& one) noexcept
{
    return static_cast<record_kind>(one.index() + 1);
}

std::string const& id_of(record const& one) noexcept
{
    struct id {
        std::string const& operator()(key_record const& r) const noexcept { return r.digest; }
        std::string const& operator()(user_record const& r) const noexcept { return r.id; }
        std::string const& operator()(team_record const& r) const noexcept { return r.id; }
        std::string const& operator()(organisation_record const& r) const noexcept { return r.id; }
        std::string const& operator()(end_user_record const& r) const noexcept { return r.id; }
        std::string const& operator()(budget_record const& r) const noexcept { return r.id; }
        std::string const& operator()(tag_record const& r) const noexcept { return r.id; }
    };
    return std::visit(id{}, one);
}

} // namespace cogate::ledger
