/* bybit_map.c - Bybit's native fields and where they belong, written from its documentation and from the payloads. Numbers are
 * strings, and "" is none; every reply is {"retCode", "retMsg", "result"}. An id may be one market of spot and another of
 * futures, so there is a map for each product. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recordings/recordings.h"

#define COUNT(array_) (uint32_t)(sizeof(array_) / sizeof((array_)[0]))
#define FAMILY(kind_, path_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, "", "", fields_, COUNT(fields_), derived_, 0 }
#define FAMILY_IN(kind_, path_, lists_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, lists_, "", fields_, COUNT(fields_), derived_, 0 }
#define FAMILY_BACK(kind_, path_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, "", "", fields_, COUNT(fields_), derived_, 2 }
#define FAMILY_OF_ANY(kind_, path_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, "", "", fields_, COUNT(fields_), derived_, 1 }

#define SIDES     "Buy=buy Sell=sell"
#define NETWORKS  "ETH=ERC20 TRX=TRC20 BSC=BEP20 SOL=SOL BTC=BTC XRP=XRP"
#define TRIGGERS  "LastPrice=last MarkPrice=mark IndexPrice=index"
#define POSITIONS "Buy=long Sell=short"

/* --- Names --- */

static const char *currency(pool *p, const char *code) {
  (void)p;
  return code;
}

static const char *symbol_of(pool *p, const json *instrument) {
  const char *id = json_text_of(instrument, "symbol"), *base = json_text_of(instrument, "baseCoin");
  const char *quote = json_text_of(instrument, "quoteCoin"), *settle = json_text_of(instrument, "settleCoin");
  const char *expiry = json_text_of(instrument, "as_expiry"), *kind = json_text_of(instrument, "contractType");
  if (base == NULL || quote == NULL) return id;
  if (settle == NULL) return pool_format(p, "%s/%s", base, quote);
  if (expiry != NULL) return pool_format(p, "%s/%s:%s-%s", base, quote, settle, expiry);
  return kind == NULL || strstr(kind, "Perpetual") == NULL ? id : pool_format(p, "%s/%s:%s", base, quote, settle);
}

/* "BTC-30DEC22-18000-C": 20221230 */
static int option_day(const char *id) {
  static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  const char *date = strchr(id, '-') + 1;
  size_t days = strspn(date, "0123456789");
  char month[4] = {date[days], date[days + 1], date[days + 2], '\0'};
  const char *at = strstr(months, month);
  int number = at == NULL ? 1 : (int)(at - months) / 3 + 1;
  return (2000 + (int)strtol(date + days + 3, NULL, 10)) * 10000 + number * 100 + (int)strtol(date, NULL, 10);
}

/* What stands behind the colon of its symbol, and when it ends. */
static const char *option_expiry(pool *p, const char *id) {
  const char *rest = strchr(strchr(id, '-') + 1, '-');
  const char *kind = strstr(rest, "-C") != NULL ? strstr(rest, "-C") : strstr(rest, "-P");
  return pool_format(p, "%06d%.*s", option_day(id) % 1000000, kind == NULL ? 0 : (int)(kind + 2 - rest), rest);
}

static int64_t option_end(const char *id) {
  char text[32];
  int64_t ns = 0;
  int day = option_day(id);
  snprintf(text, sizeof text, "%04d-%02d-%02dT08:00:00Z", day / 10000, day / 100 % 100, day % 100);
  return bourse_time_parse(&ns, text) == BOURSE_OK ? ns / 1000000 : 0;
}

/* The texts that a name can end with. */
static size_t quote_length(const char *id) {
  static const char *const quotes[] = {"USDT", "USDC", "USD1", "PERP", "BTC", "USD", "EUR", "BRL"};
  size_t length = strlen(id);
  for (size_t i = 0; i < COUNT(quotes); i++) {
    size_t size = strlen(quotes[i]);
    if (length > size && strcmp(id + length - size, quotes[i]) == 0) return size;
  }
  return length / 2;
}

static const char *row_of(pool *p, const char *id, const char *category) {
  size_t quote = quote_length(id), base = strlen(id) - quote;
  const char *names = strcmp(id + base, "PERP") == 0 ? "USDC" : id + base;
  if (strcmp(category, "spot") == 0)
    return pool_format(p, "\"baseCoin\":\"%.*s\",\"quoteCoin\":\"%s\"", (int)base, id, names);
  if (strcmp(category, "option") == 0 && strchr(id, '-') != NULL && strchr(strchr(id, '-') + 1, '-') != NULL)
    return pool_format(p,
                       "\"baseCoin\":\"%.*s\",\"quoteCoin\":\"USDT\",\"settleCoin\":\"USDT\",\"as_expiry\":\"%s\","
                       "\"optionsType\":\"%s\",\"deliveryTime\":\"%lld\"",
                       (int)strcspn(id, "-"), id, option_expiry(p, id), strstr(id, "-P") != NULL ? "Put" : "Call",
                       (long long)option_end(id));
  return pool_format(p,
                     "\"baseCoin\":\"%.*s\",\"quoteCoin\":\"%s\",\"settleCoin\":\"%.*s\",\"contractType\":\"%s\","
                     "\"deliveryTime\":\"0\",\"fundingInterval\":480",
                     (int)base, id, names, strcmp(category, "inverse") == 0 ? (int)base : (int)strlen(names),
                     strcmp(category, "inverse") == 0 ? id : names,
                     strcmp(category, "inverse") == 0 ? "InversePerpetual" : "LinearPerpetual");
}

static char *with_instrument(pool *p, const char *list, size_t length, const char *id) {
  const char *begin = memchr(list, '[', length), *category = strstr(list, "\"category\":\"");
  if (begin == NULL || category == NULL) return pool_copy(p, list, length);
  category = pool_copy(p, category + 12, strcspn(category + 12, "\""));
  return pool_format(
      p,
      "%.*s{\"symbol\":\"%s\",\"status\":\"Trading\",%s,\"priceFilter\":{\"tickSize\":\"0.01\"},"
      "\"lotSizeFilter\":{\"basePrecision\":\"0.0001\",\"qtyStep\":\"0.0001\",\"minOrderQty\":\"0.0001\"}}%s%s",
      (int)(begin + 1 - list), list, id, row_of(p, id, category), begin[1] == ']' ? "" : ",", begin + 1);
}

#define LIST_OF(category_) "{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{\"category\":\"" category_ "\",\"list\":[]}}"

/* --- Envelopes --- */

static const json *unwrap(pool *p, const json *instruments, const char *path, const json *payload) {
  static const char *const lists[] = {"rows", "chains"};
  const json *result = json_get(payload, "result");
  (void)p, (void)instruments, (void)path;
  if (result == NULL) return payload;
  if (json_get(result, "list") != NULL) return json_get(result, "list");
  for (size_t i = 0; i < COUNT(lists); i++)
    if (json_get(result, lists[i]) != NULL) return json_get(result, lists[i]);
  return result;
}

static const char *refusal(const json *body) {
  const char *code = json_text_of(body, "retCode");
  return code != NULL && strcmp(code, "0") != 0 ? code : NULL;
}

static const char *refusal_text(const json *body) { return json_text_of(body, "retMsg"); }

static int is_wanted(int32_t operation, const json *item) {
  const char *size = json_text_of(item, "size"), *kind = json_text_of(item, "execType");
  const char *status = json_text_of(item, "orderStatus");
  if (operation == BOURSE_OP_FETCH_POSITIONS) return size == NULL || strspn(size, "0.") < strlen(size);
  if (operation == BOURSE_OP_FETCH_FUNDING_HISTORY) return kind == NULL || strcmp(kind, "Funding") == 0;
  if (operation == BOURSE_OP_CANCEL_ALL_ORDERS) return json_text_of(item, "orderId") != NULL;
  if (operation == BOURSE_OP_FETCH_FUNDING_INTERVALS)
    return json_text_of(item, "contractType") != NULL &&
           strstr(json_text_of(item, "contractType"), "Perpetual") != NULL;
  if (operation == BOURSE_OP_FETCH_FUNDING_RATES) return json_text_of(item, "fundingRate") != NULL;
  if (operation == BOURSE_OP_FETCH_OPEN_ORDERS)
    return status == NULL || strstr(" New PartiallyFilled Untriggered Triggered Created ", status) != NULL;
  return 1;
}

/* --- Which of the maps a payload is for --- */

static int has_end(const char *text, const char *end) {
  size_t length = strlen(text), size = strlen(end);
  return length > size && strcmp(text + length - size, end) == 0;
}

/* What they ask for is of no product, and the library asks for it on futures. */
static int is_of_futures(const char *path) {
  return path != NULL && (strncmp(path, "/v5/order/", 10) == 0 || strcmp(path, "/v5/account/info") == 0);
}

static const char *category_of(const json *row, const json *payload) {
  const char *product = json_text_of(row, "product"), *path = json_text_of(row, "path");
  const json *result = json_get(payload, "result"), *list = json_get(result, "list");
  const json *first = list == NULL ? NULL : list->first;
  const char *id = json_text_of(first, "symbol") != NULL ? json_text_of(first, "symbol") : json_text_of(result, "s");
  if (product != NULL && strcmp(product, "unified") != 0) return product;
  if (json_text_of(result, "category") != NULL) return json_text_of(result, "category");
  const char *kind = json_text_of(first, "contractType");
  if (kind != NULL && strncmp(kind, "Inverse", 7) == 0) return "inverse";
  if (path != NULL && strcmp(path, "/v5/market/instruments-info") == 0)
    return json_get(first, "optionsType") != NULL    ? "option"
           : json_get(first, "contractType") == NULL ? "spot"
                                                     : "linear";
  if (id == NULL || *id == '\0') return is_of_futures(path) ? "linear" : "spot";
  if (has_end(id, "-C") || has_end(id, "-P") || strstr(id, "-C-") != NULL || strstr(id, "-P-") != NULL) return "option";
  return has_end(id, "USD") ? "inverse" : "linear";
}

static int is_for(const char *category, const json *row, const json *payload) {
  return strcmp(category_of(row, payload), category) == 0;
}

static int takes_spot(const json *row, const json *payload) { return is_for("spot", row, payload); }
static int takes_linear(const json *row, const json *payload) { return is_for("linear", row, payload); }
static int takes_inverse(const json *row, const json *payload) { return is_for("inverse", row, payload); }
static int takes_option(const json *row, const json *payload) { return is_for("option", row, payload); }

/* --- Fields --- */

static const map_field no_fields[] = {{"@nothing", "id", HOW_SAME, NULL}};
static const map_field market_fields[] = {
    {"symbol", "id", HOW_SAME, NULL},
    {"baseCoin", "base", HOW_SAME, NULL},
    {"quoteCoin", "quote", HOW_SAME, NULL},
    {"settleCoin", "settle", HOW_SAME, NULL},
    {"status", "status", HOW_SAME, NULL},
    {"status", "active", HOW_ENUM, "Trading=true PreLaunch=false Delivering=false Closed=false"},
    {"launchTime", "listed_ns", HOW_MS, NULL},
    {"deliveryTime?-fundingInterval", "expiry_ns", HOW_MS, NULL},
    {"priceFilter.tickSize", "price_tick", HOW_SAME, NULL},
    {"lotSizeFilter.qtyStep>lotSizeFilter.basePrecision", "amount_step", HOW_SAME, NULL},
    {"lotSizeFilter.minOrderQty?contractType", "amount_min", HOW_SAME, NULL},
    {"lotSizeFilter.minNotionalValue>lotSizeFilter.minOrderAmt", "cost_min", HOW_SAME, NULL},
    {"contractType", "product", HOW_ENUM,
     "LinearPerpetual=linear LinearFutures=linear InversePerpetual=inverse InverseFutures=inverse"},
};
static const map_field currency_fields[] = {
    {"coin", "id", HOW_SAME, NULL},
    {"coin", "currency", HOW_SAME, NULL},
    {"name", "name", HOW_SAME, NULL},
};
static const map_field ticker_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"lastPrice", "last", HOW_SAME, NULL},
    {"bid1Price", "bid", HOW_ZERO, NULL},
    {"bid1Size", "bid_amount", HOW_ZERO, NULL},
    {"ask1Price", "ask", HOW_ZERO, NULL},
    {"ask1Size", "ask_amount", HOW_ZERO, NULL},
    {"prevPrice24h", "open", HOW_SAME, NULL},
    {"highPrice24h", "high", HOW_SAME, NULL},
    {"lowPrice24h", "low", HOW_SAME, NULL},
    {"volume24h", "base_volume|contracts_volume", HOW_SAME, NULL},
    {"turnover24h", "quote_volume|base_volume", HOW_SAME, NULL},
    {"markPrice", "mark_price", HOW_SAME, NULL},
    {"indexPrice", "index_price", HOW_SAME, NULL},
    {"openInterest", "open_interest", HOW_SAME, NULL},
};
static const map_field funding_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"fundingRate", "rate", HOW_SAME, NULL},
    {"nextFundingTime", "next_time_ns", HOW_MS, NULL},
    {"markPrice", "mark_price", HOW_SAME, NULL},
    {"indexPrice", "index_price", HOW_SAME, NULL},
};
static const map_field past_funding_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"fundingRate", "rate", HOW_SAME, NULL},
    {"fundingRateTimestamp", "time_ns", HOW_MS, NULL},
};
static const map_field book_fields[] = {
    {"s", "id", HOW_MARKET, NULL},       {"b", "bids", HOW_LEVELS, NULL},   {"a", "asks", HOW_LEVELS, NULL},
    {"cts>ts", "time_ns", HOW_MS, NULL}, {"u", "sequence", HOW_SAME, NULL},
};
static const map_field trade_fields[] = {
    {"execId", "id", HOW_SAME, NULL},  {"price", "price", HOW_SAME, NULL}, {"size", "amount|contracts", HOW_SAME, NULL},
    {"side", "side", HOW_ENUM, SIDES}, {"time", "time_ns", HOW_MS, NULL},
};
static const map_field candle_fields[] = {
    {"[0]", "time_ns", HOW_MS, NULL}, {"[1]", "open", HOW_SAME, NULL},
    {"[2]", "high", HOW_SAME, NULL},  {"[3]", "low", HOW_SAME, NULL},
    {"[4]", "close", HOW_SAME, NULL}, {"[5]", "volume|contracts_volume", HOW_SAME, NULL},
};
static const map_field price_candle_fields[] = {
    {"[0]", "time_ns", HOW_MS, NULL}, {"[1]", "open", HOW_SAME, NULL},  {"[2]", "high", HOW_SAME, NULL},
    {"[3]", "low", HOW_SAME, NULL},   {"[4]", "close", HOW_SAME, NULL},
};
static const map_field interest_fields[] = {
    {"openInterest", "contracts|amount", HOW_SAME, NULL},
    {"timestamp", "time_ns", HOW_MS, NULL},
};
static const map_field tier_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"riskLimitValue", "notional_max|amount_max", HOW_SAME, NULL},
    {"maxLeverage", "leverage_max", HOW_SAME, NULL},
    {"maintenanceMargin", "maintenance_rate", HOW_SAME, NULL},
};
static const map_field balance_fields[] = {
    {"coin", "currency", HOW_SAME, NULL},
    {"walletBalance", "total", HOW_SAME, NULL},
    {"locked", "used", HOW_SAME, NULL},
    {"equity", "equity", HOW_SAME, NULL},
    {"unrealisedPnl", "unrealized_pnl", HOW_SAME, NULL},
    {"borrowAmount>spotBorrow", "borrowed", HOW_SAME, NULL},
    {"accruedInterest", "interest", HOW_SAME, NULL},
};
static const map_field position_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"side", "side", HOW_ENUM, POSITIONS},
    {"size", "contracts", HOW_SAME, NULL},
    {"avgPrice", "entry_price", HOW_SAME, NULL},
    {"markPrice", "mark_price", HOW_SAME, NULL},
    {"liqPrice", "liquidation_price", HOW_ZERO, NULL},
    {"breakEvenPrice", "break_even_price", HOW_ZERO, NULL},
    {"unrealisedPnl", "unrealized_pnl", HOW_SAME, NULL},
    {"leverage", "leverage", HOW_ZERO, NULL},
    {"positionIM", "initial_margin", HOW_SAME, NULL},
    {"positionMM", "maintenance_margin", HOW_SAME, NULL},
};
static const map_field leverage_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"leverage", "leverage|leverage_short", HOW_ZERO, NULL},
};
static const map_field fee_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"takerFeeRate", "taker", HOW_SAME, NULL},
    {"makerFeeRate", "maker", HOW_SAME, NULL},
};
static const map_field ledger_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"currency", "currency", HOW_SAME, NULL},
    {"change", "amount", HOW_SAME, NULL},
    {"fee", "fee", HOW_ZERO, NULL},
    {"cashBalance", "balance", HOW_SAME, NULL},
    {"type", "native_kind", HOW_SAME, NULL},
    {"transactionTime", "time_ns", HOW_MS, NULL},
};
static const map_field permission_fields[] = {
    {"userID", "account", HOW_SAME, NULL},
    {"createdAt", "created_ns", HOW_ISO, NULL},
};
static const map_field order_fields[] = {
    {"orderId", "id", HOW_SAME, NULL},
    {"orderLinkId", "client_order_id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"orderStatus", "native_status", HOW_SAME, NULL},
    {"orderStatus", "status", HOW_ENUM,
     "New=open PartiallyFilled=open Filled=filled Cancelled=canceled PartiallyFilledCanceled=canceled "
     "Rejected=rejected "
     "Untriggered=untriggered Triggered=open Deactivated=canceled"},
    {"side", "side", HOW_ENUM, SIDES},
    {"positionIdx", "position_side", HOW_ENUM, "1=long 2=short"},
    {"orderType", "type", HOW_ENUM, "Limit=limit Market=market"},
    {"timeInForce", "time_in_force", HOW_ENUM, "GTC=good_till_canceled IOC=immediate_or_cancel FOK=fill_or_kill"},
    {"timeInForce", "post_only", HOW_ENUM, "PostOnly=true"},
    {"price", "price", HOW_LIMIT, NULL},
    {"qty", "contracts|amount|requested_cost", HOW_SAME, NULL},
    {"cumExecQty", "filled_contracts|filled", HOW_SAME, NULL},
    {"cumExecValue", "cost", HOW_ZERO, NULL},
    {"avgPrice", "average", HOW_ZERO, NULL},
    {"triggerPrice", "trigger_price|stop_loss_price|take_profit_price", HOW_ZERO, NULL},
    {"triggerBy?triggerPrice", "trigger_by", HOW_ENUM, TRIGGERS},
    {"reduceOnly", "reduce_only", HOW_ENUM, "true=true"},
    {"smpType", "self_trade", HOW_ENUM, "CancelMaker=cancel_maker CancelTaker=cancel_taker CancelBoth=cancel_both"},
    {"createdTime", "created_ns", HOW_MS, NULL},
    {"updatedTime", "updated_ns", HOW_MS, NULL},
};
static const map_field interval_fields[] = {{"symbol", "id", HOW_MARKET, NULL}};
static const map_field placed_fields[] = {
    {"orderId", "id", HOW_SAME, NULL},
    {"orderLinkId", "client_order_id", HOW_SAME, NULL},
};
static const map_field canceled_fields[] = {{"orderId", "id", HOW_SAME, NULL}};
static const map_field fill_fields[] = {
    {"execId", "id", HOW_SAME, NULL},
    {"orderId", "order_id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"side", "side", HOW_ENUM, SIDES},
    {"isMaker", "role", HOW_ENUM, "true=maker false=taker"},
    {"execPrice", "price", HOW_SAME, NULL},
    {"execQty", "contracts|amount", HOW_SAME, NULL},
    {"execValue", "cost", HOW_SAME, NULL},
    {"execFee", "fee", HOW_SAME, NULL},
    {"feeCurrency", "fee_currency", HOW_SAME, NULL},
    {"execTime", "time_ns", HOW_MS, NULL},
};
static const map_field liquidation_fields[] = {
    {"orderId", "id", HOW_SAME, NULL},
    {"orderLinkId", "client_order_id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"side", "side", HOW_ENUM, SIDES},
    {"execPrice", "average", HOW_SAME, NULL},
    {"execQty", "contracts|amount", HOW_SAME, NULL},
    {"execQty", "filled_contracts|filled", HOW_SAME, NULL},
    {"execValue", "cost", HOW_SAME, NULL},
    {"execFee", "fee", HOW_SAME, NULL},
    {"feeCurrency", "fee_currency", HOW_SAME, NULL},
    {"execTime", "created_ns", HOW_MS, NULL},
};
static const map_field transfer_fields[] = {
    {"transferId", "id", HOW_SAME, NULL},
    {"coin", "currency", HOW_SAME, NULL},
    {"amount", "amount", HOW_SAME, NULL},
    {"timestamp", "time_ns", HOW_MS, NULL},
    {"status", "status", HOW_ENUM, "SUCCESS=ok PENDING=pending FAILED=failed"},
};
static const map_field address_fields[] = {
    {"addressDeposit", "address", HOW_SAME, NULL},
    {"tagDeposit", "tag", HOW_SAME, NULL},
    {"chain", "network", HOW_ENUM, NETWORKS},
};
static const map_field transaction_fields[] = {
    {"withdrawId", "id", HOW_SAME, NULL},
    {"coin", "currency", HOW_SAME, NULL},
    {"chain", "network", HOW_ENUM, NETWORKS},
    {"amount", "amount", HOW_SAME, NULL},
    {"txID", "transaction_hash", HOW_SAME, NULL},
    {"toAddress", "address", HOW_SAME, NULL},
    {"tag", "tag", HOW_SAME, NULL},
    {"withdrawFee", "fee", HOW_SAME, NULL},
    {"createTime", "time_ns|created_ns", HOW_MS, NULL},
    {"status", "status", HOW_ENUM, "success=ok BlockchainConfirmed=ok Pending=pending"},
};
static const map_field created_fields[] = {{"id", "id", HOW_SAME, NULL}};
static const map_field loan_fields[] = {
    {"coin", "currency", HOW_SAME, NULL},
    {"amount", "amount", HOW_SAME, NULL},
};
static const map_field interest_paid_fields[] = {
    {"currency", "currency", HOW_SAME, NULL},
    {"createdTime", "time_ns", HOW_MS, NULL},
    {"borrowCost", "interest", HOW_SAME, NULL},
    {"hourlyBorrowRate", "rate", HOW_SAME, NULL},
    {"InterestBearingBorrowSize", "principal", HOW_SAME, NULL},
};
static const map_field limit_fields[] = {
    {"maxLoan", "limit|available|borrow_limit", HOW_SAME, NULL},
    {"currency", "currency", HOW_SAME, NULL},
};

/* Sizes in units of the base are computed where the numbers are of contracts. */
#define SIZES "amount filled remaining contracts filled_contracts cost contract_size"

static const map_family families[] = {
    FAMILY(SERVER_TIME, "*", no_fields, ""),
    FAMILY_OF_ANY(SYSTEM_STATUS, "*", no_fields, ""),
    FAMILY(MARKET, "*", market_fields, "contract_size cost_step strike"),
    FAMILY(CURRENCY, "*", currency_fields, "step"),
    FAMILY(TICKER, "*", ticker_fields, "percent change base_volume bid_amount ask_amount open"),
    FAMILY(FUNDING_RATE, "*/instruments-info", interval_fields, ""),
    FAMILY_BACK(FUNDING_RATE, "*/history", past_funding_fields, ""),
    FAMILY(FUNDING_RATE, "*", funding_fields, ""),
    FAMILY(ORDER_BOOK, "*", book_fields, ""),
    FAMILY(TRADE, "*", trade_fields, SIZES),
    FAMILY_BACK(CANDLE, "*price-kline", price_candle_fields, ""),
    FAMILY_BACK(CANDLE, "*", candle_fields, "volume"),
    FAMILY_BACK(OPEN_INTEREST, "*", interest_fields, ""),
    FAMILY(LEVERAGE_TIER, "*", tier_fields, "notional_min"),
    FAMILY_IN(BALANCE, "*", "coin balance", balance_fields, "free net"),
    FAMILY(POSITION, "*", position_fields, SIZES),
    FAMILY(LEVERAGE, "*", leverage_fields, ""),
    FAMILY_OF_ANY(ACCOUNT_INFO, "*", no_fields, ""),
    FAMILY(ORDER, "*/execution/list", liquidation_fields, ""),
    FAMILY_OF_ANY(ORDER, "*/position/*", no_fields, ""),
    FAMILY(ORDER, "*/cancel-all", placed_fields, ""),
    FAMILY(ORDER, "*/create*", placed_fields, "amount contracts price"),
    FAMILY(ORDER, "*/cancel-batch", canceled_fields, ""),
    FAMILY(ORDER, "*/cancel*", placed_fields, ""),
    FAMILY(ORDER, "*/amend*", placed_fields, "amount price"),
    FAMILY(ORDER, "*", order_fields, SIZES " fee"),
    FAMILY_OF_ANY(LEDGER_ENTRY, "*/execution/list", no_fields, ""),
    FAMILY(FILL, "*", fill_fields, SIZES),
    FAMILY(FEE, "*", fee_fields, ""),
    FAMILY(LEDGER_ENTRY, "*", ledger_fields, ""),
    FAMILY(PERMISSIONS, "*", permission_fields, ""),
    FAMILY_OF_ANY(RECEIPT, "*", no_fields, ""),
    FAMILY(TRANSFER, "*/inter-transfer", transfer_fields, "amount"),
    FAMILY(TRANSFER, "*", transfer_fields, ""),
    FAMILY(LOAN, "*/repay", no_fields, "amount"),
    FAMILY(LOAN, "*", loan_fields, ""),
    FAMILY(BORROW_INTEREST, "*", interest_paid_fields, ""),
    FAMILY(DEPOSIT_ADDRESS, "*", address_fields, ""),
    FAMILY(TRANSACTION, "*/withdraw/create", created_fields, "amount"),
    FAMILY(TRANSACTION, "*", transaction_fields, ""),
    FAMILY(BORROW_RATE, "*", limit_fields, ""),
};

/* --- Errors --- */

#define UNKNOWN "unknown"

static const map_error errors[] = {
    {"bybit", "10001", "sign params", "auth", NULL},
    {"bybit", "10001", NULL, "bad_request bad_symbol", NULL},
    {"bybit", "5004", NULL, "fate_unknown unavailable", UNKNOWN},
    {"bybit", "3200300", NULL, "insufficient_funds", NULL},
    {"bybit", "10003", NULL, "auth", NULL},
    {"bybit", "10016", NULL, "unavailable fate_unknown", UNKNOWN},
    {"bybit", "10032", NULL, "unsupported permission refused", NULL},
    {"bybit", "110007", NULL, "insufficient_funds", NULL},
    {"bybit", "12201", NULL, "invalid_order bad_request", NULL},
    {"bybit", "131001", NULL, "insufficient_funds", NULL},
    {"bybit", "170209", NULL, "location", NULL},
    {"bybit", "170372", NULL, "invalid_order", NULL},
    {"bybit", "3100116", NULL, "invalid_order bad_request", NULL},
    {"bybit", "3100198", NULL, "invalid_order bad_request", NULL},
    {"bybit", "7001", NULL, "bad_request", NULL},
};

#define MAP(name_, product_, category_, listed_)    \
  const map_exchange map_bybit_##name_ = {          \
      .id = "bybit",                                \
      .name = "bybit",                              \
      .product = product_,                          \
      .families = families,                         \
      .family_count = COUNT(families),              \
      .errors = errors,                             \
      .error_count = COUNT(errors),                 \
      .symbol_of = symbol_of,                       \
      .instruments = "/v5/market/instruments-info", \
      .instrument_id = "symbol",                    \
      .instrument_base = "baseCoin",                \
      .unwrap = unwrap,                             \
      .refusal = refusal,                           \
      .refusal_text = refusal_text,                 \
      .error_status = 200,                          \
      .is_wanted = is_wanted,                       \
      .with_instrument = with_instrument,           \
      .listed = listed_,                            \
      .market = "symbol",                           \
      .currency = currency,                         \
      .takes = takes_##name_,                       \
      .list = LIST_OF(category_),                   \
  }

MAP(spot, BOURSE_PRODUCT_SPOT, "spot", "BTCUSDT");
MAP(linear, BOURSE_PRODUCT_LINEAR, "linear", "BTCUSDT");
MAP(inverse, BOURSE_PRODUCT_INVERSE, "inverse", "BTCUSD");
MAP(option, BOURSE_PRODUCT_OPTION, "option", "BTC-26DEC30-100000-C");
