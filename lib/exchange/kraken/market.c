/* exchange/kraken/market.c - markets (AssetPairs) and currencies (Assets), and what both are called.
 *
 * A market has three names: its id ("XXBTZUSD"), which keys replies; its altname ("XBTUSD"), which orders are told with;
 * and its symbol, made from the two halves of the name that the first WebSocket had ("XBT/USD"). */
#include <string.h>

#include "exchange/kraken/kraken.h"

/* --- Names of assets --- */

/* Old assets have a class letter before their name, and some names are not the usual ones. Newer assets that begin with
 * X or Z mean it, so this is a list and no rule. The first row of a code is the id that requests want. */
static const struct {
  const char *asset;
  const char *code;
} assets[] = {
    {"XXBT", "BTC"},   {"XBT", "BTC"},   {"XXDG", "DOGE"}, {"XDG", "DOGE"},  {"XETH", "ETH"},   {"XETC", "ETC"},
    {"XLTC", "LTC"},   {"XXRP", "XRP"},  {"XXLM", "XLM"},  {"XXMR", "XMR"},  {"XZEC", "ZEC"},   {"XMLN", "MLN"},
    {"XREP", "REPV1"}, {"REP", "REPV1"}, {"REPV2", "REP"}, {"XICN", "ICN"},  {"XNMC", "NMC"},   {"XXVN", "XVN"},
    {"XDAO", "DAO"},   {"KFEE", "KFEE"}, {"FEE", "KFEE"},  {"LUNA", "LUNC"}, {"LUNA2", "LUNA"}, {"UST", "USTC"},
    {"ZUSD", "USD"},   {"ZEUR", "EUR"},  {"ZGBP", "GBP"},  {"ZJPY", "JPY"},  {"ZCAD", "CAD"},   {"ZAUD", "AUD"},
    {"ZKRW", "KRW"},
};
enum { ASSETS = sizeof assets / sizeof assets[0] };

const char *bourse__kraken_renamed(bourse_slice asset) {
  for (size_t i = 0; i < ASSETS; i++)
    if (bourse_slice_is(asset, assets[i].asset)) return assets[i].code;
  return NULL;
}

const char *bourse__kraken_currency(bourse_call *call, bourse_slice asset) {
  const char *code = bourse__kraken_renamed(asset);
  if (code != NULL) return code;
  code = bourse_arena_copy(call->arena, asset.data, asset.length);
  if (code == NULL) bourse_fail_memory(call);
  return code;
}

const char *bourse__kraken_asset(const char *currency) {
  for (size_t i = 0; currency != NULL && i < ASSETS; i++)
    if (strcmp(assets[i].code, currency) == 0) return assets[i].asset;
  return currency;
}

int32_t bourse__kraken_read_currency(bourse_decoder *decoder, void *member) {
  bourse_slice asset = {NULL, 0};
  int32_t code = bourse_decode_text(decoder, &asset);
  if (code != BOURSE_OK) return code;
  const char *currency = bourse__kraken_currency(decoder->user_data, asset);
  if (currency == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "asset", "memory is out");
  memcpy(member, &currency, sizeof currency);
  return BOURSE_OK;
}

/* --- Markets --- */

typedef struct market_row {
  bourse_market market;
  const char *wsname; /* "XBT/USD"; the slash may be escaped */
  bourse_slice base;
  bourse_slice quote;
  int32_t price_decimals;
  int32_t amount_decimals;
  int32_t cost_decimals;
  int32_t has_leverage;
} market_row;

/* 1 when the list has anything in it. */
static int32_t read_leverage(bourse_decoder *decoder, void *member) {
  int32_t *has = member;
  int32_t code = bourse_decode_array_begin(decoder, "leverage");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    *has = 1;
    bourse_json_skip(&decoder->json);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

typedef struct fee_step {
  bourse_decimal volume;
  bourse_decimal percent;
} fee_step;

static const bourse_field fee_step_fields[] = {
    BOURSE_FIELD("volume", DECIMAL, fee_step, volume),
    BOURSE_FIELD("percent", DECIMAL, fee_step, percent),
};
static const bourse_table fee_step_table = BOURSE_TABLE(fee_step_fields);

/* [[volume, percent], ...]: the first step is what everybody pays. */
static int32_t read_fees(bourse_decoder *decoder, void *member) {
  bourse_decimal *fee = member;
  int32_t code = bourse_decode_array_begin(decoder, "fees");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    fee_step step;
    memset(&step, 0, sizeof step);
    if (bourse_decimal_is_present(fee)) {
      bourse_json_skip(&decoder->json);
      continue;
    }
    code = bourse_decode_row(decoder, &fee_step_table, &step);
    if (code != BOURSE_OK || !bourse_decimal_is_present(&step.percent)) continue;
    *fee = step.percent;
    fee->exponent -= 2;
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field market_fields[] = {
    BOURSE_FIELD_MUST("altname", STRING, market_row, market.pair),
    BOURSE_FIELD("wsname", STRING, market_row, wsname),
    BOURSE_FIELD("aclass_base", CHECK, market_row, market),
    BOURSE_FIELD_FULL("base", SLICE, market_row, base, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("aclass_quote", CHECK, market_row, market),
    BOURSE_FIELD_FULL("quote", SLICE, market_row, quote, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("lot", CHECK, market_row, market),
    BOURSE_FIELD("cost_decimals", INT32, market_row, cost_decimals),
    BOURSE_FIELD("pair_decimals", INT32, market_row, price_decimals),
    BOURSE_FIELD("lot_decimals", INT32, market_row, amount_decimals),
    BOURSE_FIELD("lot_multiplier", CHECK, market_row, market),
    BOURSE_FIELD_CUSTOM("leverage_buy", market_row, has_leverage, read_leverage),
    BOURSE_FIELD_CUSTOM("leverage_sell", market_row, has_leverage, read_leverage),
    BOURSE_FIELD_CUSTOM("fees", market_row, market.taker_fee, read_fees),
    BOURSE_FIELD_CUSTOM("fees_maker", market_row, market.maker_fee, read_fees),
    BOURSE_FIELD("fee_volume_currency", CHECK, market_row, market),
    BOURSE_FIELD("margin_call", CHECK, market_row, market),
    BOURSE_FIELD("margin_stop", CHECK, market_row, market),
    BOURSE_FIELD("ordermin", DECIMAL, market_row, market.amount_min),
    BOURSE_FIELD("costmin", DECIMAL, market_row, market.cost_min),
    BOURSE_FIELD("tick_size", DECIMAL, market_row, market.price_tick),
    BOURSE_FIELD("status", STRING, market_row, market.status),
};
static const bourse_table market_table = BOURSE_TABLE(market_fields);

/* Modes in which some orders at least are taken count as trading; a word that is new does not say. */
static const bourse_name activity[] = {
    {"online", BOURSE_YES},      {"post_only", BOURSE_YES},       {"limit_only", BOURSE_YES},
    {"reduce_only", BOURSE_YES}, {"cancel_only", BOURSE_NO},      {"maintenance", BOURSE_NO},
    {"delisted", BOURSE_NO},     {"work_in_progress", BOURSE_NO}, {NULL, 0},
};

/* Base and quote by the halves of wsname, which are what the WebSocket names come from; else by the assets. */
static int32_t name_market(bourse_call *call, market_row *row) {
  bourse_market *market = &row->market;
  const char *slash = row->wsname == NULL ? NULL : strchr(row->wsname, '/');
  bourse_slice base = row->base, quote = row->quote;
  if (slash != NULL) {
    base = (bourse_slice){row->wsname, (size_t)(slash - row->wsname)};
    quote = bourse_slice_of(slash + 1);
  }
  market->base = bourse__kraken_currency(call, base);
  market->quote = bourse__kraken_currency(call, quote);
  if (market->base == NULL || market->quote == NULL) return BOURSE_ERROR_MEMORY;
  market->symbol = bourse_arena_format(call->arena, "%s/%s", market->base, market->quote);
  return market->symbol == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

/* What was traded apart from the books once; such a pair shares its symbol with the ordinary one. */
static int32_t is_dark_pool(const char *id) {
  size_t length = strlen(id);
  return length > 2 && strcmp(id + length - 2, ".d") == 0;
}

static void finish_market(market_row *row) {
  bourse_market *market = &row->market;
  const char *status = market->status;
  market->product = BOURSE_PRODUCT_SPOT;
  market->active = status == NULL ? BOURSE_YES : bourse_name_value(activity, (bourse_slice){status, strlen(status)});
  if (is_dark_pool(market->id)) market->active = BOURSE_NO;
  market->cross_margin = row->has_leverage ? BOURSE_YES : BOURSE_NO;
  market->isolated_margin = BOURSE_NO;
  if (!bourse_decimal_is_present(&market->price_tick)) bourse_set_step(&market->price_tick, row->price_decimals);
  /* Book checksums are over as many decimals as the pair has, so the tick tells them all. */
  if (row->price_decimals > -market->price_tick.exponent && row->price_decimals <= 18)
    bourse_decimal_round(&market->price_tick, &market->price_tick, row->price_decimals, BOURSE_ROUND_DOWN);
  bourse_set_step(&market->amount_step, row->amount_decimals);
  if (row->cost_decimals > 0) bourse_set_step(&market->cost_step, row->cost_decimals);
  market->quote_order = market->iceberg = market->trailing = BOURSE_YES;
  market->oco = BOURSE_NO;
  market->iceberg_parts = 15;
}

static int32_t market_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  market_row row;
  memset(&row, 0, sizeof row);
  row.price_decimals = row.amount_decimals = -1;
  int32_t code = bourse_decode_object(decoder, &market_table, &row);
  if (code != BOURSE_OK) return code;
  row.market.id = bourse_arena_copy(call->arena, key.data, key.length);
  if (row.market.id == NULL || name_market(call, &row) != BOURSE_OK)
    return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "result", "memory is out");
  finish_market(&row);
  bourse_market *market = bourse_append(call, BOURSE_KIND_MARKET);
  if (market == NULL) return BOURSE_ERROR_MEMORY;
  *market = row.market;
  return BOURSE_OK;
}

/* All products: spot first, then futures. */
PARSE(markets) {
  int32_t code = bourse__kraken_map(call, reply, market_entry);
  int32_t more = call->product == 0 && (call->adapter->products & BOURSE_FOR_FUTURES) != 0;
  return code == BOURSE_OK && more ? BOURSE_CONTINUE : code;
}

const bourse_market *bourse__kraken_market(bourse_call *call, bourse_slice id) {
  return bourse_market_by_id(call, BOURSE_PRODUCT_SPOT, id);
}

/* --- Currencies --- */

typedef struct currency_row {
  bourse_currency currency;
  bourse_slice status;
  int32_t decimals;
} currency_row;

static const bourse_field currency_fields[] = {
    BOURSE_FIELD("aclass", CHECK, currency_row, currency),
    BOURSE_FIELD_MUST("altname", STRING, currency_row, currency.name),
    BOURSE_FIELD("decimals", INT32, currency_row, decimals),
    BOURSE_FIELD("display_decimals", CHECK, currency_row, currency),
    BOURSE_FIELD("status", SLICE, currency_row, status),
};
static const bourse_table currency_table = BOURSE_TABLE(currency_fields);

static const struct {
  const char *status;
  int32_t deposit;
  int32_t withdraw;
} funding[] = {
    {"enabled", BOURSE_YES, BOURSE_YES},        {"deposit_only", BOURSE_YES, BOURSE_NO},
    {"withdrawal_only", BOURSE_NO, BOURSE_YES}, {"funding_temporarily_disabled", BOURSE_NO, BOURSE_NO},
    {"disabled", BOURSE_NO, BOURSE_NO},
};

BUILD(currencies) {
  bourse_put(call, "asset", bourse__kraken_asset(call->request->currency));
  return BOURSE_OK;
}

static int32_t currency_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  currency_row row;
  memset(&row, 0, sizeof row);
  row.decimals = -1;
  int32_t code = bourse_decode_object(decoder, &currency_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_currency *currency = bourse_append(call, BOURSE_KIND_CURRENCY);
  if (currency == NULL) return BOURSE_ERROR_MEMORY;
  *currency = row.currency;
  currency->id = bourse_arena_copy(call->arena, key.data, key.length);
  currency->currency = bourse__kraken_currency(call, key);
  if (currency->id == NULL || currency->currency == NULL)
    return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "result", "memory is out");
  bourse_set_step(&currency->step, row.decimals);
  for (size_t i = 0; i < sizeof funding / sizeof funding[0]; i++) {
    if (!bourse_slice_is(row.status, funding[i].status)) continue;
    currency->deposit = funding[i].deposit;
    currency->withdraw = funding[i].withdraw;
    currency->active = strcmp(funding[i].status, "disabled") == 0 ? BOURSE_NO : BOURSE_YES;
  }
  /* Z before the name of an old asset: money of a state. */
  if (key.length == 4 && key.data[0] == 'Z' && bourse__kraken_renamed(key) != NULL) currency->fiat = BOURSE_YES;
  return BOURSE_OK;
}

PARSE(currencies) { return bourse__kraken_map(call, reply, currency_entry); }
