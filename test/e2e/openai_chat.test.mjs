// The official OpenAI client's chat completions over the upstreams of every dialect.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {masterKey, upstreamKey} from './harness.mjs';
import {all, assertExpress, dialects, finish, gap, load, startMatrix, thrown, wire} from './matrix.mjs';
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
  more: ({openai_chat}) => [
    {
      model_name: 'same',
      litellm_params: {model: 'openai/gpt-4o', api_base: `${openai_chat.root}/v1`, api_key: upstreamKey},
    },
  ],
});
const {gateway, upstreams} = matrix;
const client = new OpenAI({baseURL: gateway.base, apiKey: masterKey, maxRetries: 0});

const messagesOf = scene => [
  {role: 'system', content: system},
  {role: 'user', content: prompt(scene)},
];
const tools = [{type: 'function', function: {name: toolName, description: toolText, parameters: toolSchema}}];
const ask = (model, scene, more = {}) =>
  client.chat.completions.create({model, messages: messagesOf(scene), ...more});
const noReasons = ['cohere', 'ollama']; // where the provider does not count reasoning tokens apart

function checkUsage(got, {dialect, reasons = 0} = {}) {
  assert.equal(got.prompt_tokens, usage.prompt);
  assert.equal(got.completion_tokens, usage.completion);
  assert.equal(got.total_tokens, usage.prompt + usage.completion);
  if (dialect !== 'ollama') assert.equal(got.prompt_tokens_details.cached_tokens, usage.cached);
  if (reasons && !['anthropic_messages', 'bedrock_converse', ...noReasons].includes(dialect))
    assert.equal(got.completion_tokens_details.reasoning_tokens, reasons);
}

for (const dialect of dialects) {
  const upstream = upstreams[dialect];

  test(`${dialect}: a text`, async () => {
    const answer = await ask(dialect, 'text');
    assert.equal(answer.object, 'chat.completion');
    assert.ok(answer.id);
    assert.ok(answer.created > 1_600_000_000);
    assert.deepEqual(answer.choices.length, 1);
    assert.equal(answer.choices[0].message.role, 'assistant');
    assert.equal(answer.choices[0].message.content, text);
    assert.equal(answer.choices[0].finish_reason, 'stop');
    checkUsage(answer.usage, {dialect});
    assert.equal(upstream.last().heard.system, system);
  });

  test(`${dialect}: a stream`, async () => {
    const chunks = await all(
      await ask(dialect, 'text', {stream: true, stream_options: {include_usage: true}}),
    );
    assert.equal(chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join(''), text);
    assert.equal(chunks[0].choices[0].delta.role, 'assistant');
    assert.equal(new Set(chunks.map(chunk => chunk.id)).size, 1);
    const ends = chunks.map(chunk => chunk.choices[0]?.finish_reason).filter(Boolean);
    assert.deepEqual(ends, ['stop']);
    const counts = chunks.filter(chunk => chunk.usage);
    assert.equal(counts.length, 1);
    assert.deepEqual(counts[0].choices, []);
    checkUsage(counts[0].usage, {dialect});
    assert.match((await wire.at(-1).received).toString(), /data: \[DONE\]\n\n$/);
  });

  test(`${dialect}: a stream without usage`, async () => {
    const chunks = await all(await ask(dialect, 'text', {stream: true}));
    assert.equal(chunks.map(chunk => chunk.choices[0].delta.content ?? '').join(''), text);
    assert.ok(chunks.every(chunk => !chunk.usage));
  });

  for (const stream of [false, true])
    test(`${dialect}: a legacy completion${stream ? ', streamed' : ''}`, async () => {
      const reply = await client.completions.create({model: dialect, prompt: prompt('text'), stream});
      const parts = stream ? await all(reply) : [reply];
      assert.equal(parts.map(part => part.choices[0]?.text ?? '').join(''), text);
      const ends = parts.map(part => part.choices[0]?.finish_reason).filter(Boolean);
      assert.deepEqual(ends, ['stop']);
      for (const part of parts) assert.equal(part.object, 'text_completion');
    });

  for (const stream of [false, true])
    test(`${dialect}: a tool loop${stream ? ', streamed' : ''}`, async () => {
      const messages = messagesOf('tool');
      const round = async () => {
        if (!stream) return client.chat.completions.create({model: dialect, messages, tools});
        return client.chat.completions.stream({model: dialect, messages, tools}).finalChatCompletion();
      };
      const first = await round();
      const {message, finish_reason} = first.choices[0];
      assert.equal(finish_reason, 'tool_calls');
      assert.deepEqual(
        message.tool_calls.map(call => [call.type, call.function.name, JSON.parse(call.function.arguments)]),
        calls.map(call => ['function', call.name, call.args]),
      );
      assert.equal(new Set(message.tool_calls.map(call => call.id)).size, 2);
      messages.push(message);
      for (const call of message.tool_calls)
        messages.push({
          role: 'tool',
          tool_call_id: call.id,
          content: degrees[JSON.parse(call.function.arguments).city],
        });
      const second = await round();
      assert.equal(second.choices[0].message.content, lastWords);
      assert.equal(second.choices[0].finish_reason, 'stop');
      const {called} = upstream.last().heard;
      assert.deepEqual(
        called.map(call => call.args),
        calls.map(call => call.args),
      );
    });

  test(`${dialect}: reasoning in a tool loop goes back as it came`, async () => {
    const messages = messagesOf('think_tool');
    const request = {model: dialect, messages, tools, reasoning_effort: 'low'};
    const {message} = (await client.chat.completions.create(request)).choices[0];
    assert.equal(message.reasoning_content, reasoning);
    messages.push(message);
    for (const call of message.tool_calls)
      messages.push({
        role: 'tool',
        tool_call_id: call.id,
        content: degrees[JSON.parse(call.function.arguments).city],
      });
    const second = await client.chat.completions.create(request);
    assert.equal(second.choices[0].message.content, lastWords);
    if (['anthropic_messages', 'gemini', 'bedrock_converse'].includes(dialect))
      assert.deepEqual(upstream.last().heard.signatures, [signature]);
  });

  for (const stream of [false, true])
    test(`${dialect}: reasoning${stream ? ', streamed' : ''}`, async () => {
      const reply = await ask(dialect, 'think', {
        reasoning_effort: 'low',
        stream,
        ...(stream ? {stream_options: {include_usage: true}} : {}),
      });
      const chunks = stream ? await all(reply) : [reply];
      const parts = chunks.map(chunk => chunk.choices[0]?.delta ?? chunk.choices[0]?.message ?? {});
      assert.equal(parts.map(part => part.reasoning_content ?? '').join(''), reasoning);
      assert.equal(parts.map(part => part.content ?? '').join(''), text);
      checkUsage(chunks.at(-1).usage, {dialect, reasons: usage.reasoning});
      const {heard} = upstream.last();
      assert.ok(heard.effort ?? heard.thinking, 'the wish to think arrived');
    });

  test(`${dialect}: the end for length`, async () => {
    assert.equal((await ask(dialect, 'length')).choices[0].finish_reason, 'length');
    const chunks = await all(await ask(dialect, 'length', {stream: true}));
    assert.equal(chunks.at(-1).choices[0].finish_reason, 'length');
  });

  for (const stream of [false, true]) {
    const how = stream ? ', streamed' : '';
    test(`${dialect}: too many requests${how}`, async () => {
      const error = await thrown(ask(dialect, 'limited', {stream}));
      assert.ok(error instanceof OpenAI.RateLimitError, String(error));
      assert.equal(error.status, 429);
      assert.match(error.message, /Too many requests/);
      assert.equal(error.headers.get('retry-after'), String(retryAfter));
    });

    test(`${dialect}: overloaded${how}`, async () => {
      const error = await thrown(ask(dialect, 'overloaded', {stream}));
      assert.ok(error instanceof OpenAI.InternalServerError, String(error));
    });

    test(`${dialect}: the context window${how}`, async () => {
      const error = await thrown(ask(dialect, 'context', {stream}));
      assert.ok(error instanceof OpenAI.BadRequestError, String(error));
      assert.equal(error.code, 'context_length_exceeded');
    });
  }

  test(`${dialect}: a stream that the provider breaks off is an error in its words`, async () => {
    const error = await thrown(ask(dialect, 'broken', {stream: true}).then(all));
    assert.ok(error instanceof OpenAI.APIError, String(error));
    assert.match(error.message, new RegExp(breakdownText));
  });

  test(`${dialect}: a stream that is cut off is an error`, async () => {
    let got = '';
    const error = await thrown(
      (async () => {
        for await (const chunk of await ask(dialect, 'cut', {stream: true}))
          got += chunk.choices[0]?.delta.content ?? '';
      })(),
    );
    assert.ok(error instanceof OpenAI.APIError, String(error));
    assert.ok(got.length > 0 && text.startsWith(got) && got !== text);
  });
}

test('the same dialect on both sides passes every byte', async () => {
  const upstream = upstreams.openai_chat;
  const names = {model: 'same', as: 'gpt-4o'};
  const odd = {seed: 7, user: 'me', metadata: {a: '1'}, unknown_member: {deep: [1, 2.5, null]}};
  await ask('same', 'text', odd);
  await assertExpress(upstream, names);
  await all(await ask('same', 'text', {...odd, stream: true, stream_options: {include_usage: true}}));
  await assertExpress(upstream, names);
  await ask('same', 'tool', {tools});
  await assertExpress(upstream, names);

  await all(await ask('same', 'text', {...odd, stream: true}));
  const {stream_options, ...rest} = JSON.parse(upstream.last().body);
  assert.deepEqual(stream_options, {include_usage: true});
  assert.equal(JSON.stringify({...rest, model: 'same'}), wire.at(-1).body);
  const sent = upstream.last().sent.toString();
  const received = (await wire.at(-1).received).toString();
  assert.equal(
    received,
    sent
      .split('\n\n')
      .filter(event => !event.includes('"choices":[]'))
      .join('\n\n'),
  );
});

finish(matrix);
