#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// The little of SQLite that the ledger needs, with owners and exceptions. Only prepared statements take values.
/// Exceptions (`sqlite::error`) stay inside lib/ledger: whatever is called from outside turns them into failures.
namespace cogate::ledger::sqlite {

/// A refused operation; `code()` is SQLite's extended result code.
class error : public std::runtime_error {
public:
    error(int code, std::string const& what) : std::runtime_error(what), code_(code) {}
    int code() const noexcept { return code_; }
    /// Without the extension: SQLITE_BUSY, SQLITE_FULL, ...
    int primary_code() const noexcept { return code_ & 0xff; }

private:
    int code_;
};

enum class access { read_only, read_write, create };

class statement;

/// One connection. Thread safety: one thread at a time.
class connection {
public:
    /// `vfs` names another virtual file system of the process; empty is the system's. Throws.
    connection(std::string const& path, access how, std::string const& vfs = {});
    connection(connection&& other) noexcept;
    connection& operator=(connection&& other) noexcept;
    ~connection();

    /// Runs statements without values, results ignored. Throws.
    void run(char const* sql);

    /// The first column of the first row of a query without values; `otherwise` when there is no row. Throws.
    std::int64_t number(char const* sql, std::int64_t otherwise = 0);

    /// Whether a transaction is open.
    bool in_transaction() const noexcept;

    /// Rows that the last statement changed.
    std::int64_t changes() const noexcept;

    /// How long a call waits for another process's lock.
    void set_patience(int milliseconds) noexcept;

    sqlite3* handle() const noexcept { return handle_; }

private:
    friend class statement;
    [[noreturn]] void fail(int code, char const* doing) const;

    sqlite3* handle_ = nullptr;
};

/// A prepared statement; must not outlive its connection. Thread safety: one thread at a time.
class statement {
public:
    statement(connection& owner, std::string_view sql);
    statement(statement&& other) noexcept;
    statement& operator=(statement&&) = delete;
    ~statement();

    /// Values by position from 1. A text is not copied: it must live until the next reset().
    statement& bind(int at, std::int64_t value);
    statement& bind(int at, std::string_view text);

    /// True while there is a row. Throws, after which the statement is reset.
    bool step();
    /// Runs it to its end and resets it. Throws.
    void run();
    void reset() noexcept;

    std::int64_t number(int column) const noexcept;
    /// Valid until the next step() or reset().
    std::string_view text(int column) const noexcept;

private:
    connection* owner_;
    sqlite3_stmt* handle_ = nullptr;
};

/// BEGIN IMMEDIATE (or BEGIN for reading one state of the data) that rolls back unless committed.
class transaction {
public:
    enum class kind { write, read };

    explicit transaction(connection& in, kind what = kind::write);
    transaction(transaction const&) = delete;
    transaction& operator=(transaction const&) = delete;
    ~transaction();

    void commit();

private:
    connection& in_;
};

} // namespace cogate::ledger::sqlite
