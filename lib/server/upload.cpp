#include "lib/server/upload.hpp"

#include "lib/core/text.hpp"
#include "lib/wire/header.hpp"

#include <utility>

namespace asio = boost::asio;

namespace cogate::server {

upload::upload(transports::inbound_request& request, providers::media_codec const& forms)
    : request_(request),
      forms_(forms),
      content_type_(wire::find_header(request.headers(), "content-type").value_or(std::string_view{})),
      rewriter_(wire::multipart_boundary(content_type_))
{
    std::string_view const length =
        wire::find_header(request.headers(), "content-length").value_or(std::string_view{});
    announced_ = core::parse_int<std::uint64_t>(length).value_or(0);
}

failure upload::broken() const
{
    return forms_.form_failure(rewriter_.error(), rewriter_.error_field());
}

asio::awaitable<result<void>> upload::take()
{
    result<std::string_view> const bytes = co_await request_.read_body_some();
    if (!bytes) {
        co_return bytes.error();
    }
    if (bytes->empty()) {
        complete_ = true;
        if (!rewriter_.finish()) {
            co_return broken();
        }
        co_return result<void>{};
    }
    kept_ += *bytes;
    if (!rewriter_.feed(*bytes)) {
        co_return broken();
    }
    co_return result<void>{};
}

asio::awaitable<result<void>> upload::begin()
{
    if (wire::multipart_boundary(content_type_).empty()) {
        co_return failure{error_kind::invalid_request, "The body must be multipart/form-data."}.with_code(
            "invalid_form");
    }
    while (!rewriter_.found()) {
        result<void> const taken = co_await take();
        if (!taken) {
            co_return taken;
        }
        if (complete_ && !rewriter_.found()) {
            co_return failure{error_kind::invalid_request, "The form has no field 'model'."}
                .with_code("missing_required_parameter")
                .with_param("model");
        }
    }
    co_return result<void>{};
}

bool upload::may_pass(engine::kernel const& kernel, providers::operation what) const
{
    std::shared_ptr<engine::routes const> const routes = kernel.current_routes();
    result<engine::routes::target> const found = routes->example(rewriter_.value());
    if (!found) {
        return true; // the call itself says that nobody serves it
    }
    engine::served_deployment const& served = *found->deployment;
    providers::client_dialect const* const dialect = served.dialect_for("openai_chat", found->upstream_model);
    return dialect != nullptr && announced_ != 0 &&
           !dialect->express_path(what, served.context(found->upstream_model, false)).empty();
}

asio::awaitable<void> upload::discard()
{
    while (!complete_) {
        result<std::string_view> const bytes = co_await request_.read_body_some();
        complete_ = !bytes || bytes->empty();
        if (!bytes) {
            request_.close_after();
        }
    }
}

asio::awaitable<result<std::string>> upload::rest()
{
    while (!complete_) {
        result<std::string_view> const bytes = co_await request_.read_body_some();
        if (!bytes) {
            co_return bytes.error();
        }
        complete_ = bytes->empty();
        kept_ += *bytes;
    }
    co_return std::move(kept_);
}

result<std::uint64_t> upload::rename(std::string_view model)
{
    kept_ = {};
    if (!rewriter_.replace(model)) {
        return broken();
    }
    return announced_ + static_cast<std::uint64_t>(rewriter_.growth());
}

asio::awaitable<result<std::string_view>> upload::pass()
{
    for (;;) {
        std::string_view const piece = rewriter_.next();
        if (!piece.empty() || complete_) {
            co_return piece;
        }
        result<std::string_view> const bytes = co_await request_.read_body_some();
        if (!bytes) {
            co_return bytes.error();
        }
        if (bytes->empty()) {
            complete_ = true;
            if (!rewriter_.finish()) {
                co_return broken();
            }
        } else if (!rewriter_.feed(*bytes)) {
            co_return broken();
        }
    }
}

namespace {

class passed_form final : public engine::dispatch {
public:
    passed_form(upload& form, std::string path, providers::client_dialect const& dialect,
                std::uint64_t length)
        : form_(form), path_(std::move(path))
    {
        request_ = {.path = path_,
                    .body = {},
                    .content_type = form_.content_type(),
                    .accept = "*/*",
                    .dialect = &dialect,
                    .more_bytes = length};
    }

    ready ready_when() const noexcept override { return ready::at_head; }
    asio::awaitable<result<std::string_view>> more() override { return form_.pass(); }

private:
    upload& form_;
    std::string path_;
};

} // namespace

result<std::unique_ptr<engine::dispatch>> uploaded::prepare(engine::served_deployment const& deployment,
                                                            std::string_view upstream_model)
{
    if (sent_) {
        return failure{error_kind::connection,
                       "The connection broke during an upload, which cannot be sent again."}
            .with_code("upstream_closed");
    }
    sent_ = true;
    providers::client_dialect const* const dialect = deployment.dialect_for("openai_chat", upstream_model);
    std::string path;
    if (dialect != nullptr) {
        path = dialect->express_path(what_, deployment.context(upstream_model, false));
    }
    result<std::uint64_t> const length = form_.rename(upstream_model);
    if (!length) {
        return length.error();
    }
    if (path.empty()) {
        return failure{error_kind::invalid_request, "This deployment takes no such upload."}.with_code(
            "unsupported_operation");
    }
    return std::unique_ptr<engine::dispatch>(
        std::make_unique<passed_form>(form_, std::move(path), *dialect, *length));
}

} // namespace cogate::server
