#pragma once

#include <cogate/error.hpp>

namespace cogate::engine {

/// The failure of a call whose caller gave up.
inline failure caller_cancelled()
{
    return failure{error_kind::cancelled, "The caller cancelled the call."}.with_code("cancelled");
}

} // namespace cogate::engine
