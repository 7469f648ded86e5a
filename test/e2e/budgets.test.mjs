// Budgets and limits of keys and of everybody behind them, under many requests at once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {test} from 'node:test';
import {endAll, entry, masterKey, ledgerRows, loadOpenai, post, startGateway, startMock, until} from './harness.mjs';

const mock = await startMock('--tokens', '10');
const slow = await startMock('--tokens', '10', '--latency', '300ms');
const price = {input_cost_per_token: '0.000001', output_cost_per_token: '0.000002'};
const gateway = await startGateway({
  model_list: [
    entry('mock', mock.base, {id: 'd-mock', ...price}),
    entry('slow', slow.base, {id: 'd-slow', ...price}),
    entry('free-text', mock.base, {id: 'd-free', model: 'nobody-knows-its-price'}),
    entry('broken', mock.base, {id: 'd-broken', model: 'fault/status-500', ...price}),
    {...entry('grouped', mock.base, {...price}), model_info: {id: 'd-grouped', access_groups: ['beta']}},
  ],
});

async function made(where, body) {
  const answer = await post(gateway, where, body);
  const text = await answer.text();
  assert.equal(answer.status, 200, `${where}: ${text}`);
  return JSON.parse(text);
}
const chat = (model = 'mock', more = {}) => ({model, max_tokens: 10, messages: [{role: 'user', content: 'hello'}], ...more});
async function call(key, body = chat()) {
  const answer = await post(gateway, '/v1/chat/completions', body, {key});
  const text = await answer.text();
  return {status: answer.status, headers: answer.headers, error: answer.status === 200 ? undefined : JSON.parse(text).error};
}
const nanos = dollars => Math.round(Number(dollars) * 1e9);

// What a call holds, and what it costs in the end, as the ledger says.
async function probe(body) {
  const {key, token} = await made('/key/generate', {});
  await call(key, body);
  const [row] = (await ledgerRows(gateway.data)).filter(each => each.key === token);
  return [nanos(row.reserved), nanos(row.spent)];
}
const [most, true_cost] = await probe(chat('slow'));

async function crowd(key, calls) {
  const answers = await Promise.all(Array.from({length: calls}, () => call(key, chat('slow'))));
  const admitted = answers.filter(answer => answer.status === 200).length;
  for (const {status, headers, error} of answers)
    if (status !== 200) {
      assert.equal(status, 429);
      assert.equal(error.type, 'budget_exceeded');
      assert.equal(headers.get('x-should-retry'), 'false');
    }
  return admitted;
}

test('many at once against one budget: never more than it holds, and all that fits', async () => {
  for (const fits of [1, 10, 40]) {
    const {key, token} = await made('/key/generate', {max_budget: (most * fits) / 1e9});
    const admitted = await crowd(key, 100);
    assert.ok(admitted >= fits, `${admitted} of ${fits}`);
    const rows = (await ledgerRows(gateway.data)).filter(row => row.key === token);
    assert.equal(rows.length, admitted);
    const spent = rows.reduce((sum, row) => sum + nanos(row.spent), 0);
    assert.ok(spent <= most * fits, `${spent} of ${most * fits}`);
    assert.equal(spent, admitted * true_cost);
  }
});

test('five owners at once: the smallest budget rules, and nothing stays held', async () => {
  const asked = chat('slow', {user: 'c-1'});
  const [most, true_cost] = await probe(asked);
  const {organization_id} = await made('/organization/new', {organization_alias: 'o', max_budget: 1000, models: []});
  const {team_id} = await made('/team/new', {team_alias: 't', organization_id, max_budget: (most * 20) / 1e9});
  const {user_id} = await made('/user/new', {auto_create_key: false});
  await made('/team/member_add', {team_id, member: {role: 'user', user_id}, max_budget_in_team: (most * 12) / 1e9});
  await made('/customer/new', {user_id: 'c-1', max_budget: 1000});
  const {key} = await made('/key/generate', {team_id, user_id, max_budget: 1000, tags: ['blue']});
  const answers = await Promise.all(Array.from({length: 60}, () => call(key, asked)));
  const admitted = answers.filter(answer => answer.status === 200).length;
  assert.ok(admitted >= 12 && admitted * true_cost <= most * 12, `${admitted}`);
  // what was held and not spent is free again
  let more = 0;
  while ((await call(key, asked)).status === 200) ++more;
  const spent = (admitted + more) * true_cost;
  assert.ok(spent <= most * 12 && spent + most > most * 12, `${spent} of ${most * 12}`);
});

test("the official client takes a budget's refusal for an answer and does not try again", async () => {
  const OpenAI = loadOpenai();
  const {key} = await made('/key/generate', {max_budget: 0});
  const client = new OpenAI({apiKey: key, baseURL: gateway.base});
  const before = (await ledgerRows(gateway.data)).length;
  let tries = 0;
  client.fetch = async (...what) => {
    ++tries;
    return fetch(...what);
  };
  await assert.rejects(client.chat.completions.create(chat()), error => {
    assert.equal(error.status, 429);
    assert.match(error.message, /[Bb]udget/);
    return true;
  });
  assert.ok(tries <= 1);
  assert.equal((await ledgerRows(gateway.data)).length, before);
});

test('what fails costs nothing, and holds nothing afterwards', async () => {
  const [held] = await probe(chat('broken'));
  const {key} = await made('/key/generate', {max_budget: held / 1e9});
  for (let i = 0; i < 2; ++i) assert.equal((await call(key, chat('broken'))).status, 500);
  assert.equal((await call(key)).status, 200);
});

test('a change is effective at once', async () => {
  const {key} = await made('/key/generate', {max_budget: 0});
  assert.equal((await call(key)).status, 429);
  await made('/key/update', {key, max_budget: 1});
  assert.equal((await call(key)).status, 200);
  await made('/key/block', {key});
  assert.equal((await call(key)).status, 401);
  await made('/key/unblock', {key});
  assert.equal((await call(key)).status, 200);
  await made('/key/delete', {keys: [key]});
  assert.equal((await call(key)).status, 401);
});

test('models: lists, patterns, access groups, aliases; /v1/models shows what the key may use', async () => {
  const one = await made('/key/generate', {models: ['mock'], aliases: {'my-model': 'mock'}});
  assert.equal((await call(one.key)).status, 200);
  assert.equal((await call(one.key, chat('my-model'))).status, 200);
  const denied = await call(one.key, chat('slow'));
  assert.equal(denied.status, 403);
  assert.equal(denied.error.code, 'key_model_access_denied');
  const shown = await fetch(`${gateway.base}/models`, {headers: {authorization: `Bearer ${one.key}`}});
  assert.deepEqual((await shown.json()).data.map(each => each.id), ['mock']);
  const group = await made('/key/generate', {models: ['beta']});
  assert.equal((await call(group.key, chat('grouped'))).status, 200);
  assert.equal((await call(group.key)).status, 403);
  const pattern = await made('/key/generate', {models: ['mo*']});
  assert.equal((await call(pattern.key)).status, 200);
  assert.equal((await call(pattern.key, chat('slow'))).status, 403);
});

test('a key with a budget needs a known price and a known ceiling', async () => {
  const {key} = await made('/key/generate', {max_budget: 1});
  const unknown = await call(key, chat('free-text'));
  assert.equal(unknown.status, 400);
  assert.equal(unknown.error.code, 'unknown_price');
  const endless = await call(key, chat('mock', {max_tokens: undefined}));
  assert.equal(endless.status, 400);
  assert.equal(endless.error.param, 'max_tokens');
});

test('requests per minute, tokens per minute, calls at once', async () => {
  const rpm = await made('/key/generate', {rpm_limit: 3});
  const answers = [];
  for (let i = 0; i < 4; ++i) answers.push(await call(rpm.key));
  assert.deepEqual(answers.map(answer => answer.status), [200, 200, 200, 429]);
  assert.equal(answers[0].headers.get('x-ratelimit-limit-requests'), '3');
  assert.equal(answers[0].headers.get('x-ratelimit-remaining-requests'), '2');
  const wait = Number(answers[3].headers.get('retry-after'));
  assert.ok(wait >= 1 && wait <= 20, `${wait} s`);
  assert.match(answers[3].error.message, /RPM/);

  const tpm = await made('/key/generate', {tpm_limit: 40});
  const tokens = [];
  for (let i = 0; i < 5; ++i) tokens.push((await call(tpm.key)).status);
  assert.equal(tokens[0], 200);
  assert.equal(tokens[4], 429);

  const parallel = await made('/key/generate', {max_parallel_requests: 2});
  const crowd = await Promise.all(Array.from({length: 6}, () => call(parallel.key, chat('slow'))));
  assert.equal(crowd.filter(answer => answer.status === 200).length, 2);
  assert.equal((await call(parallel.key)).status, 200);
});

test('a team that is blocked, and a user that is gone, close the key', async () => {
  const {team_id} = await made('/team/new', {team_alias: 'gone'});
  const {key} = await made('/key/generate', {team_id});
  assert.equal((await call(key)).status, 200);
  await made('/team/block', {team_id});
  assert.equal((await call(key)).status, 401);
});

test('spend is told where the key is shown, and to its owner', async () => {
  const {key} = await made('/key/generate', {});
  await call(key);
  await call(key);
  const shown = await until('the spend of the key', async () => {
    const answer = await fetch(`${gateway.root}/key/info`, {headers: {authorization: `Bearer ${key}`}});
    const {info} = await answer.json();
    return info?.spend > 0 ? info : undefined;
  });
  assert.equal(nanos(shown.spend), 2 * true_cost);
});

test('budgets and terms of the configuration follow a reload', async () => {
  const model = (name, params = {}) => entry(name, mock.base, {id: `d-${name}`, ...price, ...params});
  const general_settings = {master_key: masterKey};
  const base = {model_list: [model('a'), model('b')], router_settings: {num_retries: 0}};
  const living = await startGateway(base);
  const words = living.child.spawnargs;
  const file = words[words.indexOf('--config') + 1];
  let reads = 0;
  const reload = async config => {
    const marker = model(`marker-${++reads}`);
    fs.writeFileSync(
      file,
      JSON.stringify({...base, general_settings, ...config, model_list: [...(config.model_list ?? base.model_list), marker]}),
    );
    living.signal('SIGHUP');
    await until('the gateway has read the file', () => living.stderr.includes(`+ ${marker.model_name} (`));
  };
  const ask = async (name, key) => (await post(living, '/v1/chat/completions', chat(name), key ? {key} : {})).status;
  const make = async (body = {}) => {
    const answer = await post(living, '/key/generate', body);
    return {status: answer.status, ...(await answer.json())};
  };
  assert.equal(await ask('a'), 200);
  await reload({litellm_settings: {max_budget: '0.000000001'}});
  assert.equal(await ask('a'), 429, 'what was spent before counts');
  await reload({router_settings: {num_retries: 0, provider_budget_config: {openai: {budget_limit: 0}}}});
  assert.equal(await ask('a'), 429);
  await reload({model_list: [model('a', {max_budget: 0}), model('b')]});
  assert.equal(await ask('a'), 429);
  assert.equal(await ask('b'), 200);
  await reload({
    litellm_settings: {
      default_key_generate_params: {rpm_limit: 7},
      upperbound_key_generate_params: {max_budget: 5},
    },
    cogate: {accounts: {max_keys: 2}},
  });
  assert.equal(await ask('a'), 200);
  const bounded = await make();
  assert.deepEqual([bounded.rpm_limit, bounded.max_budget], [7, 5]);
  assert.equal((await make({max_budget: 6})).error.param, 'max_budget');
  assert.equal((await make()).status, 200);
  const full = await make();
  assert.deepEqual([full.status, full.error.code], [400, 'too_many_records']);
  await reload({});
  const free = await make();
  assert.deepEqual([free.status, free.rpm_limit, free.max_budget], [200, null, null]);
});

test('no program complained', endAll);
