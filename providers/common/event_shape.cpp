#include "providers/common/event_shape.hpp"

#include "lib/core/json/string.hpp"

namespace cogate::providers {

namespace {

constexpr std::size_t npos = std::string_view::npos;

/// Keys whose strings change from event to event, with what follows a key. A quote within a string is escaped,
/// so in valid JSON such a text is a key and nothing else.
constexpr std::array<std::string_view, event_shape::most_strings> keys = {
    "\"content\":",   "\"reasoning_content\":", "\"reasoning\":",
    "\"arguments\":", "\"obfuscation\":",                            // OpenAI
    "\"text\":",      "\"thinking\":",          "\"partial_json\":", // Anthropic
};

} // namespace

bool event_shape::fits(std::string_view text) noexcept
{
    std::size_t at = 0;
    for (std::size_t i = 0; i != count_; ++i) {
        const std::size_t size = fixed_[i].end - fixed_[i].begin;
        if (text.compare(at, size, std::string_view(text_).substr(fixed_[i].begin, size)) != 0) {
            return false;
        }
        at += size;
        if (i + 1 == count_) {
            misses_ = at == text.size() ? 0 : misses_;
            return at == text.size();
        }
        const std::size_t body = json::string_body_size(text.substr(at));
        if (body == npos) {
            return false;
        }
        at += body;
    }
    return false;
}

void event_shape::learn(std::string_view text)
{
    count_ = 0;
    if (misses_ == most_misses || text.size() > most_bytes) {
        return;
    }
    ++misses_;
    std::array<range, most_strings> bodies{};
    std::size_t found = 0;
    for (std::string_view const key : keys) {
        const std::size_t at = text.find(key);
        const std::size_t quote = at == npos ? npos : text.find_first_not_of(' ', at + key.size());
        if (quote != npos && text[quote] == '"') {
            const std::size_t begin = quote + 1;
            std::size_t slot = found++;
            for (; slot != 0 && bodies[slot - 1].begin > begin; --slot) {
                bodies[slot] = bodies[slot - 1];
            }
            bodies[slot] = {begin, begin + json::string_body_size(text.substr(begin))};
        }
    }
    if (found == 0) {
        return;
    }
    text_ = text;
    std::size_t from = 0;
    for (std::size_t i = 0; i != found; ++i) {
        fixed_[count_++] = {from, bodies[i].begin};
        from = bodies[i].end;
    }
    fixed_[count_++] = {from, text.size()};
}

} // namespace cogate::providers
