// Speaks Cohere's chat, version 2.
import assert from 'node:assert/strict';
import {retryAfter} from '../scenario.mjs';

export const streamType = 'text/event-stream';
export const deployment = root => ({model: 'cohere/command-a-03-2025', api_base: root});
export const authorised = (headers, key) => headers.authorization === `Bearer ${key}`;

export function route(url) {
  return url === '/v2/chat' ? {} : undefined;
}

const textOf = content =>
  typeof content === 'string' ? content : content.map(part => part.text ?? part.document?.data).join('');

export function hear(body) {
  const heard = {
    model: body.model,
    stream: body.stream === true,
    system: '',
    tools: [],
    called: [],
    results: [],
    signatures: [],
    thinking: body.thinking,
  };
  for (const message of body.messages) {
    if (message.role === 'system') heard.system += textOf(message.content);
    for (const call of message.tool_calls ?? message.toolCalls ?? [])
      heard.called.push({id: call.id, name: call.function.name, args: JSON.parse(call.function.arguments)});
    if (message.role === 'tool') {
      assert.ok(message.tool_call_id);
      heard.results.push({id: message.tool_call_id, name: 'weather', text: textOf(message.content)});
    }
  }
  for (const tool of body.tools ?? []) {
    assert.equal(tool.type, 'function');
    const {name, description, parameters} = tool.function;
    heard.tools.push({name, description, schema: parameters});
  }
  return heard;
}

const reasons = {stop: 'COMPLETE', tool_calls: 'TOOL_CALL', length: 'MAX_TOKENS'};
const usageOf = ({prompt, cached, completion}) => ({
  billed_units: {input_tokens: prompt - 3, output_tokens: completion - 1},
  tokens: {input_tokens: prompt, output_tokens: completion},
  cached_tokens: cached,
});
const toolCall = call => ({
  id: call.id,
  type: 'function',
  function: {name: call.name, arguments: JSON.stringify(call.args)},
});

export function whole(answer) {
  const message = {role: 'assistant'};
  if (answer.calls.length) {
    if (!answer.reasoning) message.tool_plan = 'I will ask.';
    message.tool_calls = answer.calls.map(toolCall);
  }
  const content = [];
  if (answer.reasoning) content.push({type: 'thinking', thinking: answer.reasoning.join('')});
  if (answer.words.length) content.push({type: 'text', text: answer.words.join('')});
  if (content.length) message.content = content;
  return {id: answer.id, message, finish_reason: reasons[answer.finish], usage: usageOf(answer.usage)};
}

export function stream(answer) {
  const out = [];
  const say = (type, rest) => out.push(`event: ${type}\ndata: ${JSON.stringify({...rest, type})}\n\n`);
  const say_message = (type, index, message) => say(type, {index, delta: {message}});
  const empty = {role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: []};
  say('message-start', {id: answer.id, delta: {message: empty}});
  let at = 0;
  const content = (type, member, pieces) => {
    say_message('content-start', at, {content: {type, [member]: ''}});
    for (const piece of pieces) say_message('content-delta', at, {content: {[member]: piece}});
    say('content-end', {index: at++});
  };
  if (answer.reasoning) content('thinking', 'thinking', answer.reasoning);
  if (answer.words.length) content('text', 'text', answer.words);
  for (const [index, call] of answer.calls.entries()) {
    const whole = toolCall(call);
    const text = whole.function.arguments;
    const start = {...whole, function: {name: call.name, arguments: ''}};
    say_message('tool-call-start', index, {tool_calls: start});
    for (const part of [text.slice(0, 4), text.slice(4)])
      say_message('tool-call-delta', index, {tool_calls: {function: {arguments: part}}});
    say('tool-call-end', {index});
  }
  say('message-end', {delta: {finish_reason: reasons[answer.finish], usage: usageOf(answer.usage)}});
  out.push('data: [DONE]\n\n');
  return out;
}

export function refuse(kind, message) {
  if (kind === 'limited')
    return {status: 429, headers: {'retry-after': String(retryAfter)}, body: {id: 'e2e', message}};
  if (kind === 'overloaded') return {status: 503, body: {id: 'e2e', message}};
  message = 'too many tokens: total number of tokens in the prompt cannot exceed 256000 - received 300000.';
  return {status: 400, body: {id: 'e2e', message}};
}

export const breakdown = message => {
  const event = {type: 'message-end', delta: {finish_reason: 'ERROR', error: message}};
  return `event: message-end\ndata: ${JSON.stringify(event)}\n\n`;
};
