/* exchange/binance/account.c - balances, positions, leverage and modes, fees, the account's book, what a key may do. */
#include <inttypes.h>
#include <string.h>

#include "exchange/binance/binance.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Balances --- */

typedef struct balance_row {
  bourse_balance balance;
  bourse_decimal freeze;
  bourse_decimal withdrawing;
  int64_t code;
} balance_row;

/* Spot, funding and margin wallets. */
static const bourse_field balance_fields[] = {
    BOURSE_FIELD_MUST("asset", STRING, balance_row, balance.currency),
    BOURSE_FIELD("free", DECIMAL, balance_row, balance.free),
    BOURSE_FIELD("locked", DECIMAL, balance_row, balance.used),
    BOURSE_FIELD("freeze", DECIMAL, balance_row, freeze),
    BOURSE_FIELD("withdrawing", DECIMAL, balance_row, withdrawing),
    BOURSE_FIELD("borrowed", DECIMAL, balance_row, balance.borrowed),
    BOURSE_FIELD("interest", DECIMAL, balance_row, balance.interest),
    BOURSE_FIELD("netAsset", DECIMAL, balance_row, balance.net),
};
static const bourse_table balance_table = BOURSE_TABLE(balance_fields);

/* Futures: of the account. */
static const bourse_field futures_balance_fields[] = {
    BOURSE_FIELD_MUST("asset", STRING, bourse_balance, currency),
    BOURSE_FIELD("walletBalance", DECIMAL, bourse_balance, total),
    BOURSE_FIELD("unrealizedProfit", DECIMAL, bourse_balance, unrealized_pnl),
    BOURSE_FIELD("marginBalance", DECIMAL, bourse_balance, equity),
    BOURSE_FIELD("initialMargin", DECIMAL, bourse_balance, used),
    BOURSE_FIELD("availableBalance", DECIMAL, bourse_balance, free),
    BOURSE_FIELD_CUSTOM("updateTime", bourse_balance, time_ns, bourse_decode_time_ms),
};
static const bourse_table futures_balance_table = BOURSE_TABLE(futures_balance_fields);

/* Futures: of the list of balances, where the unrealized profit is that of cross positions. */
static const bourse_field short_balance_fields[] = {
    BOURSE_FIELD_MUST("asset", STRING, bourse_balance, currency),
    BOURSE_FIELD("balance", DECIMAL, bourse_balance, total),
    BOURSE_FIELD("crossUnPnl", DECIMAL, bourse_balance, unrealized_pnl),
    BOURSE_FIELD("availableBalance", DECIMAL, bourse_balance, free),
    BOURSE_FIELD_CUSTOM("updateTime", bourse_balance, time_ns, bourse_decode_time_ms),
};
static const bourse_table short_balance_table = BOURSE_TABLE(short_balance_fields);

static void add_to(bourse_decimal *sum, const bourse_decimal *value) {
  if (bourse_decimal_is_present(value)) bourse_decimal_add(sum, sum, value);
}

static int32_t is_asked_currency(const bourse_call *call, const char *currency) {
  return call->request->currency == NULL || call->request->wallet == BOURSE_WALLET_ALL ||
         strcmp(call->request->currency, currency) == 0;
}

static int32_t append_balance(bourse_call *call, const bourse_balance *balance) {
  if (!is_asked_currency(call, balance->currency)) return BOURSE_OK;
  bourse_balance *record = bourse_append(call, BOURSE_KIND_BALANCE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *balance;
  return BOURSE_OK;
}

static int32_t read_balance(bourse_decoder *decoder, int32_t wallet, bourse_balance *out) {
  balance_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &balance_table, &row);
  *out = row.balance;
  out->wallet = wallet;
  if (code != BOURSE_OK || !PRESENT(out->used)) return code;
  add_to(&out->used, &row.freeze);
  add_to(&out->used, &row.withdrawing);
  if (PRESENT(out->free)) bourse_decimal_add(&out->total, &out->free, &out->used);
  return BOURSE_OK;
}

static int32_t balance_row_of(bourse_call *call, bourse_decoder *decoder, int32_t wallet) {
  bourse_balance balance;
  int32_t code = read_balance(decoder, wallet, &balance);
  return code == BOURSE_OK ? append_balance(call, &balance) : code;
}

static int32_t spot_row(bourse_call *call, bourse_decoder *decoder) {
  return balance_row_of(call, decoder, BOURSE_WALLET_SPOT);
}
static int32_t funding_row(bourse_call *call, bourse_decoder *decoder) {
  int32_t funding = call->endpoint->variant == BINANCE_FUNDING;
  return balance_row_of(call, decoder, funding ? BOURSE_WALLET_FUNDING : BOURSE_WALLET_SPOT);
}
static int32_t cross_row(bourse_call *call, bourse_decoder *decoder) {
  return balance_row_of(call, decoder, BOURSE_WALLET_CROSS);
}

/* fetch_balance always has one record: a currency that is not listed is a balance of zero. */
static int32_t at_least_one(bourse_call *call, int32_t code, int32_t wallet) {
  if (code != BOURSE_OK || call->operation != BOURSE_OP_FETCH_BALANCE || bourse_appended(call) > 0) return code;
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  balance->currency = call->request->currency;
  balance->wallet = wallet;
  bourse_decimal_from_int64(&balance->total, 0);
  balance->free = balance->used = balance->total;
  return BOURSE_OK;
}

static int32_t read_spot_list(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "balances", spot_row);
}
static int32_t read_cross_list(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "userAssets", cross_row);
}

static const bourse_field spot_account_fields[] = {
    BOURSE_FIELD_CUSTOM("updateTime", bourse_balance, time_ns, bourse_decode_time_ms),
    BOURSE_FIELD_FULL("balances", CUSTOM, bourse_balance, reserved, BOURSE_FIELD_REQUIRED, NULL, read_spot_list),
};
static const bourse_table spot_account_table = BOURSE_TABLE(spot_account_fields);

static const bourse_field cross_account_fields[] = {
    BOURSE_FIELD_FULL("userAssets", CUSTOM, bourse_balance, reserved, BOURSE_FIELD_REQUIRED, NULL, read_cross_list)};
static const bourse_table cross_account_table = BOURSE_TABLE(cross_account_fields);

PARSE(spot_balances) {
  bourse_balance account;
  memset(&account, 0, sizeof account);
  if (bourse_is_array(reply)) return at_least_one(call, bourse_read_rows(call, reply, spot_row), BOURSE_WALLET_SPOT);
  int32_t code = bourse_read_object(call, reply, &spot_account_table, &account);
  for (uint32_t i = 0; i < bourse_appended(call); i++)
    ((bourse_balance *)bourse_appended_at(call, i))->time_ns = account.time_ns;
  return at_least_one(call, code, BOURSE_WALLET_SPOT);
}

PARSE(funding_balances) {
  int32_t funding = call->endpoint->variant == BINANCE_FUNDING;
  return at_least_one(call, bourse_read_rows(call, reply, funding_row),
                      funding ? BOURSE_WALLET_FUNDING : BOURSE_WALLET_SPOT);
}

PARSE(cross_balances) {
  bourse_balance ignored;
  return at_least_one(call, bourse_read_object(call, reply, &cross_account_table, &ignored), BOURSE_WALLET_CROSS);
}

/* An isolated account holds the two currencies of its market. */
typedef struct isolated_row {
  const char *symbol[2];
  bourse_balance base;
  bourse_balance quote;
} isolated_row;

static int32_t read_isolated_asset(bourse_decoder *decoder, void *member) {
  return read_balance(decoder, BOURSE_WALLET_ISOLATED, member);
}

static const bourse_field isolated_fields[] = {
    BOURSE_FIELD_CUSTOM("baseAsset", isolated_row, base, read_isolated_asset),
    BOURSE_FIELD_CUSTOM("quoteAsset", isolated_row, quote, read_isolated_asset),
    BOURSE_FIELD_CUSTOM("symbol", isolated_row, symbol, bourse_decode_spot_market),
};
static const bourse_table isolated_table = BOURSE_TABLE(isolated_fields);

static int32_t isolated_row_read(bourse_call *call, bourse_decoder *decoder) {
  isolated_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &isolated_table, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.symbol[1])) return code;
  row.base.symbol = row.quote.symbol = row.symbol[0] != NULL ? row.symbol[0] : row.symbol[1];
  if (row.base.currency != NULL) code = append_balance(call, &row.base);
  if (code == BOURSE_OK && row.quote.currency != NULL) code = append_balance(call, &row.quote);
  return code;
}

static int32_t read_isolated_list(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "assets", isolated_row_read);
}

static const bourse_field isolated_account_fields[] = {
    BOURSE_FIELD_FULL("assets", CUSTOM, bourse_balance, reserved, BOURSE_FIELD_REQUIRED, NULL, read_isolated_list)};
static const bourse_table isolated_account_table = BOURSE_TABLE(isolated_account_fields);

PARSE(isolated_balances) {
  bourse_balance ignored;
  return at_least_one(call, bourse_read_object(call, reply, &isolated_account_table, &ignored), BOURSE_WALLET_ISOLATED);
}

static int32_t futures_wallet(const bourse_call *call) {
  return (call->endpoint->products & BOURSE_FOR_INVERSE) != 0 ? BOURSE_WALLET_INVERSE : BOURSE_WALLET_LINEAR;
}

static int32_t read_futures_balance(bourse_call *call, bourse_decoder *decoder, const bourse_table *table) {
  bourse_balance balance;
  memset(&balance, 0, sizeof balance);
  int32_t code = bourse_decode_object(decoder, table, &balance);
  balance.wallet = futures_wallet(call);
  return code == BOURSE_OK ? append_balance(call, &balance) : code;
}
static int32_t futures_row(bourse_call *call, bourse_decoder *decoder) {
  return read_futures_balance(call, decoder, &futures_balance_table);
}
static int32_t short_futures_row(bourse_call *call, bourse_decoder *decoder) {
  return read_futures_balance(call, decoder, &short_balance_table);
}

static int32_t read_futures_list(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "assets", futures_row);
}
static const bourse_field futures_account_fields[] = {
    BOURSE_FIELD_FULL("assets", CUSTOM, bourse_balance, reserved, BOURSE_FIELD_REQUIRED, NULL, read_futures_list)};
static const bourse_table futures_account_table = BOURSE_TABLE(futures_account_fields);

/* The account is an object, the list of balances an array. */
PARSE(futures_balances) {
  bourse_balance ignored;
  int32_t code = bourse_is_array(reply) ? bourse_read_rows(call, reply, short_futures_row)
                                        : bourse_read_object(call, reply, &futures_account_table, &ignored);
  return at_least_one(call, code, futures_wallet(call));
}

/* One line a wallet, all valued in one currency: bitcoin unless another was asked for. */
static const bourse_field wallet_fields[] = {
    BOURSE_FIELD_MUST("walletName", STRING, bourse_balance, name),
    BOURSE_FIELD("balance", DECIMAL, bourse_balance, total),
};
static const bourse_table wallet_table = BOURSE_TABLE(wallet_fields);

static const bourse_name wallet_names[] = {
    {"Spot", BOURSE_WALLET_SPOT},
    {"Funding", BOURSE_WALLET_FUNDING},
    {"Cross Margin", BOURSE_WALLET_CROSS},
    {"Cross Margin (PM)", BOURSE_WALLET_UNIFIED},
    {"Isolated Margin", BOURSE_WALLET_ISOLATED},
    {"USD\342\223\210-M Futures", BOURSE_WALLET_LINEAR},
    {"USD-M Futures", BOURSE_WALLET_LINEAR},
    {"COIN-M Futures", BOURSE_WALLET_INVERSE},
    {"Earn", BOURSE_WALLET_EARN},
    {"Options", BOURSE_WALLET_OPTION},
    {NULL, 0},
};

static int32_t wallet_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_decode_object(decoder, &wallet_table, balance);
  balance->currency = call->request->currency != NULL ? call->request->currency : "BTC";
  if (balance->name != NULL)
    balance->wallet = bourse_name_value(wallet_names, (bourse_slice){balance->name, strlen(balance->name)});
  return code;
}

PARSE(wallets) { return bourse_read_rows(call, reply, wallet_row); }

BUILD(asset) {
  bourse_put(call, "asset", call->request->currency);
  return BOURSE_OK;
}

BUILD(quote_asset) {
  bourse_put(call, "quoteAsset", call->request->currency);
  return BOURSE_OK;
}

/* At most 5 by name; more are picked out of all. */
BUILD(isolated_symbols) {
  bourse_text text;
  if (call->market_count == 0 || call->market_count > 5) return BOURSE_OK;
  bourse_text_init(&text, call->arena);
  for (uint32_t i = 0; i < call->market_count; i++) {
    if (i > 0) bourse_text_char(&text, ',');
    bourse_text_string(&text, call->markets[i]->id);
  }
  if (bourse_text_finish(&text) == NULL) return bourse_fail_memory(call);
  bourse_put_bytes(call, "symbols", text.data, text.length);
  return BOURSE_OK;
}

/* --- Positions --- */

typedef struct position_row {
  bourse_position position;
  bourse_decimal amount;     /* signed; contracts on COIN-M */
  bourse_decimal notional;   /* signed */
  bourse_decimal base_value; /* COIN-M: signed, in base units */
  bourse_decimal isolated_margin;
  int32_t side;
  int32_t margin_type;
} position_row;

static const bourse_field position_fields[] = {
    BINANCE_MARKET(position_row, position.symbol),
    BOURSE_FIELD_ENUM("positionSide", position_row, side, bourse__binance_position_sides),
    BOURSE_FIELD_MUST("positionAmt", DECIMAL, position_row, amount),
    BOURSE_FIELD_CUSTOM("entryPrice", position_row, position.entry_price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("breakEvenPrice", position_row, position.break_even_price, bourse_decode_nonzero),
    BOURSE_FIELD("markPrice", DECIMAL, position_row, position.mark_price),
    BOURSE_FIELD("unRealizedProfit", DECIMAL, position_row, position.unrealized_pnl),
    BOURSE_FIELD_CUSTOM("liquidationPrice", position_row, position.liquidation_price, bourse_decode_nonzero),
    BOURSE_FIELD("leverage", DECIMAL, position_row, position.leverage),
    BOURSE_FIELD_ENUM("marginType", position_row, margin_type, bourse__binance_margin_types),
    BOURSE_FIELD_CUSTOM("isolatedMargin", position_row, isolated_margin, bourse_decode_nonzero),
    BOURSE_FIELD("notional", DECIMAL, position_row, notional),
    BOURSE_FIELD("notionalValue", DECIMAL, position_row, base_value),
    BOURSE_FIELD("marginAsset", STRING, position_row, position.margin_currency),
    BOURSE_FIELD("initialMargin", DECIMAL, position_row, position.initial_margin),
    BOURSE_FIELD("maintMargin", DECIMAL, position_row, position.maintenance_margin),
    BOURSE_FIELD("adl", INT32, position_row, position.adl_rank),
    BOURSE_FIELD_CUSTOM("updateTime", position_row, position.time_ns, bourse_decode_time_ms),
};
static const bourse_table position_table = BOURSE_TABLE(position_fields);

static bourse_decimal magnitude(bourse_decimal value) {
  bourse_decimal_absolute(&value);
  return value;
}

/* USD-M finds one market by symbol, COIN-M by pair. */
BUILD(position) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  if (call->product == BOURSE_PRODUCT_INVERSE)
    bourse_put(call, "pair", market->pair);
  else
    bourse_put(call, "symbol", market->id);
  return BOURSE_OK;
}

static void finish_position(bourse_call *call, position_row *row, const bourse_market *market) {
  bourse_position *position = &row->position;
  int32_t sign = bourse_decimal_sign(&row->amount), inverse = call->product == BOURSE_PRODUCT_INVERSE;
  bourse__binance_finish_position(inverse, position, row->side, &row->amount);
  /* Where the mode is not told, money set apart for the position tells it. */
  position->margin_mode = row->margin_type;
  if (row->margin_type == 0 && sign != 0)
    position->margin_mode = PRESENT(row->isolated_margin) ? BOURSE_MARGIN_ISOLATED : BOURSE_MARGIN_CROSS;
  position->margin = row->isolated_margin;
  if (inverse) {
    position->amount = magnitude(row->base_value);
    if (market != NULL) bourse_decimal_mul(&position->notional, &position->contracts, &market->contract_size);
  } else {
    position->notional = magnitude(row->notional);
  }
  if (position->margin_currency == NULL && market != NULL) position->margin_currency = market->settle;
}

static int32_t position_row_read(bourse_call *call, bourse_decoder *decoder) {
  position_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &position_table, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.position.market_id)) return code;
  /* Older versions list every market. */
  if (call->operation == BOURSE_OP_FETCH_POSITIONS && bourse_decimal_sign(&row.amount) == 0) return BOURSE_OK;
  const char *id = row.position.market_id;
  const bourse_market *market =
      id == NULL ? NULL : bourse_market_by_id(call, call->product, (bourse_slice){id, strlen(id)});
  finish_position(call, &row, market);
  bourse_position *position = bourse_append(call, BOURSE_KIND_POSITION);
  if (position == NULL) return BOURSE_ERROR_MEMORY;
  *position = row.position;
  return BOURSE_OK;
}

PARSE(positions) { return bourse_read_rows(call, reply, position_row_read); }

/* --- Leverage and modes --- */

static const bourse_field leverage_fields[] = {
    BINANCE_MARKET(bourse_leverage, symbol),
    BOURSE_FIELD_ENUM("marginType", bourse_leverage, margin_mode, bourse__binance_margin_types),
    BOURSE_FIELD("leverage", DECIMAL, bourse_leverage, leverage),
    BOURSE_FIELD("maxNotionalValue", DECIMAL, bourse_leverage, notional_max),
};
static const bourse_table leverage_table = BOURSE_TABLE(leverage_fields);

static int32_t leverage_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_leverage *leverage = bourse_append(call, BOURSE_KIND_LEVERAGE);
  if (leverage == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_decode_object(decoder, &leverage_table, leverage);
  if (code == BOURSE_OK && !bourse_is_wanted(call, leverage->market_id))
    bourse_truncate(call, bourse_appended(call) - 1);
  return code;
}

PARSE(leverages) { return bourse_read_rows(call, reply, leverage_row); }

/* COIN-M tells it of each position of the account. */
typedef struct account_position {
  bourse_leverage leverage;
  int32_t isolated;
  int32_t side;
} account_position;

static const bourse_field account_position_fields[] = {
    BINANCE_MARKET(account_position, leverage.symbol),
    BOURSE_FIELD("leverage", DECIMAL, account_position, leverage.leverage),
    BOURSE_FIELD("isolated", BOOL, account_position, isolated),
    BOURSE_FIELD_ENUM("positionSide", account_position, side, bourse__binance_position_sides),
};
static const bourse_table account_position_table = BOURSE_TABLE(account_position_fields);

static int32_t account_position_row(bourse_call *call, bourse_decoder *decoder) {
  account_position row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &account_position_table, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.leverage.market_id)) return code;
  uint32_t count = bourse_appended(call);
  const bourse_leverage *last = count == 0 ? NULL : bourse_appended_at(call, count - 1);
  if (last != NULL && row.leverage.market_id != NULL && strcmp(last->market_id, row.leverage.market_id) == 0)
    return BOURSE_OK;
  bourse_leverage *leverage = bourse_append(call, BOURSE_KIND_LEVERAGE);
  if (leverage == NULL) return BOURSE_ERROR_MEMORY;
  *leverage = row.leverage;
  leverage->margin_mode = row.isolated > 0 ? BOURSE_MARGIN_ISOLATED : row.isolated < 0 ? BOURSE_MARGIN_CROSS : 0;
  leverage->hedged = row.side == 0 ? BOURSE_UNSET : row.side == BOURSE_POSITION_BOTH ? BOURSE_NO : BOURSE_YES;
  return BOURSE_OK;
}

static int32_t read_account_positions(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "positions", account_position_row);
}
static const bourse_field positions_fields[] = {BOURSE_FIELD_FULL("positions", CUSTOM, bourse_leverage, reserved,
                                                                  BOURSE_FIELD_REQUIRED, NULL, read_account_positions)};
static const bourse_table positions_table = BOURSE_TABLE(positions_fields);

PARSE(inverse_leverages) {
  bourse_leverage ignored;
  return bourse_read_object(call, reply, &positions_table, &ignored);
}

static const bourse_field position_mode_fields[] = {
    BOURSE_FIELD_MUST("dualSidePosition", BOOL, bourse_leverage, hedged),
};
static const bourse_table position_mode_table = BOURSE_TABLE(position_mode_fields);

PARSE(position_mode) {
  bourse_leverage *leverage = bourse_append(call, BOURSE_KIND_LEVERAGE);
  return leverage == NULL ? BOURSE_ERROR_MEMORY : bourse_read_object(call, reply, &position_mode_table, leverage);
}

BUILD(leverage) {
  int64_t leverage = 0;
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  if (call->request->margin_mode != 0 || call->request->position_side != 0)
    return bourse_unsupported(call, call->request->margin_mode != 0 ? "margin_mode" : "position_side",
                              "a market has one leverage for both sides and modes");
  if (bourse_decimal_to_int64(&leverage, &call->request->leverage) != BOURSE_OK || leverage < 1 || leverage > 125) {
    char given[BOURSE_DECIMAL_TEXT_SIZE];
    bourse_decimal_format(given, sizeof given, &call->request->leverage);
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "leverage",
                       "leverage is %s; whole numbers from 1 to 125 are allowed", given);
  }
  bourse_put(call, "symbol", market->id);
  bourse_put_int(call, "leverage", leverage);
  return BOURSE_OK;
}

BUILD(margin_mode) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  if (PRESENT(call->request->leverage))
    return bourse_unsupported(call, "leverage", "leverage is set by itself, with set_leverage");
  bourse_put(call, "symbol", market->id);
  bourse_put(call, "marginType", bourse_name_text(bourse__binance_margin_types, call->request->margin_mode));
  return BOURSE_OK;
}

BUILD(position_mode) {
  bourse_put(call, "dualSidePosition", bourse_bool_text(call->request->hedged));
  return BOURSE_OK;
}

BUILD(multi_assets) {
  bourse_put(call, "multiAssetsMargin", bourse_bool_text(call->request->multi_assets));
  return BOURSE_OK;
}

BUILD(position_margin) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  bourse_put(call, "positionSide", bourse_name_text(bourse__binance_position_sides, call->request->position_side));
  bourse_put_decimal(call, "amount", &call->request->amount);
  bourse_put(call, "type", call->operation == BOURSE_OP_ADD_MARGIN ? "1" : "2");
  return BOURSE_OK;
}

/* --- Fees --- */

/* What is paid in all, where it is told in parts: standard, special and tax commission together. */
typedef struct commission {
  bourse_decimal maker;
  bourse_decimal taker;
} commission;
static const bourse_field commission_fields[] = {
    BOURSE_FIELD("maker", DECIMAL, commission, maker),
    BOURSE_FIELD("taker", DECIMAL, commission, taker),
};
static const bourse_table commission_table = BOURSE_TABLE(commission_fields);

typedef struct fee_row {
  bourse_fee fee;
  commission standard;
  commission special;
  commission tax;
} fee_row;

static const bourse_field fee_fields[] = {
    BINANCE_MARKET(fee_row, fee.symbol),
    BOURSE_FIELD("makerCommission", DECIMAL, fee_row, fee.maker),
    BOURSE_FIELD("takerCommission", DECIMAL, fee_row, fee.taker),
    BOURSE_FIELD("makerCommissionRate", DECIMAL, fee_row, fee.maker),
    BOURSE_FIELD("takerCommissionRate", DECIMAL, fee_row, fee.taker),
    BOURSE_FIELD_OBJECT("standardCommission", fee_row, standard, &commission_table),
    BOURSE_FIELD_OBJECT("specialCommission", fee_row, special, &commission_table),
    BOURSE_FIELD_OBJECT("taxCommission", fee_row, tax, &commission_table),
};
static const bourse_table fee_table = BOURSE_TABLE(fee_fields);

BUILD(fee) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  return BOURSE_OK;
}

static int32_t fee_row_read(bourse_call *call, bourse_decoder *decoder) {
  fee_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &fee_table, &row);
  if (code == BOURSE_OK)
    code = bourse_decode_need(decoder, PRESENT(row.fee.maker) || PRESENT(row.standard.maker), "makerCommission");
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.fee.market_id)) return code;
  bourse_fee *fee = bourse_append(call, BOURSE_KIND_FEE);
  if (fee == NULL) return BOURSE_ERROR_MEMORY;
  *fee = row.fee;
  if (!PRESENT(row.standard.maker)) return BOURSE_OK;
  fee->maker = row.standard.maker;
  fee->taker = row.standard.taker;
  add_to(&fee->maker, &row.special.maker);
  add_to(&fee->maker, &row.tax.maker);
  add_to(&fee->taker, &row.special.taker);
  add_to(&fee->taker, &row.tax.taker);
  return BOURSE_OK;
}

PARSE(fees) { return bourse_read_rows(call, reply, fee_row_read); }

/* Futures tell the level of the account; rates are told market by market. */
static const bourse_field fee_tier_fields[] = {BOURSE_FIELD_MUST("feeTier", ID, bourse_fee, tier)};
static const bourse_table fee_tier_table = BOURSE_TABLE(fee_tier_fields);

PARSE(fee_tier) {
  bourse_fee *fee = bourse_append(call, BOURSE_KIND_FEE);
  return fee == NULL ? BOURSE_ERROR_MEMORY : bourse_read_object(call, reply, &fee_tier_table, fee);
}

/* --- The account's book --- */

static const struct {
  const char *native;
  const char *kind;
} ledger_kinds[] = {
    {"REALIZED_PNL", "pnl"},
    {"FUNDING_FEE", "funding"},
    {"SPECIAL_FUNDING_FEE", "funding"},
    {"COMMISSION", "fee"},
    {"TRANSFER", "transfer"},
    {"INTERNAL_TRANSFER", "transfer"},
    {"CROSS_COLLATERAL_TRANSFER", "transfer"},
    {"STRATEGY_UMFUTURES_TRANSFER", "transfer"},
    {"COIN_SWAP_DEPOSIT", "deposit"},
    {"COIN_SWAP_WITHDRAW", "withdrawal"},
    {"COMMISSION_REBATE", "rebate"},
    {"API_REBATE", "rebate"},
    {"REFERRAL_KICKBACK", "rebate"},
    {"FEE_RETURN", "rebate"},
    {"INSURANCE_CLEAR", "liquidation"},
    {"DELIVERED_SETTELMENT", "settlement"},
    {"WELCOME_BONUS", "bonus"},
    {"CONTEST_REWARD", "bonus"},
    {"BFUSD_REWARD", "bonus"},
    {"BORROW", "borrow"},
    {"REPAY", "repay"},
    {"BUY_INCOME", "trade"},
    {"BUY_EXPENSE", "trade"},
    {"SELL_INCOME", "trade"},
    {"SELL_EXPENSE", "trade"},
    {"TRADING_COMMISSION", "fee"},
    {"BUY_LIQUIDATION", "liquidation"},
    {"SELL_LIQUIDATION", "liquidation"},
};

static void finish_kind(bourse_ledger_entry *entry) {
  entry->kind = entry->native_kind;
  for (size_t i = 0; entry->native_kind != NULL && i < sizeof ledger_kinds / sizeof ledger_kinds[0]; i++)
    if (strcmp(ledger_kinds[i].native, entry->native_kind) == 0) entry->kind = ledger_kinds[i].kind;
}

typedef struct ledger_row {
  bourse_ledger_entry entry;
  const char *market[2];
} ledger_row;

/* Futures, and the capital flow of margin. */
static const bourse_field ledger_fields[] = {
    BOURSE_FIELD_CUSTOM("symbol", ledger_row, market, bourse_decode_market),
    BOURSE_FIELD("incomeType", STRING, ledger_row, entry.native_kind),
    BOURSE_FIELD_MUST("income", DECIMAL, ledger_row, entry.amount),
    BOURSE_FIELD("asset", STRING, ledger_row, entry.currency),
    BOURSE_FIELD("info", STRING, ledger_row, entry.text),
    BOURSE_FIELD_MUST("time", TIME_MS, ledger_row, entry.time_ns),
    BOURSE_FIELD("tranId", ID, ledger_row, entry.id),
    BOURSE_FIELD("tradeId", ID, ledger_row, entry.reference),
};
static const bourse_table ledger_table = BOURSE_TABLE(ledger_fields);

static const bourse_field flow_fields[] = {
    BOURSE_FIELD("id", ID, ledger_row, entry.id),
    BOURSE_FIELD("tranId", ID, ledger_row, entry.reference),
    BOURSE_FIELD_MUST("timestamp", TIME_MS, ledger_row, entry.time_ns),
    BOURSE_FIELD("asset", STRING, ledger_row, entry.currency),
    BOURSE_FIELD_CUSTOM("symbol", ledger_row, market, bourse_decode_spot_market),
    BOURSE_FIELD("type", STRING, ledger_row, entry.native_kind),
    BOURSE_FIELD_MUST("amount", DECIMAL, ledger_row, entry.amount),
    BOURSE_FIELD("note", STRING, ledger_row, entry.text),
};
static const bourse_table flow_table = BOURSE_TABLE(flow_fields);

static int32_t read_entry(bourse_call *call, bourse_decoder *decoder, const bourse_table *table) {
  ledger_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, table, &row);
  const char *asked = call->request->currency;
  if (code != BOURSE_OK || (asked != NULL && row.entry.currency != NULL && strcmp(asked, row.entry.currency) != 0))
    return code;
  bourse_ledger_entry *entry = bourse_append(call, BOURSE_KIND_LEDGER_ENTRY);
  if (entry == NULL) return BOURSE_ERROR_MEMORY;
  *entry = row.entry;
  entry->symbol = row.market[0] != NULL ? row.market[0] : row.market[1];
  if (entry->text != NULL && entry->text[0] == '\0') entry->text = NULL;
  finish_kind(entry);
  return BOURSE_OK;
}

static int32_t ledger_row_read(bourse_call *call, bourse_decoder *decoder) {
  return read_entry(call, decoder, &ledger_table);
}
static int32_t flow_row_read(bourse_call *call, bourse_decoder *decoder) {
  return read_entry(call, decoder, &flow_table);
}

PARSE(ledger) { return bourse_read_rows(call, reply, ledger_row_read); }
PARSE(margin_ledger) { return bourse_read_rows(call, reply, flow_row_read); }

BUILD(funding_history) {
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "incomeType", "FUNDING_FEE");
  bourse_put_range(call, "startTime", "endTime", "limit");
  return BOURSE_OK;
}

/* Futures know no currency here: it is picked out afterwards. */
BUILD(ledger) {
  const bourse_request *request = call->request;
  int32_t own = call->product == BOURSE_PRODUCT_LINEAR ? BOURSE_WALLET_LINEAR : BOURSE_WALLET_INVERSE;
  if (request->wallet != 0 && request->wallet != own)
    return bourse_unsupported(call, "wallet",
                              "the book of a futures account is that of its own wallet; product chooses it");
  if (request->id != NULL) return bourse_unsupported(call, "id", "the book of a futures account is found by time");
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  bourse_put_range(call, "startTime", "endTime", "limit");
  return BOURSE_OK;
}

BUILD(margin_ledger) {
  const bourse_request *request = call->request;
  if (request->wallet != 0)
    return bourse_unsupported(call, "wallet", "margin_mode says of which margin account the book is");
  if (bourse_call_for(call) == BOURSE_FOR_ISOLATED && bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "asset", request->currency);
  bourse_put(call, "fromId", request->id);
  bourse_put_range(call, "startTime", "endTime", "limit");
  return BOURSE_OK;
}

/* --- Permissions --- */

static const bourse_field permissions_fields[] = {
    BOURSE_FIELD("ipRestrict", BOOL, bourse_permissions, address_bound),
    BOURSE_FIELD("createTime", TIME_MS, bourse_permissions, created_ns),
    BOURSE_FIELD_MUST("enableReading", BOOL, bourse_permissions, read),
    BOURSE_FIELD("enableWithdrawals", BOOL, bourse_permissions, withdraw),
    BOURSE_FIELD("enableMargin", BOOL, bourse_permissions, margin),
    BOURSE_FIELD("enableFutures", BOOL, bourse_permissions, futures),
    BOURSE_FIELD("permitsUniversalTransfer", BOOL, bourse_permissions, transfer),
    BOURSE_FIELD("enableVanillaOptions", BOOL, bourse_permissions, options),
    BOURSE_FIELD("enableSpotAndMarginTrading", BOOL, bourse_permissions, spot),
    BOURSE_FIELD_CUSTOM("tradingAuthorityExpirationTime", bourse_permissions, expires_ns, bourse_decode_time_ms),
};
static const bourse_table permissions_table = BOURSE_TABLE(permissions_fields);

PARSE(permissions) {
  bourse_permissions *permissions = bourse_append(call, BOURSE_KIND_PERMISSIONS);
  return permissions == NULL ? BOURSE_ERROR_MEMORY : bourse_read_object(call, reply, &permissions_table, permissions);
}

/* Test worlds tell what the account may do instead. */
typedef struct account_reply {
  const char *uid;
  int32_t can_trade;
  int32_t can_withdraw;
} account_reply;
static const bourse_field account_fields[] = {
    BOURSE_FIELD_MUST("canTrade", BOOL, account_reply, can_trade),
    BOURSE_FIELD("canWithdraw", BOOL, account_reply, can_withdraw),
    BOURSE_FIELD("uid", ID, account_reply, uid),
};
static const bourse_table account_table = BOURSE_TABLE(account_fields);

PARSE(account_permissions) {
  account_reply wire = {NULL, 0, 0};
  int32_t code = bourse_read_object(call, reply, &account_table, &wire);
  bourse_permissions *permissions = code == BOURSE_OK ? bourse_append(call, BOURSE_KIND_PERMISSIONS) : NULL;
  if (permissions == NULL) return code != BOURSE_OK ? code : BOURSE_ERROR_MEMORY;
  permissions->account = wire.uid;
  permissions->read = BOURSE_YES;
  permissions->withdraw = wire.can_withdraw;
  if (bourse_is_futures(call))
    permissions->futures = wire.can_trade;
  else
    permissions->spot = wire.can_trade;
  return BOURSE_OK;
}
