// Every route x every kind of caller x tricks with the path, the host and the header: who gets past the door is what
// the table below says, and nothing else. Routes come from the gateway itself, so a new one is in the matrix at once.
import assert from 'node:assert/strict';
import http from 'node:http';
import {test} from 'node:test';
import {endAll, entry, masterKey, post, startGateway, startMock} from './harness.mjs';

const mock = await startMock();
const gateway = await startGateway({
  model_list: [entry('mock', mock.base, {input_cost_per_token: '1e-6', output_cost_per_token: '1e-6'})],
});

async function made(where, body) {
  const answer = await post(gateway, where, body);
  const text = await answer.text();
  assert.equal(answer.status, 200, `${where}: ${text}`);
  return JSON.parse(text);
}
async function keyOf(role, key_type) {
  const {user_id} = await made('/user/new', {user_role: role, auto_create_key: false});
  return (await made('/key/generate', {user_id, key_type})).key;
}

const good = await made('/key/generate', {key_alias: 'good'});
const expired = await made('/key/generate', {duration: '1s'});
const blocked = await made('/key/generate', {});
await made('/key/block', {key: blocked.key});
const deleted = await made('/key/generate', {});
await made('/key/delete', {keys: [deleted.key]});
const old = await made('/key/generate', {});
await made('/key/regenerate', {key: old.key});
await new Promise(resolve => setTimeout(resolve, 1100)); // the expired one's life

// What opens: c calls, l lists, s self service (S: also what changes), r everybody's for readers, a admin, m master.
const callers = {
  master: {key: masterKey, opens: 'clsSram'},
  'no key': {key: null, opens: ''},
  'a wrong key': {key: 'sk-nobody-has-this-key-0000', opens: ''},
  'the digest of a key': {key: good.token, opens: ''},
  'the shown name of a key': {key: good.key_name, opens: ''},
  'the start of a key': {key: good.key.slice(0, -1), opens: ''},
  'an expired key': {key: expired.key, opens: ''},
  'a blocked key': {key: blocked.key, opens: ''},
  'a deleted key': {key: deleted.key, opens: ''},
  'a replaced key': {key: old.key, opens: ''},
  'a key of nobody': {key: good.key, opens: 'clsS'},
  'internal_user': {key: await keyOf('internal_user', 'default'), opens: 'clsS'},
  'internal_user_viewer': {key: await keyOf('internal_user_viewer', 'default'), opens: 'cls'},
  'proxy_admin_viewer': {key: await keyOf('proxy_admin_viewer', 'default'), opens: 'clsr'},
  'proxy_admin': {key: await keyOf('proxy_admin', 'default'), opens: 'clsSra'},
  'llm_api': {key: await keyOf('proxy_admin', 'llm_api'), opens: 'cl'},
  'management': {key: await keyOf('proxy_admin', 'management'), opens: 'lsSra'},
  'read_only': {key: await keyOf('proxy_admin', 'read_only'), opens: 'lsr'},
  'one route': {
    key: (await made('/key/generate', {allowed_routes: ['/chat/completions']})).key,
    opens: '',
    also: ['/chat/completions'],
  },
};

const reads = new Set(['/budget/info', '/key/health', '/v2/key/info', '/tag/info', '/global/spend/end_users']);
function letter(route, method) {
  const changes = method !== 'GET' && !reads.has(route.path);
  return {open: '', model_call: 'c', model_list: 'l', self_service: changes ? 'S' : 's', admin_read: 'r', admin: 'a', master: 'm'}[route.access];
}

const agent = new http.Agent({keepAlive: true, maxSockets: 4});
function ask(method, path, key, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {host: '127.0.0.1', port: gateway.port, method, path, agent, headers: {...(key ? {authorization: `Bearer ${key}`} : {}), ...headers}},
      answer => {
        let text = '';
        answer.setEncoding('utf8').on('data', piece => (text += piece));
        answer.on('end', () => resolve({status: answer.statusCode, text}));
      },
    );
    request.on('error', reject);
    // nothing that any handler accepts: only the door is asked
    if (method !== 'GET') {
      request.setHeader('content-type', 'application/json');
      request.setHeader('content-length', 2);
    }
    request.end(method === 'GET' ? undefined : '[]');
  });
}

const {routes} = JSON.parse((await ask('GET', '/routes', null)).text);
const concrete = path => path.replace(/\*$/, 'x');
const passed = ({status, text}) => status !== 401 && !(status === 403 && /route_not_allowed|may not use/.test(text));

test('there are routes of every class, and each has one', () => {
  const classes = new Set(routes.map(route => route.access));
  for (const name of ['open', 'model_call', 'model_list', 'self_service', 'admin_read', 'admin'])
    assert.ok(classes.has(name), name);
  assert.ok(routes.length > 100, `${routes.length} routes`);
});

test('every route x every caller', async () => {
  let asked = 0;
  const wrong = [];
  for (const route of routes) {
    const method = route.methods[0] === '*' ? 'POST' : route.methods[0];
    const what = letter(route, method);
    assert.notEqual(what, undefined, `${route.path} has the class ${route.access}`);
    for (const [name, caller] of Object.entries(callers)) {
      const want = what === '' || caller.opens.includes(what) || (caller.also ?? []).includes(route.path);
      const got = passed(await ask(method, concrete(route.path), caller.key));
      ++asked;
      if (got !== want) wrong.push(`${name}: ${method} ${route.path} is ${got ? 'open' : 'closed'}`);
    }
  }
  assert.deepEqual(wrong, []);
  console.log(`${asked} combinations of a route and a caller`);
});

test('tricks with path and host open nothing', async () => {
  const tricks = [
    path => `/health/liveliness/..${path}`,
    path => `/v1/health/liveliness/../..${path}`,
    path => `//${path.slice(1)}`,
    path => `${path}/.`,
    path => `${path}%2f..%2fhealth%2fliveliness`,
    path => `/%2e${path}`,
    path => path.replace('/', '/%2F'),
    path => `${path};/health/liveliness`,
    path => `${path}%00/health/liveliness`,
    path => path.toUpperCase(),
    path => `/v1/v1${path}`,
    path => `${path}?x=/health/liveliness`,
    path => `${path}#/health/liveliness`,
    path => `http://x/health/liveliness${path}`,
  ];
  let asked = 0;
  const wrong = [];
  for (const route of routes) {
    if (route.access === 'open') continue;
    const method = route.methods[0] === '*' ? 'POST' : route.methods[0];
    for (const trick of tricks) {
      const path = trick(concrete(route.path));
      const {status} = await ask(method, path, null);
      ++asked;
      if (![400, 401, 404, 405].includes(status)) wrong.push(`${method} ${path}: ${status}`);
    }
    for (const headers of [
      {host: 'localhost/health/liveliness'},
      {host: '127.0.0.1', 'x-original-url': '/health/liveliness'},
      {host: '127.0.0.1', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'health/liveliness'},
      {host: '127.0.0.1', 'x-http-method-override': 'GET'},
    ]) {
      const {status} = await ask(method, concrete(route.path), null, headers);
      ++asked;
      if (![400, 401].includes(status)) wrong.push(`${method} ${route.path} with ${JSON.stringify(headers)}: ${status}`);
    }
  }
  assert.deepEqual(wrong, []);
  console.log(`${asked} tricks`);
});

test('a key is read from each of its headers, and the first one counts', async () => {
  for (const headers of [{'x-api-key': good.key}, {'api-key': good.key}, {'x-goog-api-key': good.key}])
    assert.equal((await ask('GET', '/models', null, headers)).status, 200, Object.keys(headers)[0]);
  assert.equal((await ask('GET', '/models', 'sk-wrong', {'x-api-key': good.key})).status, 401);
  assert.equal((await ask('GET', '/models', null, {authorization: `Basic ${good.key}`})).status, 401);
  assert.equal((await ask('GET', '/models', `${good.key}${'x'.repeat(4000)}`)).status, 401);
});

test('a key does not fall back to a model that it may not use', async () => {
  const {key} = await made('/key/generate', {models: ['mock']});
  const body = {model: 'mock', messages: [{role: 'user', content: 'hi'}], mock_testing_fallbacks: true};
  for (const fallbacks of [['other'], [{model: 'other'}], ['mock', 'other']]) {
    const answer = await post(gateway, '/chat/completions', {...body, fallbacks}, {key});
    const {error} = await answer.json();
    assert.equal(answer.status, 403, JSON.stringify(error));
    assert.equal(error.param, 'fallbacks');
    assert.equal(error.code, 'key_model_access_denied');
  }
});

test('no program complained', async () => {
  agent.destroy();
  await endAll();
});
