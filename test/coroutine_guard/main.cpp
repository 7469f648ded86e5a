#define BOOST_TEST_MODULE coroutine_guard
#include <boost/test/unit_test.hpp>
