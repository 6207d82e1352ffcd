/* sim/okx.c - OKX: its markets, keys, signatures, timestamps, limits, errors, life. Follows "Overview", "Account mode" and "Error
 * Code" of the exchange's V5 documents. */
#include "okx.h"

#include <stdarg.h>

#define DEC(coefficient_, exponent_) \
  { coefficient_, 0, exponent_, BOURSE_DECIMAL_PRESENT }
#define ROW(id_, symbol_, base_, quote_, settle_, tick_, step_, most_, cost_, fees_) \
  { id_, symbol_, base_, quote_, settle_, tick_, step_, step_, most_, cost_, fees_ }
#define SPOT_FEES DEC(8, -4), DEC(1, -3)
#define SWAP_FEES DEC(2, -4), DEC(5, -4)

#define FIRST_ID UINT64_C(1700000000000000000)

/* Digits are those the outside market moves in. */
static const sim_market_row markets[PAPER_MARKETS] = {
    ROW("BTC-USDT", "BTC/USDT", "BTC", "USDT", NULL, DEC(1, -2), DEC(1, -5), DEC(10000, 0), DEC(0, 0), SPOT_FEES),
    ROW("ETH-USDT", "ETH/USDT", "ETH", "USDT", NULL, DEC(1, -2), DEC(1, -4), DEC(100000, 0), DEC(0, 0), SPOT_FEES),
    ROW("SOL-USDT", "SOL/USDT", "SOL", "USDT", NULL, DEC(1, -2), DEC(1, -3), DEC(1000000, 0), DEC(0, 0), SPOT_FEES),
    ROW("ETH-BTC", "ETH/BTC", "ETH", "BTC", NULL, DEC(1, -5), DEC(1, -4), DEC(100000, 0), DEC(0, 0), SPOT_FEES),
    ROW("XRP-USDT", "XRP/USDT", "XRP", "USDT", NULL, DEC(1, -4), DEC(1, -1), DEC(5000000, 0), DEC(0, 0), SPOT_FEES),
    ROW("DOGE-USDT", "DOGE/USDT", "DOGE", "USDT", NULL, DEC(1, -5), DEC(1, 0), DEC(50000000, 0), DEC(0, 0), SPOT_FEES),
    ROW("BTC-USDT-SWAP", "BTC/USDT:USDT", "BTC", "USDT", "USDT", DEC(1, -1), DEC(1, -4), DEC(1000, 0), DEC(0, 0),
        SWAP_FEES),
    ROW("ETH-USDT-SWAP", "ETH/USDT:USDT", "ETH", "USDT", "USDT", DEC(1, -2), DEC(1, -3), DEC(10000, 0), DEC(0, 0),
        SWAP_FEES),
};

const okx_contract okx_contracts[PAPER_MARKETS] = {
    {"BTC-USDT", 34, {0, 0, 0, 0}},  {"ETH-USDT", 57, {0, 0, 0, 0}},  {"SOL-USDT", 1121, {0, 0, 0, 0}},
    {"ETH-BTC", 58, {0, 0, 0, 0}},   {"XRP-USDT", 61, {0, 0, 0, 0}},  {"DOGE-USDT", 289, {0, 0, 0, 0}},
    {"BTC-USDT", 10459, DEC(1, -2)}, {"ETH-USDT", 10461, DEC(1, -1)},
};

static const sim_fund funds[] = {
    {NULL, "USDT", OKX_TRADING, 0, DEC(200000, 0)},
    {NULL, "BTC", OKX_TRADING, 0, DEC(1, 0)},
    {NULL, "ETH", OKX_TRADING, 0, DEC(10, 0)},
    {NULL, "USDT", OKX_FUNDING, 0, DEC(10000, 0)},
};

static const okx_row *const tables[] = {okx_market_rows, okx_order_rows,   okx_algo_rows,
                                        okx_report_rows, okx_account_rows, okx_asset_rows};

/* --- Parameters and errors --- */

int32_t okx_fail(okx_call *call, int32_t code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(call->text, sizeof call->text, format, arguments);
  va_end(arguments);
  call->failed = code;
  return 0;
}

const char *okx_param(const okx_call *call, const char *name) {
  const char *value = call->body != NULL      ? sim_json_text(call->body, name)
                      : call->request != NULL ? sim_query(call->request, name)
                                              : NULL;
  return value != NULL && value[0] != '\0' ? value : NULL;
}

const char *okx_need(okx_call *call, const char *name) {
  const char *value = okx_param(call, name);
  if (value == NULL) (void)okx_fail(call, call->row->timed ? 51000 : 50014, "Parameter %s can not be empty.", name);
  return value;
}

int32_t okx_whole(okx_call *call, int64_t *out, const char *name, int64_t otherwise) {
  const char *value = okx_param(call, name);
  *out = otherwise;
  if (value == NULL || sim_written_whole(out, value)) return 1;
  return okx_fail(call, 51000, "Parameter %s error", name);
}

int32_t okx_true(const okx_call *call, const char *name) {
  return call->body != NULL && sim_json_true(call->body, name);
}

int32_t okx_decimal(okx_call *call, bourse_decimal *out, const char *name) {
  const char *value = okx_param(call, name);
  memset(out, 0, sizeof *out);
  if (value == NULL || sim_written_decimal(out, value)) return 1;
  return okx_fail(call, 51000, "Parameter %s error", name);
}

int32_t okx_market_of(const char *id) {
  for (int32_t i = 0; i < PAPER_MARKETS; i++)
    if (strcmp(markets[i].id, id) == 0) return i;
  return -1;
}

/* Messages name it by its code. */
int32_t okx_instrument(okx_call *call) {
  const char *id = okx_param(call, "instId"), *code = okx_param(call, "instIdCode");
  int32_t market = -1;
  if (call->request == NULL) {
    if (code == NULL) return okx_fail(call, 51000, "Parameter instIdCode can not be empty.") - 1;
    for (int32_t i = 0; i < PAPER_MARKETS; i++)
      if (okx_contracts[i].code == strtoll(code, NULL, 10)) market = i;
  } else {
    id = okx_need(call, "instId");
    if (id == NULL) return -1;
    market = okx_market_of(id);
  }
  if (market < 0) (void)okx_fail(call, 51001, "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");
  return market;
}

int32_t okx_chosen(okx_call *call, uint32_t *mask, int32_t wants_type) {
  const char *type = wants_type ? okx_need(call, "instType") : okx_param(call, "instType"),
             *family = okx_param(call, "instFamily"), *id = okx_param(call, "instId");
  static const char *const types[] = {"SPOT", "SWAP", "MARGIN", "FUTURES", "OPTION", "EVENTS", "ANY"};
  int32_t known = type == NULL;
  *mask = 0;
  if (wants_type && type == NULL) return 0;
  if (family == NULL) family = okx_param(call, "uly");
  for (size_t i = 0; type != NULL && i < sizeof types / sizeof types[0]; i++) known |= strcmp(types[i], type) == 0;
  if (!known) return okx_fail(call, 51000, "Parameter instType error");
  if (id != NULL && okx_market_of(id) < 0)
    return okx_fail(call, 51001, "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");
  for (uint32_t i = 0; i < PAPER_MARKETS; i++)
    if ((type == NULL || strcmp(type, "ANY") == 0 || strcmp(type, okx_type(i)) == 0) &&
        (id == NULL || strcmp(id, markets[i].id) == 0) &&
        (family == NULL || (!okx_is_spot(i) && strcmp(family, okx_contracts[i].family) == 0)))
      *mask |= 1u << i;
  return 1;
}

int32_t okx_read_page(okx_call *call, okx_page *out, int64_t most) {
  const char *after = okx_param(call, "after"), *before = okx_param(call, "before");
  out->after = after == NULL ? UINT64_MAX : strtoull(after, NULL, 10);
  out->before = before == NULL ? 0 : strtoull(before, NULL, 10);
  if (!okx_whole(call, &out->limit, "limit", most) || !okx_whole(call, &out->begin, "begin", -1) ||
      !okx_whole(call, &out->end, "end", -1))
    return 0;
  if (out->limit < 1 || out->limit > most) out->limit = most;
  return 1;
}

int32_t okx_within(const okx_page *page, uint64_t id, int64_t ms) {
  return id < page->after && id > page->before && (page->begin < 0 || ms >= page->begin) &&
         (page->end < 0 || ms <= page->end);
}

void okx_add(okx_call *call, cJSON *row) {
  if (call->data == NULL) call->data = cJSON_CreateArray();
  cJSON_AddItemToArray(call->data, row);
}

/* --- Numbers and ids --- */

const char *okx_price(sim *s, uint32_t market, int64_t price) {
  return sim_units_text(price, okx_market(s, market)->price_scale, -1);
}

const char *okx_size_of(sim *s, uint32_t market, const bourse_decimal *base) {
  bourse_decimal size = *base;
  (void)s;
  /* Contracts are worth a power of ten. */
  if (!okx_is_spot(market)) size.exponent -= okx_contracts[market].value.exponent;
  bourse_decimal_trim(&size, &size);
  return sim_decimal_text(&size);
}

const char *okx_size(sim *s, uint32_t market, int64_t amount) {
  bourse_decimal base = bourse__paper_decimal(amount, okx_market(s, market)->amount_scale);
  return okx_size_of(s, market, &base);
}

int32_t okx_read_size(uint32_t market, bourse_decimal *base, const bourse_decimal *size) {
  *base = *size;
  if (!okx_is_spot(market)) base->exponent += okx_contracts[market].value.exponent;
  return bourse_decimal_is_present(size);
}

const char *okx_ms(sim *s, int64_t time_ns) {
  return time_ns == 0 ? "" : sim_units_text((time_ns + sim_skew_ns(s)) / OKX_MS, 0, 0);
}

const char *okx_id(uint64_t id) { return id == 0 ? "" : sim_units_text((int64_t)(FIRST_ID + id), 0, 0); }

uint64_t okx_id_number(const char *text) {
  uint64_t number = text != NULL && strspn(text, "0123456789") == strlen(text) ? strtoull(text, NULL, 10) : 0;
  return number > FIRST_ID ? number - FIRST_ID : 0;
}

const char *okx_fee(paper_money fee) { return sim_money_text(-fee, -1); }

/* --- Keys --- */

int32_t okx_signature_is_good(const sim_account *account, const char *text, const char *signature) {
  const char *secret = account->key.secret;
  char wanted[129];
  return sim_hmac_base64(wanted, 256, secret, strlen(secret), text, strlen(text)) && sim_same_text(wanted, signature);
}

static int32_t refuse_key(okx_call *call, int32_t code, const char *text) {
  sim_reply_status(call->reply, 401);
  return okx_fail(call, code, "%s", text);
}

static int32_t check_signature(okx_call *call, const char *time, const char *signature) {
  const sim_request *request = call->request;
  size_t size = strlen(time) + strlen(request->method) + strlen(request->path) + strlen(request->query) +
                request->body_length + 4;
  char *text = malloc(size);
  if (text == NULL) abort();
  (void)snprintf(text, size, "%s%s%s%s%s%s", time, request->method, request->path, request->query[0] != '\0' ? "?" : "",
                 request->query, request->body);
  int32_t good = okx_signature_is_good(call->account, text, signature);
  free(text);
  return good ? 1 : refuse_key(call, 50113, "Invalid Sign");
}

static int32_t check_key(okx_call *call) {
  static const struct {
    const char *name;
    int32_t code;
  } headers[] = {{"OK-ACCESS-KEY", 50103},
                 {"OK-ACCESS-PASSPHRASE", 50104},
                 {"OK-ACCESS-SIGN", 50106},
                 {"OK-ACCESS-TIMESTAMP", 50107}};
  const sim_request *request = call->request;
  const char *values[4];
  char text[80];
  for (int32_t i = 0; i < 4; i++) {
    values[i] = sim_header(request, headers[i].name);
    if (values[i] != NULL && values[i][0] != '\0') continue;
    (void)snprintf(text, sizeof text, "Request header \"%s\" can't be empty.", headers[i].name);
    return refuse_key(call, headers[i].code, text);
  }
  call->account = sim_account_by_key(call->s, values[0]);
  if (call->account == NULL) return refuse_key(call, 50119, "API key doesn't exist");
  int64_t at_ns = strlen(values[3]) == 24 ? sim_iso_read(values[3]) : -1, away_ns = at_ns - sim_clock_ns(call->s);
  if (at_ns < 0) return refuse_key(call, 50112, "Invalid OK-ACCESS-TIMESTAMP");
  if (away_ns > 30 * OKX_SECOND || away_ns < -30 * OKX_SECOND)
    return refuse_key(call, 50102, "Timestamp request expired");
  const char *phrase = call->account->key.passphrase;
  if (!check_signature(call, values[3], values[2])) return 0;
  return sim_same_text(phrase == NULL ? "" : phrase, values[1])
             ? 1
             : refuse_key(call, 50105, "Request header \"OK-ACCESS-PASSPHRASE\" incorrect.");
}

/* --- Limits --- No headers tell what is left. */

static int32_t take(okx_call *call, const char *scope, const char *who, int64_t weight) {
  const okx_row *row = call->row;
  char name[120];
  (void)snprintf(name, sizeof name, "%s %s", row->path, scope);
  if (sim_take(call->s, name, who, row->seconds * OKX_SECOND, row->limit, weight) <= row->limit) return 1;
  if (call->reply != NULL) sim_reply_status(call->reply, 429);
  return okx_fail(call, 50011, "Too Many Requests");
}

static int32_t check_limit(okx_call *call) {
  const char *instrument = okx_param(call, "instId"), *code = okx_param(call, "instIdCode");
  const cJSON *item, *body = call->body;
  if (call->row->scope == OKX_BY_ADDRESS) return take(call, "", call->request != NULL ? call->request->address : "", 1);
  const char *who = call->account == NULL ? "" : call->account->key.name;
  if (call->row->scope == OKX_BY_USER) return take(call, "", who, 1);
  if (code != NULL)
    for (int32_t i = 0; i < PAPER_MARKETS; i++)
      if (okx_contracts[i].code == strtoll(code, NULL, 10)) instrument = markets[i].id;
  if (!cJSON_IsArray(body)) return take(call, instrument == NULL ? "" : instrument, who, 1);
  cJSON_ArrayForEach(item, body) { /* each order of a batch counts for its instrument */
    const char *id = sim_json_text(item, "instId"), *number = sim_json_text(item, "instIdCode");
    for (int32_t i = 0; number != NULL && i < PAPER_MARKETS; i++)
      if (okx_contracts[i].code == strtoll(number, NULL, 10)) id = markets[i].id;
    if (!take(call, id == NULL ? "" : id, who, 1)) return 0;
  }
  return 1;
}

/* --- Serving --- */

static const okx_row *row_of(const char *method, const char *path) {
  for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
    for (const okx_row *row = tables[t]; row->path != NULL; row++)
      if (strcmp(row->path, path) == 0 && strcmp(row->method, method) == 0) return row;
  return NULL;
}

const okx_row *okx_row_of_op(const char *op) {
  for (const okx_row *row = okx_order_rows; row->path != NULL; row++)
    if (row->op != NULL && op != NULL && strcmp(row->op, op) == 0) return row;
  return NULL;
}

/* Orders are refused one by one: what failed is in the items, and the whole says how many of them did. */
cJSON *okx_envelope(okx_call *call) {
  cJSON *json = cJSON_CreateObject(), *item;
  int32_t failures = 0, count = cJSON_GetArraySize(call->data), code = call->failed;
  char number[16];
  cJSON_ArrayForEach(item, call->data) {
    const char *of = sim_json_text(item, "sCode");
    failures += of != NULL && strcmp(of, "0") != 0;
  }
  const char *text = call->failed ? call->text : "";
  if (!call->failed && failures > 0 && call->row->timed) {
    code = failures == count ? 1 : 2;
    text = failures == count ? "All operations failed" : "Bulk operation partially succeeded.";
  }
  (void)snprintf(number, sizeof number, "%d", code);
  cJSON_AddStringToObject(json, "code", number);
  if (call->failed) {
    cJSON_Delete(call->data);
    call->data = NULL;
  }
  cJSON_AddItemToObject(json, "data", call->data == NULL ? cJSON_CreateArray() : call->data);
  call->data = NULL;
  cJSON_AddStringToObject(json, "msg", text);
  if (call->row != NULL && call->row->timed) {
    int64_t now = sim_clock_ns(call->s) / 1000;
    cJSON_AddStringToObject(json, "inTime", sim_units_text(now, 0, 0));
    cJSON_AddStringToObject(json, "outTime", sim_units_text(now + 150, 0, 0));
  }
  return json;
}

/* One order: its ids, and what became of it. */
static void run_item(okx_call *call) {
  okx_call one = *call;
  one.data = NULL;
  one.failed = 0;
  call->row->run(&one);
  cJSON *row = one.data != NULL ? cJSON_DetachItemFromArray(one.data, 0) : cJSON_CreateObject();
  const char *client_id = okx_param(&one, "clOrdId"), *algo_client_id = okx_param(&one, "algoClOrdId");
  int32_t algo = strstr(call->row->path, "algo") != NULL;
  char number[16];
  (void)snprintf(number, sizeof number, "%d", one.failed);
  if (one.failed) {
    cJSON_Delete(row);
    row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, algo ? "algoId" : "ordId", "");
    cJSON_AddStringToObject(row, algo ? "algoClOrdId" : "clOrdId",
                            algo                ? (algo_client_id == NULL ? "" : algo_client_id)
                            : client_id == NULL ? ""
                                                : client_id);
  }
  cJSON_AddStringToObject(row, "tag", "");
  if (!algo) cJSON_AddStringToObject(row, "ts", okx_ms(call->s, sim_now_ns(call->s)));
  cJSON_AddStringToObject(row, "sCode", number);
  cJSON_AddStringToObject(row, "sMsg", one.failed ? one.text : "");
  cJSON_Delete(one.data);
  okx_add(call, row);
}

void okx_run(okx_call *call) {
  const okx_row *row = call->row;
  sim *s = call->s;
  const cJSON *item, *list = call->body;
  if ((row->security >= OKX_TRADE && call->account->key.read_only) ||
      (row->security == OKX_WITHDRAW && !call->account->key.withdraws)) {
    (void)okx_fail(call, 50120, "This API key doesn't have permission to use this function");
    return;
  }
  if (!check_limit(call)) return;
  if (row->timed && sim_fault(s, "engine_busy", row->path)) {
    (void)okx_fail(call, 50013, "Systems are busy. Please try again later.");
    return;
  }
  if (row->several > 0) {
    int32_t count = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
    if (count < 1 || count > row->several) {
      (void)okx_fail(call, count < 1 ? 50002 : 51000, count < 1 ? "Incorrect json data format" : "Too many orders");
      return;
    }
    cJSON_ArrayForEach(item, list) {
      call->body = item;
      run_item(call);
    }
    call->body = list;
  } else if (row->timed) {
    run_item(call);
  } else {
    row->run(call);
  }
  if (!call->failed && row->timed && sim_fault(s, "unknown_status", row->path))
    (void)okx_fail(call, 50004,
                   "API endpoint request timeout (does not mean that the request was successful or failed, "
                   "please check the request result)");
}

/* A request may say until when it is worth something. */
static int32_t check_deadline(okx_call *call) {
  const char *deadline = sim_header(call->request, "expTime");
  if (deadline == NULL || strtoll(deadline, NULL, 10) >= sim_clock_ns(call->s) / OKX_MS) return 1;
  return okx_fail(call, 51054, "Request timed out. Please try again.");
}

static void serve(okx_call *call) {
  if (sim_fault(call->s, "maintenance", call->request->path) && strcmp(call->row->path, "/api/v5/system/status") != 0) {
    sim_reply_status(call->reply, 503);
    (void)okx_fail(call, 50001, "Service temporarily unavailable. Try again later");
    return;
  }
  if (call->row->security != OKX_PUBLIC && !check_key(call)) return;
  if (call->row->timed && !check_deadline(call)) return;
  okx_run(call);
}

static void request(sim *s, const sim_request *request, sim_reply *reply) {
  static const okx_row none = {0};
  okx_call call = {.s = s, .request = request, .reply = reply};
  cJSON *body = NULL;
  int32_t posts = strcmp(request->method, "POST") == 0;
  call.row = row_of(request->method, request->path);
  if (posts) {
    const char *text = request->body_length > 0 ? request->body : "{}";
    call.body = body = sim_json_parse(text, strlen(text));
  }
  if (call.row == NULL) {
    call.row = &none;
    sim_reply_status(reply, 404);
    (void)okx_fail(&call, 404, "Not Found");
  } else if (posts && !cJSON_IsObject(body) && !cJSON_IsArray(body)) {
    sim_reply_status(reply, 400);
    (void)okx_fail(&call, 50002, "Incorrect json data format");
  } else {
    serve(&call);
  }
  sim_reply_json(reply, okx_envelope(&call));
  cJSON_Delete(body);
}

/* --- Life --- */

static void told(sim *s, sim_order *order) { okx_tell_order(s, (okx_order *)order, &order->own); }

static void open_state(sim *s) {
  okx_state *state = okx_of(s);
  state->orders.size = sizeof(okx_order);
  state->orders.told = told;
  state->orders.child = okx_algo_child;
  state->second = sim_now_ns(s) / OKX_SECOND;
  state->pace = sim_now_ns(s) / (100 * OKX_MS);
  state->funding = sim_clock_ns(s) / (8 * OKX_HOUR);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++)
    for (uint32_t d = 0; d < OKX_BOOKS; d++)
      state->books[m][d].sequence = INT64_C(4000000000) + (int64_t)(sim_random(s) % 100000000);
}

static void close_state(sim *s) {
  okx_state *state = okx_of(s);
  sim_orders_free(&state->orders);
  free(state->moves.items);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++)
    for (uint32_t d = 0; d < OKX_BOOKS; d++) sim_ladder_free(&state->books[m][d].ladder);
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) okx_socket_closed(s, c);
}

static void event(sim *s, const paper_event *event) {
  okx_state *state = okx_of(s);
  okx_order *order = (okx_order *)sim_orders_event(s, &state->orders, event);
  if (event->kind == PAPER_EVENT_TRADE)
    sim_orders_price(s, &state->orders, event->market, BOURSE_PRICE_LAST, event->u.trade.price);
  if (order != NULL && event->kind == PAPER_EVENT_ORDER) {
    okx_tell_order(s, order, &event->u.order);
    okx_algo_part(s, order);
    if (!bourse__paper_is_open(&event->u.order)) okx_attach(s, order);
  }
  okx_private_event(s, event);
  okx_stream_event(s, event);
}

static void tick(sim *s) {
  okx_state *state = okx_of(s);
  int64_t second = sim_now_ns(s) / OKX_SECOND, funding = sim_clock_ns(s) / (8 * OKX_HOUR);
  int32_t new_second = second != state->second;
  state->second = second;
  for (uint32_t m = OKX_SPOT_MARKETS; new_second && m < PAPER_MARKETS; m++) {
    sim_orders_price(s, &state->orders, m, BOURSE_PRICE_MARK, okx_mark(s, m));
    sim_orders_price(s, &state->orders, m, BOURSE_PRICE_INDEX,
                     okx_market(s, m)->index_price != 0 ? okx_market(s, m)->index_price : okx_mark(s, m));
  }
  okx_algo_tick(s);
  sim_orders_tick(s, &state->orders);
  for (uint32_t a = 0; a < OKX_ACCOUNTS; a++)
    if (state->timers[a] != 0 && state->timers[a] <= sim_now_ns(s)) {
      state->timers[a] = 0;
      okx_cancel_all(s, a, "20");
    }
  if (funding != state->funding) {
    state->funding = funding;
    okx_pay_funding(s);
  }
  okx_private_flush(s);
  okx_stream_flush(s);
  okx_stream_tick(s, new_second);
}

static int64_t next_ns(const sim *s) {
  sim *all = (sim *)(uintptr_t)s;
  const okx_state *state = okx_of(all);
  int64_t next = INT64_MAX;
  if (state->orders.due || state->rests_due || (state->dirty && sim_next_socket(all, NULL) != NULL))
    return sim_now_ns(s);
  for (uint32_t a = 0; a < OKX_ACCOUNTS; a++)
    if (state->timers[a] != 0 && state->timers[a] < next) next = state->timers[a];
  return next;
}

static int32_t kept(sim *s, uint32_t index, sim_kept *out) {
  const sim_orders *orders = &okx_of(s)->orders;
  if (!sim_orders_kept(orders, index, out)) return 0;
  const okx_order *order = (const okx_order *)orders->items[index];
  const sim_order *child = sim_order_by_id(orders, order->child);
  const sim_order *resting = sim_order_by_id(orders, order->resting);
  if (child != NULL) out->became = child->engine_id;
  if (resting != NULL) out->rests = resting->engine_id;
  if (order->kind == OKX_OCO) out->fired = order->o.fired;
  if (order->kind != OKX_PLAIN && order->kind != OKX_ICEBERG && out->status == BOURSE_ORDER_FILLED)
    out->status = BOURSE_ORDER_TRIGGERED;
  return 1;
}

static const char *const faults[] = {"engine_busy", "unknown_status", "late_query",     "stream_gap",
                                     "seq_restart", "notice",         "server_restart", NULL};

const sim_dialect sim_okx = {
    .name = "okx",
    .title = "OKX",
    .markets = markets,
    .funds = funds,
    .fund_count = sizeof funds / sizeof funds[0],
    .state_size = sizeof(okx_state),
    .connection_size = sizeof(okx_socket),
    .refused_client_ids_reusable = 1,
    .default_key = "sim-key",
    .default_secret = "sim-secret",
    .default_passphrase = "sim-passphrase",
    .open = open_state,
    .close = close_state,
    .request = request,
    .upgrade = okx_upgrade,
    .message = okx_message,
    .closed = okx_socket_closed,
    .event = event,
    .tick = tick,
    .next_ns = next_ns,
    .faults = faults,
    .one_wallet = 1,
    .kept = kept,
};
