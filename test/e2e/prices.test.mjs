// What models cost and how many tokens a prompt is: the endpoints and the commands that tell.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {cogate, endAll, entry, masterKey, post, scratch, startGateway, writeConfig} from './harness.mjs';

const nowhere = 'http://127.0.0.1:9/v1'; // nothing here calls a model
const config = {
  model_list: [
    entry('plain', nowhere, {model: 'gpt-4o', id: 'd-plain'}),
    entry('dear', nowhere, {model: 'gpt-4o', id: 'd-dear', input_cost_per_token: 1e-5}),
    entry('secret-sauce', nowhere, {model: 'no-such-model', id: 'd-unknown'}),
    entry('any/*', nowhere, {model: '*', id: 'd-any'}),
  ],
};
const gateway = await startGateway(config);
const get = where => fetch(gateway.root + where, {headers: {authorization: `Bearer ${masterKey}`}});
const messages = [{role: 'user', content: 'hello world'}]; // 3 for the message, 1 role, 2 words, 3 for the reply

async function answered(where, body) {
  const answer = await post(gateway, where, body);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}

async function refused(where, body) {
  const answer = await post(gateway, where, body);
  const {error} = await answer.json();
  return {status: answer.status, ...error};
}

test('GET /model/info tells prices and limits, and no secret', async () => {
  for (const where of ['/model/info', '/v1/model/info']) {
    const text = await (await get(where)).text();
    assert.doesNotMatch(text, /sk-e2e|127\.0\.0\.1/);
    const {data} = JSON.parse(text);
    assert.deepEqual(
      data.map(each => [each.model_name, each.model_info.id, each.litellm_params.model]),
      [
        ['plain', 'd-plain', 'openai/gpt-4o'],
        ['dear', 'd-dear', 'openai/gpt-4o'],
        ['secret-sauce', 'd-unknown', 'openai/no-such-model'],
        ['any/*', 'd-any', 'openai/*'],
      ],
    );
    const [plain, dear, unknown] = data.map(each => each.model_info);
    assert.equal(plain.input_cost_per_token, 2.5e-6);
    assert.equal(plain.output_cost_per_token, 1e-5);
    assert.equal(plain.max_input_tokens, 128_000);
    assert.equal(plain.max_output_tokens, 16_384);
    assert.equal(plain.supports_vision, true);
    assert.equal(plain.mode, 'chat');
    assert.equal(plain.db_model, false);
    assert.equal(dear.input_cost_per_token, 1e-5);
    assert.equal(dear.output_cost_per_token, 1e-5);
    assert.ok(!('input_cost_per_token' in unknown)); // never 0
  }
  const one = await (await get('/model/info?litellm_model_id=d-dear')).json();
  assert.deepEqual(
    one.data.map(each => each.model_name),
    ['dear'],
  );
  assert.equal((await get('/model/info?litellm_model_id=nobody')).status, 400);
  assert.equal((await fetch(`${gateway.root}/model/info`)).status, 401);
});

test('POST /utils/token_counter', async () => {
  assert.deepEqual(await answered('/utils/token_counter', {model: 'plain', prompt: 'hello world'}), {
    total_tokens: 2,
    request_model: 'plain',
    model_used: 'gpt-4o',
    tokenizer_type: 'openai_tokenizer',
  });
  assert.equal((await answered('/utils/token_counter', {model: 'plain', messages})).total_tokens, 9);
  assert.equal((await answered('/utils/token_counter', {model: 'any/o3', messages})).model_used, 'o3');
  assert.equal((await answered('/utils/token_counter', {model: 'not-served', messages})).total_tokens, 9);
  for (const [body, param] of [
    [{messages}, 'model'],
    [{model: 7, messages}, 'model'],
    [{model: 'plain'}, 'messages'],
    [{model: 'plain', messages, prompt: 'x'}, 'messages'],
    [{model: 'plain', prompt: ['x']}, 'prompt'],
    [{model: 'plain', messages: 'x'}, 'messages'],
  ]) {
    const {status, param: named, message} = await refused('/utils/token_counter', body);
    assert.deepEqual([status, named], [400, param], message);
  }
  assert.equal((await refused('/utils/token_counter', '{"model":')).status, 400);
});

test('large texts are counted beside the answers to others', async () => {
  const body = {model: 'plain', prompt: 'hello world '.repeat(150_000)};
  const counts = await Promise.all([
    answered('/utils/token_counter', body),
    answered('/utils/token_counter', body),
    get('/health/liveliness').then(answer => answer.json()),
  ]);
  assert.ok(counts[0].total_tokens > 290_000 && counts[0].total_tokens <= 300_001, counts[0].total_tokens);
  assert.equal(counts[1].total_tokens, counts[0].total_tokens);
  assert.equal(counts[2], "I'm alive!");
});

test('POST /spend/calculate', async () => {
  assert.deepEqual(await answered('/spend/calculate', {model: 'plain', messages}), {cost: 0.0000225});
  assert.deepEqual(await answered('/spend/calculate', {model: 'dear', messages}), {cost: 0.00009});
  const answer = {
    model: 'gpt-4o',
    usage: {
      prompt_tokens: 1000,
      completion_tokens: 100,
      total_tokens: 1100,
      prompt_tokens_details: {cached_tokens: 400},
    },
  };
  assert.deepEqual(await answered('/spend/calculate', {completion_response: answer}), {
    cost: 0.003, // 600 x 2.5e-6 + 400 x 1.25e-6 + 100 x 1e-5
  });
  assert.deepEqual(await answered('/spend/calculate', {model: 'dear', completion_response: answer}), {
    cost: 0.0075, // 600 x 1e-5 + 400 x 1.25e-6 + 100 x 1e-5
  });
  for (const [body, status, param] of [
    [{model: 'secret-sauce', messages}, 404, 'model'],
    [{model: 'not-known-at-all', messages}, 404, 'model'],
    [{model: 'plain'}, 400, 'messages'],
    [{messages}, 400, 'model'],
    [{completion_response: {usage: answer.usage}}, 400, 'completion_response.model'],
    [{completion_response: {model: 'gpt-4o'}}, 400, 'completion_response.usage'],
    [{model: 'plain', completion_response: 'x'}, 400, 'completion_response.usage'],
  ]) {
    const why = await refused('/spend/calculate', body);
    assert.deepEqual([why.status, why.param], [status, param], why.message);
  }
});

test('cogate models --prices', async () => {
  const file = writeConfig(config);
  const {code, stdout, stderr} = await cogate(['models', '--config', file, '--prices']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^MODEL +PROVIDER +UPSTREAM +INPUT \$\/M +OUTPUT \$\/M +CACHED \$\/M +CONTEXT/);
  assert.match(stdout, /^plain +openai +gpt-4o +2\.5 +10 +1\.25 +128000 +16384/m);
  assert.match(stdout, /^dear +openai +gpt-4o +10 +10 +1\.25 /m);
  assert.match(stdout, /^secret-sauce +openai +no-such-model +- +- +- +- +- +no price is known$/m);
  assert.match(stdout, /^any\/gpt-4o-mini +openai +gpt-4o-mini +0\.15 +0\.6 /m);

  const map = path.join(scratch(), 'map.json');
  fs.writeFileSync(map, '{"gpt-4o":{"litellm_provider":"openai","input_cost_per_token":3e-6,"odd_price":1}}');
  const mapped = await cogate(['models', '--config', file, '--json', '--prices', map]);
  assert.equal(mapped.code, 0, mapped.stderr);
  assert.match(mapped.stderr, /odd_price/);
  const infos = Object.fromEntries(JSON.parse(mapped.stdout).data.map(each => [each.id, each.model_info]));
  assert.equal(infos.plain.input_cost_per_token, 3e-6);
  assert.equal(infos.dear.input_cost_per_token, 1e-5);
  assert.equal(infos['secret-sauce'], null);

  const all = JSON.parse((await cogate(['models', '--prices', '--all', '--json'])).stdout).data;
  assert.ok(all.length >= 396, all.length);
  assert.ok(all.some(each => each.id === 'openai/gpt-4o' && each.model_info.max_output_tokens === 16_384));

  fs.writeFileSync(map, 'no json');
  for (const args of [
    ['--prices', map],
    ['--prices', path.join(scratch(), 'none')],
    ['--prices', scratch()],
    ['--all'],
    ['--prices', '--providers'],
  ]) {
    const wrong = await cogate(['models', ...args]);
    assert.equal(wrong.code, 2, args.join(' '));
    assert.ok(wrong.stderr.length > 0);
  }
});

test('cogate ledger says where it looked', async () => {
  const help = await cogate(['ledger', '--help']);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /verify[\s\S]*export[\s\S]*retain[\s\S]*Examples:/);
  const {code, stderr} = await cogate(['ledger', 'verify', '--data', scratch()]);
  assert.equal(code, 2);
  assert.match(stderr, /there is no ledger at .*ledger\.sqlite; name its folder with --data/);
});

test('no program complained', endAll);
