/* kraken_futures_map.c - native fields of Kraken's Derivatives API and where they belong, written from its documentation and from
 * the payloads. Each payload is made a list of items first, which have the id of their market, in upper case, as "@market". */
#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "recordings/recordings.h"

#define COUNT(array_) (uint32_t)(sizeof(array_) / sizeof((array_)[0]))
#define FAMILY(kind_, path_, lists_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, lists_, "", fields_, COUNT(fields_), derived_, 0 }

#define SIDES   "buy=buy sell=sell Buy=buy Sell=sell"
#define TYPES   "lmt=limit post=limit ioc=limit fok=limit mkt=market Limit=limit Post=limit"
#define SIGNALS "last=last mark=mark index=index spot=index"

/* --- Unwrapping --- */

/* Where the items are: a list, or the one object. "orderEvents[].order" of what happened. */
static const struct {
  const char *path;
  const char *list;   /* member of the payload */
  const char *member; /* of that object, or of each element; NULL: itself */
} places[] = {
    {"*/instruments", "instruments", NULL},
    {"*/tickers", "tickers", NULL},
    {"*/tickers/*", "ticker", NULL},
    {"*/orderbook", "orderBook", NULL},
    {"*/api/v?/history", "history", NULL},
    {"*/charts/*/analytics/*", "result", NULL},
    {"*/charts/*", "candles", NULL},
    {"*/historical*funding*rates", "rates", NULL},
    {"*/openpositions", "openPositions", NULL},
    {"*/openorders", "openOrders", NULL},
    {"*/fills", "fills", NULL},
    {"*/leveragepreferences", "leveragePreferences", NULL},
    {"*/account-log", "logs", NULL},
    {"*/sendorder", "sendStatus", NULL},
    {"*/editorder", "editStatus", NULL},
    {"*/cancelorder", "cancelStatus", NULL},
    {"*/batchorder", "batchStatus", NULL},
    {"*/cancelallordersafter", "status", NULL},
    {"*/orders/status", "orders", "order"},
};

static void add_raw(buffer *out, const json *value) {
  buffer_add(out, value->begin, (size_t)(value->end - value->begin));
}

static const char *upper(pool *p, const char *text) {
  char *copy = pool_string(p, text);
  for (char *at = copy; *at != '\0'; at++) *at = (char)toupper((unsigned char)*at);
  return copy;
}

/* The first text of that name in the object, or in what it holds. */
static const char *find(const json *value, const char *name) {
  const char *text = json_text_of(value, name);
  for (const json *one = value->first; one != NULL && text == NULL; one = one->next)
    if (one->kind == JSON_OBJECT || one->kind == JSON_ARRAY) text = find(one, name);
  return text;
}

static const char *currency(pool *p, const char *asset) {
  const char *name = upper(p, asset);
  return strcmp(name, "XBT") == 0 ? "BTC" : strcmp(name, "XDG") == 0 ? "DOGE" : name;
}

/* PI_XBTUSD is BTC/USD:BTC, PF_XBTUSD BTC/USD:USD, FI_XBTUSD_220930 BTC/USD:BTC-220930. */
static const char *symbol_of_id(pool *p, const char *id) {
  const char *name = strchr(id, '_') == NULL ? id : strchr(id, '_') + 1;
  size_t length = strcspn(name, "_"), quote = length > 3 ? 3 : 0;
  const char *base = currency(p, pool_copy(p, name, length - quote)),
             *other = currency(p, pool_copy(p, name + length - quote, quote));
  return pool_format(p, "%s/%s:%s%s%s", base, other, toupper((unsigned char)id[1]) == 'I' ? base : other,
                     name[length] == '_' ? "-" : "", name[length] == '_' ? name + length + 1 : "");
}

static void add_item(pool *p, buffer *out, const json *value) {
  const char *market = value->kind == JSON_OBJECT ? find(value, "symbol") : NULL;
  if (market == NULL && value->kind == JSON_OBJECT) market = find(value, "tradeable");
  if (value->kind != JSON_OBJECT) {
    add_raw(out, value);
    return;
  }
  buffer_string(out, "{");
  if (market != NULL) {
    buffer_string(out, "\"@market\":");
    json_quote(out, upper(p, market));
    buffer_string(out, ",\"@symbol\":");
    json_quote(out, symbol_of_id(p, upper(p, market)));
  }
  for (const json *one = value->first; one != NULL; one = one->next) {
    if (one != value->first || market != NULL) buffer_string(out, ",");
    json_quote(out, one->key);
    buffer_string(out, ":");
    add_raw(out, one);
  }
  buffer_string(out, "}");
}

/* Indexes and options stand among the markets. */
static int is_market(const json *value) {
  const char *id = json_text_of(value, "symbol");
  if (id == NULL || strlen(id) < 3 || id[2] != '_') return 1;
  return strchr("pPfF", id[0]) != NULL && strchr("fFiIvV", id[1]) != NULL;
}

static void add_list(pool *p, buffer *out, const json *list, const char *member) {
  int any = 0;
  for (const json *one = list == NULL ? NULL : list->first; one != NULL; one = one->next) {
    const json *item = member == NULL ? one : json_get(one, member);
    if (item == NULL || !is_market(item)) continue;
    if (any++) buffer_string(out, ",");
    add_item(p, out, item);
  }
}

/* The currencies of the wallet that backs linear contracts. */
static void add_currencies(buffer *out, const json *payload) {
  const json *list = json_get(json_get(json_get(payload, "accounts"), "flex"), "currencies");
  for (const json *one = list == NULL ? NULL : list->first; one != NULL; one = one->next) {
    if (one != list->first) buffer_string(out, ",");
    buffer_string(out, "{\"@key\":");
    json_quote(out, one->key);
    for (const json *part = one->first; part != NULL; part = part->next) {
      buffer_string(out, ",");
      json_quote(out, part->key);
      buffer_string(out, ":");
      add_raw(out, part);
    }
    buffer_string(out, "}");
  }
}

/* Orders of events, each once: {"order": {...}} or {"event": {"OrderPlaced": {"order": {...}}}}. */
static void add_events(pool *p, buffer *out, const json *list) {
  int any = 0;
  for (const json *one = list == NULL ? NULL : list->first; one != NULL; one = one->next) {
    const json *event = json_get(one, "event"), *details = event == NULL ? one : event->first;
    const json *order = json_get(details, "order") != NULL ? json_get(details, "order") : json_get(details, "newOrder");
    if (order == NULL) continue;
    if (any++) buffer_string(out, ",");
    add_item(p, out, order);
  }
}

/* {"event": {"Execution": {"execution": {...}}}}, the first name written both ways. */
static void add_executions(pool *p, buffer *out, const json *list) {
  int any = 0;
  for (const json *one = list == NULL ? NULL : list->first; one != NULL; one = one->next) {
    const json *event = json_get(one, "event");
    const json *execution = event == NULL || event->first == NULL ? NULL : json_get(event->first, "execution");
    if (execution == NULL) continue;
    if (any++) buffer_string(out, ",");
    add_item(p, out, execution);
  }
}

static void add_all(pool *p, buffer *out, const char *path, const json *payload) {
  const json *status = json_get(payload, "cancelStatus"), *list = NULL;
  if (fnmatch("*/accounts", path, 0) == 0) {
    add_currencies(out, payload);
  } else if (fnmatch("*/cancelallorders", path, 0) == 0) {
    list = json_get(status, "orderEvents");
    add_list(p, out, list != NULL ? list : json_get(status, "cancelledOrders"), list != NULL ? "order" : NULL);
  } else if (fnmatch("*/history/v?/*executions", path, 0) == 0) {
    add_executions(p, out, json_get(payload, "elements"));
  } else if (fnmatch("*/history/v?/*", path, 0) == 0 && fnmatch("*/account-log", path, 0) != 0) {
    list = json_get(payload, "elements");
    add_events(p, out, list != NULL ? list : json_get(payload, "orderEvents"));
  }
}

static const json *unwrap(pool *p, const json *instruments, const char *path, const json *payload) {
  buffer out = {0};
  (void)instruments;
  buffer_string(&out, "[");
  add_all(p, &out, path, payload);
  int known = out.length > 1 || fnmatch("*/orders/status", path, 0) == 0 || fnmatch("*/accounts", path, 0) == 0;
  for (size_t i = 0; !known && i < COUNT(places); i++) {
    const json *found = fnmatch(places[i].path, path, 0) == 0 ? json_get(payload, places[i].list) : NULL;
    if (found == NULL) continue;
    known = 1;
    if (found->kind == JSON_ARRAY)
      add_list(p, &out, found, places[i].member);
    else
      add_item(p, &out, found);
  }
  buffer_string(&out, "]");
  const json *parsed = known ? json_parse(p, pool_copy(p, out.data, out.length), out.length, NULL) : payload;
  buffer_free(&out);
  return parsed;
}

/* {"result": "error", "error": ...}, and the status of an order that was not taken. */
static const char *refusal(const json *body) {
  const char *const statuses[] = {"sendStatus", "editStatus", "cancelStatus"};
  static const char taken[] = " placed partiallyFilled filled edited cancelled noOrdersToCancel ";
  const char *error = json_text_of(body, "error");
  if (error != NULL) return error;
  for (size_t i = 0; i < COUNT(statuses); i++) {
    const char *status = json_text_of(json_get(body, statuses[i]), "status");
    char word[64];
    snprintf(word, sizeof word, " %s ", status == NULL ? "placed" : status);
    if (strstr(taken, word) == NULL) return status;
  }
  return NULL;
}

/* The history is asked for one order that is not in the payload; and lists of one status leave out the others. */
static int is_wanted(int32_t operation, const json *item) {
  (void)item;
  return operation != BOURSE_OP_FETCH_ORDER && operation != BOURSE_OP_FETCH_CLOSED_ORDERS &&
         operation != BOURSE_OP_FETCH_CANCELED_ORDERS;
}

/* --- Markets --- */

static const char *symbol_of(pool *p, const json *instrument) {
  return symbol_of_id(p, json_text_of(instrument, "@market"));
}

static char *with_instrument(pool *p, const char *list, size_t length, const char *id) {
  const char *begin = strstr(list, "\"instruments\"");
  begin = begin == NULL ? NULL : strchr(begin, '[');
  if (begin == NULL) return pool_copy(p, list, length);
  int inverse = toupper((unsigned char)id[1]) == 'I';
  return pool_format(
      p, "%.*s{\"symbol\":\"%s\",\"type\":\"%s\",\"tickSize\":0.5,\"contractSize\":1,\"tradeable\":true},%s",
      (int)(begin + 1 - list), list, id, inverse ? "futures_inverse" : "flexible_futures", begin + 1);
}

/* --- Fields --- */

static const map_field time_fields[] = {{"serverTime", "time_ns", HOW_ISO, NULL}};
static const map_field market_fields[] = {
    {"@market", "id", HOW_SAME, NULL},
    {"@symbol", "symbol", HOW_SAME, NULL},
    {"base", "base", HOW_CURRENCY, NULL},
    {"quote", "quote", HOW_CURRENCY, NULL},
    {"tickSize", "price_tick", HOW_SAME, NULL},
    {"contractSize", "contract_size", HOW_SAME, NULL},
    {"tradeable", "active", HOW_ENUM, "true=true false=false"},
    {"type", "product", HOW_ENUM, "futures_inverse=inverse flexible_futures=linear futures_vanilla=linear"},
    {"lastTradingTime", "expiry_ns", HOW_ISO, NULL},
    {"openingDate", "listed_ns", HOW_ISO, NULL},
};
static const map_field tier_fields[] = {
    {"contracts>numNonContractUnits", "notional_min", HOW_SAME, NULL},
    {"maintenanceMargin", "maintenance_rate", HOW_SAME, NULL},
    {"@market", "id", HOW_SAME, NULL},
    {"@symbol", "symbol", HOW_SAME, NULL},
};
static const map_field ticker_fields[] = {
    {"@market", "id", HOW_MARKET, NULL},
    {"last", "last", HOW_SAME, NULL},
    {"lastSize", "last_amount", HOW_SAME, NULL},
    {"lastTime", "time_ns", HOW_ISO, NULL},
    {"bid", "bid", HOW_SAME, NULL},
    {"bidSize", "bid_amount", HOW_SAME, NULL},
    {"ask", "ask", HOW_SAME, NULL},
    {"askSize", "ask_amount", HOW_SAME, NULL},
    {"open24h", "open", HOW_SAME, NULL},
    {"high24h", "high", HOW_SAME, NULL},
    {"low24h", "low", HOW_SAME, NULL},
    {"change24h", "percent", HOW_SAME, NULL},
    {"vol24h", "contracts_volume", HOW_SAME, NULL},
    {"volumeQuote", "quote_volume", HOW_SAME, NULL},
    {"openInterest", "open_interest", HOW_SAME, NULL},
    {"markPrice", "mark_price", HOW_SAME, NULL},
    {"indexPrice", "index_price", HOW_SAME, NULL},
};
static const map_field book_fields[] = {{"bids", "bids", HOW_LEVELS, NULL}, {"asks", "asks", HOW_LEVELS, NULL}};
static const map_field trade_fields[] = {
    {"uid", "id", HOW_SAME, NULL},         {"price", "price", HOW_SAME, NULL}, {"size", "amount", HOW_SAME, NULL},
    {"size", "contracts", HOW_SAME, NULL}, {"side", "side", HOW_ENUM, SIDES},  {"time", "time_ns", HOW_ISO, NULL},
};
static const map_field executed_trade_fields[] = {
    {"uid", "id", HOW_SAME, NULL},
    {"price", "price", HOW_SAME, NULL},
    {"quantity", "contracts", HOW_SAME, NULL},
    {"takerOrder.direction", "side", HOW_ENUM, SIDES},
    {"timestamp", "time_ns", HOW_MS, NULL},
};
static const map_field execution_fields[] = {
    {"uid", "id", HOW_SAME, NULL},
    {"price", "price", HOW_SAME, NULL},
    {"quantity", "contracts", HOW_SAME, NULL},
    {"order.uid", "order_id", HOW_SAME, NULL},
    {"order.clientId", "client_order_id", HOW_SAME, NULL},
    {"order.direction", "side", HOW_ENUM, SIDES},
    {"orderData.fee", "fee", HOW_SAME, NULL},
    {"executionType", "role", HOW_ENUM, "maker=maker taker=taker"},
    {"timestamp", "time_ns", HOW_MS, NULL},
};
static const map_field candle_fields[] = {
    {"time", "time_ns", HOW_MS, NULL}, {"open", "open", HOW_SAME, NULL},   {"high", "high", HOW_SAME, NULL},
    {"low", "low", HOW_SAME, NULL},    {"close", "close", HOW_SAME, NULL}, {"volume", "volume", HOW_SAME, NULL},
};
static const map_field rate_fields[] = {
    {"timestamp", "time_ns", HOW_ISO, NULL},
    {"relativeFundingRate", "rate", HOW_SAME, NULL},
};
static const map_field balance_fields[] = {
    {"@key", "currency", HOW_CURRENCY, NULL},
    {"quantity", "total", HOW_SAME, NULL},
    {"available", "free", HOW_SAME, NULL},
};
static const map_field position_fields[] = {
    {"@market", "market_id", HOW_MARKET, NULL},
    {"side", "side", HOW_ENUM, "long=long short=short"},
    {"size", "contracts", HOW_SAME, NULL},
    {"price", "entry_price", HOW_SAME, NULL},
    {"fillTime", "time_ns", HOW_ISO, NULL},
    {"maxFixedLeverage", "leverage", HOW_SAME, NULL},
    {"unrealizedPnl", "unrealized_pnl", HOW_SAME, NULL},
    {"pnlCurrency", "margin_currency", HOW_CURRENCY, NULL},
};
static const map_field leverage_fields[] = {
    {"@market", "market_id", HOW_MARKET, NULL},
    {"maxLeverage", "leverage", HOW_SAME, NULL},
};
static const map_field ledger_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"date", "time_ns", HOW_ISO, NULL},
    {"asset", "currency", HOW_CURRENCY, NULL},
    {"info", "native_kind", HOW_SAME, NULL},
    {"execution>booking_uid", "reference", HOW_SAME, NULL},
    {"new_balance", "balance", HOW_SAME, NULL},
    {"fee", "fee", HOW_SAME, NULL},
};

/* An order of a list, of an event, or of the history. */
static const map_field order_fields[] = {
    {"order_id>orderId>uid", "id", HOW_SAME, NULL},
    {"cliOrdId>cli_ord_id>clientId", "client_order_id", HOW_SAME, NULL},
    {"@market", "market_id", HOW_MARKET, NULL},
    {"side>direction", "side", HOW_ENUM, SIDES},
    {"orderType>type", "native_type", HOW_SAME, NULL},
    {"orderType>type", "type", HOW_ENUM, TYPES},
    {"limitPrice", "price", HOW_SAME, NULL},
    {"stopPrice", "trigger_price", HOW_SAME, NULL},
    {"filledSize>filled", "filled_contracts", HOW_SAME, NULL},
    {"quantity", "contracts", HOW_SAME, NULL},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM, "untouched=open/untriggered partiallyFilled=open"},
    {"reduceOnly", "reduce_only", HOW_ENUM, "true=true false=false"},
    {"triggerSignal", "trigger_by", HOW_ENUM, SIGNALS},
    {"receivedTime", "created_ns", HOW_ISO, NULL},
    {"lastUpdateTime", "updated_ns", HOW_ISO, NULL},
};
/* What became of a request: the order is inside the events. */
#define OF(event_, member_) "orderEvents[0]." event_ "." member_
#define ANY(member_) \
  OF("order", member_) ">" OF("orderTrigger", member_) ">" OF("new", member_) ">" OF("orderPriorExecution", member_)
static const map_field outcome_fields[] = {
    {"order_id>orderId", "id", HOW_SAME, NULL},
    {"cliOrdId>cli_ord_id", "client_order_id", HOW_SAME, NULL},
    {"@market", "market_id", HOW_MARKET, NULL},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM,
     "placed=open/untriggered/filled/canceled edited=open cancelled=canceled filled=filled"},
    {ANY("side"), "side", HOW_ENUM, SIDES},
    {ANY("limitPrice"), "price", HOW_SAME, NULL},
    {ANY("quantity"), "contracts", HOW_SAME, NULL},
    {ANY("reduceOnly"), "reduce_only", HOW_ENUM, "true=true false=false"},
    {ANY("timestamp"), "created_ns", HOW_ISO, NULL},
    {ANY("lastUpdateTimestamp"), "updated_ns", HOW_ISO, NULL},
};
static const map_field fill_fields[] = {
    {"fill_id", "id", HOW_SAME, NULL},
    {"order_id", "order_id", HOW_SAME, NULL},
    {"cliOrdId>cli_ord_id", "client_order_id", HOW_SAME, NULL},
    {"@market", "market_id", HOW_MARKET, NULL},
    {"side", "side", HOW_ENUM, SIDES},
    {"size", "contracts", HOW_SAME, NULL},
    {"price", "price", HOW_SAME, NULL},
    {"fillTime", "time_ns", HOW_ISO, NULL},
    {"fillType", "role", HOW_ENUM, "maker=maker taker=taker"},
    {"fee_paid", "fee", HOW_SAME, NULL},
    {"fee_currency", "fee_currency", HOW_CURRENCY, NULL},
    {"realized_pnl", "realized_pnl", HOW_SAME, NULL},
};
static const map_field timer_fields[] = {
    {"currentTime", "time_ns", HOW_ISO, NULL},
    {"triggerTime?triggerTime", "due_ns", HOW_ISO, NULL},
};
static const map_field transfer_fields[] = {{"uid", "id", HOW_SAME, NULL}, {"serverTime", "time_ns", HOW_ISO, NULL}};

#define SUMS "amount remaining filled filled_contracts contracts cost average"

static const map_family families[] = {
    FAMILY(SERVER_TIME, "*", "", time_fields, ""),
    FAMILY(SYSTEM_STATUS, "*", "", time_fields, ""),
    FAMILY(MARKET, "*", "", market_fields, "amount_step contract_size"),
    FAMILY(LEVERAGE_TIER, "*", "marginLevels", tier_fields, "leverage_max"),
    FAMILY(TICKER, "*", "", ticker_fields, "change"),
    FAMILY(ORDER_BOOK, "*", "", book_fields, ""),
    FAMILY(TRADE, "*/executions", "", executed_trade_fields, "cost amount"),
    FAMILY(TRADE, "*", "", trade_fields, "cost"),
    FAMILY(CANDLE, "*", "", candle_fields, ""),
    FAMILY(FUNDING_RATE, "*", "", rate_fields, ""),
    FAMILY(BALANCE, "*", "", balance_fields, "used"),
    FAMILY(POSITION, "*", "", position_fields, ""),
    FAMILY(LEVERAGE, "*", "", leverage_fields, ""),
    FAMILY(LEDGER_ENTRY, "*", "", ledger_fields, "amount"),
    FAMILY(ORDER, "*/sendorder", "", outcome_fields, SUMS),
    FAMILY(ORDER, "*/editorder", "", outcome_fields, SUMS),
    FAMILY(ORDER, "*/cancelorder", "", outcome_fields, SUMS),
    FAMILY(ORDER, "*/batchorder", "", outcome_fields, SUMS),
    FAMILY(ORDER, "*", "", order_fields, SUMS),
    FAMILY(FILL, "*/executions", "", execution_fields, "cost amount"),
    FAMILY(FILL, "*", "", fill_fields, "cost"),
    FAMILY(TRANSFER, "*", "", transfer_fields, "amount"),
    FAMILY(RECEIPT, "*/cancelallordersafter", "", timer_fields, ""),
    FAMILY(RECEIPT, "*", "", time_fields, ""),
};

/* --- Errors --- */

#define KF      "kraken-futures"
#define UNKNOWN "unknown"

static const map_error errors[] = {
    {KF, "authenticationError", NULL, "auth", NULL},
    {KF, "Not authorized", NULL, "permission auth", NULL},
    {KF, "accountInactive", NULL, "permission auth", NULL},
    {KF, "nonceBelowThreshold", NULL, "timestamp", NULL},
    {KF, "nonceDuplicate", NULL, "timestamp", NULL},
    {KF, "apiLimitExceeded", NULL, "rate_limited", NULL},
    {KF, "insufficientFunds", NULL, "insufficient_funds", NULL},
    {KF, "requiredArgumentMissing", NULL, "bad_request", NULL},
    {KF, "Json Parse Error", NULL, "bad_request", NULL},
    {KF, "Bad Request", NULL, "bad_request", NULL},
    {KF, "marketUnavailable", NULL, "unavailable", UNKNOWN},
    {KF, "Unavailable", NULL, "unavailable", UNKNOWN},
    {KF, "Server Error", NULL, "unavailable", UNKNOWN},
    {KF, "unknownError", NULL, "unavailable", UNKNOWN},
    {KF, "contractNotFound", NULL, "bad_symbol", NULL},
    {KF, "insufficientAvailableFunds", NULL, "insufficient_funds", NULL},
    {KF, "wouldCauseLiquidation", NULL, "insufficient_funds", NULL},
    {KF, "fixedLeverageTooHigh", NULL, "insufficient_funds position", NULL},
    {KF, "marketSuspended", NULL, "market_closed maintenance", NULL},
    {KF, "marketInactive", NULL, "market_closed maintenance", NULL},
    {KF, "invalidPrice", NULL, "invalid_order", NULL},
    {KF, "invalidSize", NULL, "invalid_order", NULL},
    {KF, "outsidePriceCollar", NULL, "invalid_order", NULL},
    {KF, "wouldNotReducePosition", NULL, "reduce_only", NULL},
    {KF, "maxPositionViolation", NULL, "position", NULL},
    {KF, "selfFill", NULL, "invalid_order", NULL},
    {KF, "postWouldExecute", NULL, "post_only", NULL},
    {KF, "iocWouldNotExecute", NULL, "unfilled", NULL},
    {KF, "clientOrderIdAlreadyExist", NULL, "duplicate_order", NULL},
    {KF, "clientOrderIdTooLong", NULL, "bad_request", NULL},
    {KF, "tooManyOrders", NULL, "too_many_orders", NULL},
    {KF, "tooManySmallOrders", NULL, "too_many_orders", NULL},
    {KF, "notFound", NULL, "order_not_found not_found", NULL},
    {KF, "orderForEditNotFound", NULL, "order_not_found", NULL},
    {KF, "wouldProcessAfterSpecifiedTime", NULL, "refused", NULL},
};

const map_exchange map_kraken_futures = {
    .id = "kraken-futures",
    .name = "kraken",
    .product = BOURSE_PRODUCT_LINEAR,
    .other_product = BOURSE_PRODUCT_INVERSE,
    .families = families,
    .family_count = COUNT(families),
    .errors = errors,
    .error_count = COUNT(errors),
    .symbol_of = symbol_of,
    .instruments = "/derivatives/api/v3/instruments",
    .instrument_id = "@market",
    .instrument_base = "base",
    .unwrap = unwrap,
    .refusal = refusal,
    .error_status = 200,
    .is_wanted = is_wanted,
    .with_instrument = with_instrument,
    .market = "@market",
    .currency = currency,
    .sample =
        "{\"result\":\"success\",\"instruments\":[{\"symbol\":\"PF_XBTUSD\",\"type\":\"flexible_futures\",\"tickSize\":"
        "1,"
        "\"contractSize\":1,\"tradeable\":true}]}",
};
