// Speaks Bedrock's Converse and ConverseStream; the frames are built here.
import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import {retryAfter} from '../scenario.mjs';

export const streamType = 'application/vnd.amazon.eventstream';
export const accessKey = 'AKIAE2E0000000000001';
const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
export const deployment = root => ({
  model: `bedrock/converse/${model}`,
  aws_bedrock_runtime_endpoint: root,
  aws_region_name: 'us-east-1',
  aws_access_key_id: accessKey,
  aws_secret_access_key: 'secret/of/e2e',
  api_key: undefined,
});

export const authorised = headers =>
  new RegExp(
    `^AWS4-HMAC-SHA256 Credential=${accessKey}/\\d{8}/us-east-1/bedrock/aws4_request, ?` +
      'SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, ?Signature=[0-9a-f]{64}$',
  ).test(headers.authorization) && /^\d{8}T\d{6}Z$/.test(headers['x-amz-date']);

export function route(url) {
  const [, name, verb] = /^\/model\/([^/]+)\/(converse|converse-stream)$/.exec(url) ?? [];
  if (!verb) return undefined;
  assert.equal(decodeURIComponent(name), model);
  return {model: decodeURIComponent(name), stream: verb === 'converse-stream'};
}

const textOf = content => content.map(block => block.text ?? JSON.stringify(block.json)).join('');

export function hear(body, {model, stream}) {
  const heard = {
    model,
    stream,
    system: textOf((body.system ?? []).filter(block => block.text !== undefined)),
    tools: (body.toolConfig?.tools ?? []).map(({toolSpec}) => ({
      name: toolSpec.name,
      description: toolSpec.description,
      schema: toolSpec.inputSchema.json,
    })),
    called: [],
    results: [],
    signatures: [],
    thinking: body.additionalModelRequestFields?.thinking,
  };
  let last = 'assistant';
  for (const message of body.messages) {
    assert.notEqual(message.role, last, 'the roles do not alternate');
    last = message.role;
    for (const block of message.content) {
      if (block.text !== undefined) assert.ok(block.text, 'a text block is empty');
      if (block.reasoningContent) heard.signatures.push(block.reasoningContent.reasoningText.signature);
      if (block.toolUse)
        heard.called.push({id: block.toolUse.toolUseId, name: block.toolUse.name, args: block.toolUse.input});
      if (block.toolResult) {
        const {toolUseId, content} = block.toolResult;
        heard.results.push({id: toolUseId, name: 'weather', text: textOf(content)});
      }
    }
  }
  return heard;
}

const reasons = {stop: 'end_turn', tool_calls: 'tool_use', length: 'max_tokens'};
const usageOf = ({prompt, cached, completion}) => ({
  inputTokens: prompt - cached,
  outputTokens: completion,
  totalTokens: prompt + completion,
  cacheReadInputTokens: cached,
  cacheWriteInputTokens: 0,
});

export function whole(answer) {
  const content = [];
  if (answer.reasoning) {
    const reasoningText = {text: answer.reasoning.join(''), signature: answer.signature};
    content.push({reasoningContent: {reasoningText}});
  }
  if (answer.words.length) content.push({text: answer.words.join('')});
  for (const call of answer.calls)
    content.push({toolUse: {toolUseId: call.id, name: call.name, input: call.args}});
  return {
    output: {message: {role: 'assistant', content}},
    stopReason: reasons[answer.finish],
    usage: usageOf(answer.usage),
    metrics: {latencyMs: 100},
  };
}

const tables = Uint32Array.from({length: 256}, (_, n) => {
  for (let bit = 0; bit < 8; ++bit) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
// zlib.crc32 came with Node 20.15.
function crc32(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes);
  let crc = 0xffffffff;
  for (const byte of bytes) crc = tables[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/// One message of an event stream: lengths, CRC of those, headers, payload, CRC of all.
export function frame(headers, payload) {
  const fields = Object.entries(headers).map(([name, value]) => {
    const bytes = Buffer.from(value);
    const size = Buffer.from([7, bytes.length >> 8, bytes.length & 255]); // 7: a string
    return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), size, bytes]);
  });
  const head = Buffer.concat(fields);
  const body = Buffer.from(JSON.stringify(payload));
  const out = Buffer.alloc(12 + head.length + body.length + 4);
  out.writeUInt32BE(out.length, 0);
  out.writeUInt32BE(head.length, 4);
  out.writeUInt32BE(crc32(out.subarray(0, 8)), 8);
  head.copy(out, 12);
  body.copy(out, 12 + head.length);
  out.writeUInt32BE(crc32(out.subarray(0, out.length - 4)), out.length - 4);
  return out;
}

export function stream(answer) {
  const out = [];
  const say = (type, payload) =>
    out.push(
      frame(
        {':event-type': type, ':content-type': 'application/json', ':message-type': 'event'},
        {...payload, p: 'abcdefgh'},
      ),
    );
  let contentBlockIndex = 0;
  const delta = delta => say('contentBlockDelta', {contentBlockIndex, delta});
  const stop = () => say('contentBlockStop', {contentBlockIndex: contentBlockIndex++});
  say('messageStart', {role: 'assistant'});
  if (answer.reasoning) {
    for (const text of answer.reasoning) delta({reasoningContent: {text}});
    delta({reasoningContent: {signature: answer.signature}});
    stop();
  }
  if (answer.words.length) {
    for (const text of answer.words) delta({text});
    stop();
  }
  for (const call of answer.calls) {
    const start = {toolUse: {toolUseId: call.id, name: call.name}};
    say('contentBlockStart', {contentBlockIndex, start});
    const input = JSON.stringify(call.args);
    for (const part of [input.slice(0, 4), input.slice(4)]) delta({toolUse: {input: part}});
    stop();
  }
  say('messageStop', {stopReason: reasons[answer.finish]});
  say('metadata', {usage: usageOf(answer.usage), metrics: {latencyMs: 100}});
  return out;
}

export function refuse(kind, message) {
  const refusal = (status, type, text, headers) => ({
    status,
    headers: {'x-amzn-errortype': `${type}:http://internal.amazon.com/`, ...headers},
    body: {message: text},
  });
  if (kind === 'limited')
    return refusal(429, 'ThrottlingException', message, {'retry-after': String(retryAfter)});
  if (kind === 'overloaded') return refusal(503, 'ServiceUnavailableException', message);
  return refusal(400, 'ValidationException', 'Input is too long for requested model.');
}

export const breakdown = message =>
  frame(
    {
      ':exception-type': 'internalServerException',
      ':content-type': 'application/json',
      ':message-type': 'exception',
    },
    {message},
  );
