// SIGTERM: no new calls at once, running answers to their end, then exit code 0. A second one ends at once.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {endAll, entry, masterKey, startGateway, startMock, until} from './harness.mjs';
import {Connection, exchange, request} from './raw.mjs';
import {answerOf, chunkOf, plain, startUpstream, streamHead} from './upstream.mjs';

// The upstream goes on when the test says so: no clock decides what is seen first.
let goOn;
let reset = () => {
  const gate = {};
  gate.open = new Promise(resolve => {
    gate.release = resolve;
  });
  goOn = gate;
};
reset();
const upstream = await startUpstream(async (socket, asked) => {
  const {model, stream} = asked.json();
  if (!stream) {
    await goOn.open;
    socket.write(plain(200, answerOf(model, 'late')));
    return;
  }
  socket.write(streamHead);
  socket.event(chunkOf(model, {role: 'assistant', content: 'early'}));
  await goOn.open;
  socket.event(chunkOf(model, {content: ' late'}));
  socket.event(chunkOf(model, {}, 'stop'));
  socket.event('[DONE]');
  socket.write('0\r\n\r\n');
});
const config = {model_list: [entry('slow', upstream.base)]};
const ask = stream =>
  request('POST', '/v1/chat/completions', {
    key: masterKey,
    body: {model: 'slow', messages: [{role: 'user', content: 'x'}], stream},
  });
const ready = gateway => exchange(gateway.port, request('GET', '/health/readiness'));

for (const workers of [1, 2])
  test(`streams and calls finish while new ones are refused, ${workers} worker(s)`, async () => {
    reset();
    const gateway = await startGateway(config, {flags: ['--workers', String(workers)]});
    const before = upstream.requests;
    const streams = await Promise.all(Array.from({length: 6}, () => Connection.open(gateway.port)));
    for (const connection of streams) {
      connection.send(ask(true));
      await connection.seen('early');
    }
    const call = await Connection.open(gateway.port);
    call.send(ask(false));
    await until('all calls are upstream', () => upstream.requests === before + 7);
    const idle = await Connection.open(gateway.port);
    assert.equal((await idle.send(request('GET', '/health/liveliness')).response()).status, 200);

    gateway.signal('SIGTERM');
    await until('readiness turns 503', async () => (await ready(gateway)).status === 503);
    assert.ok(!gateway.ended);
    const refused = await exchange(gateway.port, ask(true));
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.connection, 'close');
    assert.equal(refused.json().error.code, 'shutting_down');
    assert.equal(upstream.requests, before + 7);
    assert.equal((await exchange(gateway.port, request('GET', '/health/liveliness'))).status, 200);
    assert.equal(await idle.rest(), '', 'an idle connection is closed');
    for (const connection of [...streams, call]) assert.equal(connection.ended, undefined);

    goOn.release();
    for (const connection of streams) {
      const answer = await connection.response();
      assert.equal(answer.framing, 'chunked');
      assert.match(answer.text, / late/);
      assert.ok(answer.text.endsWith('data: [DONE]\n\n'));
    }
    const answer = await call.response();
    assert.equal(answer.json().choices[0].message.content, 'late');
    assert.equal(answer.headers.connection, 'close');
    assert.equal(await gateway.code(), 0);
    gateway.complain();
    for (const connection of [...streams, call, idle]) connection.close();
  });

test('a second SIGTERM ends at once', async () => {
  reset();
  const gateway = await startGateway(config);
  const connection = await Connection.open(gateway.port);
  await connection.send(ask(true)).seen('early');
  gateway.signal('SIGTERM');
  await until('readiness turns 503', async () => (await ready(gateway)).status === 503);
  gateway.signal('SIGTERM');
  assert.equal(await gateway.code(), 0);
  // The cut stream must not look whole.
  const rest = await connection.rest();
  assert.ok(!rest.includes('[DONE]') && !rest.includes('\r\n0\r\n\r\n'), rest);
  gateway.complain();
  goOn.release();
});

test('the grace ends a stream that never does', async () => {
  reset();
  const gateway = await startGateway({...config, cogate: {drain_grace: '200ms'}});
  const connection = await Connection.open(gateway.port);
  await connection.send(ask(true)).seen('early');
  gateway.signal('SIGTERM');
  assert.equal(await gateway.code(), 0);
  const rest = await connection.rest();
  assert.ok(!rest.includes('[DONE]') && !rest.includes('\r\n0\r\n\r\n'), rest);
  gateway.complain();
  goOn.release();
});

test('SIGINT is the same, and an idle gateway ends by itself', async () => {
  const gateway = await startGateway(config);
  const connection = await Connection.open(gateway.port);
  assert.equal((await connection.send(request('GET', '/health/liveliness')).response()).status, 200);
  gateway.signal('SIGINT');
  assert.equal(await gateway.code(), 0);
  gateway.complain();
});

test('the mock ends as well', async () => (await startMock()).stop());

test('no program complained', endAll);
