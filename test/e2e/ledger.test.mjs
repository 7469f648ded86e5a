// Every call leaves rows of money: what they say, when they are there, and what a crash or a broken disk changes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {
  cogate,
  endAll,
  entry,
  goodChat,
  ledgerRows,
  post,
  scratch,
  startGateway,
  startMock,
  until,
} from './harness.mjs';

const mock = await startMock('--tokens', '40');
const slow = await startMock('--tokens', '400', '--rate', '100');
const priced = {input_cost_per_token: '0.0000025', output_cost_per_token: '0.00001'};
const config = {
  model_list: [
    entry('mock', mock.base, {id: 'd-mock', ...priced}),
    entry('slow', slow.base, {id: 'd-slow', ...priced}),
    entry('cut', mock.base, {id: 'd-cut', model: 'fault/cut-after-3', ...priced}),
    entry('broken', mock.base, {id: 'd-broken', model: 'fault/status-500', ...priced}),
    entry('no-usage', mock.base, {id: 'd-nowhere', model: 'nobody-knows-its-price'}),
  ],
};
const gateway = await startGateway(config);

const chat = (model, more = {}) => ({model, messages: [{role: 'user', content: 'hello world'}], ...more});
const rowsOf = async id => (await ledgerRows(gateway.data)).filter(row => row.request_id === id);
const nanos = dollars => Math.round(Number(dollars) * 1e9);

test('a whole answer: its row is there when its last byte is', async () => {
  const answer = await post(gateway, '/v1/chat/completions', chat('mock', {user: 'u-7', max_tokens: 100}));
  const {usage} = await answer.json();
  const id = answer.headers.get('x-litellm-call-id');
  const [row, ...more] = await rowsOf(id);
  assert.equal(more.length, 0);
  assert.equal(row.state, 'settled');
  assert.equal(row.spent, answer.headers.get('x-litellm-response-cost'));
  assert.equal(nanos(row.spent), usage.prompt_tokens * 2500 + usage.completion_tokens * 10_000);
  assert.ok(nanos(row.reserved) >= nanos(row.spent));
  assert.deepEqual(
    [row.model, row.deployment, row.provider, row.end_user, row.call_type, row.status],
    ['mock', 'd-mock', 'openai', 'u-7', 'chat', 200],
  );
  assert.deepEqual([row.prompt_tokens, row.completion_tokens], [usage.prompt_tokens, usage.completion_tokens]);
});

test('a stream: settled by the usage that its client did not ask for', async () => {
  const answer = await post(gateway, '/v1/chat/completions', chat('mock', {stream: true}));
  assert.doesNotMatch(await answer.text(), /"usage":\{/);
  const [row] = await rowsOf(answer.headers.get('x-litellm-call-id'));
  assert.equal(row.state, 'settled');
  assert.equal(row.completion_tokens, 40);
  assert.equal(nanos(row.spent), row.prompt_tokens * 2500 + 40 * 10_000);
  assert.notEqual(row.first_token, '');
});

test('a client that leaves: what was said until then is estimated and flagged', async () => {
  const stop = new AbortController();
  const answer = await post(gateway, '/v1/chat/completions', chat('slow', {stream: true}), {signal: stop.signal});
  const id = answer.headers.get('x-litellm-call-id');
  const reader = answer.body.getReader();
  let events = 0;
  while (events < 20) events += Buffer.from((await reader.read()).value).toString().split('data: ').length - 1;
  stop.abort();
  const row = await until('the row of the cancelled call', async () =>
    (await rowsOf(id)).find(each => each.state === 'settled'),
  );
  assert.match(JSON.stringify(row.flags), /cancelled/);
  assert.match(JSON.stringify(row.flags), /estimated/);
  assert.ok(row.completion_tokens >= 15 && row.completion_tokens < 60, `${row.completion_tokens} tokens`);
  assert.ok(row.prompt_tokens > 0);
});

test('an answer that breaks off is paid as far as it came; one that never came costs nothing', async () => {
  const cut = await post(gateway, '/v1/chat/completions', chat('cut', {stream: true}));
  await cut.text().catch(() => {});
  const partly = await until('the row of the cut call', async () =>
    (await rowsOf(cut.headers.get('x-litellm-call-id'))).find(each => each.state === 'settled'),
  );
  assert.equal(partly.completion_tokens, 3);
  assert.match(JSON.stringify(partly.flags), /truncated/);

  const broken = await post(gateway, '/v1/chat/completions', chat('broken'));
  assert.equal(broken.status, 500);
  await broken.text();
  const [none] = await until('the row of the failed call', async () => {
    const rows = await rowsOf(broken.headers.get('x-litellm-call-id'));
    return rows.length && rows[0].state !== 'open' ? rows : undefined;
  });
  assert.equal(none.state, 'void');
  assert.equal(nanos(none.spent), 0);
});

test('a model without a price is served to the master key, and its row says so', async () => {
  const answer = await post(gateway, '/v1/chat/completions', chat('no-usage'));
  assert.equal(answer.status, 200);
  await answer.text();
  assert.equal(answer.headers.get('x-litellm-response-cost'), null);
  const [row] = await rowsOf(answer.headers.get('x-litellm-call-id'));
  assert.match(JSON.stringify(row.flags), /unpriced/);
});

test('kill -9: acknowledged rows are there, and counters are their sums', async () => {
  const data = path.join(scratch(), 'killed');
  const first = await startGateway(config, {data});
  const ids = [];
  for (let i = 0; i < 5; ++i) {
    const answer = await post(first, '/v1/chat/completions', chat('mock'));
    await answer.text();
    ids.push(answer.headers.get('x-litellm-call-id'));
  }
  const cut = await post(first, '/v1/chat/completions', chat('slow', {stream: true}));
  first.signal('SIGKILL');
  await first.code();
  await cut.text().catch(() => {});
  const second = await startGateway(config, {data});
  await goodChat(second);
  const rows = await ledgerRows(data);
  for (const id of ids) assert.equal(rows.filter(row => row.request_id === id && row.state === 'settled').length, 1);
  assert.equal(rows.filter(row => row.state === 'open').length, 0);
  const verified = await cogate(['ledger', 'verify', '--data', data]);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
});

test('a ledger has one owner, and a broken place is said at the start', async () => {
  const again = await cogate(['serve', '--port', '0', '--data', gateway.data]);
  assert.notEqual(again.code, 0);
  assert.match(again.stderr, /ledger/);
  const file = path.join(scratch(), 'no-folder');
  fs.writeFileSync(file, '');
  const nowhere = await cogate(['serve', '--port', '0', '--data', file]);
  assert.notEqual(nowhere.code, 0);
  assert.match(nowhere.stderr, /no-folder/);
});

test('no request names a place or a key', async () => {
  for (const field of ['api_base', 'base_url', 'api_key']) {
    const answer = await post(gateway, '/v1/chat/completions', chat('mock', {[field]: 'http://127.0.0.1:1/'}));
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).error.param, field);
  }
  const free = await post(gateway, '/v1/chat/completions', chat('mock', {metadata: {api_base: 'a word'}}));
  assert.equal(free.status, 200);
  await free.text();
});

test('no program complained', endAll);
