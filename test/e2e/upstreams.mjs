// Scripted upstreams that speak the providers' dialects, one server each. What they say is in scenario.mjs, how
// each dialect says it in speakers/.
import {once} from 'node:events';
import http from 'node:http';
import {atEnd, upstreamKey} from './harness.mjs';
import {breakdownText, check, play, sceneOf} from './scenario.mjs';
import * as anthropic_messages from './speakers/anthropic_messages.mjs';
import * as bedrock_converse from './speakers/bedrock_converse.mjs';
import * as cohere from './speakers/cohere.mjs';
import * as gemini from './speakers/gemini.mjs';
import * as ollama from './speakers/ollama.mjs';
import * as openai_chat from './speakers/openai_chat.mjs';
import * as openai_responses from './speakers/openai_responses.mjs';

export const speakers = {
  openai_chat,
  openai_responses,
  anthropic_messages,
  gemini,
  bedrock_converse,
  cohere,
  ollama,
};

const errors = {
  limited: 'Too many requests, slow down.',
  overloaded: 'The model is overloaded. Please try again later.',
};

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}

/// Starts the upstream of one dialect. `requests` are those it had, with what it understood and what it sent;
/// `faults` what no real provider would have taken. `override` may answer in its place: it is given the request
/// and gives {status, headers, pieces}, or nothing; a piece may be a promise of one.
export async function startSpeaker(dialect) {
  const speaker = speakers[dialect];
  const upstream = {dialect, requests: [], faults: [], override: undefined};

  function respond(seen) {
    const {method, url, headers, body} = seen;
    const special = upstream.override?.(seen);
    if (special) return special;
    if (!speaker.authorised(headers, upstreamKey)) throw new Error(`wrong credentials for ${url}`);
    if (method !== 'POST') throw new Error(`${method} ${url}`);
    const target = speaker.route(url);
    if (target?.other) return target.other(body.toString());
    if (!target) throw new Error(`nothing at ${url}`);
    const json = JSON.parse(body.toString());
    seen.scene = sceneOf(body.toString());
    if (errors[seen.scene] || seen.scene === 'context') {
      const refusal = speaker.refuse(seen.scene, errors[seen.scene]);
      const type = {'content-type': 'application/json'};
      return {...refusal, headers: {...type, ...refusal.headers}, pieces: [JSON.stringify(refusal.body)]};
    }
    const heard = speaker.hear(json, target);
    check(heard);
    seen.heard = heard;
    const answer = play(seen.scene, heard);
    if (!heard.stream) {
      const whole = JSON.stringify(speaker.whole(answer, json));
      return {status: 200, headers: {'content-type': 'application/json'}, pieces: [whole]};
    }
    let pieces = speaker.stream(answer, json);
    if (seen.scene === 'cut' || seen.scene === 'broken')
      pieces = pieces.slice(0, Math.floor(pieces.length / 2));
    if (seen.scene === 'broken') pieces.push(speaker.breakdown(breakdownText));
    return {status: 200, headers: {'content-type': speaker.streamType}, pieces};
  }

  const server = http.createServer(async (request, response) => {
    const seen = {method: request.method, url: request.url, headers: request.headers};
    try {
      seen.body = await bodyOf(request);
      upstream.requests.push(seen);
      const {status, headers, pieces} = respond(seen);
      const sent = [];
      response.writeHead(status, {...headers, 'x-request-id': 'req_e2e_1', 'request-id': 'req_e2e_1'});
      for (const piece of pieces) {
        sent.push(Buffer.from(await piece));
        response.write(sent.at(-1));
      }
      seen.sent = Buffer.concat(sent);
      response.end();
    } catch (error) {
      upstream.faults.push(`${request.url}: ${error.message}\n${seen.body}`);
      response.writeHead(400, {'content-type': 'application/json'});
      response.end(JSON.stringify({error: {message: `e2e upstream: ${error.message}`}}));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  upstream.port = server.address().port;
  upstream.root = `http://127.0.0.1:${upstream.port}`;
  upstream.last = () => upstream.requests.at(-1);
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return upstream;
}
