// TLS to the upstream: verified always. The certificates are made here.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {endAll, entry, goodChat, post, run, scratch, skip, startGateway, startMock} from './harness.mjs';

const at = name => path.join(scratch(), name);
async function openssl(...args) {
  const {code, stderr} = await run('openssl', args, {cwd: scratch()});
  assert.equal(code, 0, `openssl ${args.join(' ')}\n${stderr}`);
}
try {
  await openssl('version');
} catch {
  skip('there is no openssl command');
}

const newKey = name => [
  ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
  ...['-keyout', `${name}.key`],
];

async function authority(name) {
  await openssl(
    'req',
    '-x509',
    ...newKey(name),
    '-out',
    `${name}.pem`,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  );
}

/// A certificate for the names `san`, valid from `from` to `to` (YYMMDDhhmmssZ), signed by `by`.
async function certificate(name, san, {by = 'authority', from = '200101000000Z', to = '491231000000Z'} = {}) {
  fs.writeFileSync(
    at(`${name}.cnf`),
    [
      '[ca]',
      'default_ca = c',
      '[c]',
      `database = ${name}.db`,
      `new_certs_dir = .`,
      'rand_serial = yes',
      'default_md = sha256',
      'policy = p',
      'email_in_dn = no',
      '[p]',
      'commonName = supplied',
      '[e]',
      ...(san ? [`subjectAltName = ${san}`] : []),
      'extendedKeyUsage = serverAuth',
      '',
    ].join('\n'),
  );
  fs.writeFileSync(at(`${name}.db`), '');
  await openssl(
    'req',
    ...newKey(name),
    '-out',
    `${name}.csr`,
    '-subj',
    `/CN=${name}`,
  );
  await openssl(
    'ca',
    '-batch',
    '-config',
    `${name}.cnf`,
    '-extensions',
    'e',
    '-cert',
    `${by}.pem`,
    '-keyfile',
    `${by}.key`,
    '-startdate',
    from,
    '-enddate',
    to,
    '-in',
    `${name}.csr`,
    '-out',
    `${name}.pem`,
    '-notext',
  );
}

const startTls = name => startMock('--tls-cert', at(`${name}.pem`), '--tls-key', at(`${name}.key`));
const over = (mock, host = '127.0.0.1') => `https://${host}:${mock.port}/v1`;

await authority('authority');
await authority('stranger');
await certificate('good', 'IP:127.0.0.1,DNS:localhost');
await certificate('elsewhere', 'DNS:api.example.com,IP:127.0.0.2');
await certificate('expired', 'IP:127.0.0.1', {to: '210101000000Z'});
await certificate('future', 'IP:127.0.0.1', {from: '480101000000Z'});
await certificate('unsigned', 'IP:127.0.0.1', {by: 'stranger'});
await certificate('nameless', null);
await openssl(
  'req',
  '-x509',
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:P-256',
  '-nodes',
  '-keyout',
  'selfmade.key',
  '-out',
  'selfmade.pem',
  '-days',
  '2',
  '-subj',
  '/CN=127.0.0.1',
  '-addext',
  'subjectAltName=IP:127.0.0.1',
);

const mocks = {};
for (const name of ['good', 'elsewhere', 'expired', 'future', 'unsigned', 'nameless', 'selfmade'])
  mocks[name] = await startTls(name);
const plain = await startMock();
const trusting = await startGateway({
  model_list: [
    ...Object.entries(mocks).map(([name, mock]) => entry(name, over(mock))),
    entry('by-name', over(mocks.good, 'localhost')),
    entry('fault/*', over(mocks.good)),
    entry('no-tls', over(plain)),
  ],
  cogate: {ca_file: at('authority.pem'), deadlines: {tls: '2s'}},
});
const ask = (gateway, model, stream = false) =>
  post(gateway, '/v1/chat/completions', {model, stream, messages: [{role: 'user', content: 'hello'}]});

test('a certificate of the given authority works, by address and by name', async () => {
  for (const model of ['good', 'by-name']) {
    for (let i = 0; i < 3; ++i) await goodChat(trusting, model);
    const stream = await ask(trusting, model, true);
    assert.match(await stream.text(), /data: \[DONE\]\n\n$/);
  }
});

test('many at once over TLS', async () => {
  await Promise.all(Array.from({length: 30}, () => goodChat(trusting, 'good')));
});

test('a big answer and a cut one over TLS', async () => {
  const cut = await ask(trusting, 'fault/cut-after-3', true)
    .then(answer => answer.text())
    .catch(error => String(error));
  assert.ok(!cut.includes('[DONE]'), cut);
  const whole = await ask(trusting, 'fault/cut-after-3');
  assert.equal(whole.status, 502);
  assert.equal((await whole.json()).error.code, 'upstream_truncated');
});

async function refused(gateway, model, pattern) {
  for (const stream of [false, true]) {
    const answer = await ask(gateway, model, stream);
    const {error} = await answer.json();
    assert.equal(answer.status, 502, JSON.stringify(error));
    assert.equal(error.code, 'upstream_tls', JSON.stringify(error));
    assert.match(error.message, pattern);
  }
}

for (const [name, pattern] of Object.entries({
  elsewhere: /address|host|name|mismatch/i,
  expired: /expired/i,
  future: /not yet valid/i,
  unsigned: /verif|issuer/i,
  nameless: /address|host|name|mismatch/i,
  selfmade: /self.signed|verif/i,
}))
  test(`a certificate that is ${name} is refused, with nothing sent`, async () => {
    await refused(trusting, name, pattern);
    await goodChat(trusting, 'good');
  });

test('an upstream that speaks no TLS', async () => {
  const answer = await ask(trusting, 'no-tls');
  assert.ok(answer.status === 502 || answer.status === 504);
  assert.match((await answer.json()).error.code, /tls/);
});

test('without the authority nothing works', async () => {
  const system = await startGateway({model_list: [entry('good', over(mocks.good))]});
  await refused(system, 'good', /verif|issuer|self.signed/i);
  await system.stop();
});

test('an authority file that cannot be read', async () => {
  const broken = await startGateway({
    model_list: [entry('good', over(mocks.good))],
    cogate: {ca_file: at('good.csr')},
  }).catch(error => error);
  if (broken instanceof Error) {
    assert.match(broken.message, /good\.csr/);
    return;
  }
  const answer = await ask(broken, 'good');
  assert.equal(answer.status, 502);
  await broken.stop();
});

test('no program complained', endAll);
