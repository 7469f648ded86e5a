#pragma once
/// The parameters of a media request, to be written as JSON or as a form.

#include <cogate/chat.hpp>
#include <cogate/raw_json.hpp>
#include <cogate/result.hpp>

#include "lib/wire/multipart_writer.hpp"
#include "providers/call_context.hpp"
#include "providers/encoded_request.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::providers::openai_media {

/// Leaves out what is not set, and what the rules say to drop always. Names given must outlive it.
class field_list {
public:
    explicit field_list(call_context const& context) noexcept : context_(context) {}

    field_list& text(std::string_view name, std::string_view value);
    field_list& integer(std::string_view name, std::optional<std::int64_t> value);
    field_list& number(std::string_view name, number_text const& value);
    field_list& raw(std::string_view name, raw_json const& value);
    field_list& extra(extra_fields const& fields);

    /// One JSON object. The 400 for a value that is no JSON, or a name that comes twice.
    result<encoded_request> as_json(std::string_view path) const;
    /// Fields of a form: strings decoded, other values as their JSON. The list must outlive the form's
    /// writing.
    result<void> add_to(wire::multipart_writer& form);

private:
    struct field {
        std::string_view name;
        std::string json;
    };
    void add(std::string_view name, std::string json);

    call_context const& context_;
    std::vector<field> fields_;
    std::vector<std::string> decoded_;
};

/// A form as a request.
encoded_request as_request(std::string_view path, wire::multipart_writer const& form);

} // namespace cogate::providers::openai_media
