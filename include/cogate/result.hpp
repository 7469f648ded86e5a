#pragma once

#include <cogate/error.hpp>

#include <boost/system/result.hpp>

namespace cogate {

/// A value or a `failure`. What every `try_` function returns: no exception crosses it.
///
/// `r.has_value()`, `*r`, `r.error()`; `r.value()` throws the matching subclass of `cogate::error`.
/// Thread safety: as its value type. A plain value; it borrows nothing.
template <class T>
using result = boost::system::result<T, failure>;

} // namespace cogate
