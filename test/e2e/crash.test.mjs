// kill -9 at random under mixed calls, again and again over one ledger: every answer whose last byte a client saw has its
// row, once and at its price; counters are sums of rows; keys that were made are there; and the gateway is ready again
// within a second. COGATE_CRASH_LOOPS says how often (`./dev soak` kills it 200 times).
import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {
  Program,
  binary,
  cogate,
  endAll,
  entry,
  ledgerRows,
  masterKey,
  pause,
  post,
  scratch,
  slowness,
  startGateway,
  startMock,
  until,
  writeConfig,
} from './harness.mjs';

const loops = Number(process.env.COGATE_CRASH_LOOPS ?? 20);
const seed = Number(process.env.COGATE_CRASH_SEED ?? 1);
const lanes = 12;
const longestLife = 600; // ms between ready and the kill

/// The same numbers for the same seed (mulberry32's rule). The kernel's timing is random enough beside it.
function numbers(from) {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = numbers(seed);

const mock = await startMock('--tokens', '10');
const slow = await startMock('--tokens', '400', '--rate', '400');
const priced = {input_cost_per_token: '0.0000025', output_cost_per_token: '0.00001'};
const config = {
  model_list: [
    entry('mock', mock.base, {id: 'd-mock', ...priced}),
    entry('slow', slow.base, {id: 'd-slow', ...priced}),
    entry('broken', mock.base, {id: 'd-broken', model: 'fault/status-500', ...priced}),
    entry('cut', mock.base, {id: 'd-cut', model: 'fault/cut-after-3', ...priced}),
  ],
};
const data = path.join(scratch(), 'killed');
const nanos = dollars => {
  const [whole, part = ''] = String(dollars).split('.');
  return BigInt(whole + part.padEnd(9, '0'));
};

const acknowledged = new Map(); // request id -> what the row must have cost, in nano-dollars
const keys = []; // tokens of keys whose making was answered
const readyAfter = [];
let calls = 0;
let price; // of every whole answer: all prompts and answers are equally long

async function ask(gateway, key, model, stream, leave) {
  const stop = new AbortController();
  const answer = await post(
    gateway,
    '/v1/chat/completions',
    {model, stream, max_tokens: 500, messages: [{role: 'user', content: 'hello'}]},
    {key, signal: stop.signal},
  );
  const id = answer.headers.get('x-litellm-call-id');
  if (leave) {
    await answer.body.getReader().read();
    stop.abort();
    return;
  }
  const text = await answer.text(); // fails unless the last byte came
  const good = model === 'mock';
  assert.ok(!good || answer.status === 200, `${answer.status} ${text}`);
  if (answer.status !== 200 || (stream && !text.endsWith('data: [DONE]\n\n'))) return;
  assert.ok(id && !acknowledged.has(id), 'every answer has an id of its own');
  if (!stream) {
    const cost = nanos(answer.headers.get('x-litellm-response-cost'));
    price ??= cost;
    assert.equal(cost, price);
  }
  acknowledged.set(id, model);
}

/// Calls without a pause until the gateway dies.
async function lane(gateway, key, state) {
  while (!state.dead) {
    const kind = random();
    calls += 1;
    try {
      if (kind < 0.6) await ask(gateway, key, 'mock', false);
      else if (kind < 0.88) await ask(gateway, key, 'mock', true);
      else if (kind < 0.92) await ask(gateway, key, 'slow', true, true);
      else if (kind < 0.96) await ask(gateway, key, 'broken', false);
      else await ask(gateway, key, 'cut', true);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      if (!state.dead && kind < 0.88) throw error; // a good upstream's answer must come while the gateway lives
    }
  }
}

async function makeKeys(gateway, state) {
  while (!state.dead) {
    try {
      const answer = await post(gateway, '/key/generate', {key_alias: `key-${keys.length}-${random()}`});
      const made = JSON.parse(await answer.text());
      assert.equal(answer.status, 200, JSON.stringify(made));
      keys.push(made.token);
      await pause(20);
    } catch (error) {
      if (!state.dead) throw error;
    }
  }
}

async function start() {
  const begin = performance.now();
  const gateway = await startGateway(config, {data});
  readyAfter.push(performance.now() - begin);
  return gateway;
}

async function kill(gateway) {
  gateway.signal('SIGKILL');
  assert.equal(await gateway.code(), 'SIGKILL');
}

/// A start that ends before it is done, perhaps in the middle of ending what the last crash left open.
async function killWhileStarting() {
  const whole = {...config, general_settings: {master_key: masterKey}};
  const program = new Program(binary, ['serve', '--config', writeConfig(whole), '--port', '0', '--data', data]);
  await pause(random() * 60 * slowness);
  await kill(program);
}

async function verified() {
  const {code, stdout, stderr} = await cogate(['ledger', 'verify', '--json', '--data', data]);
  assert.equal(code, 0, stdout + stderr);
  return JSON.parse(stdout);
}

/// Rows by request id, of which each acknowledged one has exactly one, settled at its price.
function check(rows) {
  const byId = new Map();
  for (const row of rows) byId.set(row.request_id, [...(byId.get(row.request_id) ?? []), row]);
  for (const [id] of acknowledged) {
    const own = byId.get(id) ?? [];
    assert.equal(own.length, 1, `rows of the acknowledged call ${id}`);
    assert.equal(own[0].state, 'settled');
    assert.equal(nanos(own[0].spent), price, `the price of ${id}: ${JSON.stringify(own[0])}`);
    assert.doesNotMatch(JSON.stringify(own[0].flags), /recovered/);
  }
}

test(`killed ${loops} times, nothing acknowledged is lost or doubled`, async t => {
  let gateway = await start();
  const made = await cogate(
    ['keys', 'create', '--url', gateway.root, '--alias', 'load', '--max-budget', '1000', '--json'],
    {env: {COGATE_MASTER_KEY: masterKey}},
  );
  assert.equal(made.code, 0, made.stderr);
  const {key} = JSON.parse(made.stdout);
  for (let loop = 0; loop < loops; ++loop) {
    const state = {dead: false};
    const work = Array.from({length: lanes}, () => lane(gateway, key, state));
    work.push(makeKeys(gateway, state));
    const ended = Promise.all(work);
    ended.catch(() => {});
    await Promise.race([pause(random() * longestLife * slowness), ended]);
    state.dead = true;
    await kill(gateway);
    await ended;
    await verified();
    if (loop % 4 === 3) await killWhileStarting();
    gateway = await start();
  }
  const last = await until('no call is open', async () => {
    const found = await verified();
    return found.open_rows === 0 ? found : undefined;
  });
  const rows = await ledgerRows(data);
  check(rows);
  const total = rows.reduce((sum, row) => sum + nanos(row.spent), 0n);
  const get = async where => {
    const answer = await fetch(gateway.root + where, {headers: {authorization: `Bearer ${masterKey}`}});
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return {text, json: JSON.parse(text)};
  };
  // The figure's own digits: no double in between.
  const spend = /"spend":([0-9.]+)/.exec((await get('/global/spend')).text)[1];
  assert.equal(nanos(spend), total);
  const days = [rows[0].started, rows.at(-1).started].map(time => time.slice(0, 10));
  const span = `start_date=${days[0]}&end_date=${days[1]}`;
  const activity = (await get(`/user/daily/activity?${span}`)).json;
  assert.equal(activity.metadata.total_api_requests, rows.length);
  const [id] = [...acknowledged.keys()].slice(-1);
  const [logged, ...more] = (await get(`/spend/logs?request_id=${id}`)).json;
  assert.equal(more.length, 0);
  assert.equal(logged.request_id, id);
  for (const token of keys) {
    const answer = await fetch(`${gateway.root}/key/info?key=${token}`, {
      headers: {authorization: `Bearer ${masterKey}`},
    });
    assert.equal(answer.status, 200, `the key ${token} was answered and is lost: ${await answer.text()}`);
  }
  const again = readyAfter.slice(1).sort((a, b) => a - b);
  t.diagnostic(
    `${calls} calls, ${acknowledged.size} acknowledged, ${rows.length} rows, ${keys.length} keys, verify: ` +
      `${last.rows} rows right; ready again after ${again[again.length >> 1].toFixed(0)} ms (median), ` +
      `${again.at(-1).toFixed(0)} ms (longest)`,
  );
  assert.ok(acknowledged.size >= loops * 5, 'the load was too small to say anything');
  assert.ok(again.at(-1) <= 1000 * slowness, `ready again after ${again.at(-1).toFixed(0)} ms`);
});

test('end', endAll);
