#pragma once

#include <string_view>

namespace cogate::providers::anthropic_messages {
struct model_family;
}

namespace cogate::providers::bedrock_converse {

/// What the models behind Converse differ in. Found from the model's name: a profile's prefix ("us.") and an
/// ARN around it do no harm; an ARN that hides the name gives an unknown model, which gets what is common.
struct model_facts {
    anthropic_messages::model_family const* claude = nullptr; ///< nullptr: none of Anthropic's
    bool nova = false;
    bool thinks = false;          ///< takes a wish for reasoning
    bool caches = false;          ///< takes cachePoint
    bool output_config = false;   ///< takes outputConfig.textFormat
    bool strict_tools = false;    ///< takes toolSpec.strict
    bool nine_letter_ids = false; ///< tool call ids must be nine letters or digits
};

model_facts facts_of(std::string_view model);

} // namespace cogate::providers::bedrock_converse
