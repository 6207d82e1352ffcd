/* Requests and messages as clients of OKX send them, to a simulated one in the same process. */
#ifndef TESTS_SIM_OKX_H
#define TESTS_SIM_OKX_H

#include <time.h>

#include "kraken.h"

static inline void okx_open(client *c, const char *faults, const sim_key *keys, int64_t now_ns) {
  sim_options options;
  char text[600];
  memset(c, 0, sizeof *c);
  memset(&options, 0, sizeof options);
  options.exchange = "okx";
  options.seed = 7;
  options.now_ns = now_ns;
  options.faults = faults;
  options.keys = keys;
  options.key_count = keys != NULL;
  if (sim_new(&c->s, &options, text, sizeof text) != BOURSE_OK) {
    printf("%s\n", text);
    abort();
  }
  c->connection = sim_connect(c->s, "10.0.0.1");
}

static inline const char *okx_now(const client *c, char out[40]) {
  time_t seconds = (time_t)(sim_now_ns(c->s) / 1000000000);
  struct tm tm;
  size_t length = strftime(out, 40, "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &tm));
  (void)snprintf(out + length, 40 - length, ".%03dZ", (int)(sim_now_ns(c->s) / 1000000 % 1000));
  return out;
}

/* A signed request; `params` is the query of GET and the body of POST. */
static inline const char *okx_call(client *c, const char *method, const char *path, const char *params) {
  char text[4096], payload[4096], signature[129], now[40];
  int32_t posts = strcmp(method, "POST") == 0;
  okx_now(c, now);
  (void)snprintf(payload, sizeof payload, "%s%s%s%s%s", now, method, path, posts || params[0] == '\0' ? "" : "?",
                 params);
  (void)sim_hmac_base64(signature, 256, "sim-secret", 10, payload, strlen(payload));
  (void)snprintf(text, sizeof text,
                 "%s %s%s%s HTTP/1.1\r\nHost: x\r\nOK-ACCESS-KEY: sim-key\r\nOK-ACCESS-TIMESTAMP: %s\r\n"
                 "OK-ACCESS-PASSPHRASE: sim-passphrase\r\nOK-ACCESS-SIGN: %s\r\nContent-Length: %zu\r\n\r\n%s",
                 method, path, posts || params[0] == '\0' ? "" : "?", posts ? "" : params, now, signature,
                 posts ? strlen(params) : 0, posts ? params : "");
  client_send(c, text);
  return c->body;
}

#define SPOT(rest_) "{\"instId\":\"BTC-USDT\",\"tdMode\":\"cash\"," rest_ "}"
#define SWAP(rest_) "{\"instId\":\"BTC-USDT-SWAP\",\"tdMode\":\"cross\"," rest_ "}"

static inline const char *okx_place(client *c, const char *body) {
  return okx_call(c, "POST", "/api/v5/trade/order", body);
}

#endif
