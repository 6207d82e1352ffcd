/* Requests and messages as clients of Bybit send them, to a simulated one in the same process. */
#ifndef TESTS_SIM_BYBIT_H
#define TESTS_SIM_BYBIT_H

#include "kraken.h"

static inline void bybit_open(client *c, const char *faults) {
  sim_options options;
  char text[600];
  memset(c, 0, sizeof *c);
  memset(&options, 0, sizeof options);
  options.exchange = "bybit";
  options.seed = 7;
  options.now_ns = CLIENT_START;
  options.faults = faults;
  if (sim_new(&c->s, &options, text, sizeof text) != BOURSE_OK) {
    printf("%s\n", text);
    abort();
  }
  c->connection = sim_connect(c->s, "10.0.0.1");
}

/* A signed request; `params` is the query of GET and the body of POST. */
static inline const char *bybit_call(client *c, const char *method, const char *path, const char *params) {
  char text[4096], payload[4096], signature[129];
  int32_t posts = strcmp(method, "POST") == 0;
  long long now = (long long)(sim_now_ns(c->s) / 1000000);
  (void)snprintf(payload, sizeof payload, "%lldsim-key5000%s", now, params);
  (void)sim_hmac_hex(signature, 256, "sim-secret", 10, payload, strlen(payload));
  (void)snprintf(text, sizeof text,
                 "%s %s%s%s HTTP/1.1\r\nHost: x\r\nX-BAPI-API-KEY: sim-key\r\nX-BAPI-TIMESTAMP: %lld\r\n"
                 "X-BAPI-RECV-WINDOW: 5000\r\nX-BAPI-SIGN: %s\r\nContent-Length: %zu\r\n\r\n%s",
                 method, path, posts || params[0] == '\0' ? "" : "?", posts ? "" : params, now, signature,
                 posts ? strlen(params) : 0, posts ? params : "");
  client_send(c, text);
  return c->body;
}

#define SPOT_ORDER(rest_)   "{\"category\":\"spot\",\"symbol\":\"BTCUSDT\"," rest_ "}"
#define LINEAR_ORDER(rest_) "{\"category\":\"linear\",\"symbol\":\"BTCUSDT\"," rest_ "}"

static inline const char *create(client *c, const char *body) {
  return bybit_call(c, "POST", "/v5/order/create", body);
}

#endif
