// The Vercel AI SDK, through each of its provider packages, over the upstreams of every dialect.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {masterKey} from './harness.mjs';
import {dialects, finish, load, startMatrix, thrown} from './matrix.mjs';
import {
  calls,
  degrees,
  prompt,
  reasoning,
  system,
  text,
  toolName,
  toolSchema,
  toolText,
  usage,
} from './scenario.mjs';

const {APICallError, generateText, jsonSchema, stepCountIs, streamText, tool} = await load('ai');
const {createOpenAI} = await load('@ai-sdk/openai');
const {createOpenAICompatible} = await load('@ai-sdk/openai-compatible');
const {createAnthropic} = await load('@ai-sdk/anthropic');
const {createGoogleGenerativeAI} = await load('@ai-sdk/google');
const matrix = await startMatrix();
const {gateway, upstreams} = matrix;

const options = {baseURL: gateway.base, apiKey: masterKey};
const openai = createOpenAI(options);
const anthropic = createAnthropic(options);
const google = createGoogleGenerativeAI({apiKey: masterKey, baseURL: `${gateway.root}/v1beta`});
const compatible = createOpenAICompatible({name: 'cogate', includeUsage: true, ...options});
/// The packages, and how each is told to think.
const packages = {
  openai: {
    model: name => openai(name),
    // Else it names earlier items instead of sending them, and the gateway keeps none.
    always: {openai: {store: false}},
    thinking: {
      openai: {store: false, reasoningEffort: 'low', reasoningSummary: 'auto', forceReasoning: true},
    },
  },
  'openai.chat': {model: name => openai.chat(name)}, // has no place for reasoning
  'openai-compatible': {
    model: name => compatible(name),
    thinking: {cogate: {reasoningEffort: 'low'}},
  },
  anthropic: {
    model: name => anthropic(name),
    thinking: {anthropic: {thinking: {type: 'enabled', budgetTokens: 2000}}},
  },
  google: {
    model: name => google(name),
    thinking: {google: {thinkingConfig: {includeThoughts: true, thinkingBudget: 2000}}},
  },
};

/// One call, with its step's results in one shape.
async function call(stream, request) {
  const common = {maxRetries: 0, ...request};
  if (!stream) {
    const {text, reasoningText, usage, totalUsage, finishReason, steps} = await generateText(common);
    return {text, reasoningText, usage, totalUsage, finishReason, steps};
  }
  let failed;
  const answer = streamText({
    ...common,
    onError: ({error}) => {
      failed = error;
    },
  });
  let streamed = '';
  for await (const part of answer.fullStream) if (part.type === 'text-delta') streamed += part.text;
  if (failed) throw Object.assign(failed, {streamed});
  return {
    streamed,
    text: await answer.text,
    reasoningText: await answer.reasoningText,
    usage: await answer.usage,
    finishReason: await answer.finishReason,
    steps: await answer.steps,
  };
}

for (const [name, {model, always, thinking}] of Object.entries(packages))
  for (const dialect of dialects) {
    const to = `${name} to ${dialect}`;
    for (const stream of [false, true]) {
      const how = stream ? ', streamed' : '';
      const ask = (scene, more = {}) =>
        call(stream, {
          model: model(dialect),
          system,
          prompt: prompt(scene),
          ...(always && {providerOptions: always}),
          ...more,
        });

      test(`${to}: a text${how}`, async () => {
        const answer = await ask('text');
        assert.equal(answer.text, text);
        assert.equal(answer.finishReason, 'stop');
        assert.equal(answer.usage.inputTokens, usage.prompt);
        assert.equal(answer.usage.outputTokens, usage.completion);
        assert.equal(upstreams[dialect].last().heard.system, system);
      });

      test(`${to}: a tool loop${how}`, async () => {
        const asked = [];
        const weather = tool({
          description: toolText,
          inputSchema: jsonSchema(toolSchema),
          execute: async input => {
            asked.push(input);
            return degrees[input.city];
          },
        });
        const answer = await ask('tool', {tools: {[toolName]: weather}, stopWhen: stepCountIs(4)});
        assert.deepEqual(
          asked,
          calls.map(one => one.args),
        );
        assert.equal(answer.steps.length, 2);
        assert.match(answer.text, /^It is .*21 degrees.* and .*30 degrees.*\.$/);
        assert.equal(answer.steps[0].finishReason, 'tool-calls');
      });

      if (thinking)
        test(`${to}: reasoning${how}`, async () => {
          const answer = await ask('think', {providerOptions: thinking});
          assert.equal(answer.reasoningText, reasoning);
          assert.equal(answer.text, text);
          const {heard} = upstreams[dialect].last();
          assert.ok(heard.effort ?? heard.thinking, 'the wish to think arrived');
        });

      for (const [scene, status] of [
        ['limited', 429],
        ['context', 400],
      ])
        test(`${to}: an error of status ${status}${how}`, async () => {
          const error = await thrown(ask(scene));
          assert.ok(APICallError.isInstance(error), String(error));
          assert.equal(error.statusCode, status);
          assert.equal(error.isRetryable, status === 429);
        });
    }

    test(`${to}: a stream that is cut off is an error`, async () => {
      let failed;
      const answer = streamText({
        model: model(dialect),
        prompt: prompt('cut'),
        maxRetries: 0,
        onError: ({error}) => {
          failed = error;
        },
      });
      let got = '';
      try {
        for await (const part of answer.fullStream) if (part.type === 'text-delta') got += part.text;
      } catch (error) {
        failed ??= error; // the connection's end, which overtakes the event before it
      }
      assert.ok(text.startsWith(got) && got !== text);
      assert.ok(failed, 'the cut was not told');
    });
  }

finish(matrix);
