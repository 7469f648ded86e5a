#include "lib/core/json/document.hpp"
#include "lib/core/json/writer.hpp"
#include "lib/ledger/accounts/record_members.hpp"

#include <limits>

namespace cogate::ledger {

namespace {

using model_terms_map = std::map<std::string, model_terms, std::less<>>;
using alias_map = std::map<std::string, std::string, std::less<>>;

/// Writes what differs from a fresh value.
class member_writer {
public:
    explicit member_writer(json::writer& to) : to_(to) {}

    template <class T>
    void operator()(std::string_view name, T const& v)
    {
        if (!(v == T{})) {
            to_.key(name);
            write(v);
        }
    }
    void object(std::string_view name, std::string const& json_text)
    {
        if (json_text != "{}") {
            to_.raw_member(name, json_text);
        }
    }

    template <class R>
    void whole(R const& r)
    {
        to_.begin_object();
        members_of(*this, r);
        to_.end_object();
    }

private:
    void write(std::string const& v) { to_.value(v); }
    void write(bool v) { to_.value(v); }
    void write(std::int64_t v) { to_.value(v); }
    void write(moment v) { to_.value(v.time_since_epoch().count()); }
    void write(key_type v) { to_.value(to_string(v)); }
    void write(user_role v) { to_.value(to_string(v)); }
    template <class T>
    void write(std::optional<T> const& v)
    {
        write(*v);
    }
    template <class T>
    void write(std::vector<T> const& v)
    {
        to_.begin_array();
        for (T const& one : v) {
            write(one);
        }
        to_.end_array();
    }
    template <class T>
    void write(std::map<std::string, T, std::less<>> const& v)
    {
        to_.begin_object();
        for (auto const& [name, one] : v) {
            to_.key(name);
            write(one);
        }
        to_.end_object();
    }
    template <class R>
    void write(R const& v)
    {
        whole(v);
    }

    json::writer& to_;
};

/// Reads the members of one object; what is absent stays as it is. `is_right()` at the end: nothing had a
/// wrong kind and no member was left over.
class member_reader {
public:
    explicit member_reader(json::value from) : from_(from), good_(from.is_object()) {}

    bool is_right() const noexcept { return good_ && found_ == from_.size(); }

    template <class T>
    void operator()(std::string_view name, T& into)
    {
        if (json::value const v = from_.find(name)) {
            ++found_;
            good_ = good_ && read(v, into);
        }
    }
    void object(std::string_view name, std::string& into)
    {
        if (json::value const v = from_.find(name)) {
            ++found_;
            good_ = good_ && v.is_object();
            into = v.raw();
        }
    }

private:
    static bool read(json::value v, std::string& into)
    {
        into = v.string();
        return v.is_string();
    }
    static bool read(json::value v, bool& into)
    {
        into = v.as_bool().value_or(false);
        return v.is_bool();
    }
    static bool read(json::value v, std::int64_t& into)
    {
        std::optional<std::int64_t> const number = v.as_int64();
        into = number.value_or(0);
        return number.has_value();
    }
    static bool read(json::value v, moment& into)
    {
        std::int64_t micros = 0;
        bool const is_number = read(v, micros);
        into = moment{moment::duration{micros}};
        return is_number;
    }
    static bool read(json::value v, key_type& into)
    {
        std::optional<key_type> const type = parse_key_type(v.string());
        into = type.value_or(key_type::standard);
        return type.has_value();
    }
    static bool read(json::value v, user_role& into)
    {
        std::optional<user_role> const role = parse_user_role(v.string());
        into = role.value_or(user_role::internal_user);
        return role.has_value();
    }
    template <class T>
    static bool read(json::value v, std::optional<T>& into)
    {
        return read(v, into.emplace());
    }
    template <class T>
    static bool read(json::value v, std::vector<T>& into)
    {
        bool good = v.is_array();
        for (json::value const one : v) {
            good = read(one, into.emplace_back()) && good;
        }
        return good;
    }
    template <class T>
    static bool read(json::value v, std::map<std::string, T, std::less<>>& into)
    {
        bool good = v.is_object();
        for (auto const [name, one] : v.members()) {
            good = read(one, into[std::string(name)]) && good;
        }
        return good;
    }
    template <class R>
    static bool read(json::value v, R& into)
    {
        member_reader members(v);
        members_of(members, into);
        return members.is_right();
    }

    json::value from_;
    std::size_t found_ = 0;
    bool good_;
};

template <class R>
std::optional<record> read_one(json::value from)
{
    R r;
    member_reader members(from);
    members_of(members, r);
    record out(std::move(r));
    if (!members.is_right() || id_of(out).empty()) {
        return std::nullopt;
    }
    return out;
}

} // namespace

std::string write_record(record const& one)
{
    std::string out;
    json::writer to(out);
    member_writer members(to);
    std::visit([&](auto const& r) { members.whole(r); }, one);
    return out;
}

std::optional<record> read_record(record_kind kind, std::string_view text)
{
    json::document read;
    json::parse_error ignored;
    json::parse_options options;
    options.max_depth = json::deepest; // metadata may be as deep as a request may be, and lies one deeper
    options.refuse_duplicate_top_level = true;
    if (!read.parse(text, ignored, options)) {
        return std::nullopt;
    }
    switch (kind) {
    case record_kind::key: return read_one<key_record>(read.root());
    case record_kind::user: return read_one<user_record>(read.root());
    case record_kind::team: return read_one<team_record>(read.root());
    case record_kind::organisation: return read_one<organisation_record>(read.root());
    case record_kind::end_user: return read_one<end_user_record>(read.root());
    case record_kind::budget: return read_one<budget_record>(read.root());
    case record_kind::tag: return read_one<tag_record>(read.root());
    }
    return std::nullopt;
}

} // namespace cogate::ledger
