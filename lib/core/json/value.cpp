#include "lib/core/json/document.hpp"
#include "lib/core/json/number.hpp"
#include "lib/core/json/string.hpp"

namespace cogate::json {

json::kind value::kind() const noexcept
{
    return doc_ == nullptr ? json::kind::missing : static_cast<json::kind>(doc_->nodes_[index_].kind_bits);
}

value value::find(std::string_view key) const noexcept
{
    value found;
    if (!is_object()) {
        return found;
    }
    const document::node* const nodes = doc_->nodes_.data();
    const std::uint32_t last = nodes[index_].next;
    for (std::uint32_t at = index_ + 1; at != last; at = nodes[at + 1].next) {
        // Sizes first: nearly all other keys differ there already.
        if (nodes[at].end - nodes[at].begin == key.size() && doc_->key_at(at) == key) {
            found = value(doc_, at + 1);
        }
    }
    return found;
}

value value::operator[](std::size_t index) const noexcept
{
    if (!is_array() || index >= size()) {
        return {};
    }
    iterator at = begin();
    for (; index != 0; --index) {
        ++at;
    }
    return *at;
}

std::size_t value::size() const noexcept
{
    if (!is_array() && !is_object()) {
        return 0;
    }
    return doc_->nodes_[index_].count;
}

value::iterator value::begin() const noexcept
{
    return is_array() ? iterator(doc_, index_ + 1) : iterator();
}

value::iterator value::end() const noexcept
{
    return is_array() ? iterator(doc_, doc_->nodes_[index_].next) : iterator();
}

value::iterator& value::iterator::operator++() noexcept
{
    index_ = doc_->nodes_[index_].next;
    return *this;
}

value::iterator value::iterator::operator++(int) noexcept
{
    const iterator before = *this;
    ++*this;
    return before;
}

member_range value::members() const noexcept
{
    member_range range;
    if (is_object()) {
        range.doc_ = doc_;
        range.first_ = index_ + 1;
        range.last_ = doc_->nodes_[index_].next;
    }
    return range;
}

member member_range::iterator::operator*() const noexcept
{
    return {doc_->key_at(index_), value(doc_, index_ + 1)};
}

member_range::iterator& member_range::iterator::operator++() noexcept
{
    index_ = doc_->nodes_[index_ + 1].next;
    return *this;
}

member_range::iterator member_range::iterator::operator++(int) noexcept
{
    const iterator before = *this;
    ++*this;
    return before;
}

std::string_view value::raw() const noexcept
{
    if (doc_ == nullptr) {
        return {};
    }
    const document::node& node = doc_->nodes_[index_];
    const std::uint32_t quote = is_string() ? 1 : 0;
    return doc_->text_.substr(node.begin - quote, node.end - node.begin + 2 * quote);
}

std::string value::string() const
{
    std::string text;
    append_string_to(text);
    return text;
}

void value::append_string_to(std::string& out) const
{
    if (is_string()) {
        const document::node& node = doc_->nodes_[index_];
        const std::string_view body = doc_->text_.substr(node.begin, node.end - node.begin);
        if (node.escaped != 0) {
            append_unescaped(out, body);
        } else {
            out += body;
        }
    }
}

std::optional<std::string_view> value::string_view_if_plain() const noexcept
{
    if (!is_string() || doc_->nodes_[index_].escaped != 0) {
        return std::nullopt;
    }
    const document::node& node = doc_->nodes_[index_];
    return doc_->text_.substr(node.begin, node.end - node.begin);
}

std::string_view value::view(std::string& scratch) const
{
    if (const std::optional<std::string_view> plain = string_view_if_plain()) {
        return *plain;
    }
    scratch.clear();
    append_string_to(scratch);
    return scratch;
}

bool value::equals(std::string_view text) const
{
    if (!is_string()) {
        return false;
    }
    const std::optional<std::string_view> plain = string_view_if_plain();
    return plain ? *plain == text : string() == text;
}

std::optional<std::int64_t> value::as_int64() const noexcept
{
    return is_number() ? exact_int64(raw()) : std::nullopt;
}

std::optional<std::uint64_t> value::as_uint64() const noexcept
{
    return is_number() ? exact_uint64(raw()) : std::nullopt;
}

std::optional<double> value::as_double() const noexcept
{
    return is_number() ? nearest_double(raw()) : std::nullopt;
}

std::optional<bool> value::as_bool() const noexcept
{
    return is_bool() ? std::optional(raw().front() == 't') : std::nullopt;
}

} // namespace cogate::json
