#include "providers/bedrock_converse/messages.hpp"

namespace cogate::providers::bedrock_converse {

namespace {

bool is_system(message const& m) noexcept
{
    return m.role == role::system || m.role == role::developer;
}

/// Opens and closes turns as the blocks come, so that no two of one role follow each other and none is empty.
class turns {
public:
    explicit turns(block_writer& w) noexcept : w_(w) {}
    turns(turns const&) = delete;
    turns& operator=(turns const&) = delete;

    /// The block that comes next is of this role.
    void begin(bool assistant, block_kind kind)
    {
        if (!open_ || assistant != assistant_) {
            close();
            w_.out()
                .begin_object()
                .member("role", assistant ? "assistant" : "user")
                .key("content")
                .begin_array();
            open_ = true;
            assistant_ = assistant;
            has_text_ = has_document_ = false;
        }
        has_text_ = has_text_ || kind == block_kind::text;
        has_document_ = has_document_ || kind == block_kind::document;
    }

    void close()
    {
        if (!open_) {
            return;
        }
        if (has_document_ && !has_text_) {
            // Converse refuses a document without a text beside it.
            w_.out().begin_object().member("text", "See the attached document.").end_object();
        }
        w_.out().end_array().end_object();
        open_ = false;
    }

private:
    block_writer& w_;
    bool open_ = false;
    bool assistant_ = false;
    bool has_text_ = false;
    bool has_document_ = false;
};

void write_result(block_writer& w, message const& m, place const& at)
{
    json::writer& out = w.out();
    out.begin_object().key("toolResult").begin_object();
    out.member("toolUseId", w.ids.of(m.tool_call_id.empty() ? m.name : m.tool_call_id))
        .key("content")
        .begin_array();
    const place content{&at, "content"};
    place element{&content, {}, 0};
    bool any = false;
    for (content_part const& part : m.content) {
        if (kind_of(part, role::tool) != block_kind::none) {
            write_part(w, part, true, element);
            any = true;
        }
        ++element.index;
    }
    if (!any) {
        // Converse takes neither no content nor blank text.
        out.begin_object().member("text", "(no output)").end_object();
    }
    out.end_array();
    if (m.tool_error) {
        out.member("status", "error");
    }
    out.end_object().end_object();
}

/// A mark within a tool's result goes behind the result: inside there is no place for it.
std::optional<cache_mark> mark_of_result(message const& m)
{
    std::optional<cache_mark> out = m.cache;
    for (content_part const& part : m.content) {
        std::visit(
            [&](auto const& p) {
                if constexpr (requires { p.cache; }) {
                    out = p.cache ? p.cache : out;
                }
            },
            part);
    }
    return out;
}

void write_message(block_writer& w, turns& to, message const& m, place const& at)
{
    if (m.role == role::tool) {
        to.begin(false, block_kind::other);
        write_result(w, m, at);
        write_cache_point(w, mark_of_result(m));
        return;
    }
    const bool assistant = m.role == role::assistant;
    const place content{&at, "content"};
    place element{&content, {}, 0};
    bool any = false;
    for (content_part const& part : m.content) {
        if (const block_kind kind = kind_of(part, m.role); kind != block_kind::none) {
            to.begin(assistant, kind);
            write_part(w, part, false, element);
            any = true;
        }
        ++element.index;
    }
    for (tool_call const& call : m.tool_calls) {
        to.begin(assistant, block_kind::other);
        write_tool_use(w, call);
        any = true;
    }
    if (any) {
        write_cache_point(w, m.cache);
    }
}

} // namespace

void write_system(block_writer& w, chat_request const& request)
{
    json::writer& out = w.out();
    bool any = false;
    const place list{nullptr, "messages"};
    place at{&list, {}, 0};
    for (message const& m : request.messages) {
        const place content{&at, "content"};
        place element{&content, {}, 0};
        bool spoke = false;
        for (std::size_t i = 0; is_system(m) && i != m.content.size(); ++i) {
            content_part const& part = m.content[i];
            if (const block_kind kind = kind_of(part, m.role); kind != block_kind::none) {
                auto const* own = std::get_if<unknown_part>(&part);
                if (kind != block_kind::text && (own == nullptr || own->type != "guardContent")) {
                    w.refuse(element, "a system message holds text only");
                }
                if (!any) {
                    out.key("system").begin_array();
                    any = true;
                }
                write_part(w, part, false, element);
                spoke = true;
            }
            ++element.index;
        }
        if (spoke) {
            write_cache_point(w, m.cache);
        }
        ++at.index;
    }
    if (any) {
        out.end_array();
    }
}

void write_messages(block_writer& w, chat_request const& request)
{
    w.out().key("messages").begin_array();
    turns to(w);
    const place list{nullptr, "messages"};
    place at{&list, {}, 0};
    for (message const& m : request.messages) {
        if (!is_system(m)) {
            write_message(w, to, m, at);
        }
        ++at.index;
    }
    to.close();
    w.out().end_array();
}

} // namespace cogate::providers::bedrock_converse
