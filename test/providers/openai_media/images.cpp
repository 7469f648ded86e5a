#include "test/providers/openai_media/support.hpp"

namespace cogate::test::media {

namespace {

image_request picture()
{
    image_request r{.model = "m", .prompt = "a cat"};
    r.n = 2;
    r.size = "1024x1024";
    r.quality = "high";
    r.response_format = "b64_json";
    r.extra.set("moderation", raw_json{"\"low\""});
    return r;
}

media_file png(std::string name = "a.png")
{
    return {.name = std::move(name), .media_type = "image/png", .bytes = std::string("\x89PNG\r\n\0", 7)};
}

result<image_response> decode(std::string_view body)
{
    return media::client_images().decode({body}, {}, on("openai"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_media_images)

BOOST_AUTO_TEST_CASE(a_generation)
{
    auto const made = media::client_images().encode(picture(), on("openai", "dall-e-3"));
    BOOST_TEST(made->path == "/images/generations");
    BOOST_TEST(body_of(made) == oracle(R"({"model":"dall-e-3","prompt":"a cat","n":2,"size":"1024x1024",
        "quality":"high","response_format":"b64_json","moderation":"low"})"));
    BOOST_TEST(media::client_images().encode(picture(), on("openrouter"))->path == "/images");
}

BOOST_AUTO_TEST_CASE(models_that_know_base64_only_are_not_asked_for_it)
{
    provider_context context = on("openai", "gpt-image-1.5");
    auto const made = media::client_images().encode(picture(), context);
    BOOST_TEST(made->body.find("response_format") == std::string::npos);
    image_request r = picture();
    r.response_format = "url";
    BOOST_TEST(refusal(media::client_images().encode(r, context)) == "unsupported_parameter@response_format");
    context.rules().drop_params = true;
    BOOST_TEST(media::client_images().encode(r, context).has_value());
    context.rules().additional_drop_params = {"quality"};
    BOOST_TEST(media::client_images().encode(r, context)->body.find("quality") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(edits_are_forms_or_json_as_the_service_takes_them)
{
    image_request r = picture();
    r.images = {png()};
    r.mask = png("mask.png");
    auto const form = media::client_images().encode(r, on("openai", "dall-e-2"));
    BOOST_TEST(form->path == "/images/edits");
    auto fields = form_of(form);
    BOOST_TEST(fields["prompt"] == "a cat");
    BOOST_TEST(fields["n"] == "2");
    BOOST_TEST(fields["moderation"] == "low");
    BOOST_TEST(fields["image"] == "a.png|image/png|" + r.images[0].bytes);
    BOOST_TEST(fields["mask"] == "mask.png|image/png|" + r.images[0].bytes);
    r.images.push_back({.name = {}, .media_type = "image/webp", .bytes = "x"});
    fields = form_of(media::client_images().encode(r, on("openai")));
    BOOST_TEST(fields["image[]"] == "a.png|image/png|" + r.images[0].bytes + ",image.webp|image/webp|x");

    r.images = {{.name = {}, .media_type = {}, .bytes = {}, .url = "https://x.test/a.png"}};
    r.mask.reset();
    auto json = body_of(media::client_images().encode(r, on("openai")));
    BOOST_TEST(json.at("images") == oracle(R"([{"image_url":"https://x.test/a.png"}])"));
    json = body_of(media::client_images().encode(r, on("xai")));
    BOOST_TEST(json.at("images") == oracle(R"([{"type":"image_url","url":"https://x.test/a.png"}])"));
    json = body_of(media::client_images().encode(r, on("openrouter")));
    BOOST_TEST(json.at("input_references") ==
               oracle(R"([{"type":"image_url","image_url":{"url":"https://x.test/a.png"}}])"));
    r.mask = png();
    BOOST_TEST(refusal(media::client_images().encode(r, on("xai"))) == "unsupported_parameter@mask");
}

BOOST_AUTO_TEST_CASE(answers)
{
    auto const got =
        decode(R"({"created":5,"background":"opaque","data":[{"b64_json":"QUJD","revised_prompt":"p"},
        {"url":"https://x.test","mime_type":"image/jpeg","index":1}],"usage":{"input_tokens":10,"output_tokens":20,
        "total_tokens":30,"input_tokens_details":{"text_tokens":4,"image_tokens":6}}})");
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->created == 5);
    BOOST_TEST(got->data.at(0).data == "QUJD");
    BOOST_TEST(got->data.at(0).revised_prompt == "p");
    BOOST_TEST(got->data.at(1).media_type == "image/jpeg");
    BOOST_TEST(got->data.at(1).extra.find("index")->text == "1");
    BOOST_TEST(got->usage.prompt_tokens == 10);
    BOOST_TEST(got->usage.prompt_image_tokens == 6);
    BOOST_TEST(got->usage.completion_tokens == 20);
    BOOST_TEST(got->extra.find("background")->text == "\"opaque\"");
    for (std::string_view const bad :
         {"", "[]", "{}", R"({"data":{}})", R"({"data":[{}]})", R"({"data":[7]})"}) {
        BOOST_TEST(refusal(decode(bad)) == "upstream_invalid_response@", bad);
    }
    auto const refused = decode(R"({"error":{"message":"no","code":"moderation_blocked"}})");
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error()->message == "no");
}

BOOST_AUTO_TEST_CASE(clients_requests)
{
    auto const& server = media::server_images();
    BOOST_TEST(server.parse(R"({"prompt":"x"})")->model == "dall-e-2");
    BOOST_TEST(refusal(server.parse(R"({"model":"m"})")) == "missing_required_parameter@prompt");
    BOOST_TEST(refusal(server.parse(R"({"prompt":"x","n":"2"})")) == "invalid_type@n");
    BOOST_TEST(refusal(server.parse(R"({"prompt":"x","size":5})")) == "invalid_type@size");
    BOOST_TEST(refusal(server.parse(R"({"prompt":"x","stream":true})")) == "unsupported_parameter@stream");
    BOOST_TEST(refusal(server.parse(R"({"prompt":"x","prompt":"y"})")) == "duplicate_field@prompt");
    BOOST_TEST(refusal(server.parse(R"({"prompt":"x","images":[{"file_id":"f"}]})")) ==
               "invalid_type@images[0]");
    BOOST_TEST(refusal(server.parse(R"({"prompt":"x","images":["data:image/png,zz"]})")) ==
               "invalid_value@images[0]");
    auto const edit = server.parse(
        R"({"prompt":"x","images":[{"image_url":"data:image/png;base64,QUJD"},{"type":"image_url","url":"https://a"},
            {"type":"image_url","image_url":{"url":"https://b"}}],"mask":{"image_url":"https://c"},"seed":1})");
    BOOST_REQUIRE(edit.has_value());
    BOOST_TEST(edit->images.at(0).bytes == "ABC");
    BOOST_TEST(edit->images.at(0).media_type == "image/png");
    BOOST_TEST(edit->images.at(1).url == "https://a");
    BOOST_TEST(edit->images.at(2).url == "https://b");
    BOOST_TEST(edit->mask->url == "https://c");
    BOOST_TEST(edit->extra.size() == 1U);
    BOOST_TEST(refusal(media::parse_image_edit("application/json", R"({"prompt":"x"})")) ==
               "missing_required_parameter@images");
    BOOST_TEST(refusal(media::parse_image_edit("multipart/form-data; boundary=B", "--B--")) ==
               "missing_required_parameter@prompt");
}

BOOST_AUTO_TEST_CASE(round_trips)
{
    seeded next(11);
    for (int i = 0; i != 200; ++i) {
        image_request r = picture();
        r.model = "up";
        r.user = next.below(2) != 0 ? "u\"\r\n" : "";
        r.style = next.below(2) != 0 ? "vivid" : "";
        for (std::size_t k = next.below(3); k != 0; --k) {
            r.images.push_back(png("n" + std::to_string(k)));
        }
        if (!r.images.empty() && next.below(2) != 0) {
            r.mask = png("m");
        }
        auto const made = media::client_images().encode(r, on("openai", "up"));
        BOOST_REQUIRE(made.has_value());
        auto const back = r.images.empty() ? media::server_images().parse(made->body)
                                           : media::parse_image_edit(made->content_type, made->body);
        BOOST_REQUIRE(back.has_value());
        BOOST_TEST((*back == r));

        image_response answer{.created = static_cast<std::int64_t>(next.below(1000)), .data = {}};
        for (std::size_t k = next.below(3); k != 0; --k) {
            generated_image one;
            (next.below(2) != 0 ? one.data : one.url) = "x" + std::to_string(k);
            one.revised_prompt = next.below(2) != 0 ? "p" : "";
            one.extra.set("index", raw_json{std::to_string(k)});
            answer.data.push_back(one);
        }
        if (next.below(2) != 0) {
            answer.usage = {.prompt_tokens = 9, .completion_tokens = 5, .total_tokens = 14};
            answer.usage.prompt_image_tokens = static_cast<std::int64_t>(next.below(9));
            answer.usage.completion_image_tokens = static_cast<std::int64_t>(next.below(3));
            answer.usage.reported = true;
            answer.usage.extra.set("cost", raw_json{"0.5"});
        }
        std::string text;
        media::server_images().write(answer, r, text);
        auto const again = decode(text);
        BOOST_REQUIRE(again.has_value());
        BOOST_TEST((*again == answer), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::media
