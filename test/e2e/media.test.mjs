// Embeddings, images, audio, rerank and moderations: the official OpenAI client (rerank has none) over upstreams of
// several dialects. What the gateway has no route for is skipped by name.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {masterKey, post, upstreamKey} from './harness.mjs';
import {assertExpress, finish, load, startMatrix, thrown} from './matrix.mjs';
import {speakers} from './upstreams.mjs';

const OpenAI = await load('openai');
const {toFile} = OpenAI;
const bedrock = speakers.bedrock_converse.deployment;
const matrix = await startMatrix({
  more({openai_chat, gemini, cohere, ollama, bedrock_converse}) {
    const entry = (model_name, model, api_base, more = {}) => ({
      model_name,
      litellm_params: {model, api_base, api_key: upstreamKey, ...more},
    });
    const v1 = `${openai_chat.root}/v1`;
    return [
      entry('openai', 'openai/*', v1),
      ...['text-embedding-3-small', 'gpt-image-1', 'whisper-1', 'tts-1', 'omni-moderation-latest'].map(name =>
        entry(name, `openai/up-${name}`, v1),
      ),
      entry('embed/openai', 'openai/text-embedding-3-small', v1),
      entry('embed/gemini', 'gemini/gemini-embedding-001', `${gemini.root}/v1beta`),
      entry('embed/cohere', 'cohere/embed-v4.0', cohere.root),
      entry('embed/ollama', 'ollama/nomic-embed-text', ollama.root),
      entry('embed/voyage', 'voyage/voyage-3.5', v1),
      entry('embed/jina', 'jina_ai/jina-embeddings-v3', v1),
      {
        model_name: 'embed/bedrock',
        litellm_params: {...bedrock(bedrock_converse.root), model: 'bedrock/amazon.titan-embed-text-v2:0'},
      },
      entry('rank/cohere', 'cohere/rerank-v3.5', cohere.root),
      entry('rank/jina', 'jina_ai/jina-reranker-v2', v1),
      entry('rank/voyage', 'voyage/rerank-2.5', v1),
    ].filter(one => one.model_name !== 'openai');
  },
});
const {gateway, upstreams} = matrix;
const client = new OpenAI({baseURL: gateway.base, apiKey: masterKey, maxRetries: 0});

const json = body => ({
  status: 200,
  headers: {'content-type': 'application/json'},
  pieces: [JSON.stringify(body)],
});
/// The options of a test that needs a route.
async function routed(where) {
  const answer = await post(gateway, where, {});
  await answer.text();
  return answer.status === 404 ? {skip: `the gateway has no ${where}`} : {};
}

// ---- embeddings

const vector = text => [text.length, text.charCodeAt(0) / 4, -1.5];
const tokens = texts => texts.length * 2;
const list = (texts, usage) => ({
  object: 'list',
  model: 'm',
  data: texts.map((text, index) => ({object: 'embedding', index, embedding: vector(text)})),
  usage,
});
const texts = body => (typeof body.input === 'string' ? [body.input] : body.input);

/// How each provider embeds: its upstream, and its answer to a request.
const embedders = {
  openai: [
    'openai_chat',
    (url, body) => {
      assert.equal(url, '/v1/embeddings');
      const answer = list(texts(body), {
        prompt_tokens: tokens(texts(body)),
        total_tokens: tokens(texts(body)),
      });
      if (body.encoding_format === 'base64')
        for (const one of answer.data)
          one.embedding = Buffer.from(new Float32Array(one.embedding).buffer).toString('base64');
      return answer;
    },
  ],
  gemini: [
    'gemini',
    (url, {requests}) => {
      assert.equal(url, '/v1beta/models/gemini-embedding-001:batchEmbedContents');
      assert.ok(requests.length <= 100);
      return {embeddings: requests.map(one => ({values: vector(one.content.parts[0].text)}))};
    },
  ],
  cohere: [
    'cohere',
    (url, body) => {
      assert.equal(url, '/v2/embed');
      assert.ok(body.texts.length <= 96);
      return {
        id: 'e',
        texts: body.texts,
        embeddings: {float: body.texts.map(vector)},
        meta: {billed_units: {input_tokens: tokens(body.texts)}},
      };
    },
  ],
  ollama: [
    'ollama',
    (url, body) => {
      assert.equal(url, '/api/embed');
      return {model: 'm', embeddings: texts(body).map(vector), prompt_eval_count: tokens(texts(body))};
    },
  ],
  voyage: [
    'openai_chat',
    (url, body) => {
      assert.equal(url, '/v1/embeddings');
      return list(texts(body), {total_tokens: tokens(texts(body))});
    },
  ],
  jina: [
    'openai_chat',
    (url, body) => {
      assert.equal(url, '/v1/embeddings');
      return list(texts(body), {prompt_tokens: tokens(texts(body)), total_tokens: tokens(texts(body))});
    },
  ],
  bedrock: [
    'bedrock_converse',
    (url, body) => {
      assert.equal(decodeURIComponent(url), '/model/amazon.titan-embed-text-v2:0/invoke');
      return {embedding: vector(body.inputText), inputTextTokenCount: 2};
    },
  ],
};

function upstreamOf(name) {
  const [dialect, answer] = embedders[name];
  const upstream = upstreams[dialect];
  upstream.override = ({url, body, headers}) => {
    assert.ok(speakers[dialect].authorised(headers, upstreamKey), 'the key');
    return json(answer(url, JSON.parse(body)));
  };
  return upstream;
}

/// The options of a test with more texts than its provider takes in one request.
async function split(name) {
  if (!['gemini', 'cohere', 'bedrock'].includes(name)) return {};
  upstreamOf('bedrock');
  const answer = await post(gateway, '/v1/embeddings', {model: 'embed/bedrock', input: ['a', 'b']});
  await answer.text();
  return answer.status === 400 ? {skip: 'the gateway does not split batches'} : {};
}

for (const name of Object.keys(embedders)) {
  const model = `embed/${name}`;
  const batch = name === 'bedrock' ? await split(name) : {};
  const many = ['alpha', 'be', '\u03b3\u03b3\u03b3'];

  for (const encoding_format of ['float', undefined, 'base64'])
    test(`embeddings of ${name}, ${encoding_format ?? 'as the client asks by default'}`, batch, async () => {
      upstreamOf(name);
      const answer = await client.embeddings.create({
        model,
        input: many,
        ...(encoding_format && {encoding_format}),
      });
      assert.equal(answer.object, 'list');
      const read = value => {
        if (encoding_format !== 'base64') return [...value];
        const bytes = Buffer.from(value, 'base64');
        return Array.from({length: bytes.length / 4}, (_, at) => bytes.readFloatLE(4 * at));
      };
      assert.deepEqual(
        answer.data.map(one => [one.index, read(one.embedding)]),
        many.map((text, index) => [index, vector(text)]),
      );
      if (name !== 'gemini') assert.equal(answer.usage.total_tokens, tokens(many)); // it tells none
    });

  test(`embeddings of ${name}, one text`, async () => {
    upstreamOf(name);
    const answer = await client.embeddings.create({model, input: 'solo', encoding_format: 'float'});
    assert.deepEqual(
      answer.data.map(one => one.embedding),
      [vector('solo')],
    );
  });

  test(`embeddings of ${name}, more texts than one request takes`, await split(name), async () => {
    upstreamOf(name);
    const input = Array.from(
      {length: 250},
      (_, index) => `${String.fromCharCode(97 + (index % 26))}${index}`,
    );
    const answer = await client.embeddings.create({model, input, encoding_format: 'float'});
    assert.deepEqual(
      answer.data.map(one => [one.index, one.embedding]),
      input.map((text, index) => [index, vector(text)]),
    );
    if (name !== 'gemini') assert.equal(answer.usage.total_tokens, tokens(input));
  });
}

test('embeddings of the same dialect pass every byte', async () => {
  const upstream = upstreamOf('openai');
  await client.embeddings.create({
    model: 'text-embedding-3-small',
    input: ['a'],
    encoding_format: 'float',
    user: 'me',
  });
  await assertExpress(upstream, {model: 'text-embedding-3-small', as: 'up-text-embedding-3-small'});
});

test('embeddings where the provider has none are refused in words', async () => {
  const error = await thrown(client.embeddings.create({model: 'anthropic_messages', input: 'x'}));
  assert.ok(error instanceof OpenAI.BadRequestError, String(error));
});

// ---- the rest: OpenAI's own shapes, with the model spliced

const openai = upstreams.openai_chat;
const say = answer => {
  openai.override = ({headers}) => {
    assert.ok(speakers.openai_chat.authorised(headers, upstreamKey), 'the key');
    return answer;
  };
};
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/// The parts of a multipart body: {name, filename, type, bytes}.
function partsOf({headers, body}) {
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'])[1];
  const whole = body.toString('latin1');
  return whole
    .split(`--${boundary}`)
    .slice(1, -1)
    .map(part => {
      const at = part.indexOf('\r\n\r\n');
      const head = part.slice(0, at);
      return {
        name: /name="([^"]*)"/.exec(head)[1],
        filename: /filename="([^"]*)"/.exec(head)?.[1],
        bytes: Buffer.from(part.slice(at + 4, -2), 'latin1'),
      };
    });
}
const field = (parts, name) => parts.find(part => part.name === name)?.bytes.toString();

test('an image is made', await routed('/v1/images/generations'), async () => {
  say(
    json({
      created: 1,
      data: [{b64_json: png.toString('base64')}],
      usage: {input_tokens: 1, output_tokens: 2, total_tokens: 3},
    }),
  );
  const answer = await client.images.generate({model: 'gpt-image-1', prompt: 'a cat', size: '1024x1024'});
  assert.ok(Buffer.from(answer.data[0].b64_json, 'base64').equals(png));
  assert.equal(openai.last().url, '/v1/images/generations');
  assert.deepEqual(JSON.parse(openai.last().body), {
    model: 'up-gpt-image-1',
    prompt: 'a cat',
    size: '1024x1024',
  });
});

test('an image is edited', await routed('/v1/images/edits'), async () => {
  say(json({created: 1, data: [{b64_json: png.toString('base64')}]}));
  const image = await toFile(png, 'cat.png', {type: 'image/png'});
  const answer = await client.images.edit({model: 'gpt-image-1', prompt: 'a hat', image});
  assert.ok(Buffer.from(answer.data[0].b64_json, 'base64').equals(png));
  assert.equal(openai.last().url, '/v1/images/edits');
  const parts = partsOf(openai.last());
  assert.equal(field(parts, 'model'), 'up-gpt-image-1');
  assert.equal(field(parts, 'prompt'), 'a hat');
  assert.ok(parts.find(part => part.filename === 'cat.png').bytes.equals(png));
});

const sound = Buffer.from(Array.from({length: 300_000}, (_, index) => (index * 7 + (index >> 8)) & 255));
for (const [name, where] of [
  ['transcriptions', '/v1/audio/transcriptions'],
  ['translations', '/v1/audio/translations'],
])
  test(`audio: ${name}`, await routed(where), async () => {
    say(json({text: 'hello there', usage: {type: 'duration', seconds: 3}}));
    const file = await toFile(sound, 'speech.wav', {type: 'audio/wav'});
    const answer = await client.audio[name].create({model: 'whisper-1', file, prompt: '\u00fcml\u00e4ut'});
    assert.equal(answer.text, 'hello there');
    assert.equal(openai.last().url, where);
    const parts = partsOf(openai.last());
    assert.equal(field(parts, 'model'), 'up-whisper-1');
    assert.equal(field(parts, 'prompt'), '\u00fcml\u00e4ut');
    assert.ok(parts.find(part => part.filename === 'speech.wav').bytes.equals(sound));
  });

test('audio: speech', await routed('/v1/audio/speech'), async () => {
  const pieces = [sound.subarray(0, 100_000), sound.subarray(100_000)];
  say({status: 200, headers: {'content-type': 'audio/mpeg'}, pieces});
  const answer = await client.audio.speech.create({model: 'tts-1', voice: 'alloy', input: 'hello'});
  assert.equal(answer.headers.get('content-type'), 'audio/mpeg');
  assert.ok(Buffer.from(await answer.arrayBuffer()).equals(sound));
  assert.equal(openai.last().url, '/v1/audio/speech');
  assert.deepEqual(JSON.parse(openai.last().body), {model: 'up-tts-1', voice: 'alloy', input: 'hello'});
});

test('a moderation', await routed('/v1/moderations'), async () => {
  const results = [{flagged: true, categories: {violence: true}, category_scores: {violence: 0.9}}];
  say(json({id: 'modr-1', model: 'up', results}));
  const answer = await client.moderations.create({model: 'omni-moderation-latest', input: 'bad words'});
  assert.deepEqual(answer.results, results);
  assert.equal(openai.last().url, '/v1/moderations');
  assert.equal(JSON.parse(openai.last().body).model, 'up-omni-moderation-latest');
});

const ranked = [
  {index: 2, relevance_score: 0.75},
  {index: 0, relevance_score: 0.25},
];
for (const [name, dialect, where, body] of [
  ['cohere', 'cohere', '/v2/rerank', {id: 'r', results: ranked, meta: {billed_units: {search_units: 1}}}],
  ['jina', 'openai_chat', '/v1/rerank', {model: 'm', results: ranked, usage: {total_tokens: 9}}],
  [
    'voyage',
    'openai_chat',
    '/v1/rerank',
    {object: 'list', model: 'm', data: ranked, usage: {total_tokens: 9}},
  ],
])
  test(`a rerank of ${name}`, await routed('/v1/rerank'), async () => {
    const upstream = upstreams[dialect];
    upstream.override = () => json(body);
    const request = {model: `rank/${name}`, query: 'q', documents: ['a', 'b', 'c'], top_n: 2};
    const answer = await post(gateway, '/v1/rerank', request);
    assert.equal(answer.status, 200);
    const {results} = await answer.json();
    assert.deepEqual(
      results.map(({index, relevance_score}) => ({index, relevance_score})),
      ranked,
    );
    assert.equal(upstream.last().url, where);
    assert.equal(JSON.parse(upstream.last().body).query, 'q');
  });

finish(matrix);
