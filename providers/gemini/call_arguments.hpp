#pragma once
/// Arguments of a call that come in pieces: `partialArgs[{jsonPath, stringValue | numberValue | ...,
/// willContinue}]` (providers.md 5.4; Vertex with streamFunctionCallArguments).

#include "lib/core/json/document.hpp"
#include "lib/core/json/writer.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cogate::providers::gemini {

/// Collects the pieces into one object. Bounded: what goes beyond the limits is left out. Not thread-safe.
class call_arguments {
public:
    call_arguments() : nodes_(1) {}

    void add(json::value piece);

    /// The object as JSON text.
    std::string text() const;

private:
    struct node {
        std::string key;      ///< within an object
        bool indexed = false; ///< stands in an array
        bool is_text = false;
        std::string value; ///< a scalar: decoded text, or JSON
        std::vector<std::size_t> children;
    };

    bool reach(std::string_view path, std::size_t& at);
    std::size_t child(std::size_t of, std::string_view key, bool indexed);
    void write(json::writer& out, std::size_t at) const;

    std::vector<node> nodes_; ///< the first is the root
};

} // namespace cogate::providers::gemini
