// What the gateway's answers carry, and what it takes as a key.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {endAll, entry, masterKey, post, startGateway, startMock} from './harness.mjs';
import {Connection, exchange, request} from './raw.mjs';

const mock = await startMock('--latency', '30ms');
const gateway = await startGateway({model_list: [entry('mock', mock.base, {id: 'deployment-7'})]});
const messages = [{role: 'user', content: 'hello'}];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

for (const prefix of ['/v1', ''])
  for (const stream of [false, true])
    test(`a ${stream ? 'streamed' : 'plain'} answer at ${prefix}/chat/completions has facts`, async () => {
      const answer = await post(gateway, `${prefix}/chat/completions`, {model: 'mock', messages, stream});
      const body = await answer.text();
      assert.equal(answer.status, 200, body);
      assert.match(answer.headers.get('content-type'), stream ? /^text\/event-stream/ : /^application\/json/);
      assert.match(answer.headers.get('x-litellm-call-id'), uuid);
      assert.equal(answer.headers.get('x-litellm-model-id'), 'deployment-7');
      const overhead = Number(answer.headers.get('x-litellm-overhead-duration-ms'));
      assert.ok(overhead > 0 && overhead < 10_000, `${overhead}`);
      const timing = /^cogate;dur=([\d.]+), upstream;dur=([\d.]+)$/.exec(answer.headers.get('server-timing'));
      assert.ok(timing, answer.headers.get('server-timing'));
      assert.equal(Number(timing[1]), overhead);
      // The mock thinks for 30 ms; that is not overhead of the gateway.
      assert.ok(Number(timing[2]) >= 30, timing[0]);
      assert.equal(answer.headers.get('server'), null);
      if (stream) {
        assert.equal(answer.headers.get('cache-control'), 'no-cache');
        assert.ok(body.endsWith('data: [DONE]\n\n'));
      }
    });

test('call ids are unique', async () => {
  const ids = await Promise.all(
    Array.from({length: 20}, async () => {
      const answer = await post(gateway, '/v1/chat/completions', {model: 'mock', messages});
      await answer.arrayBuffer();
      return answer.headers.get('x-litellm-call-id');
    }),
  );
  assert.equal(new Set(ids).size, ids.length);
});

test('every route is served with and without /v1', async () => {
  const headers = {authorization: `Bearer ${masterKey}`};
  for (const prefix of ['/v1', '']) {
    for (const [where, status] of [
      ['/models', 200],
      ['/models/mock', 200],
      ['/health/liveliness', 200],
      ['/health/readiness', 200],
      ['/models/none', 404],
      ['/nothing', 404],
    ]) {
      const answer = await fetch(gateway.root + prefix + where, {headers});
      await answer.json();
      assert.equal(answer.status, status, prefix + where);
    }
    const answer = await post(gateway, `${prefix}/embeddings`, {model: 'mock', input: 'x'});
    assert.equal(answer.status, 200);
    assert.equal((await answer.json()).data.length, 1);
  }
});

test("a wrong method is a 405, an unknown way a 404, both in OpenAI's shape", async () => {
  const headers = {authorization: `Bearer ${masterKey}`};
  for (const [method, where, status] of [
    ['GET', '/v1/chat/completions', 405],
    ['DELETE', '/v1/models', 405],
    ['GET', '/v2/chat/completions', 404],
    ['POST', '/v1/completions2', 404],
  ]) {
    const answer = await fetch(gateway.root + where, {method, headers});
    assert.equal(answer.status, status, where);
    assert.equal(typeof (await answer.json()).error.message, 'string');
  }
});

test('health needs no key', async () => {
  for (const where of ['/health/liveliness', '/health/readiness'])
    assert.equal((await fetch(gateway.root + where)).status, 200);
});

test('a key is taken as Bearer and as x-api-key', async () => {
  const ask = headers =>
    post(gateway, '/v1/chat/completions', {model: 'mock', messages}, {key: null, headers}).then(
      async answer => {
        await answer.arrayBuffer();
        return answer.status;
      },
    );
  assert.equal(await ask({authorization: `Bearer ${masterKey}`}), 200);
  assert.equal(await ask({authorization: `bearer ${masterKey}`}), 200);
  assert.equal(await ask({'x-api-key': masterKey}), 200);
  for (const headers of [
    {},
    {authorization: masterKey},
    {authorization: `Basic ${masterKey}`},
    {authorization: 'Bearer '},
    {authorization: 'Bearer sk-wrong'},
    {'x-api-key': 'sk-wrong'},
    {'x-api-key': ''},
    {authorization: `Bearer ${masterKey.toUpperCase()}`},
  ])
    assert.equal(await ask(headers), 401, JSON.stringify(headers));
  // Two keys that disagree: the wrong one must not hide behind the right one.
  assert.equal(await ask({authorization: 'Bearer sk-wrong', 'x-api-key': masterKey}), 401);
});

test('no header of the client reaches the upstream, no key of the upstream reaches the client', async () => {
  const answer = await post(
    gateway,
    '/v1/chat/completions',
    {model: 'mock', messages},
    {headers: {'x-secret': 'mine'}},
  );
  const all = JSON.stringify([...answer.headers]) + (await answer.text());
  assert.ok(!all.includes('sk-e2e'));
});

const unfinished = {
  'with a length of 20 MB': ['content-length: 20000000'],
  'with chunks': ['transfer-encoding: chunked'],
  'that waits for 100 Continue': ['content-length: 1000', 'expect: 100-continue'],
};
for (const [name, lines] of Object.entries(unfinished))
  test(`a wrong key is refused before the body is read, ${name}`, async () => {
    const connection = await Connection.open(gateway.port);
    connection.send(
      [
        'POST /v1/chat/completions HTTP/1.1',
        'host: gateway',
        'authorization: Bearer sk-wrong',
        'content-type: application/json',
        ...lines,
        '',
        '',
      ].join('\r\n'),
    );
    const answer = await connection.response();
    assert.equal(answer.status, 401);
    assert.equal(answer.json().error.code, 'invalid_api_key');
    // Unread body bytes must not be taken for a request.
    connection.send('GET /health/liveliness HTTP/1.1\r\nhost: gateway\r\n\r\n');
    assert.equal((await connection.rest()).length, 0);
    connection.close();
  });

test('the right key is told to continue', async () => {
  const connection = await Connection.open(gateway.port);
  const body = JSON.stringify({model: 'mock', messages});
  connection.send(
    request('POST', '/v1/chat/completions', {
      key: masterKey,
      headers: {'content-type': 'application/json', 'content-length': body.length, expect: '100-continue'},
    }),
  );
  assert.equal((await connection.response()).status, 100);
  connection.send(body);
  assert.equal((await connection.response()).status, 200);
  connection.close();
});

test('keep-alive, pipelining and HTTP/1.0', async () => {
  const connection = await Connection.open(gateway.port);
  const chat = request('POST', '/v1/chat/completions', {key: masterKey, body: {model: 'mock', messages}});
  const list = request('GET', '/v1/models', {key: masterKey});
  for (let i = 0; i < 3; ++i) assert.equal((await connection.send(chat).response()).status, 200);
  connection.send(Buffer.concat([chat, list, chat]));
  assert.equal((await connection.response()).json().object, 'chat.completion');
  assert.equal((await connection.response()).json().object, 'list');
  assert.equal((await connection.response()).json().object, 'chat.completion');
  connection.send(request('GET', '/v1/models', {key: masterKey, headers: {connection: 'close'}}));
  const last = await connection.response();
  assert.equal(last.headers.connection, 'close');
  assert.equal(await connection.rest(), '');
  connection.close();

  const body = JSON.stringify({model: 'mock', messages, stream: true});
  const lines = [
    'POST /v1/chat/completions HTTP/1.0',
    `authorization: Bearer ${masterKey}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  const old = await exchange(gateway.port, `${lines.join('\r\n')}\r\n\r\n${body}`);
  assert.equal(old.framing, 'close');
  assert.ok(old.text.endsWith('data: [DONE]\n\n'));
});

test('a chunked request body', async () => {
  const body = JSON.stringify({model: 'mock', messages});
  const chunks = [...body].map(character => `1\r\n${character}\r\n`).join('');
  const answer = await exchange(
    gateway.port,
    Buffer.concat([
      request('POST', '/v1/chat/completions', {
        key: masterKey,
        headers: {'content-type': 'application/json', 'transfer-encoding': 'chunked'},
      }),
      Buffer.from(`${chunks}0\r\n\r\n`),
    ]),
  );
  assert.equal(answer.status, 200, answer.text);
});

test('HEAD has the head of GET and no body', async () => {
  const connection = await Connection.open(gateway.port);
  const head = await connection.send(request('HEAD', '/v1/models', {key: masterKey})).response({head: true});
  const get = await connection.send(request('GET', '/v1/models', {key: masterKey})).response();
  assert.equal(head.status, 200);
  assert.equal(head.headers['content-length'], get.headers['content-length']);
  connection.close();
});

test('no program complained', endAll);
