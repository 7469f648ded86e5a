// A scripted upstream on plain sockets, so that it can do what no HTTP server would.
import net from 'node:net';
import {once} from 'node:events';
import {atEnd} from './harness.mjs';

/// Starts one. `script(socket, request)` is called for every whole request. The socket has `closed_by_peer`
/// (a promise of the peer's end), `event(data)` and `chunk(bytes)` added; the request has its head and body.
export async function startUpstream(script) {
  const server = net.createServer({noDelay: true, allowHalfOpen: true});
  const sockets = new Set();
  const upstream = {connections: 0, requests: 0, open: 0, server};
  server.on('connection', socket => {
    ++upstream.connections;
    ++upstream.open;
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.closed_by_peer = new Promise(resolve => {
      socket.on('end', () => {
        resolve('fin');
        socket.end();
      });
      socket.on('close', () => {
        --upstream.open;
        sockets.delete(socket);
        resolve('close');
      });
    });
    socket.chunk = data => socket.write(`${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`);
    socket.event = data =>
      socket.chunk(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
    socket.on('data', piece => {
      bytes = Buffer.concat([bytes, piece]);
      for (;;) {
        const end = bytes.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = bytes.subarray(0, end).toString('latin1');
        const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
        if (bytes.length < end + 4 + length) return;
        const body = bytes.subarray(end + 4, end + 4 + length).toString('utf8');
        bytes = bytes.subarray(end + 4 + length);
        ++upstream.requests;
        script(socket, {head, body, json: () => JSON.parse(body)});
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  upstream.port = server.address().port;
  upstream.base = `http://127.0.0.1:${upstream.port}/v1`;
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return upstream;
}

export const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

export function chunkOf(model, delta, finish = null) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model,
    choices: [{index: 0, delta, finish_reason: finish}],
  };
}

export function answerOf(model, content) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model,
    choices: [{index: 0, message: {role: 'assistant', content}, finish_reason: 'stop'}],
    usage: {prompt_tokens: 1, completion_tokens: 1, total_tokens: 2},
  };
}

export function plain(status, body, headers = {}) {
  const bytes = typeof body === 'string' ? body : JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${status} Status`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(bytes)}`,
  ];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\n${bytes}`;
}
