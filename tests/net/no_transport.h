/* tests/net/no_transport.h - for unit tests of this room that send no request: the transport's other end, which lib/api
 * gives in the library, is linked in but never called. */
#ifndef TESTS_NET_NO_TRANSPORT_H
#define TESTS_NET_NO_TRANSPORT_H

#include <stdlib.h>

#include <bourse/sys/transport.h>

#include "net/no_sockets.h"

void bourse_transport_complete(bourse_exchange_token *token, const bourse_http_reply *reply) {
  (void)token;
  (void)reply;
  abort();
}

#endif
