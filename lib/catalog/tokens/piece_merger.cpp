#include "lib/catalog/tokens/piece_merger.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace cogate::catalog {

namespace {

/// Up to here a look at every pair is faster than keeping them in order.
constexpr std::size_t short_piece = 48;

constexpr std::uint32_t none = 0xFFFF'FFFF;

} // namespace

std::span<rank const> piece_merger::merge(std::string_view piece)
{
    return piece.size() <= short_piece ? merge_short(piece) : merge_long(piece);
}

std::span<rank const> piece_merger::merge_short(std::string_view piece)
{
    tokens_.resize(short_piece);
    merged_.resize(short_piece);
    std::size_t size = piece.size();
    for (std::size_t i = 0; i != size; ++i) {
        tokens_[i] = table_.of_byte(static_cast<unsigned char>(piece[i]));
    }
    for (std::size_t i = 0; i + 1 < size; ++i) {
        merged_[i] = table_.of_pair(tokens_[i], tokens_[i + 1]);
    }
    while (size > 1) {
        auto const begin = merged_.begin();
        auto const best = std::min_element(begin, begin + static_cast<std::ptrdiff_t>(size - 1));
        if (*best == no_rank) {
            break;
        }
        auto const at = static_cast<std::size_t>(best - begin);
        tokens_[at] = *best;
        std::copy(tokens_.begin() + static_cast<std::ptrdiff_t>(at + 2),
                  tokens_.begin() + static_cast<std::ptrdiff_t>(size),
                  tokens_.begin() + static_cast<std::ptrdiff_t>(at + 1));
        std::copy(best + 1, begin + static_cast<std::ptrdiff_t>(size - 1), best);
        --size;
        if (at + 1 < size) {
            merged_[at] = table_.of_pair(tokens_[at], tokens_[at + 1]);
        }
        if (at != 0) {
            merged_[at - 1] = table_.of_pair(tokens_[at - 1], tokens_[at]);
        }
    }
    return {tokens_.data(), size};
}

void piece_merger::start_long(std::string_view piece)
{
    newest_.resize(table_.size(), none);
    candidates_.clear();
    links_.resize(piece.size());
    for (std::uint32_t i = 0; i != piece.size(); ++i) {
        links_[i] = {table_.of_byte(static_cast<unsigned char>(piece[i])), no_rank, i - 1, i + 1};
    }
    for (std::uint32_t i = 0; i != piece.size(); ++i) {
        pair_up(i);
    }
}

void piece_merger::pair_up(std::uint32_t at)
{
    link& here = links_[at];
    here.merged = here.next == links_.size() ? no_rank : table_.of_pair(here.token, links_[here.next].token);
    if (here.merged == no_rank) {
        return;
    }
    std::uint32_t& newest = newest_[here.merged];
    if (newest == none) {
        ranks_.push_back(here.merged);
        std::push_heap(ranks_.begin(), ranks_.end(), std::greater{});
    }
    candidates_.push_back({at, newest});
    newest = static_cast<std::uint32_t>(candidates_.size() - 1);
}

/// Moves the candidates of a rank into places_, from left to right.
void piece_merger::take_places(rank merged)
{
    places_.clear();
    for (std::uint32_t i = std::exchange(newest_[merged], none); i != none; i = candidates_[i].before) {
        places_.push_back(candidates_[i].at);
    }
    std::reverse(places_.begin(), places_.end());
    if (!std::is_sorted(places_.begin(), places_.end())) {
        std::sort(places_.begin(), places_.end());
    }
}

void piece_merger::merge_at(std::uint32_t at)
{
    link& here = links_[at];
    link& gone = links_[here.next];
    here.token = here.merged;
    here.next = gone.next;
    gone.merged = no_rank;
    if (here.next != links_.size()) {
        links_[here.next].previous = at;
    }
    pair_up(at);
    if (at != 0) {
        pair_up(here.previous);
    }
}

std::span<rank const> piece_merger::merge_long(std::string_view piece)
{
    start_long(piece);
    while (!ranks_.empty()) {
        rank const merged = ranks_.front();
        std::pop_heap(ranks_.begin(), ranks_.end(), std::greater{});
        ranks_.pop_back();
        take_places(merged);
        for (std::uint32_t const at : places_) {
            // Not so where an earlier merge took one of the two.
            if (links_[at].merged == merged) {
                merge_at(at);
            }
        }
    }
    tokens_.clear();
    for (std::uint32_t at = 0; at != links_.size(); at = links_[at].next) {
        tokens_.push_back(links_[at].token);
    }
    return tokens_;
}

} // namespace cogate::catalog
