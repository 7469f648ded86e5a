#include "bench/micro/harness.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

namespace {

thread_local std::uint64_t allocation_count = 0;

void* counted(std::size_t size)
{
    ++allocation_count;
    void* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

} // namespace

void* operator new(std::size_t size)
{
    return counted(size);
}
void* operator new[](std::size_t size)
{
    return counted(size);
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace cogate::micro {

namespace {

std::vector<void (*)()>& registrations()
{
    static std::vector<void (*)()> all;
    return all;
}

} // namespace

registration::registration(void (*add)())
{
    registrations().push_back(add);
}

void register_all()
{
    for (void (*add)() : registrations()) {
        add();
    }
}

std::vector<micro_case>& cases()
{
    static std::vector<micro_case> all;
    return all;
}

std::uint64_t allocations() noexcept
{
    return allocation_count;
}

} // namespace cogate::micro

namespace {

using cogate::micro::micro_case;
using bench_clock = std::chrono::steady_clock;

double seconds_for(const micro_case& each, std::uint64_t times)
{
    const auto begin = bench_clock::now();
    for (std::uint64_t i = 0; i < times; ++i) {
        each.run();
    }
    return std::chrono::duration<double>(bench_clock::now() - begin).count();
}

/// The best of five windows: what disturbs a window only ever makes it slower.
void measure(const micro_case& each, double window)
{
    std::uint64_t times = 1;
    while (seconds_for(each, times) < window / 10 && times < (std::uint64_t{1} << 40)) {
        times *= 2;
    }
    times *= 10;
    double best = 1e9;
    for (int round = 0; round < 5; ++round) {
        best = std::min(best, seconds_for(each, times));
    }
    const std::uint64_t before = cogate::micro::allocations();
    seconds_for(each, 100);
    const double per_run = static_cast<double>(cogate::micro::allocations() - before) / 100;
    const double nanoseconds = best * 1e9 / static_cast<double>(times);
    std::printf("%-44s %12.1f %10.1f %10.2f\n", each.name.c_str(), nanoseconds,
                static_cast<double>(each.bytes) * 1e3 / nanoseconds, per_run);
    std::fflush(stdout);
}

} // namespace

/// cogate_micro [--quick] [TEXT]: runs the cases whose name contains TEXT.
int main(int argc, char** argv)
{
    double window = 0.1;
    std::string_view wanted;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--quick") {
            window = 0.01;
        } else if (word.starts_with("-")) {
            std::fprintf(stderr,
                         "usage: cogate_micro [--quick] [TEXT]   runs the cases whose name contains TEXT\n");
            return word == "--help" ? 0 : 2;
        } else {
            wanted = word;
        }
    }
    cogate::micro::register_all();
    std::printf("%-44s %12s %10s %10s\n", "case", "ns/op", "MB/s", "allocs/op");
    int ran = 0;
    for (const micro_case& each : cogate::micro::cases()) {
        if (each.name.find(wanted) != std::string::npos) {
            measure(each, window);
            ++ran;
        }
    }
    return ran != 0 ? 0 : 1;
}
