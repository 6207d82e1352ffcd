/* sim/bybit.c - Bybit: its markets, keys, signatures, timestamps, limits, errors, life. Follows "Integration Guidance", "Rate
 * Limit" and "Error Codes" of the exchange's V5 documents. */
#include "bybit.h"

#include <stdarg.h>

#define DEC(coefficient_, exponent_) \
  { coefficient_, 0, exponent_, BOURSE_DECIMAL_PRESENT }
#define ROW(id_, symbol_, base_, quote_, settle_, tick_, step_, most_, cost_, fees_) \
  { id_, symbol_, base_, quote_, settle_, tick_, step_, step_, most_, cost_, fees_ }
#define SPOT_FEES   DEC(1, -3), DEC(1, -3)
#define LINEAR_FEES DEC(2, -4), DEC(55, -5)

#define SPOT_ID   UINT64_C(2000000000000000000) /* of spot orders, which are numbers */
#define SPOT_EXEC UINT64_C(2290000000000000000)

/* Digits are those the outside market moves in. */
static const sim_market_row markets[PAPER_MARKETS] = {
    ROW("BTCUSDT", "BTC/USDT", "BTC", "USDT", NULL, DEC(1, -2), DEC(1, -5), DEC(500, 0), DEC(5, 0), SPOT_FEES),
    ROW("ETHUSDT", "ETH/USDT", "ETH", "USDT", NULL, DEC(1, -2), DEC(1, -4), DEC(9000, 0), DEC(5, 0), SPOT_FEES),
    ROW("SOLUSDT", "SOL/USDT", "SOL", "USDT", NULL, DEC(1, -2), DEC(1, -3), DEC(90000, 0), DEC(5, 0), SPOT_FEES),
    ROW("ETHBTC", "ETH/BTC", "ETH", "BTC", NULL, DEC(1, -5), DEC(1, -4), DEC(10000, 0), DEC(1, -4), SPOT_FEES),
    ROW("XRPUSDT", "XRP/USDT", "XRP", "USDT", NULL, DEC(1, -4), DEC(1, -1), DEC(5000000, 0), DEC(5, 0), SPOT_FEES),
    ROW("DOGEUSDT", "DOGE/USDT", "DOGE", "USDT", NULL, DEC(1, -5), DEC(1, 0), DEC(50000000, 0), DEC(5, 0), SPOT_FEES),
    ROW("BTCUSDT", "BTC/USDT:USDT", "BTC", "USDT", "USDT", DEC(1, -1), DEC(1, -3), DEC(1190, 0), DEC(5, 0),
        LINEAR_FEES),
    ROW("ETHUSDT", "ETH/USDT:USDT", "ETH", "USDT", "USDT", DEC(1, -2), DEC(1, -2), DEC(7240, 0), DEC(5, 0),
        LINEAR_FEES),
};

static const sim_fund funds[] = {
    {NULL, "USDT", BYBIT_UNIFIED, 0, DEC(200000, 0)},
    {NULL, "BTC", BYBIT_UNIFIED, 0, DEC(1, 0)},
    {NULL, "ETH", BYBIT_UNIFIED, 0, DEC(10, 0)},
    {NULL, "USDT", BYBIT_FUND, 0, DEC(10000, 0)},
};

static const bybit_row *const tables[] = {bybit_market_rows, bybit_order_rows, bybit_report_rows, bybit_account_rows,
                                          bybit_asset_rows};

/* --- Parameters and errors --- */

int32_t bybit_fail(bybit_call *call, int32_t code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(call->text, sizeof call->text, format, arguments);
  va_end(arguments);
  call->failed = code;
  return 0;
}

const char *bybit_param(const bybit_call *call, const char *name) {
  const char *value = call->body != NULL      ? sim_json_text(call->body, name)
                      : call->request != NULL ? sim_query(call->request, name)
                                              : NULL;
  return value != NULL && value[0] != '\0' ? value : NULL;
}

const char *bybit_need(bybit_call *call, const char *name) {
  const char *value = bybit_param(call, name);
  if (value == NULL) (void)bybit_fail(call, 10001, "params error: %s invalid", name);
  return value;
}

int32_t bybit_whole(bybit_call *call, int64_t *out, const char *name, int64_t otherwise) {
  const char *value = bybit_param(call, name);
  *out = otherwise;
  if (value == NULL || sim_written_whole(out, value)) return 1;
  return bybit_fail(call, 10001, "params error: %s invalid", name);
}

int32_t bybit_true(const bybit_call *call, const char *name) {
  return call->body != NULL && sim_json_true(call->body, name);
}

int32_t bybit_decimal(bybit_call *call, bourse_decimal *out, const char *name) {
  const char *value = bybit_param(call, name);
  memset(out, 0, sizeof *out);
  if (value == NULL || sim_written_decimal(out, value)) return 1;
  return bybit_fail(call, 10001, "params error: %s invalid", name);
}

static const char *const category_names[BYBIT_CATEGORIES] = {"", "spot", "linear", "inverse", "option"};

int32_t bybit_category(bybit_call *call) {
  const char *text = bybit_param(call, "category");
  for (int32_t i = BYBIT_SPOT; text != NULL && i < BYBIT_CATEGORIES; i++)
    if (strcmp(category_names[i], text) == 0) return call->category = i;
  (void)bybit_fail(call, 10001, "params error: category only support linear or inverse or spot or option");
  return call->category = BYBIT_NONE;
}

int32_t bybit_market_of(int32_t category, const char *symbol) {
  int32_t first = category == BYBIT_LINEAR ? BYBIT_SPOT_MARKETS : 0, last = category == BYBIT_LINEAR ? PAPER_MARKETS
                                                                            : category == BYBIT_SPOT
                                                                                ? BYBIT_SPOT_MARKETS
                                                                                : 0;
  for (int32_t i = first; i < last; i++)
    if (strcmp(markets[i].id, symbol) == 0) return i;
  return -1;
}

int32_t bybit_symbol(bybit_call *call) {
  if (call->category == BYBIT_NONE && bybit_category(call) == BYBIT_NONE) return -1;
  const char *symbol = bybit_need(call, "symbol");
  int32_t market = symbol == NULL ? -1 : bybit_market_of(call->category, symbol);
  if (market >= 0 || symbol == NULL) return market;
  if (call->row->security == BYBIT_PUBLIC)
    (void)bybit_fail(call, 10001, "Not supported symbols");
  else if (call->category == BYBIT_SPOT)
    (void)bybit_fail(call, 170121, "Invalid symbol.");
  else
    (void)bybit_fail(call, 10001, "params error: symbol invalid %.40s", symbol);
  return -1;
}

int32_t bybit_chosen(bybit_call *call, uint32_t *mask) {
  const char *symbol = bybit_param(call, "symbol"), *base = bybit_param(call, "baseCoin"),
             *settle = bybit_param(call, "settleCoin");
  *mask = 0;
  if (call->category == BYBIT_NONE && bybit_category(call) == BYBIT_NONE) return 0;
  if (symbol != NULL) {
    int32_t market = bybit_symbol(call);
    if (market >= 0) *mask = 1u << market;
    return market >= 0;
  }
  for (uint32_t i = 0; i < PAPER_MARKETS; i++)
    if (call->category == (bybit_is_spot(i) ? BYBIT_SPOT : BYBIT_LINEAR) &&
        (base == NULL || strcmp(base, markets[i].base) == 0) &&
        (settle == NULL || bybit_is_spot(i) || strcmp(settle, markets[i].settle) == 0))
      *mask |= 1u << i;
  return 1;
}

int32_t bybit_page(bybit_call *call, int64_t *limit, int64_t usual, int64_t most, uint64_t *below) {
  const char *cursor = bybit_param(call, "cursor");
  *below = cursor == NULL ? UINT64_MAX : strtoull(cursor, NULL, 10);
  if (!bybit_whole(call, limit, "limit", usual)) return 0;
  if (*limit < 1 || *limit > most) return bybit_fail(call, 10001, "params error: limit invalid");
  return cursor == NULL || *below != 0 ? 1 : bybit_fail(call, 10001, "cursor invalid");
}

int32_t bybit_window(bybit_call *call, int64_t *start, int64_t *end, int64_t days) {
  int64_t now = sim_clock_ns(call->s) / BYBIT_MS, most = days * BYBIT_DAY / BYBIT_MS;
  if (!bybit_whole(call, start, "startTime", -1) || !bybit_whole(call, end, "endTime", -1)) return 0;
  if (*start < 0 && *end < 0) *end = now + 1000;
  if (*start < 0) *start = *end - most;
  if (*end < 0) *end = *start + most;
  if (*end < *start) return bybit_fail(call, 10001, "params error: startTime is greater than endTime");
  if (*end - *start > most + 1000)
    return bybit_fail(call, 10001, "The time range between startTime and endTime cannot exceed %lld days",
                      (long long)days);
  return 1;
}

cJSON *bybit_list(bybit_call *call) {
  if (call->result == NULL) call->result = cJSON_CreateObject();
  if (call->category != BYBIT_NONE) cJSON_AddStringToObject(call->result, "category", category_names[call->category]);
  return cJSON_AddArrayToObject(call->result, "list");
}

/* Comes with escapes in it, and is to be sent back as it is. */
void bybit_cursor(bybit_call *call, uint64_t id) {
  char text[64] = "";
  if (id != 0) (void)snprintf(text, sizeof text, "%llu%%3A%llu", (unsigned long long)id, (unsigned long long)id);
  cJSON_AddStringToObject(call->result, "nextPageCursor", text);
}

const char *bybit_category_text(uint32_t market) {
  return category_names[bybit_is_spot(market) ? BYBIT_SPOT : BYBIT_LINEAR];
}

/* --- Numbers and ids --- */

const char *bybit_price(sim *s, uint32_t market, int64_t price) {
  return sim_units_text(price, bybit_market(s, market)->price_scale, bybit_is_spot(market) ? -1 : 2);
}

const char *bybit_amount(sim *s, uint32_t market, int64_t amount) {
  return sim_units_text(amount, bybit_market(s, market)->amount_scale, -1);
}

void bybit_add_ms(cJSON *json, const char *name, sim *s, int64_t time_ns) {
  char text[32];
  (void)snprintf(text, sizeof text, "%lld", (long long)((time_ns + sim_skew_ns(s)) / BYBIT_MS));
  cJSON_AddStringToObject(json, name, time_ns == 0 ? "0" : text);
}

const char *bybit_order_id(char out[BYBIT_ID_SIZE], const bybit_order *order) {
  if (!bybit_is_spot(order->o.market)) return sim_uuid(out, order->o.id);
  (void)snprintf(out, BYBIT_ID_SIZE, "%llu", (unsigned long long)(SPOT_ID + order->o.id));
  return out;
}

uint64_t bybit_id_number(const char *text) {
  if (text == NULL || strchr(text, '-') != NULL) return sim_uuid_number(text);
  uint64_t number = strspn(text, "0123456789") == strlen(text) ? strtoull(text, NULL, 10) : 0;
  return number > SPOT_ID ? number - SPOT_ID : 0;
}

const char *bybit_exec_id(char out[BYBIT_ID_SIZE], uint32_t market, uint64_t id, int32_t side) {
  id = 2 * id + (side == BOURSE_SIDE_SELL);
  if (!bybit_is_spot(market)) return sim_uuid(out, id);
  (void)snprintf(out, BYBIT_ID_SIZE, "%llu", (unsigned long long)(SPOT_EXEC + id));
  return out;
}

/* --- Keys --- */

int32_t bybit_signature_is_good(const sim_account *account, const char *text, const char *signature) {
  const char *secret = account->key.secret;
  char wanted[129];
  if (strstr(secret, "PUBLIC KEY") != NULL) return sim_verify_pem(secret, text, strlen(text), signature);
  return sim_hmac_hex(wanted, 256, secret, strlen(secret), text, strlen(text)) && sim_same_text(wanted, signature);
}

static int32_t refuse_key(bybit_call *call, int32_t code, const char *text) {
  sim_reply_status(call->reply, 401);
  return bybit_fail(call, code, "%s", text);
}

static int32_t check_time(bybit_call *call, const char *time, const char *window) {
  int64_t now = sim_clock_ns(call->s) / BYBIT_MS, at = strtoll(time, NULL, 10), length = strtoll(window, NULL, 10);
  if (at < now + 1000 && at >= now - length) return 1;
  return bybit_fail(call, 10002,
                    "invalid request, please check your server timestamp or recv_window param. req_timestamp[%.20s],"
                    "server_timestamp[%lld],recv_window[%.20s]",
                    time, (long long)now, window);
}

static int32_t check_key(bybit_call *call) {
  const sim_request *request = call->request;
  const char *key = sim_header(request, "X-BAPI-API-KEY"), *time = sim_header(request, "X-BAPI-TIMESTAMP"),
             *window = sim_header(request, "X-BAPI-RECV-WINDOW"), *signature = sim_header(request, "X-BAPI-SIGN");
  if (key == NULL || key[0] == '\0') return refuse_key(call, 10003, "API key is invalid.");
  call->account = sim_account_by_key(call->s, key);
  if (call->account == NULL) return refuse_key(call, 10003, "API key is invalid.");
  if (time == NULL || signature == NULL) return refuse_key(call, 10001, "empty value: apiTimestamp[] apiSignature[]");
  if (!check_time(call, time, window == NULL ? "5000" : window)) return 0;
  const char *payload = call->body != NULL ? request->body : request->query;
  size_t size = strlen(time) + strlen(key) + (window == NULL ? 0 : strlen(window)) + strlen(payload) + 1;
  char *text = malloc(size);
  if (text == NULL) abort();
  (void)snprintf(text, size, "%s%s%s%s", time, key, window == NULL ? "" : window, payload);
  int32_t good = bybit_signature_is_good(call->account, text, signature);
  if (!good) (void)bybit_fail(call, 10004, "error sign! origin_string[%.180s]", text);
  free(text);
  return good;
}

/* --- Limits --- */

#define IP_LIMIT 600 /* in five seconds */
#define BAN_NS   (10 * BYBIT_MINUTE)

/* The ban ends when there was no traffic for ten minutes. */
static int32_t check_address(sim *s, const sim_request *request, sim_reply *reply) {
  const char *who = request->address;
  int64_t reset_ns;
  int32_t banned = sim_banned_until_ns(s, who) != 0;
  if (!banned && sim_take_rolling(s, "bybit address", who, 5 * BYBIT_SECOND, IP_LIMIT, 1, &reset_ns) <= IP_LIMIT)
    return 1;
  sim_ban(s, who, sim_clock_ns(s) + BAN_NS);
  sim_reply_status(reply, 403);
  sim_reply_text(reply, "text/html", "access too frequent");
  return 0;
}

/* Batches are counted apart, each order in them for one. */
static int32_t check_limit(bybit_call *call) {
  const bybit_row *row = call->row;
  const cJSON *several = cJSON_GetObjectItemCaseSensitive(call->body, "request");
  const char *category = bybit_param(call, "category");
  int32_t spot = category != NULL && strcmp(category, "spot") == 0;
  int64_t interval_ns = row->per_minute ? BYBIT_MINUTE : BYBIT_SECOND, reset_ns, weight = 1;
  char name[96];
  if (row->limit == 0 || call->account == NULL) return 1;
  call->limit = spot && row->limit_spot > 0 ? row->limit_spot : row->limit;
  if (cJSON_IsArray(several) && cJSON_GetArraySize(several) > 1) weight = cJSON_GetArraySize(several);
  (void)snprintf(name, sizeof name, "%s %s", row->path, row->limit_spot > 0 ? (spot ? "spot" : "derivatives") : "");
  int64_t used = sim_take_rolling(call->s, name, call->account->key.name, interval_ns, call->limit, weight, &reset_ns);
  call->left = used > call->limit ? 0 : (int32_t)(call->limit - used);
  call->reset_ms = (sim_clock_ns(call->s) + reset_ns) / BYBIT_MS;
  return used <= call->limit ? 1 : bybit_fail(call, 10006, "Too many visits. Exceeded the API Rate Limit.");
}

/* --- Serving --- */

static const bybit_row *row_of(const char *method, const char *path) {
  for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
    for (const bybit_row *row = tables[t]; row->path != NULL; row++)
      if (strcmp(row->path, path) == 0 && strcmp(row->method, method) == 0) return row;
  return NULL;
}

const bybit_row *bybit_row_of_op(const char *op) {
  for (const bybit_row *row = bybit_order_rows; row->path != NULL; row++)
    if (row->op != NULL && strcmp(row->op, op) == 0) return row;
  return NULL;
}

cJSON *bybit_envelope(bybit_call *call) {
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "retCode", call->failed);
  cJSON_AddStringToObject(json, "retMsg", call->failed ? call->text : "OK");
  if (call->failed) {
    cJSON_Delete(call->result);
    call->result = NULL;
  }
  cJSON_AddItemToObject(json, "result", call->result == NULL ? cJSON_CreateObject() : call->result);
  cJSON_AddItemToObject(json, "retExtInfo", call->extra == NULL ? cJSON_CreateObject() : call->extra);
  call->result = call->extra = NULL;
  sim_json_add_integer(json, "time", sim_clock_ns(call->s) / BYBIT_MS);
  return json;
}

/* What has to be of which type in a body. */
int32_t bybit_check_types(bybit_call *call) {
  static const struct {
    const char *names;
    int32_t type; /* 'b' true or false, 'n' a number, 's' a text */
  } rules[] = {
      {" reduceOnly closeOnTrigger ", 'b'},
      {" positionIdx triggerDirection isLeverage mode timeWindow feeType ", 'n'},
      {" qty price triggerPrice takeProfit stopLoss trailingStop buyLeverage sellLeverage amount margin ", 's'}};
  const cJSON *item;
  cJSON_ArrayForEach(item, call->body) {
    char name[64];
    (void)snprintf(name, sizeof name, " %.60s ", item->string == NULL ? "" : item->string);
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
      if (strstr(rules[i].names, name) == NULL || cJSON_IsNull(item)) continue;
      int32_t number = sim_json_is_number(item), text = cJSON_IsString(item) && !number;
      if (rules[i].type == 'b' ? !cJSON_IsBool(item) : rules[i].type == 'n' ? !number : !text)
        return bybit_fail(call, 10001, "Request parameter error: %s", item->string);
    }
  }
  return 1;
}

void bybit_run(bybit_call *call) {
  const bybit_row *row = call->row;
  sim *s = call->s;
  if ((row->security >= BYBIT_TRADE && call->account->key.read_only) ||
      (row->security == BYBIT_WITHDRAW && !call->account->key.withdraws)) {
    (void)bybit_fail(call, 10005, "Permission denied, please check your API key permissions.");
    return;
  }
  if (!check_limit(call) || (call->body != NULL && !bybit_check_types(call))) return;
  if (row->security >= BYBIT_TRADE && sim_fault(s, "engine_busy", row->path)) {
    (void)bybit_fail(call, 10429, "System level frequency protection");
    return;
  }
  row->run(call);
  if (!call->failed && row->security >= BYBIT_TRADE && sim_fault(s, "unknown_status", row->path))
    (void)bybit_fail(call, 10000, "Server Timeout");
}

static void serve(bybit_call *call) {
  if (sim_fault(call->s, "maintenance", call->request->path) && strcmp(call->row->path, "/v5/system/status") != 0) {
    (void)bybit_fail(call, 10016, "Server error. Please try again later.");
    return;
  }
  if (call->row->security != BYBIT_PUBLIC && !check_key(call)) return;
  bybit_run(call);
  if (call->limit == 0) return;
  sim_reply_header(call->reply, "X-Bapi-Limit", "%d", call->limit);
  sim_reply_header(call->reply, "X-Bapi-Limit-Status", "%d", call->left);
  sim_reply_header(call->reply, "X-Bapi-Limit-Reset-Timestamp", "%lld", (long long)call->reset_ms);
}

static void request(sim *s, const sim_request *request, sim_reply *reply) {
  bybit_call call = {.s = s, .request = request, .reply = reply};
  cJSON *body = NULL;
  int32_t posts = strcmp(request->method, "POST") == 0;
  if (!check_address(s, request, reply)) return;
  if (!posts && request->body_length > 0) {
    sim_reply_status(reply, 403);
    sim_reply_text(reply, "text/html", "<html><body>403 ERROR: bad request</body></html>");
    return;
  }
  call.row = row_of(request->method, request->path);
  if (call.row == NULL) {
    sim_reply_status(reply, 404);
    sim_reply_text(reply, "text/plain", "404 page not found");
    return;
  }
  if (posts) {
    const char *text = request->body_length > 0 ? request->body : "{}";
    call.body = body = sim_json_parse(text, strlen(text));
  }
  if (posts && !cJSON_IsObject(body)) {
    sim_reply_status(reply, 400);
    (void)bybit_fail(&call, 10001, "Request parameter error.");
  } else {
    serve(&call);
  }
  sim_reply_header(reply, "Server", "Openresty");
  sim_reply_json(reply, bybit_envelope(&call));
  cJSON_Delete(body);
}

/* --- Life --- */

static void told(sim *s, sim_order *order) { bybit_tell_order(s, (bybit_order *)order, &order->own); }

static void open_state(sim *s) {
  bybit_state *state = bybit_of(s);
  state->orders.size = sizeof(bybit_order);
  state->orders.told = told;
  state->second = sim_now_ns(s) / BYBIT_SECOND;
  state->pace = sim_now_ns(s) / (100 * BYBIT_MS);
  state->funding = sim_clock_ns(s) / (8 * 60 * BYBIT_MINUTE);
  state->sequence = UINT64_C(10000000000);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++)
    for (uint32_t d = 0; d < BYBIT_DEPTHS; d++) state->books[m][d].update = 1000 + (int64_t)(sim_random(s) % 1000000);
}

static void close_state(sim *s) {
  bybit_state *state = bybit_of(s);
  sim_orders_free(&state->orders);
  free(state->moves.items);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    cJSON_Delete(state->tickers[m]);
    for (uint32_t d = 0; d < BYBIT_DEPTHS; d++) sim_ladder_free(&state->books[m][d].ladder);
  }
}

static void event(sim *s, const paper_event *event) {
  bybit_state *state = bybit_of(s);
  bybit_order *order = (bybit_order *)sim_orders_event(s, &state->orders, event);
  if (event->kind == PAPER_EVENT_TRADE)
    sim_orders_price(s, &state->orders, event->market, BOURSE_PRICE_LAST, event->u.trade.price);
  if (order != NULL && event->kind == PAPER_EVENT_ORDER) {
    bybit_tell_order(s, order, &event->u.order);
    if (event->u.order.filled > 0) bybit_attach(s, order);
  }
  bybit_private_event(s, event);
  bybit_stream_event(s, event);
}

static void tick_dcp(sim *s) {
  bybit_state *state = bybit_of(s);
  for (uint32_t a = 0; a < BYBIT_ACCOUNTS; a++)
    for (int32_t product = 0; product < 3; product++) {
      bybit_dcp *dcp = &state->dcp[a][product];
      if (dcp->due_ns == 0 || dcp->due_ns > sim_now_ns(s)) continue;
      dcp->due_ns = 0;
      if (product < 2) bybit_cancel_product(s, a, product, "CancelByDCP");
    }
}

static void tick(sim *s) {
  bybit_state *state = bybit_of(s);
  int64_t second = sim_now_ns(s) / BYBIT_SECOND, funding = sim_clock_ns(s) / (8 * 60 * BYBIT_MINUTE);
  int32_t new_second = second != state->second;
  state->second = second;
  for (uint32_t m = BYBIT_SPOT_MARKETS; new_second && m < PAPER_MARKETS; m++) {
    sim_orders_price(s, &state->orders, m, BOURSE_PRICE_MARK, bybit_mark(s, m));
    sim_orders_price(s, &state->orders, m, BOURSE_PRICE_INDEX,
                     bybit_market(s, m)->index_price != 0 ? bybit_market(s, m)->index_price : bybit_mark(s, m));
  }
  sim_orders_tick(s, &state->orders);
  tick_dcp(s);
  if (funding != state->funding) {
    state->funding = funding;
    bybit_pay_funding(s);
  }
  bybit_private_flush(s);
  bybit_stream_flush(s);
  bybit_stream_tick(s, new_second);
}

static int64_t next_ns(const sim *s) {
  sim *all = (sim *)(uintptr_t)s;
  const bybit_state *state = bybit_of(all);
  int64_t next = INT64_MAX;
  if (state->orders.due || (state->dirty && sim_next_socket(all, NULL) != NULL)) return sim_now_ns(s);
  for (uint32_t a = 0; a < BYBIT_ACCOUNTS; a++)
    for (int32_t product = 0; product < 3; product++)
      if (state->dcp[a][product].due_ns != 0 && state->dcp[a][product].due_ns < next)
        next = state->dcp[a][product].due_ns;
  return next;
}

static int32_t kept(sim *s, uint32_t index, sim_kept *out) { return sim_orders_kept(&bybit_of(s)->orders, index, out); }

static const char *const faults[] = {"engine_busy",  "unknown_status", "late_query", "stream_gap",
                                     "book_restart", "server_restart", NULL};

const sim_dialect sim_bybit = {
    .name = "bybit",
    .title = "Bybit",
    .markets = markets,
    .funds = funds,
    .fund_count = sizeof funds / sizeof funds[0],
    .state_size = sizeof(bybit_state),
    .connection_size = sizeof(bybit_socket),
    .default_key = "sim-key",
    .default_secret = "sim-secret",
    .open = open_state,
    .close = close_state,
    .request = request,
    .upgrade = bybit_upgrade,
    .message = bybit_message,
    .closed = bybit_socket_closed,
    .event = event,
    .tick = tick,
    .next_ns = next_ns,
    .faults = faults,
    .one_wallet = 1,
    .kept = kept,
};
