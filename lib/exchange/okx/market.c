/* exchange/okx/market.c - markets (instruments), currencies, and what leverage positions may have. */
#include <string.h>

#include "exchange/okx/okx.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Names --- */

static bourse_slice until(bourse_slice text, char end) {
  const char *at = text.length == 0 ? NULL : memchr(text.data, end, text.length);
  return at == NULL ? text : (bourse_slice){text.data, (size_t)(at - text.data)};
}

/* Behind the n-th dash. */
static bourse_slice behind(bourse_slice text, uint32_t dashes) {
  for (size_t i = 0; i < text.length; i++)
    if (text.data[i] == '-' && --dashes == 0) return (bourse_slice){text.data + i + 1, text.length - i - 1};
  return (bourse_slice){text.data + text.length, 0};
}

const char *bourse__okx_family(bourse_call *call, const bourse_market *market) {
  bourse_slice id = bourse_slice_of(market->id), rest = behind(id, 2);
  size_t length = rest.length == 0 ? id.length : id.length - rest.length - 1;
  const char *family = bourse_arena_copy(call->arena, id.data, length);
  if (family == NULL) bourse_fail_memory(call);
  return family;
}

const bourse_market *bourse__okx_name(bourse_call *call, bourse_slice id, const char **symbol, const char **market_id,
                                      int32_t *code) {
  const bourse_market *market = bourse_market_by_id(call, bourse__okx_product_of(id), id);
  *code = BOURSE_OK;
  *symbol = market == NULL ? NULL : market->symbol;
  *market_id = market != NULL ? market->id : bourse_arena_copy(call->arena, id.data, id.length);
  if (*market_id == NULL) *code = bourse_fail_memory(call);
  return market;
}

int32_t bourse__okx_is_wanted(const bourse_call *call, bourse_slice id) {
  if (call->product != 0 && bourse__okx_product_of(id) != call->product) return 0;
  if (call->market == NULL && call->market_count == 0) return 1;
  const bourse_market *one = call->market;
  for (uint32_t i = 0; i < (one != NULL ? 1 : call->market_count); i++) {
    const bourse_market *market = one != NULL ? one : call->markets[i];
    if (market->id == market->symbol || bourse_slice_is(id, market->id)) return 1; /* no table was to be had */
  }
  return 0;
}

/* --- Instruments --- */

typedef struct instrument {
  bourse_market market;
  bourse_slice id;
  bourse_slice type;
  bourse_slice family;
  bourse_slice underlying;
  bourse_slice contract_type;
  bourse_slice state;
  bourse_slice side; /* C, P */
  bourse_slice code;
  bourse_decimal value;      /* of a contract, */
  bourse_decimal multiplier; /* times this */
  bourse_decimal lot;
  bourse_decimal least;
  bourse_decimal most;
  bourse_decimal most_at_market;
  bourse_decimal leverage;
} instrument;

static const bourse_field instrument_fields[] = {
    BOURSE_FIELD("baseCcy", STRING, instrument, market.base),
    BOURSE_FIELD("ctMult", DECIMAL, instrument, multiplier),
    BOURSE_FIELD("ctType", SLICE, instrument, contract_type),
    BOURSE_FIELD("ctVal", DECIMAL, instrument, value),
    BOURSE_FIELD_CUSTOM("expTime", instrument, market.expiry_ns, bourse_decode_time_ms),
    BOURSE_FIELD("instFamily", SLICE, instrument, family),
    BOURSE_FIELD_FULL("instId", SLICE, instrument, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("instIdCode", SLICE, instrument, code),
    BOURSE_FIELD_FULL("instType", SLICE, instrument, type, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("lever", DECIMAL, instrument, leverage),
    BOURSE_FIELD_CUSTOM("listTime", instrument, market.listed_ns, bourse_decode_time_ms),
    BOURSE_FIELD("lotSz", DECIMAL, instrument, lot),
    BOURSE_FIELD("maxLmtSz", DECIMAL, instrument, most),
    BOURSE_FIELD("maxMktSz", DECIMAL, instrument, most_at_market),
    BOURSE_FIELD("minSz", DECIMAL, instrument, least),
    BOURSE_FIELD("optType", SLICE, instrument, side),
    BOURSE_FIELD("quoteCcy", STRING, instrument, market.quote),
    BOURSE_FIELD("settleCcy", STRING, instrument, market.settle),
    BOURSE_FIELD("state", SLICE, instrument, state),
    BOURSE_FIELD("stk", DECIMAL, instrument, market.strike),
    BOURSE_FIELD("tickSz", DECIMAL, instrument, market.price_tick),
    BOURSE_FIELD("uly", SLICE, instrument, underlying),
};
static const bourse_table instrument_table = BOURSE_TABLE(instrument_fields);

static const bourse_name types[] = {{"SPOT", BOURSE_PRODUCT_SPOT},     {"MARGIN", BOURSE_PRODUCT_SPOT},
                                    {"SWAP", BOURSE_PRODUCT_LINEAR},   {"FUTURES", BOURSE_PRODUCT_LINEAR},
                                    {"OPTION", BOURSE_PRODUCT_OPTION}, {NULL, 0}};

/* 0: prediction contracts and what else there may be. */
static int32_t product_of(const instrument *row) {
  int32_t product = bourse_name_value(types, row->type);
  return product == BOURSE_PRODUCT_LINEAR && bourse_slice_is(row->contract_type, "inverse") ? BOURSE_PRODUCT_INVERSE
                                                                                            : product;
}

static int32_t copy(bourse_arena *arena, const char **out, bourse_slice text) {
  *out = bourse_arena_copy(arena, text.data == NULL ? "" : text.data, text.length);
  return *out != NULL;
}

/* Contracts have no base and quote of their own: those of the family, BTC-USD_UM, without what tells it apart. */
static int32_t name_market(bourse_arena *arena, instrument *row) {
  bourse_market *market = &row->market;
  if (!copy(arena, &market->id, row->id) || !copy(arena, &market->status, row->state)) return BOURSE_ERROR_MEMORY;
  if (row->code.length > 0 && !copy(arena, &market->code, row->code)) return BOURSE_ERROR_MEMORY;
  if (market->product == BOURSE_PRODUCT_SPOT) {
    market->settle = NULL;
    if (market->base == NULL || market->base[0] == '\0' || market->quote == NULL || market->quote[0] == '\0')
      return BOURSE_ERROR_BAD_REPLY;
    market->symbol = bourse_arena_format(arena, "%s/%s", market->base, market->quote);
    return market->symbol == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
  }
  bourse_slice family = row->family.length > 0 ? row->family : row->underlying.length > 0 ? row->underlying : row->id;
  bourse_slice rest = behind(row->id, 2);
  if (!copy(arena, &market->base, until(family, '-')) ||
      !copy(arena, &market->quote, until(until(behind(family, 1), '-'), '_')))
    return BOURSE_ERROR_MEMORY;
  market->perpetual = bourse_slice_is(row->type, "SWAP") ? BOURSE_YES : BOURSE_NO;
  if (market->perpetual > 0) market->expiry_ns = 0;
  if (market->settle == NULL || market->settle[0] == '\0' || market->quote[0] == '\0') return BOURSE_ERROR_BAD_REPLY;
  market->symbol = market->perpetual > 0
                       ? bourse_arena_format(arena, "%s/%s:%s", market->base, market->quote, market->settle)
                       : bourse_arena_format(arena, "%s/%s:%s-%.*s", market->base, market->quote, market->settle,
                                             (int)rest.length, rest.data);
  return market->symbol == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

/* Sizes of linear contracts in base units. */
static int32_t in_base(const bourse_market *market, bourse_decimal *out, const bourse_decimal *size) {
  if (!bourse_decimal_is_present(size)) return BOURSE_OK;
  *out = *size;
  return market->product == BOURSE_PRODUCT_LINEAR ? bourse_decimal_mul(out, size, &market->contract_size) : BOURSE_OK;
}

static int32_t finish_market(instrument *row) {
  bourse_market *market = &row->market;
  int32_t spot = market->product == BOURSE_PRODUCT_SPOT, option = market->product == BOURSE_PRODUCT_OPTION;
  bourse_decimal one;
  bourse_decimal_from_int64(&one, 1);
  if (!spot &&
      (!PRESENT(row->value) || bourse_decimal_mul(&market->contract_size, &row->value,
                                                  PRESENT(row->multiplier) ? &row->multiplier : &one) != BOURSE_OK))
    return BOURSE_ERROR_BAD_REPLY;
  if (in_base(market, &market->amount_step, &row->lot) != BOURSE_OK ||
      in_base(market, &market->amount_min, &row->least) != BOURSE_OK ||
      in_base(market, &market->amount_max, &row->most) != BOURSE_OK ||
      (!spot && in_base(market, &market->market_amount_max, &row->most_at_market) != BOURSE_OK))
    return BOURSE_ERROR_BAD_REPLY;
  market->active = bourse_slice_is(row->state, "live") ? BOURSE_YES : BOURSE_NO;
  market->cross_margin = market->isolated_margin =
      !spot || bourse_decimal_compare(&row->leverage, &one) > 0 ? BOURSE_YES : BOURSE_NO;
  if (bourse_slice_is(row->side, "C")) market->option_type = BOURSE_OPTION_CALL;
  if (bourse_slice_is(row->side, "P")) market->option_type = BOURSE_OPTION_PUT;
  market->quote_order = spot ? BOURSE_YES : BOURSE_NO;
  market->iceberg = market->trailing = market->oco = option ? BOURSE_NO : BOURSE_YES;
  return BOURSE_OK;
}

/* Those that are to be traded some day have hardly any of their members yet, and are passed over. */
static int32_t instrument_row(bourse_call *call, bourse_decoder *decoder) {
  instrument row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &instrument_table, &row);
  if (code != BOURSE_OK) return code;
  row.market.product = product_of(&row);
  if (row.market.product == 0 || (call->product != 0 && call->product != row.market.product) ||
      bourse_decimal_sign(&row.market.price_tick) <= 0 || bourse_decimal_sign(&row.lot) <= 0)
    return BOURSE_OK;
  code = name_market(call->arena, &row);
  if (code == BOURSE_OK) code = finish_market(&row);
  if (code == BOURSE_ERROR_MEMORY) return bourse_fail_memory(call);
  if (code != BOURSE_OK)
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "instId",
                              "an instrument whose currencies or size are missing");
  bourse_market *market = bourse_append(call, BOURSE_KIND_MARKET);
  if (market == NULL) return BOURSE_ERROR_MEMORY;
  *market = row.market;
  return BOURSE_OK;
}

/* --- Lists of markets --- Of all products together those of options are left out: they are asked for family by family. */

static const char *const all_types[] = {"SPOT", "FUTURES", "SWAP"};

BUILD(instruments) {
  const char *const *families = call->memory;
  if (call->product == BOURSE_PRODUCT_OPTION) {
    bourse_put(call, "instType", "OPTION");
    if (families != NULL) bourse_put(call, "instFamily", families[call->scratch[4]]);
  } else {
    bourse_put(call, "instType", call->product == 0 ? all_types[call->scratch[4] % 3] : bourse__okx_type(call));
  }
  return BOURSE_OK;
}

PARSE(instruments) {
  int32_t code = bourse__okx_rows(call, reply, instrument_row);
  int64_t count = call->product == 0                       ? 3
                  : call->product == BOURSE_PRODUCT_OPTION ? call->scratch[7]
                                                           : (int64_t)bourse__okx_list_count(call);
  if (code != BOURSE_OK || ++call->scratch[4] >= count) return code;
  return BOURSE_CONTINUE;
}

/* [["BTC-USD","ETH-USD"]] */
static int32_t families_row(bourse_call *call, bourse_decoder *decoder) {
  const char *const *families = NULL;
  uint32_t count = 0;
  if (bourse_json_kind(&decoder->json) != BOURSE_JSON_ARRAY) return instrument_row(call, decoder);
  int32_t code = bourse_decode_strings(decoder, &families, &count);
  if (code != BOURSE_OK) return code;
  call->memory = (void *)(uintptr_t)families;
  call->scratch[7] = count;
  return BOURSE_OK;
}

/* A list of markets that was kept is read here, too. */
PARSE(families) {
  call->memory = NULL;
  call->scratch[4] = call->scratch[7] = 0;
  int32_t code = bourse__okx_rows(call, reply, families_row);
  return code == BOURSE_OK && call->scratch[7] > 0 ? BOURSE_CONTINUE : code;
}

/* --- Leverage tiers --- */

typedef struct tier_row {
  bourse_leverage_tier tier;
  bourse_decimal least;
  bourse_decimal most;
} tier_row;

static const bourse_field tier_fields[] = {
    BOURSE_FIELD_FULL("tier", INT32, tier_row, tier.tier, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("minSz", DECIMAL, tier_row, least),
    BOURSE_FIELD("maxSz", DECIMAL, tier_row, most),
    BOURSE_FIELD("mmr", DECIMAL, tier_row, tier.maintenance_rate),
    BOURSE_FIELD("maxLever", DECIMAL, tier_row, tier.leverage_max),
};
static const bourse_table tier_table = BOURSE_TABLE(tier_fields);

BUILD(tiers) {
  const bourse_market *market = call->market != NULL ? call->market : call->market_count > 0 ? call->markets[0] : NULL;
  if (market == NULL || call->market_count > 1)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "symbol", "OKX tells the tiers of one market at a time");
  int32_t spot = market->product == BOURSE_PRODUCT_SPOT;
  bourse_put(call, "instType", spot ? "MARGIN" : bourse__okx_type_of(market, 0));
  bourse_put(call, "tdMode", call->margin_mode == BOURSE_MARGIN_ISOLATED ? "isolated" : "cross");
  bourse_put(call, spot ? "instId" : "instFamily", spot ? market->id : bourse__okx_family(call, market));
  return BOURSE_OK;
}

static int32_t tier_row_read(bourse_call *call, bourse_decoder *decoder) {
  tier_row row;
  memset(&row, 0, sizeof row);
  const bourse_market *market = call->market != NULL ? call->market : call->market_count > 0 ? call->markets[0] : NULL;
  int32_t code = bourse_decode_object(decoder, &tier_table, &row);
  if (code != BOURSE_OK) return code;
  if (market != NULL) {
    row.tier.symbol = market->symbol;
    row.tier.id = market->id;
    if (in_base(market, &row.tier.amount_min, &row.least) != BOURSE_OK ||
        in_base(market, &row.tier.amount_max, &row.most) != BOURSE_OK)
      return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "maxSz", "out of range");
  }
  bourse_leverage_tier *tier = bourse_append(call, BOURSE_KIND_LEVERAGE_TIER);
  if (tier == NULL) return BOURSE_ERROR_MEMORY;
  *tier = row.tier;
  return BOURSE_OK;
}

PARSE(tiers) { return bourse__okx_rows(call, reply, tier_row_read); }

/* --- Currencies: one row for each chain of each --- */

/* A chain is called by its currency and its own name: "USDT-TRC20". These have other common names. */
static const bourse_word networks[] = {
    {"BTC", "Bitcoin"},
    {"BTCLIGHTNING", "Lightning"},
    {"OP", "Optimism"},
    {"ARBITRUM", "Arbitrum One"},
    {"AVAXC", "Avalanche C-Chain"},
    {"BEP20", "BSC"},
    {"SOL", "Solana"},
    {"MATIC", "Polygon"},
    {"APT", "Aptos"},
    {"LTC", "Litecoin"},
    {"XRP", "Ripple"},
    {"DOGE", "Dogecoin"},
};

const char *bourse__okx_network_name(bourse_arena *arena, const char *currency, const char *chain) {
  size_t length = currency == NULL ? 0 : strlen(currency);
  if (chain == NULL) return NULL;
  const char *own = strncmp(chain, currency == NULL ? "" : currency, length) == 0 && chain[length] == '-'
                        ? chain + length + 1
                        : chain;
  (void)arena;
  return bourse_word_name(BOURSE_ROWS(networks), own);
}

const char *bourse__okx_chain(bourse_arena *arena, const char *currency, const char *network) {
  const char *own = bourse_word_native(BOURSE_ROWS(networks), network);
  size_t length = strlen(currency);
  if (own == NULL || (strncmp(own, currency, length) == 0 && own[length] == '-')) return own;
  return bourse_arena_format(arena, "%s-%s", currency, own);
}

typedef struct chain_row {
  bourse_network network;
  const char *currency;
  const char *name;
  const char *fee;
  bourse_decimal decimals; /* a number of them */
  bourse_decimal fee_old;
} chain_row;

static const bourse_field chain_fields[] = {
    BOURSE_FIELD("canDep", BOOL, chain_row, network.deposit),
    BOURSE_FIELD("canWd", BOOL, chain_row, network.withdraw),
    BOURSE_FIELD_FULL("ccy", STRING, chain_row, currency, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("chain", STRING, chain_row, network.id),
    BOURSE_FIELD("ctAddr", STRING, chain_row, network.contract_address),
    BOURSE_FIELD("fee", DECIMAL, chain_row, network.withdraw_fee),
    BOURSE_FIELD("mainNet", BOOL, chain_row, network.is_default),
    BOURSE_FIELD("maxWd", DECIMAL, chain_row, network.withdraw_max),
    BOURSE_FIELD("minDep", DECIMAL, chain_row, network.deposit_min),
    BOURSE_FIELD("minDepArrivalConfirm", INT32, chain_row, network.confirmations),
    BOURSE_FIELD("minFee", DECIMAL, chain_row, fee_old),
    BOURSE_FIELD("minWd", DECIMAL, chain_row, network.withdraw_min),
    BOURSE_FIELD("name", STRING, chain_row, name),
    BOURSE_FIELD("wdTickSz", DECIMAL, chain_row, decimals),
};
static const bourse_table chain_table = BOURSE_TABLE(chain_fields);

typedef struct chain_list {
  chain_row *rows;
  uint32_t count;
  uint32_t capacity;
} chain_list;

static int32_t chain_row_read(bourse_call *call, bourse_decoder *decoder) {
  chain_list *list = call->memory;
  if (list->count == list->capacity) {
    uint32_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
    chain_row *rows = bourse_arena_alloc(call->arena, capacity * sizeof *rows);
    if (rows == NULL) return bourse_fail_memory(call);
    if (list->count > 0) memcpy(rows, list->rows, list->count * sizeof *rows);
    list->rows = rows;
    list->capacity = capacity;
  }
  chain_row *row = &list->rows[list->count];
  memset(row, 0, sizeof *row);
  int32_t code = bourse_decode_object(decoder, &chain_table, row);
  if (code != BOURSE_OK) return code;
  bourse_network *network = &row->network;
  if (!PRESENT(network->withdraw_fee)) network->withdraw_fee = row->fee_old;
  if (network->contract_address != NULL && network->contract_address[0] == '\0') network->contract_address = NULL;
  int64_t decimals;
  if (bourse_decimal_to_int64(&decimals, &row->decimals) == BOURSE_OK && decimals >= 0)
    bourse_set_step(&network->withdraw_step, decimals);
  network->network = network->name = bourse__okx_network_name(call->arena, row->currency, network->id);
  list->count++;
  return BOURSE_OK;
}

static int32_t append_currency(bourse_call *call, const chain_list *list, uint32_t first) {
  const chain_row *head = &list->rows[first];
  uint32_t count = 0;
  bourse_currency *currency = bourse_append(call, BOURSE_KIND_CURRENCY);
  if (currency == NULL) return BOURSE_ERROR_MEMORY;
  for (uint32_t i = first; i < list->count; i++) count += strcmp(list->rows[i].currency, head->currency) == 0;
  bourse_network *networks_of = bourse_arena_alloc(call->arena, count * sizeof *networks_of);
  if (networks_of == NULL) return bourse_fail_memory(call);
  currency->currency = currency->id = head->currency;
  currency->name = head->name;
  currency->deposit = currency->withdraw = BOURSE_NO;
  currency->networks = networks_of;
  for (uint32_t i = first; i < list->count; i++) {
    const bourse_network *network = &list->rows[i].network;
    if (strcmp(list->rows[i].currency, head->currency) != 0) continue;
    networks_of[currency->network_count++] = *network;
    if (network->deposit > 0) currency->deposit = BOURSE_YES;
    if (network->withdraw > 0) currency->withdraw = BOURSE_YES;
    if (currency->network_count > 1 && network->is_default <= 0) continue;
    currency->withdraw_fee = network->withdraw_fee;
    currency->withdraw_min = network->withdraw_min;
    currency->step = network->withdraw_step;
  }
  currency->active = currency->deposit > 0 || currency->withdraw > 0 ? BOURSE_YES : BOURSE_NO;
  return BOURSE_OK;
}

BUILD(currencies) {
  bourse_put(call, "ccy", call->request->currency);
  return BOURSE_OK;
}

PARSE(currencies) {
  chain_list list = {NULL, 0, 0};
  call->memory = &list;
  int32_t code = bourse__okx_rows(call, reply, chain_row_read);
  call->memory = NULL;
  for (uint32_t i = 0; code == BOURSE_OK && i < list.count; i++) {
    uint32_t first = 0; /* chains of one currency stand together, mostly */
    if (i > 0 && strcmp(list.rows[i - 1].currency, list.rows[i].currency) == 0) continue;
    while (first < i && strcmp(list.rows[first].currency, list.rows[i].currency) != 0) first++;
    if (first == i) code = append_currency(call, &list, i);
  }
  return code;
}
