// LiteLLM's management API, driven as its documentation shows: keys, users, teams, organisations, customers, budgets and
// tags, over a real gateway, its ledger and an upstream that answers.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {endAll, entry, masterKey, startGateway, startMock} from './harness.mjs';

const mock = await startMock();
const config = {
  model_list: [
    entry('gpt-4o', mock.base, {input_cost_per_token: 1e-5, output_cost_per_token: 3e-5}),
    entry('other', mock.base, {input_cost_per_token: 1e-5, output_cost_per_token: 3e-5}),
  ],
};
let gateway = await startGateway(config);
const secrets = new Set(); // every key that was ever shown

async function call(method, where, body, key = masterKey) {
  const answer = await fetch(gateway.root + where, {
    method,
    headers: {authorization: `Bearer ${key}`, ...(body === undefined ? {} : {'content-type': 'application/json'})},
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    assert.fail(`${method} ${where}: no JSON: ${text}`);
  }
  return {status: answer.status, text, json, error: json?.error};
}

/// What a good request gets.
async function good(method, where, body, key) {
  const got = await call(method, where, body, key);
  assert.equal(got.status, 200, `${method} ${where}: ${got.text}`);
  return got.json;
}
const post = (where, body, key) => good('POST', where, body, key);
const get = (where, key) => good('GET', where, undefined, key);

/// A key, which no later answer may show.
async function generate(body = {}, key) {
  const made = await post('/key/generate', body, key);
  assert.match(made.key, /^sk-[\w-]{49}$/);
  secrets.add(made.key);
  return made.key;
}

const chat = (key, model = 'gpt-4o', more = {}) =>
  call('POST', '/v1/chat/completions', {model, messages: [{role: 'user', content: 'hello'}], max_tokens: 20, ...more}, key);

test('a virtual key: made, used, asked about', async () => {
  const key = await generate({
    models: ['gpt-4o'],
    aliases: {mistral: 'gpt-4o'},
    duration: '20m',
    max_budget: 1,
    metadata: {user: 'ishaan@berri.ai'},
    key_alias: 'first',
  });
  const used = await chat(key);
  assert.equal(used.status, 200, used.text);
  const {key: token, info} = await get(`/key/info?key=${key}`);
  assert.match(token, /^[0-9a-f]{64}$/);
  assert.equal(info.token, token);
  assert.equal(info.key_name, `sk-...${key.slice(-4)}`);
  assert.ok(info.spend > 0, 'what the call cost is shown at once');
  assert.ok(info.spend < 1);
  assert.deepEqual(info.metadata, {user: 'ishaan@berri.ai'});
  assert.equal((await chat(key, 'mistral')).status, 200);
  const refused = await chat(key, 'other');
  assert.equal(refused.status, 403, refused.text);
  assert.equal((await get(`/key/info?key=${token}`)).info.key_alias, 'first');
  assert.equal((await get('/key/info', key)).info.token, token);
  assert.equal((await chat(token)).status, 401, 'a digest opens nothing');
});

test('a change is effective at once', async () => {
  const key = await generate({});
  assert.equal((await chat(key)).status, 200);
  await post('/key/update', {key, models: ['other']});
  assert.equal((await chat(key)).status, 403);
  assert.equal((await chat(key, 'other')).status, 200);
  await post('/key/block', {key});
  assert.equal((await chat(key, 'other')).status, 401);
  await post('/key/unblock', {key});
  assert.equal((await chat(key, 'other')).status, 200);
  await post('/key/update', {key, max_budget: 0});
  const broke = await chat(key, 'other');
  assert.equal(broke.status, 429, broke.text);
  await post('/key/update', {key, max_budget: null});
  assert.equal((await chat(key, 'other')).status, 200);
  assert.deepEqual((await post('/key/delete', {keys: [key]})).deleted_keys.length, 1);
  assert.equal((await chat(key, 'other')).status, 401);
  assert.equal((await call('GET', `/key/info?key=${key}`)).status, 404);
});

test('a regenerated key: the old one dies, or lives for its grace period', async () => {
  const key = await generate({key_alias: 'turning', max_budget: 1});
  assert.equal((await chat(key)).status, 200);
  const spent = (await get(`/key/info?key=${key}`)).info.spend;
  const made = await post(`/key/${key}/regenerate`, {max_budget: 100, metadata: {team: 'core-infra'}});
  secrets.add(made.key);
  assert.equal(made.max_budget, 100);
  assert.equal((await chat(key)).status, 401);
  assert.equal((await chat(made.key)).status, 200);
  const {info} = await get(`/key/info?key=${made.key}`);
  assert.equal(info.key_alias, 'turning');
  assert.ok(info.spend > spent, 'what was spent goes along');
  const next = await post('/key/regenerate', {key: made.key, grace_period: '24h'});
  secrets.add(next.key);
  assert.equal((await chat(made.key)).status, 200);
  assert.equal((await chat(next.key)).status, 200);

  // one record, one budget, one line in every report, whatever its key is
  const {key: token, info: whole} = await get(`/key/info?key=${next.key}`);
  assert.equal(made.token, token);
  assert.equal((await get(`/key/info?key=${made.key}`)).key, token);
  assert.equal((await get('/key/list?key_alias=turning')).total_count, 1);
  const rows = (await get(`/spend/logs?api_key=${next.key}`)).filter(row => row.api_key === token);
  assert.equal(rows.length, 4);
  const sum = rows.reduce((all, row) => all + row.spend, 0);
  assert.equal(Math.round(sum * 1e9), Math.round(whole.spend * 1e9));
  assert.equal((await get('/global/spend/keys?limit=100')).filter(row => row.api_key === token).length, 1);
  await post('/key/update', {key: made.key, max_budget: whole.spend});
  assert.equal((await chat(made.key)).status, 429);
  assert.equal((await chat(next.key)).status, 429, 'the new key has no budget of its own');
});

test('users, their keys and what they have spent', async () => {
  const made = await post('/user/new', {
    user_id: 'krrish',
    user_email: 'krrish@berri.ai',
    user_role: 'internal_user',
    max_budget: 10,
    budget_duration: '30d',
  });
  secrets.add(made.key);
  assert.equal((await chat(made.key)).status, 200);
  const info = await get('/user/info?user_id=krrish');
  assert.equal(info.user_info.user_email, 'krrish@berri.ai');
  assert.ok(info.user_info.spend > 0);
  assert.equal(info.keys.length, 1);
  // the user manages what is theirs
  const own = await generate({max_budget: 1}, made.key);
  assert.equal((await get(`/key/info?key=${own}`, made.key)).info.user_id, 'krrish');
  assert.equal((await get('/key/list', made.key)).total_count, 2);
  assert.equal((await call('GET', '/user/info?user_id=someone', undefined, made.key)).status, 403);
  assert.equal((await call('POST', '/user/new', {}, made.key)).status, 403);
  const other = await generate({});
  assert.equal((await call('GET', `/key/info?key=${other}`, undefined, made.key)).status, 403);
  assert.equal((await post('/user/update', {user_id: 'krrish', max_budget: 20})).data.max_budget, 20);
  assert.equal((await get('/user/list?user_email=krrish')).users[0].key_count, 2);
  assert.equal(await post('/user/delete', {user_ids: ['krrish']}), 1);
  assert.equal((await chat(own)).status, 401);
});

test('teams: budgets, members, blocking', async () => {
  const team = await post('/team/new', {
    team_alias: 'my-new-team_4',
    members_with_roles: [{role: 'admin', user_id: '5c4a0aa3-a1e1-43dc-bd87-3c2da8382a3a'}],
    max_budget: 0.000000001,
    budget_duration: '1d',
    rpm_limit: 99,
  });
  assert.equal(team.members_with_roles.length, 1);
  const key = await generate({team_id: team.team_id});
  const broke = await chat(key);
  assert.equal(broke.status, 429, broke.text);
  await post('/team/update', {team_id: team.team_id, max_budget: 5});
  assert.equal((await chat(key)).status, 200);
  const added = await post('/team/member_add', {
    team_id: team.team_id,
    member: {role: 'user', user_id: 'krrish247652@berri.ai'},
    max_budget_in_team: 3,
  });
  assert.equal(added.updated_team_memberships[0].litellm_budget_table.max_budget, 3);
  const changed = await post('/team/member_update', {
    team_id: team.team_id,
    user_id: 'krrish247652@berri.ai',
    max_budget_in_team: 10,
  });
  assert.equal(changed.max_budget_in_team, 10);
  const info = await get(`/team/info?team_id=${team.team_id}`);
  assert.ok(info.team_info.spend > 0);
  assert.equal(info.keys.length, 1);
  assert.equal(info.team_memberships.length, 2);
  await post('/team/block', {team_id: team.team_id});
  assert.equal((await chat(key)).status, 401);
  await post('/team/unblock', {team_id: team.team_id});
  assert.equal((await chat(key)).status, 200);
  await post('/team/member_delete', {team_id: team.team_id, user_id: 'krrish247652@berri.ai'});
  assert.ok((await get('/team/list')).some(each => each.team_id === team.team_id));
  assert.equal((await get('/v2/team/list?team_alias=my-new')).total, 1);
  assert.deepEqual((await post('/team/delete', {team_ids: [team.team_id]})).deleted_teams, [team.team_id]);
  assert.equal((await chat(key)).status, 401);
});

test('what a team lets its members do with its keys', async () => {
  const {team_id} = await post('/team/new', {
    team_alias: 'permitting',
    members_with_roles: [{role: 'user', user_id: 'member-1'}],
  });
  const member = await generate({user_id: 'member-1'});
  const other = await generate({team_id, key_alias: 'of the team'});
  const block = () => call('POST', '/key/block', {key: other}, member);
  assert.equal((await block()).status, 403);
  const listed = await get(`/team/permissions_list?team_id=${team_id}`);
  assert.deepEqual(listed.team_member_permissions, []);
  assert.ok(listed.all_available_permissions.includes('/key/block'));
  await post('/team/permissions_update', {team_id, team_member_permissions: ['/key/info', '/key/block']});
  assert.equal((await block()).status, 200);
  assert.equal((await chat(other)).status, 401);
  assert.equal((await call('POST', '/key/delete', {keys: [other]}, member)).status, 403);
  const more = await post('/team/permissions_bulk_update', {permissions: ['/key/delete'], team_ids: [team_id]});
  assert.equal(more.teams_updated, 1);
  assert.equal((await call('POST', '/key/delete', {keys: [other]}, member)).status, 200);
  await post('/team/delete', {team_ids: [team_id]});
});

test('many users at once', async () => {
  for (const user_id of ['bulk-1', 'bulk-2']) await post('/user/new', {user_id, auto_create_key: false});
  const done = await post('/user/bulk_update', {
    users: [{user_id: 'bulk-1', max_budget: 7}, {user_id: 'bulk-2', user_role: 'king'}, {user_id: 'bulk-0'}],
  });
  assert.deepEqual([done.total_requested, done.successful_updates, done.failed_updates], [3, 1, 2]);
  assert.deepEqual(done.results.map(each => each.success), [true, false, false]);
  assert.equal((await get('/user/info?user_id=bulk-1')).user_info.max_budget, 7);
  await post('/user/delete', {user_ids: ['bulk-1', 'bulk-2']});
});

test('cache hits: there are none', async () => {
  const day = new Date().toISOString().slice(0, 10);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const {groups, totals, filter_options} = await get(`/global/activity/cache_hits?start_date=${day}&end_date=${tomorrow}`);
  assert.ok(totals.api_requests > 0);
  assert.equal(totals.cache_hits, 0);
  assert.equal(totals.cache_hit_ratio, 0);
  assert.equal(groups.reduce((all, each) => all + each.api_requests, 0), totals.api_requests);
  assert.ok(filter_options.models.includes('gpt-4o'));
});

test('organisations', async () => {
  const made = await post('/organization/new', {organization_alias: 'marketing_department', models: ['gpt-4o'], max_budget: 20});
  const id = made.organization_id;
  assert.equal(made.litellm_budget_table.max_budget, 20);
  await post('/organization/member_add', {organization_id: id, member: {role: 'org_admin', user_id: 'org-admin'}});
  const of_admin = await generate({user_id: 'org-admin'});
  const team = await post('/team/new', {organization_id: id, team_alias: 'by its admin'}, of_admin);
  const key = await generate({team_id: team.team_id}, of_admin);
  assert.equal((await chat(key)).status, 200);
  assert.equal((await chat(key, 'other')).status, 403);
  const bound = await post('/organization/member_add', {
    organization_id: id,
    member: {role: 'internal_user', user_id: 'org-member'},
    max_budget_in_organization: 0,
  });
  assert.equal(bound.updated_organization_memberships[0].max_budget_in_organization, 0);
  const of_member = await generate({user_id: 'org-member'});
  const broke = await chat(of_member);
  assert.equal(broke.status, 429, broke.text);
  await good('PATCH', '/organization/member_update', {
    organization_id: id,
    user_id: 'org-member',
    max_budget_in_organization: 1,
  });
  assert.equal((await chat(of_member)).status, 200);
  const info = await get(`/organization/info?organization_id=${id}`);
  assert.equal(info.members.length, 2);
  assert.ok(info.members.find(each => each.user_id === 'org-member').spend > 0);
  assert.equal(info.teams.length, 1);
  assert.ok(info.spend > 0);
  await good('PATCH', '/organization/update', {organization_id: id, organization_alias: 'sales'});
  assert.equal((await get('/organization/list'))[0].organization_alias, 'sales');
  await good('DELETE', '/organization/delete', {organization_ids: [id]});
  assert.equal((await chat(key)).status, 401);
});

test('customers, budgets and tags', async () => {
  await post('/budget/new', {budget_id: 'my-free-tier', max_budget: 4, budget_duration: '1d'});
  const customer = await post('/customer/new', {user_id: 'my-customer-id', budget_id: 'my-free-tier'});
  assert.equal(customer.litellm_budget_table.max_budget, 4);
  const key = await generate({});
  assert.equal((await chat(key, 'gpt-4o', {user: 'my-customer-id'})).status, 200);
  assert.ok((await get('/customer/info?end_user_id=my-customer-id')).spend > 0);
  await post('/customer/block', {user_ids: ['my-customer-id']});
  assert.equal((await chat(key, 'gpt-4o', {user: 'my-customer-id'})).status, 403);
  await post('/end_user/unblock', {user_ids: ['my-customer-id']});
  assert.equal((await chat(key, 'gpt-4o', {user: 'my-customer-id'})).status, 200);
  await post('/budget/update', {budget_id: 'my-free-tier', max_budget: 0});
  assert.equal((await chat(key, 'gpt-4o', {user: 'my-customer-id'})).status, 429);
  assert.equal((await call('POST', '/budget/delete', {id: 'my-free-tier'})).error.code, 'budget_in_use');
  assert.equal((await post('/customer/delete', {user_ids: ['my-customer-id']})).deleted_customers, 1);
  assert.equal((await post('/budget/delete', {id: 'my-free-tier'})).budget_id, 'my-free-tier');
  assert.equal((await get('/budget/list')).length, 0);

  const tagged = await generate({tags: ['marketing']});
  await post('/tag/new', {name: 'marketing', description: 'of a department', max_budget: 0});
  assert.equal((await chat(tagged)).status, 429);
  await post('/tag/update', {name: 'marketing', max_budget: 1});
  assert.equal((await chat(tagged)).status, 200);
  assert.ok((await post('/tag/info', {names: ['marketing']})).marketing.spend > 0);
  assert.equal((await get('/tag/list')).length, 1);
  await post('/tag/delete', {name: 'marketing'});
});

test('bad input: a 4xx that names the field, and nothing half-written', async () => {
  const key = await generate({key_alias: 'taken'});
  const before = await get('/key/list?size=100');
  const rows = [
    ['POST', '/key/generate', {max_budget: -1}, 400, 'max_budget'],
    ['POST', '/key/generate', {max_budget: 'lots'}, 400, 'max_budget'],
    ['POST', '/key/generate', {duration: '1 fortnight'}, 400, 'duration'],
    ['POST', '/key/generate', {models: 'gpt-4o'}, 400, 'models'],
    ['POST', '/key/generate', {key_alias: 'taken'}, 400, 'key_alias'],
    ['POST', '/key/generate', {key: 'sk-1'}, 400, 'key'],
    ['POST', '/key/generate', {user_id: 'nobody'}, 404, 'user_id'],
    ['POST', '/key/generate', {team_id: 'nobody'}, 404, 'team_id'],
    ['POST', '/key/generate', {max_budgett: 1}, 400, 'max_budgett'],
    ['POST', '/key/update', {key, rpm_limit: 1.5}, 400, 'rpm_limit'],
    ['POST', '/key/update', {max_budget: 1}, 400, 'key'],
    ['POST', '/key/update', {key: 'sk-nobody-has-this-key', max_budget: 1}, 404, 'key'],
    ['POST', '/key/delete', {}, 400, 'keys'],
    ['GET', '/key/info', undefined, 400, 'key'],
    ['GET', '/key/info?key=%zz', undefined, 400, 'key'],
    ['GET', '/key/list?size=1000', undefined, 400, 'size'],
    ['POST', '/user/new', {user_role: 'king'}, 400, 'user_role'],
    ['POST', '/user/new', {user_email: 'not an address'}, 400, 'user_email'],
    ['POST', '/team/new', {members_with_roles: [{role: 'boss', user_id: 'x'}]}, 400, 'members_with_roles[0].role'],
    ['POST', '/team/member_add', {team_id: 'nobody', member: {role: 'user', user_id: 'x'}}, 404, 'team_id'],
    ['POST', '/customer/new', {user_id: 7}, 400, 'user_id'],
    ['POST', '/budget/new', {budget_duration: 'monthly'}, 400, 'budget_duration'],
    ['POST', '/tag/new', {}, 400, 'name'],
    ['POST', '/organization/new', {}, 400, 'organization_alias'],
  ];
  for (const [method, where, body, status, param] of rows) {
    const got = await call(method, where, body);
    const what = `${where} ${JSON.stringify(body)}: ${got.text}`;
    assert.equal(got.status, status, what);
    assert.equal(got.error.param, param, what);
    assert.ok(got.error.message.length > 10, what);
    assert.ok(got.error.type, what);
  }
  for (const body of ['{', '[]', '"x"', '{"max_budget":1,"max_budget":2}', '{"a":1}x']) {
    const got = await call('POST', '/key/generate', body);
    assert.equal(got.status, 400, `${body}: ${got.text}`);
  }
  assert.equal((await get('/key/list?size=100')).total_count, before.total_count);
  assert.equal((await get(`/key/info?key=${key}`)).info.rpm_limit, null);
});

test('money is exact', async () => {
  const key = await generate('{"max_budget":123456789.987654321,"soft_budget":"0.000000001"}');
  const {text} = await call('GET', `/key/info?key=${key}`);
  assert.match(text, /"max_budget":123456789\.987654321[,}]/);
  assert.match(text, /"soft_budget":0\.000000001[,}]/);
});

test('what was made is there after a start, and no key is anywhere', async () => {
  const key = await generate({key_alias: 'lasting', max_budget: 2, budget_duration: '30d'});
  assert.equal((await chat(key)).status, 200);
  await post(`/key/${key}/reset_spend`, {reset_to: 0});
  assert.equal((await chat(key)).status, 200);
  const before = (await get(`/key/info?key=${key}`)).info;
  await gateway.stop();
  const {data, output} = gateway;
  gateway = await startGateway(config, {data});
  const {info} = await get(`/key/info?key=${key}`);
  assert.equal(info.key_alias, 'lasting');
  assert.equal(info.spend, before.spend);
  assert.equal((await chat(key)).status, 200);
  const files = fs.readdirSync(data).map(name => fs.readFileSync(path.join(data, name), 'latin1'));
  const listed = await call('GET', '/key/list?return_full_object=true&size=100');
  for (const secret of [...secrets, masterKey])
    for (const text of [output, listed.text, ...files]) assert.ok(!text.includes(secret), 'a key was written down');
});

test('no program complained', endAll);
