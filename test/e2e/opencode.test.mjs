// A coding agent, opencode, edits a file through the gateway: it speaks OpenAI's dialect, the upstream another.
// Its program is in npm's package for the platform, and is installed here once, apart from the others: 180 MB.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {masterKey, npmDir, Program, scratch, skip} from './harness.mjs';
import {finish, startMatrix} from './matrix.mjs';
import {speakers} from './upstreams.mjs';

const version = '1.18.33';

function agent() {
  if (process.platform !== 'linux' || process.arch !== 'x64') skip('opencode is used on linux-x64 only');
  // The plain build needs AVX2.
  const modern = /\bavx2\b/.test(fs.readFileSync('/proc/cpuinfo', 'utf8'));
  const name = `opencode-linux-x64${modern ? '' : '-baseline'}`;
  const folder = process.env.COGATE_NPM_OPENCODE_DIR ?? path.join(path.dirname(npmDir), 'npm-opencode');
  const program = path.join(folder, 'node_modules', name, 'bin', 'opencode');
  if (fs.existsSync(program)) return program;
  fs.mkdirSync(folder, {recursive: true});
  if (!fs.existsSync(path.join(folder, 'package.json')))
    fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--package-lock=false'];
  const done = spawnSync('npm', ['install', ...flags, `${name}@${version}`], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 80_000,
  });
  if (done.status !== 0)
    skip(`npm could not install ${name}@${version}: ${(done.stderr ?? '').trim().split('\n')[0]}`);
  return program;
}

const program = agent();
const matrix = await startMatrix();
const {gateway, upstreams} = matrix;

/// What the model says in the task: read the file, edit it, done. Without tools it is asked for a title.
function script(heard, file) {
  const answer = {
    id: `e2e${heard.results.length}`,
    model: heard.model,
    signature: 'c2ln',
    words: [],
    calls: [],
    finish: 'stop',
    usage: {prompt: 40, cached: 10, completion: 15, reasoning: 0},
  };
  const use = (id, name, args) => {
    answer.calls = [{id, name, args}];
    answer.finish = 'tool_calls';
  };
  if (heard.tools.length === 0) answer.words = ['A title'];
  else if (heard.results.length === 0) use('call_read_00000001', 'read', {filePath: file});
  else if (heard.results.length === 1)
    use('call_edit_00000001', 'edit', {filePath: file, oldString: 'helo', newString: 'hello'});
  else answer.words = ['The word ', 'is corrected.'];
  return answer;
}

for (const dialect of ['anthropic_messages', 'gemini', 'openai_responses', 'bedrock_converse'])
  test(`opencode edits a file with a model that speaks ${dialect}`, async () => {
    const home = path.join(scratch(), dialect);
    const work = path.join(home, 'work');
    const file = path.join(work, 'greeting.txt');
    fs.mkdirSync(work, {recursive: true});
    fs.writeFileSync(file, 'helo world\n');
    const provider = {
      npm: '@ai-sdk/openai-compatible',
      name: 'gw',
      options: {baseURL: gateway.base, apiKey: masterKey},
      models: {[dialect]: {name: 'scripted'}},
    };
    const model = `gw/${dialect}`;
    const config = {
      model,
      small_model: model,
      autoupdate: false,
      share: 'disabled',
      provider: {gw: provider},
    };
    fs.writeFileSync(path.join(work, 'opencode.json'), JSON.stringify(config));

    const turns = [];
    const speaker = speakers[dialect];
    upstreams[dialect].override = seen => {
      const target = speaker.route(seen.url);
      const body = JSON.parse(seen.body);
      const heard = speaker.hear(body, target);
      if (heard.tools.length) turns.push(heard);
      assert.ok(heard.stream);
      const pieces = speaker.stream(script(heard, file), body);
      return {status: 200, headers: {'content-type': speaker.streamType}, pieces};
    };
    const run = new Program(program, ['run', 'Correct the spelling in greeting.txt'], {
      cwd: work,
      env: {
        HOME: home,
        XDG_DATA_HOME: path.join(home, 'data'),
        XDG_CONFIG_HOME: path.join(home, 'config'),
        XDG_CACHE_HOME: path.join(home, 'cache'),
        XDG_STATE_HOME: path.join(home, 'state'),
        OPENCODE_DISABLE_MODELS_FETCH: '1',
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      },
    });
    assert.equal(await run.code(), 0, run.output);
    assert.match(run.output, /The word is corrected\./);
    assert.equal(fs.readFileSync(file, 'utf8'), 'hello world\n', run.output);
    assert.equal(turns.length, 3);
    assert.match(turns[1].results[0].text, /helo world/);
    assert.deepEqual(
      turns[2].called.map(call => call.name),
      ['read', 'edit'],
    );
    for (const tool of ['read', 'edit', 'bash'])
      assert.ok(
        turns[0].tools.some(one => one.name === tool && one.schema.properties),
        `the tool ${tool}`,
      );
  });

finish(matrix);
