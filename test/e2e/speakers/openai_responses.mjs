// Speaks OpenAI's Responses.
import assert from 'node:assert/strict';
import {refuse as refuseChat} from './openai_chat.mjs';

export const streamType = 'text/event-stream';
export const deployment = root => ({model: 'openai/responses/gpt-5', api_base: `${root}/v1`});
export const authorised = (headers, key) => headers.authorization === `Bearer ${key}`;
export const refuse = refuseChat;

export function route(url) {
  return url === '/v1/responses' ? {} : undefined;
}

const textOf = content => (typeof content === 'string' ? content : content.map(part => part.text).join(''));

export function hear(body) {
  const heard = {
    model: body.model,
    stream: body.stream === true,
    system: body.instructions ?? '',
    tools: [],
    called: [],
    results: [],
    signatures: [],
  };
  for (const item of typeof body.input === 'string' ? [] : body.input) {
    if (item.role === 'system' || item.role === 'developer') heard.system += textOf(item.content);
    if (item.type === 'function_call')
      heard.called.push({id: item.call_id, name: item.name, args: JSON.parse(item.arguments)});
    if (item.type === 'function_call_output')
      heard.results.push({id: item.call_id, name: 'weather', text: textOf(item.output)});
    if (item.type === 'reasoning') heard.signatures.push(item.encrypted_content);
  }
  for (const tool of body.tools ?? []) {
    assert.equal(tool.type, 'function');
    heard.tools.push({name: tool.name, description: tool.description, schema: tool.parameters});
  }
  heard.effort = body.reasoning?.effort;
  return heard;
}

const usageOf = ({prompt, cached, completion, reasoning}) => ({
  input_tokens: prompt,
  input_tokens_details: {cached_tokens: cached},
  output_tokens: completion,
  output_tokens_details: {reasoning_tokens: reasoning},
  total_tokens: prompt + completion,
});

function itemsOf(answer) {
  const items = [];
  if (answer.reasoning)
    items.push({
      id: 'rs_e2e1',
      type: 'reasoning',
      summary: [{type: 'summary_text', text: answer.reasoning.join('')}],
      encrypted_content: answer.signature,
    });
  if (answer.words.length)
    items.push({
      id: 'msg_e2e1',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{type: 'output_text', text: answer.words.join(''), annotations: [], logprobs: []}],
    });
  for (const [index, call] of answer.calls.entries())
    items.push({
      id: `fc_e2e${index}`,
      type: 'function_call',
      status: 'completed',
      arguments: JSON.stringify(call.args),
      call_id: call.id,
      name: call.name,
    });
  return items;
}

function responseOf(answer, body, output, status) {
  const cut = answer.finish === 'length' && status === 'completed';
  return {
    id: `resp_${answer.id}`,
    object: 'response',
    created_at: 1700000000,
    status: cut ? 'incomplete' : status,
    error: null,
    incomplete_details: cut ? {reason: 'max_output_tokens'} : null,
    instructions: body.instructions ?? null,
    model: answer.model,
    output,
    parallel_tool_calls: true,
    tools: body.tools ?? [],
    tool_choice: 'auto',
    temperature: 1,
    top_p: 1,
    metadata: {},
    usage: status === 'completed' ? usageOf(answer.usage) : null,
  };
}

export const whole = (answer, body) => responseOf(answer, body, itemsOf(answer), 'completed');

export function stream(answer, body) {
  const out = [];
  const say = (type, rest) =>
    out.push(`event: ${type}\ndata: ${JSON.stringify({type, sequence_number: out.length, ...rest})}\n\n`);
  say('response.created', {response: responseOf(answer, body, [], 'in_progress')});
  say('response.in_progress', {response: responseOf(answer, body, [], 'in_progress')});
  const items = itemsOf(answer);
  for (const [output_index, item] of items.entries()) {
    const at = {item_id: item.id, output_index};
    if (item.type === 'reasoning') {
      say('response.output_item.added', {output_index, item: {...item, summary: [], encrypted_content: ''}});
      const part = {...at, summary_index: 0};
      say('response.reasoning_summary_part.added', {...part, part: {type: 'summary_text', text: ''}});
      for (const delta of answer.reasoning) say('response.reasoning_summary_text.delta', {...part, delta});
      say('response.reasoning_summary_text.done', {...part, text: item.summary[0].text});
      say('response.reasoning_summary_part.done', {...part, part: item.summary[0]});
    } else if (item.type === 'message') {
      say('response.output_item.added', {output_index, item: {...item, status: 'in_progress', content: []}});
      const part = {...at, content_index: 0};
      say('response.content_part.added', {...part, part: {...item.content[0], text: ''}});
      for (const delta of answer.words) say('response.output_text.delta', {...part, delta, logprobs: []});
      say('response.output_text.done', {...part, text: item.content[0].text, logprobs: []});
      say('response.content_part.done', {...part, part: item.content[0]});
    } else {
      say('response.output_item.added', {
        output_index,
        item: {...item, status: 'in_progress', arguments: ''},
      });
      for (const delta of [item.arguments.slice(0, 4), item.arguments.slice(4)])
        say('response.function_call_arguments.delta', {...at, delta});
      say('response.function_call_arguments.done', {...at, arguments: item.arguments});
    }
    say('response.output_item.done', {output_index, item});
  }
  const response = responseOf(answer, body, items, 'completed');
  say(`response.${response.status}`, {response});
  return out;
}

export const breakdown = message => {
  const event = {type: 'error', sequence_number: 9, code: 'server_error', message, param: null};
  return `event: error\ndata: ${JSON.stringify(event)}\n\n`;
};
