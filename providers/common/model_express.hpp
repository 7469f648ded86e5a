#pragma once
/// Express requests that name their model in the body.

#include <cogate/result.hpp>

#include "providers/common/splice.hpp"
#include "providers/express_lane.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace cogate::providers {

/// The model is all that is changed.
class model_express : public express_request {
public:
    request_facts const& facts() const noexcept final { return facts_; }
    std::string_view body() const noexcept final { return body_; }
    void splice(std::string_view upstream_model, spliced_body& out) const override;

protected:
    /// The body, and the model's name in it or why there is none.
    result<void> take_model(std::string_view body, json::member_query const& model);
    /// Whether a stream is asked for.
    result<void> take_stream(json::member_query const& stream);

    /// The edit that puts the model's name in; false if it stands there already.
    bool edit_model(std::string_view upstream_model, edit& out) const;

    std::string_view body_;
    json::member_query model_{.key = "model"};
    request_facts facts_;
};

/// One of a dialect with `stream_options`: usage is asked for whether the caller wants it or not.
class usage_express : public model_express {
public:
    void splice(std::string_view upstream_model, spliced_body& out) const override;

protected:
    result<void> take_stream_options(json::member_query const& options);

private:
    edit ask_for_usage() const;

    json::member_query options_{.key = "stream_options"};
    json::member_query include_usage_{.key = "include_usage"}; // offsets within the value of stream_options
};

/// A request of this kind, if its `read` finds no fault.
template <class Request, class... Arguments>
result<std::unique_ptr<express_request>> read_express(std::string_view body, Arguments const&... arguments)
{
    auto request = std::make_unique<Request>();
    if (result<void> good = request->read(body, arguments...); !good) {
        return good.error();
    }
    return std::unique_ptr<express_request>(std::move(request));
}

/// The 400 for a list that must hold something.
failure must_not_be_empty(std::string_view field);
/// A needed array with something in it.
result<void> check_list(std::string_view body, json::member_query const& list);
/// The text between the brackets of an array or an object, without white space around it.
std::string_view inside_of(std::string_view value) noexcept;

} // namespace cogate::providers
