// Another process locks the database: new work is refused, what runs goes on, and all is well again by itself.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {cogate, endAll, entry, goodChat, ledgerRows, post, Program, skip, startGateway, startMock, until} from './harness.mjs';

if (!fs.existsSync('/usr/bin/python3')) skip('python3, which locks the database, is not installed');

const mock = await startMock('--tokens', '60', '--rate', '20');
const quick = await startMock();
const price = {input_cost_per_token: '0.000001', output_cost_per_token: '0.000002'};
const gateway = await startGateway({
  model_list: [entry('slow', mock.base, {id: 'd-slow', ...price}), entry('mock', quick.base, {id: 'd-quick', ...price})],
});
const chat = {model: 'slow', stream: true, max_tokens: 60, messages: [{role: 'user', content: 'hello'}]};
const lock = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
`;

test('locked for seconds: 503 for new calls, the running stream ends well, then all is as before', async () => {
  await goodChat(gateway);
  const running = await post(gateway, '/v1/chat/completions', chat);
  const holder = new Program(
    '/bin/sh',
    ['-c', `sleep 6 | /usr/bin/python3 -c '${lock}' '${path.join(gateway.data, 'ledger.sqlite')}'`],
  );
  await holder.printed(/locked/);

  const text = await running.text();
  assert.match(text, /\[DONE\]/);

  const refused = await until('new calls are refused', async () => {
    const answer = await post(gateway, '/v1/chat/completions', {...chat, model: 'mock', stream: false});
    const body = await answer.json();
    return answer.status === 503 ? body : undefined;
  });
  assert.equal(refused.error.code, 'ledger_unavailable');
  let slowest = 0;
  for (let i = 0; i < 200; ++i) {
    const before = performance.now();
    assert.equal((await fetch(`${gateway.root}/health/liveliness`)).status, 200);
    slowest = Math.max(slowest, performance.now() - before);
  }
  console.log(`the slowest of 200 answers beside the lock took ${slowest.toFixed(1)} ms`);
  assert.equal((await fetch(`${gateway.root}/health/readiness`)).status, 503);

  assert.equal(await holder.code(), 0);
  await until('the ledger works again', async () => (await fetch(`${gateway.root}/health/readiness`)).status === 200);
  await goodChat(gateway);
  const id = running.headers.get('x-litellm-call-id');
  const row = await until('the row of the stream', async () =>
    (await ledgerRows(gateway.data)).find(each => each.request_id === id && each.state === 'settled'),
  );
  assert.equal(row.completion_tokens, 60);
  const {code, stdout} = await cogate(['ledger', 'verify', '--data', gateway.data]);
  assert.equal(code, 0, stdout);
});

test('no program complained', endAll);
