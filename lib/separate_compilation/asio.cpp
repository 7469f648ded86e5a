// The compiled part of Asio, once for the whole library.
#include <boost/asio/impl/src.hpp>
