/* exchange/coinbase/market.c - markets (products) and currencies; and what the list of products tells of prices, funding and
 * open interest. Every number is a string, and "" where there is none. */
#include <string.h>

#include "exchange/coinbase/coinbase.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Names of currencies --- */

static const bourse_word currencies[] = {{"CELO", "CGLD"}};

const char *bourse__coinbase_currency(const char *native) { return bourse_word_name(BOURSE_ROWS(currencies), native); }

const char *bourse__coinbase_native(const char *currency) {
  return bourse_word_native(BOURSE_ROWS(currencies), currency);
}

int32_t bourse__coinbase_read_currency(bourse_decoder *decoder, void *member) {
  const char *native = NULL;
  int32_t code = bourse_decode_value(decoder, BOURSE_AS_STRING, NULL, "currency", &native);
  native = bourse__coinbase_currency(native);
  if (code == BOURSE_OK) memcpy(member, &native, sizeof native);
  return code;
}

/* --- Products --- */

typedef struct contract {
  bourse_decimal size;
  const char *root;
  bourse_slice funding_interval; /* "3600s"; perpetual contracts alone have one, for all are listed as expiring */
  bourse_decimal funding_rate;
  bourse_decimal open_interest;
  bourse_decimal index_price;
  bourse_decimal settlement_price;
  int64_t expiry_ns;
  int64_t funding_ns;
} contract;

static const bourse_field contract_fields[] = {
    BOURSE_FIELD_CUSTOM("contract_expiry", contract, expiry_ns, bourse__coinbase_read_time),
    BOURSE_FIELD("contract_size", DECIMAL, contract, size),
    BOURSE_FIELD("contract_root_unit", STRING, contract, root),
    BOURSE_FIELD("funding_interval", SLICE, contract, funding_interval),
    BOURSE_FIELD("open_interest", DECIMAL, contract, open_interest),
    BOURSE_FIELD("funding_rate", DECIMAL, contract, funding_rate),
    BOURSE_FIELD_CUSTOM("funding_time", contract, funding_ns, bourse__coinbase_read_time),
    BOURSE_FIELD("settlement_price", DECIMAL, contract, settlement_price),
    BOURSE_FIELD("index_price", DECIMAL, contract, index_price),
};
static const bourse_table contract_table = BOURSE_TABLE(contract_fields);

typedef struct product_row {
  bourse_market market;
  bourse_ticker ticker;
  contract future;
  bourse_slice type;
  bourse_slice venue;
  const char *alias;
  bourse_decimal volume;
  bourse_decimal quote_increment;
  int32_t disabled;
  int32_t trading_disabled;
  int32_t view_only;
  int32_t cancel_only;
} product_row;

static const bourse_field product_fields[] = {
    BOURSE_FIELD_MUST("product_id", STRING, product_row, market.id),
    BOURSE_FIELD("price", DECIMAL, product_row, ticker.last),
    BOURSE_FIELD("price_percentage_change_24h", DECIMAL, product_row, ticker.percent),
    BOURSE_FIELD("volume_24h", DECIMAL, product_row, volume),
    BOURSE_FIELD("base_increment", DECIMAL, product_row, market.amount_step),
    BOURSE_FIELD("quote_increment", DECIMAL, product_row, quote_increment),
    BOURSE_FIELD("quote_min_size", DECIMAL, product_row, market.cost_min),
    BOURSE_FIELD("quote_max_size", DECIMAL, product_row, market.cost_max),
    BOURSE_FIELD("base_min_size", DECIMAL, product_row, market.amount_min),
    BOURSE_FIELD("base_max_size", DECIMAL, product_row, market.amount_max),
    BOURSE_FIELD("is_disabled", BOOL, product_row, disabled),
    BOURSE_FIELD("status", STRING, product_row, market.status),
    BOURSE_FIELD("cancel_only", BOOL, product_row, cancel_only),
    BOURSE_FIELD("trading_disabled", BOOL, product_row, trading_disabled),
    BOURSE_FIELD("product_type", SLICE, product_row, type),
    BOURSE_FIELD_CUSTOM("quote_currency_id", product_row, market.quote, bourse__coinbase_read_currency),
    BOURSE_FIELD_CUSTOM("base_currency_id", product_row, market.base, bourse__coinbase_read_currency),
    BOURSE_FIELD("alias", STRING, product_row, alias),
    BOURSE_FIELD("view_only", BOOL, product_row, view_only),
    BOURSE_FIELD("price_increment", DECIMAL, product_row, market.price_tick),
    BOURSE_FIELD("product_venue", SLICE, product_row, venue),
    BOURSE_FIELD("best_bid_price", DECIMAL, product_row, ticker.bid),
    BOURSE_FIELD("best_ask_price", DECIMAL, product_row, ticker.ask),
    BOURSE_FIELD_OBJECT("future_product_details", product_row, future, &contract_table),
};
static const bourse_table product_table = BOURSE_TABLE(product_fields);

/* Spot and futures of the US; other kinds, and perpetual contracts that have moved to another exchange, are passed over. */
static int32_t product_of(const product_row *row) {
  if (bourse_slice_is(row->type, "SPOT")) return BOURSE_PRODUCT_SPOT;
  return bourse_slice_is(row->type, "FUTURE") && !bourse_slice_is(row->venue, "INTX") ? BOURSE_PRODUCT_LINEAR : 0;
}

static int32_t is_perpetual(const product_row *row) { return row->future.funding_interval.length > 0; }

/* 1 with a row of ours, 0 for another, negative after failing. */
static int32_t read_product(bourse_decoder *decoder, product_row *row) {
  memset(row, 0, sizeof *row);
  int32_t code = bourse_decode_object(decoder, &product_table, row);
  if (code != BOURSE_OK) return code;
  row->market.product = product_of(row);
  return row->market.product != 0;
}

static int32_t memory_is_out(bourse_decoder *decoder) {
  return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "products", "memory is out");
}

/* --- Markets --- */

static int32_t is_active(const product_row *row) {
  const char *status = row->market.status;
  if (row->disabled > 0 || row->trading_disabled > 0 || row->view_only > 0 || row->cancel_only > 0) return BOURSE_NO;
  return status == NULL || status[0] == '\0' || strcmp(status, "online") == 0 ? BOURSE_YES : BOURSE_NO;
}

/* "BTC/USD:USD", or with the day of its end. */
static int32_t name_future(bourse_call *call, product_row *row) {
  bourse_market *market = &row->market;
  char day[BOURSE_TIME_TEXT_SIZE];
  market->base = bourse__coinbase_currency(row->future.root);
  market->settle = market->quote;
  market->perpetual = is_perpetual(row) ? BOURSE_YES : BOURSE_NO;
  if (market->perpetual > 0) {
    market->symbol = bourse_arena_format(call->arena, "%s/%s:%s", market->base, market->quote, market->settle);
    return market->symbol != NULL;
  }
  market->expiry_ns = row->future.expiry_ns;
  if (bourse_time_format(day, sizeof day, market->expiry_ns) != BOURSE_OK) return 0;
  market->symbol = bourse_arena_format(call->arena, "%s/%s:%s-%.2s%.2s%.2s", market->base, market->quote,
                                       market->settle, day + 2, day + 5, day + 8);
  return market->symbol != NULL;
}

static int32_t name_market(bourse_call *call, product_row *row) {
  bourse_market *market = &row->market;
  if (market->product == BOURSE_PRODUCT_LINEAR) return name_future(call, row);
  market->symbol = bourse_arena_format(call->arena, "%s/%s", market->base, market->quote);
  if (row->alias != NULL && row->alias[0] != '\0') market->pair = row->alias;
  return market->symbol != NULL;
}

static void finish_market(product_row *row) {
  bourse_market *market = &row->market;
  market->active = is_active(row);
  if (!PRESENT(market->price_tick)) market->price_tick = row->quote_increment;
  if (market->product == BOURSE_PRODUCT_SPOT) market->cost_step = row->quote_increment;
  market->contract_size = row->future.size;
  bourse_from_contracts(market, &market->amount_step, &market->amount_step);
  bourse_from_contracts(market, &market->amount_min, &market->amount_min);
  bourse_from_contracts(market, &market->amount_max, &market->amount_max);
  market->cost_min_market = BOURSE_YES;
  market->cross_margin = market->isolated_margin = BOURSE_NO;
  market->quote_order = market->product == BOURSE_PRODUCT_SPOT ? BOURSE_YES : BOURSE_NO;
  market->iceberg = market->trailing = market->oco = BOURSE_NO;
}

static int32_t market_row(bourse_call *call, bourse_decoder *decoder) {
  product_row row;
  int32_t ours = read_product(decoder, &row);
  if (ours <= 0 || (call->product != 0 && row.market.product != call->product)) return ours < 0 ? ours : BOURSE_OK;
  const char *base = row.market.product == BOURSE_PRODUCT_SPOT ? row.market.base : row.future.root;
  if (base == NULL || base[0] == '\0' || row.market.quote == NULL || row.market.quote[0] == '\0') return BOURSE_OK;
  if (row.market.product == BOURSE_PRODUCT_LINEAR && (!is_perpetual(&row) && row.future.expiry_ns == 0))
    return BOURSE_OK;
  if (!name_market(call, &row)) return memory_is_out(decoder);
  finish_market(&row);
  bourse_market *market = bourse_append(call, BOURSE_KIND_MARKET);
  if (market == NULL) return BOURSE_ERROR_MEMORY;
  *market = row.market;
  return BOURSE_OK;
}

static int32_t wants_futures(const bourse_call *call) {
  return bourse_is_futures(call) || (call->product == 0 && bourse__coinbase_second_part(call));
}

BUILD(markets) {
  bourse_put(call, "product_type", wants_futures(call) ? "FUTURE" : "SPOT");
  bourse__coinbase_put_products(call);
  return BOURSE_OK;
}

/* All products: spot first, then futures. */
PARSE(markets) {
  int32_t code = bourse_read_page(call, reply, "products", NULL, market_row, NULL);
  if (code != BOURSE_OK || call->product != 0 || bourse__coinbase_second_part(call)) return code;
  call->scratch[COINBASE_STAGE] = 1;
  return BOURSE_CONTINUE;
}

/* --- Tickers, funding, open interest --- */

static void set_names(bourse_call *call, const product_row *row, const char **symbol, const char **id) {
  const bourse_market *market = bourse__coinbase_market(call, bourse_slice_of(row->market.id));
  *symbol = market == NULL ? NULL : market->symbol;
  *id = market == NULL ? row->market.id : market->id;
}

static int32_t ticker_row(bourse_call *call, bourse_decoder *decoder) {
  product_row row;
  int32_t ours = read_product(decoder, &row);
  if (ours <= 0 || !bourse_is_wanted(call, row.market.id)) return ours < 0 ? ours : BOURSE_OK;
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  *ticker = row.ticker;
  set_names(call, &row, &ticker->symbol, &ticker->id);
  row.market.contract_size = row.future.size;
  ticker->base_volume = row.volume;
  if (row.market.product == BOURSE_PRODUCT_LINEAR) {
    ticker->contracts_volume = row.volume;
    ticker->index_price = row.future.index_price;
    bourse_from_contracts(&row.market, &ticker->base_volume, &ticker->base_volume);
  }
  return BOURSE_OK;
}

PARSE(tickers) { return bourse_read_page(call, reply, "products", NULL, ticker_row, NULL); }

BUILD(futures) {
  bourse_put(call, "product_type", "FUTURE");
  bourse__coinbase_put_products(call);
  return BOURSE_OK;
}

/* "3600s"; 0: not of this form. */
static int64_t interval_of(bourse_slice text) {
  int64_t seconds = bourse_slice_int(text);
  return seconds > 0 && seconds < 1000000 && text.data[text.length - 1] == 's' ? seconds * COINBASE_SECOND : 0;
}

/* The time told is that of the settlement before. */
static int32_t funding_row(bourse_call *call, bourse_decoder *decoder) {
  product_row row;
  int32_t ours = read_product(decoder, &row);
  if (ours <= 0) return ours;
  if (!is_perpetual(&row) || !bourse_is_wanted(call, row.market.id)) return BOURSE_OK;
  bourse_funding_rate *rate = bourse_append(call, BOURSE_KIND_FUNDING_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  set_names(call, &row, &rate->symbol, &rate->id);
  rate->time_ns = row.future.funding_ns;
  rate->interval_ns = interval_of(row.future.funding_interval);
  if (rate->time_ns != 0 && rate->interval_ns != 0) rate->next_time_ns = rate->time_ns + rate->interval_ns;
  rate->rate = row.future.funding_rate;
  rate->index_price = row.future.index_price;
  return BOURSE_OK;
}

PARSE(fundings) {
  int32_t code = bourse_read_page(call, reply, "products", NULL, funding_row, NULL);
  return code == BOURSE_OK ? bourse_read_found(call) : code;
}

static int32_t interest_row(bourse_call *call, bourse_decoder *decoder) {
  product_row row;
  int32_t ours = read_product(decoder, &row);
  if (ours <= 0) return ours;
  if (!PRESENT(row.future.open_interest) || !bourse_is_wanted(call, row.market.id)) return BOURSE_OK;
  bourse_open_interest *interest = bourse_append(call, BOURSE_KIND_OPEN_INTEREST);
  if (interest == NULL) return BOURSE_ERROR_MEMORY;
  set_names(call, &row, &interest->symbol, &interest->id);
  row.market.contract_size = row.future.size;
  interest->contracts = interest->amount = row.future.open_interest;
  bourse_from_contracts(&row.market, &interest->amount, &interest->amount);
  interest->time_ns = call->now_ns;
  return BOURSE_OK;
}

PARSE(interest) {
  int32_t code = bourse_read_page(call, reply, "products", NULL, interest_row, NULL);
  return code == BOURSE_OK ? bourse_read_found(call) : code;
}

/* --- Currencies: those of states, then the others --- */

typedef struct currency_row {
  bourse_currency currency;
  const char *code;
  int32_t exponent;
} currency_row;

static const bourse_field currency_fields[] = {
    BOURSE_FIELD("id", STRING, currency_row, currency.id),
    BOURSE_FIELD("code", STRING, currency_row, code),
    BOURSE_FIELD("name", STRING, currency_row, currency.name),
    BOURSE_FIELD("min_size", DECIMAL, currency_row, currency.step),
    BOURSE_FIELD("exponent", INT32, currency_row, exponent),
};
static const bourse_table currency_table = BOURSE_TABLE(currency_fields);

static int32_t read_currency(bourse_call *call, bourse_decoder *decoder) {
  currency_row row;
  memset(&row, 0, sizeof row);
  row.exponent = -1;
  int32_t code = bourse_decode_object(decoder, &currency_table, &row), crypto = bourse__coinbase_second_part(call);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.code != NULL || row.currency.id != NULL, "code");
  if (code != BOURSE_OK) return code;
  if (row.code != NULL) row.currency.id = row.code;
  const char *name = bourse__coinbase_currency(row.currency.id), *asked = call->request->currency;
  if (asked != NULL && strcmp(asked, name) != 0 && strcmp(asked, row.currency.id) != 0) return BOURSE_OK;
  bourse_currency *currency = bourse_append(call, BOURSE_KIND_CURRENCY);
  if (currency == NULL) return BOURSE_ERROR_MEMORY;
  *currency = row.currency;
  currency->currency = name;
  currency->fiat = crypto ? BOURSE_NO : BOURSE_YES;
  if (row.exponent >= 0 && !PRESENT(currency->step)) bourse_set_step(&currency->step, row.exponent);
  return BOURSE_OK;
}

PARSE(currencies) {
  int32_t code = bourse_read_page(call, reply, "data", NULL, read_currency, NULL);
  if (code != BOURSE_OK) return code;
  call->scratch[COINBASE_STAGE] = 1;
  return BOURSE_CONTINUE;
}

PARSE(crypto) {
  call->scratch[COINBASE_STAGE] = 1; /* a reply decoded by itself, too */
  return bourse_read_page(call, reply, "data", NULL, read_currency, NULL);
}
