/* exchange/bybit/market.c - markets (instruments-info) and currencies.
 *
 * The same id names markets of several products. Spot comes in one page, contracts in several, options by underlying. Symbols
 * are made from the coins that the list names; only the strike of an option stands in its id alone. */
#include <string.h>

#include "exchange/bybit/bybit.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Markets --- */

typedef struct market_row {
  bourse_market market;
  bourse_slice contract_type;
  bourse_slice margin;
  int64_t delivery_ns;
  bourse_decimal limit_amount_max; /* spot */
} market_row;

/* Zero and "" switch a rule off. */
#define RULE(name_, member_) BOURSE_FIELD_CUSTOM(name_, market_row, market.member_, bourse_decode_nonzero)

static const bourse_field price_fields[] = {
    RULE("minPrice", price_min),
    RULE("maxPrice", price_max),
    RULE("tickSize", price_tick),
};
static const bourse_table price_table = BOURSE_TABLE(price_fields);

/* On spot the least and the largest amount have later names; what the earlier ones say is not checked. */
static const bourse_field spot_lot_fields[] = {
    RULE("basePrecision", amount_step),
    RULE("quotePrecision", cost_step),
    RULE("minOrderAmt", cost_min),
    RULE("maxLimitOrderQty", amount_max),
    RULE("maxMarketOrderQty", market_amount_max),
};
static const bourse_table spot_lot_table = BOURSE_TABLE(spot_lot_fields);

static const bourse_field lot_fields[] = {
    RULE("maxOrderQty", amount_max),           RULE("minOrderQty", amount_min),    RULE("qtyStep", amount_step),
    RULE("maxMktOrderQty", market_amount_max), RULE("minNotionalValue", cost_min),
};
static const bourse_table lot_table = BOURSE_TABLE(lot_fields);

/* Their members are the row's own. */
static int32_t read_price(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &price_table, member);
}
static int32_t read_spot_lot(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &spot_lot_table, member);
}
static int32_t read_lot(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &lot_table, member);
}

static const bourse_name option_types[] = {{"Call", BOURSE_OPTION_CALL}, {"Put", BOURSE_OPTION_PUT}, {NULL, 0}};

static const bourse_field spot_fields[] = {
    BOURSE_FIELD_MUST("symbol", STRING, market_row, market.id),
    BOURSE_FIELD_MUST("baseCoin", STRING, market_row, market.base),
    BOURSE_FIELD_MUST("quoteCoin", STRING, market_row, market.quote),
    BOURSE_FIELD("status", STRING, market_row, market.status),
    BOURSE_FIELD("marginTrading", SLICE, market_row, margin),
    BOURSE_FIELD_CUSTOM("lotSizeFilter", market_row, market, read_spot_lot),
    BOURSE_FIELD_CUSTOM("priceFilter", market_row, market, read_price),
};
static const bourse_table spot_table = BOURSE_TABLE(spot_fields);

static const bourse_field contract_fields[] = {
    BOURSE_FIELD_MUST("symbol", STRING, market_row, market.id),
    BOURSE_FIELD("contractType", SLICE, market_row, contract_type),
    BOURSE_FIELD_ENUM("optionsType", market_row, market.option_type, option_types),
    BOURSE_FIELD("status", STRING, market_row, market.status),
    BOURSE_FIELD_MUST("baseCoin", STRING, market_row, market.base),
    BOURSE_FIELD_MUST("quoteCoin", STRING, market_row, market.quote),
    BOURSE_FIELD_CUSTOM("launchTime", market_row, market.listed_ns, bourse_decode_time_ms),
    BOURSE_FIELD_CUSTOM("deliveryTime", market_row, delivery_ns, bourse_decode_time_ms),
    BOURSE_FIELD_CUSTOM("priceFilter", market_row, market, read_price),
    BOURSE_FIELD_CUSTOM("lotSizeFilter", market_row, market, read_lot),
    BOURSE_FIELD_MUST("settleCoin", STRING, market_row, market.settle),
};
static const bourse_table contract_table = BOURSE_TABLE(contract_fields);

/* YYMMDD of a time, into seven bytes. */
static void format_date(char *out, int64_t time_ns) {
  char text[BOURSE_TIME_TEXT_SIZE];
  out[0] = '\0';
  if (bourse_time_format(text, sizeof text, time_ns) != BOURSE_OK) return;
  const char digits[] = {text[2], text[3], text[5], text[6], text[8], text[9], '\0'};
  memcpy(out, digits, sizeof digits);
}

/* "BTC-27MAR26-90000-C-USDT": what stands between the second bar and the third. */
static int32_t strike_of(const char *id, bourse_slice *out) {
  const char *bar = strchr(id, '-');
  bar = bar == NULL ? NULL : strchr(bar + 1, '-');
  const char *end = bar == NULL ? NULL : strchr(bar + 1, '-');
  if (end == NULL) return 0;
  *out = (bourse_slice){bar + 1, (size_t)(end - bar - 1)};
  return 1;
}

/* BASE/QUOTE, with :SETTLE for contracts, with -YYMMDD for dated ones, with -STRIKE-C for options. */
static const char *make_symbol(bourse_arena *arena, const bourse_market *market, bourse_slice strike) {
  char date[7] = "";
  if (market->settle == NULL) return bourse_arena_format(arena, "%s/%s", market->base, market->quote);
  if (market->perpetual < 0) format_date(date, market->expiry_ns);
  if (market->product == BOURSE_PRODUCT_OPTION)
    return bourse_arena_format(arena, "%s/%s:%s-%s-%.*s-%s", market->base, market->quote, market->settle, date,
                               (int)strike.length, strike.data, market->option_type == BOURSE_OPTION_CALL ? "C" : "P");
  return bourse_arena_format(arena, "%s/%s:%s%s%s", market->base, market->quote, market->settle,
                             date[0] != '\0' ? "-" : "", date);
}

static void finish_spot(market_row *row) {
  bourse_market *market = &row->market;
  int32_t margin = bourse_slice_is(row->margin, "both") || bourse_slice_is(row->margin, "utaOnly");
  market->cross_margin = margin ? BOURSE_YES : BOURSE_NO;
  market->isolated_margin = BOURSE_NO;
  market->quote_order = BOURSE_YES;
  market->trailing = BOURSE_NO;
}

/* One contract is one unit: of the base currency, or of the quote currency on inverse markets. */
static void finish_contract(market_row *row) {
  bourse_market *market = &row->market;
  int32_t dated = market->product == BOURSE_PRODUCT_OPTION || !bourse_slice_contains(row->contract_type, "Perpetual");
  market->perpetual = dated ? BOURSE_NO : BOURSE_YES;
  if (dated) market->expiry_ns = row->delivery_ns;
  market->cross_margin = market->isolated_margin = market->product == BOURSE_PRODUCT_OPTION ? BOURSE_NO : BOURSE_YES;
  market->trailing = market->cross_margin;
  market->quote_order = BOURSE_NO;
  bourse_decimal_from_int64(&market->contract_size, 1);
}

/* The product that this step lists. */
static int32_t listed_product(const bourse_call *call) {
  static const int32_t products[] = {BOURSE_PRODUCT_SPOT, BOURSE_PRODUCT_LINEAR, BOURSE_PRODUCT_INVERSE};
  int64_t turn = call->scratch[BYBIT_SCRATCH_TURN];
  return call->product != 0 ? call->product : turn < 3 ? products[turn] : BOURSE_PRODUCT_OPTION;
}

/* The underlying whose options this step lists; NULL when all had their turn. */
static const char *listed_coin(const bourse_call *call) {
  int64_t turn = call->scratch[BYBIT_SCRATCH_TURN] - (call->product == 0 ? 3 : 0);
  return bourse__bybit_option_coin(call, turn);
}

BUILD(markets) {
  int32_t product = listed_product(call);
  bourse_put(call, "category", bourse__bybit_category(product));
  if (product == BOURSE_PRODUCT_OPTION) bourse_put(call, "baseCoin", listed_coin(call));
  if (product != BOURSE_PRODUCT_SPOT) bourse_put_int(call, "limit", 1000);
  bourse__bybit_put_cursor(call);
  return BOURSE_OK;
}

static int32_t market_row_read(bourse_call *call, bourse_decoder *decoder) {
  market_row row;
  bourse_slice strike = {"", 0};
  int32_t product = listed_product(call), spot = product == BOURSE_PRODUCT_SPOT;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, spot ? &spot_table : &contract_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_market *market = &row.market;
  market->product = product;
  market->active = market->status != NULL && strcmp(market->status, "Trading") == 0 ? BOURSE_YES : BOURSE_NO;
  market->iceberg = market->oco = BOURSE_NO;
  if (PRESENT(market->cost_min)) market->cost_min_market = BOURSE_YES;
  if (spot)
    finish_spot(&row);
  else
    finish_contract(&row);
  if (product == BOURSE_PRODUCT_OPTION &&
      (!strike_of(market->id, &strike) ||
       bourse_decimal_parse(&market->strike, strike.data, strike.length) != BOURSE_OK))
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "symbol", "an option's id without a strike");
  market->symbol = make_symbol(call->arena, market, strike);
  bourse_market *record = market->symbol == NULL ? NULL : bourse_append(call, BOURSE_KIND_MARKET);
  if (record == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "list", "memory is out");
  *record = *market;
  return BOURSE_OK;
}

PARSE(markets) {
  int32_t code = bourse__bybit_whole(call, reply, "list", market_row_read);
  if (code != BOURSE_OK) return code;
  call->scratch[BYBIT_SCRATCH_TURN]++;
  int32_t more = call->product == 0 && call->scratch[BYBIT_SCRATCH_TURN] < 3;
  if (listed_product(call) == BOURSE_PRODUCT_OPTION) more = listed_coin(call) != NULL;
  return more ? BOURSE_CONTINUE : BOURSE_OK;
}

/* --- Currencies --- */

static const bourse_word networks[] = {
    {"ERC20", "ETH"},     {"TRC20", "TRX"},   {"BEP20", "BSC"},
    {"ARBITRUM", "ARBI"}, {"AVAXC", "CAVAX"}, {"POLYGON", "MATIC"},
};

const char *bourse__bybit_network_name(const char *id) { return bourse_word_name(BOURSE_ROWS(networks), id); }
const char *bourse__bybit_network_id(const char *name) { return bourse_word_native(BOURSE_ROWS(networks), name); }

typedef struct network_row {
  bourse_network network;
  int32_t decimals;
} network_row;

static const bourse_name switches[] = {{"0", BOURSE_NO}, {"1", BOURSE_YES}, {NULL, 0}};

/* -1 is no limit. */
static int32_t read_limit(bourse_decoder *decoder, void *member) {
  bourse_decimal value;
  memset(&value, 0, sizeof value);
  int32_t code = bourse_decode_value(decoder, BOURSE_AS_DECIMAL, NULL, "limit", &value);
  if (code == BOURSE_OK && bourse_decimal_sign(&value) >= 0) memcpy(member, &value, sizeof value);
  return code;
}

static const bourse_field network_fields[] = {
    BOURSE_FIELD("chainType", STRING, network_row, network.name),
    BOURSE_FIELD("confirmation", INT32, network_row, network.confirmations),
    BOURSE_FIELD("withdrawFee", DECIMAL, network_row, network.withdraw_fee),
    BOURSE_FIELD("depositMin", DECIMAL, network_row, network.deposit_min),
    BOURSE_FIELD("withdrawMin", DECIMAL, network_row, network.withdraw_min),
    BOURSE_FIELD_MUST("chain", STRING, network_row, network.id),
    BOURSE_FIELD_ENUM("chainDeposit", network_row, network.deposit, switches),
    BOURSE_FIELD_ENUM("chainWithdraw", network_row, network.withdraw, switches),
    BOURSE_FIELD("minAccuracy", INT32, network_row, decimals),
    BOURSE_FIELD_CUSTOM("contractAddress", network_row, network.contract_address, bourse__bybit_read_text),
    BOURSE_FIELD_CUSTOM("withdrawMax", network_row, network.withdraw_max, read_limit),
};
static const bourse_table network_table = BOURSE_TABLE(network_fields);

static int32_t read_network(bourse_decoder *decoder, bourse_network *out) {
  network_row row;
  memset(&row, 0, sizeof row);
  row.decimals = -1;
  int32_t code = bourse_decode_object(decoder, &network_table, &row);
  *out = row.network;
  if (code != BOURSE_OK) return code;
  out->network = bourse__bybit_network_name(out->id);
  if (!PRESENT(out->withdraw_fee)) out->withdraw = BOURSE_NO; /* no fee is told where nothing leaves */
  if (row.decimals >= 0) bourse_set_step(&out->withdraw_step, row.decimals);
  return BOURSE_OK;
}

static int32_t read_networks(bourse_decoder *decoder, void *member) {
  bourse_currency *currency = member;
  uint32_t room = bourse_decode_count(decoder);
  bourse_network *networks_of = bourse_arena_alloc(decoder->arena, room * sizeof *networks_of);
  if (networks_of == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "chains", "memory is out");
  currency->networks = networks_of;
  int32_t code = bourse_decode_array_begin(decoder, "chains");
  while (code == BOURSE_OK && currency->network_count < room && bourse_decode_array_next(decoder))
    code = read_network(decoder, &networks_of[currency->network_count++]);
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field currency_fields[] = {
    BOURSE_FIELD("name", STRING, bourse_currency, name), BOURSE_FIELD_MUST("coin", STRING, bourse_currency, currency),
    BOURSE_FIELD_CUSTOM("chains", bourse_currency, currency, read_networks), /* takes the record's address */
};
static const bourse_table currency_table = BOURSE_TABLE(currency_fields);

BUILD(currencies) {
  bourse_put(call, "coin", call->request->currency);
  return BOURSE_OK;
}

static int32_t currency_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_currency row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &currency_table, &row);
  if (code != BOURSE_OK) return code;
  row.id = row.currency;
  row.deposit = row.withdraw = row.network_count > 0 ? BOURSE_NO : BOURSE_UNSET;
  for (uint32_t i = 0; i < row.network_count; i++) {
    if (row.networks[i].deposit > 0) row.deposit = BOURSE_YES;
    if (row.networks[i].withdraw > 0) row.withdraw = BOURSE_YES;
  }
  row.active = row.deposit == 0 ? BOURSE_UNSET : row.deposit > 0 || row.withdraw > 0 ? BOURSE_YES : BOURSE_NO;
  bourse_currency *currency = bourse_append(call, BOURSE_KIND_CURRENCY);
  if (currency == NULL) return BOURSE_ERROR_MEMORY;
  *currency = row;
  return BOURSE_OK;
}

PARSE(currencies) { return bourse__bybit_list(call, reply, "rows", currency_row_read, NULL); }
