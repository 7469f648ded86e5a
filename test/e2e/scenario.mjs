// What the scripted upstreams say, whatever their dialect. A test names the scene in its prompt: "[scene:tool]".
import assert from 'node:assert/strict';

/// Not only ASCII, so that a wrong count of bytes shows.
export const words = ['The sky ', 'is blue \u2013 ', '\u84dd\u8272, ', 'says Rayleigh \u{1f600}.'];
export const text = words.join('');
export const thoughts = ['Light scatters; ', 'short waves ', 'scatter more.'];
export const reasoning = thoughts.join('');
/// Opaque to everyone but its maker; base64, as the providers have it.
export const signature = Buffer.from('a signature of the upstream').toString('base64');
export const usage = {prompt: 40, cached: 10, completion: 15, reasoning: 5};
export const calls = [
  {id: 'call_e2e_paris_0000000001', name: 'weather', args: {city: 'Paris'}},
  {id: 'call_e2e_rome_00000000002', name: 'weather', args: {city: 'R\u00f6m'}},
];
export const degrees = {Paris: '21 degrees', 'R\u00f6m': '30 degrees'};
export const lastWords = 'It is 21 degrees and 30 degrees.';
export const retryAfter = 7;
/// The provider's words when it breaks off a stream.
export const breakdownText = 'A pipe burst in the machine room.';

/// The JSON Schema of the one tool there is.
export const toolName = 'weather';
export const toolText = 'tells the weather of a city';
export const toolSchema = {
  type: 'object',
  properties: {city: {type: 'string', description: 'its name'}},
  required: ['city'],
};
export const prompt = scene => `Why is the sky blue? [scene:${scene}]`;
export const system = 'You are terse.';

export const sceneOf = body => /\[scene:([a-z_]+)\]/.exec(body)?.[1] ?? 'text';

/// What a speaker found in a request: {model, stream, system, tools, results: [{id, name, text}], signatures}.
/// Throws when the request would not do for a real provider.
export function check(heard) {
  for (const tool of heard.tools) {
    assert.equal(tool.name, toolName);
    assert.equal(tool.description, toolText);
    assert.deepEqual(Object.keys(tool.schema.properties), ['city']);
    assert.equal(tool.schema.properties.city.type.toLowerCase(), 'string');
    assert.deepEqual(tool.schema.required, ['city']);
  }
  for (const result of heard.results) {
    assert.ok(
      heard.called.some(call => call.id === result.id && call.name === result.name),
      `a result for ${JSON.stringify(result)} but calls ${JSON.stringify(heard.called)}`,
    );
  }
  for (const call of heard.called) assert.equal(typeof call.args, 'object');
}

/// The answer to a request.
export function play(scene, heard) {
  const answer = {
    id: 'e2e0000000000000000001',
    model: heard.model,
    reasoning: undefined,
    signature,
    words: [],
    calls: [],
    finish: 'stop',
    usage: {...usage, reasoning: 0},
  };
  const think = () => {
    answer.reasoning = thoughts;
    answer.usage.reasoning = usage.reasoning;
  };
  if (scene.startsWith('think')) think();
  if (scene.endsWith('tool')) {
    assert.equal(heard.tools.length, 1, 'the tool did not arrive');
    if (heard.results.length === 0) {
      answer.calls = calls;
      answer.finish = 'tool_calls';
    } else {
      assert.equal(heard.results.length, 2);
      answer.words = [`It is ${heard.results.map(result => result.text).join(' and ')}.`];
    }
    return answer;
  }
  answer.words = words;
  if (scene === 'length') answer.finish = 'length';
  return answer;
}
