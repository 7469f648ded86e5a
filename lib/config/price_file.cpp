#include "lib/config/price_file.hpp"

#include "lib/catalog/load.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace cogate::config {

namespace {

failure bad_file(std::string const& path, std::string const& why)
{
    return failure(error_kind::invalid_request, "the price file " + path + ' ' + why)
        .with_code("bad_price_file");
}

} // namespace

result<price_file> load_price_file(std::string const& path)
{
    if (path.find("://") != std::string::npos) {
        return bad_file(path, "is a URL: nothing is fetched, give the path of a file");
    }
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    price_file out;
    std::array<char, 65536> piece{};
    // a byte more than a price file may have: the catalogue says that it is too long
    while (file && out.text.size() <= catalog::longest_price_file) {
        file.read(piece.data(), piece.size());
        out.text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (!file.eof() && out.text.size() <= catalog::longest_price_file) {
        return bad_file(path, std::string("cannot be read: ") + std::strerror(errno != 0 ? errno : EIO));
    }
    result<catalog::loaded_catalog> const loaded =
        catalog::load_prices(out.text, *catalog::model_catalog::embedded());
    if (!loaded) {
        return bad_file(path, "cannot be used: " + loaded.error()->message);
    }
    for (catalog::load_notice const& each : loaded->report.notices) {
        out.notices.push_back(catalog::to_string(each));
    }
    return out;
}

} // namespace cogate::config
