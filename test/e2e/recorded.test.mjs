// Recorded answers of the providers, from ../shared/fixtures, served by the scripted upstreams to every client: each
// must read the same text and the same calls that the provider wrote.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {masterKey, skip, sourceDir} from './harness.mjs';
import {all, finish, load, startMatrix} from './matrix.mjs';

function fixtures() {
  const roots = process.env.COGATE_SHARED ? [process.env.COGATE_SHARED] : [];
  for (let at = sourceDir; roots.length === 0 && path.dirname(at) !== at; at = path.dirname(at)) {
    const beside = path.join(path.dirname(at), 'shared');
    if (fs.existsSync(beside)) roots.push(beside);
  }
  const folder = path.join(roots[0] ?? '', 'fixtures');
  return fs.existsSync(path.join(folder, 'INDEX.md')) ? folder : skip('shared/fixtures is not there');
}
const root = fixtures();

const OpenAI = await load('openai');
const {default: Anthropic} = await load('@anthropic-ai/sdk');
const withGoogle = Number(process.versions.node.split('.')[0]) >= 20;
if (!withGoogle) console.log('# @google/genai is left out: it needs Node 20');
const {GoogleGenAI} = withGoogle ? await load('@google/genai') : {};
const matrix = await startMatrix();
const {gateway, upstreams} = matrix;

// ---- what a provider wrote: {text, calls: [[name, arguments]]}

const events = bytes =>
  bytes
    .toString()
    .split(/\r?\n/)
    .filter(line => line.startsWith('data:') && !line.includes('[DONE]'))
    .map(line => JSON.parse(line.slice(5)));
const lines = bytes =>
  bytes
    .toString()
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
const parsed = text => JSON.parse(text || '{}');
const isList = body => (Array.isArray(body) ? body : [body]);

/// Strings of arguments that come in pieces, by the place of the call.
class Pieces {
  calls = new Map();
  add(at, name, text) {
    const call = this.calls.get(at) ?? {name: '', text: ''};
    this.calls.set(at, {name: call.name || (name ?? ''), text: call.text + (text ?? '')});
  }
  all() {
    return [...this.calls.values()].map(call => [call.name, parsed(call.text)]);
  }
}

const contentText = content =>
  typeof content === 'string'
    ? content
    : (content ?? [])
        .filter(part => part.type === 'text')
        .map(part => part.text)
        .join('');

const read = {
  openai_chat: {
    whole({choices: [{message}]}) {
      return {
        text: contentText(message.content) + (message.refusal ?? ''),
        calls: (message.tool_calls ?? []).map(call =>
          call.custom
            ? [call.custom.name, {input: call.custom.input}]
            : [call.function.name, parsed(call.function.arguments)],
        ),
      };
    },
    stream(bytes) {
      const pieces = new Pieces();
      let text = '';
      for (const {choices = []} of events(bytes))
        for (const {index, delta} of choices) {
          if (index) continue;
          text += contentText(delta?.content) + (delta?.refusal ?? '');
          for (const call of delta?.tool_calls ?? [])
            pieces.add(call.index ?? call.id, call.function?.name, call.function?.arguments);
        }
      return {text, calls: pieces.all()};
    },
  },
  openai_responses: {
    whole({output}) {
      const parts = output.filter(item => item.type === 'message').flatMap(item => item.content);
      return {
        text: parts.map(part => part.text ?? part.refusal ?? '').join(''),
        calls: output
          .filter(item => item.type === 'function_call' || item.type === 'custom_tool_call')
          .map(item => [
            item.name,
            item.arguments === undefined ? {input: item.input} : parsed(item.arguments),
          ]),
      };
    },
    stream(bytes) {
      const last = events(bytes).findLast(event => event.response);
      return this.whole(last.response);
    },
  },
  anthropic_messages: {
    whole({content}) {
      const uses = content.filter(block => block.type === 'tool_use');
      return {text: contentText(content), calls: uses.map(use => [use.name, use.input])};
    },
    stream(bytes) {
      const pieces = new Pieces();
      const kinds = [];
      let text = '';
      for (const event of events(bytes)) {
        if (event.type === 'content_block_start') {
          kinds[event.index] = event.content_block.type;
          text += event.content_block.type === 'text' ? event.content_block.text : '';
          if (event.content_block.type === 'tool_use') pieces.add(event.index, event.content_block.name, '');
        }
        if (event.type !== 'content_block_delta') continue;
        if (event.delta.type === 'text_delta') text += event.delta.text;
        if (event.delta.type === 'input_json_delta' && kinds[event.index] === 'tool_use')
          pieces.add(event.index, '', event.delta.partial_json);
      }
      return {text, calls: pieces.all()};
    },
  },
  gemini: {
    whole(body) {
      const candidates = isList(body).flatMap(one => one.candidates ?? []);
      const parts = candidates.flatMap(one => (one.index ? [] : (one.content?.parts ?? [])));
      return {
        text: parts
          .filter(part => part.text && !part.thought)
          .map(part => part.text)
          .join(''),
        calls: parts
          .filter(part => part.functionCall)
          .map(({functionCall}) => [functionCall.name, functionCall.args ?? {}]),
      };
    },
    stream(bytes) {
      return this.whole(bytes.toString().trim().startsWith('[') ? JSON.parse(bytes) : events(bytes));
    },
  },
  cohere: {
    whole({message}) {
      return {
        text: contentText(message.content),
        calls: (message.tool_calls ?? []).map(call => [call.function.name, parsed(call.function.arguments)]),
      };
    },
    stream(bytes) {
      const pieces = new Pieces();
      let text = '';
      for (const {type, index, delta} of events(bytes)) {
        if (type === 'content-start' || type === 'content-delta') text += delta.message.content.text ?? '';
        const call = delta?.message?.tool_calls?.function;
        if (type === 'tool-call-start' || type === 'tool-call-delta')
          pieces.add(index, call.name, call.arguments);
      }
      return {text, calls: pieces.all()};
    },
  },
  ollama: {
    whole(body) {
      const messages = isList(body).map(one => one.message);
      const calls = messages.flatMap(message => message.tool_calls ?? []);
      return {
        text: messages.map(message => message.content).join(''),
        calls: calls.map(call => [call.function.name, call.function.arguments]),
      };
    },
    stream(bytes) {
      return this.whole(lines(bytes));
    },
  },
  bedrock_converse: {
    whole({output}) {
      const {content} = output.message;
      const uses = content.filter(block => block.toolUse && block.toolUse.type !== 'server_tool_use');
      return {
        text: content
          .flatMap(block => block.citationsContent?.content ?? [block])
          .map(block => block.text ?? '')
          .join(''),
        calls: uses.map(({toolUse}) => [toolUse.name, toolUse.input]),
      };
    },
    stream(bytes, decoded) {
      const pieces = new Pieces();
      const theirs = new Set();
      let text = '';
      for (const {payload} of lines(decoded)) {
        const {contentBlockIndex: at, start, delta} = payload;
        if (start?.toolUse?.type === 'server_tool_use') theirs.add(at);
        else if (start?.toolUse) pieces.add(at, start.toolUse.name, '');
        text += delta?.text ?? '';
        if (delta?.toolUse && !theirs.has(at)) pieces.add(at, '', delta.toolUse.input);
      }
      return {text, calls: pieces.all()};
    },
  },
};

// ---- the clients: each gives the same of what it got

const openai = new OpenAI({baseURL: gateway.base, apiKey: masterKey, maxRetries: 0});
const anthropic = new Anthropic({baseURL: gateway.root, apiKey: masterKey, maxRetries: 0});
const google =
  withGoogle &&
  new GoogleGenAI({
    apiKey: masterKey,
    vertexai: false,
    httpOptions: {baseUrl: gateway.root, retryOptions: {attempts: 1}},
  });
const messages = [{role: 'user', content: 'hello'}];

const clients = {
  async openai_chat(model, stream) {
    const answer = await openai.chat.completions.create({model, messages, stream});
    if (!stream) return read.openai_chat.whole(answer);
    const chunks = (await all(answer)).map(chunk => `data: ${JSON.stringify(chunk)}`);
    return read.openai_chat.stream(Buffer.from(chunks.join('\n')));
  },
  async openai_responses(model, stream) {
    const answer = await openai.responses.create({model, input: 'hello', stream});
    return read.openai_responses.whole(stream ? (await all(answer)).at(-1).response : answer);
  },
  async anthropic_messages(model, stream) {
    const request = {model, messages, max_tokens: 4000};
    const answer = stream
      ? await anthropic.messages.stream(request).finalMessage()
      : await anthropic.messages.create(request);
    return read.anthropic_messages.whole(answer);
  },
  async gemini(model, stream) {
    const request = {model, contents: 'hello'};
    if (stream) return read.gemini.whole(await all(await google.models.generateContentStream(request)));
    return read.gemini.whole(await google.models.generateContent(request));
  },
};

if (!withGoogle) delete clients.gemini;

// ---- the cases

const folders = {
  openai_chat: [
    'openai/chat',
    'azure/chat',
    'vllm/chat',
    'groq/chat',
    'deepseek/chat',
    'mistral/chat',
    'openrouter/chat',
    'together/chat',
    'cerebras/chat',
    'zai/chat',
    'gpustack/chat',
    'crusoe/chat',
    'perplexity/chat',
    'ollama/openai-chat',
    'huggingface/router-chat',
  ],
  openai_responses: ['openai/responses', 'azure/responses', 'bedrock-mantle/responses'],
  anthropic_messages: ['anthropic/messages'],
  gemini: [
    'gemini/generate-content',
    'gemini/stream-generate-content',
    'vertex/generate-content',
    'vertex/stream-generate-content',
  ],
  bedrock_converse: ['bedrock/converse', 'bedrock/converse-stream'],
  cohere: ['cohere/v2-chat'],
  ollama: ['ollama/native-chat'],
};

/// Errors in answers of status 200: every client must throw.
const failures = [
  'groq/chat/pa-tool-use-failed-error-streaming-0',
  'gemini/generate-content/vc-google-429-retry-info',
  'cohere/v2-chat/lc-sql-agent-0',
  'cohere/v2-chat/lc-sql-agent-1',
];
/// Cases that are no answer as it comes over the wire, with the reason.
const leftOut = {
  'anthropic/messages/sdk-incomplete_partial_json_response': 'its arguments end in the middle of a string',
};
const types = {
  'stream.txt': 'text/event-stream',
  'stream.ndjson': 'application/x-ndjson',
  'stream.bin': 'application/vnd.amazon.eventstream',
  'response.json': 'application/json',
};

function* cases() {
  for (const [dialect, where] of Object.entries(folders))
    for (const folder of where)
      for (const file of fs.existsSync(path.join(root, folder))
        ? fs.readdirSync(path.join(root, folder)).sort()
        : []) {
        const [, name, ending] = /^(.*)\.((?:stream|response)\.\w+)$/.exec(file) ?? [];
        if (!types[ending]) continue;
        const at = path.join(root, folder, name);
        const meta = fs.existsSync(`${at}.meta.json`) ? JSON.parse(fs.readFileSync(`${at}.meta.json`)) : {};
        if ((meta.status ?? 200) !== 200) continue; // errors are the business of other tests
        const decoded = `${at}.decoded.jsonl`;
        yield {
          dialect,
          name: `${folder}/${name}`,
          stream: ending.startsWith('stream') || folder.includes('stream-generate'),
          bytes: fs.readFileSync(`${at}.${ending}`),
          decoded: fs.existsSync(decoded) ? fs.readFileSync(decoded) : undefined,
          type: types[ending],
        };
      }
}

let count = 0;
for (const {dialect, name, stream, bytes, decoded, type} of cases()) {
  ++count;
  if (leftOut[name]) continue;
  if (failures.includes(name)) {
    test(`${name}, an error`, async () => {
      upstreams[dialect].override = () => ({status: 200, headers: {'content-type': type}, pieces: [bytes]});
      for (const [client, ask] of Object.entries(clients))
        await assert.rejects(ask(dialect, stream), Error, client);
      upstreams[dialect].override = undefined;
    });
    continue;
  }
  test(name, async () => {
    const wanted = stream ? read[dialect].stream(bytes, decoded) : read[dialect].whole(JSON.parse(bytes));
    upstreams[dialect].override = () => ({status: 200, headers: {'content-type': type}, pieces: [bytes]});
    const faults = [];
    for (const [client, ask] of Object.entries(clients)) {
      // An array is the answer to a request without alt=sse; the express lane always has that.
      if (client === 'gemini' && dialect === 'gemini' && stream && type === 'application/json') continue;
      try {
        assert.deepEqual(await ask(dialect, stream), wanted);
      } catch (error) {
        faults.push(`${client}: ${error.message}`);
      }
    }
    upstreams[dialect].override = undefined;
    assert.equal(faults.length, 0, faults.join('\n'));
  });
}

test('there were cases of every dialect', () => {
  console.log(`# ${count} recorded answers, each through ${Object.keys(clients).length} clients`);
  for (const [name, reason] of Object.entries(leftOut)) console.log(`# left out: ${name}: ${reason}`);
  assert.ok(count > 150);
});

finish(matrix);
