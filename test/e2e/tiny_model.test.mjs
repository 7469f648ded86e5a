// A real, tiny language model behind the gateway. It needs shared/models and npm's node-llama-cpp, which is
// installed here once, apart from the other packages: 85 MB.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {
  endAll,
  entry,
  loadOpenai,
  masterKey,
  npmDir,
  Program,
  skip,
  sourceDir,
  startGateway,
} from './harness.mjs';

const wanted = ['node-llama-cpp@3.22.1', '@node-llama-cpp/linux-x64@3.22.1'];

function sharedModels() {
  const roots = process.env.COGATE_SHARED ? [process.env.COGATE_SHARED] : [];
  for (let at = sourceDir; roots.length === 0 && path.dirname(at) !== at; at = path.dirname(at)) {
    const beside = path.join(path.dirname(at), 'shared');
    if (fs.existsSync(beside)) roots.push(beside);
  }
  const folder = path.join(roots[0] ?? '', 'models');
  return fs.existsSync(path.join(folder, 'stories260K.gguf')) ? folder : skip('shared/models is not there');
}

function engine() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    skip('node-llama-cpp is used on linux-x64 only');
  if (Number(process.versions.node.split('.')[0]) < 20) skip('node-llama-cpp needs Node 20');
  const folder = process.env.COGATE_NPM_LLAMA_DIR ?? path.join(path.dirname(npmDir), 'npm-llama');
  if (fs.existsSync(path.join(folder, '.installed'))) return folder;
  fs.mkdirSync(folder, {recursive: true});
  if (!fs.existsSync(path.join(folder, 'package.json')))
    fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  const done = spawnSync(
    'npm',
    [
      'install',
      '--omit=optional',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--package-lock=false',
      ...wanted,
    ],
    {cwd: folder, encoding: 'utf8', timeout: 80_000},
  );
  if (done.status !== 0)
    skip(`npm could not install ${wanted[0]}: ${(done.stderr ?? '').trim().split('\n')[0]}`);
  fs.writeFileSync(path.join(folder, '.installed'), '');
  return folder;
}

const models = sharedModels();
const OpenAI = loadOpenai();
const server = new Program(process.execPath, [
  path.join(models, 'tiny_openai_server.mjs'),
  path.join(models, 'stories260K.gguf'),
  '0',
  engine(),
]);
const port = Number((await server.printed(/^ready (\d+)$/m))[1]);
const base = `http://127.0.0.1:${port}/v1`;
const gateway = await startGateway({model_list: [entry('tiny', base, {model: 'stories260K'})]});
const client = new OpenAI({baseURL: gateway.base, apiKey: masterKey, maxRetries: 0});
const direct = new OpenAI({baseURL: base, apiKey: 'unused', maxRetries: 0});
const messages = [{role: 'user', content: 'Once upon a time, there was a girl named'}];
const ask = {messages, max_tokens: 60, temperature: 0, seed: 7};

test('a chat is what the model says directly', async () => {
  const through = await client.chat.completions.create({...ask, model: 'tiny'});
  const straight = await direct.chat.completions.create({...ask, model: 'stories260K'});
  assert.ok(through.choices[0].message.content.split(/\s+/).length > 10);
  assert.equal(through.choices[0].message.content, straight.choices[0].message.content);
  assert.deepEqual(through.usage, straight.usage);
  assert.equal(through.choices[0].finish_reason, 'length');
});

test('a stream says the same, token by token', async () => {
  const whole = await client.chat.completions.create({...ask, model: 'tiny'});
  let text = '';
  let usage;
  let chunks = 0;
  for await (const chunk of await client.chat.completions.create({
    ...ask,
    model: 'tiny',
    stream: true,
    stream_options: {include_usage: true},
  })) {
    ++chunks;
    text += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.ok(chunks > 20);
  assert.equal(text, whole.choices[0].message.content);
  assert.deepEqual(usage, whole.usage);
});

test('ten streams at once', async () => {
  const texts = await Promise.all(
    Array.from({length: 10}, async () => {
      let text = '';
      for await (const chunk of await client.chat.completions.create({...ask, model: 'tiny', stream: true}))
        text += chunk.choices[0]?.delta?.content ?? '';
      return text;
    }),
  );
  assert.equal(new Set(texts).size, 1);
});

test('embeddings, also in the encoding that this server ignores', async () => {
  const input = ['the cat', 'the dog'];
  const straight = await direct.embeddings.create({model: 'stories260K', input, encoding_format: 'float'});
  const floats = await client.embeddings.create({model: 'tiny', input, encoding_format: 'float'});
  const usual = await client.embeddings.create({model: 'tiny', input});
  for (const i of [0, 1]) {
    assert.equal(straight.data[i].embedding.length, 64);
    assert.deepEqual(floats.data[i].embedding, straight.data[i].embedding);
    assert.deepEqual([...usual.data[i].embedding], straight.data[i].embedding.map(Math.fround));
  }
});

test('a prompt that is too long', async () => {
  for (const stream of [false, true]) {
    const error = await client.chat.completions
      .create({model: 'tiny', stream, messages: [{role: 'user', content: 'word '.repeat(2000)}]})
      .then(
        () => assert.fail('no error'),
        thrown => thrown,
      );
    assert.ok(error instanceof OpenAI.BadRequestError, error.message);
    assert.equal(error.code, 'context_length_exceeded');
    assert.match(error.message, /maximum context length is 512 tokens/);
  }
});

test('an aborted stream leaves the model free', async () => {
  for (let i = 0; i < 6; ++i) {
    const stream = await client.chat.completions.create({
      ...ask,
      max_tokens: 400,
      model: 'tiny',
      stream: true,
    });
    for await (const chunk of stream) {
      assert.ok(chunk);
      stream.controller.abort();
      break;
    }
  }
  await client.chat.completions.create({...ask, max_tokens: 5, model: 'tiny'});
});

test('no program complained', async () => {
  // The model's server has no orderly end of its own.
  server.signal('SIGKILL');
  await server.exited;
  await endAll();
});
