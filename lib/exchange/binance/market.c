/* exchange/binance/market.c - markets (exchangeInfo) and currencies.
 *
 * Symbols are made from the assets that the list names, never by splitting the id. exchangeInfo is the longest reply
 * there is and is read in one pass; fields that are not needed stand in the tables as CHECK, in the exchange's order,
 * because a field that is expected is passed faster than one that has to be looked for. */
#include <string.h>

#include "exchange/binance/binance.h"

/* --- Filters --- */

typedef struct filter {
  bourse_slice type;
  bourse_decimal price_min;
  bourse_decimal price_max;
  bourse_decimal price_tick;
  bourse_decimal amount_min;
  bourse_decimal amount_max;
  bourse_decimal amount_step;
  bourse_decimal cost_min;
  bourse_decimal cost_max;
  int32_t applies_to_market;
  int32_t limit;
} filter;

#define PASS_IN_FILTER(name_) BOURSE_FIELD(name_, CHECK, filter, type)

static const bourse_field amount_fields[] = {
    PASS_IN_FILTER("filterType"),
    BOURSE_FIELD("minQty", DECIMAL, filter, amount_min),
    BOURSE_FIELD("maxQty", DECIMAL, filter, amount_max),
    BOURSE_FIELD("stepSize", DECIMAL, filter, amount_step),
};
static const bourse_table amount_table = BOURSE_TABLE(amount_fields);

static const bourse_field cost_fields[] = {
    PASS_IN_FILTER("filterType"),
    BOURSE_FIELD("minNotional", DECIMAL, filter, cost_min),
    BOURSE_FIELD("applyMinToMarket", BOOL, filter, applies_to_market),
    BOURSE_FIELD("maxNotional", DECIMAL, filter, cost_max),
    PASS_IN_FILTER("applyMaxToMarket"),
    PASS_IN_FILTER("avgPriceMins"),
    BOURSE_FIELD("applyToMarket", BOOL, filter, applies_to_market),
    BOURSE_FIELD("notional", DECIMAL, filter, cost_min),
};
static const bourse_table cost_table = BOURSE_TABLE(cost_fields);

static const bourse_field limit_fields[] = {PASS_IN_FILTER("filterType"), BOURSE_FIELD("limit", INT32, filter, limit)};
static const bourse_table limit_table = BOURSE_TABLE(limit_fields);

static const bourse_field filter_fields[] = {
    PASS_IN_FILTER("filterType"),
    BOURSE_FIELD("minPrice", DECIMAL, filter, price_min),
    BOURSE_FIELD("maxPrice", DECIMAL, filter, price_max),
    BOURSE_FIELD("tickSize", DECIMAL, filter, price_tick),
    BOURSE_FIELD("minQty", DECIMAL, filter, amount_min),
    BOURSE_FIELD("maxQty", DECIMAL, filter, amount_max),
    BOURSE_FIELD("stepSize", DECIMAL, filter, amount_step),
    BOURSE_FIELD("minNotional", DECIMAL, filter, cost_min),
    BOURSE_FIELD("applyMinToMarket", BOOL, filter, applies_to_market),
    BOURSE_FIELD("maxNotional", DECIMAL, filter, cost_max),
    BOURSE_FIELD("applyToMarket", BOOL, filter, applies_to_market),
    BOURSE_FIELD("notional", DECIMAL, filter, cost_min),
};
static const bourse_table filter_table = BOURSE_TABLE(filter_fields);

/* Zero switches a rule off. */
static inline void take(bourse_decimal *out, const bourse_decimal *value) {
  if ((value->low | value->high) != 0) *out = *value;
}

static void apply_price(bourse_market *market, const filter *f) {
  take(&market->price_min, &f->price_min);
  take(&market->price_max, &f->price_max);
  take(&market->price_tick, &f->price_tick);
}

static void apply_amount(bourse_market *market, const filter *f) {
  take(&market->amount_min, &f->amount_min);
  take(&market->amount_max, &f->amount_max);
  take(&market->amount_step, &f->amount_step);
}

static void apply_market_amount(bourse_market *market, const filter *f) {
  take(&market->market_amount_min, &f->amount_min);
  take(&market->market_amount_max, &f->amount_max);
  take(&market->market_amount_step, &f->amount_step);
}

static void apply_cost(bourse_market *market, const filter *f) {
  if (!bourse_decimal_is_present(&f->cost_min)) return;
  take(&market->cost_min, &f->cost_min);
  take(&market->cost_max, &f->cost_max);
  market->cost_min_market = f->applies_to_market;
}

static void apply_parts(bourse_market *market, const filter *f) { market->iceberg_parts = f->limit; }

/* The documentation shows one that has the fields of all. */
static void apply_all(bourse_market *market, const filter *f) {
  apply_price(market, f);
  apply_amount(market, f);
  apply_cost(market, f);
}

static const struct {
  const char *type;
  size_t length;
  const bourse_table *table;
  void (*apply)(bourse_market *market, const filter *f);
} filters[] = {
    {"PRICE_FILTER", 12, &filter_table, apply_all},   {"LOT_SIZE", 8, &amount_table, apply_amount},
    {"ICEBERG_PARTS", 13, &limit_table, apply_parts}, {"MARKET_LOT_SIZE", 15, &amount_table, apply_market_amount},
    {"NOTIONAL", 8, &cost_table, apply_cost},         {"MIN_NOTIONAL", 12, &cost_table, apply_cost},
};
enum { FILTERS = sizeof filters / sizeof filters[0] };

/* Index of a filter whose type does not come first, or not where it is looked for; it is read from here afterwards. */
static int32_t search(bourse_json json) {
  bourse_slice key, type;
  int32_t escaped;
  if (bourse_json_kind(&json) != BOURSE_JSON_OBJECT || !bourse_json_object_begin(&json)) return 0; /* which says so */
  while (bourse_json_object_next(&json, &key)) {
    if (!bourse_slice_is(key, "filterType") || bourse_json_kind(&json) != BOURSE_JSON_STRING) {
      bourse_json_skip(&json);
      continue;
    }
    if (!bourse_json_string(&json, &type, &escaped)) return FILTERS;
    for (int32_t i = 0; i < FILTERS; i++)
      if (bourse_slice_is(type, filters[i].type)) return i;
    return FILTERS;
  }
  return FILTERS;
}

/* Index of the filter that begins here; FILTERS: one that says nothing of what a record has. */
static int32_t look_ahead(const bourse_json *json) {
  static const char head[] = "{\"filterType\":\"";
  const char *at = json->cursor;
  if ((size_t)(json->end - at) < sizeof head + 16 || memcmp(at, head, sizeof head - 1) != 0) return search(*json);
  at += sizeof head - 1;
  for (int32_t i = 0; i < FILTERS; i++)
    if (at[filters[i].length] == '"' && memcmp(at, filters[i].type, filters[i].length) == 0) return i;
  return FILTERS;
}

/* The exchange sends a filter's type first; those that say nothing here are passed over without a closer look. */
static int32_t read_filters(bourse_decoder *decoder, void *member) {
  bourse_market *market = member;
  int32_t code = bourse_decode_array_begin(decoder, "filters");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    int32_t index = look_ahead(&decoder->json);
    if (index == FILTERS) {
      bourse_json_skip(&decoder->json);
      continue;
    }
    filter f;
    memset(&f, 0, sizeof f);
    code = bourse_decode_object(decoder, filters[index].table, &f);
    if (code == BOURSE_OK) filters[index].apply(market, &f);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

/* --- Markets --- */

typedef struct market_row {
  bourse_market market; /* first: read_filters takes the row's address */
  bourse_slice contract_type;
  bourse_slice order_types;
  int64_t delivery_ns;
  int32_t cost_decimals;
} market_row;

#define PASS(name_) BOURSE_FIELD(name_, CHECK, market_row, market)

static const bourse_field spot_fields[] = {
    BOURSE_FIELD_MUST("symbol", STRING, market_row, market.id),
    BOURSE_FIELD("status", STRING, market_row, market.status),
    BOURSE_FIELD_MUST("baseAsset", STRING, market_row, market.base),
    PASS("baseAssetPrecision"),
    BOURSE_FIELD_MUST("quoteAsset", STRING, market_row, market.quote),
    PASS("quotePrecision"),
    BOURSE_FIELD("quoteAssetPrecision", INT32, market_row, cost_decimals),
    PASS("baseCommissionPrecision"),
    PASS("quoteCommissionPrecision"),
    PASS("orderTypes"),
    BOURSE_FIELD("icebergAllowed", BOOL, market_row, market.iceberg),
    BOURSE_FIELD("ocoAllowed", BOOL, market_row, market.oco),
    PASS("otoAllowed"),
    PASS("opoAllowed"),
    BOURSE_FIELD("quoteOrderQtyMarketAllowed", BOOL, market_row, market.quote_order),
    BOURSE_FIELD("allowTrailingStop", BOOL, market_row, market.trailing),
    PASS("cancelReplaceAllowed"),
    PASS("amendAllowed"),
    PASS("pegInstructionsAllowed"),
    PASS("isSpotTradingAllowed"),
    BOURSE_FIELD("isMarginTradingAllowed", BOOL, market_row, market.cross_margin),
    BOURSE_FIELD_CUSTOM("filters", market_row, market, read_filters),
    PASS("permissions"),
    PASS("permissionSets"),
    PASS("defaultSelfTradePreventionMode"),
    PASS("allowedSelfTradePreventionModes"),
};
static const bourse_table spot_table = BOURSE_TABLE(spot_fields);

static const bourse_field futures_fields[] = {
    BOURSE_FIELD_MUST("symbol", STRING, market_row, market.id),
    BOURSE_FIELD("pair", STRING, market_row, market.pair),
    BOURSE_FIELD("contractType", SLICE, market_row, contract_type),
    BOURSE_FIELD("deliveryDate", TIME_MS, market_row, delivery_ns),
    BOURSE_FIELD("onboardDate", TIME_MS, market_row, market.listed_ns),
    BOURSE_FIELD("status", STRING, market_row, market.status),
    BOURSE_FIELD("contractStatus", STRING, market_row, market.status),
    BOURSE_FIELD("contractSize", DECIMAL, market_row, market.contract_size),
    PASS("equalQtyPrecision"),
    PASS("maintMarginPercent"),
    PASS("requiredMarginPercent"),
    BOURSE_FIELD_MUST("baseAsset", STRING, market_row, market.base),
    BOURSE_FIELD_MUST("quoteAsset", STRING, market_row, market.quote),
    BOURSE_FIELD_MUST("marginAsset", STRING, market_row, market.settle),
    PASS("pricePrecision"),
    PASS("quantityPrecision"),
    PASS("baseAssetPrecision"),
    PASS("quotePrecision"),
    PASS("underlyingType"),
    PASS("underlyingSubType"),
    PASS("triggerProtect"),
    PASS("liquidationFee"),
    PASS("marketTakeBound"),
    PASS("maxMoveOrderLimit"),
    BOURSE_FIELD_CUSTOM("filters", market_row, market, read_filters),
    BOURSE_FIELD("orderTypes", RAW, market_row, order_types),
    PASS("timeInForce"),
};
static const bourse_table futures_table = BOURSE_TABLE(futures_fields);

static int32_t are_digits(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (text[i] < '0' || text[i] > '9') return 0;
  return 1;
}

/* The "_YYMMDD" that ends the id of a dated future, without its bar; NULL: none. */
static const char *dated_suffix(const char *id) {
  size_t length = strlen(id);
  return length > 7 && id[length - 7] == '_' && are_digits(id + length - 6, 6) ? id + length - 6 : NULL;
}

/* BASE/QUOTE, BASE/QUOTE:SETTLE or BASE/QUOTE:SETTLE-YYMMDD. */
static const char *make_symbol(bourse_arena *arena, const bourse_market *market, const char *date) {
  size_t base = strlen(market->base), quote = strlen(market->quote);
  size_t settle = market->settle == NULL ? 0 : strlen(market->settle);
  char *symbol = bourse_arena_alloc(arena, base + quote + settle + 10);
  if (symbol == NULL) return NULL;
  char *at = symbol;
  memcpy(at, market->base, base);
  at += base;
  *at++ = '/';
  memcpy(at, market->quote, quote);
  at += quote;
  if (settle == 0) return symbol;
  *at++ = ':';
  memcpy(at, market->settle, settle);
  at += settle;
  if (date == NULL) return symbol;
  *at++ = '-';
  memcpy(at, date, 6);
  return symbol;
}

static int32_t endpoint_product(const bourse_call *call) {
  uint32_t products = call->endpoint->products;
  return (products & BOURSE_FOR_LINEAR) != 0    ? BOURSE_PRODUCT_LINEAR
         : (products & BOURSE_FOR_INVERSE) != 0 ? BOURSE_PRODUCT_INVERSE
                                                : BOURSE_PRODUCT_SPOT;
}

static int32_t slice_contains(bourse_slice slice, const char *text) {
  return slice.data != NULL && memmem(slice.data, slice.length, text, strlen(text)) != NULL;
}

/* One contract of USD-M is one base unit. */
static void finish_future(market_row *row, const char *date) {
  bourse_market *market = &row->market;
  market->perpetual = date == NULL ? BOURSE_YES : BOURSE_NO;
  if (date != NULL) market->expiry_ns = row->delivery_ns;
  market->cross_margin = market->isolated_margin = BOURSE_YES;
  market->trailing = slice_contains(row->order_types, "\"TRAILING_STOP_MARKET\"") ? BOURSE_YES : BOURSE_NO;
  market->quote_order = market->iceberg = market->oco = BOURSE_NO;
  if (bourse_decimal_is_present(&market->cost_min)) market->cost_min_market = BOURSE_YES;
  if (!bourse_decimal_is_present(&market->contract_size)) bourse_decimal_from_int64(&market->contract_size, 1);
}

/* Which pairs have isolated accounts is told to keys only (/sapi/v1/margin/isolated/allPairs); those of margin mostly
 * do. */
static void finish_spot(market_row *row) {
  bourse_market *market = &row->market;
  market->isolated_margin = market->cross_margin;
  if (row->cost_decimals > 0 && market->quote_order > 0) bourse_set_step(&market->cost_step, row->cost_decimals);
}

static int32_t market_row_read(bourse_call *call, bourse_decoder *decoder) {
  market_row row;
  int32_t product = endpoint_product(call);
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, product == BOURSE_PRODUCT_SPOT ? &spot_table : &futures_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_market *market = &row.market;
  const char *date = NULL;
  market->product = product;
  market->active = market->status != NULL && strcmp(market->status, "TRADING") == 0 ? BOURSE_YES : BOURSE_NO;
  if (product == BOURSE_PRODUCT_SPOT) {
    finish_spot(&row);
  } else {
    if (!slice_contains(row.contract_type, "PERPETUAL")) date = dated_suffix(market->id);
    finish_future(&row, date);
  }
  market->symbol = make_symbol(call->arena, market, date);
  bourse_market *record = market->symbol == NULL ? NULL : bourse_append(call, BOURSE_KIND_MARKET);
  if (record == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "symbols", "memory is out");
  *record = *market;
  return BOURSE_OK;
}

static int32_t read_symbols(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "symbols", market_row_read);
}

/* --- Rate limits --- */

typedef struct rate_limit {
  bourse_slice type;
  bourse_slice interval;
  int64_t count;
  int64_t limit;
} rate_limit;

static const bourse_field rate_limit_fields[] = {
    BOURSE_FIELD("rateLimitType", SLICE, rate_limit, type),
    BOURSE_FIELD("interval", SLICE, rate_limit, interval),
    BOURSE_FIELD("intervalNum", INT64, rate_limit, count),
    BOURSE_FIELD("limit", INT64, rate_limit, limit),
};
static const bourse_table rate_limit_table = BOURSE_TABLE(rate_limit_fields);

static const struct {
  const char *type;
  const char *interval;
  int64_t count;
  int64_t interval_ns;
  uint32_t spot_bucket;
  uint32_t futures_bucket;
} rate_limits[] = {
    {"REQUEST_WEIGHT", "MINUTE", 1, 60 * BINANCE_SECOND, BINANCE_SPOT_WEIGHT, BINANCE_FUTURES_WEIGHT},
    {"ORDERS", "SECOND", 10, 10 * BINANCE_SECOND, BINANCE_SPOT_ORDERS_10S, BINANCE_FUTURES_ORDERS_10S},
    {"ORDERS", "MINUTE", 1, 60 * BINANCE_SECOND, BINANCE_LIMITS, BINANCE_FUTURES_ORDERS_1M},
    {"ORDERS", "DAY", 1, BINANCE_DAY, BINANCE_SPOT_ORDERS_1D, BINANCE_LIMITS},
};

static int32_t rate_limit_row(bourse_call *call, bourse_decoder *decoder) {
  rate_limit row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &rate_limit_table, &row);
  if (code != BOURSE_OK || row.limit <= 0 || row.limit > UINT32_MAX) return code;
  for (size_t i = 0; i < sizeof rate_limits / sizeof rate_limits[0]; i++) {
    if (!bourse_slice_is(row.type, rate_limits[i].type) || !bourse_slice_is(row.interval, rate_limits[i].interval) ||
        row.count != rate_limits[i].count)
      continue;
    uint32_t bucket =
        endpoint_product(call) == BOURSE_PRODUCT_SPOT ? rate_limits[i].spot_bucket : rate_limits[i].futures_bucket;
    if (bucket != BINANCE_LIMITS) bourse_learn_limit(call, bucket, (uint32_t)row.limit, rate_limits[i].interval_ns);
  }
  return BOURSE_OK;
}

static int32_t read_rate_limits(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "rateLimits", rate_limit_row);
}

typedef struct exchange_info {
  int32_t rate_limits;
  int32_t symbols;
} exchange_info;

static const bourse_field exchange_info_fields[] = {
    BOURSE_FIELD_CUSTOM("rateLimits", exchange_info, rate_limits, read_rate_limits),
    BOURSE_FIELD_FULL("symbols", CUSTOM, exchange_info, symbols, BOURSE_FIELD_REQUIRED, NULL, read_symbols),
};
static const bourse_table exchange_info_table = BOURSE_TABLE(exchange_info_fields);

/* All products: spot, then USD-M, then COIN-M. */
PARSE(markets) {
  exchange_info ignored;
  int32_t code = bourse_read_object(call, reply, &exchange_info_table, &ignored);
  return code == BOURSE_OK && call->product == 0 && call->step < 2 ? BOURSE_CONTINUE : code;
}

/* --- Currencies --- */

static const bourse_field network_fields[] = {
    BOURSE_FIELD("network", STRING, bourse_network, id),
    BOURSE_FIELD("name", STRING, bourse_network, name),
    BOURSE_FIELD("contractAddress", STRING, bourse_network, contract_address),
    BOURSE_FIELD("depositEnable", BOOL, bourse_network, deposit),
    BOURSE_FIELD("withdrawEnable", BOOL, bourse_network, withdraw),
    BOURSE_FIELD("minConfirm", INT32, bourse_network, confirmations),
    BOURSE_FIELD("isDefault", BOOL, bourse_network, is_default),
    BOURSE_FIELD("withdrawFee", DECIMAL, bourse_network, withdraw_fee),
    BOURSE_FIELD("withdrawMin", DECIMAL, bourse_network, withdraw_min),
    BOURSE_FIELD("withdrawMax", DECIMAL, bourse_network, withdraw_max),
    BOURSE_FIELD("withdrawIntegerMultiple", DECIMAL, bourse_network, withdraw_step),
    BOURSE_FIELD("depositDust", DECIMAL, bourse_network, deposit_min),
};
static const bourse_table network_table = BOURSE_TABLE(network_fields);

typedef struct network_list {
  bourse_network *items;
  uint32_t count;
} network_list;

typedef struct currency_row {
  bourse_currency currency;
  network_list networks;
} currency_row;

static int32_t read_networks(bourse_decoder *decoder, void *member) {
  network_list *list = member;
  uint32_t room = bourse_decode_count(decoder);
  list->count = 0;
  list->items = bourse_arena_alloc(decoder->arena, room * sizeof *list->items);
  if (list->items == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "networkList", "memory is out");
  int32_t code = bourse_decode_array_begin(decoder, "networkList");
  while (code == BOURSE_OK && list->count < room && bourse_decode_array_next(decoder)) {
    bourse_network *network = &list->items[list->count++];
    code = bourse_decode_object(decoder, &network_table, network);
    network->network = bourse__binance_network_name(network->id);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field currency_fields[] = {
    BOURSE_FIELD_MUST("coin", STRING, currency_row, currency.id),
    BOURSE_FIELD("depositAllEnable", BOOL, currency_row, currency.deposit),
    BOURSE_FIELD("withdrawAllEnable", BOOL, currency_row, currency.withdraw),
    BOURSE_FIELD("name", STRING, currency_row, currency.name),
    BOURSE_FIELD("isLegalMoney", BOOL, currency_row, currency.fiat),
    BOURSE_FIELD("trading", BOOL, currency_row, currency.active),
    BOURSE_FIELD_CUSTOM("networkList", currency_row, networks, read_networks),
};
static const bourse_table currency_table = BOURSE_TABLE(currency_fields);

static int32_t currency_row_read(bourse_call *call, bourse_decoder *decoder) {
  currency_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &currency_table, &row);
  if (code != BOURSE_OK) return code;
  const char *asked = call->request->currency;
  if (asked != NULL && strcmp(asked, row.currency.id) != 0) return BOURSE_OK;
  bourse_currency *currency = bourse_append(call, BOURSE_KIND_CURRENCY);
  if (currency == NULL) return BOURSE_ERROR_MEMORY;
  *currency = row.currency;
  currency->currency = currency->id;
  currency->networks = row.networks.items;
  currency->network_count = row.networks.count;
  for (uint32_t i = 0; i < row.networks.count; i++) {
    if (row.networks.items[i].is_default <= 0) continue;
    currency->withdraw_fee = row.networks.items[i].withdraw_fee;
    currency->withdraw_min = row.networks.items[i].withdraw_min;
  }
  return BOURSE_OK;
}

PARSE(currencies) { return bourse_read_rows(call, reply, currency_row_read); }
