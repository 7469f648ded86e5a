#include "providers/demo/demo.hpp"
namespace cogate::providers::demo {
wire::scripted_reply answer(std::string_view, std::string_view)
{
    return {};
}
}
