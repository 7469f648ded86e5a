#include "lib/ledger/accounts/directory.hpp"

#include "test/lib/ledger/accounts/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <map>
#include <thread>

using namespace cogate::ledger;
using namespace cogate::test;

namespace {

/// Refuses to write while told so.
class stubborn_store final : public record_store {
public:
    cogate::result<void> read_all(std::function<void(record&&)> const& take) override
    {
        return kept->read_all(take);
    }
    cogate::result<void> write(record_changes const& changes) override
    {
        if (refuses) {
            return cogate::failure{cogate::error_kind::service_unavailable, "no"}.with_code(
                "ledger_unavailable");
        }
        return kept->write(changes);
    }
    std::unique_ptr<record_store> kept = make_memory_records();
    bool refuses = false;
};

key_record key(std::string digest, std::string alias = {}, moment created = {})
{
    key_record k;
    k.digest = std::move(digest);
    k.alias = std::move(alias);
    k.made.created_at = created;
    return k;
}

std::string code_of(cogate::result<void> const& r)
{
    return r.has_error() ? r.error()->code : "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(ledger_accounts_directory)

BOOST_AUTO_TEST_CASE(it_agrees_with_a_map_and_with_its_own_reopening)
{
    memory_directory d;
    random_records make(3);
    std::map<std::pair<record_kind, std::string>, record> expected;
    for (int i = 0; i != 500; ++i) {
        record_changes what;
        if (make.random().one_in(2)) {
            what.removed.push_back({make.kind(), make.id()});
            expected.erase({what.removed[0].kind, what.removed[0].id});
        }
        record const one = make.any();
        what.put.push_back(one);
        expected.insert_or_assign({kind_of(one), id_of(one)}, one);
        d.change(what);
    }
    auto const check = [&](directory const& in) {
        std::size_t count = 0;
        auto const check_all = [&](auto const& list, auto find) {
            for (auto const& r : list) {
                record const copy(*r);
                BOOST_TEST((expected.at({kind_of(copy), id_of(copy)}) == copy));
                BOOST_TEST((find(id_of(copy)) == r));
                ++count;
            }
        };
        check_all(in.keys(), [&](auto& id) { return in.find_key(id); });
        check_all(in.users(), [&](auto& id) { return in.find_user(id); });
        check_all(in.teams(), [&](auto& id) { return in.find_team(id); });
        check_all(in.organisations(), [&](auto& id) { return in.find_organisation(id); });
        check_all(in.end_users(), [&](auto& id) { return in.find_end_user(id); });
        check_all(in.budgets(), [&](auto& id) { return in.find_budget(id); });
        check_all(in.tags(), [&](auto& id) { return in.find_tag(id); });
        std::size_t sizes = 0;
        for (int k = 1; k != 8; ++k) {
            sizes += in.size(static_cast<record_kind>(k));
        }
        BOOST_TEST(count == expected.size());
        BOOST_TEST(sizes == expected.size());
    };
    check(*d.in);
    check(*directory::open(*d.store).value());
}

BOOST_AUTO_TEST_CASE(what_was_found_stays_valid_and_unchanged)
{
    memory_directory d;
    d.put(key("k", "one"));
    key_ptr const old = d.in->find_key("k");
    d.put(key("k", "two"));
    BOOST_TEST(old->alias == "one");
    BOOST_TEST(d.in->find_key("k")->alias == "two");
    d.remove(record_kind::key, "k");
    BOOST_TEST(d.in->find_key("k") == nullptr);
    BOOST_TEST(d.in->find_key("") == nullptr);
}

BOOST_AUTO_TEST_CASE(lists_are_in_order_of_making)
{
    memory_directory d;
    d.put(key("b", {}, ledger_noon), key("c", {}, ledger_noon),
          key("a", {}, ledger_noon + std::chrono::hours{1}));
    std::string order;
    for (key_ptr const& k : d.in->keys()) {
        order += k->digest;
    }
    BOOST_TEST(order == "bca");
}

BOOST_AUTO_TEST_CASE(keys_are_found_by_alias)
{
    memory_directory d;
    d.put(key("a"), key("b", "mine"));
    BOOST_TEST(d.in->find_key_by_alias("mine")->digest == "b");
    BOOST_TEST(d.in->find_key_by_alias("other") == nullptr);
    BOOST_TEST(d.in->find_key_by_alias("") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_key_is_found_by_what_opens_it)
{
    memory_directory d;
    key_record k = key("first");
    d.put(k);
    BOOST_TEST(d.in->find_key_opened_by("first")->digest == "first");
    k.current = "third";
    k.former = {{"first", ledger_noon}, {"second", ledger_noon}};
    d.put(k);
    auto const check = [&](directory const& in) {
        for (std::string_view const digest : {"first", "second", "third"}) {
            BOOST_TEST(in.find_key_opened_by(digest)->digest == "first", digest);
            BOOST_TEST(in.is_taken(digest));
        }
        key_record const& one = *in.find_key("first");
        BOOST_TEST(opens(one, "third", ledger_noon));
        BOOST_TEST(opens(one, "second", ledger_noon - std::chrono::microseconds{1}));
        BOOST_TEST(!opens(one, "second", ledger_noon));
        BOOST_TEST(!opens(one, "other", {}));
    };
    check(*d.in);
    check(*directory::open(*d.store).value());
    k.former.clear();
    k.current = "fourth";
    d.put(k);
    BOOST_TEST(d.in->find_key("first") != nullptr);
    BOOST_TEST(d.in->find_key_opened_by("first") == nullptr); // its id, and nobody's key any more
    BOOST_TEST(d.in->find_key_opened_by("third") == nullptr);
    BOOST_TEST(d.in->is_taken("first"));
    BOOST_TEST(!d.in->is_taken("third"));
    d.remove(record_kind::key, "first");
    BOOST_TEST(d.in->find_key_opened_by("fourth") == nullptr);
    BOOST_TEST(!d.in->is_taken("fourth"));
}

BOOST_AUTO_TEST_CASE(a_change_is_made_whole_or_not_at_all)
{
    stubborn_store s;
    std::unique_ptr<directory> const d = directory::open(s).value();
    int heard = 0;
    d->on_change([&](record_changes const&) { ++heard; });
    auto const put_two = [](directory const&) {
        return cogate::result<record_changes>(record_changes{{key("a"), key("b")}, {}});
    };
    s.refuses = true;
    BOOST_TEST(code_of(d->change(put_two)) == "ledger_unavailable");
    BOOST_TEST(d->size(record_kind::key) == 0u);
    BOOST_TEST(heard == 0);
    s.refuses = false;
    BOOST_TEST(d->change(put_two).has_value());
    BOOST_TEST(d->size(record_kind::key) == 2u);
    BOOST_TEST(heard == 1);
    auto const no = d->change([](directory const&) -> cogate::result<record_changes> {
        return cogate::failure{cogate::error_kind::not_found, "no such team"}.with_code("mine");
    });
    BOOST_TEST(code_of(no) == "mine");
    BOOST_TEST(d->change([](directory const&) {
                    return cogate::result<record_changes>(record_changes{});
                }).has_value());
    BOOST_TEST(heard == 1);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_read_again_is_refused)
{
    memory_directory d;
    auto const tried = [&](record one) {
        return code_of(d.in->change([&](directory const&) {
            return cogate::result<record_changes>(record_changes{{key("good"), one}, {}});
        }));
    };
    BOOST_TEST(tried(key("")) == "invalid_id");
    BOOST_TEST(tried(key("a\nb")) == "invalid_id");
    BOOST_TEST(tried(key(std::string(257, 'x'))) == "invalid_id");
    BOOST_TEST(tried(key("a", "\xff")) == "invalid_record");
    key_record broken = key("a");
    for (std::string_view const text : {"", "[]", "{", "{} x", "{},\"blocked\":true"}) {
        broken.metadata = text;
        BOOST_TEST(tried(broken) == "invalid_record", text);
    }
    BOOST_TEST(d.in->size(record_kind::key) == 0u);
}

BOOST_AUTO_TEST_CASE(who_hears_is_told_what_was_before)
{
    memory_directory d;
    d.put(key("a", "old"), key("b"));
    std::vector<record> before;
    std::string seen;
    d.in->on_change([&](record_changes const& c) {
        before = c.before;
        seen = d.in->find_key("a")->alias; // already visible
    });
    record_changes what{{key("a", "new"), key("c")}, {{record_kind::key, "b"}, {record_kind::key, "none"}}};
    what.before.push_back(key("a lie"));
    d.change(what);
    BOOST_TEST((before == std::vector<record>{key("b"), key("a", "old")}));
    BOOST_TEST(seen == "new");
}

BOOST_AUTO_TEST_CASE(threads_see_changes_whole_and_lose_none)
{
    memory_directory d;
    for (int i = 0; i != 8; ++i) {
        d.put(key("k" + std::to_string(i), "0"));
    }
    std::atomic<bool> done{false};
    std::atomic<int> backwards{0};
    auto const read = [&] {
        std::array<int, 8> last{};
        while (!done.load()) {
            for (std::size_t i = 0; i != last.size(); ++i) {
                key_ptr const k = d.in->find_key("k" + std::to_string(i));
                int const now = std::stoi(k->alias);
                backwards += now < last[i] || static_cast<std::size_t>(now) != k->models.size() ? 1 : 0;
                last[i] = now;
            }
        }
    };
    // Each change counts one key up from what it is: none may be lost.
    auto const write = [&] {
        for (int i = 0; i != 400; ++i) {
            auto const changed = d.in->change([&](directory const& in) {
                key_record k = *in.find_key("k" + std::to_string(i % 8));
                k.alias = std::to_string(std::stoi(k.alias) + 1);
                k.models.emplace_back("m");
                return cogate::result<record_changes>(record_changes{{k}, {}});
            });
            if (changed.has_error()) {
                ++backwards;
            }
        }
    };
    std::thread reader(read);
    std::thread first(write);
    std::thread second(write);
    first.join();
    second.join();
    done = true;
    reader.join();
    BOOST_TEST(backwards.load() == 0);
    for (key_ptr const& k : d.in->keys()) {
        BOOST_TEST(k->alias == "100");
    }
}

BOOST_AUTO_TEST_SUITE_END()
