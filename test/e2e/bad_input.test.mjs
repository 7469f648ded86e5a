// Bytes that no good client sends. Each gets a clear 4xx, and the next request is unharmed.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {endAll, entry, goodChat, masterKey, startGateway, startMock} from './harness.mjs';
import {Connection, exchange, request} from './raw.mjs';

const mock = await startMock();
const limit = 256 * 1024;
const gateway = await startGateway({
  model_list: [entry('mock', mock.base)],
  cogate: {limits: {body_bytes: limit}},
});
const chat = '/v1/chat/completions';
const messages = '[{"role":"user","content":"hello"}]';
const talk = JSON.parse(messages);
const good = `{"model":"mock","messages":${messages}}`;
const post = (body, more = {}) => request('POST', chat, {key: masterKey, body, ...more});

function checkError(answer, status, field) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^application\/json/);
  const {error} = answer.json();
  assert.deepEqual(Object.keys(error).sort(), ['code', 'message', 'param', 'type']);
  assert.ok(error.message.length > 0);
  if (field)
    assert.ok(error.param?.includes(field) || error.message.includes(field), `${field} in ${answer.text}`);
  return error;
}

const deep = depth => `{"model":"mock","messages":${messages},"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
const bodies = {
  nothing: '',
  'a word': 'hello',
  'a list': '[]',
  'a number': '7',
  null: 'null',
  'an object that does not end': '{"model":"mock","messages":[',
  'a string that does not end': '{"model":"mock',
  'more than one value': `${good}{}`,
  'a comma too many': `{"model":"mock","messages":${messages},}`,
  'a comment': `{"model":"mock",/* */"messages":${messages}}`,
  'single quotes': "{'model':'mock'}",
  NaN: `{"model":"mock","messages":${messages},"temperature":NaN}`,
  'a number with a leading zero': `{"model":"mock","messages":${messages},"n":01}`,
  'a raw newline in a string': '{"model":"mo\nck","messages":[]}',
  'a NUL': '{"model":"mock","messages":[]}\0',
  'nesting of 100,000': deep(100_000),
  'invalid UTF-8 in a string': Buffer.concat([
    Buffer.from('{"model":"mock","messages":[{"role":"user","content":"'),
    Buffer.from([0xc3, 0x28]),
    Buffer.from('"}]}'),
  ]),
  'an overlong UTF-8 form': Buffer.concat([
    Buffer.from('{"model":"mock","messages":[{"role":"user","content":"'),
    Buffer.from([0xc0, 0xaf]),
    Buffer.from('"}]}'),
  ]),
  'a surrogate as UTF-8': Buffer.concat([
    Buffer.from('{"model":"mock","messages":[{"role":"user","content":"'),
    Buffer.from([0xed, 0xa0, 0x80]),
    Buffer.from('"}]}'),
  ]),
  'UTF-16': Buffer.from(good, 'utf16le'),
};
const fields = {
  'the model twice': [`{"model":"mock","model":"other","messages":${messages}}`, 'model'],
  'the messages twice': [`{"model":"mock","messages":${messages},"messages":[]}`, 'messages'],
  'stream twice': [`{"stream":false,"model":"mock","messages":${messages},"stream":true}`, 'stream'],
  'any field twice': [
    `{"model":"mock","messages":${messages},"temperature":1,"temperature":2}`,
    'temperature',
  ],
  'a field twice, once escaped': [`{"model":"mock","mod\\u0065l":"other","messages":${messages}}`, 'model'],
  'no model': [`{"messages":${messages}}`, 'model'],
  'no messages': ['{"model":"mock"}', 'messages'],
  'a model that is a number': [`{"model":5,"messages":${messages}}`, 'model'],
  'a model that is null': [`{"model":null,"messages":${messages}}`, 'model'],
  'messages that are text': ['{"model":"mock","messages":"hello"}', 'messages'],
  'messages that are an object': ['{"model":"mock","messages":{}}', 'messages'],
  'stream that is text': [`{"model":"mock","messages":${messages},"stream":"true"}`, 'stream'],
  'stream that is a number': [`{"model":"mock","messages":${messages},"stream":1}`, 'stream'],
  'stream_options that are a list': [
    `{"model":"mock","messages":${messages},"stream":true,"stream_options":[]}`,
    'stream_options',
  ],
};

test('a good request is good', async () => {
  assert.equal((await exchange(gateway.port, post(good))).status, 200);
  assert.equal((await exchange(gateway.port, post(`\n\t ${good} \r\n`))).status, 200);
  assert.equal((await exchange(gateway.port, post(deep(10)))).status, 200);
});

for (const [name, body, field] of [
  ...Object.entries(bodies),
  ...Object.entries(fields).map(([name, row]) => [name, ...row]),
])
  test(`a body with ${name}`, async () => {
    const before = (await mock.stats()).requests;
    const connection = await Connection.open(gateway.port);
    const answer = await connection.send(post(body)).response();
    checkError(answer, 400, field);
    assert.equal((await mock.stats()).requests, before, 'it reached the upstream');
    // A bad body is no bad framing: the connection lives on.
    if (answer.headers.connection !== 'close')
      assert.equal((await connection.send(post(good)).response()).status, 200);
    connection.close();
    await goodChat(gateway);
  });

test('most bad bodies keep the connection', async () => {
  const connection = await Connection.open(gateway.port);
  for (const [body] of Object.values(fields)) checkError(await connection.send(post(body)).response(), 400);
  assert.equal((await connection.send(post(good)).response()).status, 200);
  connection.close();
});

test('embeddings refuse bad input as well', async () => {
  const ask = body => exchange(gateway.port, request('POST', '/v1/embeddings', {key: masterKey, body}));
  checkError(await ask('{"model":"mock"}'), 400, 'input');
  checkError(await ask('{"input":"x"}'), 400, 'model');
  checkError(await ask('{"model":"mock","input":"x","input":"y"}'), 400, 'input');
  checkError(await ask('{"model":"mock","input":'), 400);
  assert.equal((await ask('{"model":"mock","input":"x"}')).status, 200);
});

test('an unknown model', async () => {
  const error = checkError(
    await exchange(gateway.port, post(`{"model":"none","messages":${messages}}`)),
    404,
    'model',
  );
  assert.equal(error.code, 'model_not_found');
  const strange = await exchange(
    gateway.port,
    post(JSON.stringify({model: '\r\nx-evil: 1\u0000<script>"', messages: talk})),
  );
  checkError(strange, 404);
  assert.ok(!('x-evil' in strange.headers));
  checkError(
    await exchange(gateway.port, post(JSON.stringify({model: 'm'.repeat(100_000), messages: talk}))),
    404,
  );
  checkError(await exchange(gateway.port, post(JSON.stringify({model: '', messages: talk}))), 400, 'model');
});

const tooLong = Buffer.alloc(limit + 1, 0x20);
test('a body beyond the limit is refused by its length, unread', async () => {
  const connection = await Connection.open(gateway.port);
  connection.send(
    request('POST', chat, {
      key: masterKey,
      headers: {'content-type': 'application/json', 'content-length': limit + 1},
    }),
  );
  checkError(await connection.response(), 413);
  connection.close();
  await goodChat(gateway);
});

test('a body beyond the limit is refused while it is sent', async () => {
  const answer = await exchange(gateway.port, post(tooLong));
  checkError(answer, 413);
  await goodChat(gateway);
});

test('a chunked body beyond the limit', async () => {
  const connection = await Connection.open(gateway.port);
  connection.send(
    request('POST', chat, {
      key: masterKey,
      headers: {'content-type': 'application/json', 'transfer-encoding': 'chunked'},
    }),
  );
  for (let i = 0; i < 6; ++i) connection.send(`10000\r\n${' '.repeat(0x10000)}\r\n`);
  checkError(await connection.response(), 413);
  connection.close();
  await goodChat(gateway);
});

test('a body of exactly the limit', async () => {
  const padded = good + ' '.repeat(limit - good.length);
  assert.equal((await exchange(gateway.port, post(padded))).status, 200);
});

const refusedHeads = {
  'headers over 16 KiB': [
    request('GET', '/v1/models', {key: masterKey, headers: {'x-long': 'x'.repeat(17 * 1024)}}),
    431,
  ],
  'many headers': [
    request('GET', '/v1/models', {
      key: masterKey,
      headers: Object.fromEntries(Array.from({length: 200}, (_, i) => [`x-${i}`, '1'])),
    }),
    431,
  ],
  'a target over 8 KiB': [request('GET', `/v1/models?${'x'.repeat(9000)}`, {key: masterKey}), 414],
  'two lengths': [
    `POST ${chat} HTTP/1.1\r\nhost: g\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello`,
    400,
  ],
  'a length and chunks': [
    `POST ${chat} HTTP/1.1\r\nhost: g\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  'a negative length': [`POST ${chat} HTTP/1.1\r\nhost: g\r\ncontent-length: -1\r\n\r\n`, 400],
  'no host': ['GET /v1/models HTTP/1.1\r\n\r\n', 400],
  'two hosts': ['GET /v1/models HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n', 400],
  'a line folded': ['GET /v1/models HTTP/1.1\r\nhost: a\r\nx: 1\r\n 2\r\n\r\n', 400],
  'a bare LF': ['GET /v1/models HTTP/1.1\nhost: a\n\n', 400],
  'a NUL in a header': ['GET /v1/models HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n', 400],
  'no HTTP at all': ['hello there\r\n\r\n', 400],
  'a TLS hello': [Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0, 13, 10, 13, 10]), 400],
  'HTTP/2 preface': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
  'an unknown expectation': [
    request('POST', chat, {key: masterKey, headers: {expect: 'miracle', 'content-length': 0}}),
    417,
  ],
  'a coded body': [
    post(good, {headers: {'content-type': 'application/json', 'content-encoding': 'gzip'}}),
    415,
  ],
};
for (const [name, [bytes, status]] of Object.entries(refusedHeads))
  test(`a head with ${name} is refused and closed`, async () => {
    const connection = await Connection.open(gateway.port);
    const answer = await connection.send(bytes).response();
    checkError(answer, status);
    assert.equal(answer.headers.connection, 'close');
    assert.equal(await connection.rest(), '');
    connection.close();
    await goodChat(gateway);
  });

test('a stranger without a key gets 401 for any body', async () => {
  const answer = await exchange(gateway.port, request('POST', chat, {body: 'not JSON at all'}));
  checkError(answer, 401);
});

test('a client that leaves at every point of its request harms nobody', async () => {
  const bytes = post(good);
  for (let size = 0; size < bytes.length; size += 7) {
    const connection = await Connection.open(gateway.port);
    connection.send(bytes.subarray(0, size));
    if (size % 2) connection.close();
    else connection.reset();
  }
  await goodChat(gateway);
});

test('a request that comes byte by byte', async () => {
  const connection = await Connection.open(gateway.port);
  for (const byte of post(good)) {
    connection.send(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  assert.equal((await connection.response()).status, 200);
  connection.close();
});

test('no program complained', endAll);
