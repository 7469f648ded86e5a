#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace cogate::micro {

/// One thing to be timed: `run` is one operation over `bytes` input bytes.
struct micro_case {
    std::string name;
    std::size_t bytes = 0;
    std::function<void()> run;
};

/// All cases of the program, in the order of their files.
std::vector<micro_case>& cases();

/// Names a function that adds cases; it runs at the start of main, when all other objects are there:
/// `const registration sse([] { cases().push_back(...); });`
struct registration {
    explicit registration(void (*add)());
};

/// Runs every registered function once.
void register_all();

/// Calls of operator new so far on this thread.
std::uint64_t allocations() noexcept;

/// Makes the compiler believe that `value` is used.
template <class T>
void keep(const T& value) noexcept
{
    asm volatile("" : : "g"(&value) : "memory");
}

} // namespace cogate::micro
