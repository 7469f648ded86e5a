#include "lib/catalog/tokens/image_tokens.hpp"

#include "lib/core/text.hpp"
#include "test/common/seeded.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <string_view>

using cogate::catalog::image_size;
using cogate::catalog::size_of_image;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(catalog_image_tokens)

namespace {

std::string const png = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x04\0\0\0\x03\0"s;
std::string const gif = "GIF89a\x40\x01\xF0\0"s;
std::string const jpeg = "\xFF\xD8\xFF\xE0\0\x04xx\xFF\xFF\xC4\0\x03y\xFF\xC2\0\x11\x08\x02\x58\x03\x20\x03"s;
std::string const webp_extended = "RIFF....WEBPVP8X........\x1F\x03\0\x57\x02\0"s;
std::string const webp_lossy = "RIFF....WEBPVP8 ..........\x20\x43\x58\x82"s;
std::string const webp_lossless = "RIFF....WEBPVP8L.....\x1F\xC3\x95\0....."s;

std::size_t tokens_of_data(std::string data, std::string detail)
{
    cogate::image_part part;
    part.source.data = std::move(data);
    part.detail = std::move(detail);
    return cogate::catalog::image_tokens(part);
}

std::size_t tokens_of_url(std::string url)
{
    cogate::image_part part;
    part.source.url = std::move(url);
    part.detail = "high";
    return cogate::catalog::image_tokens(part);
}

} // namespace

BOOST_AUTO_TEST_CASE(sizes_from_the_heads_of_files)
{
    BOOST_TEST((size_of_image(png) == image_size{1024, 768}));
    BOOST_TEST((size_of_image(gif) == image_size{320, 240}));
    BOOST_TEST((size_of_image(jpeg) == image_size{800, 600}));
    BOOST_TEST((size_of_image(webp_extended) == image_size{800, 600}));
    BOOST_TEST((size_of_image(webp_lossy) == image_size{800, 600}));
    BOOST_TEST((size_of_image(webp_lossless) == image_size{800, 600}));
    BOOST_TEST(!size_of_image("").has_value());
    BOOST_TEST(!size_of_image("%PDF-1.7 and so on, long enough for a head").has_value());
}

BOOST_AUTO_TEST_CASE(cut_and_broken_files_have_no_size_or_some_size_but_do_no_harm)
{
    cogate::test::seeded random(11);
    for (std::string const& whole : std::array{png, gif, jpeg, webp_extended, webp_lossy, webp_lossless}) {
        for (std::size_t size = 0; size != 24 && size != whole.size(); ++size) {
            std::string const cut(whole, 0,
                                  size); // its own memory, so that a sanitizer sees a read behind it
            BOOST_TEST((!size_of_image(cut) || size_of_image(cut) == size_of_image(whole)));
        }
        for (int round = 0; round != 200; ++round) {
            std::string broken = whole;
            broken[random.below(broken.size())] = static_cast<char>(random.below(256));
            if (auto const size = size_of_image(broken)) {
                BOOST_TEST(size->width != 0u);
                BOOST_TEST(size->height != 0u);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(tiles_of_an_image_fitted_into_768_by_2000)
{
    using cogate::catalog::high_detail_tokens;
    BOOST_TEST(high_detail_tokens({1, 1}) == 85u + 170);
    BOOST_TEST(high_detail_tokens({512, 512}) == 85u + 170);
    BOOST_TEST(high_detail_tokens({513, 512}) == 85u + 2 * 170);
    BOOST_TEST(high_detail_tokens({768, 768}) == 85u + 4 * 170);
    BOOST_TEST(high_detail_tokens({1024, 1024}) == 85u + 4 * 170);    // 768 x 768
    BOOST_TEST(high_detail_tokens({2048, 4096}) == 85u + 6 * 170);    // 768 x 1536
    BOOST_TEST(high_detail_tokens({4096, 1024}) == 85u + 4 * 170);    // 2000 x 500
    BOOST_TEST(high_detail_tokens({1000, 100'000}) == 85u + 4 * 170); // 20 x 2000
    BOOST_TEST(high_detail_tokens({0xFFFFFFFF, 1}) == 85u);           // 2000 x 0, as LiteLLM has it
}

BOOST_AUTO_TEST_CASE(detail_and_source)
{
    std::string const data = cogate::core::base64_encode(png);
    for (std::string_view const detail : {"", "low", "auto"}) {
        BOOST_TEST(tokens_of_data(data, std::string(detail)) == 85u);
    }
    BOOST_TEST(tokens_of_data(data, "high") == 85u + 4 * 170);
    BOOST_TEST(tokens_of_url("data:image/png;base64," + data) == 85u + 4 * 170);
    for (std::string_view const url : {"https://example.com/a.png", "data:", "data:,?", ""}) {
        BOOST_TEST(tokens_of_url(std::string(url)) == 85u + 170);
    }
}

BOOST_AUTO_TEST_SUITE_END()
