#pragma once
/// Texts that the scanner, the document and the splitting tests share.

#include <string>
#include <string_view>
#include <vector>

namespace cogate::json_test {

using namespace std::string_view_literals;

// clang-format off
/// RFC 8259 says yes.
inline const std::vector<std::string_view> accepted = {
    "{}", "[]", "null", "true", "false", "0", "-0", "7", "\"\"", " \t\r\n[ ] ", "[[],{}]", "[1,2,3]",
    // numbers
    "[0.5]", "[-0.0]", "[1e3]", "[1E+3]", "[1e-3]", "[0e0]", "[123456789012345678901234567890]",
    "[1.7976931348623157e308]",
    "[1e-400]", "[10.25e10]", "-1", "1.5", "1e5", "[9007199254740993]", "[18446744073709551615]",
    "[-9223372036854775808]",
    // strings
    R"(["a\"b\\c\/d\be\ff\ng\rh\ti"])", R"(["\u0041\u00e9\u20AC\uD83D\uDE00"])", R"(["\u0000"])",
    "[\"\x7F\"]",
    "[\"caf\xC3\xA9\"]", "[\"\xE2\x82\xAC\"]", "[\"\xF0\x9F\x98\x80\"]", "[\"\xEF\xBF\xBF\"]",
    "[\"\xED\x9F\xBF\"]",
    "[\"\xEE\x80\x80\"]", "[\"\xF4\x8F\xBF\xBF\"]", "[\"\xC2\x80\"]", "[\"\xE0\xA0\x80\"]",
    "[\"\xF0\x90\x80\x80\"]",
    "[\"\xE2\x80\xA8\"]",
    // lone surrogates are legal text
    R"(["\uD800"])", R"(["\uDC00"])", R"(["\uD800\uD800"])", R"(["\uD800x"])", R"(["\uD800\n"])",
    R"(["\uDBFF\u0041"])",
    // objects
    R"({"a":1})", R"({"a":{"b":[{"c":null}]}})", R"({ "a" : 1 , "b" : [ true , false ] })", R"({"":0})",
    R"({"a":{"x":1,"x":2}})", R"({"\u0061":1,"b":2})", "{\"\xC3\xA9\":1,\"e\":2}",
    (R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hi\nthere, \"you\""}],)"
     R"("temperature":0.7,"stream":true})"),
    R"({"id":"x","choices":[{"delta":{"content":"\u4f60"},"index":0}],"usage":null,"n":-12.5e+2})",
};

/// RFC 8259 says no.
inline const std::vector<std::string_view> refused = {
    "", " ", "{", "[", "}", "]", "[1", "[1,", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "\"", "\"abc",
    "nul", "tru", "-",
    // structure
    "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1:2]", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{\"a\",1}", "{a:1}",
    "{'a':1}", "{1:1}",
    "{\"a\":1 \"b\":2}", "{\"a\"::1}", "{\"a\":}", "{:1}", "{null:1}", "{[]:1}", "[1}", "{\"a\":1]", "[{]}",
    "]", ",", ":",
    "[]]", "{}}", "[] []", "1 2", "{}x", "[]\0"sv, "[]//", "/**/[]", "[1]#", "nullnull", "truefalse",
    "\xEF\xBB\xBF{}", "\0"sv,
    "[\0]"sv, "\v[]", "\f[]", "[\xC2\xA0]", "[\xE2\x80\x83]", "*", "[a]", "[\xC3\xA9]",
    // literals
    "[nULL]", "[True]", "[FALSE]", "[nulL]", "[NaN]", "[Infinity]", "[-Infinity]", "[nan]", "[undefined]",
    "[tru\0]"sv, "[t]", "[fals]",
    // numbers
    "[01]", "[-01]", "[00]", "[+1]", "[.5]", "[-.5]", "[1.]", "[1.e5]", "[1e]", "[1e+]", "[1e-]", "[1E]",
    "[--1]", "[-]", "[- 1]",
    "[0x10]", "[1_000]", "[1e1.5]", "[1.2.3]", "[1ee2]", "[0e]", "[1a]", "[-a]", "[0.\0]"sv, "1.", "1e", "-",
    "0.", "[1 000]", "01",
    "[\xEF\xBC\x91]",
    // strings: controls, quotes, escapes
    "[\"a\nb\"]", "[\"a\tb\"]", "[\"\x01\"]", "[\"\0\"]"sv, "[\"\x1F\"]", R"(["\x41"])", R"(["\a"])",
    R"(["\'"])", R"(["\ "])",
    R"(["\u"])", R"(["\u1"])", R"(["\u12"])", R"(["\u123"])", R"(["\u123g"])", R"(["\U0041"])",
    R"(["\u 041"])", R"(["\u-123"])",
    R"(["\)", R"(["\"])", R"(["\uD83D\u"])", R"(["\uD83D\)", "['a']", "[\"a\\\0\"]"sv, "[\"\\\xC3\xA9\"]",
    "[a\"b\"]", "[\"a\"b]", "[\"\\\n\"]",
    // UTF-8: stray and missing continuations, overlong forms, surrogates, beyond U+10FFFF
    "[\"\x80\"]", "[\"\xBF\"]", "[\"\xC3\"]", "[\"\xC3\x28\"]", "[\"\xE2\x82\"]", "[\"\xE2\x28\xA1\"]",
    "[\"\xE2\x82\x28\"]",
    "[\"\xF0\x9F\x98\"]", "[\"\xF0\x28\x8C\xBC\"]", "[\"\xF0\x90\x28\xBC\"]", "[\"\xF0\x90\x8C\x28\"]",
    "[\"\xC0\x80\"]", "[\"\xC0\xAF\"]",
    "[\"\xC1\xBF\"]", "[\"\xE0\x80\x80\"]", "[\"\xE0\x9F\xBF\"]", "[\"\xF0\x80\x80\x80\"]",
    "[\"\xF0\x8F\xBF\xBF\"]", "[\"\xED\xA0\x80\"]",
    "[\"\xED\xBF\xBF\"]", "[\"\xF4\x90\x80\x80\"]", "[\"\xF5\x80\x80\x80\"]", "[\"\xF8\x88\x80\x80\x80\"]",
    "[\"\xFE\"]", "[\"\xFF\"]",
    "[\"\xE2\x82\xAC\xE2\x82\"]", "{\"\xFF\":1}", "{\"a\xC3\":1}", "[\"\xED\xA0\x80 padding padding\"]",
    "[\"\xE0\x80\x80 padding padding\"]",
    "[\"\xC1\xBF padding padding\"]",
};
// clang-format on

} // namespace cogate::json_test
