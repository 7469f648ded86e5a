// Speaks Anthropic's Messages.
import assert from 'node:assert/strict';
import {retryAfter} from '../scenario.mjs';

export const streamType = 'text/event-stream; charset=utf-8';
export const deployment = root => ({model: 'anthropic/claude-sonnet-4-5', api_base: `${root}/v1`});
export const authorised = (headers, key) =>
  headers['x-api-key'] === key &&
  headers.authorization === undefined &&
  headers['anthropic-version'] !== undefined;

export function route(url) {
  const where = url.split('?')[0];
  if (where === '/v1/messages/count_tokens') return {other: () => countTokens};
  return where === '/v1/messages' ? {} : undefined;
}
const countTokens = {
  status: 200,
  headers: {'content-type': 'application/json'},
  pieces: ['{"input_tokens": 42}'],
};

const blocks = content => (typeof content === 'string' ? [{type: 'text', text: content}] : content);
const textOf = content =>
  blocks(content)
    .map(block => block.text)
    .join('');

export function hear(body) {
  assert.ok(body.max_tokens > 0, 'max_tokens is missing');
  const heard = {
    model: body.model,
    stream: body.stream === true,
    system: textOf(body.system ?? ''),
    tools: (body.tools ?? []).map(tool => ({
      name: tool.name,
      description: tool.description,
      schema: tool.input_schema,
    })),
    called: [],
    results: [],
    signatures: [],
    thinking: body.thinking,
  };
  let last;
  for (const message of body.messages) {
    last = message.role; // two of one role in a row are taken as one
    for (const block of blocks(message.content)) {
      if (block.type === 'text') assert.ok(block.text, 'a text block is empty');
      if (block.type === 'thinking') heard.signatures.push(block.signature);
      if (block.type === 'tool_use') {
        assert.equal(message.role, 'assistant');
        heard.called.push({id: block.id, name: block.name, args: block.input});
      }
      if (block.type === 'tool_result') {
        assert.equal(message.role, 'user');
        heard.results.push({id: block.tool_use_id, name: 'weather', text: textOf(block.content)});
      }
    }
  }
  assert.equal(last, 'user');
  return heard;
}

const reasons = {stop: 'end_turn', tool_calls: 'tool_use', length: 'max_tokens'};
const inputs = ({prompt, cached}) => ({
  input_tokens: prompt - cached,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cached,
});

function blocksOf(answer) {
  const out = [];
  if (answer.reasoning)
    out.push({type: 'thinking', thinking: answer.reasoning.join(''), signature: answer.signature});
  if (answer.words.length) out.push({type: 'text', text: answer.words.join('')});
  for (const call of answer.calls)
    out.push({type: 'tool_use', id: call.id, name: call.name, input: call.args});
  return out;
}

export function whole(answer) {
  return {
    model: answer.model,
    id: `msg_${answer.id}`,
    type: 'message',
    role: 'assistant',
    content: blocksOf(answer),
    stop_reason: reasons[answer.finish],
    stop_sequence: null,
    usage: {...inputs(answer.usage), output_tokens: answer.usage.completion, service_tier: 'standard'},
  };
}

export function stream(answer) {
  const out = [];
  const say = (type, rest) => out.push(`event: ${type}\ndata: ${JSON.stringify({type, ...rest})}\n\n`);
  const message = {
    ...whole(answer),
    content: [],
    stop_reason: null,
    usage: {...inputs(answer.usage), output_tokens: 1},
  };
  say('message_start', {message});
  for (const [index, block] of blocksOf(answer).entries()) {
    const delta = delta => say('content_block_delta', {index, delta});
    if (block.type === 'thinking') {
      say('content_block_start', {index, content_block: {type: 'thinking', thinking: '', signature: ''}});
      for (const thinking of answer.reasoning) delta({type: 'thinking_delta', thinking});
      delta({type: 'signature_delta', signature: block.signature});
    } else if (block.type === 'text') {
      say('content_block_start', {index, content_block: {type: 'text', text: ''}});
      if (index === 0) say('ping', {});
      for (const text of answer.words) delta({type: 'text_delta', text});
    } else {
      say('content_block_start', {index, content_block: {...block, input: {}}});
      const text = JSON.stringify(block.input);
      for (const part of ['', text.slice(0, 4), text.slice(4)])
        delta({type: 'input_json_delta', partial_json: part});
    }
    say('content_block_stop', {index});
  }
  say('message_delta', {
    delta: {stop_reason: reasons[answer.finish], stop_sequence: null},
    usage: {...inputs(answer.usage), output_tokens: answer.usage.completion},
  });
  say('message_stop', {});
  return out;
}

export function refuse(kind, message) {
  const body = (type, text) => ({type: 'error', error: {type, message: text}, request_id: 'req_e2e_1'});
  if (kind === 'limited')
    return {
      status: 429,
      headers: {'retry-after': String(retryAfter)},
      body: body('rate_limit_error', message),
    };
  if (kind === 'overloaded') return {status: 529, body: body('overloaded_error', 'Overloaded')};
  return {
    status: 400,
    body: body('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
  };
}

export const breakdown = message =>
  `event: error\ndata: ${JSON.stringify({type: 'error', error: {type: 'api_error', message}})}\n\n`;
