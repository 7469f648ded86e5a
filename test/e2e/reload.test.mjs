// The configuration changes while the gateway serves, by SIGHUP and when the file changes: no call fails, new calls go
// where the new file says, running ones end where they began, and a bad file changes nothing.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {test} from 'node:test';
import {endAll, entry, goodChat, masterKey, post, startGateway, until} from './harness.mjs';
import {Connection, request} from './raw.mjs';
import {answerOf, chunkOf, plain, startUpstream, streamHead} from './upstream.mjs';

let goOn;
const gate = new Promise(resolve => {
  goOn = resolve;
});

/// Each upstream answers with its own name.
const startNamed = name =>
  startUpstream(async (socket, asked) => {
    const {model, stream, messages} = asked.json();
    if (!stream) {
      socket.write(plain(200, answerOf(model, name)));
      return;
    }
    socket.write(streamHead);
    socket.event(chunkOf(model, {role: 'assistant', content: `${name} early`}));
    if (messages[0].content === 'slow') await gate;
    socket.event(chunkOf(model, {content: ' late'}));
    socket.event(chunkOf(model, {}, 'stop'));
    socket.event('[DONE]');
    socket.write('0\r\n\r\n');
  });
const [one, two, three] = await Promise.all(['one', 'two', 'three'].map(startNamed));

const entries = (...upstreams) => upstreams.map(each => entry('m', each.base));
const configOf = (list, more = {}) => ({model_list: list, ...more});
const fileOf = gateway => {
  const words = gateway.child.spawnargs;
  return words[words.indexOf('--config') + 1];
};

/// As an editor does it: a new file in the place of the old one.
function write(gateway, config) {
  const text =
    typeof config === 'string'
      ? config
      : JSON.stringify({...config, general_settings: {master_key: masterKey, ...config.general_settings}});
  const file = fileOf(gateway);
  fs.writeFileSync(`${file}.new`, text);
  fs.renameSync(`${file}.new`, file);
}

let markers = 0;

/// Sends SIGHUP and waits until the file is in use: it has one more deployment, which the gateway names.
async function reload(gateway, config) {
  const marker = `marker-${++markers}`;
  write(gateway, {...config, model_list: [...config.model_list, entry(marker, one.base)]});
  gateway.signal('SIGHUP');
  await until('the gateway has read the file', () => gateway.stderr.includes(`+ ${marker} (`));
}

/// Calls without a pause until it is stopped; every fault is kept.
function load(gateway, lanes) {
  const state = {calls: 0, faults: [], stop: false};
  const lane = async stream => {
    while (!state.stop) {
      try {
        const answer = await post(gateway, '/v1/chat/completions', {
          model: 'm',
          messages: [{role: 'user', content: 'x'}],
          stream,
        });
        const text = await answer.text();
        const good = stream ? text.endsWith('data: [DONE]\n\n') : text.includes('"finish_reason":"stop"');
        if (answer.status !== 200 || !good) state.faults.push(`${answer.status} ${text}`);
      } catch (error) {
        state.faults.push(String(error));
      }
      state.calls += 1;
    }
  };
  state.done = Promise.all(Array.from({length: lanes}, (_, i) => lane(i % 2 === 0)));
  return state;
}

for (const workers of [1, 2])
  test(`no call fails while deployments come and go, ${workers} worker(s)`, async t => {
    const gateway = await startGateway(configOf(entries(one)), {flags: ['--workers', String(workers)]});
    const state = load(gateway, 8);
    const sets = [[one, two], [two], [two, three], [three, one], [one, two, three], [three]];
    for (let round = 0; round !== 12; ++round) {
      const calls = state.calls;
      await until('the load goes on', () => state.calls >= calls + 20);
      await reload(gateway, configOf(entries(...sets[round % sets.length])));
    }
    const calls = state.calls;
    await until('the load goes on', () => state.calls >= calls + 20);
    state.stop = true;
    await state.done;
    t.diagnostic(`${state.calls} calls over 12 reloads`);
    assert.deepEqual(state.faults, []);
    // the last file names only the third
    const others = [one.requests, two.requests];
    for (let i = 0; i !== 5; ++i)
      assert.equal((await goodChat(gateway, 'm')).choices[0].message.content, 'three');
    assert.deepEqual([one.requests, two.requests], others);
    await gateway.stop();
  });

test('a running stream ends where it began', async () => {
  const gateway = await startGateway(configOf(entries(one)));
  const connection = await Connection.open(gateway.port);
  connection.send(
    request('POST', '/v1/chat/completions', {
      key: masterKey,
      body: {model: 'm', messages: [{role: 'user', content: 'slow'}], stream: true},
    }),
  );
  await connection.seen('one early');
  await reload(gateway, configOf(entries(two)));
  assert.equal((await goodChat(gateway, 'm')).choices[0].message.content, 'two');
  goOn();
  const answer = await connection.response();
  assert.match(answer.text, / late/);
  assert.ok(answer.text.endsWith('data: [DONE]\n\n'));
  connection.close();
  await gateway.stop();
});

test('a bad file is refused with its line, and the old one stays', async () => {
  const gateway = await startGateway(configOf(entries(one)));
  const refusals = () => gateway.stderr.split('the configuration before it stays').length - 1;
  for (const bad of ['model_list: [', 'model_list:\n  - model_name: m\n', 'model_list: 7\n']) {
    const before = refusals();
    write(gateway, bad);
    gateway.signal('SIGHUP');
    await until('the file is refused', () => refusals() > before);
    assert.equal((await goodChat(gateway, 'm')).choices[0].message.content, 'one');
  }
  assert.match(gateway.stderr, /config-\d+\.yaml:\d+/);
  // a good file helps
  await reload(gateway, configOf([entry('n', two.base)]));
  assert.equal((await goodChat(gateway, 'n')).choices[0].message.content, 'two');
  const gone = {model: 'm', messages: [{role: 'user', content: 'x'}]};
  assert.equal((await post(gateway, '/v1/chat/completions', gone)).status, 404);
  await gateway.stop();
});

test('a change of the file is enough, and what needs a restart is said', async () => {
  const gateway = await startGateway(configOf(entries(one)));
  write(gateway, configOf(entries(two), {general_settings: {master_key: 'sk-e2e-another-key'}}));
  await until('the gateway notices', () => /was read anew: 1 deployments added, 1 removed/.test(gateway.stderr));
  assert.match(gateway.stderr, /only a restart changes: .*master_key/);
  assert.ok(!gateway.stderr.includes('sk-e2e-another-key'));
  assert.equal((await goodChat(gateway, 'm')).choices[0].message.content, 'two');
  await gateway.stop();
});

test('no program complained', endAll);
