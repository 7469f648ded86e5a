// Speaks OpenAI's Chat Completions.
import assert from 'node:assert/strict';
import {retryAfter} from '../scenario.mjs';

export const streamType = 'text/event-stream';
export const deployment = root => ({model: 'custom_openai/local-model', api_base: `${root}/v1`});
export const authorised = (headers, key) => headers.authorization === `Bearer ${key}`;

export function route(url) {
  return url === '/v1/chat/completions' ? {} : undefined;
}

const textOf = content => (typeof content === 'string' ? content : content.map(part => part.text).join(''));

export function hear(body) {
  const heard = {
    model: body.model,
    stream: body.stream === true,
    system: '',
    tools: [],
    called: [],
    results: [],
    signatures: [],
  };
  for (const message of body.messages) {
    if (message.role === 'system' || message.role === 'developer') heard.system += textOf(message.content);
    for (const call of message.tool_calls ?? []) {
      assert.equal(message.role, 'assistant');
      assert.equal(call.type, 'function');
      heard.called.push({id: call.id, name: call.function.name, args: JSON.parse(call.function.arguments)});
    }
    if (message.role === 'tool')
      heard.results.push({id: message.tool_call_id, name: 'weather', text: textOf(message.content)});
  }
  for (const tool of body.tools ?? []) {
    assert.equal(tool.type, 'function');
    const {name, description, parameters} = tool.function;
    heard.tools.push({name, description, schema: parameters});
  }
  heard.effort = body.reasoning_effort;
  heard.thinking = body.thinking;
  return heard;
}

const usageOf = ({prompt, cached, completion, reasoning}) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
  prompt_tokens_details: {cached_tokens: cached},
  completion_tokens_details: {reasoning_tokens: reasoning},
});
const toolCall = call => ({
  id: call.id,
  type: 'function',
  function: {name: call.name, arguments: JSON.stringify(call.args)},
});
const head = answer => ({id: `chatcmpl-${answer.id}`, created: 1700000000, model: answer.model});

export function whole(answer) {
  const message = {role: 'assistant', content: answer.words.join('') || null};
  if (answer.reasoning) message.reasoning_content = answer.reasoning.join('');
  if (answer.calls.length) message.tool_calls = answer.calls.map(toolCall);
  return {
    ...head(answer),
    object: 'chat.completion',
    choices: [{index: 0, message, logprobs: null, finish_reason: answer.finish}],
    usage: usageOf(answer.usage),
    system_fingerprint: 'fp_e2e',
  };
}

export function stream(answer, body) {
  const out = [];
  const say = (choices, more = {}) => {
    const chunk = {...head(answer), object: 'chat.completion.chunk', choices, ...more};
    out.push(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  const delta = (delta, finish_reason = null) => say([{index: 0, delta, finish_reason}]);
  delta({role: 'assistant', content: ''});
  for (const thought of answer.reasoning ?? []) delta({reasoning_content: thought});
  for (const word of answer.words) delta({content: word});
  for (const [index, call] of answer.calls.entries()) {
    const whole = toolCall(call);
    const text = whole.function.arguments;
    delta({tool_calls: [{index, ...whole, function: {name: call.name, arguments: ''}}]});
    for (const part of [text.slice(0, 4), text.slice(4)])
      delta({tool_calls: [{index, function: {arguments: part}}]});
  }
  delta({}, answer.finish);
  if (body.stream_options?.include_usage) say([], {usage: usageOf(answer.usage)});
  out.push('data: [DONE]\n\n');
  return out;
}

export function refuse(kind, message) {
  if (kind === 'limited') {
    const error = {message, type: 'requests', param: null, code: 'rate_limit_exceeded'};
    return {status: 429, headers: {'retry-after': String(retryAfter)}, body: {error}};
  }
  if (kind === 'overloaded')
    return {status: 503, body: {error: {message, type: 'server_error', param: null, code: 'overloaded'}}};
  message =
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 200000 tokens.";
  const error = {message, type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded'};
  return {status: 400, body: {error}};
}

/// What a provider says that breaks off a stream.
export const breakdown = message =>
  `data: ${JSON.stringify({error: {message, type: 'server_error', param: null, code: null}})}\n\n`;
