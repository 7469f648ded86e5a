// The compiled part of Asio's TLS streams, once for the whole library.
#include <boost/asio/ssl/impl/src.hpp>
