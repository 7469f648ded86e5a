// The models of the built-in demo provider, with the official client. No upstream and no master key.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {endAll, goodChat, loadOpenai, slowness, startGateway} from './harness.mjs';

const OpenAI = loadOpenai();
const gateway = await startGateway({cogate: {deadlines: {idle: `${300 * slowness}ms`}}}, {key: null});
const client = new OpenAI({baseURL: gateway.base, apiKey: 'unused', maxRetries: 0});
const user = content => [{role: 'user', content}];
const chat = (model, content, more = {}) =>
  client.chat.completions.create({model, messages: user(content), ...more});

async function text(stream) {
  let all = '';
  let finish = null;
  for await (const chunk of stream) {
    all += chunk.choices[0]?.delta?.content ?? '';
    finish = chunk.choices[0]?.finish_reason ?? finish;
  }
  return {all, finish};
}

test('demo/echo says what it was told, in any script', async () => {
  for (const said of [
    'hello',
    'Gr\u00fc\u00dfe \u2014 \u4f60\u597d \ud83d\ude42',
    'quote " backslash \\ newline \n tab \t',
  ]) {
    const answer = await chat('demo/echo', said);
    assert.ok(answer.choices[0].message.content.includes(said));
    const streamed = await text(await chat('demo/echo', said, {stream: true}));
    assert.equal(streamed.all, answer.choices[0].message.content);
    assert.equal(streamed.finish, 'stop');
  }
});

test('the same question has the same answer', async () => {
  const [one, two] = [await chat('demo/echo', 'again'), await chat('demo/echo', 'again')];
  assert.equal(one.id, two.id);
  assert.deepEqual(one.choices, two.choices);
});

test('demo/tokens-N says N words', async () => {
  const answer = await chat('demo/tokens-25@100000', 'go');
  assert.equal(answer.choices[0].message.content.trim().split(/\s+/).length, 25);
  const streamed = await text(await chat('demo/tokens-25@100000', 'go', {stream: true}));
  assert.equal(streamed.all, answer.choices[0].message.content);
});

test('demo/tokens counts its usage when asked', async () => {
  let usage;
  for await (const chunk of await chat('demo/tokens-5@100000', 'go', {
    stream: true,
    stream_options: {include_usage: true},
  }))
    usage = chunk.usage ?? usage;
  assert.equal(usage.completion_tokens, 5);
});

for (const [status, type] of [
  [429, 'RateLimitError'],
  [500, 'InternalServerError'],
  [401, 'AuthenticationError'],
])
  test(`demo/error-${status} is a ${type}`, async () => {
    for (const stream of [false, true]) {
      const error = await chat(`demo/error-${status}`, 'x', {stream}).then(
        () => assert.fail('no error'),
        thrown => thrown,
      );
      assert.ok(error instanceof OpenAI[type], `${error.constructor.name}: ${error.message}`);
      assert.equal(error.status, status);
      if (status === 429) assert.match(error.headers.get('retry-after'), /^\d+$/);
    }
  });

test('demo/tool calls a tool, then answers', async () => {
  const tools = [
    {
      type: 'function',
      function: {
        name: 'add',
        parameters: {
          type: 'object',
          properties: {a: {type: 'number'}, b: {type: 'number'}},
          required: ['a', 'b'],
        },
      },
    },
  ];
  const asked = [];
  const runner = client.chat.completions.runTools({
    model: 'demo/tool',
    messages: user('add'),
    tools: [
      {
        type: 'function',
        function: {
          ...tools[0].function,
          parse: JSON.parse,
          function: args => {
            asked.push(args);
            return 'forty-two';
          },
        },
      },
    ],
  });
  assert.ok((await runner.finalContent()).length > 0);
  assert.equal(asked.length, 1);
  assert.equal(typeof asked[0].a, 'number');
  assert.equal(typeof asked[0].b, 'number');
  let streamed = '';
  for await (const chunk of await client.chat.completions.create({
    model: 'demo/tool',
    messages: user('add'),
    tools,
    stream: true,
  }))
    streamed += chunk.choices[0]?.delta?.tool_calls?.[0]?.function?.arguments ?? '';
  assert.deepEqual(JSON.parse(streamed), asked[0]);
});

test('demo/cut makes the client throw', async () => {
  await assert.rejects(chat('demo/cut', 'x'), OpenAI.APIError);
  const broken = chat('demo/cut', 'one two three four five six', {stream: true}).then(text);
  await assert.rejects(broken, OpenAI.APIError);
});

test('demo/stall meets its deadline', async () => {
  const error = await chat('demo/stall', 'one two three', {stream: true})
    .then(text)
    .then(
      () => assert.fail('no error'),
      thrown => thrown,
    );
  assert.ok(error instanceof OpenAI.APIError, `${error.constructor.name}: ${error.message}`);
  assert.match(String(error.code), /^timeout_/);
});

test('demo/embedding gives unit vectors, the same for the same text', async () => {
  const answer = await client.embeddings.create({model: 'demo/embedding', input: ['x', 'y', 'x']});
  const [x, y, again] = answer.data.map(one => [...one.embedding]);
  assert.equal(x.length, 64);
  assert.deepEqual(x, again);
  assert.notDeepEqual(x, y);
  assert.ok(Math.abs(Math.hypot(...x) - 1) < 1e-4);
  const floats = await client.embeddings.create({
    model: 'demo/embedding',
    input: 'x',
    encoding_format: 'float',
  });
  for (const [i, value] of floats.data[0].embedding.entries()) assert.ok(Math.abs(value - x[i]) < 1e-6);
});

test('an unknown demo model lists the names', async () => {
  const error = await chat('demo/nothing', 'x').then(
    () => assert.fail('no error'),
    thrown => thrown,
  );
  assert.ok(error instanceof OpenAI.NotFoundError, error.message);
  assert.match(error.message, /echo/);
});

test('all is well afterwards', async () => {
  assert.ok((await goodChat(gateway, 'demo/echo')).id);
});

test('no program complained', endAll);
