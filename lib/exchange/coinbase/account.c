/* exchange/coinbase/account.c - balances, positions, fees, wallets, portfolios, permissions. */
#include <string.h>

#include "exchange/coinbase/coinbase.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Wallets: of spot, one for each currency --- */

typedef struct wallet_row {
  const char *id;
  const char *name;
  const char *currency;
  const char *kind;
  bourse_decimal free;
  bourse_decimal held;
} wallet_row;

static const bourse_field wallet_fields[] = {
    BOURSE_FIELD_MUST("uuid", STRING, wallet_row, id),
    BOURSE_FIELD("name", STRING, wallet_row, name),
    BOURSE_FIELD_FULL("currency", CUSTOM, wallet_row, currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__coinbase_read_currency),
    BOURSE_FIELD_FULL("available_balance", CUSTOM, wallet_row, free, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__coinbase_read_money),
    BOURSE_FIELD("type", STRING, wallet_row, kind),
    BOURSE_FIELD_CUSTOM("hold", wallet_row, held, bourse__coinbase_read_money),
};
static const bourse_table wallet_table = BOURSE_TABLE(wallet_fields);

static int32_t read_wallet(bourse_decoder *decoder, wallet_row *row) {
  memset(row, 0, sizeof *row);
  return bourse_decode_object(decoder, &wallet_table, row);
}

#define WALLETS_MAX 250

static int32_t check_wallet(bourse_call *call) {
  int32_t wallet = call->request->wallet;
  if (wallet == 0 || wallet == BOURSE_WALLET_SPOT || wallet == BOURSE_WALLET_ALL) return BOURSE_OK;
  return bourse_unsupported(call, "wallet", "the wallet of spot, and with product linear that of futures, are told");
}

BUILD(accounts) {
  if (call->operation != BOURSE_OP_FETCH_ACCOUNTS && check_wallet(call) != BOURSE_OK) return BOURSE_ERROR_UNSUPPORTED;
  bourse_put_int(call, "limit", WALLETS_MAX);
  bourse_put(call, "cursor", bourse_page_token(call));
  return BOURSE_OK;
}

static int32_t is_asked(const bourse_call *call, const char *currency) {
  const char *asked = call->request->currency;
  return asked == NULL || strcmp(asked, currency) == 0 || strcmp(bourse__coinbase_native(currency), asked) == 0;
}

static int32_t balance_row(bourse_call *call, bourse_decoder *decoder) {
  wallet_row row;
  int32_t code = read_wallet(decoder, &row);
  if (code != BOURSE_OK || !is_asked(call, row.currency)) return code;
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  balance->currency = row.currency;
  balance->wallet = BOURSE_WALLET_SPOT;
  balance->name = row.name;
  balance->time_ns = call->now_ns;
  balance->free = balance->total = row.free;
  if (!PRESENT(row.held)) return BOURSE_OK;
  balance->used = row.held;
  bourse_decimal_add(&balance->total, &row.free, &row.held);
  return BOURSE_OK;
}

PARSE(balances) {
  bourse_page page = {NULL, 0};
  int32_t code = bourse_read_page(call, reply, "accounts", "cursor", balance_row, &page);
  return code == BOURSE_OK ? bourse_look_on(call, &page) : code;
}

static int32_t account_row(bourse_call *call, bourse_decoder *decoder) {
  wallet_row row;
  int32_t code = read_wallet(decoder, &row);
  if (code != BOURSE_OK) return code;
  bourse_account_info *info = bourse_append(call, BOURSE_KIND_ACCOUNT_INFO);
  if (info == NULL) return BOURSE_ERROR_MEMORY;
  info->id = row.id;
  info->name = row.name;
  info->kind = row.kind;
  info->currency = row.currency;
  return BOURSE_OK;
}

PARSE(accounts) {
  bourse_page page = {NULL, 0};
  int32_t code = bourse_read_page(call, reply, "accounts", "cursor", account_row, &page);
  if (code != BOURSE_OK) return code;
  return call->request->limit == 0 ? bourse_look_on(call, &page) : bourse_next_page(call, &page, BOURSE_OLDEST_FIRST);
}

/* --- The wallet of futures --- */

typedef struct summary {
  bourse_balance balance;
} summary;

#define MONEY(name_, type_, member_) BOURSE_FIELD_CUSTOM(name_, type_, member_, bourse__coinbase_read_money)

static const bourse_field summary_fields[] = {
    BOURSE_FIELD_FULL("cfm_usd_balance", CUSTOM, summary, balance.total, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__coinbase_read_money),
    MONEY("unrealized_pnl", summary, balance.unrealized_pnl),
    MONEY("initial_margin", summary, balance.used),
    MONEY("available_margin", summary, balance.free),
};
static const bourse_table summary_table = BOURSE_TABLE(summary_fields);

static const bourse_field summary_reply_fields[] = {
    BOURSE_FIELD_FULL("balance_summary", OBJECT, summary, balance, BOURSE_FIELD_REQUIRED, &summary_table, NULL)};
static const bourse_table summary_reply_table = BOURSE_TABLE(summary_reply_fields);
_Static_assert(offsetof(summary, balance) == 0, "the summary is read through the address of its first member");

/* Margin is in dollars. */
PARSE(futures_balance) {
  summary row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_read_object(call, reply, &summary_reply_table, &row);
  if (code != BOURSE_OK || !is_asked(call, "USD")) return code;
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  *balance = row.balance;
  balance->currency = "USD";
  balance->wallet = BOURSE_WALLET_LINEAR;
  balance->time_ns = call->now_ns;
  if (PRESENT(balance->unrealized_pnl)) bourse_decimal_add(&balance->equity, &balance->total, &balance->unrealized_pnl);
  return BOURSE_OK;
}

/* --- Portfolios --- */

typedef struct holding {
  const char *currency;
  const char *wallet;
  bourse_decimal total;
} holding;

static const bourse_field holding_fields[] = {
    BOURSE_FIELD_FULL("asset", CUSTOM, holding, currency, BOURSE_FIELD_REQUIRED, NULL, bourse__coinbase_read_currency),
    BOURSE_FIELD("account_uuid", STRING, holding, wallet),
    BOURSE_FIELD_MUST("total_balance_crypto", DECIMAL, holding, total),
};
static const bourse_table holding_table = BOURSE_TABLE(holding_fields);

static int32_t holding_row(bourse_call *call, bourse_decoder *decoder) {
  holding row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &holding_table, &row);
  if (code != BOURSE_OK || !is_asked(call, row.currency)) return code;
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  balance->currency = row.currency;
  balance->wallet = BOURSE_WALLET_SPOT;
  balance->name = row.wallet;
  balance->total = row.total;
  balance->time_ns = call->now_ns;
  return BOURSE_OK;
}

typedef struct breakdown {
  int32_t there;
} breakdown;

static int32_t read_holdings(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "spot_positions", holding_row);
}

static const bourse_field breakdown_fields[] = {BOURSE_FIELD_CUSTOM("spot_positions", breakdown, there, read_holdings)};
static const bourse_table breakdown_table = BOURSE_TABLE(breakdown_fields);
static const bourse_field breakdown_reply_fields[] = {
    BOURSE_FIELD_FULL("breakdown", OBJECT, breakdown, there, BOURSE_FIELD_REQUIRED, &breakdown_table, NULL)};
static const bourse_table breakdown_reply_table = BOURSE_TABLE(breakdown_reply_fields);

BUILD(portfolio) { return bourse_set_path(call, call->request->account, NULL, NULL); }

/* What is free of it is told in money of a state only. */
PARSE(portfolio) {
  breakdown row = {0};
  return bourse_read_object(call, reply, &breakdown_reply_table, &row);
}

static const bourse_field info_fields[] = {
    BOURSE_FIELD("name", STRING, bourse_account_info, name),
    BOURSE_FIELD_MUST("uuid", STRING, bourse_account_info, id),
    BOURSE_FIELD("type", STRING, bourse_account_info, kind),
};
static const bourse_table info_table = BOURSE_TABLE(info_fields);

static int32_t portfolio_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_account_info *info = bourse_append(call, BOURSE_KIND_ACCOUNT_INFO);
  return info == NULL ? BOURSE_ERROR_MEMORY : bourse_decode_object(decoder, &info_table, info);
}

PARSE(portfolios) { return bourse_read_page(call, reply, "portfolios", NULL, portfolio_row, NULL); }

/* --- Fees: one tier for all markets of a product --- */

static const bourse_field tier_fields[] = {
    BOURSE_FIELD("pricing_tier", STRING, bourse_fee, tier),
    BOURSE_FIELD_MUST("taker_fee_rate", DECIMAL, bourse_fee, taker),
    BOURSE_FIELD_MUST("maker_fee_rate", DECIMAL, bourse_fee, maker),
};
static const bourse_table tier_table = BOURSE_TABLE(tier_fields);

static int32_t read_tier(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &tier_table, member);
}

static const bourse_field fee_fields[] = {
    BOURSE_FIELD_FULL("fee_tier", CUSTOM, bourse_fee, symbol, BOURSE_FIELD_REQUIRED, NULL, read_tier)};
static const bourse_table fee_table = BOURSE_TABLE(fee_fields);
_Static_assert(offsetof(bourse_fee, symbol) == 0, "the tier is read through the address of the fee");

BUILD(fees) {
  bourse_put(call, "product_type", bourse_is_futures(call) ? "FUTURE" : "SPOT");
  return BOURSE_OK;
}

/* A record for each market asked for; without any, one that holds for all. */
PARSE(fees) {
  bourse_fee told;
  memset(&told, 0, sizeof told);
  int32_t code = bourse_read_object(call, reply, &fee_table, &told);
  uint32_t count = call->market == NULL ? call->market_count : 1;
  for (uint32_t i = 0; code == BOURSE_OK && i < (count == 0 ? 1 : count); i++) {
    const bourse_market *market = call->market != NULL ? call->market : count > 0 ? call->markets[i] : NULL;
    bourse_fee *fee = bourse_append(call, BOURSE_KIND_FEE);
    if (fee == NULL) return BOURSE_ERROR_MEMORY;
    *fee = told;
    if (market != NULL) fee->symbol = market->symbol, fee->market_id = market->id;
  }
  return code;
}

/* --- Positions --- */

static const bourse_name position_sides[] = {
    {"LONG", BOURSE_POSITION_LONG}, {"SHORT", BOURSE_POSITION_SHORT}, {NULL, 0}};

typedef struct position_row {
  bourse_position position;
  bourse_decimal size;
} position_row;

static const bourse_field position_fields[] = {
    BOURSE_FIELD_FULL("product_id", CUSTOM, position_row, position.symbol, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__coinbase_read_market),
    BOURSE_FIELD_ENUM("side", position_row, position.side, position_sides),
    BOURSE_FIELD_MUST("number_of_contracts", DECIMAL, position_row, position.contracts),
    MONEY("current_price", position_row, position.mark_price),
    MONEY("avg_entry_price", position_row, position.entry_price),
    MONEY("unrealized_pnl", position_row, position.unrealized_pnl),
    MONEY("daily_realized_pnl", position_row, position.realized_pnl),
    BOURSE_FIELD("contract_size", DECIMAL, position_row, size),
    MONEY("liquidation_price", position_row, position.liquidation_price),
    BOURSE_FIELD_CUSTOM("leverage", position_row, position.leverage, bourse_decode_nonzero),
    MONEY("im_contribution", position_row, position.initial_margin),
    MONEY("mm_contribution", position_row, position.maintenance_margin),
    MONEY("position_notional", position_row, position.notional),
};
static const bourse_table position_table = BOURSE_TABLE(position_fields);

static int32_t position_row_read(bourse_call *call, bourse_decoder *decoder) {
  position_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &position_table, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.position.market_id)) return code;
  bourse_position *position = bourse_append(call, BOURSE_KIND_POSITION);
  if (position == NULL) return BOURSE_ERROR_MEMORY;
  *position = row.position;
  const bourse_market *market = bourse__coinbase_market(call, bourse_slice_of(position->market_id));
  if (bourse_decimal_sign(&position->liquidation_price) == 0)
    memset(&position->liquidation_price, 0, sizeof position->liquidation_price); /* none */
  bourse_decimal_absolute(&position->contracts);
  if (bourse_decimal_sign(&position->contracts) == 0) position->side = 0;
  if (market != NULL)
    bourse_from_contracts(market, &position->contracts, &position->amount);
  else if (PRESENT(row.size))
    bourse_decimal_mul(&position->amount, &position->contracts, &row.size);
  position->margin_currency = "USD";
  position->margin_mode = BOURSE_MARGIN_CROSS;
  position->hedged = BOURSE_NO;
  position->time_ns = call->now_ns;
  return BOURSE_OK;
}

PARSE(positions) { return bourse_read_page(call, reply, "positions", NULL, position_row_read, NULL); }

BUILD(position) {
  const bourse_market *market = bourse_need_market(call);
  return market == NULL ? BOURSE_ERROR_ARGUMENT : bourse_set_path(call, market->id, NULL, NULL);
}

typedef struct one_position {
  int32_t there;
} one_position;

static int32_t read_position(bourse_decoder *decoder, void *member) {
  (void)member;
  return position_row_read(decoder->user_data, decoder);
}

static const bourse_field one_fields[] = {BOURSE_FIELD_CUSTOM("position", one_position, there, read_position)};
static const bourse_table one_table = BOURSE_TABLE(one_fields);

PARSE(position) {
  one_position row = {0};
  return bourse_read_object(call, reply, &one_table, &row);
}

/* --- Permissions --- */

static const bourse_field permission_fields[] = {
    BOURSE_FIELD_MUST("can_view", BOOL, bourse_permissions, read),
    BOURSE_FIELD_MUST("can_trade", BOOL, bourse_permissions, spot),
    BOURSE_FIELD_MUST("can_transfer", BOOL, bourse_permissions, transfer),
    BOURSE_FIELD("portfolio_uuid", STRING, bourse_permissions, account),
};
static const bourse_table permission_table = BOURSE_TABLE(permission_fields);

/* Whether an account may trade futures is not told. */
PARSE(permissions) {
  bourse_permissions *permissions = bourse_append(call, BOURSE_KIND_PERMISSIONS);
  if (permissions == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_read_object(call, reply, &permission_table, permissions);
  permissions->withdraw = permissions->transfer;
  permissions->margin = permissions->options = BOURSE_NO;
  return code;
}
