#pragma once

#include "lib/wire/raw_head_check.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogate::wire {

struct sensitive_field;

/// Caps of one inbound request.
struct inbound_limits {
    std::size_t max_target = 8 * 1024;
    std::size_t max_fields = 100;
    std::size_t max_head_bytes = 16 * 1024;
    std::size_t max_trailer_bytes = 8 * 1024;
    std::uint64_t max_body_bytes = std::uint64_t(32) * 1024 * 1024;
};

/// What the head says about the connection and the body. Complete after `inbound_guard::finish`.
struct framing_facts {
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = false;      ///< the client's wish; false after a refusal
    bool expect_continue = false; ///< the client waits for 100 (Continue)
    std::string host;             ///< Host as sent; empty only in HTTP/1.0
};

/// The rules a request head must meet before anything looks at it. Stricter than the HTTP parser below it,
/// so that no two readers can disagree on where a request ends or whom it is for. Pure and incremental; the
/// caller's parser feeds it. Nothing passed in is kept as a view, so that parser callbacks may feed it.
///
/// Order per request: `reset`, `raw_head` with every raw byte exactly once until `raw_head_done`,
/// `request_line`, `field` for each field, `finish`; then `trailer` for each trailer field.
/// The first refusal is final, and every refusal means: answer with `status`, then close. Not thread safe.
class inbound_guard {
public:
    explicit inbound_guard(const inbound_limits& limits = {}) : limits_(limits), raw_(raw_limits(limits)) {}

    /// Ready for the next request of the connection.
    void reset();

    /// Raw bytes as they were read; those after the end of the head are left alone. Returns how many bytes
    /// belonged to the head. Finds what a parser hides: folded lines, bare CR or LF, NUL.
    std::size_t raw_head(std::string_view bytes);
    bool raw_head_done() const noexcept { return raw_.done(); }

    /// `version` is 10 or 11, as Beast counts.
    bool request_line(std::string_view method, std::string_view target, unsigned version);
    bool field(std::string_view name, std::string_view value);
    const verdict& finish();

    /// A field of the trailer section. Framing, routing and credentials there are refused; the caller drops
    /// all others.
    bool trailer(std::string_view name, std::string_view value);

    const verdict& result() const noexcept { return verdict_; }
    const framing_facts& facts() const noexcept { return facts_; }

private:
    static raw_head_check::limits raw_limits(const inbound_limits& limits) noexcept;

    bool refuse(int status, const char* reason) noexcept;
    bool target_form(std::string_view method, std::string_view target);
    bool known_field(const sensitive_field& field, std::string_view value);
    bool content_length(std::string_view value);
    bool transfer_encoding(std::string_view value);
    bool connection(std::string_view value);
    bool host_agrees();

    inbound_limits limits_;
    raw_head_check raw_;
    verdict verdict_;
    framing_facts facts_;
    std::string absolute_; ///< authority of an absolute-form target
    std::size_t fields_ = 0;
    std::size_t trailer_bytes_ = 0;
    unsigned version_ = 11;
    unsigned seen_ = 0;
    std::uint16_t absolute_port_ = 0;
    bool close_wish_ = false;
    bool keep_wish_ = false;
};

/// The part of a target that names path and query: the target itself in origin form, what follows the
/// authority in absolute form ("/" when nothing does), "*" for the asterisk.
std::string_view origin_form(std::string_view target) noexcept;

} // namespace cogate::wire
