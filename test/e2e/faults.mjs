// Ways in which an upstream misbehaves, as scripts for `startUpstream`. A row says how it answers and what
// the client of the gateway must see: the status when nothing was sent yet, or the code of the error in the
// stream. `closes`: the upstream leaves the connection open, so that the gateway has to end it.
import {slowness} from './harness.mjs';
import {answerOf, chunkOf, plain, streamHead} from './upstream.mjs';

/// The deadline between two events.
export const idle = 300 * slowness;

/// Writes every `interval` ms until the gateway leaves.
function drip(socket, interval, write) {
  const timer = setInterval(write, interval);
  socket.closed_by_peer.then(() => clearInterval(timer));
}

const html = '<html>Secret inside</html>';
const page = status =>
  `HTTP/1.1 ${status} Page\r\ncontent-type: text/html\r\ncontent-length: ${html.length}\r\n\r\n${html}`;

const good = model => ({
  first: chunkOf(model, {role: 'assistant', content: 'one '}),
  second: chunkOf(model, {content: 'two'}),
  last: chunkOf(model, {}, 'stop'),
});

/// Sends a stream's head and its first event, then does `then`.
const afterOne =
  then =>
  (socket, {model}) => {
    socket.write(streamHead);
    socket.event(good(model).first);
    then(socket, good(model));
  };
/// A whole good stream with `odd` in its middle.
const withOdd = odd =>
  afterOne((socket, {second, last}) => {
    odd(socket);
    socket.event(second);
    socket.event(last);
    socket.event('[DONE]');
    socket.write('0\r\n\r\n');
  });

export const streams = {
  'FIN after one event': {answer: afterOne(socket => socket.end()), code: 'upstream_truncated'},
  'FIN within an event': {
    answer: afterOne(socket => socket.end('20\r\ndata: {"id":"chatc')),
    code: 'upstream_truncated',
  },
  'RST after one event': {
    answer: afterOne(socket => setTimeout(() => socket.resetAndDestroy(), 20)),
    code: 'upstream_truncated',
  },
  'a last chunk but no end of the answer': {
    answer: afterOne(socket => socket.write('0\r\n\r\n')),
    code: /truncated/,
  },
  'an event cut by the last chunk': {
    answer: afterOne(socket => {
      socket.chunk('data: {"id":');
      socket.write('0\r\n\r\n');
    }),
    code: /truncated|invalid_response/,
  },
  'silence after one event': {answer: afterOne(() => {}), code: 'timeout_idle', closes: true},
  'bytes that drip within one event': {
    answer: afterOne(socket => {
      socket.chunk('data: ');
      drip(socket, idle / 10, () => socket.write('1\r\nx\r\n'));
    }),
    code: 'timeout_idle',
    closes: true,
  },
  'comments without end': {
    answer: afterOne(socket => {
      socket.chunk(': still here');
      drip(socket, idle / 10, () => socket.chunk('x'));
    }),
    code: 'timeout_idle',
    closes: true,
  },
  'an event that is no JSON': {
    answer: withOdd(socket => socket.event('{"choices":[{"index":0,"delta":{"content":"x"')),
    code: /bad|malformed|invalid/,
  },
  'an event that is HTML': {
    answer: withOdd(socket => socket.event('<html>502 Bad Gateway</html>')),
    code: /bad|malformed|invalid/,
  },
  'an error event': {
    answer: withOdd(socket =>
      socket.event({error: {message: 'overloaded on purpose', type: 'server_error', code: 'overloaded'}}),
    ),
    code: 'overloaded',
    message: /overloaded on purpose/,
  },
  'an error event with a name': {
    answer: withOdd(socket =>
      socket.chunk(
        'event: error\ndata: {"error":{"message":"on purpose","type":"server_error","code":"named"}}\n\n',
      ),
    ),
    code: 'named',
  },
  'a chunk without a size': {
    answer: afterOne(socket => socket.write('zz\r\nxx\r\n')),
    code: 'upstream_bad_http',
    closes: true,
  },
  'a chunk of 2^64 bytes': {
    answer: afterOne(socket => socket.write('10000000000000000\r\nxx\r\n')),
    code: 'upstream_bad_http',
    closes: true,
  },
  'an event of 3 MiB': {
    answer: withOdd(socket => socket.event(chunkOf('x', {content: 'y'.repeat(3 << 20)}))),
    code: 'upstream_event_too_large',
    closes: true,
  },
  'a head and FIN': {answer: socket => socket.end(streamHead), status: 502},
  'an error as the first event': {
    answer: socket => {
      socket.write(streamHead);
      socket.event({error: {message: 'first on purpose', type: 'server_error', code: 'first'}});
      socket.event('[DONE]');
      socket.write('0\r\n\r\n');
    },
    status: /^5/,
    code: 'first',
  },
  'JSON instead of a stream': {
    answer: (socket, {model}) => socket.write(plain(200, answerOf(model, 'whole'))),
    status: 502,
  },
  'an error object with status 200': {
    answer: socket => socket.write(plain(200, {error: {message: 'no', type: 'server_error', code: 'quiet'}})),
    status: /^[45]/,
    code: 'quiet',
  },
};

export const wholes = {
  'less than its content-length': {
    answer: (socket, {model}) => {
      const bytes = plain(200, answerOf(model, 'a long answer'));
      socket.end(bytes.slice(0, -20));
    },
    status: 502,
    code: 'upstream_truncated',
  },
  'RST within the body': {
    answer: (socket, {model}) => {
      socket.write(plain(200, answerOf(model, 'a long answer')).slice(0, -20));
      setTimeout(() => socket.resetAndDestroy(), 20);
    },
    status: 502,
    code: 'upstream_truncated',
  },
  'silence within the body': {
    answer: (socket, {model}) => socket.write(plain(200, answerOf(model, 'x')).slice(0, -20)),
    status: 504,
    code: 'timeout_idle',
    closes: true,
  },
  'JSON that is cut, with the right length': {
    answer: (socket, {model}) =>
      socket.write(plain(200, JSON.stringify(answerOf(model, 'a long answer')).slice(0, -20))),
    status: 502,
  },
  'JSON that is no chat': {answer: socket => socket.write(plain(200, '"hello"')), status: 502},
  'an error object with status 200': {
    answer: socket => socket.write(plain(200, {error: {message: 'no', type: 'server_error', code: 'quiet'}})),
    status: /^[45]/,
    code: 'quiet',
  },
  'an empty body': {answer: socket => socket.write(plain(200, '')), status: 502},
};

export const both = elsewhere => ({
  'silence before the first byte': {answer: () => {}, status: 504, code: 'timeout_first_byte', closes: true},
  'a head that drips': {
    answer: socket => {
      socket.write('HTTP/1.1 200 OK\r\nx-filler: ');
      drip(socket, idle / 10, () => socket.write('x'));
    },
    status: 504,
    code: 'timeout_first_byte',
    closes: true,
  },
  'FIN before the first byte': {answer: socket => socket.end(), status: 502, code: 'upstream_closed'},
  'RST before the first byte': {
    answer: socket => socket.resetAndDestroy(),
    status: 502,
    code: 'upstream_closed',
  },
  'FIN within the head': {
    answer: socket => socket.end('HTTP/1.1 200 OK\r\ncontent-'),
    status: 502,
    code: 'upstream_closed',
  },
  'no HTTP': {
    answer: socket => socket.end('220 mail.example.com ESMTP\r\n\r\n'),
    status: 502,
    code: 'upstream_bad_http',
  },
  'a head of 1 MiB': {
    answer: socket => socket.write(`HTTP/1.1 200 OK\r\nx-filler: ${'x'.repeat(1 << 20)}\r\n\r\n`),
    status: 502,
    code: 'upstream_bad_http',
    closes: true,
  },
  'a length and chunks': {
    answer: (socket, {model}) => {
      const body = JSON.stringify(answerOf(model, 'x'));
      socket.write(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n' +
          `transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      );
    },
    status: 502,
    code: 'upstream_bad_http',
    closes: true,
  },
  'early hints without end': {
    answer: socket => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(40)),
    status: 502,
    code: 'upstream_bad_http',
    closes: true,
  },
  'a page of HTML with status 200': {
    answer: socket => socket.write(page(200)),
    status: 502,
  },
  'a page of HTML with status 502': {
    answer: socket => socket.write(page(502)),
    status: 502,
    hides: '<html>',
  },
  'a redirect': {
    answer: socket =>
      socket.write(
        `HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:${elsewhere.port}/v1/x\r\n` +
          'content-length: 0\r\n\r\n',
      ),
    status: 502,
  },
  'a switch of protocols': {
    answer: socket => socket.write('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    status: 502,
    closes: true,
  },
});
