// tests/net/http2_server.js KEY CERT - HTTP/2 over TLS on a free port of 127.0.0.1, which it prints.
// /die ends the whole connection unanswered once the request is read; /count tells how many requests came to /die;
// anything else is answered with the protocol's name.
'use strict';
const fs = require('fs');
const http2 = require('http2');
let died = 0;
const server = http2.createSecureServer({ key: fs.readFileSync(process.argv[2]), cert: fs.readFileSync(process.argv[3]) });
server.on('sessionError', () => {});
server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  stream.on('data', () => {});
  stream.on('end', () => {
    if (headers[':path'] === '/die') {
      died++;
      stream.session.destroy();
    } else {
      stream.respond({ ':status': 200, 'X-Method': headers[':method'] });
      stream.end(headers[':path'] === '/count' ? String(died) : 'h2');
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume(); // the test that started it is gone
