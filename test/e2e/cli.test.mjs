// The commands of the program, as a user runs them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {once} from 'node:events';
import {test} from 'node:test';
import {
  binary,
  cogate,
  endAll,
  entry,
  masterKey,
  Program,
  scratch,
  startGateway,
  startMock,
  upstreamKey,
  writeConfig,
} from './harness.mjs';

const mock = await startMock('--tokens', '6');
const config = writeConfig({model_list: [entry('mock', mock.base), entry('fault/*', mock.base)]});

test('help is everywhere', async () => {
  for (const args of [
    ['--help'],
    ['help'],
    ...['serve', 'chat', 'models', 'validate', 'mock', 'bench'].map(name => [name, '--help']),
  ]) {
    const {code, stdout, stderr} = await cogate(args);
    assert.equal(code, 0, args.join(' '));
    assert.match(stdout, /usage|Usage|cogate /);
    assert.match(stdout, /Examples:/, args.join(' '));
    assert.equal(stderr, '');
  }
});

test('the version', async () =>
  assert.match((await cogate(['--version'])).stdout, /^cogate \d+\.\d+\.\d+\n$/));

test('wrong usage is exit code 2 and says what to do', async () => {
  for (const args of [
    [],
    ['srve'],
    ['serve', '--prot', '1'],
    ['serve', '--port', 'x'],
    ['chat', '--stream', '--no-stream', 'x'],
    ['mock', '--latency', 'soon'],
    ['bench'],
  ]) {
    const {code, stderr} = await cogate(args, {input: ''});
    assert.equal(code, 2, args.join(' '));
    assert.ok(stderr.length > 0);
  }
  assert.match((await cogate(['srve'])).stderr, /serve/);
});

test('chat with demo/echo: whole, streamed, from standard input, and both', async () => {
  assert.match((await cogate(['chat', 'hello', 'world'])).stdout, /hello world/);
  assert.match((await cogate(['chat', '--stream', 'hello'])).stdout, /hello/);
  assert.match((await cogate(['chat'], {input: 'from a pipe\n'})).stdout, /from a pipe/);
  const both = (await cogate(['chat', 'summarise:'], {input: 'piped'})).stdout;
  assert.match(both, /summarise:[\s\S]*piped/);
  const nothing = await cogate(['chat'], {input: ''});
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /nothing to ask/);
});

test('chat prints each part when it comes', async () => {
  const program = new Program(binary, ['chat', '--stream', '--model', 'demo/tokens-40@20', 'go']);
  await program.printed(/\w+/);
  assert.equal(program.ended, undefined);
  assert.equal(await program.code(), 0);
});

test('chat --json', async () => {
  const whole = JSON.parse(
    (await cogate(['chat', '--config', config, '--model', 'mock', '--json', 'hi'])).stdout,
  );
  assert.equal(whole.object, 'chat.completion');
  assert.equal(whole.usage.completion_tokens, 6);
  const lines = (
    await cogate(['chat', '--config', config, '--model', 'mock', '--json', '--stream', 'hi'])
  ).stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  assert.ok(lines.every(line => line.object === 'chat.completion.chunk'));
  assert.equal(
    lines.map(line => line.choices[0]?.delta.content ?? '').join(''),
    whole.choices[0].message.content,
  );
});

test('chat with --base-url', async () => {
  const args = ['chat', '--base-url', mock.base, '--model', 'm', '--api-key-env', 'E2E_KEY', 'hi'];
  const good = await cogate(args, {env: {E2E_KEY: upstreamKey}});
  assert.equal(good.code, 0, good.stderr);
  assert.equal(good.stdout.trimEnd().length, 48);
  const missing = await cogate(args);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /E2E_KEY/);
});

test('a chat that fails is exit code 1 with a reason on standard error', async () => {
  for (const [model, pattern] of [
    ['fault/status-401', /refused on purpose/],
    ['fault/status-429', /again/],
    ['fault/close', /closed/],
    ['fault/cut-after-2', /complete|truncated/],
    ['fault/no-finish', /./],
  ])
    for (const mode of ['--stream', '--no-stream']) {
      if (model === 'fault/no-finish' && mode === '--no-stream') continue;
      const {code, stderr} = await cogate(['chat', '--config', config, '--model', model, mode, 'hi']);
      assert.equal(code, 1, `${model} ${mode}`);
      assert.match(stderr, pattern);
      assert.ok(!stderr.includes(upstreamKey));
    }
});

test('a missing key names its variable', async () => {
  const {code, stderr} = await cogate(['chat', '--model', 'openai/gpt-4o', 'hi']);
  assert.notEqual(code, 0);
  assert.match(stderr, /OPENAI_API_KEY/);
});

test('models', async () => {
  const table = (await cogate(['models'])).stdout;
  assert.match(table, /demo\//);
  assert.doesNotMatch(table, /openai\/\*/);
  assert.match((await cogate(['models'], {env: {OPENAI_API_KEY: 'sk-e2e-none'}})).stdout, /openai\/\*/);
  const list = JSON.parse((await cogate(['models', '--config', config, '--json'])).stdout);
  assert.deepEqual(
    list.data.map(model => model.id),
    ['mock', 'fault/*'],
  );
  const providers = (await cogate(['models', '--providers'])).stdout;
  assert.match(providers, /openai +openai_chat +https:\/\/api\.openai\.com\/v1 +OPENAI_API_KEY \(not set\)/);
});

const yaml = `model_list:
  - model_name: small
    litellm_params:
      model: openai/small
      api_base: http://127.0.0.1:9/v1
      api_key: os.environ/E2E_KEY
litellm_settings:
  turn_off_message_logging: true
general_settings:
  master_key: os.environ/E2E_MASTER
  mastr_key_rotation: true
`;

test('validate, good: keys of LiteLLM are known, unknown ones are warnings with a line', async () => {
  const file = writeConfig(yaml);
  const env = {E2E_KEY: upstreamKey, E2E_MASTER: masterKey};
  const {code, stdout} = await cogate(['validate', file], {env});
  assert.equal(code, 0, stdout);
  assert.match(stdout, /:8:\d+: warning: .*turn_off_message_logging/);
  assert.match(stdout, /:11:\d+: warning: .*mastr_key_rotation/);
  assert.match(stdout, /good, 1 deployment/);
  assert.ok(!stdout.includes('sk-e2e'));
  const piped = await cogate(['validate', '-'], {env, input: yaml});
  assert.equal(piped.code, 0);
  assert.match((await cogate(['validate', '--keys'])).stdout, /first_byte/);
});

test('validate, bad: each fault has its line', async () => {
  const bad = yaml
    .replace('api_base: http', 'api_base: gopher')
    .replace('model: openai/small', 'model: nowhere/small');
  const {code, stdout} = await cogate(['validate', writeConfig(bad)], {env: {E2E_KEY: 'x'}});
  assert.equal(code, 1);
  assert.match(stdout, /:5:\d+: error: /);
  assert.match(stdout, /:10:\d+: error: .*E2E_MASTER/);
  for (const text of [
    'model_list: [',
    '\t- x',
    'model_list: 7',
    '- a\n- b\n',
    'cogate: {deadlines: {idle: soon}}',
  ])
    assert.equal((await cogate(['validate', writeConfig(text)])).code, 1, text);
  assert.equal((await cogate(['validate', path.join(scratch(), 'absent.yaml')])).code, 1);
});

test('serve refuses a bad or unreadable configuration', async () => {
  const bad = await cogate(['serve', '--port', '0', '--config', writeConfig('cogate: {port: many}\n')]);
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /:1:\d+: error: .*port/);
  const absent = await cogate(['serve', '--port', '0', '--config', path.join(scratch(), 'absent.yaml')]);
  assert.equal(absent.code, 2);
  assert.match(absent.stderr, /absent\.yaml/);
});

test('serve refuses a public address without a master key', async () => {
  const {code, stderr} = await cogate(['serve', '--host', '0.0.0.0', '--port', '0']);
  assert.equal(code, 2);
  assert.match(stderr, /master_key/);
});

test('a port in use is exit code 1 and says what to do', async () => {
  const other = net.createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const port = String(other.address().port);
  for (const command of ['serve', 'mock']) {
    const {code, stderr} = await cogate([command, '--port', port]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, new RegExp(port));
    assert.match(stderr, /port/);
  }
  other.close();
});

test('the curl line that serve prints works as it is', async () => {
  const gateway = await startGateway({cogate: {providers_from_environment: true}}, {key: null});
  const line = (await gateway.printed(/^ *(curl .+)$/m))[1];
  const {status, body} = await new Promise(resolve => {
    const program = new Program('/bin/sh', ['-c', `${line} -s -w '\\n%{http_code}'`]);
    program.exited.then(() => {
      const [text, code] = program.stdout.trimEnd().split(/\n(?=\d+$)/);
      resolve({status: code, body: text});
    });
  });
  assert.equal(status, '200', body);
  assert.equal(JSON.parse(body).object, 'chat.completion');
  await gateway.stop();
});

test('the access log has one line per call and no secret', async () => {
  const file = path.join(scratch(), 'access.log');
  const gateway = await startGateway(
    {model_list: [entry('mock', mock.base), entry('fault/*', mock.base)]},
    {flags: ['--access-log', file]},
  );
  for (const model of ['mock', 'fault/status-500', 'none'])
    for (const stream of [false, true]) {
      const answer = await fetch(`${gateway.base}/chat/completions`, {
        method: 'POST',
        headers: {authorization: `Bearer ${masterKey}`},
        body: JSON.stringify({model, stream, messages: [{role: 'user', content: 'private words'}]}),
      });
      await answer.arrayBuffer();
    }
  await gateway.stop();
  const text = fs.readFileSync(file, 'utf8');
  const lines = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  assert.equal(lines.length, 6);
  assert.deepEqual(
    lines.filter(line => line.model === 'mock').map(line => [line.completion_tokens, line.error]),
    [
      [6, undefined],
      [6, undefined],
    ],
  );
  assert.ok(lines.filter(line => line.model !== 'mock').every(line => line.error));
  for (const hidden of [masterKey, upstreamKey, 'private words']) assert.ok(!text.includes(hidden));
});

test('bench counts only whole answers', async () => {
  const good = await cogate([
    'bench',
    '--url',
    mock.base,
    '--model',
    'mock',
    '--connections',
    '2',
    '--requests',
    '50',
    '--warmup',
    '0s',
    '--json',
    '--stream',
  ]);
  assert.equal(good.code, 0, good.stderr);
  assert.ok(JSON.parse(good.stdout).completed >= 50);
  const bad = await cogate([
    'bench',
    '--url',
    mock.base,
    '--model',
    'fault/cut-after-3',
    '--connections',
    '2',
    '--duration',
    '300ms',
    '--warmup',
    '0s',
    '--json',
    '--stream',
  ]);
  assert.equal(bad.code, 1);
  const report = JSON.parse(bad.stdout);
  assert.equal(report.completed, 0);
  assert.ok(report.failed > 0);
});

test('no program complained', endAll);
