#pragma once

#include <iostream>
#include <sstream>
#include <streambuf>
#include <string>

namespace cogate::cli {

/// Keeps what a command prints out of the test's report while it lives.
class silence {
public:
    silence() : out_(std::cout.rdbuf(sink_.rdbuf())), err_(std::cerr.rdbuf(sink_.rdbuf())) {}
    ~silence()
    {
        std::cout.rdbuf(out_);
        std::cerr.rdbuf(err_);
    }
    silence(silence const&) = delete;
    silence& operator=(silence const&) = delete;

    std::string text() const { return sink_.str(); }

private:
    std::ostringstream sink_;
    std::streambuf* out_;
    std::streambuf* err_;
};

} // namespace cogate::cli
