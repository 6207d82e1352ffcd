/* okx_map.c - OKX's native fields and where they belong, written from its documentation and from the payloads. Numbers are
 * strings; every reply is {"code", "msg", "data"}; sizes of contracts are numbers of contracts, and fees have the sign of what
 * they do to the balance. */
#include <string.h>

#include "recordings/recordings.h"

#define COUNT(array_) (uint32_t)(sizeof(array_) / sizeof((array_)[0]))
#define FAMILY(kind_, path_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, "", "", fields_, COUNT(fields_), derived_, 0 }
#define FAMILY_BACK(kind_, path_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, "", "", fields_, COUNT(fields_), derived_, 2 }
#define FAMILY_IN(kind_, path_, lists_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, lists_, "", fields_, COUNT(fields_), derived_, 0 }
#define FAMILY_SHARED(kind_, path_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, "", "", fields_, COUNT(fields_), derived_, 3 }
#define FAMILY_OF_ANY(kind_, path_, fields_) \
  { BOURSE_KIND_##kind_, path_, "", "", fields_, COUNT(fields_), "", 1 }

#define SIDES   "buy=buy sell=sell"
#define HEDGED  "long=long short=short"
#define MARGINS "cross=cross isolated=isolated"
#define YES_NO  "true=true false=false"

/* --- Names --- */

static const char *currency(pool *p, const char *code) {
  (void)p;
  return code;
}

/* "BTC-USDT", "BTC-USD-SWAP", "BTC-USDT-260501", "BTC-USD-260501-50000-C" */
static int32_t product_of(const char *id) {
  const char *quote = strchr(id, '-'), *rest = quote == NULL ? NULL : strchr(quote + 1, '-');
  size_t length = strlen(id);
  if (rest == NULL) return BOURSE_PRODUCT_SPOT;
  if (length > 2 && (strcmp(id + length - 2, "-C") == 0 || strcmp(id + length - 2, "-P") == 0))
    return BOURSE_PRODUCT_OPTION;
  return rest - quote == 4 && strncmp(quote, "-USD", 4) == 0 ? BOURSE_PRODUCT_INVERSE : BOURSE_PRODUCT_LINEAR;
}

static const char *symbol_of(pool *p, const json *instrument) {
  const char *id = json_text_of(instrument, "instId"), *settle = json_text_of(instrument, "settleCcy");
  const char *family = json_text_of(instrument, "instFamily"), *base = json_text_of(instrument, "baseCcy");
  if (family == NULL || *family == '\0') family = json_text_of(instrument, "uly");
  if (base != NULL && *base != '\0') return pool_format(p, "%s/%s", base, json_text_of(instrument, "quoteCcy"));
  const char *dash = family == NULL ? NULL : strchr(family, '-');
  if (dash == NULL || settle == NULL) return id;
  const char *pair =
      pool_format(p, "%.*s/%.*s:%s", (int)(dash - family), family, (int)strcspn(dash + 1, "_-"), dash + 1, settle);
  if (json_is(instrument, "instType", "SWAP")) return pair;
  const char *rest = strchr(strchr(id, '-') + 1, '-');
  return pool_format(p, "%s%s", pair, rest);
}

/* "BTC-USD-260501-50000-C" */
static const char *option_row(pool *p, const char *id, const char *dash, const char *rest) {
  const char *strike = strchr(rest + 1, '-'), *kind = strike == NULL ? NULL : strchr(strike + 1, '-');
  if (kind == NULL) return "\"instType\":\"OPTION\"";
  return pool_format(p,
                     "\"instType\":\"OPTION\",\"instFamily\":\"%.*s\",\"ctVal\":\"1\",\"ctMult\":\"1\","
                     "\"settleCcy\":\"%.*s\",\"optType\":\"%s\",\"stk\":\"%.*s\",\"expTime\":\"1790000000000\"",
                     (int)(rest - id), id, (int)(dash - id), id, kind + 1, (int)(kind - strike - 1), strike + 1);
}

static char *with_instrument(pool *p, const char *list, size_t length, const char *id) {
  const char *data = strstr(list, "\"data\""), *begin = data == NULL ? NULL : strchr(data, '[');
  const char *dash = strchr(id, '-'), *rest = dash == NULL ? NULL : strchr(dash + 1, '-');
  if (begin == NULL || dash == NULL) return pool_copy(p, list, length);
  const char *row =
      product_of(id) == BOURSE_PRODUCT_OPTION ? option_row(p, id, dash, rest)
      : rest == NULL
          ? pool_format(p, "\"instType\":\"SPOT\",\"baseCcy\":\"%.*s\",\"quoteCcy\":\"%s\",\"lever\":\"10\"",
                        (int)(dash - id), id, dash + 1)
          : pool_format(p,
                        "\"instType\":\"%s\",\"instFamily\":\"%.*s\",\"ctType\":\"%s\",\"ctVal\":\"0.01\","
                        "\"ctMult\":\"1\",\"settleCcy\":\"%.*s\"",
                        strcmp(rest, "-SWAP") == 0 ? "SWAP" : "FUTURES", (int)(rest - id), id,
                        product_of(id) == BOURSE_PRODUCT_INVERSE ? "inverse" : "linear",
                        product_of(id) == BOURSE_PRODUCT_INVERSE ? (int)(dash - id) : (int)strcspn(dash + 1, "_-"),
                        product_of(id) == BOURSE_PRODUCT_INVERSE ? id : dash + 1);
  return pool_format(p,
                     "%.*s{%s,\"instId\":\"%s\",\"tickSz\":\"0.01\",\"lotSz\":\"0.0001\",\"minSz\":\"0.0001\","
                     "\"state\":\"live\"},%s",
                     (int)(begin + 1 - list), list, row, id, begin + 1);
}

/* --- Envelopes --- */

/* A row is a chain of a currency: an item for each currency, with its chains. */
static const json *by_currency(pool *p, const json *rows) {
  const char *text = "[";
  for (const json *row = rows->first; row != NULL; row = row->next) {
    const json *before = rows->first;
    const char *name = json_text_of(row, "ccy");
    while (name != NULL && before != row && !json_is(before, "ccy", name)) before = before->next;
    if (name == NULL || before != row) continue;
    text = pool_format(p, "%s%s{\"ccy\":\"%s\",\"name\":\"%s\",\"chains\":[", text, text[1] == '\0' ? "" : ",", name,
                       json_text_of(row, "name") == NULL ? "" : json_text_of(row, "name"));
    int first = 1;
    for (const json *one = row; one != NULL; one = one->next)
      if (json_is(one, "ccy", name)) {
        text = pool_format(p, "%s%s%.*s", text, first ? "" : ",", (int)(one->end - one->begin), one->begin);
        first = 0;
      }
    text = pool_format(p, "%s]}", text);
  }
  text = pool_format(p, "%s]", text);
  return json_parse(p, text, strlen(text), NULL);
}

static const json *unwrap(pool *p, const json *instruments, const char *path, const json *payload) {
  const json *data = json_get(payload, "data");
  (void)instruments;
  if (path != NULL && strcmp(path, "/api/v5/asset/currencies") == 0 && data != NULL) return by_currency(p, data);
  return json_get(payload, "code") != NULL && data != NULL ? data : payload;
}

static int is_failure(const char *code) { return code != NULL && *code != '\0' && strcmp(code, "0") != 0; }

/* An order that is refused has its code in its row; that of the whole may be 0. */
static const json *failed_row(const json *body) {
  const json *data = json_get(body, "data");
  for (const json *row = data == NULL ? NULL : data->first; row != NULL; row = row->next)
    if (row->kind == JSON_OBJECT && is_failure(json_text_of(row, "sCode"))) return row;
  return NULL;
}

static const char *refusal(const json *body) {
  const char *code = json_text_of(body, "code");
  const json *row = failed_row(body);
  return row != NULL ? json_text_of(row, "sCode") : is_failure(code) ? code : NULL;
}

static const char *refusal_text(const json *body) {
  const json *row = failed_row(body);
  return row != NULL ? json_text_of(row, "sMsg") : json_text_of(body, "msg");
}

/* Some programs keep the rows that they read without what they came in. */
static const char *no_reply(const json *payload) {
  return payload != NULL && json_get(payload, "code") == NULL ? "a row without the envelope it came in" : NULL;
}

static int is_number(const char *text) { return text != NULL && *text != '\0'; }

static int is_wanted(int32_t operation, const json *item) {
  if (operation == BOURSE_OP_FETCH_MARKETS) return is_number(json_text_of(item, "tickSz"));
  if (operation == BOURSE_OP_CANCEL_ALL_ORDERS) return 0;
  return 1;
}

/* --- Fields --- */

static const map_field time_fields[] = {{"ts", "time_ns", HOW_MS, NULL}};
static const map_field market_fields[] = {
    {"instId", "id", HOW_SAME, NULL},
    {"baseCcy", "base", HOW_SAME, NULL},
    {"quoteCcy", "quote", HOW_SAME, NULL},
    {"settleCcy?ctVal", "settle", HOW_SAME, NULL},
    {"tickSz", "price_tick", HOW_SAME, NULL},
    {"state", "status", HOW_SAME, NULL},
    {"state", "active", HOW_ENUM, "live=true suspend=false preopen=false test=false"},
    {"instIdCode", "code", HOW_SAME, NULL},
    {"instType", "product", HOW_ENUM, "SPOT=spot SWAP=linear/inverse FUTURES=linear/inverse OPTION=option"},
    {"ctType", "product", HOW_ENUM, "linear=linear/option inverse=inverse/option"},
    {"ctVal?-optType", "contract_size", HOW_SAME, NULL}, /* times ctMult, which is 1 but for options */
    {"expTime?alias", "expiry_ns", HOW_MS, NULL},
    {"listTime", "listed_ns", HOW_MS, NULL},
};
static const map_field currency_fields[] = {
    {"ccy", "id", HOW_SAME, NULL},
    {"ccy", "currency", HOW_SAME, NULL},
    {"name", "name", HOW_SAME, NULL},
    {"chains", "networks", HOW_RECORDS, "29"},
};
static const map_field chain_fields[] = {
    {"chain", "id", HOW_SAME, NULL},
    {"canDep", "deposit", HOW_ENUM, YES_NO},
    {"canWd", "withdraw", HOW_ENUM, YES_NO},
    {"fee>minFee", "withdraw_fee", HOW_SAME, NULL},
    {"minWd", "withdraw_min", HOW_SAME, NULL},
    {"maxWd", "withdraw_max", HOW_SAME, NULL},
    {"minDep", "deposit_min", HOW_SAME, NULL},
    {"ctAddr", "contract_address", HOW_SAME, NULL},
    {"mainNet", "is_default", HOW_ENUM, YES_NO},
};
static const map_field ticker_fields[] = {
    {"instId", "id", HOW_MARKET, NULL},
    {"ts", "time_ns", HOW_MS, NULL},
    {"last", "last", HOW_SAME, NULL},
    {"lastSz", "last_amount", HOW_SAME, NULL},
    {"askPx", "ask", HOW_SAME, NULL},
    {"askSz", "ask_amount", HOW_SAME, NULL},
    {"bidPx", "bid", HOW_SAME, NULL},
    {"bidSz", "bid_amount", HOW_SAME, NULL},
    {"open24h", "open", HOW_SAME, NULL},
    {"high24h", "high", HOW_SAME, NULL},
    {"low24h", "low", HOW_SAME, NULL},
    {"markPx", "mark_price", HOW_SAME, NULL},
    {"vol24h", "base_volume|contracts_volume", HOW_SAME, NULL},
    {"volCcy24h", "base_volume|quote_volume", HOW_SAME, NULL},
};
static const map_field book_fields[] = {
    {"bids", "bids", HOW_LEVELS, NULL},
    {"asks", "asks", HOW_LEVELS, NULL},
    {"ts", "time_ns", HOW_MS, NULL},
    {"seqId", "sequence", HOW_SAME, NULL},
};
static const map_field trade_fields[] = {
    {"tradeId", "id", HOW_SAME, NULL}, {"px", "price", HOW_SAME, NULL}, {"sz", "amount|contracts", HOW_SAME, NULL},
    {"side", "side", HOW_ENUM, SIDES}, {"ts", "time_ns", HOW_MS, NULL},
};
static const map_field candle_fields[] = {
    {"[0]", "time_ns", HOW_MS, NULL},
    {"[1]", "open", HOW_SAME, NULL},
    {"[2]", "high", HOW_SAME, NULL},
    {"[3]", "low", HOW_SAME, NULL},
    {"[4]", "close", HOW_SAME, NULL},
    {"[5]", "volume", HOW_SAME, NULL},
    {"[8]", "closed", HOW_ENUM, "0=false 1=true"},
};
static const map_field price_candle_fields[] = {
    {"[0]", "time_ns", HOW_MS, NULL}, {"[1]", "open", HOW_SAME, NULL},  {"[2]", "high", HOW_SAME, NULL},
    {"[3]", "low", HOW_SAME, NULL},   {"[4]", "close", HOW_SAME, NULL}, {"[5]", "closed", HOW_ENUM, "0=false 1=true"},
};
static const map_field funding_fields[] = {
    {"instId", "id", HOW_MARKET, NULL},
    {"fundingRate", "rate", HOW_SAME, NULL},
    {"fundingTime", "next_time_ns", HOW_MS, NULL},
    {"maxFundingRate", "rate_max", HOW_SAME, NULL},
    {"minFundingRate", "rate_min", HOW_SAME, NULL},
    {"interestRate", "interest_rate", HOW_SAME, NULL},
    {"ts", "time_ns", HOW_MS, NULL},
};
static const map_field past_funding_fields[] = {
    {"instId", "id", HOW_MARKET, NULL},
    {"realizedRate>fundingRate", "rate", HOW_SAME, NULL},
    {"fundingTime", "time_ns", HOW_MS, NULL},
};
static const map_field interest_fields[] = {
    {"instId", "id", HOW_MARKET, NULL},
    {"oi", "contracts", HOW_SAME, NULL},
    {"oiCcy", "amount", HOW_SAME, NULL},
    {"ts", "time_ns", HOW_MS, NULL},
};
static const map_field balance_fields[] = {
    {"ccy", "currency", HOW_SAME, NULL},
    {"cashBal>bal", "total", HOW_SAME, NULL},
    {"frozenBal", "used", HOW_SAME, NULL},
    {"eq", "equity", HOW_SAME, NULL},
};
static const map_field sum_fields[] = {{"totalBal", "total", HOW_SAME, NULL}};
static const map_field position_fields[] = {
    {"instId", "market_id", HOW_MARKET, NULL},
    {"posId", "id", HOW_SAME, NULL},
    {"mgnMode", "margin_mode", HOW_ENUM, MARGINS},
    {"posSide", "side", HOW_ENUM, HEDGED},
    {"pos", "contracts|amount", HOW_SIZE, NULL},
    {"avgPx", "entry_price", HOW_SAME, NULL},
    {"markPx", "mark_price", HOW_SAME, NULL},
    {"liqPx", "liquidation_price", HOW_SAME, NULL},
    {"bePx", "break_even_price", HOW_ZERO, NULL},
    {"upl", "unrealized_pnl", HOW_SAME, NULL},
    {"realizedPnl", "realized_pnl", HOW_SAME, NULL},
    {"lever", "leverage", HOW_SAME, NULL},
    {"margin", "margin", HOW_SAME, NULL},
    {"mmr", "maintenance_margin", HOW_SAME, NULL},
};
static const map_field leverage_fields[] = {
    {"instId", "market_id", HOW_MARKET, NULL},
    {"mgnMode", "margin_mode", HOW_ENUM, MARGINS},
    {"lever", "leverage|leverage_short", HOW_SAME, NULL},
};
static const map_field fee_fields[] = {
    {"maker", "maker", HOW_NEGATED, NULL},
    {"taker", "taker", HOW_NEGATED, NULL},
};
static const map_field ledger_fields[] = {
    {"billId", "id", HOW_SAME, NULL},   {"ccy", "currency", HOW_SAME, NULL}, {"balChg", "amount", HOW_SAME, NULL},
    {"bal", "balance", HOW_SAME, NULL}, {"ts", "time_ns", HOW_MS, NULL},     {"type", "native_kind", HOW_SAME, NULL},
    {"fee", "fee", HOW_NEGATED, NULL},  {"notes", "text", HOW_SAME, NULL},
};
static const map_field permission_fields[] = {{"uid", "account", HOW_SAME, NULL}};
static const map_field account_fields[] = {{"uid", "id", HOW_SAME, NULL}};
static const map_field config_fields[] = {
    {"posMode", "hedged", HOW_ENUM, "net_mode=false long_short_mode=true"},
};
static const map_field order_fields[] = {
    {"ordId", "id", HOW_SAME, NULL},
    {"clOrdId", "client_order_id", HOW_SAME, NULL},
    {"instId", "market_id", HOW_MARKET, NULL},
    {"state", "native_status", HOW_SAME, NULL},
    {"state", "status", HOW_ENUM,
     "live=open partially_filled=open filled=filled canceled=canceled mmp_canceled=canceled"},
    {"side", "side", HOW_ENUM, SIDES},
    {"posSide", "position_side", HOW_ENUM, HEDGED},
    {"tdMode", "margin_mode", HOW_ENUM, MARGINS},
    {"ordType", "native_type", HOW_SAME, NULL},
    {"ordType", "type", HOW_ENUM,
     "limit=limit market=market post_only=limit ioc=limit fok=limit optimal_limit_ioc=market"},
    {"ordType", "post_only", HOW_ENUM, "post_only=true"},
    {"px", "price", HOW_SAME, NULL},
    {"sz", "contracts|amount|requested_cost", HOW_SAME, NULL},
    {"accFillSz", "filled_contracts|filled", HOW_SAME, NULL},
    {"avgPx", "average", HOW_ZERO, NULL},
    {"fee", "fee", HOW_NEGATED, NULL},
    {"feeCcy", "fee_currency", HOW_SAME, NULL},
    {"reduceOnly", "reduce_only", HOW_ENUM, "true=true"},
    {"stpMode", "self_trade", HOW_ENUM, "cancel_maker=cancel_maker cancel_taker=cancel_taker cancel_both=cancel_both"},
    {"cTime", "created_ns", HOW_MS, NULL},
    {"uTime", "updated_ns", HOW_MS, NULL},
};
static const map_field algo_fields[] = {
    {"algoId", "id", HOW_TAIL, NULL},
    {"algoClOrdId", "client_order_id", HOW_SAME, NULL},
    {"instId", "market_id", HOW_MARKET, NULL},
    {"state", "native_status", HOW_SAME, NULL},
    {"state", "status", HOW_ENUM, "live=untriggered effective=triggered canceled=canceled order_failed=rejected"},
    {"side", "side", HOW_ENUM, SIDES},
    {"posSide", "position_side", HOW_ENUM, HEDGED},
    {"tdMode", "margin_mode", HOW_ENUM, MARGINS},
    {"ordType", "native_type", HOW_SAME, NULL},
    {"sz", "contracts|amount", HOW_SAME, NULL},
    {"triggerPx", "trigger_price|stop_loss_price|take_profit_price", HOW_SAME, NULL},
    {"slTriggerPx", "stop_loss_price", HOW_SAME, NULL},
    {"tpTriggerPx", "take_profit_price", HOW_SAME, NULL},
    {"triggerPxType>slTriggerPxType>tpTriggerPxType", "trigger_by", HOW_ENUM, "last=last index=index mark=mark"},
    {"ordPx", "price", HOW_MINUS, NULL},
    {"ordId", "triggered_order_id", HOW_SAME, NULL},
    {"reduceOnly", "reduce_only", HOW_ENUM, "true=true"},
    {"closeFraction", "close_position", HOW_ENUM, "1=true"},
    {"cTime", "created_ns", HOW_MS, NULL},
    {"uTime", "updated_ns", HOW_MS, NULL},
};
static const map_field placed_fields[] = {
    {"ordId>algoId", "id", HOW_TAIL, NULL},
    {"clOrdId>algoClOrdId", "client_order_id", HOW_SAME, NULL},
};
static const map_field fill_fields[] = {
    {"tradeId", "id", HOW_SAME, NULL},
    {"ordId", "order_id", HOW_SAME, NULL},
    {"clOrdId", "client_order_id", HOW_SAME, NULL},
    {"instId", "market_id", HOW_MARKET, NULL},
    {"side", "side", HOW_ENUM, SIDES},
    {"posSide", "position_side", HOW_ENUM, HEDGED},
    {"execType", "role", HOW_ENUM, "M=maker T=taker"},
    {"fillPx", "price", HOW_SAME, NULL},
    {"fillSz", "contracts|amount", HOW_SAME, NULL},
    {"fee", "fee", HOW_NEGATED, NULL},
    {"feeCcy", "fee_currency", HOW_SAME, NULL},
    {"fillPnl", "realized_pnl", HOW_SAME, NULL},
    {"fillTime>ts", "time_ns", HOW_MS, NULL},
};
static const map_field transfer_fields[] = {
    {"transId", "id", HOW_SAME, NULL},
    {"ccy", "currency", HOW_SAME, NULL},
};
static const map_field tier_fields[] = {
    {"tier", "tier", HOW_SAME, NULL},
    {"mmr", "maintenance_rate", HOW_SAME, NULL},
    {"maxLever", "leverage_max", HOW_SAME, NULL},
};
static const map_field rate_fields[] = {
    {"ccy", "currency", HOW_SAME, NULL},
    {"interestRate>rate", "rate", HOW_SAME, NULL},
};
static const map_field receipt_fields[] = {{"transId>wdId", "id", HOW_SAME, NULL}};
static const map_field timer_fields[] = {{"triggerTime", "due_ns", HOW_MS, NULL}};
static const map_field address_fields[] = {
    {"addr", "address", HOW_SAME, NULL},
    {"ccy", "currency", HOW_SAME, NULL},
};
static const map_field transaction_fields[] = {
    {"depId>wdId", "id", HOW_SAME, NULL},
    {"ccy", "currency", HOW_SAME, NULL},
    {"amt", "amount", HOW_SAME, NULL},
    {"fee", "fee", HOW_SAME, NULL},
    {"txId", "transaction_hash", HOW_SAME, NULL},
    {"to?ts", "address", HOW_SAME, NULL},
    {"ts", "time_ns|created_ns", HOW_MS, NULL},
    {"state", "status", HOW_ENUM, "2=ok 0=pending"},
    {"actualDepBlkConfirm", "confirmations", HOW_SAME, NULL},
};
static const map_field loan_fields[] = {
    {"ccy", "currency", HOW_SAME, NULL},
    {"amt", "amount", HOW_SAME, NULL},
    {"side>type", "kind", HOW_ENUM, "borrow=borrow repay=repay"},
    {"ts", "time_ns", HOW_MS, NULL},
};
static const map_field accrued_fields[] = {
    {"ccy", "currency", HOW_SAME, NULL},      {"interest", "interest", HOW_SAME, NULL},
    {"interestRate", "rate", HOW_SAME, NULL}, {"liab", "principal", HOW_SAME, NULL},
    {"ts", "time_ns", HOW_MS, NULL},
};
static const map_field no_fields[] = {{"@nothing", "id", HOW_SAME, NULL}};

/* Sizes in units of the base are the contracts times their size, where they are not the numbers themselves. */
#define SIZES "amount filled remaining cost amount_step amount_min amount_max market_amount_max"

static const map_family families[] = {
    FAMILY(SERVER_TIME, "*", time_fields, ""),
    FAMILY_OF_ANY(MARKET, "*/underlying", no_fields),
    FAMILY(MARKET, "*", market_fields, SIZES " contract_size"),
    FAMILY(CURRENCY, "*", currency_fields, "step withdraw_fee"),
    FAMILY(NETWORK, "nested", chain_fields, "withdraw_step"),
    FAMILY_OF_ANY(SYSTEM_STATUS, "*", no_fields),
    FAMILY(LEVERAGE_TIER, "*", tier_fields, "amount_min amount_max"),
    FAMILY(TICKER, "*", ticker_fields, "last_amount ask_amount bid_amount base_volume change percent"),
    FAMILY(ORDER_BOOK, "*", book_fields, ""),
    FAMILY(TRADE, "*", trade_fields, "amount cost"),
    FAMILY_BACK(CANDLE, "*index-candles", price_candle_fields, ""),
    FAMILY_BACK(CANDLE, "*mark-price-candles", price_candle_fields, ""),
    FAMILY_BACK(CANDLE, "*", candle_fields, "volume"),
    FAMILY_BACK(FUNDING_RATE, "*-history", past_funding_fields, ""),
    FAMILY(FUNDING_RATE, "*", funding_fields, ""),
    FAMILY(OPEN_INTEREST, "*", interest_fields, ""),
    FAMILY_OF_ANY(BALANCE, "*/asset-valuation", sum_fields),
    FAMILY_IN(BALANCE, "*", "details", balance_fields, ""),
    FAMILY(POSITION, "*", position_fields, "amount contract_size notional"),
    FAMILY(LEVERAGE, "*/account/config", config_fields, ""),
    FAMILY_SHARED(LEVERAGE, "*", leverage_fields, ""), /* long and short are two rows and one record */
    FAMILY(FEE, "*", fee_fields, "maker taker"),
    FAMILY(LEDGER_ENTRY, "*", ledger_fields, "fee"),
    FAMILY(PERMISSIONS, "*", permission_fields, ""),
    FAMILY(ACCOUNT_INFO, "*", account_fields, ""),
    FAMILY_OF_ANY(ORDER, "*/order-precheck", no_fields),
    FAMILY_OF_ANY(ORDER, "*/close-position", no_fields),
    FAMILY(ORDER, "*algo-*", algo_fields, SIZES " price take_profit_limit_price stop_loss_limit_price"),
    FAMILY_OF_ANY(ORDER, "*/order-algo", placed_fields),
    FAMILY(ORDER, "*/amend-algos", no_fields, SIZES " price"),
    FAMILY(ORDER, "*/trade/order", order_fields, SIZES " fee price"),
    FAMILY(ORDER, "*/batch-orders", placed_fields, SIZES " price"),
    FAMILY(ORDER, "*/amend-*", placed_fields, SIZES " price"),
    FAMILY(ORDER, "*", order_fields, SIZES " fee"),
    FAMILY(FILL, "*", fill_fields, SIZES " fee"),
    FAMILY(RECEIPT, "*/cancel-all-after", timer_fields, ""),
    FAMILY(RECEIPT, "*", receipt_fields, ""),
    FAMILY(DEPOSIT_ADDRESS, "*", address_fields, ""),
    FAMILY(TRANSACTION, "*/withdrawal", receipt_fields, "amount"),
    FAMILY(TRANSACTION, "*", transaction_fields, ""),
    FAMILY(LOAN, "*", loan_fields, ""),
    FAMILY(TRANSFER, "*/asset/transfer", transfer_fields, "amount"),
    FAMILY(BORROW_RATE, "*", rate_fields, ""),
    FAMILY(BORROW_INTEREST, "*", accrued_fields, ""),
};

#define UNKNOWN "unknown"

static const map_error errors[] = {
    {"okx", "50013", NULL, "unavailable", UNKNOWN},     {"okx", "50103", NULL, "auth", NULL},
    {"okx", "51000", "instId", "bad_symbol", NULL},     {"okx", "51000", NULL, "bad_request invalid_order", NULL},
    {"okx", "51008", NULL, "insufficient_funds", NULL}, {"okx", "500", NULL, "unavailable", UNKNOWN},
    {"okx", "4088", NULL, "permission", NULL},
};

const map_exchange map_okx = {
    .id = "okx",
    .name = "okx",
    .product = BOURSE_PRODUCT_SPOT,
    .families = families,
    .family_count = COUNT(families),
    .errors = errors,
    .error_count = COUNT(errors),
    .symbol_of = symbol_of,
    .instruments = "/api/v5/public/instruments",
    .instrument_id = "instId",
    .instrument_base = "baseCcy",
    .unwrap = unwrap,
    .refusal = refusal,
    .refusal_text = refusal_text,
    .error_status = 200,
    .is_wanted = is_wanted,
    .with_instrument = with_instrument,
    .market = "instId",
    .currency = currency,
    .product_of = product_of,
    .no_reply = no_reply,
    .sample =
        "{\"code\":\"0\",\"msg\":\"\",\"data\":[{\"instType\":\"SPOT\",\"instId\":\"BTC-USDT\",\"baseCcy\":\"BTC\","
        "\"quoteCcy\":\"USDT\","
        "\"tickSz\":\"0.01\",\"lotSz\":\"0.0001\",\"minSz\":\"0.0001\",\"state\":\"live\"}]}",
};
