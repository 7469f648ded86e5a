#pragma once

#include "lib/engine/express_task.hpp"
#include "lib/engine/relay_dispatch.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace cogate::engine {

/// The client's bytes with other values spliced in, and the answer's bytes as they are. The task must outlive it.
class express_dispatch : public relay_dispatch {
public:
    express_dispatch(express_task const& task, place const& to);

    result<void> whole(providers::whole_answer const& answer) override;
    std::optional<std::int64_t> count_prompt() const override;

protected:
    std::unique_ptr<answer_stream> open_stream() override;

private:
    express_task const& task_;
    usage_pricer pricer_;
    std::size_t max_event_bytes_;
    providers::spliced_body spliced_;
    std::string path_;
    providers::header_list headers_;
};

} // namespace cogate::engine
