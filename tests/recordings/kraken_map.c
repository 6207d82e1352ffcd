/* kraken_map.c - Kraken's native fields on spot and where they belong, written from its documentation and from the payloads.
 * Payloads are envelopes, and their lists are mostly objects whose keys are ids: those are made lists of items first, which have
 * their key as "@key", the id of their market as "@market", and a value that is no object as "@value". */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recordings/recordings.h"

#define COUNT(array_) (uint32_t)(sizeof(array_) / sizeof((array_)[0]))
#define FAMILY(kind_, path_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, "", "", fields_, COUNT(fields_), derived_, 0 }
#define FAMILY_OF_ANY(kind_, path_, fields_) \
  { BOURSE_KIND_##kind_, path_, "", "", fields_, COUNT(fields_), "", 1 }

#define SIDES "buy=buy sell=sell"

/* --- Names --- */

static int is_in(const char *list, const char *word) {
  const char *at = strstr(list, word);
  return at != NULL && (at == list || at[-1] == ' ') && (at[strlen(word)] == ' ' || at[strlen(word)] == '\0');
}

static const char *unified(const char *name) {
  static const char old[] =
      "XXBT XXDG XETH XETC XLTC XXRP XXLM XXMR XZEC XMLN XREP XICN XNMC XXVN XDAO "
      "ZUSD ZEUR ZGBP ZJPY ZCAD ZAUD ZKRW";
  static const char *const renames[][2] = {{"XBT", "BTC"},   {"XDG", "DOGE"},   {"REP", "REPV1"}, {"REPV2", "REP"},
                                           {"LUNA", "LUNC"}, {"LUNA2", "LUNA"}, {"UST", "USTC"},  {"FEE", "KFEE"}};
  if (is_in(old, name)) name++;
  for (size_t i = 0; i < COUNT(renames); i++)
    if (strcmp(renames[i][0], name) == 0) return renames[i][1];
  return name;
}

/* What is behind the dot tells where a balance lies. */
static const char *currency(pool *p, const char *asset) { return unified(pool_copy(p, asset, strcspn(asset, "."))); }

/* --- Unwrapping --- */

static const struct {
  const char *path;
  const char *inner; /* member of the result that is the map; NULL: the result itself */
} maps[] = {
    {"*/AssetPairs", NULL},   {"*/Assets", NULL},       {"*/Ticker", NULL},           {"*/Balance", NULL},
    {"*/BalanceEx", NULL},    {"*/QueryOrders", NULL},  {"*/QueryTrades", NULL},      {"*/OpenPositions", NULL},
    {"*/QueryLedgers", NULL}, {"*/OpenOrders", "open"}, {"*/ClosedOrders", "closed"}, {"*/TradesHistory", "trades"},
    {"*/Ledgers", "ledger"},  {"*/Depth", NULL},        {"*/OrderAmends", "amends"},
};

static void add_raw(buffer *out, const json *value) {
  buffer_add(out, value->begin, (size_t)(value->end - value->begin));
}

/* The id of the market called this, by any of its names. */
static const char *market_of(const json *instruments, const char *name) {
  for (const json *one = instruments == NULL ? NULL : instruments->first; one != NULL && name != NULL; one = one->next)
    if (json_is(one, "@key", name) || json_is(one, "altname", name)) return json_text_of(one, "@key");
  return name;
}

static void add_member(buffer *out, const char *name, const char *text) {
  json_quote(out, name);
  buffer_string(out, ":");
  json_quote(out, text);
}

/* `keyed`: a key may be the name of a market. */
static void add_item(buffer *out, const json *instruments, const json *value, int keyed) {
  const char *pair = json_text_of(value, "pair");
  if (pair == NULL) pair = json_text_of(json_get(value, "descr"), "pair");
  if (pair == NULL && keyed && json_get(value, "descr") == NULL) pair = value->key; /* orders have their ids there */
  buffer_string(out, "{");
  add_member(out, "@key", value->key == NULL ? "" : value->key);
  buffer_string(out, ",");
  add_member(out, "@asset", unified(value->key == NULL ? "" : value->key));
  if (pair != NULL) {
    buffer_string(out, ",");
    add_member(out, "@market", market_of(instruments, pair));
  }
  if (json_get(value, "base") != NULL && json_get(value, "quote") != NULL) {
    buffer_string(out, ",");
    add_member(out, "@base", unified(json_text_of(value, "base")));
    buffer_string(out, ",");
    add_member(out, "@quote", unified(json_text_of(value, "quote")));
  }
  if (value->kind != JSON_OBJECT) {
    buffer_string(out, ",\"@value\":");
    add_raw(out, value);
  }
  for (const json *one = value->kind == JSON_OBJECT ? value->first : NULL; one != NULL; one = one->next) {
    buffer_string(out, ",");
    json_quote(out, one->key);
    buffer_string(out, ":");
    add_raw(out, one);
  }
  buffer_string(out, "}");
}

static void add_fees(buffer *out, const json *instruments, const json *result) {
  const json *fees = json_get(result, "fees"), *makers = json_get(result, "fees_maker");
  for (const json *one = fees == NULL ? NULL : fees->first; one != NULL; one = one->next) {
    const json *maker = json_get(json_get(makers, one->key), "fee");
    if (one != fees->first) buffer_string(out, ",");
    buffer_string(out, "{");
    add_member(out, "@market", market_of(instruments, one->key));
    buffer_string(out, ",\"taker\":");
    add_raw(out, json_get(one, "fee"));
    if (maker != NULL) {
      buffer_string(out, ",\"maker\":");
      add_raw(out, maker);
    }
    buffer_string(out, "}");
  }
}

static void add_map(buffer *out, const json *instruments, const json *map, int keyed) {
  for (const json *one = map == NULL ? NULL : map->first; one != NULL; one = one->next) {
    if (one != map->first) buffer_string(out, ",");
    add_item(out, instruments, one, keyed);
  }
}

/* Rows of the market that is the only key but "last". */
static void add_rows(buffer *out, const json *result) {
  for (const json *rows = result->first; rows != NULL; rows = rows->next)
    for (const json *one = rows->kind == JSON_ARRAY ? rows->first : NULL; one != NULL; one = one->next) {
      if (one != rows->first) buffer_string(out, ",");
      add_raw(out, one);
    }
}

/* Cancels tell a number: as many items, of which nothing more is known. */
static void add_count(buffer *out, const json *result) {
  long count = strtol(json_text_of(result, "count") == NULL ? "0" : json_text_of(result, "count"), NULL, 10);
  for (long i = 0; i < count && i < 100; i++) buffer_string(out, i == 0 ? "{}" : ",{}");
}

static const json *unwrap(pool *p, const json *instruments, const char *path, const json *payload) {
  const json *result = json_get(payload, "result"), *parsed = NULL;
  buffer out = {0};
  if (result == NULL) return payload;
  buffer_string(&out, "[");
  int done = 1;
  for (size_t i = 0; i < COUNT(maps); i++) {
    /* Positions that are consolidated are a list. */
    if (fnmatch(maps[i].path, path, 0) != 0 || (result->kind == JSON_ARRAY && !strstr(path, "/OpenPositions")))
      continue;
    if (result->kind != JSON_OBJECT && result->kind != JSON_ARRAY) continue;
    add_map(&out, instruments, maps[i].inner == NULL ? result : json_get(result, maps[i].inner),
            strstr(path, "/Balance") == NULL && strstr(path, "/Assets") == NULL);
    done = 0;
  }
  if (strstr(path, "/TradeVolume") != NULL)
    add_fees(&out, instruments, result);
  else if (strstr(path, "/Trades") != NULL && strstr(path, "History") == NULL)
    add_rows(&out, result);
  else if (strstr(path, "/OHLC") != NULL)
    add_rows(&out, result);
  else if (strstr(path, "/Cancel") != NULL && json_get(result, "count") != NULL)
    add_count(&out, result);
  else if (strstr(path, "/AddOrderBatch") != NULL)
    add_rows(&out, result);
  else if (done)
    parsed = result;
  buffer_string(&out, "]");
  if (parsed == NULL) parsed = json_parse(p, pool_copy(p, out.data, out.length), out.length, NULL);
  buffer_free(&out);
  return parsed;
}

static const char *refusal(const json *body) {
  const json *errors = json_get(body, "error");
  if (errors != NULL && errors->kind == JSON_STRING) return errors->text;
  for (const json *one = errors == NULL ? NULL : errors->first; one != NULL; one = one->next)
    if (one->kind == JSON_STRING && one->text[0] != 'W') return one->text;
  return NULL;
}

/* Which orders cancel_all_orders canceled the request before the last one tells. */
static int is_wanted(int32_t operation, const json *item) {
  if (operation == BOURSE_OP_CANCEL_ALL_ORDERS) return 0;
  return operation != BOURSE_OP_FETCH_CLOSED_ORDERS || json_is(item, "status", "closed");
}

static char *with_instrument(pool *p, const char *list, size_t length, const char *id) {
  const json *parsed = json_parse(p, list, length, NULL);
  const json *first = json_get(parsed, "result") == NULL ? NULL : json_get(parsed, "result")->first;
  const char *at = first == NULL ? list : first->begin;
  buffer out = {0};
  while (at > list && *at != '{') at--; /* the brace before the first key; its value's own does not count */
  if (at == first->begin) do
      at--;
    while (at > list && *at != '{');
  buffer_add(&out, list, (size_t)(at - list) + 1);
  json_quote(&out, id);
  buffer_string(&out, ":{");
  add_member(&out, "altname", id);
  buffer_string(&out, ",");
  add_member(&out, "wsname", pool_format(p, "%s/USD", id));
  buffer_string(&out, ",");
  add_member(&out, "base", id);
  buffer_string(&out, ",\"quote\":\"ZUSD\",\"tick_size\":\"0.1\",\"lot_decimals\":8},");
  buffer_add(&out, at + 1, length - (size_t)(at + 1 - list));
  char *text = pool_copy(p, out.data, out.length);
  buffer_free(&out);
  return text;
}

static const char *symbol_of(pool *p, const json *instrument) {
  const char *name = json_text_of(instrument, "wsname"), *slash = name == NULL ? NULL : strchr(name, '/');
  if (slash == NULL)
    return pool_format(p, "%s/%s", unified(json_text_of(instrument, "base")),
                       unified(json_text_of(instrument, "quote")));
  return pool_format(p, "%s/%s", unified(pool_copy(p, name, (size_t)(slash - name))), unified(slash + 1));
}

/* --- Fields --- */

static const map_field time_fields[] = {{"unixtime", "time_ns", HOW_SECONDS, NULL}};
static const map_field status_fields[] = {
    {"status", "status", HOW_ENUM,
     "online=normal maintenance=maintenance cancel_only=cancel_only post_only=post_only limit_only=limit_only"},
    {"status", "message", HOW_SAME, NULL},
    {"timestamp", "time_ns", HOW_ISO, NULL},
};
static const map_field market_fields[] = {
    {"@key", "id", HOW_SAME, NULL},
    {"altname", "pair", HOW_SAME, NULL},
    {"@base", "base", HOW_SAME, NULL},
    {"@quote", "quote", HOW_SAME, NULL},
    {"tick_size", "price_tick", HOW_SAME, NULL},
    {"ordermin", "amount_min", HOW_SAME, NULL},
    {"costmin", "cost_min", HOW_SAME, NULL},
    {"status", "status", HOW_SAME, NULL},
    {"status", "active", HOW_ENUM, "online=true cancel_only=false post_only=true limit_only=true reduce_only=true"},
    {"fees[0][1]", "taker_fee", HOW_PERCENT, NULL},
    {"fees_maker[0][1]", "maker_fee", HOW_PERCENT, NULL},
};
static const map_field currency_fields[] = {
    {"@key", "id", HOW_SAME, NULL},
    {"@asset", "currency", HOW_SAME, NULL},
    {"altname", "name", HOW_SAME, NULL},
};
static const map_field ticker_fields[] = {
    {"@market", "id", HOW_MARKET, NULL},     {"a[0]", "ask", HOW_SAME, NULL},
    {"a[2]", "ask_amount", HOW_SAME, NULL},  {"b[0]", "bid", HOW_SAME, NULL},
    {"b[2]", "bid_amount", HOW_SAME, NULL},  {"c[0]", "last", HOW_SAME, NULL},
    {"c[1]", "last_amount", HOW_SAME, NULL}, {"v[1]", "base_volume", HOW_SAME, NULL},
    {"p[1]", "vwap", HOW_SAME, NULL},        {"t[1]", "trade_count", HOW_SAME, NULL},
    {"l[1]", "low", HOW_SAME, NULL},         {"h[1]", "high", HOW_SAME, NULL},
};
static const map_field book_fields[] = {
    {"@market", "id", HOW_MARKET, NULL},
    {"bids", "bids", HOW_LEVELS, NULL},
    {"asks", "asks", HOW_LEVELS, NULL},
};
static const map_field trade_fields[] = {
    {"[0]", "price", HOW_SAME, NULL},          {"[1]", "amount", HOW_SAME, NULL}, {"[2]", "time_ns", HOW_SECONDS, NULL},
    {"[3]", "side", HOW_ENUM, "b=buy s=sell"}, {"[6]", "id", HOW_SAME, NULL},
};
static const map_field candle_fields[] = {
    {"[0]", "time_ns", HOW_SECONDS, NULL},  {"[1]", "open", HOW_SAME, NULL},  {"[2]", "high", HOW_SAME, NULL},
    {"[3]", "low", HOW_SAME, NULL},         {"[4]", "close", HOW_SAME, NULL}, {"[6]", "volume", HOW_SAME, NULL},
    {"[7]", "trade_count", HOW_SAME, NULL},
};
static const map_field balance_fields[] = {
    {"@key", "name", HOW_SAME, NULL},
    {"@key", "currency", HOW_CURRENCY, NULL},
    {"balance>@value", "total", HOW_SAME, NULL},
};
static const map_field summary_fields[] = {
    {"tb", "total", HOW_SAME, NULL},         {"m", "used", HOW_SAME, NULL},   {"mf", "free", HOW_SAME, NULL},
    {"n", "unrealized_pnl", HOW_SAME, NULL}, {"e", "equity", HOW_SAME, NULL},
};
static const map_field position_fields[] = {
    {"@key", "id", HOW_SAME, NULL},
    {"@market", "market_id", HOW_MARKET, NULL},
    {"time", "time_ns", HOW_SECONDS, NULL},
    {"type", "side", HOW_ENUM, "buy=long sell=short"},
    {"margin", "margin", HOW_SAME, NULL},
    {"value", "notional", HOW_SAME, NULL},
    {"net", "unrealized_pnl", HOW_SIGNED, NULL},
};
static const map_field fee_fields[] = {
    {"@market", "market_id", HOW_MARKET, NULL},
    {"taker", "taker", HOW_PERCENT, NULL},
    {"maker", "maker", HOW_PERCENT, NULL},
};
static const map_field ledger_fields[] = {
    {"@key", "id", HOW_SAME, NULL},
    {"refid", "reference", HOW_SAME, NULL},
    {"time", "time_ns", HOW_SECONDS, NULL},
    {"type", "native_kind", HOW_SAME, NULL},
    {"asset", "currency", HOW_CURRENCY, NULL},
    {"amount", "amount", HOW_SAME, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"balance", "balance", HOW_SAME, NULL},
    {"subtype", "text", HOW_SAME, NULL},
};
static const map_field order_fields[] = {
    {"@key", "id", HOW_SAME, NULL},
    {"cl_ord_id", "client_order_id", HOW_SAME, NULL},
    {"@market", "market_id", HOW_MARKET, NULL},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM,
     "pending=pending open=open/untriggered closed=filled canceled=canceled expired=expired"},
    {"reason", "reason", HOW_SAME, NULL},
    {"opentm", "created_ns", HOW_SECONDS, NULL},
    {"closetm", "updated_ns", HOW_SECONDS, NULL},
    {"starttm", "working_ns", HOW_SECONDS, NULL},
    {"expiretm", "expire_ns", HOW_SECONDS, NULL},
    {"descr.type", "side", HOW_ENUM, SIDES},
    {"descr.ordertype", "native_type", HOW_SAME, NULL},
    {"descr.ordertype", "type", HOW_ENUM,
     "market=market limit=limit iceberg=limit stop-loss=market take-profit=market stop-loss-limit=limit "
     "take-profit-limit=limit trailing-stop=market trailing-stop-limit=limit"},
    {"descr.leverage", "margin_mode", HOW_ENUM, "2:1=cross 3:1=cross 4:1=cross 5:1=cross"},
    {"vol", "amount|requested_cost", HOW_SAME, NULL},
    {"vol_exec", "filled", HOW_SAME, NULL},
    {"cost", "cost", HOW_SAME, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"price?vol_exec", "average", HOW_SAME, NULL},
    {"trigger", "trigger_by", HOW_ENUM, "last=last index=index"},
};
static const map_field placed_fields[] = {{"txid>txid[0]", "id", HOW_SAME, NULL}};
static const map_field no_fields[] = {{"@nothing", "id", HOW_SAME, NULL}};
static const map_field fill_fields[] = {
    {"@key", "id", HOW_SAME, NULL},
    {"ordertxid", "order_id", HOW_SAME, NULL},
    {"@market", "market_id", HOW_MARKET, NULL},
    {"time", "time_ns", HOW_SECONDS, NULL},
    {"type", "side", HOW_ENUM, SIDES},
    {"price", "price", HOW_SAME, NULL},
    {"cost", "cost", HOW_SAME, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"vol", "amount", HOW_SAME, NULL},
    {"maker", "role", HOW_ENUM, "true=maker false=taker"},
};
static const map_field timer_fields[] = {
    {"currentTime", "time_ns", HOW_ISO, NULL},
    {"triggerTime", "due_ns", HOW_ISO, NULL},
};
static const map_field token_fields[] = {{"token", "id", HOW_SAME, NULL}};
static const map_field permission_fields[] = {
    {"iban", "account", HOW_SAME, NULL},
    {"created_time", "created_ns", HOW_SECONDS, NULL},
    {"valid_until", "expires_ns", HOW_SECONDS, NULL},
};
static const map_field address_fields[] = {
    {"address", "address", HOW_SAME, NULL},
    {"tag>memo", "tag", HOW_SAME, NULL},
};
static const map_field transaction_fields[] = {
    {"refid", "id", HOW_SAME, NULL},
    {"txid", "transaction_hash", HOW_SAME, NULL},
    {"asset", "currency", HOW_CURRENCY, NULL},
    {"info", "address", HOW_SAME, NULL},
    {"amount", "amount", HOW_SAME, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"time", "time_ns", HOW_SECONDS, NULL},
    {"status-prop>status", "status", HOW_ENUM,
     "Initial=pending Pending=pending Settled=pending Success=ok Failure=failed canceled=canceled"},
};
static const map_field reference_fields[] = {{"refid", "id", HOW_SAME, NULL}};

/* Of what is asked for the replies to placing and canceling repeat little. */
static const map_field amended_fields[] = {
    {"order_qty", "amount", HOW_SAME, NULL},
    {"remaining_qty", "remaining", HOW_SAME, NULL},
    {"limit_price", "price", HOW_SAME, NULL},
    {"trigger_price", "trigger_price", HOW_SAME, NULL},
    {"display_qty", "iceberg_amount", HOW_ZERO, NULL},
    {"post_only", "post_only", HOW_ENUM, "true=true false=false"},
    {"reason", "reason", HOW_SAME, NULL},
    {"timestamp", "updated_ns", HOW_EPOCH, NULL},
};

#define ASKED "price amount requested_cost stop_loss_price"

static const map_family families[] = {
    FAMILY(SERVER_TIME, "*", time_fields, ""),
    FAMILY(SYSTEM_STATUS, "*", status_fields, ""),
    FAMILY(MARKET, "*", market_fields, "price_tick amount_step cost_step maker_fee taker_fee"),
    FAMILY(CURRENCY, "*", currency_fields, "step"),
    FAMILY(TICKER, "*", ticker_fields, "quote_volume=vwap*base_volume"),
    FAMILY(ORDER_BOOK, "*", book_fields, ""),
    FAMILY(TRADE, "*", trade_fields, "cost=price*amount"),
    FAMILY(CANDLE, "*", candle_fields, ""),
    FAMILY(BALANCE, "*/TradeBalance", summary_fields, ""),
    FAMILY(BALANCE, "*", balance_fields, "free used"),
    FAMILY(POSITION, "*", position_fields, "amount entry_price"),
    FAMILY(FEE, "*", fee_fields, "maker taker"),
    FAMILY(LEDGER_ENTRY, "*", ledger_fields, ""),
    FAMILY(PERMISSIONS, "*", permission_fields, ""),
    FAMILY(ORDER, "*/AddOrder*", placed_fields, ASKED),
    FAMILY_OF_ANY(ORDER, "*/CancelAll", no_fields),
    FAMILY(ORDER, "*/Cancel*", no_fields, ASKED),
    FAMILY(ORDER, "*/AmendOrder", no_fields, ASKED),
    FAMILY(ORDER, "*/OrderAmends", amended_fields, ""),
    FAMILY(ORDER, "*", order_fields, "remaining trailing_percent trailing_amount"),
    FAMILY_OF_ANY(FILL, "*/QueryOrders", no_fields),
    FAMILY(FILL, "*", fill_fields, ""),
    FAMILY(RECEIPT, "*/GetWebSocketsToken", token_fields, ""),
    FAMILY(RECEIPT, "*", timer_fields, ""),
    FAMILY_OF_ANY(DEPOSIT_ADDRESS, "*/DepositMethods", no_fields),
    FAMILY(DEPOSIT_ADDRESS, "*", address_fields, ""),
    FAMILY(TRANSACTION, "*/Withdraw", reference_fields, ""),
    FAMILY(TRANSACTION, "*", transaction_fields, ""),
    FAMILY(TRANSFER, "*", reference_fields, "amount"),
};

#define UNKNOWN "unknown"

static const map_error errors[] = {
    {"kraken", "EAPI:Bad request", NULL, "bad_request", NULL},
    {"kraken", "EAPI:Feature disabled", NULL, "permission refused unavailable", NULL},
    {"kraken", "EAPI:Invalid key", NULL, "auth", NULL},
    {"kraken", "EAPI:Invalid signature", NULL, "auth", NULL},
    {"kraken", "EAPI:Invalid nonce", NULL, "timestamp", NULL},
    {"kraken", "EAPI:Rate limit exceeded", NULL, "rate_limited", NULL},
    {"kraken", "EGeneral:Internal error", NULL, "unavailable", UNKNOWN},
    {"kraken", "EGeneral:Permission denied", NULL, "permission", NULL},
    {"kraken", "EGeneral:Temporary lockout", NULL, "banned", NULL},
    {"kraken", "EGeneral:Unknown Method", NULL, "bad_request", NULL},
    {"kraken", "EGeneral:Unknown method", NULL, "bad_request", NULL},
    {"kraken", "EGeneral:Invalid arguments", NULL, "bad_request", NULL},
    {"kraken", "EOrder:Rate limit exceeded", NULL, "rate_limited", NULL},
    {"kraken", "EOrder:Insufficient funds", NULL, "insufficient_funds", NULL},
    {"kraken", "EOrder:Unknown order", NULL, "order_not_found", NULL},
    {"kraken", "EOrder:Order minimum not met", NULL, "invalid_order", NULL},
    {"kraken", "EQuery:Unknown asset pair", NULL, "bad_symbol", NULL},
    {"kraken", "EService:Throttled", NULL, "rate_limited", NULL},
    {"kraken", "EService:Unavailable", NULL, "unavailable", UNKNOWN},
    {"kraken", "EService:Busy", NULL, "unavailable", UNKNOWN},
    {"kraken", "EService:Timeout", NULL, "fate_unknown", UNKNOWN},
};

const map_exchange map_kraken = {
    .id = "kraken",
    .name = "kraken",
    .product = BOURSE_PRODUCT_SPOT,
    .families = families,
    .family_count = COUNT(families),
    .errors = errors,
    .error_count = COUNT(errors),
    .symbol_of = symbol_of,
    .instruments = "/0/public/AssetPairs",
    .instrument_id = "@key",
    .instrument_base = "base",
    .unwrap = unwrap,
    .refusal = refusal,
    .error_status = 200,
    .is_wanted = is_wanted,
    .with_instrument = with_instrument,
    .market = "@market",
    .currency = currency,
    .sample =
        "{\"error\":[],\"result\":{\"XXBTZUSD\":{\"altname\":\"XBTUSD\",\"wsname\":\"XBT/USD\",\"base\":\"XXBT\","
        "\"quote\":\"ZUSD\",\"tick_size\":\"0.1\",\"lot_decimals\":8}}}",
};
