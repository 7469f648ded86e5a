// The official Anthropic client over the upstreams of every dialect.
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
  retryAfter,
  signature,
  system,
  text,
  toolName,
  toolSchema,
  toolText,
  usage,
} from './scenario.mjs';

const {default: Anthropic} = await load('@anthropic-ai/sdk');
const matrix = await startMatrix();
const {gateway, upstreams} = matrix;
const client = new Anthropic({baseURL: gateway.root, apiKey: masterKey, maxRetries: 0});

const tools = [{name: toolName, description: toolText, input_schema: toolSchema}];
const ask = (model, scene, more = {}) =>
  client.messages.create({
    model,
    max_tokens: 4000,
    system,
    messages: [{role: 'user', content: prompt(scene)}],
    ...more,
  });
/// Those whose reasoning comes with a signature, and want it back.
const signs = ['anthropic_messages', 'bedrock_converse'];

function checkUsage(got, dialect) {
  const cached = dialect === 'ollama' ? 0 : usage.cached;
  assert.equal(got.input_tokens, usage.prompt - cached);
  assert.equal(got.cache_read_input_tokens ?? 0, cached);
  assert.equal(got.output_tokens, usage.completion);
}

for (const dialect of dialects) {
  const upstream = upstreams[dialect];

  test(`${dialect}: a text`, async () => {
    const answer = await ask(dialect, 'text');
    assert.equal(answer.type, 'message');
    assert.equal(answer.role, 'assistant');
    assert.ok(answer.id);
    assert.deepEqual(
      answer.content.map(block => [block.type, block.text]),
      [['text', text]],
    );
    assert.equal(answer.stop_reason, 'end_turn');
    checkUsage(answer.usage, dialect);
    assert.equal(upstream.last().heard.system, system);
  });

  test(`${dialect}: a stream`, async () => {
    const events = await all(await ask(dialect, 'text', {stream: true}));
    const kinds = events.map(event => event.type).filter(type => type !== 'ping');
    assert.equal(kinds[0], 'message_start');
    assert.deepEqual(kinds.slice(-2), ['message_delta', 'message_stop']);
    assert.equal(kinds.filter(kind => kind === 'content_block_start').length, 1);
    assert.equal(kinds.filter(kind => kind === 'content_block_stop').length, 1);
    assert.equal(events.map(event => event.delta?.text ?? '').join(''), text);
    const message = await client.messages
      .stream({model: dialect, max_tokens: 400, messages: [{role: 'user', content: prompt('text')}]})
      .finalMessage();
    assert.equal(message.content[0].text, text);
    assert.equal(message.stop_reason, 'end_turn');
    checkUsage(message.usage, dialect);
  });

  for (const scene of ['tool', 'think_tool'])
    for (const stream of [false, true])
      test(`${dialect}: a ${scene} loop${stream ? ', streamed' : ''}`, async () => {
        const messages = [{role: 'user', content: prompt(scene)}];
        const request = {model: dialect, max_tokens: 4000, tools, messages};
        if (scene === 'think_tool') request.thinking = {type: 'enabled', budget_tokens: 2000};
        const round = () =>
          stream ? client.messages.stream(request).finalMessage() : client.messages.create(request);
        const first = await round();
        assert.equal(first.stop_reason, 'tool_use');
        const uses = first.content.filter(block => block.type === 'tool_use');
        assert.deepEqual(
          uses.map(use => [use.name, use.input]),
          calls.map(call => [call.name, call.args]),
        );
        assert.equal(new Set(uses.map(use => use.id)).size, 2);
        messages.push({role: 'assistant', content: first.content});
        messages.push({
          role: 'user',
          content: uses.map(use => ({
            type: 'tool_result',
            tool_use_id: use.id,
            content: degrees[use.input.city],
          })),
        });
        const second = await round();
        assert.equal(second.content.find(block => block.type === 'text').text, lastWords);
        assert.equal(second.stop_reason, 'end_turn');
        if (scene === 'think_tool' && signs.includes(dialect))
          assert.deepEqual(upstream.last().heard.signatures, [signature]);
      });

  for (const stream of [false, true])
    test(`${dialect}: thinking${stream ? ', streamed' : ''}`, async () => {
      const thinking = {type: 'enabled', budget_tokens: 2000};
      const answer = stream
        ? await client.messages
            .stream({
              model: dialect,
              max_tokens: 4000,
              thinking,
              messages: [{role: 'user', content: prompt('think')}],
            })
            .finalMessage()
        : await ask(dialect, 'think', {thinking});
      // What OpenAI encrypts has no text, and so is a block of its own.
      const blocks = answer.content.filter(block => block.type !== 'redacted_thinking');
      assert.equal(answer.content.length - blocks.length, dialect === 'openai_responses' ? 1 : 0);
      assert.deepEqual(
        blocks.map(block => [block.type, block.thinking ?? block.text]),
        [
          ['thinking', reasoning],
          ['text', text],
        ],
      );
      if (signs.includes(dialect)) assert.equal(answer.content[0].signature, signature);
      const {heard} = upstream.last();
      assert.ok(heard.effort ?? heard.thinking, 'the wish to think arrived');
    });

  test(`${dialect}: the end for length`, async () => {
    assert.equal((await ask(dialect, 'length')).stop_reason, 'max_tokens');
    const events = await all(await ask(dialect, 'length', {stream: true}));
    assert.equal(events.at(-2).delta.stop_reason, 'max_tokens');
  });

  for (const stream of [false, true]) {
    const how = stream ? ', streamed' : '';
    test(`${dialect}: too many requests${how}`, async () => {
      const error = await thrown(ask(dialect, 'limited', {stream}));
      assert.ok(error instanceof Anthropic.RateLimitError, String(error));
      assert.equal(error.error.type, 'error');
      assert.equal(error.error.error.type, 'rate_limit_error');
      assert.match(error.message, /Too many requests/);
      assert.equal(error.headers.get('retry-after'), String(retryAfter));
    });

    test(`${dialect}: overloaded${how}`, async () => {
      const error = await thrown(ask(dialect, 'overloaded', {stream}));
      assert.ok(error instanceof Anthropic.InternalServerError, String(error));
      assert.equal(error.status, 529);
      assert.equal(error.error.error.type, 'overloaded_error');
    });

    test(`${dialect}: the context window${how}`, async () => {
      const error = await thrown(ask(dialect, 'context', {stream}));
      assert.ok(error instanceof Anthropic.BadRequestError, String(error));
      assert.equal(error.error.error.type, 'invalid_request_error');
    });
  }

  test(`${dialect}: a stream that the provider breaks off is an error in its words`, async () => {
    const error = await thrown(ask(dialect, 'broken', {stream: true}).then(all));
    assert.ok(error instanceof Anthropic.APIError, String(error));
    assert.match(error.message, new RegExp(breakdownText));
    assert.equal(error.error.error.type, 'api_error');
  });

  test(`${dialect}: a stream that is cut off is an error`, async () => {
    let got = '';
    const error = await thrown(
      (async () => {
        for await (const event of await ask(dialect, 'cut', {stream: true})) got += event.delta?.text ?? '';
      })(),
    );
    assert.ok(error instanceof Anthropic.APIError, String(error));
    assert.ok(got.length > 0 && text.startsWith(got) && got !== text);
  });
}

test('the same dialect on both sides passes every byte', async () => {
  const names = {model: 'anthropic_messages', as: 'claude-sonnet-4-5'};
  const upstream = upstreams.anthropic_messages;
  const odd = {metadata: {user_id: 'me'}, unknown_member: {deep: [1, 2.5, null]}};
  await ask('anthropic_messages', 'text', odd);
  await assertExpress(upstream, names);
  await all(await ask('anthropic_messages', 'think', {...odd, stream: true}));
  await assertExpress(upstream, names);
  await all(await ask('anthropic_messages', 'tool', {tools, stream: true}));
  await assertExpress(upstream, names);
  const version = wire.at(-1).headers.get('anthropic-version');
  assert.equal(upstream.last().headers['anthropic-version'], version);
});

test('both headers of a key will do, a wrong key will not', async () => {
  const bearer = new Anthropic({baseURL: gateway.root, authToken: masterKey, apiKey: null, maxRetries: 0});
  const request = {model: 'gemini', max_tokens: 9, messages: [{role: 'user', content: prompt('text')}]};
  assert.equal((await bearer.messages.create(request)).content[0].text, text);
  const header = await fetch(`${gateway.root}/v1/messages`, {
    method: 'POST',
    headers: {'content-type': 'application/json', 'x-api-key': masterKey},
    body: JSON.stringify(request),
  });
  assert.equal(header.status, 200);
  await header.text();
  const stranger = new Anthropic({baseURL: gateway.root, apiKey: 'sk-wrong', maxRetries: 0});
  const error = await thrown(stranger.messages.create(request));
  assert.ok(error instanceof Anthropic.AuthenticationError, String(error));
  assert.equal(error.error.error.type, 'authentication_error');
});

test('an unknown model is a NotFoundError', async () => {
  const error = await thrown(ask('no-such-model', 'text'));
  assert.ok(error instanceof Anthropic.NotFoundError, String(error));
  assert.equal(error.error.error.type, 'not_found_error');
});

test('tokens are counted by the provider where it can, else by the gateway', async () => {
  const request = {messages: [{role: 'user', content: 'hello'}]};
  const counted = await client.messages.countTokens({model: 'anthropic_messages', ...request});
  assert.equal(counted.input_tokens, 42);
  const before = [upstreams.openai_chat.last(), upstreams.cohere.last()];
  const own = await client.messages.countTokens({model: 'openai_chat', ...request});
  assert.equal(own.input_tokens, 8); // 3 for the message, its role, its word, 3 for the reply
  assert.equal((await client.messages.countTokens({model: 'cohere', ...request})).input_tokens, 8);
  assert.deepEqual([upstreams.openai_chat.last(), upstreams.cohere.last()], before); // nobody was asked
  const error = await thrown(client.messages.countTokens({model: 'no-such-model', ...request}));
  assert.ok(error instanceof Anthropic.NotFoundError, String(error));
  const bad = await thrown(client.messages.countTokens({model: 'cohere', messages: 'none'}));
  assert.equal(bad.status, 400);
});

finish(matrix);
