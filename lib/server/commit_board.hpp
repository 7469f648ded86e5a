#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace cogate::server {

/// Where the ledger's thread says which rows are committed, and one loop hears of it: all that is said until the loop
/// looks is heard in one turn.
///
/// Thread safety: tell() from any thread, for as long as the board is there, also after the loop is gone; all else on
/// the loop.
class commit_board : public std::enable_shared_from_this<commit_board> {
public:
    /// Somebody who waits for rows. Heard on the loop unless it went away before.
    class listener {
    public:
        virtual ~listener() = default;
        virtual void row_is_committed() = 0;
    };
    /// What the ledger's thread keeps of a listener, who empties it when going away.
    struct ticket {
        std::shared_ptr<commit_board> board;
        listener* who;
    };

    /// The board of the loop behind an executor; made on first use.
    static std::shared_ptr<commit_board> of(boost::asio::any_io_executor const& executor);

    explicit commit_board(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}

    static void tell(std::shared_ptr<ticket> const& of);

    /// The loop is gone: nobody hears any more.
    void shut() noexcept;

private:
    void hear();

    boost::asio::any_io_executor loop_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<ticket>> told_;
    bool is_shut_ = false;
};

} // namespace cogate::server
