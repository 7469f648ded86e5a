// Starts and ends the programs of an end-to-end test: the gateway, its upstream, and what else is asked for.
// Every process dies with the test; ports are free ones; waiting is for conditions, never for a time.
import {spawn} from 'node:child_process';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

export const sourceDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const binary = path.resolve(process.env.COGATE_BINARY ?? path.join(sourceDir, 'build/release/cogate'));
export const npmDir = process.env.COGATE_NPM_DIR ?? path.join(sourceDir, 'build/npm');
/// Sanitizers are slow: deadlines that good answers must not meet are stretched by this factor.
export const slowness = Number(process.env.COGATE_E2E_SLOWNESS ?? 1);
export const masterKey = 'sk-e2e-master-0123456789';
export const upstreamKey = 'sk-e2e-upstream-9876543210';
const patience = 30_000 * slowness;
/// Part of a prompt; no log, error, row or metric may ever show it.
export const canary = 'canary-4711-of-a-prompt';
const secrets = new Set([masterKey, upstreamKey, canary]);

/// Ends the whole test file as skipped. ctest knows the code.
export function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(77);
}

if (!fs.existsSync(binary)) {
  console.error(`there is no program at ${binary}; build it first or set COGATE_BINARY`);
  process.exit(1);
}

/// The official client's package, or the end of the test file.
export function loadOpenai() {
  try {
    return createRequire(path.join(npmDir, 'package.json'))('openai');
  } catch (error) {
    return skip(`the npm package openai is not installed in ${npmDir} (${error.code ?? error.message})`);
  }
}

export const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/// Polls until `condition` gives something truthy, and gives that.
export async function until(what, condition, limit = patience) {
  const end = performance.now() + limit;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`waited ${limit} ms in vain: ${what}`);
    await pause(5);
  }
}

/// `promise`, or an error that says what was waited for.
export async function within(what, promise, limit = patience) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${limit} ms in vain: ${what}`)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

// ---- processes

const running = new Set();
const servers = new Set(); // those that no test has ended yet
const closers = new Set();
let folder;

/// Has `close` called by `endAll`: what is open would keep the test alive.
export const atEnd = close => closers.add(close);

/// The last step of every test file: ends all programs, each in good order, and closes what is open.
export async function endAll() {
  const faults = [];
  for (const program of [...servers].reverse()) await program.stop().catch(error => faults.push(error));
  for (const close of closers) await close();
  if (faults.length) throw faults[0];
}

/// A folder of this test's own, removed at the end.
export function scratch() {
  folder ??= fs.mkdtempSync(path.join(os.tmpdir(), 'cogate-e2e-'));
  return folder;
}

process.on('exit', () => {
  for (const program of running) program.child.kill('SIGKILL');
  if (folder) fs.rmSync(folder, {recursive: true, force: true});
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

// The environment's provider keys must not leak into a test.
function cleanEnvironment(extra) {
  const kept = {};
  for (const [name, value] of Object.entries(process.env))
    if (/^(PATH|HOME|LANG|TMPDIR|LD_LIBRARY_PATH|.*SAN_OPTIONS)$/.test(name)) kept[name] = value;
  return {...kept, ...extra};
}

// Children die even when the test itself is killed.
const leash = fs.existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : [];

export class Program {
  constructor(command, args, {env = {}, input, cwd} = {}) {
    const line = [...leash, command, ...args];
    this.name = [path.basename(command), ...args.slice(0, 1)].join(' ');
    this.stdout = '';
    this.stderr = '';
    this.child = spawn(line[0], line.slice(1), {
      env: cleanEnvironment(env),
      cwd,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    running.add(this);
    this.child.stdout.setEncoding('utf8').on('data', text => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', text => {
      this.stderr += text;
    });
    if (input !== undefined) {
      this.child.stdin.on('error', () => {});
      this.child.stdin.end(input);
    }
    this.exited = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => {
        running.delete(this);
        this.ended = {code, signal};
        resolve(this.ended);
      });
    });
    this.exited.catch(() => {});
  }

  get output() {
    return this.stdout + this.stderr;
  }

  /// Waits until what it printed matches.
  async printed(pattern) {
    return until(`${this.name} prints ${pattern}`, () => {
      const found = pattern.exec(this.output);
      if (!found && this.ended)
        throw new Error(`${this.name} ended early: ${JSON.stringify(this.ended)}\n${this.output}`);
      return found;
    });
  }

  signal(name) {
    this.child.kill(name);
  }

  /// Its exit code, once it ends by itself.
  async code() {
    servers.delete(this);
    const {code, signal} = await within(`${this.name} ends`, this.exited);
    return signal ?? code;
  }

  /// Asks it to end and insists that it does so in good order.
  async stop() {
    servers.delete(this);
    if (!this.ended) this.signal('SIGTERM');
    let ended;
    try {
      ended = await within(`${this.name} ends after SIGTERM`, this.exited);
    } catch (error) {
      this.signal('SIGKILL');
      await this.exited;
      throw new Error(`${error.message}\n${this.output}`);
    }
    assert.deepEqual(ended, {code: 0, signal: null}, `${this.name} ended badly:\n${this.output}`);
    this.complain();
  }

  /// Throws when a sanitizer spoke, or a secret or a prompt was printed or kept.
  complain() {
    assert.doesNotMatch(this.output, /(Address|Thread|Leak|UndefinedBehavior)Sanitizer|runtime error:/);
    const places = [[this.name, this.output]];
    if (this.data && fs.existsSync(this.data))
      for (const name of fs.readdirSync(this.data)) {
        const file = path.join(this.data, name);
        if (fs.statSync(file).isFile()) places.push([file, fs.readFileSync(file).toString('latin1')]);
      }
    for (const [place, text] of places)
      for (const secret of secrets) assert.ok(!text.includes(secret), `${place} holds a secret or a prompt`);
  }
}

/// Runs a program to its end.
export async function run(command, args, options) {
  const program = new Program(command, args, options);
  const code = await program.code();
  return {code, stdout: program.stdout, stderr: program.stderr};
}
export const cogate = (args, options) => run(binary, args, options);

/// `cogate mock`, listening.
export async function startMock(...flags) {
  const program = new Program(binary, ['mock', '--port', '0', ...flags]);
  const port = Number((await program.printed(/^ready (\d+)$/m))[1]);
  servers.add(program);
  return Object.assign(program, {
    port,
    base: `http://127.0.0.1:${port}/v1`,
    async stats() {
      return (await fetch(`http://127.0.0.1:${port}/__mock/stats`)).json();
    },
  });
}

let configs = 0;
let folders = 0;

/// Writes a configuration. JSON is YAML.
export function writeConfig(config) {
  const file = path.join(scratch(), `config-${++configs}.yaml`);
  fs.writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config, null, 2));
  return file;
}

/// An entry of `model_list` for an OpenAI-compatible upstream.
export function entry(name, base, {model = name, id, key = upstreamKey, ...params} = {}) {
  return {
    model_name: name,
    litellm_params: {model: `openai/${model}`, api_base: base, api_key: key, ...params},
    ...(id ? {model_info: {id}} : {}),
  };
}

/// `cogate serve`, ready. `config` is what the file says; the master key is set unless it is given as null. It keeps its
/// accounts in a fresh folder, unless `data` names one, or is null.
export async function startGateway(config, {flags = [], env = {}, key = masterKey, data} = {}) {
  data = data === undefined ? path.join(scratch(), `data-${++folders}`) : data;
  const place = key === null || config.general_settings?.database_url ? [] : data === null ? ['--no-ledger'] : ['--data', data];
  // one attempt per call, unless a test is about more
  const whole = {
    router_settings: {num_retries: 0},
    ...config,
    general_settings: {...(key ? {master_key: key} : {}), ...config.general_settings},
  };
  const program = new Program(
    binary,
    ['serve', '--config', writeConfig(whole), '--port', '0', ...place, ...flags],
    {env},
  );
  const port = Number((await program.printed(/https?:\/\/(?:127\.0\.0\.1|localhost):([1-9]\d*)/))[1]);
  await until('the gateway is ready', async () => {
    if (program.ended) throw new Error(`cogate serve ended early\n${program.output}`);
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/health/readiness`);
      await answer.arrayBuffer();
      return answer.status === 200;
    } catch {
      return false;
    }
  });
  servers.add(program);
  return Object.assign(program, {
    port,
    data,
    root: `http://127.0.0.1:${port}`,
    base: `http://127.0.0.1:${port}/v1`,
  });
}

/// A JSON request to the gateway with the master key. Keys that it makes are secrets from then on.
export async function post(gateway, where, body, {key = masterKey, headers = {}, ...rest} = {}) {
  const answer = await fetch(gateway.root + where, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key ? {authorization: `Bearer ${key}`} : {}),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(patience),
    ...rest,
  });
  if (answer.ok && /^\/key\/.*(generate|regenerate)|^\/user\/new/.test(where)) {
    const made = await answer.clone().json();
    if (made.key) secrets.add(made.key);
  }
  return answer;
}

/// A small good chat request; throws unless it is answered in full.
export async function goodChat(gateway, model = 'mock') {
  const answer = await post(gateway, '/v1/chat/completions', {
    model,
    messages: [{role: 'user', content: `hello, ${canary}`}],
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  const body = JSON.parse(text);
  assert.equal(body.choices[0].finish_reason, 'stop');
  assert.ok(body.choices[0].message.content.length > 0);
  return body;
}

/// The rows of a ledger, in the order in which their calls began.
export async function ledgerRows(data) {
  const {code, stdout, stderr} = await cogate(['ledger', 'export', '--data', data, '--format', 'jsonl']);
  assert.equal(code, 0, stderr);
  return stdout.split('\n').filter(Boolean).map(line => JSON.parse(line));
}
