// The pass-through routes: the provider's own API as it is, with our key inside.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {masterKey, upstreamKey, within} from './harness.mjs';
import {finish, startMatrix} from './matrix.mjs';
import {prompt, text} from './scenario.mjs';
import {speakers} from './upstreams.mjs';

const matrix = await startMatrix({
  more: ({openai_chat}) => [
    {
      model_name: 'mistral',
      litellm_params: {model: 'mistral/x', api_base: `${openai_chat.root}/v1`, api_key: upstreamKey},
    },
    {
      model_name: 'azure',
      litellm_params: {
        model: 'azure/x',
        api_base: openai_chat.root,
        api_version: '2024-10-21',
        api_key: upstreamKey,
      },
    },
    {
      model_name: 'vertex',
      litellm_params: {
        model: 'vertex_ai/gemini-2.5-pro',
        api_base: openai_chat.root,
        vertex_project: 'p',
        vertex_location: 'us-central1',
        api_key: upstreamKey,
      },
    },
  ],
});
const {gateway, upstreams} = matrix;

/// The services, and whose upstream each has here. What follows the service's name is the path from the root.
const services = [
  ['openai', 'openai_responses'],
  ['anthropic', 'anthropic_messages'],
  ['gemini', 'gemini'],
  ['cohere', 'cohere'],
  ['bedrock', 'bedrock_converse'],
  ['mistral', 'openai_chat'],
  ['azure', 'openai_chat'],
  ['vertex_ai', 'openai_chat'],
];

const ways = {
  bearer: {authorization: `Bearer ${masterKey}`},
  'x-api-key': {'x-api-key': masterKey},
  'x-goog-api-key': {'x-goog-api-key': masterKey},
};

/// Has the upstream say `answer` to whatever comes.
function echo(upstream, answer = {}) {
  upstream.override = () => ({
    status: 200,
    headers: {'content-type': 'application/json', 'x-of-upstream': 'yes', ...answer.headers},
    pieces: answer.pieces ?? ['{"ok": true}'],
    ...(answer.status && {status: answer.status}),
  });
}

/// All that went upstream, as one text.
const everything = request => `${request.url}\n${JSON.stringify(request.headers)}\n${request.body}`;

for (const [service, dialect] of services)
  for (const [way, headers] of Object.entries(ways))
    test(`${service}: our key instead of the client's in ${way}`, async () => {
      const upstream = upstreams[dialect];
      echo(upstream);
      const body = '{ "any": [1, 2.50, null],\n "key":"value" }';
      const answer = await fetch(`${gateway.root}/${service}/some/path?a=b%20c&key=${masterKey}&d`, {
        method: 'POST',
        headers: {'content-type': 'application/json', 'x-client-secret': 'mine', cookie: 'a=b', ...headers},
        body,
      });
      assert.equal(answer.status, 200);
      assert.equal(await answer.text(), '{"ok": true}');
      assert.match(answer.headers.get('content-type'), /^application\/json/);
      const request = upstream.last();
      assert.equal(request.method, 'POST');
      assert.equal(request.body.toString(), body);
      assert.equal(request.headers['content-type'], 'application/json');
      assert.match(request.url, /\/some\/path\?a=b%20c&d$/);
      const all = everything(request);
      assert.ok(!all.includes(masterKey), "the client's key went on");
      assert.ok(!all.includes('mine') && !request.headers.cookie, 'a header of the client went on');
      if (dialect === 'bedrock_converse') assert.ok(speakers.bedrock_converse.authorised(request.headers));
      else assert.ok(all.includes(upstreamKey), 'our key is missing');
      upstream.override = undefined;
    });

test('every method passes, with and without a body', async () => {
  const upstream = upstreams.openai_responses;
  echo(upstream);
  for (const [method, body] of [
    ['GET'],
    ['DELETE'],
    ['PUT', '{"a":1}'],
    ['PATCH', '{"a":1}'],
    ['POST', ''],
  ]) {
    const answer = await fetch(`${gateway.root}/openai/files/1`, {method, headers: ways.bearer, body});
    assert.equal(answer.status, 200, method);
    await answer.text();
    assert.equal(upstream.last().method, method);
    assert.equal(upstream.last().body.toString(), body ?? '');
  }
  upstream.override = undefined;
});

test('HEAD passes: the head of the answer, and no wait for a body', async () => {
  const upstream = upstreams.openai_responses;
  for (const headers of [{'content-length': '12'}, {'transfer-encoding': 'chunked'}]) {
    upstream.override = () => ({status: 200, headers: {'content-type': 'text/plain', ...headers}, pieces: []});
    for (let twice = 0; twice < 2; ++twice) {
      const answer = await within(
        'the answer to HEAD',
        fetch(`${gateway.root}/openai/files/1/content`, {method: 'HEAD', headers: ways.bearer}),
      );
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type'), /^text\/plain/);
      assert.equal(answer.headers.get('content-length'), headers['content-length'] ?? null);
      assert.equal(await answer.text(), '');
      assert.equal(upstream.last().method, 'HEAD');
    }
  }
  // the connections to the upstream are whole: what follows is answered
  echo(upstream);
  assert.equal(await (await fetch(`${gateway.root}/openai/files`, {headers: ways.bearer})).text(), '{"ok": true}');
  upstream.override = undefined;
});

test('a body that is no JSON passes as it is', async () => {
  const upstream = upstreams.openai_responses;
  echo(upstream, {
    headers: {'content-type': 'application/octet-stream'},
    pieces: [Buffer.from([0, 255, 13, 10, 0])],
  });
  const body = Buffer.from(Array.from({length: 4096}, (_, index) => index & 255));
  const answer = await fetch(`${gateway.root}/openai/files`, {
    method: 'POST',
    headers: {'content-type': 'multipart/form-data; boundary=x', ...ways.bearer},
    body,
  });
  assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
  assert.deepEqual([...Buffer.from(await answer.arrayBuffer())], [0, 255, 13, 10, 0]);
  assert.ok(upstream.last().body.equals(body));
  assert.equal(upstream.last().headers['content-type'], 'multipart/form-data; boundary=x');
  upstream.override = undefined;
});

test("what the dialect needs of the client's headers passes", async () => {
  const upstream = upstreams.anthropic_messages;
  echo(upstream);
  const headers = {
    ...ways['x-api-key'],
    'anthropic-version': '2023-06-01',
    'anthropic-beta': 'files-api-2025-04-14',
  };
  await (await fetch(`${gateway.root}/anthropic/files`, {headers})).text();
  assert.equal(upstream.last().headers['anthropic-version'], '2023-06-01');
  assert.equal(upstream.last().headers['anthropic-beta'], 'files-api-2025-04-14');
  upstream.override = undefined;
});

const user = content => ({messages: [{role: 'user', content}]});
const bedrockModel = encodeURIComponent(speakers.bedrock_converse.deployment('').model.split('/').at(-1));
const streams = [
  ['anthropic/v1/messages', 'anthropic_messages', {model: 'm', max_tokens: 9, stream: true, ...user(prompt('text'))}],
  ['openai/v1/responses', 'openai_responses', {model: 'm', stream: true, input: prompt('text')}],
  [`bedrock/model/${bedrockModel}/converse-stream`, 'bedrock_converse', user([{text: prompt('text')}])],
  [
    'gemini/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
    'gemini',
    {contents: [{role: 'user', parts: [{text: prompt('text')}]}]},
  ],
  ['cohere/v2/chat', 'cohere', {model: 'm', stream: true, ...user(prompt('text'))}],
];
for (const [where, dialect, body] of streams)
  test(`${where}: a stream passes byte by byte`, async () => {
    const answer = await fetch(`${gateway.root}/${where}`, {
      method: 'POST',
      headers: {'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...ways.bearer},
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), speakers[dialect].streamType);
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.ok(bytes.equals(upstreams[dialect].last().sent));
    assert.ok(bytes.includes(text.slice(0, 6)));
  });

test('a stream passes as it comes', async () => {
  const first = 'data: 1\n\n';
  let release;
  const held = new Promise(resolve => {
    release = resolve;
  });
  const upstream = upstreams.openai_responses;
  upstream.override = () => ({
    status: 200,
    headers: {'content-type': 'text/event-stream'},
    pieces: [first, held.then(() => 'data: 2\n\n')],
  });
  const answer = await fetch(`${gateway.root}/openai/v1/events`, {headers: ways.bearer});
  const reader = answer.body.getReader();
  const got = await within('the first event', reader.read());
  assert.equal(Buffer.from(got.value).toString(), first);
  release();
  let rest = '';
  for (;;) {
    const {done, value} = await reader.read();
    if (done) break;
    rest += Buffer.from(value).toString();
  }
  assert.equal(rest, 'data: 2\n\n');
  upstream.override = undefined;
});

test('an error of the provider passes with its status', async () => {
  const upstream = upstreams.openai_responses;
  echo(upstream, {status: 418, pieces: ['{"error":{"message":"teapot"}}']});
  const answer = await fetch(`${gateway.root}/openai/anything`, {headers: ways.bearer});
  assert.equal(answer.status, 418);
  assert.equal(await answer.text(), '{"error":{"message":"teapot"}}');
  upstream.override = undefined;
});

test('no key, no way', async () => {
  const before = Object.values(upstreams).map(upstream => upstream.requests.length);
  for (const [service] of services) {
    for (const headers of [{}, {authorization: 'Bearer wrong'}, {'x-api-key': upstreamKey}]) {
      const answer = await fetch(`${gateway.root}/${service}/v1/models`, {headers});
      assert.equal(answer.status, 401, service);
      await answer.text();
    }
  }
  const unknown = await fetch(`${gateway.root}/nobody/v1/models`, {headers: ways.bearer});
  assert.equal(unknown.status, 404);
  const after = Object.values(upstreams).map(upstream => upstream.requests.length);
  assert.deepEqual(after, before);
});

finish(matrix);
