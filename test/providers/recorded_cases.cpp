// What of the recorded traffic is replayed by which suite, and what by none: test/providers/recorded_cases.txt.
#include "test/common/shared_files.hpp"

#include <boost/test/tree/test_unit.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace cogate::test {

namespace {

struct entry {
    std::string suite; ///< "-": none
    std::string why;
};

std::map<std::string, entry> read_list()
{
    std::map<std::string, entry> out;
    std::istringstream in(
        read_file(std::filesystem::path(COGATE_SOURCE_DIR) / "test/providers/recorded_cases.txt"));
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '#') {
            continue;
        }
        std::istringstream words(line);
        std::string place;
        entry one;
        words >> place >> one.suite >> std::ws;
        std::getline(words, one.why);
        BOOST_TEST(out.emplace(place, one).second, "twice: " << place);
    }
    return out;
}

/// The cases of a folder: what stands before ".request.json", ".stream.txt" and their like.
std::set<std::string> cases_in(std::filesystem::path const& folder)
{
    std::set<std::string> out;
    for (auto const& file : std::filesystem::directory_iterator(folder)) {
        std::string name = file.path().filename().string();
        for (std::string_view const part :
             {".request.", ".response.", ".stream.", ".meta.", ".decoded.", ".chunks.", ".error."}) {
            name = name.substr(0, name.rfind(part));
        }
        out.insert(std::move(name));
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_recorded_cases)

BOOST_AUTO_TEST_CASE(every_one_is_replayed_or_has_its_reason)
{
    std::map<std::string, entry> const list = read_list();
    BOOST_REQUIRE(!list.empty());
    for (auto const& [place, one] : list) {
        if (one.suite == "-") {
            BOOST_TEST(!one.why.empty(), "no reason: " << place);
        } else {
            boost::unit_test::test_unit_id const found =
                boost::unit_test::framework::master_test_suite().get(one.suite);
            BOOST_TEST(found != boost::unit_test::INV_TEST_UNIT_ID, "no suite " << one.suite);
        }
    }
    const auto shared = shared_dir();
    if (!shared || !std::filesystem::is_directory(*shared / "fixtures")) {
        BOOST_TEST_MESSAGE("skipped: the shared folder is not there");
        return;
    }
    std::size_t all = 0;
    std::size_t left_out = 0;
    std::set<std::string> seen;
    for (auto const& provider : std::filesystem::directory_iterator(*shared / "fixtures")) {
        const std::string service = provider.path().filename().string();
        if (!provider.is_directory() || service == "protocol" || service == "LICENSES") {
            continue;
        }
        for (auto const& kind : std::filesystem::directory_iterator(provider)) {
            const std::string folder = service + '/' + kind.path().filename().string();
            auto const listed = list.find(folder);
            BOOST_TEST((listed != list.end()), "neither replayed nor listed: " << folder);
            if (listed == list.end()) {
                continue;
            }
            seen.insert(folder);
            std::set<std::string> const cases = cases_in(kind);
            all += cases.size();
            if (listed->second.suite == "-") {
                left_out += cases.size();
                std::cout << "not replayed: " << folder << " (" << cases.size() << "): " << listed->second.why
                          << '\n';
            }
            for (std::string const& one : cases) {
                auto const alone = list.find(folder + '/' + one);
                if (alone != list.end()) {
                    seen.insert(alone->first);
                    ++left_out;
                    std::cout << "not replayed: " << alone->first << ": " << alone->second.why << '\n';
                }
            }
        }
    }
    std::cout << left_out << " of " << all << " recorded cases are not replayed\n";
    for (auto const& [place, one] : list) {
        BOOST_TEST(seen.contains(place), "listed, but not there: " << place);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
