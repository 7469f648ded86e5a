#include "test/providers/openai_media/support.hpp"

#include <array>

namespace cogate::test::media {

namespace {

transcription_request recording()
{
    transcription_request r{.model = "up",
                            .file = {.name = "a.wav", .media_type = "audio/wav", .bytes = "RIFF\r\n--"}};
    r.language = "en";
    r.prompt = "p";
    r.response_format = "verbose_json";
    r.temperature = 0.2;
    r.timestamp_granularities = {"word", "segment"};
    r.extra = {{"chunking_strategy", "auto"}};
    return r;
}

result<transcription_response> decode(std::string_view body, std::string_view type, std::string format = {})
{
    transcription_request r;
    r.response_format = std::move(format);
    std::array const headers{wire::header{"Content-Type", type}};
    return media::client_transcriptions().decode({body, headers}, r, on("openai"));
}

result<speech_response> spoken(std::string_view body, std::string_view type, std::string format = {})
{
    speech_request r;
    r.response_format = std::move(format);
    std::array const headers{wire::header{"content-type", type}};
    return providers::decode_speech({body, headers}, r);
}

} // namespace

BOOST_AUTO_TEST_SUITE(providers_openai_media_audio)

BOOST_AUTO_TEST_CASE(a_transcription_is_a_form)
{
    transcription_request r = recording();
    auto const made = media::client_transcriptions().encode(r, on("openai"));
    BOOST_TEST(made->path == "/audio/transcriptions");
    auto fields = form_of(made);
    BOOST_TEST(fields["model"] == "up");
    BOOST_TEST(fields["temperature"] == "0.2");
    BOOST_TEST(fields["timestamp_granularities[]"] == "word,segment");
    BOOST_TEST(fields["chunking_strategy"] == "auto");
    BOOST_TEST(fields["file"] == "a.wav|audio/wav|RIFF\r\n--");
    BOOST_TEST(media::client_transcriptions().encode(r, on("cohere"))->path == "/v2/audio/transcriptions");
    auto const stt = media::client_transcriptions().encode(r, on("xai"));
    BOOST_TEST(stt->path == "/stt");
    BOOST_TEST(form_of(stt).count("model") == 0U);

    r.translate = true;
    BOOST_TEST(media::client_transcriptions().encode(r, on("groq"))->path == "/audio/translations");
    BOOST_TEST(refusal(media::client_transcriptions().encode(r, on("xai"))) == "unsupported_operation@model");
    r = recording();
    r.extra = {{"stream", "true"}};
    BOOST_TEST(refusal(media::client_transcriptions().encode(r, on("openai"))) ==
               "unsupported_parameter@stream");
    r = recording();
    r.file = {.name = {}, .media_type = {}, .bytes = {}, .url = "https://x.test"};
    BOOST_TEST(refusal(media::client_transcriptions().encode(r, on("openai"))) == "unsupported_content@file");
}

BOOST_AUTO_TEST_CASE(transcripts)
{
    auto got = decode(
        R"({"text":"hi","task":"transcribe","language":"english","duration":"3.5","words":[{"word":"hi"}],
        "usage":{"type":"duration","seconds":4}})",
        "application/json");
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->text == "hi");
    BOOST_TEST(got->duration.value_or(0) == 3.5);
    BOOST_TEST(got->words.text == R"([{"word":"hi"}])");
    BOOST_TEST(got->usage.reported);
    BOOST_TEST(got->usage.extra.find("seconds")->text == "4");
    BOOST_TEST(got->extra.find("task")->text == "\"transcribe\"");
    // Mistral counts audio beside the prompt.
    got = decode(R"({"text":"","usage":{"prompt_audio_seconds":3,"prompt_tokens":5,"total_tokens":391,
        "completion_tokens":11,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":375}}})",
                 "application/json");
    BOOST_TEST(got->usage.prompt_tokens == 380);
    BOOST_TEST(got->usage.completion_tokens == 11);
    BOOST_TEST(got->usage.total_tokens == 391);

    BOOST_TEST(decode(" hi\n", "text/plain; charset=utf-8", "text")->text == "hi");
    BOOST_TEST(decode("WEBVTT\n", "text/plain", "vtt")->formatted == "WEBVTT\n");
    BOOST_TEST(decode("WEBVTT\n", "text/plain", "vtt")->text.empty());
    for (std::string_view const bad : {"", "{}", "[]", R"({"text":5})"}) {
        BOOST_TEST(refusal(decode(bad, "application/json")) == "upstream_invalid_response@", bad);
    }
}

BOOST_AUTO_TEST_CASE(clients_forms)
{
    auto const parse = [](std::string const& body) {
        return media::parse_transcription("multipart/form-data; boundary=B", body, false);
    };
    std::string const model = "--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n";
    std::string const file =
        "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nx\r\n";
    std::string const end = "--B--\r\n";
    BOOST_TEST(parse(file + model + end)->model == "m");
    BOOST_TEST(refusal(parse(file + end)) == "missing_required_parameter@model");
    BOOST_TEST(refusal(parse(model + end)) == "missing_required_parameter@file");
    BOOST_TEST(refusal(parse(model + file + file + end)) == "missing_required_parameter@file");
    BOOST_TEST(refusal(parse(model + model + file + end)) == "duplicate_field@model");
    BOOST_TEST(refusal(parse(model + file)) == "invalid_form@");
    BOOST_TEST(refusal(media::parse_transcription("application/json", "{}", false)) == "invalid_form@");
    std::string const stream = "--B\r\nContent-Disposition: form-data; name=\"stream\"\r\n\r\ntrue\r\n";
    BOOST_TEST(refusal(parse(stream + model + file + end)) == "unsupported_parameter@stream");
    std::string const warm = "--B\r\nContent-Disposition: form-data; name=\"temperature\"\r\n\r\nwarm\r\n";
    BOOST_TEST(refusal(parse(warm + model + file + end)) == "invalid_type@temperature");
    BOOST_TEST(media::form_failure(wire::multipart_errc::too_much_before, "model")->status == 413);
    BOOST_TEST(media::form_failure(wire::multipart_errc::bad_head)->status == 400);
}

BOOST_AUTO_TEST_CASE(transcription_round_trips)
{
    seeded next(5);
    for (int i = 0; i != 100; ++i) {
        transcription_request r = recording();
        r.translate = next.below(2) != 0;
        r.language = next.below(2) != 0 ? "de" : "";
        r.file.bytes = std::string(next.below(50), '\r') + "\n--x";
        auto const made = media::client_transcriptions().encode(r, on("openai"));
        BOOST_REQUIRE(made.has_value());
        auto const back = media::parse_transcription(made->content_type, made->body, r.translate);
        BOOST_REQUIRE(back.has_value());
        BOOST_TEST((*back == r));

        transcription_response answer{.text = "t\"" + std::to_string(i)};
        answer.language = r.language;
        if (next.below(2) != 0) {
            answer.duration = 0.1 * static_cast<double>(next.below(100));
        }
        answer.segments = next.below(2) != 0 ? raw_json{R"([{"id":0}])"} : raw_json{};
        answer.usage = {.prompt_tokens = 10, .completion_tokens = 2, .total_tokens = 12};
        answer.usage.prompt_audio_tokens = static_cast<std::int64_t>(next.below(10));
        answer.usage.reported = true;
        answer.usage.extra.set("type", raw_json{"\"tokens\""});
        std::string text;
        BOOST_TEST(*media::write_transcription(answer, r, text) == "application/json");
        BOOST_TEST((*decode(text, "application/json") == answer), text);
    }
    transcription_request r = recording();
    r.response_format = "text";
    std::string text;
    BOOST_TEST(*media::write_transcription({.text = "hi"}, r, text) == "text/plain; charset=utf-8");
    BOOST_TEST(text == "hi\n");
    r.response_format = "srt";
    BOOST_TEST(refusal(media::write_transcription({.text = "hi"}, r, text)) == "upstream_invalid_response@");
}

BOOST_AUTO_TEST_CASE(speech_requests)
{
    speech_request r{.model = "m", .input = "hello", .voice = "alloy", .response_format = "mp3"};
    r.speed = 1.5;
    r.instructions = "calm";
    r.extra.set("stream_format", raw_json{"\"audio\""});
    auto const made = media::encode_speech(r, on("openai", "up"));
    BOOST_TEST(made->path == "/audio/speech");
    BOOST_TEST(body_of(made) ==
               oracle(R"({"model":"up","input":"hello","voice":"alloy","response_format":"mp3",
        "speed":1.5,"instructions":"calm","stream_format":"audio"})"));
    speech_request again = *media::parse_speech(made->body);
    again.model = "m";
    BOOST_TEST((again == r));

    BOOST_TEST(refusal(media::encode_speech(r, on("xai"))) == "unsupported_parameter@speed");
    r.speed = {};
    r.instructions.clear();
    r.extra = {};
    auto const tts = media::encode_speech(r, on("xai"));
    BOOST_TEST(tts->path == "/tts");
    BOOST_TEST(body_of(tts) == oracle(R"({"text":"hello","voice_id":"alloy","output_format":{"codec":"mp3"},
        "language":"auto"})"));
    r.response_format = "opus";
    BOOST_TEST(refusal(media::encode_speech(r, on("xai"))) == "unsupported_parameter@response_format");

    BOOST_TEST(refusal(media::parse_speech(R"({"model":"m"})")) == "missing_required_parameter@input");
    BOOST_TEST(refusal(media::parse_speech(R"({"input":"m"})")) == "missing_required_parameter@model");
    BOOST_TEST(refusal(media::parse_speech(R"({"input":"m","model":"m","voice":4})")) ==
               "invalid_type@voice");
    auto const own = media::parse_speech(R"({"input":"i","model":"m","voice":{"id":"v"}})");
    BOOST_TEST(body_of(media::encode_speech(*own, on("openai"))) ==
               oracle(R"({"model":"up","input":"i","voice":{"id":"v"}})"));
}

BOOST_AUTO_TEST_CASE(speech_answers)
{
    BOOST_TEST(spoken("ID3", "audio/mpeg")->bytes == "ID3");
    BOOST_TEST(spoken("ID3", "audio/mpeg")->media_type == "audio/mpeg");
    BOOST_TEST(spoken(R"({"audio_data":"SUQz"})", "application/json")->bytes == "ID3");
    BOOST_TEST(spoken(R"({"audio_data":"SUQz"})", "application/json", "wav")->media_type == "audio/wav");
    BOOST_TEST(refusal(spoken("", "audio/mpeg")) == "upstream_invalid_response@");
    BOOST_TEST(refusal(spoken(R"({"audio_data":"!"})", "application/json")) == "upstream_invalid_response@");
    BOOST_TEST(refusal(spoken("data: {}\n\n", "text/event-stream")) == "unsupported_parameter@stream_format");
    BOOST_TEST(!spoken(R"({"error":"no such voice"})", "application/json").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test::media
