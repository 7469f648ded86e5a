// The upstream keeps its own bill. What the ledger says must be what the upstream charges: to the nano-dollar for answers
// that came whole, within one per cent for those whose client left. COGATE_BILL_CALLS sets how many calls are made.
import assert from 'node:assert/strict';
import http from 'node:http';
import {test} from 'node:test';
import {cogate, endAll, entry, ledgerRows, masterKey, startGateway, startMock, until} from './harness.mjs';

const calls = Number(process.env.COGATE_BILL_CALLS ?? 1500);
const together = 48;
const fast = await startMock('--tokens', '40');
const paced = await startMock('--tokens', '600', '--rate', '1000');
const price = {input_cost_per_token: '0.00000015', output_cost_per_token: '0.0000006'}; // 150 and 600 nano-dollars
const gateway = await startGateway({
  model_list: [
    entry('whole', fast.base, {id: 'd-whole', ...price}),
    entry('long', paced.base, {id: 'd-long', ...price}),
    entry('cut', fast.base, {id: 'd-cut', model: 'fault/cut-after-7', ...price}),
    entry('broken', fast.base, {id: 'd-broken', model: 'fault/status-500', ...price}),
  ],
  router_settings: {num_retries: 0, disable_cooldowns: true, retry_budget: {ratio: 1, min_per_second: 100}},
});
const agent = new http.Agent({keepAlive: true, maxSockets: together});

/// One call; `leave` is after how many events the client goes away.
function call(model, stream, leave = Infinity) {
  return new Promise(resolve => {
    const body = JSON.stringify({model, stream, max_tokens: 600, messages: [{role: 'user', content: 'hello world'}]});
    const request = http.request(
      {
        host: '127.0.0.1',
        port: gateway.port,
        path: '/v1/chat/completions',
        method: 'POST',
        agent,
        headers: {authorization: `Bearer ${masterKey}`, 'content-type': 'application/json', 'content-length': body.length},
      },
      answer => {
        let events = 0;
        answer.on('data', bytes => {
          for (let at = bytes.indexOf('data: '); at >= 0; at = bytes.indexOf('data: ', at + 1)) ++events;
          if (events >= leave) {
            request.destroy();
            resolve({left: true});
          }
        });
        answer.on('end', () => resolve({status: answer.statusCode, whole: answer.complete}));
        answer.on('error', () => resolve({broken: true}));
      },
    );
    request.on('error', () => resolve({broken: true}));
    request.end(body);
  });
}

// The same mixture every time: of a hundred calls 60 streams and 25 plain ones are read to the end, 10 clients leave, 5
// answers are faulty.
function one(i) {
  const kind = (i * 37) % 100;
  if (kind < 60) return call('whole', true);
  if (kind < 85) return call('whole', false);
  if (kind < 95) return call('long', true, 400 + ((i * 13) % 150));
  return kind % 2 ? call('cut', true) : call('broken', false);
}

const whole = {calls: 0, left: 0, faulty: 0};
let next = 0;
await Promise.all(
  Array.from({length: together}, async () => {
    while (next < calls) {
      const result = await one(next++);
      if (result.left) ++whole.left;
      else if (result.status === 200 && result.whole) ++whole.calls;
      else ++whole.faulty;
      if (next % 10_000 === 0) console.log(`${next} calls`);
    }
  }),
);
agent.destroy();

const settled = await until('every row is closed', async () => {
  const rows = await ledgerRows(gateway.data);
  return rows.length === calls && rows.every(row => row.state !== 'open') ? rows : undefined;
});
const flags = row => JSON.stringify(row.flags);
const nanos = dollars => {
  const [units, part = ''] = String(dollars).split('.');
  return BigInt(units) * 1_000_000_000n + BigInt(part.padEnd(9, '0'));
};
function sum(rows) {
  const out = {answers: rows.length, prompt_tokens: 0, completion_tokens: 0, nanos: 0n};
  for (const row of rows) {
    out.prompt_tokens += row.prompt_tokens;
    out.completion_tokens += row.completion_tokens;
    out.nanos += nanos(row.spent);
  }
  return out;
}
const cost = bill => BigInt(bill.prompt_tokens) * 150n + BigInt(bill.completion_tokens) * 600n;

test('answers that came whole: equal to the nano-dollar', async () => {
  const {completed} = await fast.stats();
  const rows = settled.filter(row => row.deployment === 'd-whole');
  const own = sum(rows);
  console.log(`${own.answers} whole answers: the ledger says ${own.nanos} nano-dollars, the bill ${cost(completed)}`);
  assert.equal(own.answers, whole.calls);
  assert.deepEqual([own.answers, own.prompt_tokens, own.completion_tokens], Object.values(completed));
  assert.equal(own.nanos, cost(completed));
  assert.ok(rows.every(row => row.state === 'settled' && !/estimated|cancelled|truncated/.test(flags(row))));
});

test('clients that left: flagged, and within one per cent', async () => {
  const {aborted, completed} = await paced.stats();
  const rows = settled.filter(row => row.deployment === 'd-long');
  const own = sum(rows);
  const bill = cost(aborted) + cost(completed);
  const off = (Number(own.nanos) / Number(bill) - 1) * 100;
  console.log(`${own.answers} abandoned streams: ${own.nanos} against ${bill} nano-dollars, ${off.toFixed(2)} % off`);
  assert.equal(own.answers, whole.left);
  assert.equal(aborted.answers + completed.answers, whole.left);
  assert.ok(rows.every(row => row.state === 'settled' && /cancelled/.test(flags(row)) && /estimated/.test(flags(row))));
  assert.ok(Math.abs(off) < 1, `${off} %`);
});

test('faulty answers: paid as far as they came, or void', async () => {
  const {broken} = await fast.stats();
  const cut = sum(settled.filter(row => row.deployment === 'd-cut'));
  assert.deepEqual([cut.answers, cut.completion_tokens], [broken.answers, broken.completion_tokens]);
  const refused = settled.filter(row => row.deployment === 'd-broken');
  assert.ok(refused.length > 0 && refused.every(row => row.state === 'void' && nanos(row.spent) === 0n));
});

test('the counters are the sums of the rows', async () => {
  const {code, stdout, stderr} = await cogate(['ledger', 'verify', '--data', gateway.data]);
  assert.equal(code, 0, stdout + stderr);
});

test('no program complained', endAll);
