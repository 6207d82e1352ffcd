// tests/net/http2_server.js KEY CERT - HTTP/2 over TLS on a free port of 127.0.0.1, which it prints.
// Unanswered: /die, which ends the whole session once the request is read, /cut, which cuts all connections then, and
// /refuse, which the protocol says was not looked at. /count tells how often these came; any other path gets "h2".
'use strict';
const fs = require('fs');
const http2 = require('http2');
const options = { key: fs.readFileSync(process.argv[2]), cert: fs.readFileSync(process.argv[3]) };
const server = http2.createSecureServer(options);
const sockets = new Set();
let unanswered = 0;
server.on('secureConnection', (socket) => sockets.add(socket));
server.on('sessionError', () => {});
server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  stream.on('data', () => {});
  stream.on('end', () => {
    if (headers[':path'] === '/die') {
      unanswered++;
      stream.session.destroy();
    } else if (headers[':path'] === '/cut') {
      unanswered++;
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    } else if (headers[':path'] === '/refuse') {
      unanswered++;
      stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
    } else {
      stream.respond({ ':status': 200, 'X-Method': headers[':method'] });
      stream.end(headers[':path'] === '/count' ? String(unanswered) : 'h2');
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume(); // the test that started it is gone
