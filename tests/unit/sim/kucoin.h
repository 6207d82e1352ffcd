/* Requests and messages as clients of KuCoin send them, to a simulated one in the same process. */
#ifndef TESTS_SIM_KUCOIN_H
#define TESTS_SIM_KUCOIN_H

#include "kraken.h"

#define KUCOIN_SECRET "00000000-1111-2222-3333-444444444444"
#define KUCOIN_PASS   "PJYYpwNL/uwckCsVzvdns9Yc9gOFNOALzWf4ZWVFlac=" /* "demo-passphrase", signed */
#define SHEET_START   (INT64_C(1767225600) * 1000000000)

static const sim_key kucoin_keys[] = {{"main", "65f0c0ffee0123456789abcd", KUCOIN_SECRET, "demo-passphrase", 0, 1},
                                      {"main", "reader", KUCOIN_SECRET, "demo-passphrase", 1, 0},
                                      {"other", "another", KUCOIN_SECRET, "demo-passphrase", 0, 1}};

static const char *kucoin_key = "65f0c0ffee0123456789abcd";

static inline void kucoin_open(client *c, const char *faults, int32_t still) {
  sim_options options;
  char text[600];
  memset(c, 0, sizeof *c);
  memset(&options, 0, sizeof options);
  options.exchange = "kucoin";
  options.seed = 7;
  options.now_ns = SHEET_START;
  options.faults = faults;
  options.keys = kucoin_keys;
  options.key_count = 3;
  options.still = still;
  kucoin_key = kucoin_keys[0].api_key;
  if (sim_new(&c->s, &options, text, sizeof text) != BOURSE_OK) {
    printf("%s\n", text);
    abort();
  }
  c->connection = sim_connect(c->s, "10.0.0.1");
}

/* What a request says of itself; each test changes what it is about. */
typedef struct kucoin_terms {
  const char *key, *signature, *timestamp, *pass, *version;
} kucoin_terms;

static inline const char *kucoin_with(client *c, const kucoin_terms *terms, const char *method, const char *target,
                                      const char *body) {
  char text[8192];
  (void)snprintf(text, sizeof text,
                 "%s %s HTTP/1.1\r\nHost: x\r\nKC-API-KEY: %s\r\nKC-API-SIGN: %s\r\nKC-API-TIMESTAMP: %s\r\n"
                 "KC-API-PASSPHRASE: %s\r\nKC-API-KEY-VERSION: %s\r\nContent-Type: application/json\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 method, target, terms->key, terms->signature, terms->timestamp, terms->pass, terms->version,
                 strlen(body), body);
  client_send(c, text);
  return c->body;
}

static inline void kucoin_signature(char out[129], const char *timestamp, const char *method, const char *target,
                                    const char *body) {
  char whole[8192];
  (void)snprintf(whole, sizeof whole, "%s%s%s%s", timestamp, method, target, body);
  (void)sim_hmac_base64(out, 256, KUCOIN_SECRET, strlen(KUCOIN_SECRET), whole, strlen(whole));
}

static inline const char *kucoin(client *c, const char *method, const char *target, const char *body) {
  char timestamp[24], signature[129];
  (void)snprintf(timestamp, sizeof timestamp, "%lld", (long long)(sim_clock_ns(c->s) / 1000000));
  kucoin_signature(signature, timestamp, method, target, body);
  const kucoin_terms terms = {kucoin_key, signature, timestamp, KUCOIN_PASS, "3"};
  return kucoin_with(c, &terms, method, target, body);
}

/* An order of BTC-USDT. */
static inline const char *kucoin_place(client *c, const char *id, const char *side, const char *more) {
  char body[1024];
  (void)snprintf(body, sizeof body, "{\"clientOid\":\"%s\",\"symbol\":\"BTC-USDT\",\"side\":\"%s\",%s}", id, side,
                 more);
  return kucoin(c, "POST", "/api/v1/hf/orders/sync", body);
}

/* An order of XBTUSDTM. */
static inline const char *kucoin_futures(client *c, const char *id, const char *side, const char *more) {
  char body[1024];
  (void)snprintf(body, sizeof body, "{\"clientOid\":\"%s\",\"symbol\":\"XBTUSDTM\",\"side\":\"%s\",\"leverage\":5,%s}",
                 id, side, more);
  return kucoin(c, "POST", "/api/v1/orders", body);
}

#endif
