#include "lib/cli/command.hpp"
#include "lib/cli/load_settings.hpp"
#include "lib/cli/process.hpp"
#include "lib/cli/serve_accounts.hpp"
#include "lib/cli/serve_banner.hpp"
#include "lib/cli/serve_flags.hpp"
#include "lib/cli/serve_reload.hpp"
#include "lib/config/price_file.hpp"
#include "lib/engine/kernel.hpp"
#include "lib/observe/access_log.hpp"
#include "lib/server/server.hpp"

#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace cogate::cli {

namespace {

/// False after a message on standard error.
bool apply_prices(std::string const& path, config::settings& to)
{
    result<config::price_file> read = config::load_price_file(path);
    if (!read) {
        std::cerr << "cogate serve: " << read.error()->message << '\n';
        return false;
    }
    constexpr std::size_t shown = 5;
    for (std::size_t i = 0; i != std::min(read->notices.size(), shown); ++i) {
        std::cerr << path << ": warning: " << read->notices[i] << '\n';
    }
    if (read->notices.size() > shown) {
        std::cerr << path << ": warning: and " << read->notices.size() - shown << " more\n";
    }
    to.gateway.price_map = std::move(read->text);
    return true;
}

/// Flags win over the file. False after a message: one of them cannot be used.
bool apply(serve_flags const& flags, config::settings& to)
{
    to.data = flags.data.value_or(to.data);
    to.host = flags.host.value_or(to.host);
    to.port = flags.port.value_or(to.port);
    to.workers = flags.workers.value_or(to.workers);
    to.access_log = flags.access_log.value_or(to.access_log);
    if (to.workers == 0) {
        to.workers = std::max(1U, std::thread::hardware_concurrency());
    }
    return !flags.prices || apply_prices(*flags.prices, to);
}

server::server_options server_options_of(config::settings const& from)
{
    server::server_options out;
    out.listen.host = from.host;
    out.listen.port = from.port;
    out.listen.workers = from.workers;
    transports::inbound_limits& limits = out.listen.limits;
    limits.head_bytes = from.limits.head_bytes;
    limits.body_bytes = from.limits.body_bytes;
    limits.head_time = from.limits.head_time;
    limits.body_time = from.limits.body_time;
    limits.body_rate = from.limits.body_rate;
    limits.buffered_body_bytes = from.limits.buffered_body_bytes;
    limits.idle_time = from.limits.idle_time;
    limits.write_stall = from.limits.write_stall;
    limits.connections = from.limits.connections;
    out.master_key = from.master_key;
    out.drain_grace = from.drain_grace;
    out.cost_in_streams = from.cost_in_streams;
    return out;
}

// Boost puts the place in its own sources behind the message, which helps nobody who starts a server.
std::string without_place(boost::system::system_error const& fault)
{
    std::string text = fault.what();
    std::string const long_form = fault.code().what();
    if (text.ends_with(long_form)) {
        text.replace(text.size() - long_form.size(), long_form.size(), fault.code().message());
    }
    if (fault.code() == boost::system::errc::address_in_use) {
        text += "; use --port (0: a free one)";
    }
    return text;
}

void serve(serve_flags const& flags, config::settings settings, std::optional<file_stamp> const& read)
{
    signal_block const no_signals; // before any thread is started
    std::optional<hangup_block> no_hangup;
    if (read) {
        no_hangup.emplace();
    }
    config::settings running = settings;
    if (!settings.access_log.empty()) {
        settings.gateway.observers.push_back(observe::make_access_log(settings.access_log));
    }
    gateway gw(std::move(settings.gateway));
    std::unique_ptr<server::accounts> accounts;
    if (!flags.no_ledger && keeps_accounts(settings, flags.data.has_value())) {
        result<std::unique_ptr<server::accounts>> opened =
            open_accounts(settings, *gw.kernel().current_routes());
        if (!opened) {
            throw std::runtime_error(opened.error()->message);
        }
        accounts = std::move(*opened);
        if (settings.master_key.empty()) {
            std::cerr << "cogate serve: warning: no master key is set, so whoever reaches the port may do "
                         "everything and virtual keys limit nobody; set general_settings.master_key\n";
        }
    }
    server::server_options options = server_options_of(settings);
    options.accounts = accounts.get();
    server::http_server server(gw, std::move(options));
    serve_banner const banner{.version = COGATE_VERSION,
                              .host = settings.host,
                              .port = server.port(),
                              .workers = settings.workers,
                              .config = flags.config,
                              .needs_key = !settings.master_key.empty(),
                              .models = gw.models()};
    // Standard output belongs to the log when the log goes there.
    (settings.access_log == "-" ? std::cerr : std::cout) << to_text(banner) << std::flush;
    auto const load = [&flags] {
        std::optional<config::settings> fresh = load_settings(flags.config);
        if (fresh && !apply(flags, *fresh)) {
            fresh.reset();
        }
        return fresh;
    };
    auto const install = [&](config::settings const& fresh, config::settings const& before) {
        engine::kernel& kernel = gw.kernel();
        kernel.reload(fresh.gateway);
        if (accounts == nullptr) {
            return;
        }
        if (result<void> const changed =
                accounts->change_terms(accounts_terms_of(fresh, *kernel.current_routes()));
            !changed) {
            kernel.reload(before.gateway);
            throw std::runtime_error(changed.error()->message);
        }
    };
    living_config living(flags.config, std::move(running), load, install, std::cerr);
    std::optional<config_watch> watch;
    if (read) {
        watch.emplace(flags.config, read, living);
    }
    signal_watch const signals([&server] { server.drain(); });
    server.run();
    if (accounts) {
        accounts->finish(); // it answers through the server's loops
    }
}

} // namespace

int serve_command(std::vector<std::string> args)
{
    auto const flags = parse_serve_flags(std::move(args));
    if (int const* const code = std::get_if<int>(&flags)) {
        return *code;
    }
    auto const& given = std::get<serve_flags>(flags);
    std::optional<file_stamp> const read = given.config == "-" ? std::nullopt : stamp_of(given.config);
    auto settings = load_settings(given.config);
    if (!settings) {
        std::cerr << "cogate serve: the configuration has errors; nothing was started\n";
        return exit_usage;
    }
    if (!apply(given, *settings)) {
        return exit_usage;
    }
    prepare_process(settings->workers);
    try {
        serve(given, *std::move(settings), read);
        return exit_good;
    } catch (std::invalid_argument const& fault) {
        std::cerr << "cogate serve: " << fault.what() << '\n';
        return exit_usage;
    } catch (boost::system::system_error const& fault) {
        std::cerr << "cogate serve: " << without_place(fault) << '\n';
        return exit_failed;
    } catch (std::exception const& fault) {
        std::cerr << "cogate serve: " << fault.what() << '\n';
        return exit_failed;
    }
}

} // namespace cogate::cli
