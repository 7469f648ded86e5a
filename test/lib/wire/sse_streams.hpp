#pragma once

#include "test/common/shared_files.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

/// Event streams and what must come out of them, shared by the reader's and the cutter's tests.
namespace cogate::test {

struct sse_seen {
    std::string type;
    std::string data;
    std::string id;

    bool operator==(const sse_seen&) const = default;
};

struct sse_case {
    std::string name;
    std::string input;
    std::vector<sse_seen> events;
};

inline std::string decode_base64(std::string_view text)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const std::size_t at = alphabet.find(c);
        if (at == std::string_view::npos) {
            continue;
        }
        bits = (bits << 6U) | static_cast<unsigned>(at);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out.push_back(static_cast<char>((bits >> count) & 0xffU));
        }
    }
    return out;
}

inline std::vector<sse_case> own_sse_cases()
{
    using namespace std::string_literals;
    return {
        {"empty", "", {}},
        {"blank lines", "\n\r\n\r\r\n\n", {}},
        {"one event", "data: {\"a\":1}\n\n", {{"", "{\"a\":1}", ""}}},
        {"crlf", "data: a\r\n\r\ndata: b\r\n\r\n", {{"", "a", ""}, {"", "b", ""}}},
        {"cr only", "data: a\r\rdata: b\r\r", {{"", "a", ""}, {"", "b", ""}}},
        {"mixed ends",
         "data: a\r\n\rdata: b\n\r\ndata: c\r\n\n",
         {{"", "a", ""}, {"", "b", ""}, {"", "c", ""}}},
        {"named", "event: ping\ndata: {}\n\ndata: x\n\n", {{"ping", "{}", ""}, {"", "x", ""}}},
        {"event name twice", "event: a\nevent: b\ndata: x\n\n", {{"b", "x", ""}}},
        {"event name emptied", "event: a\nevent\ndata: x\n\n", {{"", "x", ""}}},
        {"event without data", "event: a\n\ndata: x\n\n", {{"", "x", ""}}},
        {"three lines", "data: a\ndata:\ndata: c\n\n", {{"", "a\n\nc", ""}}},
        {"data after others", "data: a\nid: 7\ndata: b\nevent: e\n\n", {{"e", "a\nb", "7"}}},
        {"id stays",
         "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
         {{"", "a", "1"}, {"", "b", "1"}, {"", "c", ""}}},
        {"id without data counts", "id: 9\n\ndata: a\n\n", {{"", "a", "9"}}},
        {"id with NUL ignored", "id: 1\nid: 2\0z\ndata: a\n\n"s, {{"", "a", "1"}}},
        {"no space", "data:{\"a\":1}\n\n", {{"", "{\"a\":1}", ""}}},
        {"two spaces", "data:  a\n\n", {{"", " a", ""}}},
        {"colon in data", "data: a: b\n\n", {{"", "a: b", ""}}},
        {"case matters", "Data: a\nDATA: b\n\ndata: c\n\n", {{"", "c", ""}}},
        {"comment only", ": ping\n\n: ping\n\n", {}},
        {"comment inside", "data: a\n: ping\ndata: b\n\n", {{"", "a\nb", ""}}},
        {"bom",
         "\xEF\xBB\xBF"
         "data: a\n\n",
         {{"", "a", ""}}},
        {"bom then blank", "\xEF\xBB\xBF\n\ndata: a\n\n", {{"", "a", ""}}},
        {"half a bom",
         "\xEF\xBB"
         "data: a\n\ndata: b\n\n",
         {{"", "b", ""}}},
        {"bom twice",
         "\xEF\xBB\xBF\xEF\xBB\xBF"
         "data: a\n\ndata: b\n\n",
         {{"", "b", ""}}},
        {"late bom",
         "\n\xEF\xBB\xBF"
         "data: a\n\ndata: b\n\n",
         {{"", "b", ""}}},
        {"done", "data: {}\n\ndata: [DONE]\n\n", {{"", "{}", ""}, {"", "[DONE]", ""}}},
        {"nul and high bytes", "data: \0\xFF\x80\n\n"s, {{"", "\0\xFF\x80"s, ""}}},
    };
}

/// Cases of the shared fixture file; empty when it is absent.
inline std::vector<sse_case> shared_sse_cases()
{
    std::vector<sse_case> out;
    const auto dir = shared_dir();
    const std::string text = dir ? read_file(*dir / "fixtures/protocol/sse/sse-cases.json") : std::string();
    if (text.empty()) {
        return out;
    }
    const boost::json::value rows = boost::json::parse(text);
    for (const boost::json::value& row : rows.as_array()) {
        const auto string_at = [](const boost::json::value& from, const char* key) {
            return std::string(from.at(key).as_string().c_str(), from.at(key).as_string().size());
        };
        sse_case one;
        one.name = string_at(row, "name");
        one.input = decode_base64(string_at(row, "input_base64"));
        for (const boost::json::value& event : row.at("expected_events").as_array()) {
            sse_seen seen{string_at(event, "event"), string_at(event, "data"), string_at(event, "id")};
            if (seen.type == "message") {
                seen.type.clear();
            }
            one.events.push_back(std::move(seen));
        }
        out.push_back(std::move(one));
    }
    return out;
}

inline std::vector<sse_case> all_sse_cases()
{
    std::vector<sse_case> out = own_sse_cases();
    for (sse_case& one : shared_sse_cases()) {
        out.push_back(std::move(one));
    }
    return out;
}

} // namespace cogate::test
