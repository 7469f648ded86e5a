#include "lib/server/commit_board.hpp"

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <utility>

namespace asio = boost::asio;

namespace cogate::server {
namespace {

/// Ends with its loop, and with it the board's way there.
class board_service final : public asio::execution_context::service {
public:
    using key_type = board_service;
    static asio::execution_context::id id;

    explicit board_service(asio::execution_context& context)
        : service(context),
          board(std::make_shared<commit_board>(static_cast<asio::io_context&>(context).get_executor()))
    {}

    std::shared_ptr<commit_board> const board;

private:
    void shutdown() override { board->shut(); }
};

asio::execution_context::id board_service::id;

} // namespace

std::shared_ptr<commit_board> commit_board::of(asio::any_io_executor const& executor)
{
    asio::execution_context& context = asio::query(executor, asio::execution::context);
    return asio::use_service<board_service>(context).board;
}

void commit_board::tell(std::shared_ptr<ticket> const& of)
{
    commit_board& board = *of->board;
    std::lock_guard const lock(board.mutex_);
    if (board.is_shut_) {
        return;
    }
    bool const is_first = board.told_.empty();
    board.told_.push_back(of);
    if (is_first) {
        asio::post(board.loop_, [self = of->board] { self->hear(); });
    }
}

void commit_board::hear()
{
    std::vector<std::shared_ptr<ticket>> told;
    {
        std::lock_guard const lock(mutex_);
        told.swap(told_);
    }
    for (std::shared_ptr<ticket> const& each : told) {
        if (each->who != nullptr) {
            each->who->row_is_committed();
        }
    }
}

void commit_board::shut() noexcept
{
    std::vector<std::shared_ptr<ticket>> told;
    {
        std::lock_guard const lock(mutex_);
        is_shut_ = true;
        told.swap(told_);
    }
}

} // namespace cogate::server
