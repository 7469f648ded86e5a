// The compiled part of Beast, once for the whole library.
#include <boost/beast/src.hpp>
