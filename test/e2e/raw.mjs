// An HTTP client that sends exactly the bytes it is given and tells exactly how the answer ended.
import net from 'node:net';
import {atEnd, within} from './harness.mjs';

/// Finds one whole answer at the front of `bytes`; undefined while it is not whole.
/// `over`: the peer has closed, which ends an answer without a length.
function parse(bytes, {head: headOnly = false, over = false} = {}) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first + ' ')?.[1]);
  if (!status) throw new Error(`not an HTTP answer: ${first}`);
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (name in headers) throw new Error(`the header ${name} came twice`);
    headers[name] = line.slice(colon + 1).trim();
  }
  const made = (body, used, framing) => ({
    status,
    headers,
    body,
    text: body.toString('utf8'),
    used,
    framing,
    json() {
      return JSON.parse(this.text);
    },
  });
  const start = end + 4;
  if (headOnly || status === 204 || status === 304 || status < 200)
    return made(Buffer.alloc(0), start, 'none');
  if (headers['transfer-encoding'] === 'chunked') {
    const parts = [];
    let at = start;
    for (;;) {
      const line = bytes.indexOf('\r\n', at);
      if (line < 0) return undefined;
      const size = parseInt(bytes.subarray(at, line).toString('latin1'), 16);
      if (Number.isNaN(size)) throw new Error('a chunk without a size');
      if (bytes.length < line + 2 + size + 2) return undefined;
      parts.push(bytes.subarray(line + 2, line + 2 + size));
      at = line + 2 + size + 2;
      if (size === 0) return made(Buffer.concat(parts), at, 'chunked');
    }
  }
  if ('content-length' in headers) {
    const size = Number(headers['content-length']);
    if (bytes.length < start + size) return undefined;
    return made(bytes.subarray(start, start + size), start + size, 'length');
  }
  return over ? made(bytes.subarray(start), bytes.length, 'close') : undefined;
}

/// A connection. `received` is what has come and was not taken; `ended` is undefined, 'fin' or 'reset'.
export class Connection {
  static async open(port, host = '127.0.0.1') {
    const made = new Connection();
    made.received = Buffer.alloc(0);
    made.waiters = [];
    made.socket = net.connect({port, host, noDelay: true, allowHalfOpen: true});
    atEnd(() => made.socket.destroy());
    made.socket.on('data', piece => {
      made.received = Buffer.concat([made.received, piece]);
      made.wake();
    });
    made.socket.on('end', () => {
      made.ended ??= 'fin';
      made.wake();
    });
    made.socket.on('error', error => {
      made.ended ??= error.code === 'ECONNRESET' ? 'reset' : error.code;
      made.wake();
    });
    made.socket.on('close', () => {
      made.ended ??= 'reset';
      made.wake();
    });
    await within(
      'a connection',
      new Promise((resolve, reject) => {
        made.socket.once('connect', resolve).once('error', reject);
      }),
    );
    return made;
  }

  wake() {
    for (const waiter of this.waiters.splice(0)) waiter();
  }

  send(bytes) {
    if (!this.socket.destroyed) this.socket.write(bytes);
    return this;
  }

  /// Waits until `test()` holds or the peer has ended the connection.
  async wait(what, test) {
    const loop = async () => {
      for (;;) {
        const value = test();
        if (value || this.ended) return value;
        await new Promise(resolve => this.waiters.push(resolve));
      }
    };
    return within(what, loop());
  }

  /// The next whole answer, or undefined when the connection ended before it was whole.
  async response(options) {
    const found =
      (await this.wait('an answer', () => parse(this.received, options))) ??
      parse(this.received, {...options, over: true});
    if (found) this.received = this.received.subarray(found.used);
    return found;
  }

  /// Waits until the received bytes hold `text`.
  seen(text) {
    return this.wait(`the bytes ${JSON.stringify(text)}`, () => this.received.includes(text));
  }

  /// All bytes until the peer ends the connection.
  async rest() {
    await within(
      'the end of the connection',
      (async () => {
        while (!this.ended) await new Promise(resolve => this.waiters.push(resolve));
      })(),
    );
    return this.received.toString('latin1');
  }

  close() {
    this.socket.destroy();
  }
  reset() {
    this.socket.resetAndDestroy();
  }
}

/// The bytes of a request; `body` may be an object (sent as JSON), text or bytes.
export function request(method, target, {key, headers = {}, body, host = 'gateway', length = true} = {}) {
  const bytes =
    body === undefined
      ? Buffer.alloc(0)
      : Buffer.isBuffer(body)
        ? body
        : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const lines = [`${method} ${target} HTTP/1.1`, `host: ${host}`];
  if (key) lines.push(`authorization: Bearer ${key}`);
  if (body !== undefined && !('content-type' in headers)) lines.push('content-type: application/json');
  if (body !== undefined && length) lines.push(`content-length: ${bytes.length}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return Buffer.concat([Buffer.from(lines.join('\r\n') + '\r\n\r\n', 'latin1'), bytes]);
}

/// One request on a connection of its own, which is read to the answer's end.
export async function exchange(port, bytes, options) {
  const connection = await Connection.open(port);
  try {
    return await connection.send(bytes).response(options);
  } finally {
    connection.close();
  }
}

/// The payloads of the events of a stream.
export function events(text) {
  return text.split(/\r?\n\r?\n/).flatMap(block => {
    const data = block.split(/\r?\n/).filter(line => line.startsWith('data:'));
    return data.length ? [data.map(line => line.slice(5).replace(/^ /, '')).join('\n')] : [];
  });
}
