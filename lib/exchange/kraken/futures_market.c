/* exchange/kraken/futures_market.c - markets (instruments), and what leverage they allow.
 *
 * An id tells what a market is: PF perpetual and FF dated, both linear; PI and FI the same, inverse. Sizes are base units
 * in linear markets, and contracts of one unit of quote currency in inverse ones. */
#include <string.h>

#include "exchange/kraken/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Leverage --- */

typedef struct margin_level {
  bourse_decimal size;
  bourse_decimal initial;
  bourse_decimal maintenance;
} margin_level;

/* contracts on inverse markets, numNonContractUnits on linear ones: quote units either way. */
static const bourse_field level_fields[] = {
    BOURSE_FIELD("contracts", DECIMAL, margin_level, size),
    BOURSE_FIELD("numNonContractUnits", DECIMAL, margin_level, size),
    BOURSE_FIELD("initialMargin", DECIMAL, margin_level, initial),
    BOURSE_FIELD("maintenanceMargin", DECIMAL, margin_level, maintenance),
};
static const bourse_table level_table = BOURSE_TABLE(level_fields);

typedef struct level_list {
  margin_level *items;
  uint32_t count;
} level_list;

static int32_t read_levels(bourse_decoder *decoder, void *member) {
  level_list *list = member;
  uint32_t room = bourse_decode_count(decoder);
  list->count = 0;
  list->items = bourse_arena_alloc(decoder->arena, room * sizeof *list->items);
  if (list->items == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "marginLevels", "memory is out");
  int32_t code = bourse_decode_array_begin(decoder, "marginLevels");
  while (code == BOURSE_OK && list->count < room && bourse_decode_array_next(decoder))
    code = bourse_decode_object(decoder, &level_table, &list->items[list->count++]);
  return code != BOURSE_OK ? code : decoder->error;
}

/* --- Instruments --- */

typedef struct instrument {
  bourse_market market;
  bourse_slice id;
  bourse_slice type;
  bourse_slice base;
  bourse_slice quote;
  bourse_slice pair;
  int32_t decimals; /* of sizes; negative: thousands and the like */
  int32_t has_decimals;
  int32_t tradeable;
  level_list levels;
} instrument;

static int32_t read_decimals(bourse_decoder *decoder, void *member) {
  int32_t *decimals = member;
  decimals[1] = 1;
  return bourse_decode_value(decoder, BOURSE_AS_INT32, NULL, "contractValueTradePrecision", member);
}

#define PASS(name_) BOURSE_FIELD(name_, CHECK, instrument, market)

static const bourse_field instrument_fields[] = {
    BOURSE_FIELD_FULL("symbol", SLICE, instrument, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("pair", SLICE, instrument, pair),
    BOURSE_FIELD("base", SLICE, instrument, base),
    BOURSE_FIELD("quote", SLICE, instrument, quote),
    BOURSE_FIELD("type", SLICE, instrument, type),
    PASS("underlying"),
    FUTURES_TIME("lastTradingTime", instrument, market.expiry_ns),
    BOURSE_FIELD("tickSize", DECIMAL, instrument, market.price_tick),
    BOURSE_FIELD("contractSize", DECIMAL, instrument, market.contract_size),
    BOURSE_FIELD("tradeable", BOOL, instrument, tradeable),
    PASS("impactMidSize"),
    PASS("maxPositionSize"),
    FUTURES_TIME("openingDate", instrument, market.listed_ns),
    BOURSE_FIELD_CUSTOM("marginLevels", instrument, levels, read_levels),
    PASS("fundingRateCoefficient"),
    PASS("maxRelativeFundingRate"),
    PASS("isin"),
    BOURSE_FIELD_CUSTOM("contractValueTradePrecision", instrument, decimals, read_decimals),
    PASS("postOnly"),
    PASS("feeScheduleUid"),
    PASS("retailMarginLevels"),
    PASS("mtf"),
    PASS("tags"),
};
static const bourse_table instrument_table = BOURSE_TABLE(instrument_fields);

/* --- Names --- */

static int32_t product_of(const instrument *row) {
  if (bourse_slice_is(row->type, "futures_inverse")) return BOURSE_PRODUCT_INVERSE;
  if (bourse_slice_is(row->type, "flexible_futures") || bourse_slice_is(row->type, "futures_vanilla"))
    return BOURSE_PRODUCT_LINEAR;
  return 0; /* indexes, options, and what is new */
}

static int32_t are_digits(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (text[i] < '0' || text[i] > '9') return 0;
  return 1;
}

/* The "_YYMMDD" that ends the id of a dated future, without its bar; NULL: none. */
static const char *date_of(bourse_slice id) {
  const char *end = id.data + id.length;
  return id.length > 7 && end[-7] == '_' && are_digits(end - 6, 6) ? end - 6 : NULL;
}

/* "XBT:USD"; older lists have only the id, whose middle is base and quote: PI_XBTUSD, FI_XBTUSD_220930. */
static void find_pair(instrument *row) {
  const char *colon = row->pair.data == NULL ? NULL : memchr(row->pair.data, ':', row->pair.length);
  if (row->base.length > 0 && row->quote.length > 0) return;
  if (colon != NULL) {
    row->base = (bourse_slice){row->pair.data, (size_t)(colon - row->pair.data)};
    row->quote = (bourse_slice){colon + 1, row->pair.length - row->base.length - 1};
    return;
  }
  const char *begin = memchr(row->id.data, '_', row->id.length), *end = row->id.data + row->id.length;
  if (begin == NULL) return;
  begin++;
  const char *bar = memchr(begin, '_', (size_t)(end - begin));
  if (bar != NULL) end = bar;
  size_t length = (size_t)(end - begin), quote = 3;
  if (length > 4 && (bourse_slice_begins((bourse_slice){end - 4, 4}, "USDT") ||
                     bourse_slice_begins((bourse_slice){end - 4, 4}, "USDC")))
    quote = 4;
  if (length <= quote) return;
  row->base = (bourse_slice){begin, length - quote};
  row->quote = (bourse_slice){end - quote, quote};
}

static const char *upper_copy(bourse_arena *arena, bourse_slice text) {
  char *copy = bourse_arena_copy(arena, text.data, text.length);
  for (char *at = copy; at != NULL && *at != '\0'; at++)
    if (*at >= 'a' && *at <= 'z') *at = (char)(*at - 'a' + 'A');
  return copy;
}

static int32_t name_market(bourse_call *call, instrument *row) {
  bourse_market *market = &row->market;
  const char *date = date_of(row->id);
  market->id = upper_copy(call->arena, row->id);
  market->base = bourse__kraken_futures_currency(call, row->base);
  market->quote = bourse__kraken_futures_currency(call, row->quote);
  if (market->id == NULL || market->base == NULL || market->quote == NULL) return BOURSE_ERROR_MEMORY;
  market->settle = market->product == BOURSE_PRODUCT_INVERSE ? market->base : market->quote;
  market->perpetual = date == NULL ? BOURSE_YES : BOURSE_NO;
  if (date == NULL) market->expiry_ns = 0;
  market->symbol =
      date == NULL
          ? bourse_arena_format(call->arena, "%s/%s:%s", market->base, market->quote, market->settle)
          : bourse_arena_format(call->arena, "%s/%s:%s-%.6s", market->base, market->quote, market->settle, date);
  return market->symbol == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

/* --- Markets --- */

static void finish_market(instrument *row) {
  bourse_market *market = &row->market;
  market->active = row->tradeable;
  if (row->has_decimals) bourse_set_step(&market->amount_step, row->decimals);
  if (!PRESENT(market->contract_size)) bourse_decimal_from_int64(&market->contract_size, 1);
  market->cross_margin = BOURSE_YES;
  market->isolated_margin = market->product == BOURSE_PRODUCT_LINEAR ? BOURSE_YES : BOURSE_NO;
  market->trailing = BOURSE_YES;
  market->quote_order = market->iceberg = market->oco = BOURSE_NO;
}

/* 1 with a named market in the row; 0: it is none, or not one of this product; negative: an error. */
static int32_t read_instrument(bourse_call *call, bourse_decoder *decoder, instrument *row) {
  memset(row, 0, sizeof *row);
  int32_t code = bourse_decode_object(decoder, &instrument_table, row);
  if (code != BOURSE_OK) return code;
  row->market.product = product_of(row);
  if (row->market.product == 0) return 0;
  find_pair(row);
  if (row->base.length == 0 || row->quote.length == 0) return 0;
  if (name_market(call, row) != BOURSE_OK)
    return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "instruments", "memory is out");
  finish_market(row);
  return 1;
}

static int32_t market_row(bourse_call *call, bourse_decoder *decoder) {
  instrument row;
  int32_t code = read_instrument(call, decoder, &row);
  if (code <= 0 || (call->product != 0 && call->product != row.market.product)) return code < 0 ? code : BOURSE_OK;
  bourse_market *market = bourse_append(call, BOURSE_KIND_MARKET);
  if (market == NULL) return BOURSE_ERROR_MEMORY;
  *market = row.market;
  return BOURSE_OK;
}

FUTURES_PARSE(markets) { return bourse__kraken_futures_list(call, reply, "instruments", market_row); }

/* Each level begins where it says, and ends where the next begins. */
static int32_t append_tiers(bourse_call *call, const instrument *row) {
  bourse_decimal one;
  bourse_decimal_from_int64(&one, 1);
  for (uint32_t i = 0; i < row->levels.count; i++) {
    const margin_level *level = &row->levels.items[i];
    bourse_leverage_tier *tier = bourse_append(call, BOURSE_KIND_LEVERAGE_TIER);
    if (tier == NULL) return BOURSE_ERROR_MEMORY;
    tier->symbol = row->market.symbol;
    tier->id = row->market.id;
    tier->tier = (int32_t)i + 1;
    tier->notional_min = level->size;
    if (i + 1 < row->levels.count) tier->notional_max = level[1].size;
    tier->maintenance_rate = level->maintenance;
    if (bourse_decimal_sign(&level->initial) > 0 &&
        bourse_decimal_div(&tier->leverage_max, &one, &level->initial, 8, BOURSE_ROUND_HALF_EVEN) == BOURSE_OK)
      bourse_decimal_trim(&tier->leverage_max, &tier->leverage_max);
  }
  return BOURSE_OK;
}

static int32_t tiers_row(bourse_call *call, bourse_decoder *decoder) {
  instrument row;
  int32_t code = read_instrument(call, decoder, &row);
  if (code <= 0 || !bourse__kraken_futures_is_wanted(call, row.market.id)) return code < 0 ? code : BOURSE_OK;
  return append_tiers(call, &row);
}

FUTURES_PARSE(leverage_tiers) { return bourse__kraken_futures_list(call, reply, "instruments", tiers_row); }
