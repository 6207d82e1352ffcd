/* api/exchange.h - the little of lib/api that exchanges inside this library may use. */
#ifndef API_EXCHANGE_H
#define API_EXCHANGE_H

#include <bourse/sys/adapter.h>

/* The plain state of a handle of `adapter`; NULL when the handle is of another or its context is gone. */
void *bourse__exchange_state(bourse_exchange *exchange, const bourse_adapter *adapter);
/* UTC at the exchange as best known. */
int64_t bourse__exchange_now_ns(const bourse_exchange *exchange);
/* Sets the context's error; returns code. */
int32_t bourse__exchange_fail(bourse_exchange *exchange, int32_t code, const char *field, const char *message);

#endif
