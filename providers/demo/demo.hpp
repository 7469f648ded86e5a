#pragma once
#include "lib/wire/scripted_reply.hpp"
namespace cogate::providers::demo {
wire::scripted_reply answer(std::string_view path, std::string_view body);
}
