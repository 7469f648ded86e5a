#include "lib/ledger/accounts/record_store.hpp"

#include <map>
#include <utility>

namespace cogate::ledger {

namespace {

class memory_records final : public record_store {
public:
    result<void> read_all(std::function<void(record&&)> const& take) override
    {
        for (auto const& [name, one] : records_) {
            take(record(one));
        }
        return {};
    }

    result<void> write(record_changes const& changes) override
    {
        for (record_name const& gone : changes.removed) {
            records_.erase({gone.kind, gone.id});
        }
        for (record const& one : changes.put) {
            records_.insert_or_assign({kind_of(one), id_of(one)}, one);
        }
        return {};
    }

private:
    std::map<std::pair<record_kind, std::string>, record> records_;
};

} // namespace

std::unique_ptr<record_store> make_memory_records()
{
    return std::make_unique<memory_records>();
}

} // namespace cogate::ledger
