// Cohere's official client through the gateway's pass-through.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {masterKey, upstreamKey} from './harness.mjs';
import {all, finish, load, startMatrix, thrown} from './matrix.mjs';
import {
  calls,
  degrees,
  lastWords,
  prompt,
  system,
  text,
  toolName,
  toolSchema,
  toolText,
  usage,
} from './scenario.mjs';

const {Cohere, CohereClientV2, CohereError} = await load('cohere-ai');
const matrix = await startMatrix();
const upstream = matrix.upstreams.cohere;
const client = new CohereClientV2({token: masterKey, environment: `${matrix.gateway.root}/cohere`});
const once = {maxRetries: 0};

const model = 'command-a-03-2025';
const messages = scene => [
  {role: 'system', content: system},
  {role: 'user', content: prompt(scene)},
];
const tools = [{type: 'function', function: {name: toolName, description: toolText, parameters: toolSchema}}];
const told = content => content.map(part => part.text ?? '').join('');

test('a text', async () => {
  const answer = await client.chat({model, messages: messages('text')}, once);
  assert.equal(told(answer.message.content), text);
  assert.equal(answer.finishReason, 'COMPLETE');
  assert.equal(answer.usage.tokens.inputTokens, usage.prompt);
  const {headers, heard} = upstream.last();
  assert.equal(heard.system, system);
  assert.equal(heard.model, model);
  assert.equal(headers.authorization, `Bearer ${upstreamKey}`);
  assert.ok(!JSON.stringify(headers).includes(masterKey));
});

test('a stream', async () => {
  const events = await all(await client.chatStream({model, messages: messages('text')}, once));
  const deltas = events.filter(event => event.type === 'content-delta');
  assert.equal(deltas.map(event => event.delta.message.content.text).join(''), text);
  assert.equal(events.at(-1).type, 'message-end');
});

test('a tool loop', async () => {
  const said = messages('tool');
  const first = await client.chat({model, messages: said, tools}, once);
  assert.equal(first.finishReason, 'TOOL_CALL');
  const {toolCalls, toolPlan} = first.message;
  assert.deepEqual(
    toolCalls.map(call => JSON.parse(call.function.arguments)),
    calls.map(call => call.args),
  );
  said.push({role: 'assistant', toolCalls, toolPlan});
  for (const call of toolCalls)
    said.push({
      role: 'tool',
      toolCallId: call.id,
      content: degrees[JSON.parse(call.function.arguments).city],
    });
  const second = await client.chat({model, messages: said, tools}, once);
  assert.equal(told(second.message.content), lastWords);
});

test('a tool loop, streamed', async () => {
  const events = await all(await client.chatStream({model, messages: messages('tool'), tools}, once));
  const parts = events.filter(event => event.type === 'tool-call-delta');
  const told = index =>
    parts
      .filter(part => part.index === index)
      .map(part => part.delta.message.toolCalls.function.arguments)
      .join('');
  assert.deepEqual(
    [JSON.parse(told(0)), JSON.parse(told(1))],
    calls.map(call => call.args),
  );
});

test('errors', async () => {
  const limited = await thrown(client.chat({model, messages: messages('limited')}, once));
  assert.ok(limited instanceof Cohere.TooManyRequestsError, String(limited));
  const long = await thrown(client.chat({model, messages: messages('context')}, once));
  assert.ok(long instanceof Cohere.BadRequestError, String(long));
  assert.match(long.body.message, /too many tokens/);
  const stranger = new CohereClientV2({token: 'wrong', environment: `${matrix.gateway.root}/cohere`});
  const before = upstream.requests.length;
  const refused = await thrown(stranger.chat({model, messages: messages('text')}, once));
  assert.ok(refused instanceof CohereError, String(refused));
  assert.equal(refused.statusCode, 401);
  assert.equal(upstream.requests.length, before);
});

finish(matrix);
