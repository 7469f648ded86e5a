// Several deployments behind one name: retries, fallbacks, hedges and what the answers say about them.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {endAll, entry, masterKey, startGateway, startMock} from './harness.mjs';

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

test('no program complained', endAll);
