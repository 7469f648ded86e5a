#include "providers/gemini/codec.hpp"

#include "providers/common/derived.hpp"
#include "providers/gemini/answers.hpp"
#include "providers/gemini/call_arguments.hpp"
#include "providers/gemini/finish.hpp"
#include "providers/gemini/members.hpp"
#include "providers/gemini/parts.hpp"
#include "providers/gemini/repeated_members.hpp"
#include "providers/gemini/token_usage.hpp"

#include "lib/core/text.hpp"

#include <algorithm>

namespace cogate::providers::gemini {

namespace {

// A provider that counts up without end must not grow our memory.
constexpr std::size_t most_candidates = 64;

class decoder final : public event_decoder {
public:
    result<void> feed(stream_event const& event, std::vector<chat_chunk>& out) override;
    bool finished() const noexcept override { return ended_; }
    result<void> finish(std::vector<chat_chunk>& out) override;

private:
    struct candidate_state {
        std::int64_t index = 0;
        bool has_role = false;
        std::string finish{}; ///< Google's word, once it came
        std::int64_t calls = 0;
        bool call_open = false; ///< the last call's arguments are still coming
        call_arguments arguments{};
        std::vector<std::string> pages{};
        repeated_members repeated{};
    };

    /// The deltas of one event: a delta has a fixed order inside, so what comes out of it needs a new one.
    struct deltas {
        std::int64_t index;
        std::vector<chat_delta> list{};
        int rank = 0;

        chat_delta& at(int wanted)
        {
            if (list.empty() || wanted < rank) {
                list.push_back(chat_delta{.index = index});
            }
            rank = wanted;
            return list.back();
        }
    };
    enum rank { reasoning, signature, content, parts };

    candidate_state* state_of(std::int64_t index);
    chat_chunk start_chunk() const;
    result<void> read_candidate(json::value candidate, std::int64_t position, std::vector<chat_chunk>& out,
                                extra_fields& around);
    void read_part(json::value part, candidate_state& state, deltas& to);
    void read_call(json::value part, candidate_state& state, deltas& to);
    static void close_call(candidate_state& state, deltas& to);
    void put(deltas&& from, std::vector<chat_chunk>& out, extra_fields& around);

    std::string id_;
    std::string model_;
    std::int64_t created_ = 0;
    std::vector<candidate_state> candidates_;
    repeated_members repeated_;
    usage usage_;
    std::string blocked_;
    bool ended_ = false;
};

decoder::candidate_state* decoder::state_of(std::int64_t index)
{
    for (candidate_state& state : candidates_) {
        if (state.index == index) {
            return &state;
        }
    }
    if (candidates_.size() >= most_candidates) {
        return nullptr;
    }
    candidates_.push_back(candidate_state{.index = index});
    return &candidates_.back();
}

chat_chunk decoder::start_chunk() const
{
    return chat_chunk{.id = id_, .created = created_, .model = model_, .choices = {}};
}

result<void> decoder::feed(stream_event const& event, std::vector<chat_chunk>& out)
{
    const std::string_view data = core::trim(event.data);
    if (data.empty() || data == "[DONE]") {
        return {};
    }
    json::document doc;
    json::parse_error error;
    if (!doc.parse(data, error)) {
        if (!event.complete) {
            return failure(error_kind::truncated, "the stream broke off within an event");
        }
        return nonsense("an event is not JSON, " + json::to_string(error));
    }
    const json::value root = doc.root();
    if (std::optional<failure> reported = in_band_error(root)) {
        return *std::move(reported);
    }
    if (event.type == "error") {
        return error_event(data);
    }
    const json::value candidates = root["candidates"];
    if (!root.is_object() || (candidates.exists() && !candidates.is_array() && !candidates.is_null())) {
        return nonsense("an event is no answer");
    }
    if (id_.empty()) {
        id_ = root["responseId"].string();
    }
    if (id_.empty()) {
        id_ = derived_id("resp-", data);
    }
    if (model_.empty()) {
        model_ = root["modelVersion"].string();
    }
    if (created_ == 0) {
        created_ = seconds_of(root["createTime"].string());
    }
    if (blocked_.empty()) {
        blocked_ = block_reason(root);
    }
    if (usage fresh = read_usage(root["usageMetadata"]); fresh.reported || !usage_.reported) {
        usage_ = std::move(fresh); // cumulative: the last one counts
    }
    extra_fields unknown;
    keep_unknown(root, known_answer, unknown);
    extra_fields around;
    repeated_.pass(unknown, around);
    std::int64_t position = 0;
    for (json::value candidate : candidates) {
        if (const result<void> read = read_candidate(candidate, position, out, around); !read) {
            return read;
        }
        ++position;
    }
    if (!around.empty()) {
        out.push_back(start_chunk());
        out.back().extra = std::move(around);
    }
    return {};
}

result<void> decoder::read_candidate(json::value candidate, std::int64_t position,
                                     std::vector<chat_chunk>& out, extra_fields& around)
{
    if (!candidate.is_object()) {
        return nonsense("a candidate is not an object");
    }
    candidate_state* const found = state_of(candidate["index"].as_int64().value_or(position));
    if (found == nullptr) {
        return nonsense("it has too many candidates");
    }
    candidate_state& state = *found;
    deltas to{.index = state.index};
    for (json::value part : elements(candidate["content"]["parts"])) {
        read_part(part, state, to);
    }
    if (raw_json annotations = read_annotations(candidate, state.pages); !annotations.empty()) {
        to.at(to.rank).annotations = std::move(annotations);
    }
    if (raw_json logprobs = read_logprobs(candidate["logprobsResult"]); !logprobs.empty()) {
        to.at(to.rank).logprobs = std::move(logprobs);
    }
    extra_fields unknown;
    keep_unknown(candidate, known_candidate, unknown);
    extra_fields fresh;
    state.repeated.pass(unknown, fresh);
    if (!fresh.empty()) {
        to.at(to.rank).extra = std::move(fresh);
    }
    // Several events may carry a reason, and a call may follow it: it is told at the end.
    if (std::string word = finish_word(candidate["finishReason"]); !word.empty()) {
        state.finish = std::move(word);
    }
    if (!to.list.empty() && !state.has_role) {
        state.has_role = true;
        to.list.front().has_role = true;
    }
    put(std::move(to), out, around);
    return {};
}

void decoder::put(deltas&& from, std::vector<chat_chunk>& out, extra_fields& around)
{
    for (chat_delta& delta : from.list) {
        out.push_back(start_chunk());
        out.back().choices.push_back(std::move(delta));
        out.back().extra = std::exchange(around, extra_fields{});
    }
}

void decoder::read_part(json::value part, candidate_state& state, deltas& to)
{
    if (part["functionCall"].is_object()) {
        read_call(part, state, to);
        return;
    }
    if (std::optional<raw_json> audio = read_audio(part, id_)) {
        to.at(parts).audio = *std::move(audio);
        to.rank = parts + 1; // one piece per delta
        return;
    }
    std::vector<content_part> read;
    gemini::read_part(part, read);
    for (content_part& one : read) {
        if (auto* text = std::get_if<text_part>(&one)) {
            chat_delta& delta = to.at(content);
            delta.content += text->text;
            delta.has_content = true;
        } else if (auto* thought = std::get_if<reasoning_part>(&one)) {
            if (!thought->text.empty()) {
                to.at(reasoning).reasoning += thought->text;
            }
            if (!thought->signature.empty()) {
                to.at(signature).reasoning_signature = std::move(thought->signature);
                to.rank = content; // another signature is another part's
            }
            if (!thought->redacted.empty()) {
                chat_delta& sealed = to.at(signature);
                sealed.reasoning_redacted = std::move(thought->redacted);
                sealed.reasoning_id = std::move(thought->id);
                to.rank = content;
            }
        } else {
            to.at(parts).parts.push_back(std::move(one));
        }
    }
}

void decoder::close_call(candidate_state& state, deltas& to)
{
    if (!state.call_open) {
        return;
    }
    state.call_open = false;
    tool_call_delta last{.index = state.calls - 1};
    last.arguments = state.arguments.text();
    state.arguments = {};
    to.at(to.rank).tool_calls.push_back(std::move(last));
}

void decoder::read_call(json::value part, candidate_state& state, deltas& to)
{
    const json::value call = part["functionCall"];
    const bool goes_on = call["willContinue"].as_bool().value_or(false);
    const bool begins = call["name"].is_string() && !call["name"].equals("");
    if (begins) {
        close_call(state, to);
        tool_call whole = gemini::read_call(part);
        tool_call_delta delta{.index = state.calls, .id = std::move(whole.id), .name = std::move(whole.name)};
        if (delta.id.empty()) {
            const auto place =
                static_cast<std::uint64_t>(state.index) * 4096 + static_cast<std::uint64_t>(state.calls);
            delta.id = made_call_id(id_, place, delta.name);
        }
        delta.type = "function";
        delta.signature = std::move(whole.signature);
        const bool in_pieces = goes_on || call["partialArgs"].is_array();
        if (!in_pieces) {
            delta.arguments = std::move(whole.arguments);
        }
        ++state.calls;
        state.call_open = in_pieces;
        to.at(to.rank).tool_calls.push_back(std::move(delta));
    }
    if (state.call_open) {
        for (json::value piece : call["partialArgs"]) {
            state.arguments.add(piece);
        }
        if (!goes_on) {
            close_call(state, to);
        }
    }
}

result<void> decoder::finish(std::vector<chat_chunk>& out)
{
    ended_ = true;
    if (candidates_.empty() && !blocked_.empty()) {
        candidates_.push_back(candidate_state{.index = 0});
    }
    const bool complete = !candidates_.empty() &&
                          std::all_of(candidates_.begin(), candidates_.end(), [&](candidate_state const& c) {
                              return !c.finish.empty() || !blocked_.empty();
                          });
    if (!complete) {
        return failure(error_kind::truncated, "the provider's stream ended without a finish reason");
    }
    extra_fields none;
    for (candidate_state& state : candidates_) {
        deltas to{.index = state.index};
        close_call(state, to);
        chat_delta& last = to.at(to.rank);
        last.has_role = !state.has_role;
        const bool is_blocked = state.finish.empty();
        last.native_finish_reason = is_blocked ? blocked_ : state.finish;
        last.finish_reason =
            is_blocked ? finish_reason::content_filter : read_finish(state.finish, state.calls > 0);
        put(std::move(to), out, none);
    }
    if (usage_.reported) {
        out.push_back(start_chunk());
        out.back().usage = usage_;
    }
    return {};
}

} // namespace

std::unique_ptr<event_decoder> make_event_decoder()
{
    return std::make_unique<decoder>();
}

} // namespace cogate::providers::gemini
