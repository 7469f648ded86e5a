// Upstreams that misbehave. Whatever they do, no client may take the answer for a whole one, the error says
// what happened, and the gateway is well afterwards.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  endAll,
  entry,
  goodChat,
  loadOpenai,
  masterKey,
  slowness,
  startGateway,
  startMock,
  until,
} from './harness.mjs';
import {Connection, events, exchange, request} from './raw.mjs';
import {answerOf, plain, startUpstream} from './upstream.mjs';
import {both, idle, streams, wholes} from './faults.mjs';

const OpenAI = loadOpenai();
const messages = [{role: 'user', content: 'hello'}];

const elsewhere = await startUpstream(socket => socket.write(plain(200, answerOf('x', 'from elsewhere'))));
const scripts = {};
for (const [kind, rows] of Object.entries({
  stream: {...streams, ...both(elsewhere)},
  whole: {...wholes, ...both(elsewhere)},
}))
  Object.entries(rows).forEach(([name, row], i) => {
    scripts[`${kind}-${i}`] = {...row, name, kind, model: `${kind}-${i}`};
  });
const closed = {};
const upstream = await startUpstream((socket, asked) => {
  const {model} = asked.json();
  const script = scripts[model];
  if (!script) return socket.write(plain(200, answerOf(model, 'good')));
  closed[model] = {at: undefined};
  socket.closed_by_peer.then(() => {
    closed[model].at = performance.now();
  });
  return script.answer(socket, {model});
});
const mock = await startMock();
const gateway = await startGateway({
  model_list: [
    entry('raw/*', upstream.base, {model: '*'}),
    entry('mock', mock.base),
    entry('fault/*', mock.base),
    // The mock drips at a fixed speed, which a stretched deadline would let pass; slowness cannot spoil this one.
    entry('fault/drip', mock.base, {timeout: 0.6, stream_timeout: 0.6}),
    entry('refused', 'http://127.0.0.1:1/v1'),
  ],
  cogate: {
    limits: {event_bytes: '64KiB'}, // 2 MiB for a service whose events may hold pictures
    deadlines: {
      idle: `${idle}ms`,
      first_byte: `${2 * idle}ms`,
      stream_first_byte: `${2 * idle}ms`,
      connect: '2s',
    },
  },
});
const client = new OpenAI({baseURL: gateway.base, apiKey: masterKey, maxRetries: 0});

const fits = (value, wanted) => (wanted instanceof RegExp ? wanted.test(String(value)) : value === wanted);
const bytesOf = (model, stream) =>
  request('POST', '/v1/chat/completions', {key: masterKey, body: {model, messages, stream}});

/// The official client must throw; gives its error.
async function clientFails(model, stream) {
  let finished = null;
  const error = await (async () => {
    const answer = await client.chat.completions.create({model, messages, stream});
    if (!stream) assert.fail(`taken for a good answer: ${JSON.stringify(answer)}`);
    for await (const chunk of answer) finished = chunk.choices?.[0]?.finish_reason ?? finished;
    return assert.fail(`the stream ended well with finish_reason ${finished}`);
  })().catch(thrown => thrown);
  assert.ok(error instanceof OpenAI.APIError, `${error.constructor.name}: ${error.message}`);
  return error;
}

/// A raw reader must see either a status that says so, or an error event and no proper end.
async function rawFails(model, stream) {
  const connection = await Connection.open(gateway.port);
  connection.send(bytesOf(model, stream));
  const head = await connection.response({head: true});
  assert.ok(head, 'no answer at all');
  if (head.status !== 200) {
    const length = Number(head.headers['content-length']);
    await connection.wait('the body of an error', () => connection.received.length >= length);
    const {error} = JSON.parse(connection.received.toString());
    connection.close();
    return {status: head.status, error, text: JSON.stringify(error)};
  }
  assert.ok(stream, `status 200 with ${connection.received}`);
  await connection.wait('the end of a stream', () =>
    /(^|\r\n)0\r\n\r\n$/.test(connection.received.toString()),
  );
  const rest = connection.received.toString();
  connection.close();
  assert.ok(connection.ended, `the stream looks whole: ${rest}`);
  assert.ok(!rest.includes('[DONE]'), rest);
  const bodies = events(rest.replace(/\r\n[0-9a-f]+\r\n/g, '').replace(/^[0-9a-f]+\r\n/, ''));
  const last = JSON.parse(bodies.at(-1));
  assert.ok(last.error, `the last event is no error: ${bodies.at(-1)}`);
  return {status: 200, error: last.error, text: rest};
}

async function checkFault(model, stream, row) {
  const raw = await rawFails(model, stream);
  const error = await clientFails(model, stream);
  assert.equal(typeof raw.error.message, 'string');
  assert.equal(typeof raw.error.type, 'string');
  if (row.status) assert.ok(fits(raw.status, row.status), `status ${raw.status}: ${raw.text}`);
  // A fault that comes in one packet with the first event may be told before anything is sent.
  else assert.ok(raw.status === 200 || raw.status >= 500, `status ${raw.status}: ${raw.text}`);
  if (row.code) assert.ok(fits(raw.error.code, row.code), `code ${raw.error.code}: ${raw.text}`);
  if (row.code) assert.ok(fits(error.code, row.code), `the client sees the code ${error.code}`);
  if (row.message) assert.match(raw.error.message, row.message);
  if (row.hides) assert.ok(!raw.text.includes(row.hides), raw.text);
  assert.ok(!raw.text.includes('sk-e2e'), raw.text);
}

for (const row of Object.values(scripts))
  test(`${row.kind}: ${row.name}`, {timeout: 60_000 * slowness}, async () => {
    await checkFault(`raw/${row.model}`, row.kind === 'stream', row);
    if (row.closes) await until('the gateway leaves the upstream', () => closed[row.model].at);
    await goodChat(gateway, 'mock');
  });

test('a redirect was not followed', () => assert.equal(elsewhere.connections, 0));

const mockFaults = [
  ['cut-after-0', {status: 502}, {status: 502, code: 'upstream_truncated'}],
  ['cut-after-3', {code: 'upstream_truncated'}, {status: 502, code: 'upstream_truncated'}],
  ['cut-after-16', {code: 'upstream_truncated'}, {status: 502}],
  ['stall', {code: 'timeout_idle'}, {status: 504, code: 'timeout_idle'}],
  ['stall-first', {status: 504, code: 'timeout_first_byte'}, {status: 504, code: 'timeout_first_byte'}],
  ['garbage', {status: 502, code: 'upstream_bad_http'}, {status: 502, code: 'upstream_bad_http'}],
  ['garbage-body', {status: 502}, {status: 502}],
  ['bad-chunk', {code: 'upstream_bad_http'}, null],
  ['reset', null, {status: 502, code: 'upstream_closed'}],
  ['close', {status: 502, code: 'upstream_closed'}, {status: 502, code: 'upstream_closed'}],
  ['drip', {status: 504}, {status: 504}],
  ['error-event', {code: 'mock_fault'}, {status: 500, code: 'mock_fault'}],
  ['no-finish', {code: /truncated/}, null],
];
for (const [name, stream, whole] of mockFaults) {
  if (stream) test(`the mock's ${name}, streamed`, () => checkFault(`fault/${name}`, true, stream));
  if (whole) test(`the mock's ${name}`, () => checkFault(`fault/${name}`, false, whole));
}

test("the mock's reset, streamed", async () => {
  // How much of the answer the reset leaves readable is the system's choice; a success it is never.
  await clientFails('fault/reset', true);
  await rawFails('fault/reset', true);
});

test('a connection that is refused', () =>
  checkFault('refused', false, {status: 502, code: 'upstream_connect'}));

// A finish reason says that the answer is whole; some services never send the end mark.
test('a finish reason without [DONE] is a whole answer', async () => {
  let finish = null;
  for await (const chunk of await client.chat.completions.create({
    model: 'fault/no-done',
    messages,
    stream: true,
  }))
    finish = chunk.choices[0]?.finish_reason ?? finish;
  assert.equal(finish, 'stop');
  const answer = await exchange(gateway.port, bytesOf('fault/no-done', true));
  assert.equal(answer.framing, 'chunked');
});

test('early hints before an answer are skipped', async () => {
  scripts.hints = {
    answer: (socket, {model}) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n');
      socket.write(plain(200, answerOf(model, 'good')));
    },
  };
  assert.equal((await goodChat(gateway, 'raw/hints')).choices[0].message.content, 'good');
});

test('bytes behind an answer never reach the next one', async () => {
  scripts.extra = {
    answer: (socket, {model}) =>
      socket.write(plain(200, answerOf(model, 'mine')) + plain(200, answerOf(model, 'smuggled'))),
  };
  for (let i = 0; i < 5; ++i) {
    assert.equal((await goodChat(gateway, 'raw/extra')).choices[0].message.content, 'mine');
    assert.equal((await goodChat(gateway, 'raw/other')).choices[0].message.content, 'good');
  }
});

test('a connection that the upstream closed while idle costs no error', async () => {
  scripts.closing = {
    answer: (socket, {model}) => {
      socket.write(plain(200, answerOf(model, 'good')));
      setTimeout(() => socket.end(), 5);
    },
  };
  for (let i = 0; i < 20; ++i) await goodChat(gateway, 'raw/closing');
});

test('a kept connection that dies unanswered is tried once more, a fresh one is not', async () => {
  let kept = 0;
  scripts.race = {
    answer: (socket, {model}) => {
      if (socket.served) {
        ++kept;
        socket.destroy();
        return;
      }
      socket.served = true;
      socket.write(plain(200, answerOf(model, 'good')));
    },
  };
  for (let i = 0; i < 6; ++i) await goodChat(gateway, 'raw/race');
  assert.ok(kept > 0);
});

test('all is well afterwards', async () => {
  await goodChat(gateway, 'mock');
  const health = await exchange(gateway.port, request('GET', '/health/readiness'));
  assert.equal(health.status, 200);
  await gateway.stop();
  await until(
    'the upstreams are left',
    async () => upstream.open === 0 && (await mock.stats()).connections_open <= 1,
  );
});

test('no program complained', endAll);
