/* sim/kraken_futures.c - the Derivatives API: which call is meant, keys and their budgets, how answers are wrapped.
 *
 * Followed: docs.kraken.com "Derivatives REST API v3", "History", "Charts", and their rate limits. */
#include "kraken.h"

#define TOKENS        500
#define TOKENS_NS     (10 * KRAKEN_SECOND)
#define HISTORY       100
#define HISTORY_DECAY 166667 /* millionths a second: 100 in ten minutes */
#define MILLION       INT64_C(1000000)

/* --- Numbers --- */

void kraken_futures_add_price(cJSON *object, const char *name, sim *s, uint32_t market, int64_t price) {
  kraken_add_units(object, name, price, kraken_market(s, market)->price_scale, -1);
}

void kraken_futures_add_amount(cJSON *object, const char *name, sim *s, uint32_t market, int64_t amount) {
  kraken_add_units(object, name, amount, kraken_market(s, market)->amount_scale, -1);
}

void kraken_add_iso(cJSON *object, const char *name, sim *s, int64_t time_ns) {
  char text[KRAKEN_TEXT_SIZE];
  cJSON_AddStringToObject(object, name, sim_iso(text, time_ns + sim_skew_ns(s), 3));
}

void kraken_futures_add_ms(cJSON *object, const char *name, sim *s, int64_t time_ns) {
  sim_json_add_integer(object, name, (time_ns + sim_skew_ns(s)) / MILLION);
}

/* --- Keys --- */

/* HMAC-SHA512 of SHA256(parameters as sent, nonce, path behind /derivatives). */
static const char *check_signature(sim *s, const sim_request *request, sim_account *who) {
  const char *nonce = sim_header(request, "Nonce"), *given = sim_header(request, "Authent"), *path = request->path;
  uint8_t secret[256], digest[32];
  char expected[129], *message;
  if (nonce == NULL) nonce = "";
  if (kraken_starts(path, "/derivatives")) path += strlen("/derivatives");
  size_t query = strlen(request->query), nonces = strlen(nonce), paths = strlen(path);
  int64_t secret_length = strlen(who->key.secret) < 256 ? sim_base64_decode(secret, who->key.secret) : -1;
  message = malloc(query + request->body_length + nonces + paths + 1);
  if (message == NULL) abort();
  memcpy(message, request->query, query);
  memcpy(message + query, request->body, request->body_length);
  memcpy(message + query + request->body_length, nonce, nonces);
  memcpy(message + query + request->body_length + nonces, path, paths);
  (void)sim_sha256(digest, message, query + request->body_length + nonces + paths);
  free(message);
  if (secret_length <= 0 || given == NULL ||
      !sim_hmac_base64(expected, 512, secret, (size_t)secret_length, digest, sizeof digest) ||
      !sim_same_text(expected, given))
    return "authenticationError";
  if (nonce[0] == '\0') return NULL;
  uint64_t number = strtoull(nonce, NULL, 10);
  if (number == who->last_nonce) return "nonceDuplicate";
  if (number < who->last_nonce) return "nonceBelowThreshold";
  who->last_nonce = number;
  (void)s;
  return NULL;
}

static int64_t cost_of(const char *name, const sim_request *request) {
  static const struct {
    const char *name;
    int32_t tokens;
  } costs[] = {{"sendorder", 10},
               {"editorder", 10},
               {"cancelorder", 10},
               {"batchorder", 9},
               {"accounts", 2},
               {"openpositions", 2},
               {"openorders", 2},
               {"orders/status", 1},
               {"cancelallorders", 25},
               {"cancelallordersafter", 25},
               {"transfer", 10},
               {"withdrawal", 100},
               {"fills", 2}};
  if (strcmp(name, "leveragepreferences") == 0) return strcmp(request->method, "PUT") == 0 ? 10 : 2;
  if (strcmp(name, "fills") == 0 && sim_param(request, "lastFillTime") != NULL) return 25;
  int64_t items = 0;
  const char *json = strcmp(name, "batchorder") == 0 ? sim_param(request, "json") : NULL;
  for (const char *at = json; at != NULL && (at = strstr(at, "\"order\"")) != NULL; at++) items++;
  for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++)
    if (strcmp(name, costs[i].name) == 0) return costs[i].tokens + items;
  return 1;
}

static int64_t history_cost(const char *name, const sim_request *request) {
  const char *count = sim_param(request, "count");
  long rows = count == NULL ? 500 : strtol(count, NULL, 10);
  if (strcmp(name, "account-log") != 0) return 1;
  return rows <= 25 ? 1 : rows <= 50 ? 2 : 3;
}

/* The account that a request is signed for, or why not. */
static const char *login(sim *s, const sim_request *request, sim_account **out) {
  const char *key = sim_header(request, "APIKey");
  sim_account *who = key == NULL ? NULL : sim_account_by_key(s, key);
  if (who == NULL || strstr(who->key.api_key, "futures") == NULL) return "authenticationError";
  *out = who;
  return check_signature(s, request, who);
}

/* --- Calls --- */

static const char *derivatives_call(sim *s, const char *name, const sim_request *request, cJSON *out) {
  sim_account *who = NULL;
  int32_t known = 0;
  const char *error = kraken_futures_public(s, name, request, out, &known);
  if (known) return error;
  error = login(s, request, &who);
  if (error != NULL) return error;
  if (sim_take(s, "kraken futures", who->key.name, TOKENS_NS, TOKENS, cost_of(name, request)) > TOKENS)
    return "apiLimitExceeded";
  if (sim_fault(s, "engine_busy", name)) return "Unavailable";
  error = kraken_futures_trade(s, who, name, request, out, &known);
  if (!known) error = kraken_futures_account(s, who, name, request, out, &known);
  if (known && error == NULL && sim_fault(s, "unknown_status", name)) error = "unknownError"; /* it was done */
  return known ? error : "notFound";
}

static const char *history_call(sim *s, const char *name, const sim_request *request, cJSON *out) {
  sim_account *who = NULL;
  if (kraken_starts(name, "market/")) return kraken_futures_market_history(s, name, request, out);
  const char *error = login(s, request, &who);
  if (error != NULL) return error;
  if (sim_take_leaky(s, "kraken futures history", who->key.name, HISTORY_DECAY, HISTORY * MILLION,
                     history_cost(name, request) * MILLION) > 0)
    return "apiLimitExceeded";
  return kraken_futures_history(s, who, name, request, out);
}

/* The path behind one of these; NULL: another. */
static const char *behind(const char *path, const char *prefix) {
  return kraken_starts(path, prefix) ? path + strlen(prefix) : NULL;
}

static const char *call(sim *s, const sim_request *request, cJSON *out, int32_t *wrapped) {
  const char *path = request->path, *name;
  *wrapped = 1;
  if ((name = behind(path, "/derivatives/api/v3/")) != NULL || (name = behind(path, "/derivatives/api/v4/")) != NULL)
    return derivatives_call(s, name, request, out);
  *wrapped = 0;
  if ((name = behind(path, "/api/history/v3/")) != NULL || (name = behind(path, "/api/history/v2/")) != NULL)
    return history_call(s, name, request, out);
  if ((name = behind(path, "/api/charts/v1/")) != NULL) return kraken_futures_charts(s, name, request, out);
  return "notFound";
}

static int32_t status_of(const char *error, int32_t wrapped) {
  if (strcmp(error, "apiLimitExceeded") == 0) return 429;
  if (strcmp(error, "Unavailable") == 0) return 503;
  if (strcmp(error, "notFound") == 0) return 404;
  return wrapped ? 200 : strcmp(error, "authenticationError") == 0 ? 401 : 400;
}

void kraken_futures_request(sim *s, const sim_request *request, sim_reply *reply) {
  int32_t wrapped = 0;
  cJSON *out = cJSON_CreateObject();
  const char *error = call(s, request, out, &wrapped);
  if (error != NULL) {
    cJSON_Delete(out);
    out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "result", "error");
    cJSON_AddStringToObject(out, "error", error);
    sim_reply_status(reply, status_of(error, wrapped));
  } else if (wrapped && cJSON_GetObjectItemCaseSensitive(out, "result") == NULL) {
    cJSON_AddStringToObject(out, "result", "success");
  }
  if (error != NULL || wrapped) kraken_add_iso(out, "serverTime", s, sim_now_ns(s));
  sim_reply_json(reply, out);
}
