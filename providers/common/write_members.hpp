#pragma once
/// Members of requests that are written only if there is something to write.

#include "lib/core/json/writer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::providers {

template <class T>
void if_set(json::writer& out, std::string_view key, std::optional<T> const& value)
{
    if (value) {
        out.member(key, *value);
    }
}

inline void if_set(json::writer& out, std::string_view key, std::string_view value)
{
    if (!value.empty()) {
        out.member(key, value);
    }
}

inline void write_texts(json::writer& out, std::string_view key, std::vector<std::string> const& texts)
{
    out.key(key).begin_array();
    for (std::string const& text : texts) {
        out.value(text);
    }
    out.end_array();
}

inline void if_set(json::writer& out, std::string_view key, std::vector<std::string> const& texts)
{
    if (!texts.empty()) {
        write_texts(out, key, texts);
    }
}

/// OpenAI's `stop`: one text may stand alone.
inline void write_stop(json::writer& out, std::vector<std::string> const& texts, bool alone)
{
    if (alone && texts.size() == 1) {
        out.member("stop", texts.front());
    } else {
        if_set(out, "stop", texts);
    }
}

} // namespace cogate::providers
