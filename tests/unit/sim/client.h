/* A client of a simulated exchange in the same process: bytes by hand, and signed requests of Binance's form. */
#ifndef TESTS_SIM_CLIENT_H
#define TESTS_SIM_CLIENT_H

#include <stdarg.h>

#include "sim/sim.h"
#include "test.h"

#define CLIENT_START INT64_C(1700000000000000000)

typedef struct client {
  sim *s;
  sim_connection *connection;
  int32_t status;
  char *reply; /* head and body */
  const char *body;
} client;

static sim *client_sim(const char *faults) {
  sim_options options;
  char text[600];
  sim *s;
  memset(&options, 0, sizeof options);
  options.exchange = "binance";
  options.seed = 7;
  options.now_ns = CLIENT_START;
  options.faults = faults;
  if (sim_new(&s, &options, text, sizeof text) != BOURSE_OK) {
    printf("%s\n", text);
    abort();
  }
  return s;
}

static inline void client_open(client *c, const char *faults) {
  memset(c, 0, sizeof *c);
  c->s = client_sim(faults);
  c->connection = sim_connect(c->s, "10.0.0.1");
}

static inline void client_close(client *c) {
  sim_free(c->s);
  free(c->reply);
}

/* Takes all that the exchange has to say. */
static inline const char *client_take(client *c) {
  size_t length;
  const char *bytes = sim_output(c->connection, &length);
  free(c->reply);
  c->reply = calloc(1, length + 1);
  if (c->reply == NULL) abort();
  if (length > 0) memcpy(c->reply, bytes, length);
  sim_sent(c->connection, length);
  c->status = strncmp(c->reply, "HTTP/1.1 ", 9) == 0 ? atoi(c->reply + 9) : 0;
  c->body = strstr(c->reply, "\r\n\r\n");
  c->body = c->body == NULL ? "" : c->body + 4;
  return c->reply;
}

static inline const char *client_send(client *c, const char *bytes) {
  sim_receive(c->connection, bytes, strlen(bytes));
  return client_take(c);
}

static inline const char *client_get(client *c, const char *target) {
  char text[1024];
  (void)snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", target);
  client_send(c, text);
  return c->body;
}

/* A signed request; the parameters without timestamp and signature. */
__attribute__((format(printf, 4, 5))) static inline const char *client_call(client *c, const char *method,
                                                                            const char *path, const char *format, ...) {
  char params[1024], query[1200], signature[129], text[2048];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(params, sizeof params, format, arguments);
  va_end(arguments);
  (void)snprintf(query, sizeof query, "%s%stimestamp=%lld", params, params[0] == '\0' ? "" : "&",
                 (long long)(sim_now_ns(c->s) / 1000000));
  (void)sim_hmac_hex(signature, 256, "sim-secret", 10, query, strlen(query));
  (void)snprintf(text, sizeof text, "%s %s?%s&signature=%s HTTP/1.1\r\nHost: x\r\nX-MBX-APIKEY: sim-key\r\n\r\n",
                 method, path, query, signature);
  client_send(c, text);
  return c->body;
}

#define CHECK_HAS(text_, part_)                                                                   \
  do {                                                                                            \
    const char *test_t = (text_), *test_p = (part_);                                              \
    if (strstr(test_t, test_p) == NULL) TEST_FAIL("\"%s\" is not in \"%.400s\"", test_p, test_t); \
  } while (0)

#endif
