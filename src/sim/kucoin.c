/* sim/kucoin.c - KuCoin: its keys and signatures, pools of requests, the envelope, routing, what the engine's
 * events are to whom, and time.
 *
 * Followed: docs in "Authentication", "Rate Limit", "Spot Trading" (the high-frequency orders that are today's normal ones),
 * "Futures Trading", "Account & Funding" and "WebSocket" of kucoin.com/docs-new. Both hosts are on one port here: what both
 * have under the same path is one's where only its parameters make sense, and otherwise the futures'.
 *
 * Accounts are classic. One that is called "unified", or whose owner has it made so, is a unified one (kucoin_unified.c).
 *
 * Not here: margin (accounts have not enabled it), hidden orders. */
#include "kucoin.h"

#include <ctype.h>

/* --- Markets --- */

#define DEC(coefficient_, exponent_) \
  { (coefficient_), 0, (exponent_), BOURSE_DECIMAL_PRESENT }

/* Digits are those the outside market moves in: fewer than KuCoin has where its own would be finer. Futures are traded in lots
 * of one step. */
const sim_market_row kucoin_rows[PAPER_MARKETS] = {
    {"BTC-USDT", "BTC/USDT", "BTC", "USDT", NULL, DEC(1, -2), DEC(1, -5), DEC(1, -5), DEC(10000, 0), DEC(1, -1),
     DEC(1, -3), DEC(1, -3)},
    {"ETH-USDT", "ETH/USDT", "ETH", "USDT", NULL, DEC(1, -2), DEC(1, -4), DEC(1, -4), DEC(100000, 0), DEC(1, -1),
     DEC(1, -3), DEC(1, -3)},
    {"SOL-USDT", "SOL/USDT", "SOL", "USDT", NULL, DEC(1, -2), DEC(1, -3), DEC(1, -2), DEC(1000000, 0), DEC(1, -1),
     DEC(1, -3), DEC(1, -3)},
    {"ETH-BTC", "ETH/BTC", "ETH", "BTC", NULL, DEC(1, -5), DEC(1, -4), DEC(1, -4), DEC(100000, 0), DEC(1, -6),
     DEC(1, -3), DEC(1, -3)},
    {"XRP-USDT", "XRP/USDT", "XRP", "USDT", NULL, DEC(1, -4), DEC(1, -1), DEC(1, -1), DEC(10000000, 0), DEC(1, -1),
     DEC(1, -3), DEC(1, -3)},
    {"DOGE-USDT", "DOGE/USDT", "DOGE", "USDT", NULL, DEC(1, -5), DEC(1, 0), DEC(1, 0), DEC(100000000, 0), DEC(1, -1),
     DEC(1, -3), DEC(1, -3)},
    {"XBTUSDTM", "BTC/USDT:USDT", "BTC", "USDT", "USDT", DEC(1, -1), DEC(1, -3), DEC(1, -3), DEC(1000, 0), DEC(1, -3),
     DEC(2, -4), DEC(6, -4)},
    {"ETHUSDTM", "ETH/USDT:USDT", "ETH", "USDT", "USDT", DEC(1, -2), DEC(1, -2), DEC(1, -2), DEC(10000, 0), DEC(1, -3),
     DEC(2, -4), DEC(6, -4)},
};

int32_t kucoin_market_of(const char *symbol) {
  for (int32_t i = 0; symbol != NULL && i < PAPER_MARKETS; i++)
    if (strcmp(kucoin_rows[i].id, symbol) == 0) return i;
  return -1;
}

int32_t kucoin_spot_market(kucoin_call *call, const char *symbol) {
  int32_t market = kucoin_market_of(symbol);
  if (market >= 0 && market < KUCOIN_SPOT_MARKETS) return market;
  (void)kucoin_fail(call, symbol == NULL ? "400100" : "900001",
                    symbol == NULL ? "symbol can not be empty" : "symbol not exists");
  return -1;
}

int32_t kucoin_futures_market(kucoin_call *call, const char *symbol) {
  int32_t market = kucoin_market_of(symbol);
  if (market >= KUCOIN_SPOT_MARKETS) return market;
  (void)kucoin_fail(call, "100003", symbol == NULL ? "symbol can not be empty" : "Contract parameter invalid.");
  return -1;
}

/* --- Answers and parameters --- */

int32_t kucoin_fail(kucoin_call *call, const char *code, const char *text) {
  call->code = code;
  (void)snprintf(call->text, sizeof call->text, "%s", text);
  return 0;
}

const char *kucoin_member(const cJSON *object, const char *name) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
  const char *text = cJSON_IsBool(item) ? (cJSON_IsTrue(item) ? "true" : "false") : sim_json_item_text(item);
  return text != NULL && text[0] != '\0' ? text : NULL;
}

int32_t kucoin_is_true(const cJSON *object, const char *name) { return sim_json_true(object, name); }

const char *kucoin_param(const kucoin_call *call, const char *name) {
  const char *text = call->body != NULL ? kucoin_member(call->body, name) : NULL;
  if (text == NULL && call->request != NULL) text = sim_query(call->request, name);
  return text != NULL && text[0] != '\0' ? text : NULL;
}

int64_t kucoin_whole(const kucoin_call *call, const char *name, int64_t otherwise) {
  const char *text = kucoin_param(call, name);
  return text == NULL ? otherwise : strtoll(text, NULL, 10);
}

void kucoin_span(const kucoin_call *call, int64_t *from_ns, int64_t *to_ns) {
  int64_t from = kucoin_whole(call, "startAt", 0), to = kucoin_whole(call, "endAt", 0);
  *from_ns = from <= 0 || from > INT64_MAX / KUCOIN_MS ? 0 : from * KUCOIN_MS - sim_skew_ns(call->s);
  *to_ns = to <= 0 || to > INT64_MAX / KUCOIN_MS ? INT64_MAX : to * KUCOIN_MS - sim_skew_ns(call->s);
}

void kucoin_page(kucoin_call *call, cJSON *list, int64_t usual) {
  int64_t page = kucoin_whole(call, "currentPage", kucoin_whole(call, "pageNum", kucoin_whole(call, "pageNumber", 1))),
          size = kucoin_whole(call, "pageSize", usual), total = cJSON_GetArraySize(list), index = 0;
  if (page < 1) page = 1;
  if (size < 1) size = usual;
  cJSON *out = call->data = cJSON_CreateObject(), *items;
  sim_json_add_integer(out, kucoin_is_unified(call->s, call->account->account) ? "pageNumber" : "currentPage", page);
  sim_json_add_integer(out, "pageSize", size);
  sim_json_add_integer(out, "totalNum", total);
  sim_json_add_integer(out, "totalPage", (total + size - 1) / size);
  items = cJSON_AddArrayToObject(out, "items");
  while (list->child != NULL) {
    cJSON *item = cJSON_DetachItemFromArray(list, 0);
    if (index >= (page - 1) * size && index < page * size)
      cJSON_AddItemToArray(items, item);
    else
      cJSON_Delete(item);
    index++;
  }
  cJSON_Delete(list);
}

/* --- Keys --- */

#define WINDOW_NS (5 * KUCOIN_SECOND)

const char *kucoin_hmac(char out[129], const sim_account *who, const char *text) {
  out[0] = '\0';
  (void)sim_hmac_base64(out, 256, who->key.secret, strlen(who->key.secret), text, strlen(text));
  return out;
}

static char hex_digit(char c) { return (char)(c >= '0' && c <= '9' ? c - '0' : (c | 32) - 'a' + 10); }

/* The target with "%41" as "A": what the documents want signed, while most clients sign what they send. */
static char *decoded(const char *target) {
  char *out = strdup(target), *to = out;
  if (out == NULL) abort();
  for (const char *at = target; *at != '\0'; at++)
    if (at[0] == '%' && isxdigit((uint8_t)at[1]) && isxdigit((uint8_t)at[2])) {
      *to++ = (char)(hex_digit(at[1]) << 4 | hex_digit(at[2]));
      at += 2;
    } else {
      *to++ = *at;
    }
  *to = '\0';
  return out;
}

int32_t kucoin_check_signature(sim *s, const sim_account *who, const char *timestamp, const char *method,
                               const char *target, const char *body, const char *given) {
  char expected[129];
  int32_t good = 0;
  (void)s;
  for (int32_t i = 0; i < 2 && !good; i++) {
    char *text = i == 0 ? strdup(target) : decoded(target);
    size_t size = strlen(timestamp) + strlen(method) + (text == NULL ? 0 : strlen(text)) + strlen(body) + 1;
    char *whole = malloc(size);
    if (text == NULL || whole == NULL) abort();
    (void)snprintf(whole, size, "%s%s%s%s", timestamp, method, text, body);
    good = sim_same_text(kucoin_hmac(expected, who, whole), given);
    free(whole);
    free(text);
  }
  return good;
}

static int32_t is_fresh(sim *s, const char *timestamp) {
  int64_t off = strtoll(timestamp, NULL, 10) - sim_clock_ns(s) / KUCOIN_MS;
  return strspn(timestamp, "0123456789") == strlen(timestamp) && off <= WINDOW_NS / KUCOIN_MS &&
         off >= -WINDOW_NS / KUCOIN_MS;
}

/* Whose request it is. 0: refused. */
static int32_t check_key(kucoin_call *call, const kucoin_row *row) {
  const sim_request *request = call->request;
  const char *key = sim_header(request, "KC-API-KEY"), *given = sim_header(request, "KC-API-SIGN"),
             *timestamp = sim_header(request, "KC-API-TIMESTAMP"), *pass = sim_header(request, "KC-API-PASSPHRASE"),
             *version = sim_header(request, "KC-API-KEY-VERSION");
  char expected[129], target[4096];
  if (key == NULL || given == NULL || timestamp == NULL || pass == NULL)
    return kucoin_fail(call, "400001",
                       "Please check the header of your request for KC-API-KEY, KC-API-SIGN, "
                       "KC-API-TIMESTAMP, KC-API-PASSPHRASE");
  sim_account *who = sim_account_by_key(call->s, key);
  if (who == NULL) return kucoin_fail(call, "400003", "KC-API-KEY not exists");
  if (version == NULL || strcmp(version, "1") == 0)
    return kucoin_fail(call, "400008", "API key version is not supported");
  if (strcmp(version, "2") != 0 && strcmp(version, "3") != 0)
    return kucoin_fail(call, "400009", "Invalid KC-API-KEY-VERSION");
  if (!is_fresh(call->s, timestamp)) return kucoin_fail(call, "400002", "Invalid KC-API-TIMESTAMP");
  if (!sim_same_text(kucoin_hmac(expected, who, who->key.passphrase == NULL ? "" : who->key.passphrase), pass))
    return kucoin_fail(call, "400004", "Invalid KC-API-PASSPHRASE");
  (void)snprintf(target, sizeof target, "%s%s%s", request->path, request->query[0] == '\0' ? "" : "?", request->query);
  if (!kucoin_check_signature(call->s, who, timestamp, request->method, target, request->body, given))
    return kucoin_fail(call, "400005", "Invalid KC-API-SIGN");
  call->account = who;
  int32_t allowed =
      row->scope == KUCOIN_VIEW || (!who->key.read_only && (row->scope != KUCOIN_WITHDRAW || who->key.withdraws));
  return allowed ? 1 : kucoin_fail(call, "400007", "Access denied, require more permission.");
}

/* --- Pools --- */

static const struct {
  const char *name;
  int64_t quota, seconds;
} pools[] = {[POOL_PUBLIC] = {"kucoin public", 2000, 30},
             [POOL_SPOT] = {"kucoin spot", 4000, 30},
             [POOL_FUTURES] = {"kucoin futures", 2000, 30},
             [POOL_MANAGEMENT] = {"kucoin management", 2000, 30},
             [POOL_UNIFIED] = {"kucoin unified", 200, 3}};

/* Public ones by address, the others by user. 0: there is too much. */
static int32_t take_quota(kucoin_call *call, const kucoin_row *row) {
  int64_t reset_ns, quota = pools[row->pool].quota, length_ns = pools[row->pool].seconds * KUCOIN_SECOND;
  const char *who = row->pool == POOL_PUBLIC ? call->request->address : call->account->key.name;
  int64_t used = sim_take_opened(call->s, pools[row->pool].name, who, length_ns, quota, row->weight, &reset_ns);
  sim_reply_header(call->reply, "gw-ratelimit-limit", "%lld", (long long)quota);
  sim_reply_header(call->reply, "gw-ratelimit-remaining", "%lld", (long long)(used > quota ? 0 : quota - used));
  sim_reply_header(call->reply, "gw-ratelimit-reset", "%lld", (long long)(reset_ns / KUCOIN_MS));
  return used <= quota ? 1 : kucoin_fail(call, "429000", "Too many requests");
}

/* --- Routing --- */

static int32_t status_of(const char *code) {
  if (strcmp(code, "400002") == 0) return 400;
  if (strncmp(code, "40000", 5) == 0 || strcmp(code, "400007") == 0) return code[5] == '7' ? 403 : 401;
  if (strcmp(code, "429000") == 0) return 429;
  if (strcmp(code, "404000") == 0) return 404;
  if (strcmp(code, "415000") == 0) return 415;
  return strcmp(code, "500000") == 0 || strcmp(code, "503000") == 0 ? (code[0] - '0') * 100 + (code[2] - '0') : 200;
}

enum { OF_ALL = 0, OF_CLASSIC, OF_UNIFIED };

static const struct {
  const kucoin_row *rows;
  int32_t accounts; /* whose */
} tables[] = {{kucoin_market_rows, OF_ALL},
              {kucoin_order_rows, OF_CLASSIC},
              {kucoin_report_rows, OF_CLASSIC},
              {kucoin_oco_rows, OF_CLASSIC},
              {kucoin_account_rows, OF_ALL},
              {kucoin_futures_market_rows, OF_ALL},
              {kucoin_futures_order_rows, OF_CLASSIC},
              {kucoin_futures_account_rows, OF_CLASSIC},
              {kucoin_unified_rows, OF_UNIFIED},
              {kucoin_unified_order_rows, OF_UNIFIED}};

static const kucoin_row *row_of(kucoin_call *call, int32_t *accounts) {
  for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
    for (const kucoin_row *row = tables[t].rows; row->method != NULL; row++)
      if (strcmp(row->method, call->request->method) == 0 &&
          sim_path_fits(row->path, call->request->path, call->parts, KUCOIN_PARTS)) {
        *accounts = tables[t].accounts;
        return row;
      }
  return NULL;
}

/* A key of a unified account has the permission for that, and none for what classic accounts trade with. */
static int32_t check_account(kucoin_call *call, int32_t accounts) {
  int32_t unified = call->account != NULL && kucoin_is_unified(call->s, call->account->account);
  if (accounts == OF_UNIFIED && !unified) return kucoin_fail(call, "112010", "Not a unified account user");
  return accounts != OF_CLASSIC || !unified || kucoin_fail(call, "400007", "Access denied, require more permission.");
}

static void answer_call(kucoin_call *call) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "code", call->code == NULL ? "200000" : call->code);
  if (call->code != NULL) {
    cJSON_AddStringToObject(json, "msg", call->text);
    sim_reply_status(call->reply, status_of(call->code));
    cJSON_Delete(call->data);
  } else {
    cJSON_AddItemToObject(json, "data", call->data == NULL ? cJSON_CreateNull() : call->data);
  }
  sim_reply_json(call->reply, json);
}

static void run_row(kucoin_call *call, const kucoin_row *row, int32_t accounts) {
  const sim_request *request = call->request;
  int32_t acts = row->scope >= KUCOIN_TRADE;
  const char *type = sim_header(request, "Content-Type");
  if (row->scope != KUCOIN_PUBLIC && !check_key(call, row)) return;
  if (!take_quota(call, row) || !check_account(call, accounts)) return;
  cJSON *body = NULL;
  if (request->body_length > 0) {
    body = sim_json_parse(request->body, request->body_length);
    if (body == NULL || type == NULL || strstr(type, "json") == NULL) {
      (void)kucoin_fail(call, body == NULL ? "400100" : "415000",
                        body == NULL ? "Request body is not JSON" : "Unsupported Media Type");
      cJSON_Delete(body);
      return;
    }
  }
  call->body = body;
  if (acts && sim_fault(call->s, "engine_busy", row->path)) {
    (void)kucoin_fail(call, "503000", "Service Unavailable");
  } else {
    row->run(call);
    if (acts && call->code == NULL && sim_fault(call->s, "unknown_status", row->path)) /* it was done */
      (void)kucoin_fail(call, "500000", "Internal Server Error");
  }
  cJSON_Delete(body);
}

static void answer(sim *s, const sim_request *request, sim_reply *reply) {
  kucoin_call call;
  memset(&call, 0, sizeof call);
  call.s = s;
  call.request = request;
  call.reply = reply;
  int32_t accounts = OF_ALL;
  const kucoin_row *row = row_of(&call, &accounts);
  if (row == NULL)
    (void)kucoin_fail(&call, "404000", "Url Not Found");
  else
    run_row(&call, row, accounts);
  answer_call(&call);
}

/* --- Tokens of connections --- */

#define TOKEN_NS (24 * 3600 * KUCOIN_SECOND)

cJSON *kucoin_bullet(sim *s, sim_account *account, const sim_request *request, int32_t futures) {
  kucoin_state *state = kucoin_of(s);
  kucoin_token *token = &state->tokens[state->next_token++ % KUCOIN_TOKENS];
  const char *host = sim_header(request, "Host");
  char endpoint[200];
  (void)snprintf(token->text, sizeof token->text, "2neAiuYvAU%016llx%016llx==", (unsigned long long)sim_random(s),
                 (unsigned long long)sim_random(s));
  token->account = account;
  token->pushes = 0;
  token->expires_ns = sim_clock_ns(s) + TOKEN_NS;
  if (host == NULL || strstr(host, "kucoin.com") != NULL)
    (void)snprintf(endpoint, sizeof endpoint, "wss://ws-api-%s.kucoin.com/",
                   futures || (host != NULL && strstr(host, "futures") != NULL) ? "futures" : "spot");
  else
    (void)snprintf(endpoint, sizeof endpoint, "%s://%.150s/", sim_is_tls(s) ? "wss" : "ws", host);
  cJSON *json = cJSON_CreateObject(), *server = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "token", token->text);
  cJSON_AddStringToObject(server, "endpoint", endpoint);
  cJSON_AddTrueToObject(server, "encrypt");
  cJSON_AddStringToObject(server, "protocol", "websocket");
  sim_json_add_integer(server, "pingInterval", 18000);
  sim_json_add_integer(server, "pingTimeout", 10000);
  cJSON_AddItemToArray(cJSON_AddArrayToObject(json, "instanceServers"), server);
  return json;
}

/* --- Ids --- */

#define FUTURES_ID UINT64_C(234000000000000000)
#define VERSION    48 /* bits of a number below those of its version; ghosts have the bit at 48 themselves */

/* Spot: 24 digits of a number that looks like nobody counted, of the version, and of a check. Futures, and all of the unified
 * account: decimals. */
const char *kucoin_order_id(char out[KUCOIN_ID_SIZE], const kucoin_record *record, uint32_t version) {
  uint64_t number = record->base.id;
  if (kucoin_is_futures(record->base.market) || record->unified) {
    (void)snprintf(out, KUCOIN_ID_SIZE, "%llu",
                   (unsigned long long)(FUTURES_ID + (number & ~(UINT64_C(1) << VERSION)) +
                                        (number >> VERSION) * UINT64_C(1000000000000000)));
    return out;
  }
  uint64_t mixed = sim_stir(number), check = (mixed >> 20 ^ mixed * 31 ^ version * UINT64_C(0x51ed27)) & 0xfffff;
  (void)snprintf(out, KUCOIN_ID_SIZE, "%s%016llx%03x%05x",
                 record->kind == KUCOIN_STOP && version == UINT32_MAX ? "vs" : "", (unsigned long long)mixed,
                 version == UINT32_MAX ? 0xfff : version & 0xfff, (unsigned)check);
  return out;
}

static uint64_t number_of(const char *id) {
  char digits[20];
  if (strncmp(id, "vs", 2) == 0) id += 2;
  (void)snprintf(digits, sizeof digits, "%.16s", id);
  return sim_unstir(strtoull(digits, NULL, 16));
}

kucoin_record *kucoin_record_named(sim *s, uint32_t account, const char *id, uint32_t *past) {
  sim_records *records = &kucoin_of(s)->records;
  char again[KUCOIN_ID_SIZE], digits[4];
  if (id == NULL) return NULL;
  if (strspn(id, "0123456789") == strlen(id) && strlen(id) == 18) {
    uint64_t rest = strtoull(id, NULL, 10) - FUTURES_ID, ghost = rest / UINT64_C(1000000000000000);
    kucoin_record *record = sim_record_of(records, (rest - ghost * UINT64_C(1000000000000000)) | ghost << VERSION);
    return record != NULL && record->base.account == account &&
                   (kucoin_is_futures(record->base.market) || record->unified)
               ? record
               : NULL;
  }
  int32_t waiting = strncmp(id, "vs", 2) == 0;
  if (strlen(id) != (waiting ? 26u : 24u)) return NULL;
  kucoin_record *record = sim_record_of(records, number_of(id));
  if (record == NULL || record->base.account != account || kucoin_is_futures(record->base.market) || record->unified)
    return NULL;
  (void)snprintf(digits, sizeof digits, "%.3s", id + 16 + 2 * waiting);
  uint32_t version = waiting ? UINT32_MAX : (uint32_t)strtoul(digits, NULL, 16);
  if (strcmp(kucoin_order_id(again, record, version), id) != 0) return NULL;
  if (!waiting && version > record->version) return NULL;
  if (past != NULL) *past = waiting ? record->version : version;
  if (past == NULL && !waiting && version != record->version) return NULL;
  return record;
}

kucoin_record *kucoin_record_new(sim *s, uint32_t account, uint32_t market) {
  kucoin_record *record = sim_record_new(&kucoin_of(s)->records, account, market);
  record->unified = kucoin_is_unified(s, account);
  return record;
}

int32_t kucoin_waits(const kucoin_record *record, const paper_order *order) {
  return record->kind != KUCOIN_PLAIN && order->trigger_kind != PAPER_TRIGGER_NONE && !order->fired;
}

const char *kucoin_now_id(char out[KUCOIN_ID_SIZE], const kucoin_record *record) {
  return kucoin_order_id(out, record, record->version);
}

kucoin_record *kucoin_by_client(sim *s, uint32_t account, const char *client_id, int32_t market, int32_t futures) {
  const sim_records *records = &kucoin_of(s)->records;
  if (market >= 0) return sim_record_named(s, records, account, client_id, market);
  kucoin_record *found = NULL;
  for (int32_t m = futures ? KUCOIN_SPOT_MARKETS : 0;
       m < (futures ? PAPER_MARKETS : KUCOIN_SPOT_MARKETS) && found == NULL; m++)
    found = sim_record_named(s, records, account, client_id, m);
  return found;
}

uint64_t kucoin_fill_number(const paper_fill *fill) { return fill->id * 2 + (fill->side == BOURSE_SIDE_SELL); }

const char *kucoin_user(char out[KUCOIN_ID_SIZE], uint32_t account) {
  (void)snprintf(out, KUCOIN_ID_SIZE, "5151%020llx", (unsigned long long)account + 1);
  return out;
}

/* --- Numbers and times --- */

const char *kucoin_price(sim *s, uint32_t market, int64_t price) {
  return sim_units_text(price, kucoin_market(s, market)->price_scale, -1);
}

const char *kucoin_amount(sim *s, uint32_t market, int64_t amount) {
  const paper_market *m = kucoin_market(s, market);
  return kucoin_is_futures(market) ? sim_units_text(amount / m->step, 0, 0)
                                   : sim_units_text(amount, m->amount_scale, -1);
}

void kucoin_add_raw(cJSON *object, const char *name, const char *text) {
  if (name != NULL)
    cJSON_AddRawToObject(object, name, text);
  else
    cJSON_AddItemToArray(object, cJSON_CreateRaw(text));
}

void kucoin_add_ms(sim *s, cJSON *object, const char *name, int64_t time_ns) {
  sim_json_add_integer(object, name, (time_ns + sim_skew_ns(s)) / KUCOIN_MS);
}

void kucoin_add_ns(sim *s, cJSON *object, const char *name, int64_t time_ns) {
  sim_json_add_integer(object, name, time_ns + sim_skew_ns(s));
}

const char *kucoin_asset(const char *currency) { return strcmp(currency, "BTC") == 0 ? "XBT" : currency; }
const char *kucoin_currency(const char *currency) { return strcmp(currency, "XBT") == 0 ? "BTC" : currency; }

/* --- Events and time --- */

static void on_event(sim *s, const paper_event *event) {
  if (event->account == UINT32_MAX)
    kucoin_stream_event(s, event);
  else if (!kucoin_paper_account(s, event->account)->unlimited)
    kucoin_user_event(s, event);
}

/* The dead man's switch: all, or the symbols it was set for. */
static void run_timers(sim *s) {
  kucoin_state *state = kucoin_of(s);
  for (uint32_t a = 0; a < KUCOIN_ACCOUNTS; a++) {
    if (state->timers[a] == 0 || state->timers[a] > sim_now_ns(s)) continue;
    const char *symbols = state->timer_symbols[a];
    state->timers[a] = 0;
    for (int32_t m = 0; m < KUCOIN_SPOT_MARKETS; m++)
      if (symbols[0] == '\0' || strstr(symbols, kucoin_rows[m].id) != NULL) (void)kucoin_cancel_all(s, a, m, 0, NULL);
  }
}

static void tick(sim *s) {
  run_timers(s);
  kucoin_flush(s);
  kucoin_tick(s);
}

static int64_t next_ns(const sim *s) {
  sim *mine = (sim *)(uintptr_t)s; /* the accessors are for dialects that change things */
  const kucoin_state *state = kucoin_of(mine);
  int64_t next = INT64_MAX;
  for (uint32_t a = 0; a < KUCOIN_ACCOUNTS; a++)
    if (state->timers[a] != 0 && state->timers[a] < next) next = state->timers[a];
  if (sim_next_socket(mine, NULL) == NULL) return next;
  int64_t due = (sim_now_ns(s) / KUCOIN_SECOND + 1) * KUCOIN_SECOND;
  if (due < next) next = due;
  for (uint32_t m = 0; m < PAPER_MARKETS; m++)
    if (state->books[m].count[0] + state->books[m].count[1] + state->books[m].fresh > 0) next = sim_now_ns(s);
  return next;
}

/* --- Life --- */

static void open_sim(sim *s) {
  kucoin_state *state = kucoin_of(s);
  sim_records_open(&state->records, sizeof(kucoin_record));
  state->told_second = sim_now_ns(s) / KUCOIN_SECOND;
  for (uint32_t i = 0; sim_account_at(s, i) != NULL; i++)
    for (uint32_t m = KUCOIN_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
      (void)bourse__paper_set_isolated(sim_engine(s), sim_account_at(s, i)->account, m, 1);
      (void)bourse__paper_set_leverage(sim_engine(s), sim_account_at(s, i)->account, m, 10);
    }
  for (uint32_t i = 0; sim_account_at(s, i) != NULL; i++)
    if (strcmp(sim_account_at(s, i)->key.name, "unified") == 0) (void)kucoin_unify(s, sim_account_at(s, i)->account);
  sim_settle(s);
}

static void close_sim(sim *s) {
  kucoin_state *state = kucoin_of(s);
  for (uint32_t i = 0; i < state->records.count; i++) free(((kucoin_record *)state->records.items[i])->past);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++)
    for (uint32_t side = 0; side < 2; side++) {
      free(state->books[m].prices[side]);
      free(state->books[m].numbers[side]);
    }
  free(state->pots);
  free(state->movements);
  sim_records_free(&state->records);
}

static const sim_fund funds[] = {
    {NULL, "USDT", 0, 0, DEC(1000000, 0)}, {NULL, "BTC", 0, 0, DEC(10, 0)},     {NULL, "ETH", 0, 0, DEC(100, 0)},
    {NULL, "SOL", 0, 0, DEC(1000, 0)},     {NULL, "XRP", 0, 0, DEC(100000, 0)}, {NULL, "DOGE", 0, 0, DEC(100000, 0)},
    {NULL, "USDT", 1, 0, DEC(100000, 0)},
};

static const sim_key more_keys[] = {{"unified", "sim-unified-key", "sim-unified-secret", "sim-passphrase", 0, 1}};

static const char *const faults[] = {"maintenance", "engine_busy", "unknown_status", "token_dead", "stream_gap", NULL};

const sim_dialect sim_kucoin = {
    .name = "kucoin",
    .title = "KuCoin (spot and futures, classic and unified accounts)",
    .markets = kucoin_rows,
    .funds = funds,
    .fund_count = sizeof funds / sizeof funds[0],
    .state_size = sizeof(kucoin_state),
    .connection_size = sizeof(kucoin_socket),
    .default_key = "sim-key",
    .default_secret = "sim-secret",
    .default_passphrase = "sim-passphrase",
    .more_key_count = sizeof more_keys / sizeof more_keys[0],
    .more_keys = more_keys,
    .open = open_sim,
    .close = close_sim,
    .request = answer,
    .upgrade = kucoin_upgrade,
    .message = kucoin_message,
    .event = on_event,
    .tick = tick,
    .next_ns = next_ns,
    .faults = faults,
    .opened = kucoin_opened,
    .trigger_at_once = 1,
    .fees_in_quote = 1,
};
