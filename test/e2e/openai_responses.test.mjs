// The official OpenAI client's responses over the upstreams of every dialect.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {masterKey, upstreamKey} from './harness.mjs';
import {all, assertExpress, dialects, finish, load, startMatrix, thrown} from './matrix.mjs';
import {
  breakdownText,
  calls,
  degrees,
  lastWords,
  prompt,
  reasoning,
  retryAfter,
  signature,
  system,
  text,
  toolName,
  toolSchema,
  toolText,
  usage,
} from './scenario.mjs';

const OpenAI = await load('openai');
const matrix = await startMatrix({
  more: ({openai_responses}) => [
    {
      model_name: 'chat-first',
      litellm_params: {model: 'openai/gpt-4o', api_base: `${openai_responses.root}/v1`, api_key: upstreamKey},
    },
  ],
});
const {gateway, upstreams} = matrix;
const client = new OpenAI({baseURL: gateway.base, apiKey: masterKey, maxRetries: 0});

const tools = [
  {type: 'function', name: toolName, description: toolText, parameters: toolSchema, strict: false},
];
const ask = (model, scene, more = {}) =>
  client.responses.create({model, instructions: system, input: prompt(scene), store: false, ...more});
const textOf = response =>
  response.output
    .filter(item => item.type === 'message')
    .flatMap(item => item.content)
    .map(part => part.text)
    .join('');
const reasoningOf = response =>
  response.output
    .filter(item => item.type === 'reasoning')
    .flatMap(item => [...item.summary, ...(item.summary.length ? [] : (item.content ?? []))])
    .map(part => part.text)
    .join('');

function checkUsage(got, dialect) {
  assert.equal(got.input_tokens, usage.prompt);
  assert.equal(got.output_tokens, usage.completion);
  assert.equal(got.total_tokens, usage.prompt + usage.completion);
  assert.equal(got.input_tokens_details.cached_tokens, dialect === 'ollama' ? 0 : usage.cached);
}

/// The events of a stream, checked for order; gives the final response.
async function follow(stream) {
  const events = await all(stream);
  assert.equal(events[0].type, 'response.created');
  const last = events.at(-1);
  assert.match(last.type, /^response\.(completed|incomplete)$/);
  assert.deepEqual(
    events.map(event => event.sequence_number),
    events.map((_, index) => events[0].sequence_number + index),
  );
  const added = events.filter(event => event.type === 'response.output_item.added');
  const done = events.filter(event => event.type === 'response.output_item.done');
  assert.deepEqual(
    added.map(event => event.item.id),
    done.map(event => event.item.id),
  );
  assert.deepEqual(
    done.map(event => event.item.type),
    last.response.output.map(item => item.type),
  );
  const deltas = events.filter(event => event.type === 'response.output_text.delta');
  assert.equal(deltas.map(event => event.delta).join(''), textOf(last.response));
  return last.response;
}
const either = async (stream, request) =>
  stream ? follow(await client.responses.create({...request, stream})) : client.responses.create(request);

for (const dialect of dialects) {
  const upstream = upstreams[dialect];

  test(`${dialect}: a text`, async () => {
    const answer = await ask(dialect, 'text');
    assert.equal(answer.object, 'response');
    assert.equal(answer.status, 'completed');
    assert.equal(answer.output_text, text);
    assert.equal(answer.output.length, 1);
    assert.equal(answer.output[0].role, 'assistant');
    checkUsage(answer.usage, dialect);
    assert.equal(upstream.last().heard.system, system);
  });

  test(`${dialect}: a stream`, async () => {
    const answer = await follow(await ask(dialect, 'text', {stream: true}));
    assert.equal(textOf(answer), text);
    assert.equal(answer.status, 'completed');
    checkUsage(answer.usage, dialect);
    const folded = await client.responses.stream({model: dialect, input: prompt('text')}).finalResponse();
    assert.equal(folded.output_text, text);
  });

  for (const scene of ['tool', 'think_tool'])
    for (const stream of [false, true])
      test(`${dialect}: a ${scene} loop${stream ? ', streamed' : ''}`, async () => {
        const input = [{role: 'user', content: prompt(scene)}];
        const request = {model: dialect, input, tools, store: false};
        if (scene === 'think_tool') {
          request.reasoning = {effort: 'low', summary: 'auto'};
          request.include = ['reasoning.encrypted_content'];
        }
        const first = await either(stream, request);
        const asked = first.output.filter(item => item.type === 'function_call');
        assert.deepEqual(
          asked.map(call => [call.name, JSON.parse(call.arguments)]),
          calls.map(call => [call.name, call.args]),
        );
        assert.equal(new Set(asked.map(call => call.call_id)).size, 2);
        input.push(...first.output);
        for (const call of asked)
          input.push({
            type: 'function_call_output',
            call_id: call.call_id,
            output: degrees[JSON.parse(call.arguments).city],
          });
        const second = await either(stream, request);
        assert.equal(textOf(second), lastWords);
        if (
          (scene === 'think_tool' &&
            ['openai_responses', 'anthropic_messages', 'bedrock_converse'].includes(dialect)) ||
          dialect === 'gemini'
        )
          assert.deepEqual(upstream.last().heard.signatures, [signature]);
      });

  for (const stream of [false, true])
    test(`${dialect}: reasoning${stream ? ', streamed' : ''}`, async () => {
      const answer = await either(stream, {
        model: dialect,
        input: prompt('think'),
        reasoning: {effort: 'low', summary: 'auto'},
        store: false,
      });
      assert.equal(reasoningOf(answer), reasoning);
      assert.equal(textOf(answer), text);
      checkUsage(answer.usage, dialect);
      const {heard} = upstream.last();
      assert.ok(heard.effort ?? heard.thinking, 'the wish to think arrived');
    });

  for (const stream of [false, true])
    test(`${dialect}: the end for length${stream ? ', streamed' : ''}`, async () => {
      const answer = await either(stream, {model: dialect, input: prompt('length')});
      assert.equal(answer.status, 'incomplete');
      assert.equal(answer.incomplete_details.reason, 'max_output_tokens');
    });

  for (const stream of [false, true]) {
    const how = stream ? ', streamed' : '';
    test(`${dialect}: too many requests${how}`, async () => {
      const error = await thrown(ask(dialect, 'limited', {stream}));
      assert.ok(error instanceof OpenAI.RateLimitError, String(error));
      assert.match(error.message, /Too many requests/);
      assert.equal(error.headers.get('retry-after'), String(retryAfter));
    });

    test(`${dialect}: overloaded${how}`, async () => {
      const error = await thrown(ask(dialect, 'overloaded', {stream}));
      assert.ok(error instanceof OpenAI.InternalServerError, String(error));
      assert.equal(error.status, 503);
    });

    test(`${dialect}: the context window${how}`, async () => {
      const error = await thrown(ask(dialect, 'context', {stream}));
      assert.ok(error instanceof OpenAI.BadRequestError, String(error));
    });
  }

  test(`${dialect}: a stream that the provider breaks off is an error in its words`, async () => {
    const told = [];
    const error = await ask(dialect, 'broken', {stream: true})
      .then(async stream => {
        for await (const event of stream) told.push(event);
      })
      .catch(caught => caught);
    assert.ok(!told.some(event => event.type === 'response.completed'));
    assert.match(JSON.stringify(told.at(-1)) + String(error), new RegExp(breakdownText));
  });

  test(`${dialect}: a stream that is cut off is an error`, async () => {
    let got = '';
    let fault;
    const error = await (async () => {
      for await (const event of await ask(dialect, 'cut', {stream: true})) {
        if (event.type === 'response.output_text.delta') got += event.delta;
        if (event.type === 'error' || event.type === 'response.failed') fault = event;
        assert.notEqual(event.type, 'response.completed');
      }
    })().catch(caught => caught);
    assert.ok(fault || error instanceof OpenAI.APIError, String(error));
    assert.ok(got.length > 0 && text.startsWith(got) && got !== text);
  });
}

test('the same dialect on both sides passes every byte', async () => {
  const names = {model: 'openai_responses', as: 'gpt-5'};
  const upstream = upstreams.openai_responses;
  const odd = {metadata: {a: '1'}, unknown_member: {deep: [1, 2.5, null]}, previous_response_id: 'resp_1'};
  await ask('openai_responses', 'text', odd);
  await assertExpress(upstream, names);
  await all(await ask('openai_responses', 'think', {...odd, stream: true}));
  await assertExpress(upstream, names);
  await all(await ask('openai_responses', 'tool', {tools, stream: true}));
  await assertExpress(upstream, names);
});

test("a service that has both of OpenAI's dialects is asked in the one of the client", async () => {
  await ask('chat-first', 'text');
  await assertExpress(upstreams.openai_responses, {model: 'chat-first', as: 'gpt-4o'});
});

test('a conversation that the provider does not keep is refused by name', async () => {
  const error = await thrown(ask('anthropic_messages', 'text', {previous_response_id: 'resp_1'}));
  assert.ok(error instanceof OpenAI.BadRequestError, String(error));
  assert.match(error.message, /previous_response_id/);
});

finish(matrix);
