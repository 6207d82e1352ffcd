/* coinbase_map.c - Coinbase's native fields and where they belong, written from its documentation and from the payloads. Numbers
 * are strings; sums stand alone or beside their currency. */
#include <string.h>

#include "recordings/recordings.h"

#define COUNT(array_) (uint32_t)(sizeof(array_) / sizeof((array_)[0]))
#define FAMILY(kind_, path_, lists_, wraps_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, lists_, wraps_, fields_, COUNT(fields_), derived_, 0 }

#define SIDES  "BUY=buy SELL=sell"
#define TAKERS "BUY=sell SELL=buy"

/* --- Names --- */

static const char *currency(pool *p, const char *code) {
  (void)p;
  return strcmp(code, "CGLD") == 0 ? "CELO" : code;
}

static const char *symbol_of(pool *p, const json *instrument) {
  const char *id = json_text_of(instrument, "product_id"), *base = json_text_of(instrument, "base_currency_id"),
             *quote = json_text_of(instrument, "quote_currency_id");
  const json *future = json_get(instrument, "future_product_details");
  const char *day = json_text_of(future, "contract_expiry"), *root = json_text_of(future, "contract_root_unit");
  if (json_is(instrument, "product_type", "FUTURE"))
    return json_text_of(future, "funding_interval") != NULL
               ? pool_format(p, "%s/%s:%s", root, quote, quote)
               : pool_format(p, "%s/%s:%s-%.2s%.2s%.2s", root, quote, quote, day + 2, day + 5, day + 8);
  return base == NULL || quote == NULL ? id : pool_format(p, "%s/%s", currency(p, base), currency(p, quote));
}

/* A list with one market more: an id is its currencies, or the contract that it is. */
static char *with_instrument(pool *p, const char *list, size_t length, const char *id) {
  const char *begin = strchr(list, '['), *dash = strchr(id, '-');
  int future = strstr(id, "-CDE") != NULL;
  const char *base = dash == NULL || future ? id : pool_copy(p, id, (size_t)(dash - id));
  const char *quote = dash == NULL || future ? "USD" : dash + 1;
  if (begin == NULL) return pool_copy(p, list, length);
  const char *details =
      future ? pool_format(p,
                           ",\"future_product_details\":{\"contract_size\":\"0.01\",\"contract_root_unit\":\"%s\","
                           "\"contract_expiry\":\"2030-12-20T16:00:00Z\",\"funding_interval\":\"3600s\"}",
                           id)
             : "";
  return pool_format(p,
                     "%.*s{\"product_id\":\"%s\",\"base_currency_id\":\"%s\",\"quote_currency_id\":\"%s\","
                     "\"product_type\":\"%s\",\"base_increment\":\"%s\",\"price_increment\":\"0.01\"%s},%s",
                     (int)(begin + 1 - list), list, id, future ? "" : base, quote, future ? "FUTURE" : "SPOT",
                     future ? "1" : "0.00000001", details, begin + 1);
}

/* --- Which items become records --- */

static int is_future(const json *item) {
  return json_is(item, "product_type", "FUTURE") && !json_is(item, "product_venue", "INTX");
}

static int is_negative(const json *item) {
  const char *amount = json_text_of(json_get(item, "amount"), "amount");
  return amount != NULL && amount[0] == '-';
}

static int is_wanted(int32_t operation, const json *item) {
  const json *future = json_get(item, "future_product_details");
  int sent =
      json_is(item, "type", "send") || json_is(item, "resource", "deposit") || json_is(item, "resource", "withdrawal");
  switch (operation) {
    case BOURSE_OP_FETCH_MARKETS:
    case BOURSE_OP_FETCH_TICKERS: return json_is(item, "product_type", "SPOT") || is_future(item);
    case BOURSE_OP_FETCH_FUNDING_RATES: return is_future(item) && json_text_of(future, "funding_interval") != NULL;
    case BOURSE_OP_FETCH_OPEN_INTEREST: return is_future(item) && json_text_of(future, "open_interest") != NULL;
    case BOURSE_OP_FETCH_DEPOSITS: return sent && !is_negative(item);
    case BOURSE_OP_FETCH_WITHDRAWALS: return sent && (is_negative(item) || json_is(item, "resource", "withdrawal"));
    default: return 1;
  }
}

/* --- Refusals --- */

static int is_told(const char *text) { return text != NULL && *text != '\0' && strncmp(text, "UNKNOWN_", 8) != 0; }

static const char *refusal(const json *body) {
  static const char *const names[] = {"edit_failure_reason", "new_order_failure_reason", "preview_failure_reason",
                                      "error", "id"};
  const json *errors = json_get(body, "errors"), *response = json_get(body, "error_response");
  const json *places[] = {errors != NULL && errors->kind == JSON_ARRAY ? errors->first : errors, response, body};
  const json *success = json_get(body, "success"), *results = json_get(body, "results");
  const json *only = results != NULL && results->count == 1 ? results->first : NULL;
  if (only != NULL && json_get(only, "success") != NULL && !json_is_true(json_get(only, "success")))
    return json_text_of(only, "failure_reason");
  if (json_is_true(success) || (success == NULL && errors == NULL && json_get(body, "error") == NULL)) return NULL;
  for (size_t i = 0; i < COUNT(names); i++)
    for (size_t k = 0; k < COUNT(places); k++)
      if ((places[k] != body || i == 3) && is_told(json_text_of(places[k], names[i])))
        return json_text_of(places[k], names[i]);
  return NULL;
}

static const char *refusal_text(const json *body) {
  const json *response = json_get(body, "error_response");
  const char *text = json_text_of(response != NULL ? response : body, "message");
  return text != NULL && *text != '\0' ? text : refusal(body);
}

/* --- Fields --- */

static const map_field time_fields[] = {{"epochMillis", "time_ns", HOW_MS, NULL}};
static const map_field market_fields[] = {
    {"product_id", "id", HOW_SAME, NULL},
    {"quote_currency_id", "quote", HOW_CURRENCY, NULL},
    {"price_increment", "price_tick", HOW_SAME, NULL},
    {"quote_min_size", "cost_min", HOW_SAME, NULL},
    {"quote_max_size", "cost_max", HOW_SAME, NULL},
    {"status", "status", HOW_SAME, NULL},
    {"future_product_details.contract_size", "contract_size", HOW_SAME, NULL},
};
static const map_field product_fields[] = {
    {"product_id", "id", HOW_SAME, NULL},
    {"price", "last", HOW_SAME, NULL},
    {"price_percentage_change_24h", "percent", HOW_SAME, NULL},
    {"volume_24h", "base_volume|contracts_volume", HOW_SAME, NULL},
    {"future_product_details.index_price", "index_price", HOW_SAME, NULL},
};
static const map_field funding_fields[] = {
    {"product_id", "id", HOW_SAME, NULL},
    {"future_product_details.funding_rate", "rate", HOW_SAME, NULL},
    {"future_product_details.funding_time", "time_ns", HOW_ISO, NULL},
};
static const map_field interest_fields[] = {
    {"product_id", "id", HOW_SAME, NULL},
    {"future_product_details.open_interest", "contracts", HOW_SAME, NULL},
};
static const map_field currency_fields[] = {
    {"code>id", "id", HOW_SAME, NULL},
    {"code>id", "currency", HOW_CURRENCY, NULL},
    {"name", "name", HOW_SAME, NULL},
};
static const map_field ticker_fields[] = {
    {"trades[0].price", "last", HOW_SAME, NULL},  {"trades[0].size", "last_amount", HOW_SAME, NULL},
    {"trades[0].time", "time_ns", HOW_ISO, NULL}, {"best_bid", "bid", HOW_SAME, NULL},
    {"best_ask", "ask", HOW_SAME, NULL},
};
static const map_field best_fields[] = {
    {"product_id", "id", HOW_MARKET, NULL},         {"bids[0].price", "bid", HOW_SAME, NULL},
    {"bids[0].size", "bid_amount", HOW_SAME, NULL}, {"asks[0].price", "ask", HOW_SAME, NULL},
    {"asks[0].size", "ask_amount", HOW_SAME, NULL}, {"time", "time_ns", HOW_ISO, NULL},
};
static const map_field book_fields[] = {
    {"product_id", "id", HOW_MARKET, NULL},
    {"time", "time_ns", HOW_ISO, NULL},
    {"bids", "bids", HOW_LEVELS, NULL},
    {"asks", "asks", HOW_LEVELS, NULL},
};
static const map_field trade_fields[] = {
    {"trade_id", "id", HOW_SAME, NULL}, {"price", "price", HOW_SAME, NULL}, {"size", "amount", HOW_SAME, NULL},
    {"time", "time_ns", HOW_ISO, NULL}, {"side", "side", HOW_ENUM, TAKERS},
};
static const map_field candle_fields[] = {
    {"start", "time_ns", HOW_SECONDS, NULL}, {"low", "low", HOW_SAME, NULL},     {"high", "high", HOW_SAME, NULL},
    {"open", "open", HOW_SAME, NULL},        {"close", "close", HOW_SAME, NULL}, {"volume", "volume", HOW_SAME, NULL},
};
static const map_field balance_fields[] = {
    {"currency", "currency", HOW_CURRENCY, NULL},
    {"name", "name", HOW_SAME, NULL},
    {"available_balance.value", "free", HOW_SAME, NULL},
    {"hold.value", "used", HOW_SAME, NULL},
};
static const map_field summary_fields[] = {
    {"cfm_usd_balance.value", "total", HOW_SAME, NULL},
    {"initial_margin.value", "used", HOW_SAME, NULL},
    {"available_margin.value", "free", HOW_SAME, NULL},
    {"unrealized_pnl.value", "unrealized_pnl", HOW_SAME, NULL},
};
static const map_field holding_fields[] = {
    {"asset", "currency", HOW_CURRENCY, NULL},
    {"account_uuid", "name", HOW_SAME, NULL},
    {"total_balance_crypto", "total", HOW_SAME, NULL},
};
static const map_field wallet_fields[] = {
    {"uuid", "id", HOW_SAME, NULL},
    {"name", "name", HOW_SAME, NULL},
    {"type", "kind", HOW_SAME, NULL},
    {"currency", "currency", HOW_CURRENCY, NULL},
};
static const map_field fee_fields[] = {
    {"pricing_tier", "tier", HOW_SAME, NULL},
    {"maker_fee_rate", "maker", HOW_SAME, NULL},
    {"taker_fee_rate", "taker", HOW_SAME, NULL},
};
static const map_field position_fields[] = {
    {"product_id", "market_id", HOW_MARKET, NULL},
    {"side", "side", HOW_ENUM, "LONG=long SHORT=short"},
    {"number_of_contracts", "contracts", HOW_SAME, NULL},
    {"current_price.value>current_price", "mark_price", HOW_SAME, NULL},
    {"avg_entry_price.value>avg_entry_price", "entry_price", HOW_SAME, NULL},
    {"unrealized_pnl.value>unrealized_pnl", "unrealized_pnl", HOW_SAME, NULL},
    {"daily_realized_pnl.value>daily_realized_pnl", "realized_pnl", HOW_SAME, NULL},
    {"liquidation_price.value", "liquidation_price", HOW_SAME, NULL},
    {"leverage", "leverage", HOW_SAME, NULL},
    {"im_contribution.value", "initial_margin", HOW_SAME, NULL},
    {"mm_contribution.value", "maintenance_margin", HOW_SAME, NULL},
    {"position_notional.value", "notional", HOW_SAME, NULL},
};
static const map_field placed_fields[] = {{"order_id", "id", HOW_SAME, NULL}};
static const map_field no_fields[] = {{"@nothing", "id", HOW_SAME, NULL}};
static const map_field order_fields[] = {
    {"order_id", "id", HOW_SAME, NULL},
    {"client_order_id", "client_order_id", HOW_SAME, NULL},
    {"product_id", "market_id", HOW_MARKET, NULL},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM,
     "PENDING=pending/canceling OPEN=open/untriggered/canceling FILLED=filled CANCELLED=canceled EXPIRED=expired "
     "FAILED=rejected"},
    {"side", "side", HOW_ENUM, SIDES},
    {"order_type", "native_type", HOW_SAME, NULL},
    {"order_type", "type", HOW_ENUM, "LIMIT=limit MARKET=market STOP_LIMIT=limit BRACKET=limit"},
    {"time_in_force", "time_in_force", HOW_ENUM,
     "GOOD_UNTIL_CANCELLED=good_till_canceled IMMEDIATE_OR_CANCEL=immediate_or_cancel"},
    {"created_time", "created_ns", HOW_ISO, NULL},
    {"last_fill_time", "updated_ns", HOW_ISO, NULL},
    {"order_configuration.limit_limit_gtc.base_size", "amount", HOW_SAME, NULL},
    {"order_configuration.limit_limit_gtc.limit_price", "price", HOW_SAME, NULL},
    {"order_configuration.trigger_bracket_gtc.stop_trigger_price", "stop_loss_price", HOW_SAME, NULL},
    {"filled_size", "filled", HOW_SAME, NULL},
    {"average_filled_price", "average", HOW_ZERO, NULL},
    {"filled_value", "cost", HOW_SAME, NULL},
    {"total_fees", "fee", HOW_SAME, NULL},
    {"reject_message", "reason", HOW_SAME, NULL},
};
static const map_field fill_fields[] = {
    {"trade_id", "id", HOW_SAME, NULL},
    {"order_id", "order_id", HOW_SAME, NULL},
    {"product_id", "market_id", HOW_MARKET, NULL},
    {"trade_time", "time_ns", HOW_ISO, NULL},
    {"price", "price", HOW_SAME, NULL},
    {"size?-size_in_quote", "amount", HOW_SAME, NULL},
    {"size?size_in_quote", "cost", HOW_SAME, NULL},
    {"commission", "fee", HOW_SAME, NULL},
    {"liquidity_indicator", "role", HOW_ENUM, "MAKER=maker TAKER=taker"},
    {"side", "side", HOW_ENUM, SIDES},
};
static const map_field permission_fields[] = {
    {"can_view", "read", HOW_ENUM, "true=true false=false"},
    {"can_trade", "spot", HOW_ENUM, "true=true false=false"},
    {"can_transfer", "transfer", HOW_ENUM, "true=true false=false"},
    {"can_transfer", "withdraw", HOW_ENUM, "true=true false=false"},
    {"portfolio_uuid", "account", HOW_SAME, NULL},
};
static const map_field address_fields[] = {
    {"address", "address", HOW_SAME, NULL},
    {"destination_tag", "tag", HOW_SAME, NULL},
    {"network", "network", HOW_ENUM, "bitcoin=BTC ethereum=ERC20"},
    {"deposit_uri", "url", HOW_SAME, NULL},
};
static const map_field transaction_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM, "completed=ok pending=pending created=pending canceled=canceled"},
    {"amount.amount", "amount", HOW_SIZE, NULL},
    {"amount.currency", "currency", HOW_CURRENCY, NULL},
    {"fee.amount>network.transaction_fee.amount", "fee", HOW_SAME, NULL},
    {"network.hash", "transaction_hash", HOW_SAME, NULL},
    {"to.address", "address", HOW_SAME, NULL},
    {"created_at", "time_ns", HOW_ISO, NULL},
    {"updated_at", "updated_ns", HOW_ISO, NULL},
};
static const map_field ledger_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"type", "native_kind", HOW_SAME, NULL},
    {"amount.amount", "amount", HOW_SAME, NULL},
    {"amount.currency", "currency", HOW_CURRENCY, NULL},
    {"created_at", "time_ns", HOW_ISO, NULL},
    {"description", "text", HOW_SAME, NULL},
};

/* The replies to placing and changing repeat little of what is asked for. */
#define ASKED "price amount requested_cost"

static const map_family families[] = {
    FAMILY(SERVER_TIME, "*", "", "", time_fields, ""),
    FAMILY(MARKET, "*", "products", "", market_fields, "amount_step amount_min amount_max"),
    FAMILY(CURRENCY, "*", "data", "", currency_fields, "step"),
    FAMILY(TICKER, "*/ticker", "", "", ticker_fields, ""),
    FAMILY(TICKER, "*/best_bid_ask", "pricebooks", "", best_fields, ""),
    FAMILY(TICKER, "*", "products", "", product_fields, "base_volume"),
    FAMILY(FUNDING_RATE, "*", "products", "", funding_fields, ""),
    FAMILY(OPEN_INTEREST, "*", "products", "", interest_fields, "amount"),
    FAMILY(ORDER_BOOK, "*", "", "pricebook", book_fields, ""),
    FAMILY(TRADE, "*", "trades", "", trade_fields, "cost=price*amount"),
    FAMILY(CANDLE, "*", "candles", "", candle_fields, ""),
    FAMILY(BALANCE, "*/balance_summary", "", "balance_summary", summary_fields, "equity"),
    FAMILY(BALANCE, "*/portfolios/*", "breakdown.spot_positions", "", holding_fields, ""),
    FAMILY(BALANCE, "*", "accounts", "", balance_fields, "total"),
    FAMILY(ACCOUNT_INFO, "*", "accounts portfolios", "", wallet_fields, ""),
    FAMILY(FEE, "*", "", "fee_tier", fee_fields, ""),
    FAMILY(POSITION, "*", "positions", "position", position_fields, "amount"),
    FAMILY(ORDER, "*/batch_cancel", "results", "", no_fields, ASKED),
    FAMILY(ORDER, "*/historical/*", "orders", "order", order_fields, "remaining"),
    FAMILY(ORDER, "*", "", "success_response", placed_fields, ASKED),
    /* Of sizes in the quote currency the amounts are computed. */
    FAMILY(FILL, "*", "fills", "", fill_fields, "cost=price*amount amount"),
    {BOURSE_KIND_DEPOSIT_ADDRESS, "*/brokerage/accounts", "accounts", "", no_fields, COUNT(no_fields), "", 1},
    FAMILY(DEPOSIT_ADDRESS, "*", "data", "data", address_fields, ""),
    FAMILY(TRANSACTION, "*", "data", "data", transaction_fields, "amount"),
    FAMILY(LEDGER_ENTRY, "*", "data", "", ledger_fields, ""),
    FAMILY(PERMISSIONS, "*", "", "", permission_fields, ""),
};

static const map_error errors[] = {
    {"coinbase", "PREVIEW_INSUFFICIENT_FUND", NULL, "insufficient_funds", NULL},
    {"coinbase", "INSUFFICIENT_FUND", NULL, "insufficient_funds", NULL},
    {"coinbase", "UNKNOWN_CANCEL_ORDER", NULL, "order_not_found", NULL},
    {"coinbase", "ORDER_NOT_FOUND", NULL, "order_not_found", NULL},
    {"coinbase", "NOT_FOUND", "product_id", "bad_symbol", NULL},
    {"coinbase", "NOT_FOUND", NULL, "not_found order_not_found", NULL},
    {"coinbase", "unknown", "orderID was not found", "order_not_found", NULL},
    {"coinbase", "unknown", NULL, "bad_request", NULL},
    {"coinbase", "INVALID_ARGUMENT", NULL, "bad_request", NULL},
    {"coinbase", "INVALID_LIMIT_PRICE_POST_ONLY", NULL, "post_only", NULL},
};

const map_exchange map_coinbase = {
    .id = "coinbase",
    .name = "coinbase",
    .product = BOURSE_PRODUCT_SPOT,
    .other_product = BOURSE_PRODUCT_LINEAR,
    .families = families,
    .family_count = COUNT(families),
    .errors = errors,
    .error_count = COUNT(errors),
    .symbol_of = symbol_of,
    .instruments = "products",
    .instrument_id = "product_id",
    .instrument_base = "base_currency_id",
    .refusal = refusal,
    .refusal_text = refusal_text,
    .is_wanted = is_wanted,
    .with_instrument = with_instrument,
    .listed = "BTC-USD",
    .market = "product_id",
    .currency = currency,
    .sample =
        "{\"products\":[{\"product_id\":\"ETH-USD\",\"base_currency_id\":\"ETH\",\"quote_currency_id\":\"USD\","
        "\"product_type\":\"SPOT\",\"base_increment\":\"0.01\",\"price_increment\":\"0.01\"}]}",
};
