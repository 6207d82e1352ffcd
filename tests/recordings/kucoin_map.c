/* kucoin_map.c - KuCoin's native fields and where they belong, written from its documentation and from the payloads. Every reply
 * is {"code", "data"}; spot writes numbers as strings, futures as numbers, with sizes that are numbers of contracts and bitcoin
 * that is called XBT. The two are exchanges of their own in the manifest, so there is a map for each. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "recordings/recordings.h"

#define COUNT(array_) (uint32_t)(sizeof(array_) / sizeof((array_)[0]))
#define LISTS         "items dataList ticker accounts cancelledOrderIds list currencies failedSymbols"
#define FAMILY(kind_, path_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, LISTS, "", fields_, COUNT(fields_), derived_, 0 }
#define FAMILY_BACK(kind_, path_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, LISTS, "", fields_, COUNT(fields_), derived_, 2 }
#define FAMILY_OF_ANY(kind_, path_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, LISTS, "", fields_, COUNT(fields_), derived_, 1 }

#define SIDES     "buy=buy sell=sell"
#define YES_NO    "true=true false=false"
#define ROLES     "maker=maker taker=taker"
#define MARGINS   "MARGIN_TRADE=cross MARGIN_ISOLATED_TRADE=isolated CROSS=cross ISOLATED=isolated"
#define SELF_OFF  "CO=cancel_maker CN=cancel_taker CB=cancel_both DC=decrement"
#define TIMES     "GTC=good_till_canceled GTT=good_till_date IOC=immediate_or_cancel FOK=fill_or_kill"
#define TRANSFERS "SUCCESS=ok DONE=ok FAILURE=failed FAILED=failed PROCESSING=pending REVIEW=pending"

/* --- Names --- */

static const char *currency(pool *p, const char *code) {
  (void)p;
  return strcmp(code, "XBT") == 0 ? "BTC" : code;
}

static const char *symbol_of(pool *p, const json *instrument) {
  const char *base = json_text_of(instrument, "baseCurrency"), *quote = json_text_of(instrument, "quoteCurrency");
  const char *settle = json_text_of(instrument, "settleCurrency"), *end = json_text_of(instrument, "expireDate");
  char date[BOURSE_TIME_TEXT_SIZE] = "";
  if (base == NULL || quote == NULL) return json_text_of(instrument, "symbol");
  const char *pair = pool_format(p, "%s/%s", currency(p, base), currency(p, quote));
  if (settle == NULL) return pair;
  if (end != NULL && strspn(end, "0123456789") == strlen(end) && *end != '\0')
    bourse_time_format(date, sizeof date, strtoll(end, NULL, 10) * 1000000);
  if (*date == '\0') return pool_format(p, "%s:%s", pair, currency(p, settle));
  return pool_format(p, "%s:%s-%.2s%.2s%.2s", pair, currency(p, settle), date + 2, date + 5, date + 8);
}

/* The list with a row more, whose id is the rest of it. */
static char *with_row(pool *p, const char *list, size_t length, const char *row) {
  const char *data = strstr(list, "\"data\""), *begin = data == NULL ? NULL : strchr(data, '[');
  if (begin == NULL) return pool_copy(p, list, length);
  return pool_format(p, "%.*s{%s}%s%s", (int)(begin + 1 - list), list, row, begin[1] == ']' ? "" : ",", begin + 1);
}

static char *with_spot(pool *p, const char *list, size_t length, const char *id) {
  size_t base = strcspn(id, "-");
  if (id[base] == '\0') return pool_copy(p, list, length);
  return with_row(p, list, length,
                  pool_format(p,
                              "\"symbol\":\"%s\",\"name\":\"%s\",\"baseCurrency\":\"%.*s\",\"quoteCurrency\":\"%s\","
                              "\"baseMinSize\":\"0.0001\",\"baseIncrement\":\"0.0001\",\"quoteIncrement\":\"0.01\","
                              "\"priceIncrement\":\"0.01\",\"enableTrading\":true",
                              id, id, (int)base, id, id + base + 1));
}

/* "XBTUSDTM", "XBTUSDM" */
static char *with_contract(pool *p, const char *list, size_t length, const char *id) {
  static const char *const quotes[] = {"USDT", "USDC", "USD"};
  size_t whole = strlen(id), base = 0, i = 0;
  for (; i < COUNT(quotes) && base == 0; i++) {
    size_t size = strlen(quotes[i]);
    if (whole > size + 1 && id[whole - 1] == 'M' && strncmp(id + whole - 1 - size, quotes[i], size) == 0)
      base = whole - 1 - size;
  }
  if (base == 0) return pool_copy(p, list, length);
  const char *quote = quotes[i - 1];
  int inverse = strcmp(quote, "USD") == 0;
  return with_row(
      p, list, length,
      pool_format(p,
                  "\"symbol\":\"%s\",\"type\":\"FFWCSX\",\"baseCurrency\":\"%.*s\",\"quoteCurrency\":\"%s\","
                  "\"settleCurrency\":\"%.*s\",\"lotSize\":1,\"tickSize\":0.01,\"multiplier\":%s,\"isInverse\":%s,"
                  "\"maxOrderQty\":1000000,\"maxPrice\":1000000,\"status\":\"Open\"",
                  id, (int)base, id, quote, inverse ? (int)base : (int)strlen(quote), inverse ? id : quote,
                  inverse ? "-1" : "0.001", inverse ? "true" : "false"));
}

/* --- Envelopes --- */

/* Each pair of isolated margin has two balances: an item for each. */
static const json *both_assets(pool *p, const json *assets) {
  static const char *const sides[] = {"baseAsset", "quoteAsset"};
  const char *text = "[";
  for (const json *one = assets->first; one != NULL; one = one->next)
    for (size_t i = 0; i < COUNT(sides); i++) {
      const json *side = json_get(one, sides[i]);
      if (side == NULL || side->kind != JSON_OBJECT) continue;
      text = pool_format(p, "%s%s{\"symbol\":\"%s\",%.*s", text, text[1] == '\0' ? "" : ",",
                         json_text_of(one, "symbol"), (int)(side->end - side->begin - 1), side->begin + 1);
    }
  text = pool_format(p, "%s]", text);
  return json_parse(p, text, strlen(text), NULL);
}

/* A stream is connected to where the first server is, with the token in the address. */
static const json *address_of(pool *p, const json *data) {
  const json *servers = json_get(data, "instanceServers");
  const char *where = servers == NULL || servers->first == NULL ? "" : json_text_of(servers->first, "endpoint");
  const char *text = pool_format(p, "{\"address\":\"%s?token=", where);
  for (const char *at = json_text_of(data, "token"); at != NULL && *at != '\0'; at++)
    text = pool_format(p, isalnum((unsigned char)*at) || strchr("-._~", *at) != NULL ? "%s%c" : "%s%%%02X", text,
                       (unsigned char)*at);
  text = pool_format(p, "%s\"}", text);
  return json_parse(p, text, strlen(text), NULL);
}

static const json *unwrap(pool *p, const json *instruments, const char *path, const json *payload) {
  const json *data = json_get(payload, "data");
  (void)instruments;
  if (strcmp(path, "/api/v3/isolated/accounts") == 0 && json_get(data, "assets") != NULL)
    return both_assets(p, json_get(data, "assets"));
  if (strstr(path, "/bullet-") != NULL && json_get(data, "token") != NULL) return address_of(p, data);
  return json_get(payload, "code") != NULL && data != NULL ? data : payload;
}

static int is_failure(const char *code) {
  return code != NULL && strcmp(code, "200000") != 0 && strcmp(code, "200") != 0 && strcmp(code, "OK") != 0;
}

/* Some come with the code of success, and say what is wrong where the data should be. */
static const char *refusal(const json *body) {
  const char *code = json_text_of(body, "code"), *text = json_text_of(body, "msg");
  int bare = json_get(body, "data") == NULL && text != NULL && strcmp(text, "success") != 0 && *text != '\0';
  return is_failure(code) || (bare && code != NULL) ? code : NULL;
}

static const char *refusal_text(const json *body) { return json_text_of(body, "msg"); }

static int is_wanted(int32_t operation, const json *item) {
  const char *size = json_text_of(item, "currentQty");
  if (operation == BOURSE_OP_FETCH_POSITIONS || operation == BOURSE_OP_FETCH_POSITION)
    return size == NULL || strspn(size, "-0.") < strlen(size);
  if (operation == BOURSE_OP_CANCEL_ALL_ORDERS)
    return item->text == NULL || strcmp(item->text, "success") != 0; /* which stands for no list */
  return 1;
}

/* --- Fields of spot and margin --- */

static const map_field status_fields[] = {
    {"status", "status", HOW_ENUM, "open=normal close=maintenance cancelonly=cancel_only"},
    {"msg", "message", HOW_SAME, NULL},
};
static const map_field market_fields[] = {
    {"symbol", "id", HOW_SAME, NULL},
    {"baseCurrency", "base", HOW_CURRENCY, NULL},
    {"quoteCurrency", "quote", HOW_CURRENCY, NULL},
    {"baseMinSize", "amount_min", HOW_SAME, NULL},
    {"baseMaxSize", "amount_max", HOW_SAME, NULL},
    {"baseIncrement", "amount_step", HOW_SAME, NULL},
    {"quoteMaxSize", "cost_max", HOW_SAME, NULL},
    {"quoteIncrement", "cost_step", HOW_SAME, NULL},
    {"minFunds>quoteMinSize", "cost_min", HOW_SAME, NULL},
    {"priceIncrement", "price_tick", HOW_SAME, NULL},
    {"enableTrading", "active", HOW_ENUM, YES_NO},
    {"isMarginEnabled", "cross_margin", HOW_ENUM, YES_NO},
};
static const map_field currency_fields[] = {
    {"currency", "id", HOW_SAME, NULL},
    {"currency", "currency", HOW_CURRENCY, NULL},
    {"fullName", "name", HOW_SAME, NULL},
    {"!chains", "networks", HOW_RECORDS, "29"},
};
static const map_field network_fields[] = {
    {"chainId", "id", HOW_SAME, NULL},
    {"chainName", "name", HOW_SAME, NULL},
    {"withdrawalMinSize", "withdraw_min", HOW_SAME, NULL},
    {"withdrawalMinFee", "withdraw_fee", HOW_SAME, NULL},
    {"maxWithdraw", "withdraw_max", HOW_SAME, NULL},
    {"depositMinSize", "deposit_min", HOW_SAME, NULL},
    {"isWithdrawEnabled", "withdraw", HOW_ENUM, YES_NO},
    {"isDepositEnabled", "deposit", HOW_ENUM, YES_NO},
    {"!confirms", "confirmations", HOW_SAME, NULL},
    {"!contractAddress", "contract_address", HOW_SAME, NULL},
};
static const map_field ticker_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"time>datetime", "time_ns", HOW_EPOCH, NULL},
    {"buy", "bid", HOW_SAME, NULL},
    {"sell", "ask", HOW_SAME, NULL},
    {"bestBidSize", "bid_amount", HOW_SAME, NULL},
    {"bestAskSize", "ask_amount", HOW_SAME, NULL},
    {"last>lastDealPrice", "last", HOW_SAME, NULL},
    {"high", "high", HOW_SAME, NULL},
    {"low", "low", HOW_SAME, NULL},
    {"vol", "base_volume", HOW_SAME, NULL},
    {"volValue", "quote_volume", HOW_SAME, NULL},
    {"changePrice>change", "change", HOW_SAME, NULL},
    {"averagePrice", "vwap", HOW_SAME, NULL},
};
static const map_field book_fields[] = {
    {"bids", "bids", HOW_LEVELS, NULL},
    {"asks", "asks", HOW_LEVELS, NULL},
    {"time>ts", "time_ns", HOW_EPOCH, NULL},
    {"sequence", "sequence", HOW_SAME, NULL},
};
static const map_field trade_fields[] = {
    {"sequence", "id", HOW_SAME, NULL}, {"price", "price", HOW_SAME, NULL},   {"size", "amount", HOW_SAME, NULL},
    {"side", "side", HOW_ENUM, SIDES},  {"time", "time_ns", HOW_EPOCH, NULL},
};
static const map_field candle_fields[] = {
    {"[0]", "time_ns", HOW_EPOCH, NULL},     {"[1]", "open", HOW_SAME, NULL}, {"[2]", "close", HOW_SAME, NULL},
    {"[3]", "high", HOW_SAME, NULL},         {"[4]", "low", HOW_SAME, NULL},  {"[5]", "volume", HOW_SAME, NULL},
    {"[6]", "quote_volume", HOW_SAME, NULL},
};
static const map_field balance_fields[] = {
    {"currency", "currency", HOW_CURRENCY, NULL},
    {"balance>total", "total", HOW_SAME, NULL},
    {"available", "free", HOW_SAME, NULL},
    {"holds>hold", "used", HOW_SAME, NULL},
    {"type", "wallet", HOW_ENUM, "main=funding trade=spot"},
    {"liabilityPrincipal", "borrowed", HOW_SAME, NULL},
    {"liabilityInterest", "interest", HOW_SAME, NULL},
};
static const map_field account_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"type", "kind", HOW_SAME, NULL},
    {"currency", "currency", HOW_CURRENCY, NULL},
};
static const map_field fee_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"makerFeeRate", "maker", HOW_SAME, NULL},
    {"takerFeeRate", "taker", HOW_SAME, NULL},
};
static const map_field ledger_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"currency", "currency", HOW_CURRENCY, NULL},
    {"amount", "amount", HOW_SAME, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"balance>accountEquity", "balance", HOW_SAME, NULL},
    {"bizType>type", "native_kind", HOW_SAME, NULL},
    {"context>remark", "text", HOW_SAME, NULL},
    {"createdAt>time", "time_ns", HOW_EPOCH, NULL},
};
/* The amount is written without its sign, the direction beside it. */
static const map_field spot_ledger_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"currency", "currency", HOW_CURRENCY, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"balance", "balance", HOW_SAME, NULL},
    {"bizType", "native_kind", HOW_SAME, NULL},
    {"context", "text", HOW_SAME, NULL},
    {"createdAt", "time_ns", HOW_EPOCH, NULL},
};
static const map_field permission_fields[] = {
    {"uid", "account", HOW_SAME, NULL},
    {"createdAt", "created_ns", HOW_EPOCH, NULL},
};
static const map_field order_fields[] = {
    {".", "id", HOW_SAME, NULL}, /* of what was canceled there is no more */
    {"id>orderId", "id", HOW_SAME, NULL},
    {"clientOid", "client_order_id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"status", "status", HOW_ENUM, "NEW=untriggered TRIGGERED=triggered"},
    {"active", "status", HOW_ENUM, "true=open false=filled/canceled"},
    {"type", "native_type", HOW_SAME, NULL},
    {"type", "type", HOW_ENUM, "limit=limit market=market limit_stop=limit market_stop=market"},
    {"side", "side", HOW_ENUM, SIDES},
    {"price", "price", HOW_ZERO, NULL},
    {"size", "amount", HOW_ZERO, NULL},
    {"dealSize", "filled", HOW_SAME, NULL},
    {"dealFunds", "cost", HOW_SAME, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"feeCurrency", "fee_currency", HOW_CURRENCY, NULL},
    {"stp", "self_trade", HOW_ENUM, SELF_OFF},
    {"stopPrice", "trigger_price", HOW_ZERO, NULL},
    {"timeInForce?price", "time_in_force", HOW_ENUM, TIMES},
    {"postOnly", "post_only", HOW_ENUM, YES_NO},
    {"visibleSize", "iceberg_amount", HOW_ZERO, NULL},
    {"tradeType", "margin_mode", HOW_ENUM, MARGINS},
    {"createdAt", "created_ns", HOW_EPOCH, NULL},
    {"lastUpdatedAt", "updated_ns", HOW_EPOCH, NULL},
};
/* Orders that were placed, changed or canceled: their ids, which are all there is in lists of what was canceled; how they stand
 * where that is told; and why not. */
static const map_field placed_fields[] = {
    {".", "id", HOW_SAME, NULL},
    {"orderId>newOrderId>cancelledOrderId", "id", HOW_SAME, NULL},
    {"clientOid?orderId", "client_order_id", HOW_SAME, NULL},
    {"clientOid?-code", "client_order_id", HOW_SAME, NULL}, /* one refused has what was asked for */
    {"orderTime", "created_ns", HOW_EPOCH, NULL},
    {"matchTime", "updated_ns", HOW_EPOCH, NULL},
    {"dealSize", "filled", HOW_SAME, NULL},
    {"remainSize", "remaining", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM, "open=open done=filled/canceled"},
    {"failMsg", "error_message", HOW_SAME, NULL},
    {"msg?-orderId", "error_message", HOW_SAME, NULL},
};
static const map_field failed_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"error", "error_message", HOW_SAME, NULL},
};
static const map_field isolated_fields[] = {
    {"symbol", "symbol", HOW_MARKET, NULL},
    {"currency", "currency", HOW_CURRENCY, NULL},
    {"total", "total", HOW_SAME, NULL},
    {"available", "free", HOW_SAME, NULL},
    {"hold", "used", HOW_SAME, NULL},
    {"liabilityPrincipal", "borrowed", HOW_SAME, NULL},
    {"liabilityInterest", "interest", HOW_SAME, NULL},
};
static const map_field time_fields[] = {{".", "time_ns", HOW_EPOCH, NULL}};
static const map_field address_of_stream_fields[] = {{"address", "id", HOW_SAME, NULL}};
static const map_field fill_fields[] = {
    {"tradeId", "id", HOW_SAME, NULL},
    {"orderId", "order_id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"side", "side", HOW_ENUM, SIDES},
    {"liquidity", "role", HOW_ENUM, ROLES},
    {"price", "price", HOW_SAME, NULL},
    {"size", "amount|contracts", HOW_SAME, NULL},
    {"funds", "cost", HOW_SAME, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"feeCurrency", "fee_currency", HOW_CURRENCY, NULL},
    {"tradeType>marginMode", "margin_mode", HOW_ENUM, MARGINS},
    {"tradeTime>createdAt", "time_ns", HOW_EPOCH, NULL},
};
static const map_field loan_fields[] = {
    {"orderNo", "id", HOW_SAME, NULL},           {"currency", "currency", HOW_CURRENCY, NULL},
    {"status", "status", HOW_ENUM, TRANSFERS},   {"interest", "interest", HOW_SAME, NULL},
    {"createdTime", "time_ns", HOW_EPOCH, NULL},
};
static const map_field interest_fields[] = {
    {"currency", "currency", HOW_CURRENCY, NULL},
    {"dayRatio", "rate", HOW_SAME, NULL},
    {"interestAmount", "interest", HOW_SAME, NULL},
    {"createdTime", "time_ns", HOW_EPOCH, NULL},
};
static const map_field address_fields[] = {
    {"address", "address", HOW_SAME, NULL},
    {"memo", "tag", HOW_SAME, NULL},
};
static const map_field transaction_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"currency", "currency", HOW_CURRENCY, NULL},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM, TRANSFERS},
    {"address", "address", HOW_SAME, NULL},
    {"memo", "tag", HOW_SAME, NULL},
    {"isInner", "internal", HOW_ENUM, YES_NO},
    {"amount", "amount", HOW_SAME, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"walletTxId", "transaction_hash", HOW_SLASH, NULL},
    {"createdAt", "time_ns", HOW_EPOCH, NULL},
};
static const map_field withdrawal_fields[] = {{"withdrawalId", "id", HOW_SAME, NULL}};
static const map_field transfer_fields[] = {{"orderId", "id", HOW_SAME, NULL}};
static const map_field timer_fields[] = {{"triggerTime", "due_ns", HOW_EPOCH, NULL}};
static const map_field no_fields[] = {{"@nothing", "id", HOW_SAME, NULL}};

/* --- Fields of the unified account --- */

static const map_field unified_order_fields[] = {
    {"orderId", "id", HOW_SAME, NULL},
    {"clientOid", "client_order_id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM, "0=untriggered 1=triggered 2=open 3=filled 4=open 5=canceled 6=canceled"},
    {"orderType", "native_type", HOW_SAME, NULL},
    {"orderType", "type", HOW_ENUM, "LIMIT=limit MARKET=market"},
    {"side", "side", HOW_ENUM, "BUY=buy SELL=sell"},
    {"price", "price", HOW_ZERO, NULL},
    {"size", "amount|contracts|requested_cost", HOW_SAME, NULL},
    {"filledSize", "filled|filled_contracts|cost", HOW_SAME, NULL},
    {"avgPrice", "average", HOW_ZERO, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"feeCurrency", "fee_currency", HOW_CURRENCY, NULL},
    {"timeInForce?price", "time_in_force", HOW_ENUM, TIMES},
    {"stp", "self_trade", HOW_ENUM, SELF_OFF},
    {"postOnly", "post_only", HOW_ENUM, YES_NO},
    {"reduceOnly", "reduce_only", HOW_ENUM, YES_NO},
    {"triggerPrice", "trigger_price", HOW_ZERO, NULL},
    {"tpTriggerPrice", "take_profit_price", HOW_ZERO, NULL},
    {"slTriggerPrice", "stop_loss_price", HOW_ZERO, NULL},
    {"tradeType", "margin_mode", HOW_ENUM, "MARGIN=cross"},
    {"orderTime", "created_ns", HOW_EPOCH, NULL},
    {"updatedTime", "updated_ns", HOW_EPOCH, NULL},
};
static const map_field unified_fill_fields[] = {
    {"tradeId", "id", HOW_SAME, NULL},
    {"orderId", "order_id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"side", "side", HOW_ENUM, "BUY=buy SELL=sell"},
    {"liquidityRole>liquidity", "role", HOW_ENUM, "MAKER=maker TAKER=taker"},
    {"price", "price", HOW_SAME, NULL},
    {"size", "amount|contracts", HOW_SAME, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"feeCurrency", "fee_currency", HOW_CURRENCY, NULL},
    {"executionTime", "time_ns", HOW_EPOCH, NULL},
};
static const map_field unified_balance_fields[] = {
    {"currency", "currency", HOW_CURRENCY, NULL},
    {"equity", "equity", HOW_SAME, NULL},
    {"balance", "total", HOW_SAME, NULL},
    {"available", "free", HOW_SAME, NULL},
    {"hold", "used", HOW_SAME, NULL},
    {"liability", "borrowed", HOW_SAME, NULL},
};
static const map_field unified_position_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"marginMode", "margin_mode", HOW_ENUM, MARGINS},
    {"size", "contracts", HOW_SIZE, NULL},
    {"entryPrice", "entry_price", HOW_ZERO, NULL},
    {"markPrice", "mark_price", HOW_SAME, NULL},
    {"leverage", "leverage", HOW_SAME, NULL},
    {"unrealizedPnL", "unrealized_pnl", HOW_SAME, NULL},
    {"realizedPnL", "realized_pnl", HOW_SAME, NULL},
    {"initialMargin", "initial_margin", HOW_SAME, NULL},
    {"maintenanceMargin", "maintenance_margin", HOW_SAME, NULL},
};
static const map_field unified_ledger_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"currency", "currency", HOW_CURRENCY, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"balance", "balance", HOW_SAME, NULL},
    {"businessType", "native_kind", HOW_SAME, NULL},
    {"ts", "time_ns", HOW_EPOCH, NULL},
};

#define PLACED "amount price"
#define UNIFIED_FAMILIES                                                                                           \
  FAMILY(ORDER, "/api/ua/*/order/place*", placed_fields, "amount price"),                                          \
      FAMILY(ORDER, "/api/ua/*/order/cancel*", placed_fields, ""),                                                 \
      FAMILY_BACK(ORDER, "/api/ua/*/history", unified_order_fields, "amount filled remaining cost contract_size"), \
      FAMILY(ORDER, "/api/ua/*", unified_order_fields, "amount filled remaining cost contract_size"),              \
      FAMILY_BACK(FILL, "/api/ua/*", unified_fill_fields, "amount cost"),                                          \
      FAMILY(BALANCE, "/api/ua/*", unified_balance_fields, "net"),                                                 \
      FAMILY(POSITION, "/api/ua/*", unified_position_fields, "amount notional contract_size"),                     \
      FAMILY_BACK(LEDGER_ENTRY, "/api/ua/*", unified_ledger_fields, "amount"),                                     \
      FAMILY(RECEIPT, "/api/ua/*/dcp/*", timer_fields, "")

static const map_family families[] = {
    UNIFIED_FAMILIES,
    FAMILY(SERVER_TIME, "*", time_fields, ""),
    FAMILY(SYSTEM_STATUS, "*", status_fields, ""),
    FAMILY(MARKET, "*", market_fields, "cost_min"),
    FAMILY(NETWORK, "nested", network_fields, "withdraw_step"),
    FAMILY(CURRENCY, "*", currency_fields, "step withdraw_fee withdraw_min"),
    FAMILY(TICKER, "*", ticker_fields, "open percent"),
    FAMILY(ORDER_BOOK, "*", book_fields, ""),
    FAMILY(TRADE, "*", trade_fields, "cost=price*amount"),
    FAMILY_BACK(CANDLE, "*", candle_fields, ""),
    FAMILY(BALANCE, "/api/v3/isolated/*", isolated_fields, "borrowed net"),
    FAMILY(BALANCE, "*", balance_fields, "borrowed net"),
    FAMILY(ACCOUNT_INFO, "*", account_fields, ""),
    FAMILY(FEE, "*", fee_fields, ""),
    FAMILY_BACK(LEDGER_ENTRY, "*", spot_ledger_fields, "amount"),
    FAMILY(PERMISSIONS, "*", permission_fields, ""),
    FAMILY_OF_ANY(ORDER, "*/symbols", no_fields, ""), /* where orders are: no order yet */
    FAMILY_OF_ANY(ORDER, "*oco*", no_fields, ""),     /* a pair, which is two orders */
    FAMILY(ORDER, "*/cancelAll", failed_fields, ""),
    FAMILY(ORDER, "*/stop-order/cancel*", placed_fields, ""),
    FAMILY(ORDER, "/api/v1/hf/orders/multi*", placed_fields, PLACED),
    FAMILY(ORDER, "/api/v?/hf/*order*/alter", placed_fields, PLACED),
    FAMILY(ORDER, "/api/v1/hf/orders", placed_fields, PLACED),
    FAMILY(ORDER, "/api/v1/hf/orders/sync*", placed_fields, PLACED),
    FAMILY(ORDER, "/api/v1/hf/orders/test", placed_fields, PLACED),
    FAMILY(ORDER, "/api/v1/hf/orders/cancel/*", placed_fields, PLACED),
    FAMILY(ORDER, "/api/v3/hf/margin/order", placed_fields, PLACED),
    FAMILY(ORDER, "/api/v3/hf/margin/order/test", placed_fields, PLACED),
    FAMILY(ORDER, "*", order_fields, "price amount remaining average requested_cost stop_loss_price take_profit_price"),
    FAMILY(FILL, "*", fill_fields, ""),
    FAMILY(LOAN, "*", loan_fields, "amount"),
    FAMILY(BORROW_INTEREST, "*", interest_fields, ""),
    FAMILY(RECEIPT, "*/dead-cancel-all", timer_fields, ""),
    FAMILY(RECEIPT, "*/bullet-*", address_of_stream_fields, ""),
    FAMILY_OF_ANY(RECEIPT, "*", no_fields, ""), /* that it is done, and no more */
    FAMILY(TRANSFER, "*", transfer_fields, "amount"),
    FAMILY(DEPOSIT_ADDRESS, "*", address_fields, ""),
    FAMILY_BACK(TRANSACTION, "/api/v3/withdrawals", withdrawal_fields, "amount"),
    FAMILY_BACK(TRANSACTION, "*", transaction_fields, ""),
};

/* --- Fields of futures --- */

static const map_field contract_fields[] = {
    {"symbol", "id", HOW_SAME, NULL},
    {"baseCurrency", "base", HOW_CURRENCY, NULL},
    {"quoteCurrency", "quote", HOW_CURRENCY, NULL},
    {"settleCurrency", "settle", HOW_CURRENCY, NULL},
    {"isInverse", "product", HOW_ENUM, "true=inverse false=linear"},
    {"type", "perpetual", HOW_ENUM, "FFWCSX=true FFICSX=false"},
    {"firstOpenDate", "listed_ns", HOW_EPOCH, NULL},
    {"expireDate", "expiry_ns", HOW_EPOCH, NULL},
    {"multiplier", "contract_size", HOW_SIZE, NULL},
    {"tickSize", "price_tick", HOW_SAME, NULL},
    {"maxPrice", "price_max", HOW_SAME, NULL},
    {"makerFeeRate", "maker_fee", HOW_SAME, NULL},
    {"takerFeeRate", "taker_fee", HOW_SAME, NULL},
    {"status", "status", HOW_SAME, NULL},
    {"status", "active", HOW_ENUM, "Open=true Paused=false Settled=false Closed=false BeingSettled=false"},
    {"supportCross", "cross_margin", HOW_ENUM, YES_NO},
};
static const map_field listed_ticker_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},          {"lastTradePrice", "last", HOW_SAME, NULL},
    {"markPrice", "mark_price", HOW_SAME, NULL}, {"indexPrice", "index_price", HOW_SAME, NULL},
    {"highPrice", "high", HOW_SAME, NULL},       {"lowPrice", "low", HOW_SAME, NULL},
    {"priceChg", "change", HOW_SAME, NULL},
};
static const map_field mark_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"value", "mark_price", HOW_SAME, NULL},
    {"indexPrice", "index_price", HOW_SAME, NULL},
    {"timePoint", "time_ns", HOW_EPOCH, NULL},
};
static const map_field futures_ticker_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},      {"sequence", "update_id", HOW_SAME, NULL},
    {"price", "last", HOW_SAME, NULL},       {"bestBidPrice", "bid", HOW_SAME, NULL},
    {"bestAskPrice", "ask", HOW_SAME, NULL}, {"ts", "time_ns", HOW_EPOCH, NULL},
};
static const map_field futures_trade_fields[] = {
    {"tradeId", "id", HOW_SAME, NULL}, {"price", "price", HOW_SAME, NULL}, {"size", "contracts", HOW_SAME, NULL},
    {"side", "side", HOW_ENUM, SIDES}, {"ts", "time_ns", HOW_EPOCH, NULL},
};
static const map_field futures_candle_fields[] = {{"[0]", "time_ns", HOW_EPOCH, NULL},
                                                  {"[1]", "open", HOW_SAME, NULL},
                                                  {"[2]", "high", HOW_SAME, NULL},
                                                  {"[3]", "low", HOW_SAME, NULL},
                                                  {"[4]", "close", HOW_SAME, NULL}};
static const map_field rate_fields[] = {
    {"value", "rate", HOW_SAME, NULL},
    {"fundingRateCap", "rate_max", HOW_SAME, NULL},
    {"fundingRateFloor", "rate_min", HOW_SAME, NULL},
};
static const map_field listed_rate_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"fundingFeeRate", "rate", HOW_SAME, NULL},
};
static const map_field past_rate_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"fundingRate", "rate", HOW_SAME, NULL},
    {"timepoint", "time_ns", HOW_EPOCH, NULL},
};
static const map_field open_interest_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"openInterest", "contracts", HOW_SAME, NULL},
};
static const map_field tier_fields[] = {
    {"level", "tier", HOW_SAME, NULL},
    {"minRiskLimit", "notional_min", HOW_SAME, NULL},
    {"maxRiskLimit", "notional_max", HOW_SAME, NULL},
    {"maxLeverage", "leverage_max", HOW_SAME, NULL},
    {"maintainMargin", "maintenance_rate", HOW_SAME, NULL},
};
static const map_field overview_fields[] = {
    {"currency", "currency", HOW_CURRENCY, NULL},        {"accountEquity", "equity", HOW_SAME, NULL},
    {"unrealisedPNL", "unrealized_pnl", HOW_SAME, NULL}, {"marginBalance", "total", HOW_SAME, NULL},
    {"availableBalance", "free", HOW_SAME, NULL},
};
static const map_field position_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"currentQty", "contracts", HOW_SIZE, NULL},
    {"avgEntryPrice", "entry_price", HOW_ZERO, NULL},
    {"markPrice", "mark_price", HOW_SAME, NULL},
    {"liquidationPrice", "liquidation_price", HOW_ZERO, NULL},
    {"posMargin", "margin", HOW_SAME, NULL},
    {"posInit", "initial_margin", HOW_SAME, NULL},
    {"posMaint", "maintenance_margin", HOW_SAME, NULL},
    {"realisedPnl", "realized_pnl", HOW_SAME, NULL},
    {"unrealisedPnl", "unrealized_pnl", HOW_SAME, NULL},
    {"leverage>realLeverage", "leverage", HOW_SAME, NULL},
    {"marginMode", "margin_mode", HOW_ENUM, MARGINS},
    {"crossMode", "margin_mode", HOW_ENUM, "true=cross false=isolated"},
    {"positionSide", "side", HOW_ENUM, "LONG=long SHORT=short"},
    {"currentTimestamp", "time_ns|updated_ns", HOW_EPOCH, NULL},
};
static const map_field leverage_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"leverage", "leverage", HOW_SAME, NULL},
    {"marginMode", "margin_mode", HOW_ENUM, MARGINS},
};
static const map_field paid_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"symbol", "symbol", HOW_MARKET, NULL},
    {"settleCurrency", "currency", HOW_CURRENCY, NULL},
    {"funding", "amount", HOW_SAME, NULL},
    {"timePoint", "time_ns", HOW_EPOCH, NULL},
};
static const map_field futures_order_fields[] = {
    {".", "id", HOW_SAME, NULL},
    {"id>orderId", "id", HOW_SAME, NULL},
    {"clientOid", "client_order_id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM, "open=open/untriggered/triggered done=filled/canceled"},
    {"type", "type", HOW_ENUM, "limit=limit market=market"},
    {"side", "side", HOW_ENUM, SIDES},
    {"price", "price", HOW_ZERO, NULL},
    {"size", "contracts", HOW_SAME, NULL},
    {"filledSize", "filled_contracts", HOW_SAME, NULL},
    {"avgDealPrice", "average", HOW_ZERO, NULL},
    {"stp", "self_trade", HOW_ENUM, SELF_OFF},
    {"stopPrice", "trigger_price", HOW_ZERO, NULL},
    {"stopPriceType?stopPrice", "trigger_by", HOW_ENUM, "TP=last MP=mark IP=index"},
    {"postOnly", "post_only", HOW_ENUM, YES_NO},
    {"reduceOnly", "reduce_only", HOW_ENUM, YES_NO},
    {"closeOrder", "close_position", HOW_ENUM, YES_NO},
    {"marginMode", "margin_mode", HOW_ENUM, MARGINS},
    {"positionSide", "position_side", HOW_ENUM, "BOTH=both LONG=long SHORT=short"},
    {"createdAt", "created_ns", HOW_EPOCH, NULL},
    {"updatedAt", "updated_ns", HOW_EPOCH, NULL},
};

/* In base units where the payload has contracts. */
#define SIZES \
  "amount filled remaining cost average amount_step amount_min amount_max market_amount_max iceberg_amount notional"

static const map_family futures_families[] = {
    FAMILY(SERVER_TIME, "*", time_fields, ""),
    FAMILY(SYSTEM_STATUS, "*", status_fields, ""),
    FAMILY(MARKET, "*", contract_fields, SIZES " contract_size"),
    FAMILY(TICKER, "*/contracts/*", listed_ticker_fields, "base_volume quote_volume contracts_volume open percent"),
    FAMILY(TICKER, "*/mark-price/*", mark_fields, ""),
    FAMILY(TICKER, "*", futures_ticker_fields, "last_amount bid_amount ask_amount"),
    FAMILY(ORDER_BOOK, "*", book_fields, ""),
    FAMILY(TRADE, "*", futures_trade_fields, "amount cost"),
    FAMILY_BACK(CANDLE, "*", futures_candle_fields, "volume quote_volume"),
    FAMILY(FUNDING_RATE, "*/funding-rate/*", rate_fields, ""),
    FAMILY(FUNDING_RATE, "*/funding-rates", past_rate_fields, ""),
    FAMILY(FUNDING_RATE, "*", listed_rate_fields, ""),
    FAMILY(OPEN_INTEREST, "*", open_interest_fields, "amount value"),
    FAMILY(LEVERAGE_TIER, "*", tier_fields, ""),
    FAMILY(BALANCE, "*", overview_fields, "used"),
    FAMILY(POSITION, "*", position_fields, SIZES " contract_size"),
    FAMILY(LEVERAGE, "*", leverage_fields, ""),
    FAMILY(ACCOUNT_INFO, "*", account_fields, ""),
    FAMILY(FEE, "*", fee_fields, ""),
    FAMILY(LEDGER_ENTRY, "*/funding-history", paid_fields, ""),
    FAMILY_BACK(LEDGER_ENTRY, "*", ledger_fields, ""),
    FAMILY(ORDER, "*/multi*", placed_fields, PLACED " amount"),
    FAMILY(ORDER, "/api/v1/orders/client-order/*", placed_fields, ""),
    FAMILY(ORDER, "/api/v3/orders", placed_fields, ""),
    FAMILY(ORDER, "*/st-orders", placed_fields, PLACED),
    FAMILY(ORDER, "*", futures_order_fields, SIZES " price stop_loss_price take_profit_price"),
    FAMILY(FILL, "*", fill_fields, SIZES),
    FAMILY(RECEIPT, "*/bullet-*", address_of_stream_fields, ""),
    FAMILY_OF_ANY(RECEIPT, "*", no_fields, ""),
};

/* Payloads of the unified account are of spot, unless they name a contract. */
static const map_field past_interest_fields[] = {
    {"openInterest", "contracts", HOW_SAME, NULL},
    {"ts", "time_ns", HOW_MS, NULL},
};
static const map_family unified_families[] = {
    UNIFIED_FAMILIES,
    FAMILY(OPEN_INTEREST, "*", past_interest_fields, "amount"),
    FAMILY(FEE, "*", fee_fields, ""),
    FAMILY_OF_ANY(RECEIPT, "*", no_fields, ""),
};

/* What contracts alone have tells no symbol. */
static int takes_contracts(const json *row, const json *payload) {
  const char *path = json_text_of(row, "path");
  const json *data = json_get(payload, "data");
  const char *symbol = json_text_of(data != NULL && data->kind == JSON_ARRAY ? data->first : data, "symbol");
  if (path == NULL || strncmp(path, "/api/ua/", 8) != 0) return 0;
  return symbol == NULL ? strstr(path, "/open-interest") != NULL : strchr(symbol, '-') == NULL;
}

/* --- Errors --- */

#define UNKNOWN "unknown"

static const map_error errors[] = {
    {"kucoin", "100001", "orderNotExist", "order_not_found", NULL},
    {"kucoin", "101030", NULL, "permission", NULL},
    {"kucoin", "210014", NULL, "insufficient_funds", NULL},
    {"kucoin", "210021", NULL, "insufficient_funds", NULL},
    {"kucoin", "260100", NULL, "insufficient_funds", NULL},
    {"kucoin", "400005", NULL, "auth", NULL},
    {"kucoin", "400100", "account.available", "insufficient_funds", NULL},
    {"kucoin", "400100", "not_exist", "order_not_found", NULL},
    {"kucoin", "400100", "minimum", "invalid_order", NULL},
    {"kucoin", "400100", "price not in", "invalid_order", NULL},
    {"kucoin", "400100", "trading pair", "bad_symbol", NULL},
    {"kucoin", "400100", NULL, "bad_request", NULL},
    {"kucoin", "400200", NULL, "permission", NULL},
    {"kucoin", "400303", NULL, "permission", NULL},
    {"kucoin", "400350", NULL, "invalid_order", NULL},
    {"kucoin", "400370", NULL, "invalid_order", NULL},
    {"kucoin", "400600", NULL, "bad_symbol", NULL},
    {"kucoin", "401000", NULL, "bad_request", NULL},
    {"kucoin", "500000", NULL, "unavailable fate_unknown", UNKNOWN},
    {"kucoin", "600100", NULL, "invalid_order", NULL},
    {"kucoin", "600101", NULL, "invalid_order", NULL},
    {"kucoin", "900014", NULL, "bad_request", NULL},
    {"kucoin-futures", "100004", NULL, "order_not_found", NULL},
    {"kucoin-futures", "300009", NULL, "position", NULL},
    {"kucoin-futures", "330008", NULL, "insufficient_funds", NULL},
    {"kucoin-futures", "330012", NULL, "position", NULL},
};

#define MAP(name_, id_, product_, families_, with_, ...)               \
  const map_exchange map_##name_ = {.id = id_,                         \
                                    .name = "kucoin",                  \
                                    .product = product_,               \
                                    .families = families_,             \
                                    .family_count = COUNT(families_),  \
                                    .errors = errors,                  \
                                    .error_count = COUNT(errors),      \
                                    .symbol_of = symbol_of,            \
                                    .instruments = "",                 \
                                    .instrument_id = "symbol",         \
                                    .instrument_base = "baseCurrency", \
                                    .unwrap = unwrap,                  \
                                    .refusal = refusal,                \
                                    .refusal_text = refusal_text,      \
                                    .error_status = 200,               \
                                    .is_wanted = is_wanted,            \
                                    .with_instrument = with_,          \
                                    .market = "symbol",                \
                                    .currency = currency,              \
                                    __VA_ARGS__}

MAP(kucoin, "kucoin", BOURSE_PRODUCT_SPOT, families, with_spot, .listed = "BTC-USDT",
    .sample = "{\"code\":\"200000\",\"data\":[]}");
MAP(kucoin_futures, "kucoin-futures", BOURSE_PRODUCT_LINEAR, futures_families, with_contract, .listed = "XBTUSDM",
    .sample = "{\"code\":\"200000\",\"data\":[]}", .other_product = BOURSE_PRODUCT_INVERSE);
MAP(kucoin_unified, "kucoin", BOURSE_PRODUCT_LINEAR, unified_families, with_contract, .listed = "XBTUSDTM",
    .takes = takes_contracts, .list = "{\"code\":\"200000\",\"data\":[]}");
