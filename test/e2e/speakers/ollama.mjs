// Speaks Ollama's own chat.
import assert from 'node:assert/strict';

export const streamType = 'application/x-ndjson';
export const deployment = root => ({model: 'ollama/llama3.2', api_base: root});
export const authorised = (headers, key) => headers.authorization === `Bearer ${key}`;

export function route(url) {
  return url === '/api/chat' ? {} : undefined;
}

export function hear(body) {
  const heard = {
    model: body.model,
    stream: body.stream !== false,
    system: '',
    tools: [],
    called: [],
    results: [],
    signatures: [],
    thinking: body.think,
  };
  for (const message of body.messages) {
    assert.equal(typeof (message.content ?? ''), 'string');
    if (message.role === 'system') heard.system += message.content;
    for (const call of message.tool_calls ?? []) {
      const {name, arguments: args} = call.function;
      heard.called.push({id: name, name, args});
    }
    if (message.role === 'tool')
      heard.results.push({id: message.tool_name, name: message.tool_name, text: message.content});
  }
  for (const tool of body.tools ?? []) {
    assert.equal(tool.type, 'function');
    const {name, description, parameters} = tool.function;
    heard.tools.push({name, description, schema: parameters});
  }
  return heard;
}

const reasons = {stop: 'stop', tool_calls: 'stop', length: 'length'};
const toolCall = (call, index) => ({function: {index, name: call.name, arguments: call.args}});
const line = (answer, message, rest) => ({
  model: answer.model,
  created_at: '2025-01-01T00:00:00.000000001Z',
  message: {role: 'assistant', ...message},
  ...rest,
});
const end = answer => ({
  done_reason: reasons[answer.finish],
  done: true,
  total_duration: 5000000,
  load_duration: 1000,
  prompt_eval_count: answer.usage.prompt,
  prompt_eval_duration: 1000,
  eval_count: answer.usage.completion,
  eval_duration: 1000,
});

export function whole(answer) {
  const message = {content: answer.words.join('')};
  if (answer.reasoning) message.thinking = answer.reasoning.join('');
  if (answer.calls.length) message.tool_calls = answer.calls.map(toolCall);
  return line(answer, message, end(answer));
}

export function stream(answer) {
  const out = [];
  const say = (message, rest) => out.push(`${JSON.stringify(line(answer, message, rest))}\n`);
  for (const thinking of answer.reasoning ?? []) say({content: '', thinking}, {done: false});
  for (const content of answer.words) say({content}, {done: false});
  for (const [index, call] of answer.calls.entries())
    say({content: '', tool_calls: [toolCall(call, index)]}, {done: false});
  say({content: ''}, end(answer));
  return out;
}

export function refuse(kind, message) {
  if (kind === 'limited') return {status: 429, headers: {'retry-after': '7'}, body: {error: message}};
  if (kind === 'overloaded')
    return {status: 503, body: {error: 'server busy, please try again.  maximum pending requests exceeded'}};
  return {status: 400, body: {error: 'the input length exceeds the context length'}};
}

export const breakdown = message => `${JSON.stringify({error: message})}\n`;
