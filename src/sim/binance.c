/* sim/binance.c - Binance: its markets, and what its products share: keys, signatures, timestamps, weights, errors.
 * Follows the exchange's documents "General API Information", "Request Security", "LIMITS" and "Error Codes". */
#include "binance.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DEC(coefficient_, exponent_) \
  { coefficient_, 0, exponent_, BOURSE_DECIMAL_PRESENT }
#define ROW(id_, symbol_, base_, quote_, settle_, tick_, step_, most_, cost_, fees_) \
  { id_, symbol_, base_, quote_, settle_, tick_, step_, step_, most_, cost_, fees_ }
#define SPOT_FEES DEC(1, -3), DEC(1, -3)
#define USDM_FEES DEC(2, -4), DEC(5, -4)

static const sim_market_row markets[PAPER_MARKETS] = {
    ROW("BTCUSDT", "BTC/USDT", "BTC", "USDT", NULL, DEC(1, -2), DEC(1, -5), DEC(9000, 0), DEC(5, 0), SPOT_FEES),
    ROW("ETHUSDT", "ETH/USDT", "ETH", "USDT", NULL, DEC(1, -2), DEC(1, -4), DEC(9000, 0), DEC(5, 0), SPOT_FEES),
    ROW("SOLUSDT", "SOL/USDT", "SOL", "USDT", NULL, DEC(1, -2), DEC(1, -3), DEC(90000, 0), DEC(5, 0), SPOT_FEES),
    ROW("ETHBTC", "ETH/BTC", "ETH", "BTC", NULL, DEC(1, -5), DEC(1, -4), DEC(100000, 0), DEC(1, -4), SPOT_FEES),
    ROW("XRPUSDT", "XRP/USDT", "XRP", "USDT", NULL, DEC(1, -4), DEC(1, -1), DEC(9000000, 0), DEC(5, 0), SPOT_FEES),
    ROW("DOGEUSDT", "DOGE/USDT", "DOGE", "USDT", NULL, DEC(1, -5), DEC(1, 0), DEC(90000000, 0), DEC(1, 0), SPOT_FEES),
    ROW("BTCUSDT", "BTC/USDT:USDT", "BTC", "USDT", "USDT", DEC(1, -1), DEC(1, -3), DEC(1000, 0), DEC(50, 0), USDM_FEES),
    ROW("ETHUSDT", "ETH/USDT:USDT", "ETH", "USDT", "USDT", DEC(1, -2), DEC(1, -3), DEC(10000, 0), DEC(20, 0),
        USDM_FEES),
};

static const sim_fund funds[] = {
    {NULL, "USDT", 0, 0, DEC(100000, 0)},
    {NULL, "BTC", 0, 0, DEC(1, 0)},
    {NULL, "ETH", 0, 0, DEC(10, 0)},
    {NULL, "USDT", 1, 0, DEC(100000, 0)},
};

/* Of the private key whose seed is the bytes 00 to 1f: sessions of the WebSocket API want Ed25519. */
static const sim_key more_keys[] = {
    {NULL, "sim-key-ed25519",
     "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAA6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=\n"
     "-----END PUBLIC KEY-----\n",
     NULL, 0, 1},
};

static const binance_row *const tables[] = {
    binance_spot_rows,        binance_list_rows,       binance_market_rows,
    binance_wallet_rows,      binance_usdm_order_rows, binance_usdm_account_rows,
    binance_usdm_market_rows, binance_margin_rows,     binance_margin_order_rows,
};

/* --- Parameters and errors --- */

cJSON *binance_error(int32_t code, const char *text) {
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "code", code);
  cJSON_AddStringToObject(json, "msg", text);
  return json;
}

int32_t binance_fail(binance_call *call, int32_t status, int32_t code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(call->text, sizeof call->text, format, arguments);
  va_end(arguments);
  call->failed = 1;
  call->code = code;
  sim_reply_status(call->reply, status);
  sim_reply_json(call->reply, binance_error(code, call->text));
  return 0;
}

const char *binance_param(const binance_call *call, const char *name) {
  const char *value = sim_param(call->request, name);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

const char *binance_need(binance_call *call, const char *name) {
  const char *value = binance_param(call, name);
  if (value == NULL)
    (void)binance_fail(call, 400, -1102, "Mandatory parameter '%s' was not sent, was empty/null, or malformed.", name);
  return value;
}

int32_t binance_whole(binance_call *call, int64_t *out, const char *name, int64_t otherwise) {
  const char *value = binance_param(call, name);
  *out = otherwise;
  if (value == NULL || sim_written_whole(out, value)) return 1;
  return binance_fail(call, 400, -1100, "Illegal characters found in parameter '%s'; legal range is '^[0-9]{1,20}$'.",
                      name);
}

int32_t binance_when(binance_call *call, int64_t *out, const char *name) {
  if (!binance_whole(call, out, name, -1)) return 0;
  if (*out > INT64_C(9000000000000)) *out = INT64_C(9000000000000);
  return 1;
}

int32_t binance_decimal(binance_call *call, bourse_decimal *out, const char *name) {
  const char *value = binance_param(call, name);
  bourse_decimal trimmed;
  memset(out, 0, sizeof *out);
  if (value == NULL) return 1;
  if (!sim_written_decimal(out, value))
    return binance_fail(call, 400, -1100,
                        "Illegal characters found in parameter '%s'; legal range is "
                        "'^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
                        name);
  bourse_decimal_trim(&trimmed, out);
  if (trimmed.exponent < -BINANCE_PLACES)
    return binance_fail(call, 400, -1111, "Parameter '%s' has too much precision.", name);
  return 1;
}

int32_t binance_market_of(const char *symbol) {
  for (int32_t i = 0; i < BINANCE_SPOT_MARKETS; i++)
    if (strcmp(markets[i].id, symbol) == 0) return i;
  return -1;
}

int32_t binance_symbol(binance_call *call) {
  const char *symbol = binance_need(call, "symbol");
  if (symbol == NULL) return -1;
  for (const char *c = symbol; *c != '\0'; c++)
    if (*c > 0 && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.", *c) == NULL) {
      (void)binance_fail(call, 400, -1100,
                         "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'.");
      return -1;
    }
  int32_t market = call->row->group == BINANCE_FAPI ? binance_usdm_market_of(symbol) : binance_market_of(symbol);
  if (market < 0) (void)binance_fail(call, 400, -1121, "Invalid symbol.");
  return market;
}

/* --- Rows --- */

const binance_row *binance_row_of(const char *method, const char *path) {
  for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
    for (const binance_row *row = tables[t]; row->path != NULL; row++)
      if (row->method != NULL && strcmp(row->path, path) == 0 && strcmp(row->method, method) == 0) return row;
  return NULL;
}

const binance_row *binance_row_of_message(const char *message, int32_t usdm) {
  for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
    for (const binance_row *row = tables[t]; row->path != NULL; row++)
      if (row->message != NULL && (row->group == BINANCE_FAPI) == usdm && strcmp(row->message, message) == 0)
        return row;
  return NULL;
}

/* --- Signatures and time --- */

int32_t binance_signature_is_good(const sim_account *account, const char *payload, size_t length,
                                  const char *signature) {
  const char *secret = account->key.secret;
  char wanted[129], given[129];
  if (strstr(secret, "PUBLIC KEY") != NULL) return sim_verify_pem(secret, payload, length, signature);
  if (strlen(signature) != 64 || !sim_hmac_hex(wanted, 256, secret, strlen(secret), payload, length)) return 0;
  for (size_t i = 0; i <= 64; i++)
    given[i] = (char)(signature[i] >= 'A' && signature[i] <= 'F' ? signature[i] + 32 : signature[i]);
  return sim_same_text(wanted, given);
}

/* The text without its parameter "signature", which is the last one; -1: it is not. */
static int64_t without_signature(const char *text) {
  const char *found = strncmp(text, "signature=", 10) == 0 ? text : strstr(text, "&signature=");
  if (found == NULL) return (int64_t)strlen(text);
  return strchr(found + 1, '&') == NULL ? found - text : -1;
}

/* Since 2026-01-15 what is signed must have been percent-encoded before, on spot and margin. */
static int32_t is_encoded(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)text[i] <= 0x20 || (unsigned char)text[i] >= 0x7f || strchr("\"[]{}<>|\\^`", text[i]) != NULL)
      return 0;
  return 1;
}

static int32_t check_signature(binance_call *call) {
  const sim_request *request = call->request;
  const char *signature = binance_need(call, "signature");
  if (signature == NULL) return 0;
  int64_t query = without_signature(request->query), body = without_signature(request->body);
  if (query >= 0 && body >= 0) {
    size_t length = (size_t)(query + body);
    char *payload = malloc(length + 1);
    if (payload == NULL) abort();
    memcpy(payload, request->query, (size_t)query);
    memcpy(payload + query, request->body, (size_t)body);
    int32_t good = (call->row->group == BINANCE_FAPI || is_encoded(payload, length)) &&
                   binance_signature_is_good(call->account, payload, length, signature);
    free(payload);
    if (good) return 1;
  }
  return binance_fail(call, 400, -1022, "Signature for this request is not valid.");
}

int32_t binance_check_time(binance_call *call) {
  const char *window_text = binance_param(call, "recvWindow"), *text = binance_need(call, "timestamp");
  bourse_decimal window;
  int64_t time = 0, window_ns = 5000 * BINANCE_MS, now_ns = sim_clock_ns(call->s);
  if (text == NULL || !binance_whole(call, &time, "timestamp", 0)) return 0;
  if (window_text != NULL) {
    if (!sim_decimal(&window, window_text) || !bourse__paper_units(&window_ns, &window, 6) || window_ns < 0)
      return binance_fail(call, 400, -1100,
                          "Illegal characters found in parameter 'recvWindow'; legal range is '^[0-9]{1,20}$'.");
    if (window_ns > 60000 * BINANCE_MS) return binance_fail(call, 400, -1131, "recvWindow must be less than 60000");
  }
  int64_t time_ns = time > INT64_C(9000000000000000)  ? INT64_MAX
                    : time > INT64_C(100000000000000) ? time * 1000
                                                      : time * BINANCE_MS; /* micro- or milliseconds */
  if (time_ns >= now_ns + BINANCE_SECOND)
    return binance_fail(call, 400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.");
  if (now_ns - time_ns > window_ns)
    return binance_fail(call, 400, -1021, "Timestamp for this request is outside of the recvWindow.");
  return 1;
}

static int32_t check_key(binance_call *call) {
  const char *key = sim_header(call->request, "X-MBX-APIKEY");
  if (key == NULL) key = binance_param(call, "apiKey");
  if (key == NULL || key[0] == '\0') return binance_fail(call, 401, -2014, "API-key format invalid.");
  call->account = sim_account_by_key(call->s, key);
  if (call->account == NULL || (call->row->security >= BINANCE_TRADE && call->account->key.read_only) ||
      (call->row->security == BINANCE_WITHDRAW && !call->account->key.withdraws))
    return binance_fail(call, 401, -2015, "Invalid API-key, IP, or permissions for action.");
  return 1;
}

/* Which parameters an endpoint reads is part of it: one too many is an error. */
static int32_t check_names(binance_call *call) {
  uint32_t count = sim_param_count(call->request), unknown = 0;
  if (call->row->params == NULL) return 1;
  for (uint32_t i = 0; i < count; i++) {
    const char *name = sim_param_name(call->request, i), *list = call->row->params;
    size_t length = strlen(name);
    int32_t known =
        call->row->security >= BINANCE_SIGNED && (strcmp(name, "timestamp") == 0 || strcmp(name, "recvWindow") == 0 ||
                                                  strcmp(name, "signature") == 0 || strcmp(name, "apiKey") == 0);
    for (const char *at = strstr(list, name); at != NULL && !known; at = strstr(at + 1, name))
      known = (at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0');
    unknown += !known;
  }
  if (unknown == 0) return 1;
  return binance_fail(call, 400, -1104, "Not all sent parameters were read; read '%u' parameter(s) but was sent '%u'.",
                      count - unknown, count);
}

/* --- Limits --- */

static int64_t wait_seconds(const sim *s, int64_t interval_ns) {
  int64_t now_ns = sim_clock_ns(s);
  return (interval_ns - now_ns % interval_ns) / BINANCE_SECOND + 1;
}

/* A client that goes on after 429 is banned: two minutes at first, then longer each time. */
static int32_t refuse_weight(binance_call *call, int64_t limit) {
  sim *s = call->s;
  const char *who = call->request->address;
  int64_t late = sim_take(s, "after 429", who, BINANCE_MINUTE, INT64_MAX, 1);
  if (late > 10 && call->row->group != BINANCE_SAPI && call->row->group != BINANCE_SAPI_UID) {
    int64_t times = sim_take(s, "bans", who, 30 * BINANCE_DAY, INT64_MAX, 1);
    int64_t length_ns = 2 * BINANCE_MINUTE;
    for (; times > 1 && length_ns < 3 * BINANCE_DAY; times--) length_ns *= 2;
    if (length_ns > 3 * BINANCE_DAY) length_ns = 3 * BINANCE_DAY;
    sim_ban(s, who, sim_clock_ns(s) + length_ns);
  }
  sim_reply_header(call->reply, "Retry-After", "%lld", (long long)wait_seconds(s, BINANCE_MINUTE));
  return binance_fail(call, 429, -1003,
                      "Too much request weight used; current limit is %lld request weight per 1 MINUTE. Please use "
                      "WebSocket Streams for live updates to avoid polling the API.",
                      (long long)limit);
}

static int32_t check_ban(binance_call *call) {
  int64_t until_ns = sim_banned_until_ns(call->s, call->request->address);
  if (until_ns == 0) return 1;
  sim_reply_header(call->reply, "Retry-After", "%lld",
                   (long long)((until_ns - sim_clock_ns(call->s)) / BINANCE_SECOND + 1));
  return binance_fail(call, 418, -1003,
                      "Way too much request weight used; IP banned until %lld. Please use WebSocket Streams for live "
                      "updates to avoid bans.",
                      (long long)(until_ns / BINANCE_MS));
}

static const char *weight_name(const binance_call *call) {
  return call->row->group == BINANCE_API ? "weight" : call->row->group == BINANCE_FAPI ? "fapi" : call->row->path;
}

static const char *weighed(const binance_call *call) {
  return call->row->group == BINANCE_SAPI_UID && call->account != NULL ? call->account->key.name
                                                                       : call->request->address;
}

static int32_t take_weight(binance_call *call, int64_t weight) {
  static const int64_t limits[] = {BINANCE_WEIGHT_LIMIT, 12000, 180000, BINANCE_FUTURES_LIMIT};
  int64_t limit = limits[call->row->group];
  if (call->row->group == BINANCE_API && sim_take(call->s, "raw requests", call->request->address, 5 * BINANCE_MINUTE,
                                                  BINANCE_RAW_LIMIT, 1) > BINANCE_RAW_LIMIT)
    return refuse_weight(call, limit);
  if (sim_take(call->s, weight_name(call), weighed(call), BINANCE_MINUTE, limit, weight) <= limit) return 1;
  return refuse_weight(call, limit);
}

static void tell_weight(binance_call *call) {
  long long used = (long long)sim_used(call->s, weight_name(call), weighed(call), BINANCE_MINUTE);
  if (call->row->group == BINANCE_API || call->row->group == BINANCE_FAPI) {
    sim_reply_header(call->reply, "x-mbx-used-weight", "%lld", used);
    sim_reply_header(call->reply, "x-mbx-used-weight-1m", "%lld", used);
  } else {
    sim_reply_header(call->reply,
                     call->row->group == BINANCE_SAPI ? "x-sapi-used-ip-weight-1m" : "x-sapi-used-uid-weight-1m",
                     "%lld", used);
  }
}

typedef struct order_limit {
  const char *name, *interval, *header;
  int64_t number, interval_ns, limit;
} order_limit;

static const order_limit spot_limits[2] = {
    {"orders 10s", "SECOND", "x-mbx-order-count-10s", 10, 10 * BINANCE_SECOND, BINANCE_ORDERS_10S},
    {"orders 1d", "DAY", "x-mbx-order-count-1d", 1, BINANCE_DAY, BINANCE_ORDERS_1D}};
static const order_limit usdm_limits[2] = {
    {"fapi orders 10s", "SECOND", "x-mbx-order-count-10s", 10, 10 * BINANCE_SECOND, 300},
    {"fapi orders 1m", "MINUTE", "x-mbx-order-count-1m", 1, BINANCE_MINUTE, 1200}};

static const order_limit *order_limits(const binance_call *call) {
  return call->row->group == BINANCE_FAPI ? usdm_limits : spot_limits;
}

static int32_t take_orders(binance_call *call, int32_t orders) {
  const order_limit *limits = order_limits(call);
  const char *who = call->account->key.name;
  for (int32_t i = 0; i < 2; i++) {
    int64_t used = sim_take(call->s, limits[i].name, who, limits[i].interval_ns, limits[i].limit, orders);
    if (used <= limits[i].limit) {
      sim_reply_header(call->reply, limits[i].header, "%lld", (long long)used);
      continue;
    }
    if (i == 1) (void)sim_take(call->s, limits[0].name, who, limits[0].interval_ns, INT64_MAX, -orders);
    sim_reply_header(call->reply, "Retry-After", "%lld", (long long)wait_seconds(call->s, limits[i].interval_ns));
    return binance_fail(call, 429, -1015, "Too many new orders; current limit is %lld orders per %lld %s.",
                        (long long)limits[i].limit, (long long)limits[i].number, limits[i].interval);
  }
  return 1;
}

void binance_order_filled(sim *s, uint32_t account) {
  const sim_account *owner = sim_account_of(s, binance_margin_owner(s, account));
  for (int32_t i = 0; owner != NULL && i < 2; i++)
    if (sim_used(s, spot_limits[i].name, owner->key.name, spot_limits[i].interval_ns) > 0)
      (void)sim_take(s, spot_limits[i].name, owner->key.name, spot_limits[i].interval_ns, INT64_MAX, -1);
}

static void add_limit(cJSON *list, const char *type, const char *interval, int64_t number, int64_t limit,
                      int64_t count) {
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "rateLimitType", type);
  cJSON_AddStringToObject(row, "interval", interval);
  sim_json_add_integer(row, "intervalNum", number);
  sim_json_add_integer(row, "limit", limit);
  if (count >= 0) sim_json_add_integer(row, "count", count);
  cJSON_AddItemToArray(list, row);
}

cJSON *binance_rate_limits(binance_call *call, int32_t with_orders) {
  cJSON *list = cJSON_CreateArray();
  const order_limit *limits = order_limits(call);
  int32_t usdm = call->row->group == BINANCE_FAPI;
  for (int32_t i = 0; with_orders && call->account != NULL && i < 2; i++)
    add_limit(list, "ORDERS", limits[i].interval, limits[i].number, limits[i].limit,
              sim_used(call->s, limits[i].name, call->account->key.name, limits[i].interval_ns));
  add_limit(list, "REQUEST_WEIGHT", "MINUTE", 1, usdm ? BINANCE_FUTURES_LIMIT : BINANCE_WEIGHT_LIMIT,
            sim_used(call->s, usdm ? "fapi" : "weight", call->request->address, BINANCE_MINUTE));
  return list;
}

/* --- Serving --- */

static int32_t is_away(binance_call *call) {
  sim *s = call->s;
  if (sim_fault(s, "maintenance", call->request->path) && strcmp(call->request->path, "/sapi/v1/system/status") != 0) {
    int32_t sapi = strncmp(call->request->path, "/sapi/", 6) == 0;
    (void)binance_fail(
        call, 503, sapi ? -10001 : -1016, "%s",
        sapi ? "The system is under maintenance, please try again later." : "This service is no longer available.");
    return 1;
  }
  if (call->row->orders > 0 && sim_fault(s, "engine_busy", call->row->path)) {
    (void)binance_fail(call, 503, -1008,
                       "Server is currently overloaded with other requests. Please try again in a few minutes.");
    return 1;
  }
  return 0;
}

/* Calls of orders cost nothing where they succeed (since 2026-04-02), so their weight is taken when they have not. */
static int32_t is_free(const binance_row *row) {
  return row->group == BINANCE_API && row->security >= BINANCE_TRADE && strstr(row->path, "/test") == NULL;
}

static void run_checked(binance_call *call) {
  const binance_row *row = call->row;
  int64_t weight = row->weigh != NULL ? row->weigh(call) : row->weight;
  int32_t good = row->security == BINANCE_PUBLIC || call->over_socket || check_key(call);
  if (!take_weight(call, is_free(row) && good ? 0 : weight) || !good) return;
  if (!call->over_socket && row->security >= BINANCE_SIGNED) good = check_signature(call) && binance_check_time(call);
  if (good) good = check_names(call);
  if (good && row->orders > 0) good = take_orders(call, row->orders);
  if (good) row->run(call);
  /* Not refused any more: half of it may be done. */
  if (call->failed && is_free(row))
    (void)sim_take(call->s, weight_name(call), weighed(call), BINANCE_MINUTE, INT64_MAX, weight);
}

void binance_serve(binance_call *call) {
  const binance_row *row = call->row;
  if (!check_ban(call) || is_away(call)) return;
  run_checked(call);
  tell_weight(call);
  if (sim_reply_get_status(call->reply) == 200 && row->orders > 0 && sim_fault(call->s, "unknown_status", row->path))
    (void)binance_fail(call, 504, -1007,
                       "Timeout waiting for response from backend server. Send status unknown; execution status "
                       "unknown.");
}

static void request(sim *s, const sim_request *request, sim_reply *reply) {
  binance_call call = {.s = s, .request = request, .reply = reply};
  call.row = binance_row_of(request->method, request->path);
  sim_reply_header(reply, "Server", "nginx");
  if (call.row != NULL) {
    binance_serve(&call);
    return;
  }
  if (strncmp(request->path, "/api/v3/userDataStream", 22) == 0 ||
      strncmp(request->path, "/sapi/v1/userDataStream", 23) == 0) {
    (void)binance_fail(&call, 410, -21015, "ENDPOINT_GONE");
    return;
  }
  sim_reply_status(reply, 404);
  sim_reply_text(reply, "text/html",
                 "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not "
                 "Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n");
}

static void message(sim *s, sim_connection *connection, const char *text, size_t length) {
  const binance_socket *socket = sim_connection_state(connection);
  if (socket->kind == BINANCE_MESSAGES_SPOT || socket->kind == BINANCE_MESSAGES_USDM)
    binance_api_message(s, connection, text, length);
  else
    binance_stream_message(s, connection, text, length);
}

void binance_event(sim *s, const paper_event *paper) {
  binance_spot_event(s, paper);
  binance_api_event(s, paper);
  binance_stream_event(s, paper);
  binance_usdm_event(s, paper);
}

static void tick(sim *s) {
  binance_stream_tick(s);
  binance_usdm_tick(s);
  binance_margin_tick(s);
}

static void open_state(sim *s) {
  binance_state *state = binance_state_of(s);
  int64_t now_ns = sim_now_ns(s), second = now_ns / BINANCE_SECOND;
  state->flushed_100 = now_ns / (100 * BINANCE_MS);
  state->flushed_1000 = state->ticked_1s = second;
  binance_usdm_open(s);
  binance_margin_open(s);
}

static void close_state(sim *s) {
  binance_state *state = binance_state_of(s);
  binance_usdm_close(s);
  binance_margin_close(s);
  for (uint32_t i = 0; i < state->order_count; i++) {
    free(state->orders[i].ghost);
    free(state->orders[i].waiting);
  }
  free(state->orders);
  free(state->amendments);
  free(state->movements);
  free(state->pots);
  free(state->changed);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++)
    for (uint32_t pace = 0; pace < BINANCE_PACES; pace++)
      for (int32_t side = 0; side < 2; side++) free(state->books[m].diffs[pace].prices[side]);
  memset(state, 0, sizeof *state);
}

static int64_t next_ns(const sim *s) {
  sim *all = (sim *)(uintptr_t)s;
  const binance_state *state = binance_state_of(all);
  int64_t usdm_ns = binance_usdm_next_ns(all);
  if (sim_next_socket(all, NULL) == NULL) return usdm_ns;
  int64_t at_ns = state->dirty ? sim_now_ns(s) : (state->flushed_100 + 1) * 100 * BINANCE_MS;
  return at_ns < usdm_ns ? at_ns : usdm_ns;
}

static void pong(sim *s, sim_connection *connection) {
  ((binance_socket *)sim_connection_state(connection))->pong_ns = sim_now_ns(s);
}

static const char *const faults[] = {"engine_busy",   "unknown_status",  "server_shutdown",   "stream_gap",
                                     "stream_silent", "listen_key_dead", "listen_token_dead", NULL};

const sim_dialect sim_binance = {
    .name = "binance",
    .title = "Binance",
    .markets = markets,
    .funds = funds,
    .fund_count = sizeof funds / sizeof funds[0],
    .state_size = sizeof(binance_state),
    .connection_size = sizeof(binance_socket),
    .refused_client_ids_reusable = 1,
    .default_key = "sim-key",
    .default_secret = "sim-secret",
    .more_keys = more_keys,
    .more_key_count = sizeof more_keys / sizeof more_keys[0],
    .open = open_state,
    .close = close_state,
    .request = request,
    .upgrade = binance_stream_upgrade,
    .message = message,
    .closed = binance_socket_closed,
    .event = binance_event,
    .tick = tick,
    .kept = binance_usdm_kept,
    .next_ns = next_ns,
    .pong = pong,
    .faults = faults,
};
