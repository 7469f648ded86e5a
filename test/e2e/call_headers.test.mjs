// What every route that calls a model says of its call, with a ledger and without one.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {endAll, masterKey, startGateway, upstreamKey} from './harness.mjs';
import {startSpeaker} from './upstreams.mjs';

const usage = {prompt_tokens: 3, completion_tokens: 2, total_tokens: 5};
const said = {
  '/v1/chat/completions': {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{index: 0, message: {role: 'assistant', content: 'hi'}, finish_reason: 'stop'}],
    usage,
  },
  '/v1/completions': {
    id: 'cmpl-1',
    object: 'text_completion',
    created: 1,
    model: 'm',
    choices: [{index: 0, text: 'hi', finish_reason: 'stop'}],
    usage,
  },
  '/v1/responses': {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: 'm',
    output: [
      {
        type: 'message',
        id: 'msg_1',
        status: 'completed',
        role: 'assistant',
        content: [{type: 'output_text', text: 'hi', annotations: []}],
      },
    ],
    usage: {input_tokens: 3, output_tokens: 2, total_tokens: 5},
  },
  '/v1/embeddings': {
    object: 'list',
    model: 'm',
    data: [{object: 'embedding', index: 0, embedding: [1, 2]}],
    usage: {prompt_tokens: 3, total_tokens: 3},
  },
  '/v2/embed': {id: 'e', embeddings: {float: [[1, 2]]}, meta: {billed_units: {input_tokens: 3}}},
  '/v1/images/generations': {created: 1, data: [{b64_json: 'AAAA'}]},
  '/v1/images/edits': {created: 1, data: [{b64_json: 'AAAA'}]},
  '/v1/audio/transcriptions': {text: 'hi'},
  '/v1/audio/translations': {text: 'hi'},
  '/v1/moderations': {
    id: 'modr-1',
    model: 'm',
    results: [{flagged: false, categories: {hate: false}, category_scores: {hate: 0.1}}],
  },
  '/v1/rerank': {
    model: 'r',
    usage: {total_tokens: 3},
    results: [{index: 0, relevance_score: 0.5}],
  },
};
const upstream = await startSpeaker('openai_chat');
upstream.override = ({url}) => {
  if (url.endsWith('/audio/speech'))
    return {status: 200, headers: {'content-type': 'audio/mpeg'}, pieces: ['mp3']};
  const body = said[url.split('?')[0]];
  assert.ok(body, `nothing at ${url}`);
  return {status: 200, headers: {'content-type': 'application/json'}, pieces: [JSON.stringify(body)]};
};

const price = {
  input_cost_per_token: '0.000001',
  output_cost_per_token: '0.000002',
  output_cost_per_image: '0.01',
  input_cost_per_query: '0.001',
};
const entry = (name, model, base) => ({
  model_name: name,
  litellm_params: {model, api_base: base, api_key: upstreamKey, ...price},
  model_info: {id: `d-${name}`},
});
const config = {
  model_list: [
    entry('m', 'openai/m', `${upstream.root}/v1`),
    entry('e', 'cohere/embed-v4.0', upstream.root),
    entry('r', 'jina_ai/jina-reranker-v2', `${upstream.root}/v1`),
  ],
};
const gateways = {
  'with a ledger': await startGateway(config),
  'without one': await startGateway(config, {data: null}),
};

const messages = [{role: 'user', content: 'hello'}];
const form = file => {
  const out = new FormData();
  out.append('model', 'm');
  if (file === 'image') out.append('prompt', 'p');
  out.append(file, new Blob(['1234'], {type: file === 'image' ? 'image/png' : 'audio/mpeg'}), 'f');
  return out;
};
const contents = [{role: 'user', parts: [{text: 'hello'}]}];

/// Path, body, and whether what it cost is known when the head goes out.
const routes = [
  ['/v1/chat/completions', {model: 'm', messages}, true],
  ['/v1/completions', {model: 'm', prompt: 'hello'}, true],
  ['/v1/messages', {model: 'm', max_tokens: 5, messages}, true],
  ['/v1/responses', {model: 'm', input: 'hello'}, true],
  ['/v1beta/models/m:generateContent', {contents}, true],
  ['/v1/embeddings', {model: 'm', input: 'hello'}, true],
  ['/v1/embeddings', {model: 'e', input: 'hello'}, true],
  ['/v1/images/generations', {model: 'm', prompt: 'hello'}, true],
  ['/v1/images/edits', form('image'), true],
  ['/v1/audio/transcriptions', form('file'), false],
  ['/v1/audio/translations', form('file'), false],
  ['/v1/audio/speech', {model: 'm', input: 'hello', voice: 'alloy'}, false],
  ['/v1/moderations', {model: 'm', input: 'hello'}, false],
  ['/v1/rerank', {model: 'r', query: 'q', documents: ['a']}, true],
  ['/openai/v1/chat/completions', {model: 'm', messages}, true],
  ['/openai/v1/files', {}, false],
];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
said['/v1/files'] = {};

for (const [kind, gateway] of Object.entries(gateways))
  for (const [where, body, priced] of routes)
    test(`${where}${body.model ? ` of ${body.model}` : ''}, ${kind}`, async () => {
      const isForm = body instanceof FormData;
      const answer = await fetch(gateway.root + where, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${masterKey}`,
          ...(isForm ? {} : {'content-type': 'application/json'}),
          'x-cogate-explain': '1',
        },
        body: isForm ? body : JSON.stringify(body),
      });
      const text = await answer.text();
      assert.equal(answer.status, 200, text);
      const header = name => answer.headers.get(name);
      assert.match(header('x-litellm-call-id'), uuid);
      assert.equal(header('x-litellm-model-id'), `d-${body.model ?? 'm'}`);
      assert.equal(header('x-litellm-attempted-retries'), '0');
      assert.equal(header('x-litellm-attempted-fallbacks'), '0');
      assert.ok(Number(header('x-litellm-overhead-duration-ms')) > 0);
      assert.match(header('server-timing'), /^cogate;dur=[\d.]+, upstream;dur=[\d.]+$/);
      if (priced) assert.ok(Number(header('x-litellm-response-cost')) > 0, header('x-litellm-response-cost'));
      assert.equal(header('server'), null);
    });

test('a failed call says so, too', async () => {
  const answers = upstream.override;
  upstream.override = () => ({
    status: 400,
    headers: {'content-type': 'application/json'},
    pieces: ['{"error":{"message":"no"}}'],
  });
  for (const gateway of Object.values(gateways))
    for (const [where, body] of routes.filter(([, body]) => !(body instanceof FormData))) {
      const answer = await fetch(gateway.root + where, {
        method: 'POST',
        headers: {authorization: `Bearer ${masterKey}`, 'content-type': 'application/json'},
        body: JSON.stringify(body),
      });
      await answer.text();
      assert.equal(answer.status, 400, where);
      assert.match(answer.headers.get('x-litellm-call-id'), uuid, where);
      assert.equal(answer.headers.get('x-litellm-model-id'), `d-${body.model ?? 'm'}`, where);
    }
  upstream.override = answers;
});

test('no program complained', endAll);
