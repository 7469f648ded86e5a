// Who may call models through the pass-through routes, and what they pay: the same as anywhere else.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ledgerRows, masterKey, post, startGateway, until, upstreamKey} from './harness.mjs';
import {finish, startMatrix} from './matrix.mjs';
import {prompt, retryAfter, text, usage} from './scenario.mjs';
import {speakers} from './upstreams.mjs';

const price = {input_cost_per_token: '0.000001', output_cost_per_token: '0.000002'};
const matrix = await startMatrix({
  more: ({anthropic_messages, openai_chat}) => [
    {
      model_name: 'mistral',
      litellm_params: {
        model: 'mistral/priced',
        api_base: `${openai_chat.root}/v1`,
        api_key: upstreamKey,
        ...price,
      },
    },
    {
      model_name: 'other',
      litellm_params: {
        model: 'anthropic/claude-opus-4-1',
        api_base: `${anthropic_messages.root}/v1`,
        api_key: upstreamKey,
      },
    },
  ],
});
const {gateway, upstreams} = matrix;
const model = 'claude-sonnet-4-5'; // its group is called anthropic_messages
const user = content => ({messages: [{role: 'user', content}]});
const message = (more = {}) => ({model, max_tokens: 20, ...user(prompt('text')), ...more});
const nanos = dollars => Math.round(Number(dollars) * 1e9);

async function made(where, body) {
  const answer = await post(gateway, where, body);
  const said = await answer.text();
  assert.equal(answer.status, 200, `${where}: ${said}`);
  return JSON.parse(said);
}

/// A call with a key; `row` is what the ledger has of it.
async function call(key, where, body, on = gateway) {
  const answer = await post(on, where, body, {key, headers: {'anthropic-version': '2023-06-01'}});
  const bytes = Buffer.from(await answer.arrayBuffer());
  const id = answer.headers.get('x-litellm-call-id');
  return {
    status: answer.status,
    headers: answer.headers,
    bytes,
    cost: answer.headers.get('x-litellm-response-cost'),
    error: () => JSON.parse(bytes.toString()).error,
    row: async () => (await ledgerRows(on.data)).find(row => row.request_id === id),
  };
}
const messages = (key, more) => call(key, '/anthropic/v1/messages', message(more));

// What the same call costs on the gateway's own route.
const {key: plain} = await made('/key/generate', {});
const typed = await call(plain, '/v1/messages', message({model: 'anthropic_messages'}));
const due = typed.cost;

test('a whole answer is paid for, and says what it cost', async () => {
  const {key, token} = await made('/key/generate', {max_budget: 1});
  const answer = await messages(key);
  assert.equal(answer.status, 200, answer.bytes);
  assert.ok(nanos(due) > 0);
  assert.equal(answer.cost, due);
  const row = await answer.row();
  assert.equal(nanos(row.spent), nanos(due));
  assert.equal(row.state, 'settled');
  assert.equal(row.key, token);
  assert.equal(row.model, 'anthropic_messages');
  assert.equal(row.upstream_model, model);
  assert.equal(row.provider, 'anthropic');
  assert.equal(row.call_type, 'pass_through');
  assert.deepEqual(
    [row.prompt_tokens, row.completion_tokens, row.cached_tokens],
    [usage.prompt, usage.completion, usage.cached],
  );
  assert.ok(nanos(row.reserved) >= nanos(row.spent));
  assert.equal(row.flags, '');
});

test('so is a stream, which passes byte by byte', async () => {
  const {key} = await made('/key/generate', {max_budget: 1});
  const answer = await messages(key, {stream: true});
  assert.equal(answer.status, 200);
  assert.ok(answer.bytes.equals(upstreams.anthropic_messages.last().sent));
  assert.equal(nanos((await answer.row()).spent), nanos(due));
});

test('the tokens of every dialect are counted, whole and streamed', async () => {
  const bedrock = encodeURIComponent(speakers.bedrock_converse.deployment('').model.split('/').at(-1));
  const gemini = {contents: [{role: 'user', parts: [{text: prompt('text')}]}]};
  const usual = {...user(prompt('text')), stream_options: {include_usage: true}};
  for (const [where, body] of [
    ['/openai/v1/responses', {model: 'gpt-5', input: prompt('text')}],
    ['/openai/v1/responses', {model: 'gpt-5', input: prompt('text'), stream: true}],
    ['/mistral/v1/chat/completions', {model: 'priced', ...user(prompt('text'))}],
    ['/mistral/v1/chat/completions', {model: 'priced', ...usual, stream: true}],
    ['/gemini/v1beta/models/gemini-2.5-pro:generateContent', gemini],
    ['/gemini/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse', gemini],
    ['/cohere/v2/chat', {model: 'command-a-03-2025', ...user(prompt('text'))}],
    ['/cohere/v2/chat', {model: 'command-a-03-2025', stream: true, ...user(prompt('text'))}],
    [`/bedrock/model/${bedrock}/converse`, user([{text: prompt('text')}])],
    [`/bedrock/model/${bedrock}/converse-stream`, user([{text: prompt('text')}])],
  ]) {
    const answer = await call(plain, where, body);
    assert.equal(answer.status, 200, `${where}: ${answer.bytes}`);
    assert.ok(answer.bytes.includes(text.slice(0, 6)), where);
    const row = await answer.row();
    assert.deepEqual([row.prompt_tokens, row.completion_tokens], [usage.prompt, usage.completion], where);
    assert.equal(row.state, 'settled');
    assert.ok(nanos(row.spent) > 0, `${where}: ${JSON.stringify(row)}`);
    assert.equal(row.flags, '', where);
  }
});

test('a stream that says nothing of its tokens is estimated, and flagged', async () => {
  const {key} = await made('/key/generate', {max_budget: 1});
  const body = {model: 'priced', max_tokens: 20, stream: true, ...user(prompt('text'))};
  const answer = await call(key, '/mistral/v1/chat/completions', body);
  assert.equal(answer.status, 200);
  const row = await answer.row();
  assert.equal(row.flags, 'estimated');
  assert.ok(nanos(row.spent) > 0 && nanos(row.spent) <= nanos(row.reserved), JSON.stringify(row));
});

test('so is a whole answer', async () => {
  const upstream = upstreams.openai_chat;
  const said = {index: 0, message: {role: 'assistant', content: text}, finish_reason: 'stop'};
  upstream.override = () => ({
    status: 200,
    headers: {'content-type': 'application/json'},
    pieces: [JSON.stringify({id: 'c', object: 'chat.completion', created: 1, model: 'priced', choices: [said]})],
  });
  const answer = await call(plain, '/mistral/v1/chat/completions', {model: 'priced', ...user('hi')});
  upstream.override = undefined;
  assert.equal(answer.status, 200);
  const row = await answer.row();
  assert.equal(row.flags, 'estimated');
  assert.ok(nanos(row.spent) > 0);
  assert.equal(nanos(answer.cost), nanos(row.spent));
});

test('lists of models hold for the model that the request names', async () => {
  const upstream = upstreams.anthropic_messages;
  for (const models of [['anthropic_messages'], ['anthropic/*'], [`anthropic/${model}`], [model]]) {
    const {key} = await made('/key/generate', {models});
    assert.equal((await messages(key)).status, 200, models[0]);
  }
  const before = upstream.requests.length;
  for (const models of [['other'], ['mistral'], ['no-default-models']]) {
    const {key} = await made('/key/generate', {models});
    const denied = await messages(key);
    assert.equal(denied.status, 403, models[0]);
    assert.equal(denied.error().type, 'permission_error');
    // nor does another spelling of the path help
    assert.equal((await call(key, '/anthropic/v1//messages/', message())).status, 403);
    assert.equal((await call(key, '/anthropic/v1/files', {})).status, 403);
  }
  // an alias changes no request that passes as it is
  const {key} = await made('/key/generate', {models: ['other'], aliases: {[model]: 'other'}});
  assert.equal((await messages(key)).status, 403);
  assert.equal(upstream.requests.length, before);
});

test('a budget that is spent refuses the next call', async () => {
  const {key} = await made('/key/generate', {max_budget: 0});
  const before = upstreams.anthropic_messages.requests.length;
  for (const more of [{}, {stream: true}]) {
    const refused = await messages(key, more);
    assert.equal(refused.status, 429);
    assert.match(refused.error().message, /[Bb]udget/);
    assert.equal(refused.headers.get('x-should-retry'), 'false');
  }
  assert.equal(upstreams.anthropic_messages.requests.length, before);
});

test("a model's own budget counts these calls, too", async () => {
  const {key} = await made('/key/generate', {
    model_max_budget: {anthropic_messages: {budget_limit: 0, time_period: '30d'}},
  });
  assert.equal((await messages(key)).status, 429);
});

test('what fails at the provider passes as it is, and costs nothing', async () => {
  const {key} = await made('/key/generate', {max_budget: 1});
  const answer = await messages(key, user(prompt('limited')));
  assert.equal(answer.status, 429);
  assert.ok(answer.bytes.equals(upstreams.anthropic_messages.last().sent));
  assert.equal(answer.headers.get('retry-after'), String(retryAfter));
  const row = await answer.row();
  assert.equal(row.state, 'void');
  assert.equal(nanos(row.spent), 0);
});

test('a stream that breaks off is no success', async () => {
  const {key} = await made('/key/generate', {max_budget: 1});
  const answer = await messages(key, {stream: true, ...user(prompt('cut'))});
  assert.ok(answer.bytes.equals(upstreams.anthropic_messages.last().sent));
  const row = await answer.row();
  assert.match(row.flags, /truncated/);
  assert.ok(nanos(row.spent) > 0);
});

test('counting tokens is free', async () => {
  const {key} = await made('/key/generate', {max_budget: 0});
  const answer = await call(key, '/anthropic/v1/messages/count_tokens', message());
  assert.equal(answer.status, 200);
  assert.equal(await answer.row(), undefined);
});

test('what is not known has no price: refused with a budget, flagged without', async () => {
  const upstream = upstreams.anthropic_messages;
  upstream.override = () => ({
    status: 200,
    headers: {'content-type': 'application/json'},
    pieces: ['{"ok":true}'],
  });
  const {key} = await made('/key/generate', {max_budget: 1});
  const before = upstream.requests.length;
  const refused = await call(key, '/anthropic/v1/files', {});
  assert.equal(refused.status, 400);
  assert.match(refused.error().message, /price of 'anthropic\/\*' is not known/);
  assert.equal(upstream.requests.length, before);
  const passed = await call(plain, '/anthropic/v1/files', {});
  assert.equal(passed.status, 200);
  const row = await passed.row();
  assert.equal(row.flags, 'unpriced');
  assert.equal(nanos(row.spent), 0);
  assert.equal(row.model, 'anthropic/*');
  upstream.override = undefined;
  // a model that the catalogue does not know is no better than a path
  const unknown = await messages(key, {model: 'claude-of-tomorrow'});
  assert.equal(unknown.status, 400);
});

test('the operator may allow what has no price', async () => {
  const upstream = upstreams.anthropic_messages;
  upstream.override = () => ({status: 200, headers: {}, pieces: ['{}']});
  const open = await startGateway({
    model_list: [
      {
        model_name: 'anthropic/*',
        litellm_params: {model: 'anthropic/*', api_base: `${upstream.root}/v1`, api_key: upstreamKey},
      },
    ],
    cogate: {ledger: {allow_unpriced: true}},
  });
  const {key} = await (await post(open, '/key/generate', {max_budget: 1})).json();
  const answer = await call(key, '/anthropic/v1/files', {}, open);
  assert.equal(answer.status, 200, answer.bytes);
  assert.equal((await answer.row()).flags, 'unpriced');
  upstream.override = undefined;
});

test('a client that leaves in the midst pays for what was said', async () => {
  const upstream = upstreams.anthropic_messages;
  const events = speakers.anthropic_messages.stream(
    {id: 'x', model, words: ['many ', 'words '], calls: [], finish: 'stop', usage},
    {},
  );
  let release;
  const held = new Promise(resolve => {
    release = resolve;
  });
  upstream.override = () => ({
    status: 200,
    headers: {'content-type': 'text/event-stream'},
    pieces: [...events.slice(0, 4), held.then(() => events.slice(4).join(''))],
  });
  const {key, token} = await made('/key/generate', {max_budget: 1});
  const leaving = new AbortController();
  const answer = await post(gateway, '/anthropic/v1/messages', message({stream: true}), {
    key,
    headers: {'anthropic-version': '2023-06-01'},
    signal: leaving.signal,
  });
  const reader = answer.body.getReader();
  let seen = '';
  while (!seen.includes('many ')) seen += Buffer.from((await reader.read()).value).toString();
  leaving.abort();
  const row = await until('the row of the call that was left', async () =>
    (await ledgerRows(gateway.data)).find(one => one.key === token && one.state === 'settled'),
  );
  assert.match(row.flags, /cancelled/);
  assert.ok(nanos(row.spent) > 0);
  release();
  upstream.override = undefined;
});

test('the master key pays nobody, and has its rows all the same', async () => {
  const answer = await call(masterKey, '/anthropic/v1/messages', message());
  assert.equal(answer.cost, due);
  assert.equal(nanos((await answer.row()).spent), nanos(due));
});

finish(matrix);
