#include "lib/wire/multipart_rewriter.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace wire = cogate::wire;
using wire::multipart_errc;

namespace {

std::string field(std::string const& name, std::string const& value, std::string const& more = {})
{
    return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n" + more + "\r\n" + value +
           "\r\n";
}

std::string file(std::string const& content)
{
    return "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: "
           "audio/wav\r\n\r\n" +
           content + "\r\n";
}

std::string const end = "--B--\r\n";

struct outcome {
    std::string body;
    std::string model;
    bool good = false;
    multipart_errc error = multipart_errc::none;
    std::string error_field;
    std::ptrdiff_t growth = 0;
    std::size_t most_held = 0; ///< largest piece that came out at once
    std::string stream;
};

outcome rewrite(std::string const& body, std::size_t step, std::string_view model = "upstream-name",
                wire::multipart_rewriter::options options = {})
{
    wire::multipart_rewriter rewriter("B", options);
    outcome out;
    bool replaced = false;
    bool alive = true;
    for (std::size_t at = 0; alive && at < body.size(); at += step) {
        std::string const piece = body.substr(at, step);
        alive = rewriter.feed(piece);
        if (alive && !replaced && rewriter.found()) {
            replaced = true;
            out.model = rewriter.value();
            alive = rewriter.replace(model);
            out.growth = rewriter.growth();
        }
        for (std::string_view next = rewriter.next(); !next.empty(); next = rewriter.next()) {
            out.most_held = std::max(out.most_held, next.size());
            out.body += next;
        }
    }
    out.good = rewriter.finish();
    out.error = rewriter.error();
    out.error_field = rewriter.error_field();
    out.stream = rewriter.wanted("stream").value_or("-");
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wire_multipart_rewriter)

BOOST_AUTO_TEST_CASE(only_the_field_changes_wherever_it_stands_and_however_the_body_is_split)
{
    std::string const audio = "\r\n--A\r\r\n--\n" + std::string(50, 'a');
    std::string const old = field("model", "public-name", "Content-Length: 11\r\n");
    std::string const fresh = field("model", "upstream-name");
    std::string const stream = field("stream", "true");
    for (auto const& [in, out] : std::vector<std::pair<std::string, std::string>>{
             {old + file(audio) + stream + end, fresh + file(audio) + stream + end},
             {stream + old + file(audio) + end, stream + fresh + file(audio) + end},
             {file(audio) + stream + old + end, file(audio) + stream + fresh + end}}) {
        for (std::size_t step = 1; step <= in.size(); ++step) {
            outcome const got = rewrite(in, step);
            BOOST_TEST_CONTEXT("steps of " << step)
            {
                BOOST_REQUIRE(got.good);
                BOOST_TEST(got.body == out);
                BOOST_TEST(got.model == "public-name");
                BOOST_TEST(got.stream == "true");
                BOOST_TEST(got.growth ==
                           static_cast<std::ptrdiff_t>(out.size()) - static_cast<std::ptrdiff_t>(in.size()));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_file_behind_the_field_is_not_held)
{
    std::string const body = field("model", "m") + file(std::string(1 << 20, 'x')) + end;
    outcome const got = rewrite(body, 1000, "m", {.max_held = 4096});
    BOOST_TEST(got.good);
    BOOST_TEST(got.body == body);
    BOOST_TEST(got.most_held <= 1000U);
}

BOOST_AUTO_TEST_CASE(a_file_before_the_field_is_held_up_to_the_cap)
{
    std::string const body = file(std::string(5000, 'x')) + field("model", "m") + end;
    BOOST_TEST(rewrite(body, 100, "m", {.max_held = 6000}).good);
    outcome const got = rewrite(body, 100, "m", {.max_held = 4096});
    BOOST_TEST((got.error == multipart_errc::too_much_before));
    BOOST_TEST(got.error_field == "model");
    BOOST_TEST(got.body.empty());
}

BOOST_AUTO_TEST_CASE(a_second_field_is_refused_even_behind_the_file)
{
    std::string const again = field("model", "a") + file("x") + field("model", "b") + end;
    outcome const got = rewrite(again, 7);
    BOOST_TEST((got.error == multipart_errc::repeated_field));
    BOOST_TEST(got.body.find("\r\n\r\nb") == std::string::npos);
    BOOST_TEST((rewrite(field("stream", "1") + field("stream", "2") + field("model", "b") + end, 7).error ==
                multipart_errc::repeated_field));
}

BOOST_AUTO_TEST_CASE(fields_that_cannot_be_meant)
{
    BOOST_TEST((rewrite(file("x") + end, 5).error == multipart_errc::missing_field));
    BOOST_TEST(
        (rewrite(field("model", std::string(2000, 'm')) + end, 5).error == multipart_errc::field_too_large));
    BOOST_TEST((rewrite(field("model", "a\r\nb") + end, 5).error == multipart_errc::bad_value));
    BOOST_TEST(
        (rewrite(field("stream", "\x01") + field("model", "a") + end, 5).error == multipart_errc::bad_value));
    BOOST_TEST((rewrite("--B\r\nContent-Disposition: form-data; name=model; filename=m\r\n\r\nx\r\n" + end, 5)
                    .error == multipart_errc::file_for_field));
    BOOST_TEST((rewrite(field("model", "m"), 5).error == multipart_errc::truncated));
    // A new value must not be able to end the part.
    BOOST_TEST((rewrite(field("model", "m") + end, 5, "a\r\n--B--").error == multipart_errc::bad_value));
    BOOST_TEST((rewrite(field("model", "m") + end, 5, "--B--").error == multipart_errc::bad_value));
    for (multipart_errc error = multipart_errc::none; error <= multipart_errc::too_much_before;
         error = static_cast<multipart_errc>(static_cast<int>(error) + 1)) {
        BOOST_TEST(to_string(error) != "unknown");
    }
}

BOOST_AUTO_TEST_SUITE_END()
