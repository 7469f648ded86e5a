#include "lib/catalog/tokens/piece_merger.hpp"

#include "lib/catalog/tokens/embedded.hpp"
#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

using cogate::catalog::merge_table;
using cogate::catalog::piece_merger;
using cogate::catalog::rank;

BOOST_AUTO_TEST_SUITE(catalog_tokens_piece_merger)

namespace {

/// The definition: ranks are of byte strings, and the lowest of all neighbours is merged first.
class by_bytes {
public:
    explicit by_bytes(merge_table const& table)
    {
        for (rank token = 0; token != table.size(); ++token) {
            std::string bytes;
            table.append_bytes(bytes, token);
            ranks_.emplace(std::move(bytes), token);
        }
    }

    std::size_t size() const { return ranks_.size(); }

    std::vector<rank> merge(std::string_view piece) const
    {
        std::vector<std::string> parts;
        for (char const c : piece) {
            parts.emplace_back(1, c);
        }
        for (;;) {
            rank best = cogate::catalog::no_rank;
            std::size_t at = 0;
            for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
                auto const found = ranks_.find(parts[i] + parts[i + 1]);
                if (found != ranks_.end() && found->second < best) {
                    best = found->second;
                    at = i;
                }
            }
            if (best == cogate::catalog::no_rank) {
                break;
            }
            parts[at] += parts[at + 1];
            parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at + 1));
        }
        std::vector<rank> out;
        for (std::string const& part : parts) {
            out.push_back(ranks_.at(part));
        }
        return out;
    }

private:
    std::unordered_map<std::string, rank> ranks_;
};

std::string random_piece(cogate::test::seeded& random)
{
    std::size_t const kinds = 1 + random.below(26);
    std::string out;
    for (std::size_t left = 1 + random.below(random.one_in(4) ? 160 : 24); left != 0; --left) {
        out += random.one_in(40) ? static_cast<char>(random.below(256))
                                 : static_cast<char>('a' + static_cast<char>(random.below(kinds)));
    }
    return out;
}

void compare(std::span<std::uint8_t const> data, std::size_t tokens)
{
    merge_table const table(data);
    BOOST_TEST(table.size() == tokens);
    by_bytes const definition(table);
    BOOST_TEST(definition.size() == tokens); // no two tokens of the same bytes
    piece_merger merger(table);
    cogate::test::seeded random(7);
    for (int round = 0; round != 1500; ++round) {
        std::string const piece = random_piece(random);
        std::vector<rank> const wanted = definition.merge(piece);
        auto const got = merger.merge(piece);
        BOOST_TEST_CONTEXT("round " << round << ": " << piece)
        {
            BOOST_REQUIRE_EQUAL_COLLECTIONS(got.begin(), got.end(), wanted.begin(), wanted.end());
        }
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(merging_pairs_of_cl100k_is_looking_up_bytes)
{
    compare(cogate::catalog::cl100k_merges(), 100256);
}

BOOST_AUTO_TEST_CASE(merging_pairs_of_o200k_is_looking_up_bytes)
{
    compare(cogate::catalog::o200k_merges(), 199998);
}

/// Needed by the order in which long pieces are worked through, and for the end of append_bytes().
BOOST_AUTO_TEST_CASE(every_token_is_merged_from_its_own_bytes)
{
    for (auto const data : {cogate::catalog::cl100k_merges(), cogate::catalog::o200k_merges()}) {
        merge_table const table(data);
        piece_merger merger(table);
        std::size_t wrong = 0;
        std::size_t longest = 0;
        for (rank token = 0; token != table.size(); ++token) {
            std::string bytes;
            table.append_bytes(bytes, token);
            longest = std::max(longest, bytes.size());
            auto const got = merger.merge(bytes);
            wrong += got.size() != 1 || got.front() != token;
        }
        BOOST_TEST(wrong == 0u);
        BOOST_TEST(longest == 128u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
