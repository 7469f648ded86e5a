// A gateway over the scripted upstreams of every dialect: a model for each, of the dialect's name. And a record of
// what a client sent and got, byte by byte.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import path from 'node:path';
import {test} from 'node:test';
import {endAll, npmDir, skip, startGateway, upstreamKey} from './harness.mjs';
import {speakers, startSpeaker} from './upstreams.mjs';

export const dialects = Object.keys(speakers);

const nodeVersion = process.versions.node.split('.').map(Number);

/// A package of npm, or the end of the test file. Packages that are modules only must be given to `import`.
export async function load(name, {node = 18} = {}) {
  if (nodeVersion[0] < node) return skip(`${name} needs Node ${node}, this is ${process.versions.node}`);
  let file;
  try {
    const require = createRequire(path.join(npmDir, 'package.json'));
    file = require.resolve(name);
    return require(file);
  } catch (error) {
    if (error.code === 'ERR_REQUIRE_ESM') return import(file);
    return skip(`the npm package ${name} is not installed in ${npmDir} (${error.code ?? error.message})`);
  }
}

/// Starts upstreams and gateway. `more(roots)` gives further deployments over the same upstreams.
export async function startMatrix({more = () => [], environment = () => ({}), config = {}} = {}) {
  const upstreams = {};
  const model_list = [];
  for (const dialect of dialects) {
    const upstream = await startSpeaker(dialect);
    upstreams[dialect] = upstream;
    const litellm_params = {api_key: upstreamKey, ...speakers[dialect].deployment(upstream.root)};
    model_list.push({model_name: dialect, litellm_params});
  }
  const all = [...model_list, ...more(upstreams)];
  const gateway = await startGateway({...config, model_list: all}, {env: environment(upstreams)});
  return {upstreams, gateway};
}

/// The last test of a file.
export function finish({upstreams}) {
  test('no upstream had to refuse a request, no program complained', async () => {
    await endAll();
    for (const {dialect, faults} of Object.values(upstreams))
      assert.deepEqual(faults, [], `the upstream that speaks ${dialect}`);
  });
}

/// What `fetch` carried since it was last cleared: {url, headers, body, status, received (a promise)}.
export const wire = [];
const realFetch = globalThis.fetch;
globalThis.fetch = async (target, init = {}) => {
  const request = target instanceof Request ? target : undefined;
  const seen = {
    url: String(request ? request.url : target),
    headers: new Headers(init.headers ?? request?.headers),
    body: typeof init.body === 'string' ? init.body : undefined,
  };
  if (request && seen.body === undefined && request.body) seen.body = await request.clone().text();
  wire.push(seen);
  const answer = await realFetch(target, init);
  seen.status = answer.status;
  seen.received = answer
    .clone()
    .arrayBuffer()
    .then(bytes => Buffer.from(bytes))
    .catch(error => error);
  return answer;
};

export async function all(stream) {
  const out = [];
  for await (const one of stream) out.push(one);
  return out;
}

/// What `promise` throws.
export async function thrown(promise) {
  return promise.then(
    value => assert.fail(`no error but ${JSON.stringify(value)}`),
    error => error,
  );
}

const gaps = {
};

/// The options of a test that cannot pass yet; the reason is printed.
export const gap = (name, applies = true) => (applies ? {skip: gaps[name]} : {});

/// What the gateway made of the last request: the same bytes but for the model.
export async function assertExpress(upstream, {model, as}) {
  const sent = wire.at(-1);
  const request = upstream.last();
  const wanted = model ? sent.body.replace(`"model":"${model}"`, `"model":"${as}"`) : sent.body;
  assert.equal(request.body.toString(), wanted);
  assert.equal((await sent.received).toString(), request.sent.toString());
}
