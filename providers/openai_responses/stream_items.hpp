#pragma once
/// The items of a streamed Response: opened, grown and closed one event at a time.

#include "providers/openai_responses/response_object.hpp"

#include "lib/wire/sse_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::providers::openai_responses {

/// Numbers the events and keeps every item, because the last event repeats them all. One message or reasoning
/// item is the current one; calls stay open beside it. Not thread-safe.
class stream_items {
public:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    /// One event: `fill` writes its members but type and sequence number.
    template <class Fill>
    void event(std::string_view type, std::string& out, Fill fill)
    {
        std::string text;
        json::writer to(text);
        to.begin_object().member("type", type).member("sequence_number", sequence_++);
        fill(to);
        to.end_object();
        wire::append_sse_event(out, type, text);
    }

    /// An event about the item `index`.
    template <class Fill>
    void item_event(std::string_view type, std::size_t index, std::string& out, Fill fill)
    {
        event(type, out, [&](json::writer& to) {
            to.member("output_index", index).member("item_id", items_[index].item.id);
            fill(to);
        });
    }

    std::size_t size() const noexcept { return items_.size(); }
    output_item& at(std::size_t index) noexcept { return items_[index].item; }

    /// Announces an item; gives its output_index.
    std::size_t open(output_item item, std::string& out);
    /// The same, and makes it the current one in the place of what was.
    output_item& open_current(output_item item, std::string& out);
    void close(std::size_t index, std::string_view status, std::string& out);
    void close_current(std::string_view status, std::string& out);
    /// Whatever is open, the current one first.
    void close_all(std::string_view status, std::string& out);

    std::size_t current_index() const noexcept { return current_; }
    /// The current item if it is of this kind.
    output_item* current(output_item::kind what) noexcept;

    /// Parts of the current message.
    bool part_is_open() const noexcept { return part_open_; }
    void open_part(bool refusal, std::string& out);
    void close_part(std::string& out);
    /// Goes on with the open part, if it is of this kind and nothing `fresh` is wanted.
    void add_text(std::string_view text, bool refusal, bool fresh, raw_json const& logprobs,
                  std::string& out);
    /// To the open part.
    void add_annotation(json::value annotation, std::string& out);

    /// The closed items without brackets.
    std::string finished() const;

private:
    struct entry {
        output_item item;
        bool open = true;
        std::string text{}; ///< the finished item
    };

    std::vector<entry> items_;
    std::size_t current_ = none;
    bool part_open_ = false;
    std::int64_t sequence_ = 0;
};

} // namespace cogate::providers::openai_responses
