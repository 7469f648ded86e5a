#pragma once
/// toolConfig and what a response format makes of it.

#include "providers/bedrock_converse/parts.hpp"

namespace cogate::providers::bedrock_converse {

/// How the caller's response format reaches the model.
enum class answer_form { as_is, output_config, tool };

answer_form form_of(chat_request const& request, model_facts const& model) noexcept;

/// Writes the member `toolConfig`, when there is anything to say. `thinking`: a tool cannot be forced then.
void write_tools(block_writer& w, chat_request const& request, answer_form form, bool thinking);

/// Writes the member `outputConfig` for answer_form::output_config.
void write_output_config(block_writer& w, response_format const& format);

} // namespace cogate::providers::bedrock_converse
