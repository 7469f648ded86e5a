#include "lib/ledger/sqlite/connection.hpp"

#include <sqlite3.h>

#include <utility>

namespace cogate::ledger::sqlite {

connection::connection(std::string const& path, access how, std::string const& vfs)
{
    // SQLite's own account of its memory, which nobody reads, costs a mutex per allocation. Without effect where the
    // process has used SQLite before.
    static int const without_account = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(without_account);
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= how == access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    flags |= how == access::create ? SQLITE_OPEN_CREATE : 0;
    int const code = sqlite3_open_v2(path.c_str(), &handle_, flags, vfs.empty() ? nullptr : vfs.c_str());
    if (code != SQLITE_OK) {
        std::string const text = sqlite3_errstr(code);
        sqlite3_close(std::exchange(handle_, nullptr));
        throw error(code, "cannot open " + path + ": " + text);
    }
}

connection::connection(connection&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}

connection& connection::operator=(connection&& other) noexcept
{
    std::swap(handle_, other.handle_);
    return *this;
}

connection::~connection()
{
    sqlite3_close(handle_);
}

void connection::fail(int code, char const* doing) const
{
    throw error(code, std::string(doing) + ": " + sqlite3_errmsg(handle_));
}

void connection::run(char const* sql)
{
    int const code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        fail(code, "ledger database");
    }
}

std::int64_t connection::number(char const* sql, std::int64_t otherwise)
{
    statement query(*this, sql);
    return query.step() ? query.number(0) : otherwise;
}

bool connection::in_transaction() const noexcept
{
    return sqlite3_get_autocommit(handle_) == 0;
}

std::int64_t connection::changes() const noexcept
{
    return sqlite3_changes64(handle_);
}

void connection::set_patience(int milliseconds) noexcept
{
    sqlite3_busy_timeout(handle_, milliseconds);
}

statement::statement(connection& owner, std::string_view sql) : owner_(&owner)
{
    int const code = sqlite3_prepare_v3(owner.handle_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &handle_, nullptr);
    if (code != SQLITE_OK) {
        owner.fail(code, "ledger statement");
    }
}

statement::statement(statement&& other) noexcept
    : owner_(other.owner_), handle_(std::exchange(other.handle_, nullptr))
{}

statement::~statement()
{
    sqlite3_finalize(handle_);
}

statement& statement::bind(int at, std::int64_t value)
{
    int const code = sqlite3_bind_int64(handle_, at, value);
    if (code != SQLITE_OK) {
        owner_->fail(code, "ledger value");
    }
    return *this;
}

statement& statement::bind(int at, std::string_view text)
{
    // A null pointer would be NULL, not the empty text.
    char const* const data = text.data() != nullptr ? text.data() : "";
    int const code = sqlite3_bind_text64(handle_, at, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
    if (code != SQLITE_OK) {
        owner_->fail(code, "ledger value");
    }
    return *this;
}

bool statement::step()
{
    int const code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code != SQLITE_DONE) {
        std::string const text = sqlite3_errmsg(owner_->handle_);
        sqlite3_reset(handle_);
        throw error(code, "ledger database: " + text);
    }
    return false;
}

void statement::run()
{
    while (step()) {
    }
    reset();
}

void statement::reset() noexcept
{
    sqlite3_reset(handle_);
}

std::int64_t statement::number(int column) const noexcept
{
    return sqlite3_column_int64(handle_, column);
}

std::string_view statement::text(int column) const noexcept
{
    void const* const data = sqlite3_column_blob(handle_, column);
    return {static_cast<char const*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

transaction::transaction(connection& in, kind what) : in_(in)
{
    in_.run(what == kind::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

transaction::~transaction()
{
    if (in_.in_transaction()) {
        try {
            in_.run("ROLLBACK");
        } catch (error const&) {
            // SQLite has rolled back by itself.
        }
    }
}

void transaction::commit()
{
    in_.run("COMMIT");
}

} // namespace cogate::ledger::sqlite
