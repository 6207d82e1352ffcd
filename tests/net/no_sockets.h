/* tests/net/no_sockets.h - for tests that open no WebSocket: the other end of these, which lib/api gives in the library, is
 * linked in but never called. */
#ifndef TESTS_NET_NO_SOCKETS_H
#define TESTS_NET_NO_SOCKETS_H

#include <stdlib.h>

#include <bourse/sys/transport.h>

void bourse_socket_opened(bourse_socket_token *token) {
  (void)token;
  abort();
}

void bourse_socket_message(bourse_socket_token *token, int32_t kind, const char *bytes, size_t length,
                           int64_t received_ns, int64_t received_monotonic_ns) {
  (void)token, (void)kind, (void)bytes, (void)length, (void)received_ns, (void)received_monotonic_ns;
  abort();
}

void bourse_socket_closed(bourse_socket_token *token, const bourse_socket_end *end) {
  (void)token, (void)end;
  abort();
}

#endif
