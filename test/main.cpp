#define BOOST_TEST_MODULE cogate
#include <boost/test/unit_test.hpp>
