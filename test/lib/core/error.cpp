#include <cogate/error.hpp>
#include <cogate/result.hpp>

#include <boost/test/unit_test.hpp>

#include <array>

namespace cogate::test {

namespace {

constexpr std::array every_kind = {error_kind::invalid_request,
                                   error_kind::authentication,
                                   error_kind::permission_denied,
                                   error_kind::not_found,
                                   error_kind::request_too_large,
                                   error_kind::unprocessable,
                                   error_kind::context_window_exceeded,
                                   error_kind::content_policy_violation,
                                   error_kind::rate_limit,
                                   error_kind::quota_exceeded,
                                   error_kind::internal_server,
                                   error_kind::bad_gateway,
                                   error_kind::service_unavailable,
                                   error_kind::connection,
                                   error_kind::timeout,
                                   error_kind::truncated,
                                   error_kind::cancelled};

template <class Error>
void throws(error_kind kind)
{
    result<int> const r = failure(kind, "because");
    BOOST_CHECK_EXCEPTION(static_cast<void>(r.value()), Error, [&](Error const& e) {
        return e.kind() == kind && e.status() == http_status(kind) && std::string_view(e.what()) == "because";
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_error)

BOOST_AUTO_TEST_CASE(each_kind_has_its_class)
{
    throws<bad_request_error>(error_kind::invalid_request);
    throws<authentication_error>(error_kind::authentication);
    throws<permission_denied_error>(error_kind::permission_denied);
    throws<not_found_error>(error_kind::not_found);
    throws<request_too_large_error>(error_kind::request_too_large);
    throws<unprocessable_entity_error>(error_kind::unprocessable);
    throws<context_window_exceeded_error>(error_kind::context_window_exceeded);
    throws<content_policy_violation_error>(error_kind::content_policy_violation);
    throws<rate_limit_error>(error_kind::rate_limit);
    throws<quota_exceeded_error>(error_kind::quota_exceeded);
    throws<internal_server_error>(error_kind::internal_server);
    throws<bad_gateway_error>(error_kind::bad_gateway);
    throws<service_unavailable_error>(error_kind::service_unavailable);
    throws<api_connection_error>(error_kind::connection);
    throws<timeout_error>(error_kind::timeout);
    throws<truncated_error>(error_kind::truncated);
    throws<cancelled_error>(error_kind::cancelled);
}

BOOST_AUTO_TEST_CASE(tables)
{
    for (error_kind const kind : every_kind) {
        BOOST_TEST(!to_string(kind).empty());
        BOOST_TEST(http_status(kind) >= 400);
        BOOST_TEST(http_status(kind) < 600);
        // Nothing the caller got wrong is worth another attempt.
        const bool callers_fault = http_status(kind) < 500 && kind != error_kind::rate_limit;
        BOOST_TEST((!callers_fault || !is_retryable(kind)));
        failure const why(kind, "m");
        BOOST_TEST(why->status == http_status(kind));
        BOOST_TEST(why->retryable == is_retryable(kind));
        BOOST_TEST(why.type() == to_string(kind));
    }
    BOOST_TEST(is_retryable(error_kind::rate_limit));
    BOOST_TEST(!is_retryable(error_kind::quota_exceeded));
    BOOST_TEST(failure(error_kind::context_window_exceeded, "")->code == "context_length_exceeded");
}

BOOST_AUTO_TEST_CASE(copies_do_not_change_each_other)
{
    failure one(error_kind::timeout, "late");
    failure two = one;
    two.with_code("timeout_connect").with_provider("p").with_type("own_error").with_retryable(false);
    BOOST_TEST(one->code.empty());
    BOOST_TEST(one->provider.empty());
    BOOST_TEST(two->code == "timeout_connect");
    BOOST_TEST(two.type() == "own_error");
    BOOST_TEST(!two->retryable);
    failure none;
    none.with_code("x");
    BOOST_TEST(failure()->code.empty());
    result<int> const good = 5;
    BOOST_TEST(good.error()->message.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cogate::test
