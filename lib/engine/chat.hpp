#pragma once

#include <cogate/call_options.hpp>
#include <cogate/chat.hpp>
#include <cogate/result.hpp>
#include <cogate/stream.hpp>

#include "lib/engine/kernel.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace cogate::engine {

/// The typed calls: encode, one `call`, decode. Coroutines of the executor they are awaited on; the kernel must
/// outlive them. No exception leaves them but std::bad_alloc.
boost::asio::awaitable<result<chat_response>>
complete(kernel& owner, std::shared_ptr<chat_request const> request, call_options options);
boost::asio::awaitable<result<chat_stream>>
open_stream(kernel& owner, std::shared_ptr<chat_request const> request, call_options options);

} // namespace cogate::engine
