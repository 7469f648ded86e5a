// Every recorded case of images, speech, transcription and moderation: request, answer, stream, error.

#include "test/providers/openai_media/support.hpp"

#include "lib/wire/multipart_rewriter.hpp"
#include "lib/wire/sse_cutter.hpp"
#include "providers/common/decode_error.hpp"

#include <array>
#include <iostream>
#include <set>

namespace cogate::test::media {

namespace {

using std::filesystem::path;

/// Folders that this file answers for, and the service whose codecs are asked.
struct folder_row {
    std::string folder;
    std::string service;
};
std::vector<folder_row> const image_folders = {{"openai/images", "openai"},
                                               {"openai/images-edits", "openai"},
                                               {"xai/images-generations", "xai"},
                                               {"xai/images-edits", "xai"},
                                               {"openrouter/images", "openrouter"}};
std::vector<folder_row> const speech_folders = {{"openai/audio-speech", "openai"},
                                                {"xai/tts", "xai"},
                                                {"mistral/audio-speech", "mistral"},
                                                {"openrouter/audio-speech", "openrouter"}};
std::vector<folder_row> const transcription_folders = {
    {"openai/audio-transcriptions", "openai"},         {"xai/stt", "xai"},
    {"mistral/audio-transcriptions", "mistral"},       {"groq/audio-transcriptions", "groq"},
    {"openrouter/audio-transcriptions", "openrouter"}, {"cohere/v2-audio-transcriptions", "cohere"}};
std::vector<folder_row> const moderation_folders = {{"openai/moderations", "openai"}};

std::string stem_of(path const& file)
{
    std::string name = file.string();
    for (std::string_view const end : {".meta.json", ".request.", ".response.", ".stream.", ".error."}) {
        if (std::size_t const at = name.rfind(end); at != std::string::npos) {
            return name.substr(0, at);
        }
    }
    return name;
}

/// The cases of a folder by what stands before their endings.
std::set<std::string> cases(std::string const& folder)
{
    std::set<std::string> out;
    for (path const& file : fixtures(folder, "")) {
        out.insert(stem_of(file));
    }
    return out;
}

std::string content_type_of(std::string const& stem)
{
    std::string const meta = read_file(stem + ".meta.json");
    return meta.empty() ? std::string() : text_at(oracle(meta).at("response_headers"), "content-type");
}

int status(std::string const& stem)
{
    return status_of(stem + ".meta.json", ".meta.json");
}

std::string replaced(std::string text, std::string const& from, std::string const& to)
{
    std::size_t const at = text.find(from);
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

void check_error(std::string const& stem, std::string const& body)
{
    failure const why = providers::decode_error(400, {}, body, {});
    bj::value const theirs = oracle(body).at("error");
    BOOST_TEST((why->kind == error_kind::invalid_request), stem);
    BOOST_TEST(why->message == text_at(theirs, "message"));
    BOOST_TEST(why->code == text_at(theirs, "code"));
    BOOST_TEST(why->param == text_at(theirs, "param"));
}

void check_images(std::string const& stem, std::string const& service)
{
    if (std::string const error = read_file(stem + ".error.json"); !error.empty()) {
        check_error(stem, error);
        return;
    }
    std::string const body = read_file(stem + ".response.json");
    if (status(stem) >= 400) {
        check_error(stem, body);
    } else {
        auto const got = media::client_images().decode({body}, {}, on(service));
        BOOST_REQUIRE_MESSAGE(got.has_value(), stem);
        bj::value const whole = oracle(body);
        bj::array const& theirs = whole.at("data").as_array();
        BOOST_REQUIRE(got->data.size() == theirs.size());
        for (std::size_t i = 0; i != theirs.size(); ++i) {
            BOOST_TEST((got->data[i].data == text_at(theirs[i], "b64_json")));
            BOOST_TEST(got->data[i].url == text_at(theirs[i], "url"));
            BOOST_TEST(got->data[i].media_type ==
                       text_at(theirs[i], "mime_type") + text_at(theirs[i], "media_type"));
        }
        BOOST_TEST(got->created == number_at(whole, "created"));
        BOOST_TEST(got->usage.reported == (at(whole, "usage") != nullptr));
        std::string text;
        media::server_images().write(*got, {}, text);
        BOOST_TEST((*media::client_images().decode({text}, {}, on(service)) == *got));
    }
    std::string const request = read_file(stem + ".request.json");
    if (!request.empty()) {
        // OpenRouter's own member holds what clients of OpenAI's API send as images.
        auto const parsed =
            media::server_images().parse(replaced(request, "\"input_references\"", "\"images\""));
        BOOST_REQUIRE_MESSAGE(parsed.has_value(), stem);
        auto const made = media::client_images().encode(*parsed, on(service, parsed->model));
        BOOST_TEST((body_of(made) == oracle(request)), stem);
    }
}

void check_speech(std::string const& stem, std::string const& service)
{
    bj::value const theirs = oracle(read_file(stem + ".request.json"));
    speech_request canonical{.model = "m", .input = text_at(theirs, "text")};
    if (service != "xai") {
        auto const parsed = media::parse_speech(read_file(stem + ".request.json"));
        BOOST_REQUIRE_MESSAGE(parsed.has_value(), stem);
        canonical = *parsed;
    }
    BOOST_TEST(body_of(media::encode_speech(canonical, on(service, canonical.model))) == theirs);
    std::string const binary = read_file(stem + ".response.bin");
    std::string const body = binary.empty() ? read_file(stem + ".response.json") : binary;
    std::string const type = content_type_of(stem);
    std::array const headers{wire::header{"content-type", type}};
    auto const got = providers::decode_speech({body, headers}, canonical);
    BOOST_REQUIRE_MESSAGE(got.has_value(), stem);
    BOOST_TEST(got->media_type == "audio/mpeg");
    BOOST_TEST((binary.empty() ? got->bytes.starts_with("ID3") : got->bytes == binary), stem);
    BOOST_TEST(providers::is_plain_audio({body, headers}) == !binary.empty());
}

/// The recorded form, with bytes in place of the file that look like delimiters as often as they can.
struct recorded_form {
    std::string content_type;
    std::string body;
    std::map<std::string, std::string> fields; ///< as form_of
};

recorded_form build_form(bj::value const& summary)
{
    recorded_form out;
    out.content_type = text_at(summary, "content_type");
    std::string const delimiter = "--" + wire::multipart_boundary(out.content_type) + "\r\n";
    for (bj::value const& part : summary.at("parts").as_array()) {
        std::string head;
        for (bj::value const& line : part.at("headers").as_array()) {
            head += std::string(line.as_string()) + "\r\n";
        }
        std::string value = text_at(part, "value");
        wire::part_head parsed;
        BOOST_REQUIRE(wire::parse_part_head(std::string_view(head).substr(0, head.size() - 2), parsed));
        if (parsed.is_file) {
            value.clear();
            std::string const line = "\r\n" + delimiter.substr(0, delimiter.size() - 3);
            for (std::size_t i = 0; value.size() < 20000; ++i) {
                value += line.substr(0, i % line.size()) + '\0';
            }
        }
        out.body += delimiter + head + "\r\n" + value + "\r\n";
        out.fields[parsed.name] =
            (parsed.is_file ? parsed.filename + '|' + parsed.media_type + '|' : "") + value;
    }
    out.body += delimiter.substr(0, delimiter.size() - 2) + "--\r\n";
    return out;
}

void check_rewriting(recorded_form const& form, std::string const& stem)
{
    seeded next(form.body.size());
    for (int round = 0; round != 5; ++round) {
        wire::multipart_rewriter rewriter(wire::multipart_boundary(form.content_type));
        std::string out;
        bool told = false;
        for (std::size_t from = 0; from < form.body.size();) {
            std::string const piece = form.body.substr(from, 1 + next.below(700));
            from += piece.size();
            BOOST_REQUIRE(rewriter.feed(piece));
            if (!told && rewriter.found()) {
                told = rewriter.replace("the-upstream's-name");
            }
            for (std::string_view p = rewriter.next(); !p.empty(); p = rewriter.next()) {
                out += p;
            }
        }
        if (form.fields.count("model") == 0) {
            BOOST_TEST(!rewriter.finish());
            BOOST_TEST((rewriter.error() == wire::multipart_errc::missing_field));
            return;
        }
        BOOST_REQUIRE_MESSAGE(rewriter.finish(), stem);
        std::map<std::string, std::string> wanted = form.fields;
        BOOST_TEST(rewriter.value() == wanted["model"]);
        wanted["model"] = "the-upstream's-name";
        BOOST_TEST((form_of(form.content_type, out) == wanted), stem);
        BOOST_TEST(static_cast<std::ptrdiff_t>(out.size()) ==
                   static_cast<std::ptrdiff_t>(form.body.size()) + rewriter.growth());
    }
}

void check_form(std::string const& stem, std::string const& service)
{
    recorded_form const form = build_form(oracle(read_file(stem + ".request.multipart.json")));
    check_rewriting(form, stem);
    auto parsed = media::parse_transcription(form.content_type, form.body, false);
    if (form.fields.count("stream") != 0) {
        BOOST_TEST(refusal(parsed) == "unsupported_parameter@stream"); // relayed only
        return;
    }
    if (form.fields.count("model") == 0) {
        BOOST_TEST(refusal(parsed) == "missing_required_parameter@model"); // clients of ours name one
        std::string const model = form.body.substr(0, form.body.find("\r\n")) +
                                  "\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n";
        parsed = media::parse_transcription(form.content_type, model + form.body, false);
    }
    BOOST_REQUIRE_MESSAGE(parsed.has_value(), stem);
    auto const made = media::client_transcriptions().encode(*parsed, on(service, parsed->model));
    BOOST_TEST((form_of(made) == form.fields), stem);
}

/// The events as the express lane sees them, cut into pieces of `step` bytes.
void check_transcript_stream(std::string const& stem, std::string const& bytes, std::size_t step)
{
    auto const relay = media::make_relay();
    wire::sse_cutter cutter;
    std::string together;
    for (std::size_t from = 0; from < bytes.size(); from += step) {
        std::string const piece = bytes.substr(from, step);
        cutter.feed(piece);
        while (auto const event = cutter.next()) {
            together += event->bytes;
            if (event->has_data) {
                BOOST_TEST((relay->on_event(event->data) == providers::stream_relay::verdict::forward));
            }
        }
    }
    together += cutter.tail();
    BOOST_TEST((together == bytes), stem);
    BOOST_TEST(relay->finish().has_value());
    BOOST_TEST(relay->facts().usage.total_tokens == 182);
    BOOST_TEST(relay->facts().usage.prompt_audio_tokens == 37);
    BOOST_TEST(relay->facts().content_seen);
}

void check_transcription(std::string const& stem, std::string const& service)
{
    if (!read_file(stem + ".request.multipart.json").empty()) {
        check_form(stem, service);
    }
    if (std::string const stream = read_file(stem + ".stream.txt"); !stream.empty()) {
        for (std::size_t step = 1; step <= stream.size(); ++step) {
            check_transcript_stream(stem, stream, step);
        }
        return;
    }
    std::string body = read_file(stem + ".response.json");
    std::string type = "application/json";
    bj::value const recorded = oracle(body);
    if (at(recorded, "body") != nullptr) { // a wrapper of the recorder's, for an answer that is no JSON
        type = text_at(recorded.at("headers"), "content-type");
        body = text_at(recorded, "body");
    }
    std::array const headers{wire::header{"content-type", type}};
    auto const got = media::client_transcriptions().decode({body, headers}, {}, on(service));
    BOOST_REQUIRE_MESSAGE(got.has_value(), stem);
    BOOST_TEST(!got->text.empty());
    if (type == "application/json") {
        bj::value const& theirs = recorded;
        BOOST_TEST(got->text == text_at(theirs, "text"));
        BOOST_TEST(got->language == text_at(theirs, "language"));
        BOOST_TEST(got->words.empty() == (at(theirs, "words") == nullptr));
        BOOST_TEST(got->usage.reported == (at(theirs, "usage") != nullptr));
        if (bj::value const* const usage = at(theirs, "usage"); usage != nullptr) {
            BOOST_TEST(got->usage.total_tokens == number_at(*usage, "total_tokens"));
            BOOST_TEST(got->usage.total_tokens == got->usage.prompt_tokens + got->usage.completion_tokens);
        }
    }
}

void check_moderation(std::string const& stem, std::string const& service)
{
    std::string const request = read_file(stem + ".request.json");
    auto const parsed = media::server_moderations().parse(request);
    BOOST_REQUIRE_MESSAGE(parsed.has_value(), stem);
    BOOST_TEST(body_of(media::client_moderations().encode(*parsed, on(service, parsed->model))) ==
               oracle(request));
    std::string const body = read_file(stem + ".response.json");
    auto const got = media::client_moderations().decode({body}, *parsed, on(service));
    BOOST_REQUIRE_MESSAGE(got.has_value(), stem);
    std::string text;
    media::server_moderations().write(*got, *parsed, text);
    BOOST_TEST(oracle(text) == oracle(body));
}

void replay(std::vector<folder_row> const& folders, void (*check)(std::string const&, std::string const&))
{
    if (!shared_dir()) {
        std::cout << "skipped: no shared recordings\n";
        return;
    }
    for (folder_row const& row : folders) {
        std::set<std::string> const stems = cases(row.folder);
        BOOST_TEST(!stems.empty(), row.folder);
        for (std::string const& stem : stems) {
            BOOST_TEST_CONTEXT(stem)
            {
                check(stem, row.service);
            }
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_media_recorded)

BOOST_AUTO_TEST_CASE(images)
{
    replay(image_folders, check_images);
}

BOOST_AUTO_TEST_CASE(speech)
{
    replay(speech_folders, check_speech);
}

BOOST_AUTO_TEST_CASE(transcriptions)
{
    replay(transcription_folders, check_transcription);
}

BOOST_AUTO_TEST_CASE(moderations)
{
    replay(moderation_folders, check_moderation);
}

BOOST_AUTO_TEST_CASE(rerank_requests)
{
    for (path const& file : fixtures("openrouter/rerank", ".request.json")) {
        auto const parsed = media::server_rerank().parse(read_file(file));
        BOOST_REQUIRE_MESSAGE(parsed.has_value(), file.string());
        BOOST_TEST(parsed->documents.size() == oracle(read_file(file)).at("documents").as_array().size());
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::media
