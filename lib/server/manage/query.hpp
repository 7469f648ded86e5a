#pragma once

#include <cogate/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogate::server::manage {

/// A decoded query string ("a=1&b=x+y"): '+' is a space, "%41" an 'A', and a name may stand in it more than once.
///
/// Whatever is wrong is kept as the first fault, an `invalid_request` that names the parameter; a reader asks for all it
/// wants and then for fault(). A plain value.
class query {
public:
    static constexpr std::size_t most = 100; ///< parameters

    /// `text` is what follows the '?', as sent. Faults: a broken escape, a control character, text that is not UTF-8,
    /// too many parameters.
    explicit query(std::string_view text);

    /// The only value of a name; nothing when it is not there or empty. Fault: it stands there twice.
    std::optional<std::string> one(std::string_view name);

    /// Every value of a name that is not empty, in order; "name[]" counts too, as some clients write lists.
    std::vector<std::string> all(std::string_view name) const;

    /// "true", "1", "false", "0" in any case; `otherwise` when it is not there. Fault: anything else.
    bool flag(std::string_view name, bool otherwise);

    /// A whole number within [least, largest]; `otherwise` when it is not there. Fault: anything else.
    std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                        std::int64_t largest);

    /// A fault that the reader found.
    void blame(std::string_view name, std::string message);

    std::optional<failure> const& fault() const noexcept { return fault_; }

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
    std::optional<failure> fault_;
};

} // namespace cogate::server::manage
