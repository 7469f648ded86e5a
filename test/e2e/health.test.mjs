// GET /health asks every deployment and tells how it went, in LiteLLM's shape; with background checks from what is known.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {endAll, entry, masterKey, startGateway, until, upstreamKey} from './harness.mjs';
import {answerOf, plain, startUpstream} from './upstream.mjs';

const good = await startUpstream((socket, asked) => socket.write(plain(200, answerOf(asked.json().model, 'h'))));
const bad = await startUpstream(socket =>
  socket.write(plain(401, {error: {message: `no such key: ${upstreamKey}`, type: 'invalid_request_error'}})),
);

const config = {model_list: [entry('a', good.base, {id: 'one'}), entry('b', bad.base, {id: 'two'})]};

async function health(gateway, query = '', key = masterKey) {
  const answer = await fetch(`${gateway.root}/health${query}`, {
    headers: key ? {authorization: `Bearer ${key}`} : {},
  });
  return {status: answer.status, text: await answer.text()};
}

test('every deployment is asked, for those who hold the key', async () => {
  const gateway = await startGateway(config);
  assert.equal((await health(gateway, '', null)).status, 401);
  assert.equal(good.requests, 0);

  const {status, text} = await health(gateway);
  assert.equal(status, 200);
  const report = JSON.parse(text);
  assert.equal(report.healthy_count, 1);
  assert.equal(report.unhealthy_count, 1);
  assert.equal(report.healthy_endpoints[0].model, 'openai/a');
  assert.equal(report.healthy_endpoints[0].api_base, good.base);
  assert.equal(report.healthy_endpoints[0].model_id, 'one');
  assert.match(report.unhealthy_endpoints[0].error, /401/);
  assert.ok(!text.includes(upstreamKey), text);
  assert.deepEqual([good.requests, bad.requests], [1, 1]);

  const alone = JSON.parse((await health(gateway, '?model=a')).text);
  assert.deepEqual([alone.healthy_count, alone.unhealthy_count], [1, 0]);
  assert.deepEqual([good.requests, bad.requests], [2, 1]);
  await gateway.stop();
});

test('with background checks nobody is asked anew', async () => {
  const before = [good.requests, bad.requests];
  const gateway = await startGateway({
    ...config,
    general_settings: {background_health_checks: true, health_check_interval: 3600},
  });
  await until('both were asked', () => good.requests > before[0] && bad.requests > before[1]);
  // until the first report is there, each question asks
  await until('the report is there', async () => {
    const requests = good.requests;
    return JSON.parse((await health(gateway)).text).healthy_count === 1 && good.requests === requests;
  });
  const asked = [good.requests, bad.requests];
  for (let i = 0; i !== 5; ++i) {
    const report = JSON.parse((await health(gateway)).text);
    assert.deepEqual([report.healthy_count, report.unhealthy_count], [1, 1]);
  }
  assert.deepEqual([good.requests, bad.requests], asked);
  await gateway.stop();
});

test('no program complained', endAll);
