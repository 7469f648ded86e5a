// Google's official client over the upstreams of every dialect.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {masterKey} from './harness.mjs';
import {all, assertExpress, dialects, finish, load, startMatrix, thrown, wire} from './matrix.mjs';
import {
  breakdownText,
  calls,
  degrees,
  lastWords,
  prompt,
  reasoning,
  signature,
  system,
  text,
  toolName,
  toolSchema,
  toolText,
  usage,
} from './scenario.mjs';

const {GoogleGenAI, ApiError} = await load('@google/genai', {node: 20});
const matrix = await startMatrix();
const {gateway, upstreams} = matrix;
const client = new GoogleGenAI({
  apiKey: masterKey,
  vertexai: false,
  httpOptions: {baseUrl: gateway.root, retryOptions: {attempts: 1}},
});

const tools = [
  {functionDeclarations: [{name: toolName, description: toolText, parametersJsonSchema: toolSchema}]},
];
const requestOf = (model, scene, config = {}) => ({
  model,
  contents: [{role: 'user', parts: [{text: prompt(scene)}]}],
  config: {systemInstruction: system, ...config},
});
const ask = (...args) => client.models.generateContent(requestOf(...args));
const askStream = (...args) => client.models.generateContentStream(requestOf(...args));
const partsOf = answer => answer.candidates?.[0]?.content?.parts ?? [];
const told = parts =>
  parts
    .filter(part => part.text && !part.thought)
    .map(part => part.text)
    .join('');
const thought = parts =>
  parts
    .filter(part => part.text && part.thought)
    .map(part => part.text)
    .join('');

function checkUsage(got, dialect) {
  assert.equal(got.promptTokenCount, usage.prompt);
  assert.equal((got.candidatesTokenCount ?? 0) + (got.thoughtsTokenCount ?? 0), usage.completion);
  assert.equal(got.totalTokenCount, usage.prompt + usage.completion);
  if (dialect !== 'ollama') assert.equal(got.cachedContentTokenCount, usage.cached);
}

for (const dialect of dialects) {
  const upstream = upstreams[dialect];

  test(`${dialect}: a text`, async () => {
    const answer = await ask(dialect, 'text');
    assert.equal(answer.text, text);
    assert.equal(answer.candidates.length, 1);
    assert.equal(answer.candidates[0].content.role, 'model');
    assert.equal(answer.candidates[0].finishReason, 'STOP');
    checkUsage(answer.usageMetadata, dialect);
    assert.equal(upstream.last().heard.system, system);
  });

  test(`${dialect}: a stream`, async () => {
    const chunks = await all(await askStream(dialect, 'text'));
    assert.equal(told(chunks.flatMap(partsOf)), text);
    const ends = chunks.map(chunk => chunk.candidates?.[0]?.finishReason).filter(Boolean);
    assert.deepEqual(ends, ['STOP']);
    checkUsage(chunks.at(-1).usageMetadata, dialect);
  });

  test(`${dialect}: a stream as a JSON array`, async () => {
    const answer = await fetch(`${gateway.root}/v1beta/models/${dialect}:streamGenerateContent`, {
      method: 'POST',
      headers: {'content-type': 'application/json', 'x-goog-api-key': masterKey},
      body: JSON.stringify({contents: [{role: 'user', parts: [{text: prompt('text')}]}]}),
    });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /^application\/json/);
    const chunks = await answer.json();
    assert.equal(told(chunks.flatMap(partsOf)), text);
  });

  for (const scene of ['tool', 'think_tool'])
    for (const stream of [false, true])
      test(`${dialect}: a ${scene} loop${stream ? ', streamed' : ''}`, async () => {
        const request = requestOf(dialect, scene, {tools});
        if (scene === 'think_tool')
          request.config.thinkingConfig = {includeThoughts: true, thinkingBudget: 2000};
        const round = async () => {
          const answers = stream
            ? await all(await client.models.generateContentStream(request))
            : [await client.models.generateContent(request)];
          return answers.flatMap(partsOf);
        };
        const first = await round();
        const asked = first.map(part => part.functionCall).filter(Boolean);
        assert.deepEqual(
          asked.map(call => [call.name, call.args]),
          calls.map(call => [call.name, call.args]),
        );
        request.contents.push({role: 'model', parts: first});
        request.contents.push({
          role: 'user',
          parts: asked.map(({id, name, args}) => ({
            functionResponse: {...(id && {id}), name, response: {output: degrees[args.city]}},
          })),
        });
        // Google's results are objects; to the others they go as JSON.
        const last = told(await round());
        if (dialect === 'gemini') assert.equal(last, lastWords);
        else assert.match(last, /^It is .*21 degrees.* and .*30 degrees.*\.$/);
        if (dialect === 'gemini') assert.deepEqual(upstream.last().heard.signatures, [signature]);
        if (scene === 'think_tool' && ['anthropic_messages', 'bedrock_converse'].includes(dialect))
          assert.deepEqual(upstream.last().heard.signatures, [signature]);
      });

  for (const stream of [false, true])
    test(`${dialect}: thoughts${stream ? ', streamed' : ''}`, async () => {
      const config = {thinkingConfig: {includeThoughts: true, thinkingBudget: 2000}};
      const answers = stream
        ? await all(await askStream(dialect, 'think', config))
        : [await ask(dialect, 'think', config)];
      const parts = answers.flatMap(partsOf);
      assert.equal(thought(parts), reasoning);
      assert.equal(told(parts), text);
      checkUsage(answers.at(-1).usageMetadata, dialect);
      const {heard} = upstream.last();
      assert.ok(heard.effort ?? heard.thinking, 'the wish to think arrived');
    });

  test(`${dialect}: the end for length`, async () => {
    assert.equal((await ask(dialect, 'length')).candidates[0].finishReason, 'MAX_TOKENS');
    const chunks = await all(await askStream(dialect, 'length'));
    const ends = chunks.map(chunk => chunk.candidates?.[0]?.finishReason).filter(Boolean);
    assert.deepEqual(ends, ['MAX_TOKENS']);
  });

  for (const [how, call] of [
    ['', ask],
    [', streamed', askStream],
  ]) {
    test(`${dialect}: too many requests${how}`, async () => {
      const error = await thrown(call(dialect, 'limited'));
      assert.ok(error instanceof ApiError, String(error));
      assert.equal(error.status, 429);
      assert.match(error.message, /RESOURCE_EXHAUSTED/);
      assert.match(error.message, /Too many requests/);
    });

    test(`${dialect}: overloaded${how}`, async () => {
      const error = await thrown(call(dialect, 'overloaded'));
      assert.ok(error instanceof ApiError, String(error));
      assert.equal(error.status, 503);
      assert.match(error.message, /UNAVAILABLE/);
    });

    test(`${dialect}: the context window${how}`, async () => {
      const error = await thrown(call(dialect, 'context'));
      assert.ok(error instanceof ApiError, String(error));
      assert.equal(error.status, 400);
      assert.match(error.message, /INVALID_ARGUMENT/);
    });
  }

  test(`${dialect}: a stream that the provider breaks off is an error in its words`, async () => {
    const error = await thrown(askStream(dialect, 'broken').then(all));
    assert.match(error.message, new RegExp(breakdownText));
  });

  test(`${dialect}: a stream that is cut off is an error`, async () => {
    let got = '';
    const error = await thrown(
      (async () => {
        for await (const chunk of await askStream(dialect, 'cut')) got += told(partsOf(chunk));
      })(),
    );
    assert.ok(error instanceof Error, String(error));
    assert.ok(got.length > 0 && text.startsWith(got) && got !== text);
  });
}

test('the same dialect on both sides passes every byte', async () => {
  const upstream = upstreams.gemini;
  const config = {safetySettings: [{category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF'}], seed: 7};
  await ask('gemini', 'text', config);
  await assertExpress(upstream, {});
  assert.equal(upstream.last().url, '/v1beta/models/gemini-2.5-pro:generateContent');
  await all(await askStream('gemini', 'think', config));
  await assertExpress(upstream, {});
  await all(await askStream('gemini', 'tool', {tools}));
  await assertExpress(upstream, {});
});

test('both versions of the path will do, and a key in the query', async () => {
  for (const version of ['v1', 'v1beta']) {
    const answer = await fetch(
      `${gateway.root}/${version}/models/anthropic_messages:generateContent?key=${masterKey}`,
      {
        method: 'POST',
        headers: {'content-type': 'application/json'},
        body: JSON.stringify({contents: [{parts: [{text: prompt('text')}]}]}),
      },
    );
    assert.equal(answer.status, 200);
    assert.equal(told(partsOf(await answer.json())), text);
  }
});

test('errors of the gateway have the shape of Google', async () => {
  const lost = await thrown(ask('no-such-model', 'text'));
  assert.equal(lost.status, 404);
  assert.match(lost.message, /NOT_FOUND/);
  const stranger = new GoogleGenAI({
    apiKey: 'wrong',
    vertexai: false,
    httpOptions: {baseUrl: gateway.root, retryOptions: {attempts: 1}},
  });
  const refused = await thrown(stranger.models.generateContent(requestOf('gemini', 'text')));
  assert.equal(refused.status, 401);
  assert.match(refused.message, /UNAUTHENTICATED/);
});

test('tokens are counted by the provider where it can, else by the gateway', async () => {
  const counted = await client.models.countTokens({model: 'gemini', contents: 'hello'});
  assert.equal(counted.totalTokens, 42);
  assert.ok(wire.at(-1).url.includes(':countTokens'));
  const own = await client.models.countTokens({model: 'openai_chat', contents: 'hello'});
  assert.equal(own.totalTokens, 8);
});

finish(matrix);
