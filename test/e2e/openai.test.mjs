// The official OpenAI client against `cogate serve` in front of `cogate mock`.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {endAll, entry, loadOpenai, masterKey, startGateway, startMock, until} from './harness.mjs';

const OpenAI = loadOpenai();
const mock = await startMock('--tokens', '12');
const slow = await startMock('--tokens', '2000', '--rate', '100');
const gateway = await startGateway({
  model_list: [
    entry('mock', mock.base),
    entry('fault/*', mock.base),
    entry('team/large/model', mock.base, {model: 'renamed-upstream'}),
    entry('slow', slow.base),
  ],
  cogate: {providers_from_environment: true},
});
const client = new OpenAI({baseURL: gateway.base, apiKey: masterKey, maxRetries: 0});
const messages = [{role: 'user', content: 'Why is the sky blue?'}];

const collect = async stream => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
};
const textOf = chunks => chunks.map(chunk => chunk.choices[0]?.delta?.content ?? '').join('');

test('a chat', async () => {
  const answer = await client.chat.completions.create({model: 'mock', messages});
  assert.equal(answer.object, 'chat.completion');
  assert.equal(answer.choices[0].message.role, 'assistant');
  assert.equal(answer.choices[0].message.content.length, 96);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.deepEqual(
    [answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens],
    [9, 12, 21],
  );
});

test('the upstream gets its own name of the model and its own key', async () => {
  const answer = await client.chat.completions.create({model: 'team/large/model', messages});
  assert.equal(answer.model, 'renamed-upstream');
  const seen = (await mock.stats()).last_authorization_hash;
  await client.chat.completions.create({model: 'mock', messages});
  assert.equal((await mock.stats()).last_authorization_hash, seen);
  await fetch(`${mock.base}/chat/completions`, {
    method: 'POST',
    headers: {authorization: `Bearer ${masterKey}`},
    body: JSON.stringify({model: 'mock', messages}),
  }).then(answer => answer.arrayBuffer());
  assert.notEqual((await mock.stats()).last_authorization_hash, seen);
});

test('a stream has no usage chunk unless it is asked for', async () => {
  const chunks = await collect(await client.chat.completions.create({model: 'mock', messages, stream: true}));
  assert.equal(chunks.length, 13);
  assert.equal(textOf(chunks).length, 96);
  assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
  for (const chunk of chunks) {
    assert.equal(chunk.object, 'chat.completion.chunk');
    assert.equal(chunk.choices.length, 1);
    assert.ok(chunk.usage == null);
  }
});

for (const [asked, expected] of [
  [true, 1],
  [false, 0],
])
  test(`a stream with include_usage ${asked} has ${expected} usage chunks`, async () => {
    const chunks = await collect(
      await client.chat.completions.create({
        model: 'mock',
        messages,
        stream: true,
        stream_options: {include_usage: asked},
      }),
    );
    const usage = chunks.filter(chunk => chunk.usage);
    assert.equal(usage.length, expected);
    assert.equal(chunks.filter(chunk => chunk.choices.length === 0).length, expected);
    if (asked) {
      assert.equal(usage[0], chunks.at(-1));
      assert.equal(usage[0].usage.total_tokens, 21);
    }
    assert.equal(textOf(chunks).length, 96);
  });

test('a streamed and a plain answer say the same', async () => {
  const plain = await client.chat.completions.create({model: 'mock', messages});
  const folded = await client.chat.completions.stream({model: 'mock', messages}).finalChatCompletion();
  assert.equal(folded.choices[0].message.content, plain.choices[0].message.content);
});

const tools = [
  {
    type: 'function',
    function: {
      name: 'weather',
      description: 'tells the weather',
      parameters: {type: 'object', properties: {city: {type: 'string'}}, required: ['city']},
    },
  },
];
const wish = [{role: 'user', content: 'call the tool please'}];

test('a round trip with a tool', async () => {
  const first = await client.chat.completions.create({model: 'mock', messages: wish, tools});
  assert.equal(first.choices[0].finish_reason, 'tool_calls');
  const [call] = first.choices[0].message.tool_calls;
  assert.equal(call.function.name, 'weather');
  assert.deepEqual(JSON.parse(call.function.arguments), {city: 'Paris'});
  const second = await client.chat.completions.create({
    model: 'mock',
    tools,
    messages: [
      ...wish,
      first.choices[0].message,
      {role: 'tool', tool_call_id: call.id, content: '21 degrees'},
    ],
  });
  assert.equal(second.choices[0].finish_reason, 'stop');
  assert.equal(second.choices[0].message.content.length, 96);
});

test('streamed arguments of a tool', async () => {
  const chunks = await collect(
    await client.chat.completions.create({model: 'mock', messages: wish, tools, stream: true}),
  );
  const parts = chunks.flatMap(chunk => chunk.choices[0].delta.tool_calls ?? []);
  assert.equal(parts[0].id, 'call_mock');
  assert.equal(parts[0].function.name, 'weather');
  assert.ok(parts.length > 2);
  assert.deepEqual(JSON.parse(parts.map(part => part.function.arguments).join('')), {city: 'Paris'});
  assert.equal(chunks.at(-1).choices[0].finish_reason, 'tool_calls');
});

test('the client runs tools by itself', async () => {
  const asked = [];
  const runner = client.chat.completions.runTools({
    model: 'mock',
    messages: wish,
    tools: [
      {
        type: 'function',
        function: {
          ...tools[0].function,
          parse: JSON.parse,
          function: args => {
            asked.push(args);
            return '21 degrees';
          },
        },
      },
    ],
  });
  assert.equal((await runner.finalContent()).length, 96);
  assert.deepEqual(asked, [{city: 'Paris'}]);
});

test('a client that aborts a stream ends its upstream', async () => {
  const before = (await slow.stats()).streams_aborted;
  const times = [];
  for (let round = 1; round <= 5; ++round) {
    const stream = await client.chat.completions.create({model: 'slow', messages, stream: true});
    let seen = 0;
    let aborted;
    for await (const chunk of stream) {
      assert.ok(chunk);
      if (++seen === 3) {
        aborted = performance.now();
        stream.controller.abort();
        break;
      }
    }
    assert.equal(seen, 3);
    await until(
      'the upstream sees the end',
      async () => (await slow.stats()).streams_aborted === before + round,
    );
    times.push(performance.now() - aborted);
  }
  times.sort((a, b) => a - b);
  console.log(`# abort until the upstream has seen it: ${times.map(ms => ms.toFixed(1)).join(' ')} ms`);
  // The best of five is free of the luck of a loaded machine; the stream itself would last 20 s.
  assert.ok(times[0] < 100, `${times[0]} ms`);
});

test('a client that aborts a plain call ends its upstream', async () => {
  const before = (await mock.stats()).answers_aborted;
  const call = client.chat.completions.create(
    {model: 'fault/stall-first', messages},
    {signal: AbortSignal.timeout(200)},
  );
  await assert.rejects(call, OpenAI.APIUserAbortError);
  await until('the upstream sees the end', async () => (await mock.stats()).answers_aborted === before + 1);
});

async function rejection(promise, type, status) {
  const error = await promise.then(
    value => assert.fail(`no error but ${JSON.stringify(value)}`),
    thrown => thrown,
  );
  assert.ok(error instanceof type, `${error.constructor.name}: ${error.message}`);
  assert.equal(error.status, status);
  return error;
}

test('a wrong key is an AuthenticationError', async () => {
  for (const apiKey of ['sk-wrong', masterKey.slice(0, -1), `${masterKey}x`]) {
    const stranger = new OpenAI({baseURL: gateway.base, apiKey, maxRetries: 0});
    for (const call of [
      () => stranger.chat.completions.create({model: 'mock', messages}),
      () => stranger.chat.completions.create({model: 'mock', messages, stream: true}),
      () => stranger.embeddings.create({model: 'mock', input: 'x'}),
      () => stranger.models.list(),
    ]) {
      const error = await rejection(call(), OpenAI.AuthenticationError, 401);
      assert.equal(error.code, 'invalid_api_key');
      assert.ok(!error.message.includes(apiKey));
    }
  }
});

test('an unknown model is a NotFoundError', async () => {
  for (const model of ['no-such-model', 'openai/gpt-4o', 'demo/no-such', 'Mock', 'mock ']) {
    const error = await rejection(
      client.chat.completions.create({model, messages}),
      OpenAI.NotFoundError,
      404,
    );
    assert.equal(error.code, 'model_not_found', model);
  }
});

const refusals = [
  [400, 'BadRequestError'],
  [401, 'AuthenticationError'],
  [403, 'PermissionDeniedError'],
  [404, 'NotFoundError'],
  [422, 'UnprocessableEntityError'],
  [429, 'RateLimitError'],
  [500, 'InternalServerError'],
  [503, 'InternalServerError'],
];
for (const [status, name] of refusals)
  for (const stream of [false, true])
    test(`an upstream's ${status} is a ${name}${stream ? ', streamed' : ''}`, async () => {
      const before = (await mock.stats()).requests;
      const call = client.chat.completions.create({model: `fault/status-${status}`, messages, stream});
      const error = await rejection(call, OpenAI[name], status);
      assert.match(error.message, /The mock refused on purpose/);
      assert.equal(error.code, 'mock_fault');
      assert.equal(error.headers.get('retry-after'), status === 429 || status === 503 ? '1' : null);
      assert.equal((await mock.stats()).requests, before + 1);
    });

test('the client retries what may be retried', async () => {
  const patient = new OpenAI({baseURL: gateway.base, apiKey: masterKey, maxRetries: 1});
  const before = (await mock.stats()).requests;
  await rejection(
    patient.chat.completions.create({model: 'fault/status-429', messages}),
    OpenAI.RateLimitError,
    429,
  );
  assert.equal((await mock.stats()).requests, before + 2);
});

const wrongTypes = [
  ['model', {model: 7}],
  ['stream', {stream: 'yes'}],
  ['messages', {messages: 'hello'}],
  ['stream_options', {stream: true, stream_options: 5}],
  ['model', {model: undefined}],
  ['messages', {messages: undefined}],
];
for (const [field, change] of wrongTypes)
  test(`a wrong ${field} (${JSON.stringify(change)}) is a BadRequestError that names it`, async () => {
    const before = (await mock.stats()).requests;
    const call = client.chat.completions.create({model: 'mock', messages, ...change});
    const error = await rejection(call, OpenAI.BadRequestError, 400);
    assert.equal(error.type, 'invalid_request_error');
    assert.ok(
      error.param?.startsWith(field) || error.message.includes(field),
      `${error.param}: ${error.message}`,
    );
    assert.equal((await mock.stats()).requests, before);
  });

test('embeddings, as floats and as the client asks by default', async () => {
  const input = ['one', 'two', 'three'];
  const floats = await client.embeddings.create({model: 'mock', input, encoding_format: 'float'});
  const usual = await client.embeddings.create({model: 'mock', input});
  const wire = await client.embeddings.create({model: 'mock', input, encoding_format: 'base64'});
  assert.equal(floats.data.length, 3);
  assert.equal(floats.usage.prompt_tokens, 12);
  for (const [i, one] of floats.data.entries()) {
    assert.equal(one.index, i);
    assert.equal(one.embedding.length, 16);
    assert.equal(one.embedding[0], (((i * 7) % 64) - 32) / 64);
    assert.deepEqual([...usual.data[i].embedding], one.embedding);
    assert.equal(typeof wire.data[i].embedding, 'string');
    const bytes = Buffer.from(wire.data[i].embedding, 'base64');
    assert.deepEqual(
      Array.from({length: bytes.length / 4}, (_, at) => bytes.readFloatLE(4 * at)),
      one.embedding,
    );
  }
  const single = await client.embeddings.create({model: 'mock', input: 'one', dimensions: 8});
  assert.equal(single.data[0].embedding.length, 8);
});

test('the list of models', async () => {
  const names = [];
  for await (const model of client.models.list()) {
    assert.equal(model.object, 'model');
    names.push(model.id);
  }
  for (const name of ['mock', 'slow', 'team/large/model'])
    assert.ok(names.includes(name), `${name} in ${names}`);
  assert.equal(new Set(names).size, names.length);
});

test('a model with slashes in its name', async () => {
  const model = await client.models.retrieve('team/large/model');
  assert.equal(model.id, 'team/large/model');
  assert.equal(model.object, 'model');
  assert.equal((await client.models.retrieve('mock')).id, 'mock');
  await rejection(client.models.retrieve('no/such/model'), OpenAI.NotFoundError, 404);
});

test('many at once', async () => {
  const answers = await Promise.all(
    Array.from({length: 60}, (_, i) =>
      i % 2 === 0
        ? client.chat.completions
            .create({model: 'mock', messages})
            .then(answer => answer.choices[0].message.content)
        : client.chat.completions.create({model: 'mock', messages, stream: true}).then(collect).then(textOf),
    ),
  );
  assert.equal(new Set(answers).size, 1);
  assert.equal(answers[0].length, 96);
});

test('no program complained', endAll);
