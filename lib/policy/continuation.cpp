#include "lib/policy/continuation.hpp"

namespace cogate::policy {

namespace {

constexpr int most_continuations = 1;
constexpr std::string_view stalled = "timeout_idle";

} // namespace

bool may_continue(broken_stream const& what) noexcept
{
    return what.wanted && what.error == error_kind::timeout && what.code == stalled && what.plain_text &&
           what.repeatable && what.continuations < most_continuations && what.now < what.deadline;
}

} // namespace cogate::policy
