// What a call cost, said in its usage: on the wish of the request (OpenRouter's), and in streams where the operator says so
// (LiteLLM's include_cost_in_streaming_usage). With the official OpenAI client, on both lanes.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {masterKey, startGateway, upstreamKey} from './harness.mjs';
import {all, finish, load, startMatrix, wire} from './matrix.mjs';
import {prompt, usage} from './scenario.mjs';
import {speakers} from './upstreams.mjs';

const OpenAI = await load('openai');
const price = {input_cost_per_token: '0.000001', output_cost_per_token: '0.000002', cache_read_input_token_cost: '0'};
const priced = (dialect, root) => ({
  model_name: `priced-${dialect}`,
  litellm_params: {api_key: upstreamKey, ...speakers[dialect].deployment(root), ...price},
});
const lanes = ['openai_chat', 'anthropic_messages'];
const more = upstreams => [
  ...lanes.map(dialect => priced(dialect, upstreams[dialect].root)),
  {
    model_name: 'unpriced',
    litellm_params: {model: 'openai/nobody-knows', api_base: `${upstreams.openai_chat.root}/v1`, api_key: upstreamKey},
  },
];
const matrix = await startMatrix({more});
const {gateway, upstreams} = matrix;
const telling = await startGateway({
  model_list: more(upstreams),
  litellm_settings: {include_cost_in_streaming_usage: true},
});
const clientOf = at => new OpenAI({baseURL: at.base, apiKey: masterKey, maxRetries: 0});
const client = clientOf(gateway);
const teller = clientOf(telling);

const request = (model, extra = {}) => ({model, messages: [{role: 'user', content: prompt('text')}], ...extra});
const asks = {usage: {include: true}};
const streams = {stream: true, stream_options: {include_usage: true}};
const cost = Number(((usage.prompt - usage.cached + 2 * usage.completion) * 1e-6).toFixed(9));
const usageOf = chunks => chunks.filter(chunk => chunk.usage).map(chunk => chunk.usage);

for (const dialect of lanes) {
  const model = `priced-${dialect}`;

  test(`${dialect}: a whole answer says what it cost to who asks, and only to them`, async () => {
    const told = await client.chat.completions.create(request(model, asks));
    assert.equal(told.usage.cost, cost);
    assert.equal(told.usage.total_tokens, usage.prompt + usage.completion);
    assert.equal('usage' in JSON.parse(upstreams[dialect].last().body), false);
    for (const extra of [{}, {usage: {include: false}}]) {
      const plain = await client.chat.completions.create(request(model, extra));
      assert.equal('cost' in plain.usage, false);
      assert.equal('usage' in JSON.parse(upstreams[dialect].last().body), false);
    }
    assert.equal('cost' in (await teller.chat.completions.create(request(model))).usage, false);
  });

  test(`${dialect}: a stream whose request asks has one usage chunk, with the cost`, async () => {
    for (const extra of [{stream: true}, streams]) {
      const chunks = await all(await client.chat.completions.create(request(model, {...extra, ...asks})));
      const told = usageOf(chunks);
      assert.equal(told.length, 1);
      assert.equal(told[0].cost, cost);
      assert.equal(told[0].total_tokens, usage.prompt + usage.completion);
      assert.equal(chunks.at(-1).choices.length, 0);
      assert.equal('usage' in JSON.parse(upstreams[dialect].last().body), false);
    }
    assert.equal('cost' in usageOf(await all(await client.chat.completions.create(request(model, streams))))[0], false);
  });

  test(`${dialect}: include_cost_in_streaming_usage`, async () => {
    const told = usageOf(await all(await teller.chat.completions.create(request(model, streams))));
    assert.equal(told.length, 1);
    assert.equal(told[0].cost, cost);
    const without = await all(await teller.chat.completions.create(request(model, {stream: true})));
    assert.deepEqual(usageOf(without), []);
  });
}

test('what a text completion cost', async () => {
  const told = await client.completions.create({model: 'priced-anthropic_messages', prompt: prompt('text'), ...asks});
  assert.equal(told.usage.cost, cost);
});

test('the cost is a plain decimal', async () => {
  wire.length = 0;
  await all(await client.chat.completions.create(request('priced-openai_chat', {...streams, ...asks})));
  const sent = String(await wire.at(-1).received);
  assert.match(sent, /"cost":0\.\d+[,}]/);
  assert.ok(sent.endsWith('data: [DONE]\n\n'));
});

test('where the price is not known there is no cost, never 0', async () => {
  const told = await client.chat.completions.create(request('unpriced', asks));
  assert.equal(told.usage.total_tokens, usage.prompt + usage.completion);
  assert.equal('cost' in told.usage, false);
  const chunks = await all(await teller.chat.completions.create(request('unpriced', {...streams, ...asks})));
  assert.equal('cost' in usageOf(chunks)[0], false);
});

test('a wish that makes no sense names its field', async () => {
  await assert.rejects(client.chat.completions.create(request('priced-openai_chat', {usage: {include: 1}})), error => {
    assert.equal(error.status, 400);
    assert.equal(error.param, 'usage.include');
    return true;
  });
});

finish(matrix);
