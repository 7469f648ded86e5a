// Speaks Gemini's generateContent and streamGenerateContent.
import assert from 'node:assert/strict';
import {retryAfter} from '../scenario.mjs';

export const streamType = 'text/event-stream';
export const deployment = root => ({model: 'gemini/gemini-2.5-pro', api_base: `${root}/v1beta`});
export const authorised = (headers, key) => headers['x-goog-api-key'] === key;

export function route(url) {
  const [, model, verb, query] = /^\/v1beta\/models\/([^:?]+):(\w+)(?:\?(.*))?$/.exec(url) ?? [];
  if (verb === 'generateContent') return {model, stream: false};
  if (verb === 'streamGenerateContent' && query === 'alt=sse') return {model, stream: true};
  if (verb === 'countTokens') return {other: () => countTokens};
  return undefined;
}
const countTokens = {
  status: 200,
  headers: {'content-type': 'application/json'},
  pieces: ['{"totalTokens": 42}'],
};

export function hear(body, {model, stream}) {
  const heard = {model, stream, system: '', tools: [], called: [], results: [], signatures: []};
  for (const part of body.systemInstruction?.parts ?? []) heard.system += part.text;
  for (const tool of body.tools ?? [])
    for (const one of tool.functionDeclarations)
      heard.tools.push({
        name: one.name,
        description: one.description,
        schema: one.parameters ?? one.parametersJsonSchema,
      });
  let last = 0; // calls in the content before
  for (const {role, parts} of body.contents) {
    assert.ok(role === 'user' || role === 'model', `role ${role}`);
    assert.ok(parts.length, 'a content without parts');
    const responses = parts.filter(part => part.functionResponse).length;
    if (responses) assert.equal(responses, last, 'the results are not those of the turn before');
    last = parts.filter(part => part.functionCall).length;
    for (const part of parts) {
      if (part.thoughtSignature) heard.signatures.push(part.thoughtSignature);
      if (part.functionCall) {
        assert.equal(role, 'model');
        const {name, args, id} = part.functionCall;
        heard.called.push({id: id ?? name, name, args});
      }
      if (part.functionResponse) {
        assert.equal(role, 'user');
        const {name, id, response} = part.functionResponse;
        const text = Object.values(response)
          .map(value => String(value))
          .join('');
        heard.results.push({id: id ?? name, name, text});
      }
    }
  }
  heard.thinking = body.generationConfig?.thinkingConfig;
  return heard;
}

const reasons = {stop: 'STOP', tool_calls: 'STOP', length: 'MAX_TOKENS'};

function usageOf({prompt, cached, completion, reasoning}) {
  const out = {
    promptTokenCount: prompt,
    cachedContentTokenCount: cached,
    candidatesTokenCount: completion - reasoning,
    totalTokenCount: prompt + completion,
  };
  if (reasoning) out.thoughtsTokenCount = reasoning;
  return out;
}

function callParts(answer) {
  return answer.calls.map((call, index) => ({
    functionCall: {name: call.name, args: call.args},
    ...(index === 0 ? {thoughtSignature: answer.signature} : {}),
  }));
}

function message(answer, parts, finishReason) {
  const candidate = {content: {parts, role: 'model'}, index: 0};
  if (finishReason) candidate.finishReason = finishReason;
  return {
    candidates: [candidate],
    usageMetadata: usageOf(answer.usage),
    modelVersion: answer.model,
    responseId: answer.id,
  };
}

export function whole(answer) {
  const parts = [];
  if (answer.reasoning) parts.push({text: answer.reasoning.join(''), thought: true});
  if (answer.words.length) parts.push({text: answer.words.join('')});
  return message(answer, [...parts, ...callParts(answer)], reasons[answer.finish]);
}

export function stream(answer) {
  const events = [];
  for (const text of answer.reasoning ?? []) events.push([{text, thought: true}]);
  for (const text of answer.words) events.push([{text}]);
  for (const part of callParts(answer)) events.push([part]);
  return events.map((parts, index) => {
    const last = index === events.length - 1;
    return `data: ${JSON.stringify(message(answer, parts, last && reasons[answer.finish]))}\r\n\r\n`;
  });
}

export function refuse(kind, text) {
  const body = (code, message, status, details) => ({
    error: {code, message, status, ...(details && {details})},
  });
  if (kind === 'limited') {
    const hint = {'@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s`};
    return {status: 429, body: body(429, text, 'RESOURCE_EXHAUSTED', [hint])};
  }
  if (kind === 'overloaded') return {status: 503, body: body(503, text, 'UNAVAILABLE')};
  text = 'The input token count (2097152) exceeds the maximum number of tokens allowed (1048576).';
  return {status: 400, body: body(400, text, 'INVALID_ARGUMENT')};
}

export const breakdown = message =>
  `data: ${JSON.stringify({error: {code: 500, message, status: 'INTERNAL'}})}\r\n\r\n`;
