// Several deployments behind one name: retries, fallbacks, hedges and what the answers say about them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {endAll, entry, masterKey, scratch, startGateway, startMock} from './harness.mjs';
import {startUpstream, streamHead} from './upstream.mjs';

const good = await startMock('--tokens', '4');
const broken = await startMock('--error-rate', '1');
const slow = await startMock('--ttft', '20s', '--latency', '20s');
const messages = [{role: 'user', content: 'hi'}];

const ask = async (gateway, model, headers = {}, more = {}) => {
  const answer = await fetch(`${gateway.base}/chat/completions`, {
    method: 'POST',
    headers: {authorization: `Bearer ${masterKey}`, 'x-cogate-explain': '1', ...headers},
    body: JSON.stringify({model, messages, ...more}),
  });
  const text = await answer.text();
  const route = JSON.parse(answer.headers.get('x-cogate-route') ?? '[]');
  return {
    status: answer.status,
    text,
    route,
    reasons: route.map(each => each.reason),
    outcomes: route.map(each => each.outcome),
    retries: answer.headers.get('x-litellm-attempted-retries'),
    fallbacks: answer.headers.get('x-litellm-attempted-fallbacks'),
  };
};

test('a call goes on where the first deployment fails, streamed and not', async () => {
  const gateway = await startGateway({
    model_list: [entry('m', good.base), entry('m', broken.base)],
    router_settings: {num_retries: 2, disable_cooldowns: true, routing_strategy: 'simple-shuffle'},
  });
  let retried = 0;
  for (let i = 0; i !== 12; ++i) {
    const got = await ask(gateway, 'm', {}, {stream: i % 2 === 0});
    assert.equal(got.status, 200, got.text);
    assert.equal(got.outcomes.at(-1), i % 2 === 0 ? 'running' : 'ok');
    retried += Number(got.retries);
  }
  assert.ok(retried > 0);
  await gateway.stop();
});

test('a group that cannot serve falls back to another', async () => {
  const gateway = await startGateway({
    model_list: [entry('a', broken.base), entry('b', good.base)],
    router_settings: {num_retries: 0, fallbacks: [{a: ['b']}]},
  });
  const got = await ask(gateway, 'a');
  assert.equal(got.status, 200, got.text);
  assert.deepEqual([got.reasons, got.fallbacks], [['first', 'fallback'], '1']);
  const alone = await ask(gateway, 'a', {}, {disable_fallbacks: true});
  assert.equal(alone.status, 500);
  await gateway.stop();
});

test('of a race the first answer wins', async () => {
  const gateway = await startGateway({
    model_list: [entry('m', good.base), entry('m', slow.base)],
    router_settings: {race: 2},
  });
  for (const stream of [false, true]) {
    const started = performance.now();
    const got = await ask(gateway, 'm', {}, {stream});
    assert.equal(got.status, 200, got.text);
    assert.ok(performance.now() - started < 10000);
    assert.equal(got.route.length, 2);
    assert.ok(got.outcomes.includes('cancelled'));
  }
  await gateway.stop();
});

test("the caller's deadline holds for all attempts", async () => {
  const gateway = await startGateway({
    model_list: [entry('m', slow.base), entry('m', slow.base, {model: 'other'})],
    router_settings: {num_retries: 3},
  });
  const got = await ask(gateway, 'm', {'x-cogate-timeout-ms': '400'});
  assert.equal(got.status, 504, got.text);
  const refused = await ask(gateway, 'm', {'x-cogate-timeout-ms': 'soon'});
  assert.equal(refused.status, 400);
  assert.match(refused.text, /x-cogate-timeout-ms/);
  await gateway.stop();
});

test('an answer that falls silent is gone on with by another deployment, within its limit', async () => {
  const event = (content, finish = null) => ({
    id: 'c1',
    object: 'chat.completion.chunk',
    created: 5,
    model: 'up',
    choices: [{index: 0, delta: content === null ? {} : {content}, finish_reason: finish}],
  });
  const silent = await startUpstream(socket => {
    socket.write(streamHead);
    socket.event(event('one '));
    socket.event(event('two'));
  });
  let asked;
  const next = await startUpstream((socket, request) => {
    asked = request.json();
    socket.write(streamHead);
    for (const each of [event(' three'), event(null, 'stop'), '[DONE]']) socket.event(each);
    socket.chunk('');
  });
  const prices = path.join(scratch(), 'prefill.json');
  fs.writeFileSync(
    prices,
    JSON.stringify({up: {litellm_provider: 'openai', input_cost_per_token: 1e-6, supports_assistant_prefill: true}}),
  );
  const gateway = await startGateway({
    model_list: [
      entry('m', silent.base, {model: 'up', id: 'silent', order: 1}),
      entry('m', next.base, {model: 'up', id: 'next', order: 2}),
    ],
    router_settings: {stall_timeout: '500ms', continue_after_stall: true},
    litellm_settings: {model_cost_map: prices},
  });
  const got = await ask(gateway, 'm', {}, {stream: true, max_tokens: 10});
  assert.equal(got.status, 200, got.text);
  const [before, after] = got.text.split(': cogate-continued deployment=next\n\n');
  assert.match(before, /"one "[^]*"two"/);
  assert.match(after ?? '', /" three"[^]*\[DONE\]/);
  assert.equal(asked.max_tokens, 8);
  assert.deepEqual(asked.messages.at(-1), {role: 'assistant', content: 'one two'});

  const ended = await ask(gateway, 'm', {}, {stream: true, max_tokens: 2});
  assert.match(ended.text, /"finish_reason":"length"[^]*\[DONE\]/);
  assert.equal(next.requests, 1);
  await gateway.stop();
});

test('no program complained', endAll);
