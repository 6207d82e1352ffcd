/* exchange/kucoin/market.c - spot markets and currencies, and what both are called. */
#include <string.h>

#include "exchange/kucoin/kucoin.h"

/* --- Names --- */

/* Futures call bitcoin by an old name. */
const char *bourse__kucoin_currency(bourse_arena *arena, bourse_slice name) {
  return bourse_slice_is(name, "XBT") ? "BTC" : bourse_arena_copy(arena, name.data, name.length);
}

const char *bourse__kucoin_native_currency(const bourse_call *call, const char *currency) {
  return currency != NULL && bourse_is_futures(call) && strcmp(currency, "BTC") == 0 ? "XBT" : currency;
}

/* Ids of chains, and the names that they have everywhere. What is not here goes by its id; ids have
 * small letters. */
static const bourse_word networks[] = {
    {"BTC", "btc"},     {"BTCSEGWIT", "bech32"},  {"BTCLIGHTNING", "btcln"},
    {"ERC20", "eth"},   {"TRC20", "trx"},         {"BEP20", "bsc"},
    {"KCC", "kcc"},     {"SOL", "sol"},           {"TON", "ton"},
    {"TON", "ton2"},    {"OPTIMISM", "optimism"}, {"ARBONE", "arbitrum"},
    {"MATIC", "matic"}, {"AVAXC", "avaxc"},       {"BASE", "base"},
    {"XRP", "xrp"},     {"LTC", "ltc"},           {"DOGE", "doge"},
    {"ADA", "ada"},     {"DOT", "dot"},           {"ATOM", "atom"},
    {"NEAR", "near"},   {"APT", "aptos"},         {"XLM", "xlm"},
    {"EOS", "eos"},     {"ALGO", "algo"},         {"BCH", "bchn"},
    {"ETC", "etc"},
};

const char *bourse__kucoin_network_name(const char *id) { return bourse_word_name(BOURSE_ROWS(networks), id); }

const char *bourse__kucoin_network_id(const bourse_call *call, const char *name) {
  const char *id = bourse_word_native(BOURSE_ROWS(networks), name);
  if (id == NULL || id != name) return id;
  char *small = bourse_arena_copy(call->arena, name, strlen(name));
  for (char *c = small; c != NULL && *c != '\0'; c++)
    if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
  return small;
}

/* Ids of spot markets have a dash, those of futures none. */
const bourse_market *bourse__kucoin_market(bourse_call *call, bourse_slice id) {
  if (id.data == NULL) return NULL;
  if (memchr(id.data, '-', id.length) != NULL) return bourse_market_by_id(call, BOURSE_PRODUCT_SPOT, id);
  const bourse_market *market = bourse_market_by_id(call, BOURSE_PRODUCT_LINEAR, id);
  return market != NULL ? market : bourse_market_by_id(call, BOURSE_PRODUCT_INVERSE, id);
}

/* --- Markets --- */

typedef struct market_row {
  bourse_market market;
  bourse_slice base;
  bourse_slice quote;
  const char *name;
  bourse_decimal funds_min;
} market_row;

static const bourse_field market_fields[] = {
    BOURSE_FIELD_MUST("symbol", ID, market_row, market.id),
    BOURSE_FIELD("name", STRING, market_row, name),
    BOURSE_FIELD_FULL("baseCurrency", SLICE, market_row, base, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_FULL("quoteCurrency", SLICE, market_row, quote, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("feeCurrency", CHECK, market_row, market),
    BOURSE_FIELD("market", CHECK, market_row, market),
    BOURSE_FIELD("baseMinSize", DECIMAL, market_row, market.amount_min),
    BOURSE_FIELD("quoteMinSize", DECIMAL, market_row, funds_min),
    BOURSE_FIELD("baseMaxSize", DECIMAL, market_row, market.amount_max),
    BOURSE_FIELD("quoteMaxSize", DECIMAL, market_row, market.cost_max),
    BOURSE_FIELD("baseIncrement", DECIMAL, market_row, market.amount_step),
    BOURSE_FIELD("quoteIncrement", DECIMAL, market_row, market.cost_step),
    BOURSE_FIELD("priceIncrement", DECIMAL, market_row, market.price_tick),
    BOURSE_FIELD("priceLimitRate", CHECK, market_row, market),
    BOURSE_FIELD("minFunds", DECIMAL, market_row, market.cost_min),
    BOURSE_FIELD("isMarginEnabled", BOOL, market_row, market.cross_margin),
    BOURSE_FIELD("enableTrading", BOOL, market_row, market.active),
};
static const bourse_table market_table = BOURSE_TABLE(market_fields);

static int32_t market_row_read(bourse_call *call, bourse_decoder *decoder) {
  market_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &market_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_market *market = bourse_append(call, BOURSE_KIND_MARKET);
  if (market == NULL) return BOURSE_ERROR_MEMORY;
  *market = row.market;
  market->product = BOURSE_PRODUCT_SPOT;
  market->base = bourse__kucoin_currency(call->arena, row.base);
  market->quote = bourse__kucoin_currency(call->arena, row.quote);
  if (market->base == NULL || market->quote == NULL) return bourse_fail_memory(call);
  market->symbol = bourse_arena_format(call->arena, "%s/%s", market->base, market->quote);
  if (market->symbol == NULL) return bourse_fail_memory(call);
  if (row.name != NULL && strcmp(row.name, market->id) != 0) market->pair = row.name; /* renamed: ids stay */
  if (!bourse_decimal_is_present(&market->cost_min)) market->cost_min = row.funds_min;
  market->cost_min_market = market->quote_order = market->iceberg = BOURSE_YES;
  market->oco = market->trailing = BOURSE_NO;
  return BOURSE_OK;
}

/* All products: spot first, then futures. */
PARSE(markets) {
  int32_t code = bourse__kucoin_rows(call, reply, market_row_read);
  int32_t more = call->product == 0 && (call->adapter->products & BOURSE_FOR_FUTURES) != 0;
  return code == BOURSE_OK && more ? BOURSE_CONTINUE : code;
}

/* --- Currencies --- */

typedef struct chain_row {
  bourse_network network;
  int32_t decimals;
} chain_row;

static const bourse_field chain_fields[] = {
    BOURSE_FIELD("chainName", STRING, chain_row, network.name),
    BOURSE_FIELD("withdrawalMinSize", DECIMAL, chain_row, network.withdraw_min),
    BOURSE_FIELD("depositMinSize", DECIMAL, chain_row, network.deposit_min),
    BOURSE_FIELD("withdrawFeeRate", CHECK, chain_row, network),
    BOURSE_FIELD("withdrawalMinFee", DECIMAL, chain_row, network.withdraw_fee),
    BOURSE_FIELD("isWithdrawEnabled", BOOL, chain_row, network.withdraw),
    BOURSE_FIELD("isDepositEnabled", BOOL, chain_row, network.deposit),
    BOURSE_FIELD("confirms", INT32, chain_row, network.confirmations),
    BOURSE_FIELD("preConfirms", CHECK, chain_row, network),
    BOURSE_FIELD("contractAddress", STRING, chain_row, network.contract_address),
    BOURSE_FIELD("withdrawPrecision", INT32, chain_row, decimals),
    BOURSE_FIELD("maxWithdraw", DECIMAL, chain_row, network.withdraw_max),
    BOURSE_FIELD("maxDeposit", CHECK, chain_row, network),
    BOURSE_FIELD("needTag", CHECK, chain_row, network),
    BOURSE_FIELD("chainId", STRING, chain_row, network.id),
};
static const bourse_table chain_table = BOURSE_TABLE(chain_fields);

typedef struct currency_row {
  bourse_currency currency;
  bourse_network *networks;
  int32_t decimals;
  int32_t reserved;
} currency_row;

static int32_t read_chains(bourse_decoder *decoder, void *member) {
  currency_row *row = member;
  uint32_t room = bourse_decode_count(decoder);
  row->networks = bourse_arena_alloc(decoder->arena, room * sizeof *row->networks);
  if (row->networks == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "chains", "memory is out");
  int32_t code = bourse_decode_array_begin(decoder, "chains");
  while (code == BOURSE_OK && row->currency.network_count < room && bourse_decode_array_next(decoder)) {
    chain_row chain;
    memset(&chain, 0, sizeof chain);
    chain.decimals = -1;
    code = bourse_decode_object(decoder, &chain_table, &chain);
    bourse_network *network = &chain.network;
    network->network = bourse__kucoin_network_name(network->id != NULL ? network->id : network->name);
    if (network->contract_address != NULL && network->contract_address[0] == '\0') network->contract_address = NULL;
    bourse_set_step(&network->withdraw_step, chain.decimals);
    row->networks[row->currency.network_count++] = *network;
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field currency_fields[] = {
    BOURSE_FIELD_MUST("currency", ID, currency_row, currency.id),
    BOURSE_FIELD("name", CHECK, currency_row, currency),
    BOURSE_FIELD("fullName", STRING, currency_row, currency.name),
    BOURSE_FIELD("precision", INT32, currency_row, decimals),
    BOURSE_FIELD("confirms", CHECK, currency_row, currency),
    BOURSE_FIELD("contractAddress", CHECK, currency_row, currency),
    BOURSE_FIELD("isMarginEnabled", CHECK, currency_row, currency),
    BOURSE_FIELD("isDebitEnabled", CHECK, currency_row, currency),
    BOURSE_FIELD_CUSTOM("chains", currency_row, currency, read_chains),
};
static const bourse_table currency_table = BOURSE_TABLE(currency_fields);
_Static_assert(offsetof(currency_row, currency) == 0, "chains are read through the address of the row");

/* A currency can be moved when one of its networks is open. */
static void sum_up(bourse_currency *currency) {
  if (currency->network_count == 0) return;
  currency->deposit = currency->withdraw = BOURSE_NO;
  for (uint32_t i = 0; i < currency->network_count; i++) {
    if (currency->networks[i].deposit > 0) currency->deposit = BOURSE_YES;
    if (currency->networks[i].withdraw > 0) currency->withdraw = BOURSE_YES;
  }
  if (currency->network_count > 1) return;
  currency->withdraw_fee = currency->networks[0].withdraw_fee;
  currency->withdraw_min = currency->networks[0].withdraw_min;
}

static int32_t currency_row_read(bourse_call *call, bourse_decoder *decoder) {
  currency_row row;
  memset(&row, 0, sizeof row);
  row.decimals = -1;
  int32_t code = bourse_decode_object(decoder, &currency_table, &row);
  if (code != BOURSE_OK) return code;
  const char *asked = call->request->currency;
  row.currency.currency = bourse__kucoin_currency(call->arena, bourse_slice_of(row.currency.id));
  if (row.currency.currency == NULL) return bourse_fail_memory(call);
  if (asked != NULL && strcmp(asked, row.currency.currency) != 0 && strcmp(asked, row.currency.id) != 0)
    return BOURSE_OK;
  row.currency.networks = row.networks;
  bourse_set_step(&row.currency.step, row.decimals);
  sum_up(&row.currency);
  bourse_currency *currency = bourse_append(call, BOURSE_KIND_CURRENCY);
  if (currency == NULL) return BOURSE_ERROR_MEMORY;
  *currency = row.currency;
  return BOURSE_OK;
}

PARSE(currencies) { return bourse__kucoin_rows(call, reply, currency_row_read); }
