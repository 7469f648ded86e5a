// Runs a fuzz target over the files of a folder and over every prefix of each.

#include "test/fuzz/target.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace {

void replay(std::filesystem::path const& file)
{
    std::ifstream input(file, std::ios::binary);
    std::vector<char> const bytes{std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        // A copy of exactly this size lets AddressSanitizer see a read behind the end.
        std::vector<std::uint8_t> const prefix(bytes.begin(),
                                               bytes.begin() + static_cast<std::ptrdiff_t>(size));
        LLVMFuzzerTestOneInput(prefix.data(), prefix.size());
    }
}

} // namespace

int main(int count, char** arguments)
{
    std::size_t replayed = 0;
    for (int i = 1; i < count; ++i) {
        for (auto const& entry : std::filesystem::directory_iterator(arguments[i])) {
            replay(entry.path());
            ++replayed;
        }
    }
    std::printf("replayed %zu file(s)\n", replayed);
    return replayed == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
