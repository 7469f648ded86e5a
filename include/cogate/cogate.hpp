#pragma once

/// The whole public API of cogate. Include single headers where compile time matters: the value types
/// (chat, message, usage, embedding, error, result) know nothing of Asio.

#include <cogate/audio.hpp>
#include <cogate/call_options.hpp>
#include <cogate/chat.hpp>
#include <cogate/embedding.hpp>
#include <cogate/error.hpp>
#include <cogate/gateway.hpp>
#include <cogate/image.hpp>
#include <cogate/message.hpp>
#include <cogate/model.hpp>
#include <cogate/moderation.hpp>
#include <cogate/money.hpp>
#include <cogate/observer.hpp>
#include <cogate/parameter_rules.hpp>
#include <cogate/payer.hpp>
#include <cogate/prices.hpp>
#include <cogate/raw_json.hpp>
#include <cogate/rerank.hpp>
#include <cogate/responses.hpp>
#include <cogate/result.hpp>
#include <cogate/router_options.hpp>
#include <cogate/routing_strategy.hpp>
#include <cogate/secret.hpp>
#include <cogate/stream.hpp>
#include <cogate/tokens.hpp>
#include <cogate/usage.hpp>
