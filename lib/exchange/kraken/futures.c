/* exchange/kraken/futures.c - which endpoint serves an operation of futures, signing, and what all futures requests and
 * replies share. */
#include "exchange/kraken/kraken.h"

const bourse_endpoint *bourse__kraken_futures_route(bourse_call *call) {
  return bourse_find_endpoint(call->adapter, call->operation, bourse_call_for(call), KRAKEN_USUAL);
}

int32_t bourse__kraken_futures_sign(bourse_call *call) {
  return bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, NULL, "futures are not served yet");
}

int32_t bourse__kraken_futures_error(bourse_call *call, const bourse_http_reply *reply) {
  (void)call;
  (void)reply;
  return 0;
}
