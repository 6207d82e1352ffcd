/* exchange/kucoin/futures_market.c - contracts: markets, and what their list tells of prices, funding and open interest; what
 * leverage they allow.
 *
 * Contracts are whole numbers: of `multiplier` base units on linear markets, of one unit of quote currency on inverse ones,
 * whose multiplier is negative. */
#include <string.h>

#include "exchange/kucoin/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- A contract --- */

typedef struct contract {
  bourse_market market;
  bourse_ticker ticker;
  bourse_slice type;
  bourse_slice base;
  bourse_slice quote;
  bourse_slice settle;
  bourse_decimal lot;
  bourse_decimal order_max;
  bourse_decimal market_max;
  bourse_decimal ratio;
  bourse_decimal volume;
  bourse_decimal turnover;
  bourse_decimal funding;
  bourse_decimal interest;
  int64_t granularity_ms;
  int64_t next_ms; /* until the next settlement, or its time */
  int64_t next_at_ms;
  int32_t inverse;
  int32_t reserved;
} contract;

#define PASS(name_) BOURSE_FIELD(name_, CHECK, contract, market)

static const bourse_field contract_fields[] = {
    BOURSE_FIELD_MUST("symbol", ID, contract, market.id),
    PASS("rootSymbol"),
    BOURSE_FIELD("type", SLICE, contract, type),
    KUCOIN_TIME("firstOpenDate", contract, market.listed_ns),
    KUCOIN_TIME("expireDate", contract, market.expiry_ns),
    PASS("settleDate"),
    BOURSE_FIELD_FULL("baseCurrency", SLICE, contract, base, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_FULL("quoteCurrency", SLICE, contract, quote, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_FULL("settleCurrency", SLICE, contract, settle, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("maxOrderQty", DECIMAL, contract, order_max),
    BOURSE_FIELD("marketMaxOrderQty", DECIMAL, contract, market_max),
    BOURSE_FIELD("maxPrice", DECIMAL, contract, market.price_max),
    BOURSE_FIELD("lotSize", DECIMAL, contract, lot),
    BOURSE_FIELD("tickSize", DECIMAL, contract, market.price_tick),
    BOURSE_FIELD_MUST("multiplier", DECIMAL, contract, market.contract_size),
    BOURSE_FIELD("makerFeeRate", DECIMAL, contract, market.maker_fee),
    BOURSE_FIELD("takerFeeRate", DECIMAL, contract, market.taker_fee),
    BOURSE_FIELD("isInverse", BOOL, contract, inverse),
    BOURSE_FIELD("status", STRING, contract, market.status),
    BOURSE_FIELD("fundingFeeRate", DECIMAL, contract, funding),
    BOURSE_FIELD("fundingRateGranularity", INT64, contract, granularity_ms),
    BOURSE_FIELD("openInterest", DECIMAL, contract, interest),
    BOURSE_FIELD("turnoverOf24h", DECIMAL, contract, turnover),
    BOURSE_FIELD("volumeOf24h", DECIMAL, contract, volume),
    BOURSE_FIELD("markPrice", DECIMAL, contract, ticker.mark_price),
    BOURSE_FIELD("indexPrice", DECIMAL, contract, ticker.index_price),
    BOURSE_FIELD("lastTradePrice", DECIMAL, contract, ticker.last),
    BOURSE_FIELD("nextFundingRateTime", INT64, contract, next_ms),
    BOURSE_FIELD("nextFundingRateDateTime", INT64, contract, next_at_ms),
    BOURSE_FIELD("lowPrice", DECIMAL, contract, ticker.low),
    BOURSE_FIELD("highPrice", DECIMAL, contract, ticker.high),
    BOURSE_FIELD("priceChgPct", DECIMAL, contract, ratio),
    BOURSE_FIELD("priceChg", DECIMAL, contract, ticker.change),
    BOURSE_FIELD("supportCross", BOOL, contract, market.cross_margin),
};
static const bourse_table contract_table = BOURSE_TABLE(contract_fields);

/* "251226" of the day when it expires. */
static int32_t set_date(char *out, size_t size, int64_t expiry_ns) {
  char text[BOURSE_TIME_TEXT_SIZE];
  if (size < 7 || bourse_time_format(text, sizeof text, expiry_ns) != BOURSE_OK) return 0;
  memcpy(out, text + 2, 2);
  memcpy(out + 2, text + 5, 2);
  memcpy(out + 4, text + 8, 2);
  out[6] = '\0';
  return 1;
}

static int32_t name_market(bourse_call *call, contract *row) {
  bourse_market *market = &row->market;
  char date[8] = "";
  market->base = bourse__kucoin_currency(call->arena, row->base);
  market->quote = bourse__kucoin_currency(call->arena, row->quote);
  market->settle = bourse__kucoin_currency(call->arena, row->settle);
  if (market->base == NULL || market->quote == NULL || market->settle == NULL) return BOURSE_ERROR_MEMORY;
  market->perpetual = market->expiry_ns == 0 ? BOURSE_YES : BOURSE_NO;
  if (market->expiry_ns != 0) set_date(date, sizeof date, market->expiry_ns);
  market->symbol = bourse_arena_format(call->arena, "%s/%s:%s%s%s", market->base, market->quote, market->settle,
                                       date[0] != '\0' ? "-" : "", date);
  return market->symbol == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

/* Limits are in base units on linear markets, in contracts on inverse ones. */
static void scale(const bourse_market *market, const bourse_decimal *contracts, bourse_decimal *out) {
  if (!bourse_decimal_is_present(contracts)) return;
  if (market->product == BOURSE_PRODUCT_INVERSE)
    *out = *contracts;
  else
    bourse_from_contracts(market, contracts, out);
}

static void finish_market(contract *row) {
  bourse_market *market = &row->market;
  market->product = row->inverse > 0 ? BOURSE_PRODUCT_INVERSE : BOURSE_PRODUCT_LINEAR;
  bourse_decimal_absolute(&market->contract_size);
  scale(market, &row->lot, &market->amount_step);
  scale(market, &row->lot, &market->amount_min);
  scale(market, &row->order_max, &market->amount_max);
  scale(market, &row->market_max, &market->market_amount_max);
  market->active = market->status != NULL && strcmp(market->status, "Open") == 0 ? BOURSE_YES : BOURSE_NO;
  market->isolated_margin = market->iceberg = BOURSE_YES;
  market->quote_order = row->inverse > 0 ? BOURSE_NO : BOURSE_YES;
  market->trailing = market->oco = BOURSE_NO;
}

static int32_t read_contract(bourse_call *call, bourse_decoder *decoder, contract *row) {
  memset(row, 0, sizeof *row);
  int32_t code = bourse_decode_object(decoder, &contract_table, row);
  if (code != BOURSE_OK) return code;
  finish_market(row);
  if (name_market(call, row) != BOURSE_OK)
    return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "data", "memory is out");
  return BOURSE_OK;
}

/* --- Markets --- */

static int32_t market_row(bourse_call *call, bourse_decoder *decoder) {
  contract row;
  int32_t code = read_contract(call, decoder, &row);
  if (code != BOURSE_OK || (call->product != 0 && call->product != row.market.product)) return code;
  bourse_market *market = bourse_append(call, BOURSE_KIND_MARKET);
  if (market == NULL) return BOURSE_ERROR_MEMORY;
  *market = row.market;
  return BOURSE_OK;
}

FUTURES_PARSE(markets) { return bourse__kucoin_rows(call, reply, market_row); }

const bourse_market *bourse__kucoin_futures_market(bourse_call *call, const char *id) {
  return id == NULL ? NULL : bourse__kucoin_market(call, bourse_slice_of(id));
}

int32_t bourse__kucoin_futures_is_wanted(bourse_call *call, const char *market_id) {
  if (call->market != NULL || call->market_count > 0) return bourse_is_wanted(call, market_id);
  if (call->request->product == 0) return 1;
  const bourse_market *market = bourse__kucoin_futures_market(call, market_id);
  return market == NULL || market->product == call->request->product;
}

void bourse__kucoin_futures_cost(const bourse_market *market, const bourse_decimal *contracts,
                                 const bourse_decimal *price, bourse_decimal *cost) {
  bourse_decimal amount;
  memset(&amount, 0, sizeof amount);
  if (market != NULL && market->product == BOURSE_PRODUCT_INVERSE) {
    if (bourse_decimal_mul(cost, contracts, &market->contract_size) != BOURSE_OK) memset(cost, 0, sizeof *cost);
    return;
  }
  bourse_from_contracts(market, contracts, &amount);
  if (!PRESENT(amount) || !bourse_decimal_is_present(price)) return;
  if (bourse_decimal_mul(cost, &amount, price) != BOURSE_OK) memset(cost, 0, sizeof *cost);
}

/* --- What the list of contracts tells besides --- */

const bourse_market *bourse__kucoin_futures_only(const bourse_call *call) {
  return call->market == NULL && call->market_count == 1 ? call->markets[0] : call->market;
}

FUTURES_BUILD(one_market) {
  const bourse_market *market = bourse__kucoin_futures_only(call);
  if (market == NULL) market = bourse_need_market(call);
  return market == NULL ? BOURSE_ERROR_ARGUMENT : bourse_set_path(call, market->id, NULL, NULL);
}

static int32_t append_ticker(bourse_call *call, const contract *row) {
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  *ticker = row->ticker;
  ticker->symbol = row->market.symbol;
  ticker->id = row->market.id;
  ticker->open_interest = row->interest;
  ticker->percent = row->ratio;
  if (PRESENT(row->ratio)) ticker->percent.exponent += 2;
  if (PRESENT(ticker->last) && PRESENT(ticker->change))
    bourse_decimal_sub(&ticker->open, &ticker->last, &ticker->change);
  if (row->inverse > 0) return BOURSE_OK;
  ticker->base_volume = row->volume;
  ticker->quote_volume = row->turnover;
  return BOURSE_OK;
}

static int32_t append_rate(bourse_call *call, const contract *row) {
  if (row->market.perpetual < 0 || !PRESENT(row->funding)) return BOURSE_OK;
  bourse_funding_rate *rate = bourse_append(call, BOURSE_KIND_FUNDING_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  rate->symbol = row->market.symbol;
  rate->id = row->market.id;
  rate->rate = row->funding;
  rate->mark_price = row->ticker.mark_price;
  rate->index_price = row->ticker.index_price;
  if (row->granularity_ms > 0 && row->granularity_ms < 864000000)
    rate->interval_ns = row->granularity_ms * KUCOIN_MILLISECOND;
  if (row->next_at_ms > 0)
    rate->next_time_ns = bourse__kucoin_time_of(row->next_at_ms);
  else if (row->next_ms > 0 && row->next_ms < 864000000 && call->now_ns > 0)
    rate->next_time_ns = call->now_ns + row->next_ms * KUCOIN_MILLISECOND; /* what remains, not a time */
  return BOURSE_OK;
}

static int32_t append_interest(bourse_call *call, const contract *row) {
  bourse_open_interest *interest = bourse_append(call, BOURSE_KIND_OPEN_INTEREST);
  if (interest == NULL) return BOURSE_ERROR_MEMORY;
  interest->symbol = row->market.symbol;
  interest->id = row->market.id;
  interest->time_ns = call->now_ns;
  interest->contracts = row->interest;
  if (row->inverse > 0)
    bourse_decimal_mul(&interest->value, &row->interest, &row->market.contract_size);
  else
    bourse_from_contracts(&row->market, &row->interest, &interest->amount);
  return BOURSE_OK;
}

static int32_t contract_row(bourse_call *call, bourse_decoder *decoder) {
  contract row;
  int32_t code = read_contract(call, decoder, &row);
  if (code != BOURSE_OK || !bourse__kucoin_futures_is_wanted(call, row.market.id)) return code;
  switch (call->operation) {
    case BOURSE_OP_FETCH_FUNDING_RATES:
    case BOURSE_OP_FETCH_FUNDING_INTERVALS: return append_rate(call, &row);
    case BOURSE_OP_FETCH_OPEN_INTEREST: return append_interest(call, &row);
    default: return append_ticker(call, &row);
  }
}

FUTURES_PARSE(contracts) { return bourse__kucoin_rows(call, reply, contract_row); }

/* --- Leverage --- */

static const bourse_field tier_fields[] = {
    BOURSE_FIELD_FULL("symbol", CUSTOM, bourse_leverage_tier, symbol, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_market),
    BOURSE_FIELD("level", INT32, bourse_leverage_tier, tier),
    BOURSE_FIELD("maxRiskLimit", DECIMAL, bourse_leverage_tier, notional_max),
    BOURSE_FIELD("minRiskLimit", DECIMAL, bourse_leverage_tier, notional_min),
    BOURSE_FIELD("maxLeverage", DECIMAL, bourse_leverage_tier, leverage_max),
    BOURSE_FIELD("initialMargin", CHECK, bourse_leverage_tier, tier),
    BOURSE_FIELD("maintainMargin", DECIMAL, bourse_leverage_tier, maintenance_rate),
};
static const bourse_table tier_table = BOURSE_TABLE(tier_fields);

static int32_t tier_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_leverage_tier *tier = bourse_append(call, BOURSE_KIND_LEVERAGE_TIER);
  return tier == NULL ? BOURSE_ERROR_MEMORY : bourse_decode_object(decoder, &tier_table, tier);
}

FUTURES_PARSE(leverage_tiers) { return bourse__kucoin_rows(call, reply, tier_row); }
