#include "lib/cli/command.hpp"

#include <exception>
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv)
{
    try {
        return cogate::cli::dispatch(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
    } catch (std::exception const& fault) {
        std::cerr << "cogate: " << fault.what() << '\n';
        return cogate::cli::exit_failed;
    }
}
