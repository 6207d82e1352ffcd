/* exchange/kucoin/futures_account.c - balances, positions, leverage and modes of futures, and the account's book. */
#include <inttypes.h>
#include <string.h>

#include "exchange/kucoin/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Balances: one request for each currency that contracts settle in --- */

static const char *const linear_currencies[] = {"USDT", "USDC", NULL};
static const char *const inverse_currencies[] = {"XBT", "ETH", "DOT", "XRP", NULL};

static const char *present_currency(const bourse_call *call) {
  int32_t inverse = call->request->wallet == BOURSE_WALLET_INVERSE ||
                    (call->request->wallet == 0 && call->product == BOURSE_PRODUCT_INVERSE);
  const char *asked = call->request->currency;
  if (asked != NULL) return call->scratch[SCRATCH_INDEX] > 0 ? NULL : strcmp(asked, "BTC") == 0 ? "XBT" : asked;
  return (inverse ? inverse_currencies : linear_currencies)[call->scratch[SCRATCH_INDEX]];
}

FUTURES_BUILD(balances) {
  bourse_put(call, "currency", present_currency(call));
  return BOURSE_OK;
}

typedef struct overview {
  bourse_balance balance;
  bourse_decimal position_margin;
  bourse_decimal order_margin;
  bourse_decimal frozen;
} overview;

static const bourse_field overview_fields[] = {
    BOURSE_FIELD_MUST("accountEquity", DECIMAL, overview, balance.equity),
    BOURSE_FIELD("unrealisedPNL", DECIMAL, overview, balance.unrealized_pnl),
    BOURSE_FIELD("marginBalance", DECIMAL, overview, balance.total),
    BOURSE_FIELD("positionMargin", DECIMAL, overview, position_margin),
    BOURSE_FIELD("orderMargin", DECIMAL, overview, order_margin),
    BOURSE_FIELD("frozenFunds", DECIMAL, overview, frozen),
    BOURSE_FIELD("availableBalance", DECIMAL, overview, balance.free),
    BOURSE_FIELD_FULL("currency", CUSTOM, overview, balance.currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_currency),
};
static const bourse_table overview_table = BOURSE_TABLE(overview_fields);

static void add(bourse_decimal *sum, const bourse_decimal *value) {
  if (PRESENT(*sum) && bourse_decimal_is_present(value))
    bourse_decimal_add(sum, sum, value);
  else if (bourse_decimal_is_present(value))
    *sum = *value;
}

static int32_t overview_row(bourse_call *call, bourse_decoder *decoder) {
  overview row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &overview_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  *balance = row.balance;
  add(&balance->used, &row.position_margin);
  add(&balance->used, &row.order_margin);
  add(&balance->used, &row.frozen);
  if (!PRESENT(balance->total)) balance->total = balance->equity;
  balance->wallet = call->product == BOURSE_PRODUCT_INVERSE || call->request->wallet == BOURSE_WALLET_INVERSE
                        ? BOURSE_WALLET_INVERSE
                        : BOURSE_WALLET_LINEAR;
  balance->time_ns = call->now_ns;
  return BOURSE_OK;
}

FUTURES_PARSE(balances) {
  int32_t code = bourse__kucoin_rows(call, reply, overview_row);
  if (code != BOURSE_OK) return code;
  call->scratch[SCRATCH_INDEX]++;
  return present_currency(call) != NULL ? BOURSE_CONTINUE : BOURSE_OK;
}

/* --- Positions --- */

/* Rows of replies and messages differ in how the market is read, and in what must be there. */
#define POSITION_FIELDS                                                                                            \
  BOURSE_FIELD("crossMode", BOOL, bourse__kucoin_position, cross),                                                 \
      BOURSE_FIELD("delevPercentage", CHECK, bourse__kucoin_position, position),                                   \
      BOURSE_FIELD("openingTimestamp", CHECK, bourse__kucoin_position, position),                                  \
      KUCOIN_TIME("currentTimestamp", bourse__kucoin_position, position.time_ns),                                  \
      BOURSE_FIELD("isOpen", BOOL, bourse__kucoin_position, open),                                                 \
      BOURSE_FIELD("markPrice", DECIMAL, bourse__kucoin_position, position.mark_price),                            \
      BOURSE_FIELD("markValue", DECIMAL, bourse__kucoin_position, value),                                          \
      BOURSE_FIELD("posInit", DECIMAL, bourse__kucoin_position, position.initial_margin),                          \
      BOURSE_FIELD("posMargin", DECIMAL, bourse__kucoin_position, position.margin),                                \
      BOURSE_FIELD("posMaint", DECIMAL, bourse__kucoin_position, position.maintenance_margin),                     \
      BOURSE_FIELD("realisedPnl", DECIMAL, bourse__kucoin_position, position.realized_pnl),                        \
      BOURSE_FIELD("unrealisedPnl", DECIMAL, bourse__kucoin_position, position.unrealized_pnl),                    \
      BOURSE_FIELD_CUSTOM("avgEntryPrice", bourse__kucoin_position, position.entry_price, bourse_decode_nonzero),  \
      BOURSE_FIELD_CUSTOM("liquidationPrice", bourse__kucoin_position, position.liquidation_price,                 \
                          bourse_decode_nonzero),                                                                  \
      BOURSE_FIELD("bankruptPrice", CHECK, bourse__kucoin_position, position),                                     \
      KUCOIN_CURRENCY("settleCurrency", bourse__kucoin_position, position.margin_currency),                        \
      BOURSE_FIELD("realLeverage", DECIMAL, bourse__kucoin_position, real_leverage),                               \
      BOURSE_FIELD("leverage", DECIMAL, bourse__kucoin_position, position.leverage),                               \
      BOURSE_FIELD_ENUM("marginMode", bourse__kucoin_position, position.margin_mode, bourse__kucoin_margin_modes), \
      BOURSE_FIELD_ENUM("positionSide", bourse__kucoin_position, side, bourse__kucoin_position_sides)

static const bourse_field position_fields[] = {
    BOURSE_FIELD("id", ID, bourse__kucoin_position, position.id),
    BOURSE_FIELD_FULL("symbol", CUSTOM, bourse__kucoin_position, position.symbol, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_market),
    BOURSE_FIELD_MUST("currentQty", DECIMAL, bourse__kucoin_position, quantity),
    POSITION_FIELDS,
};
static const bourse_table position_table = BOURSE_TABLE(position_fields);

static const bourse_field event_fields[] = {
    BOURSE_FIELD("symbol", SLICE, bourse__kucoin_position, symbol),
    BOURSE_FIELD("currentQty", DECIMAL, bourse__kucoin_position, quantity),
    POSITION_FIELDS,
};
const bourse_table bourse__kucoin_position_event_table = BOURSE_TABLE(event_fields);

void bourse__kucoin_futures_finish_position(const bourse_market *market, bourse__kucoin_position *row) {
  bourse_position *position = &row->position;
  int32_t sign = bourse_decimal_sign(&row->quantity);
  position->hedged = row->side == BOURSE_POSITION_LONG || row->side == BOURSE_POSITION_SHORT ? BOURSE_YES : BOURSE_NO;
  position->side = sign == 0              ? 0
                   : position->hedged > 0 ? row->side
                   : sign > 0             ? BOURSE_POSITION_LONG
                                          : BOURSE_POSITION_SHORT;
  position->contracts = row->quantity;
  bourse_decimal_absolute(&position->contracts);
  bourse_from_contracts(market, &position->contracts, &position->amount);
  if (market != NULL && market->product == BOURSE_PRODUCT_INVERSE) {
    bourse__kucoin_futures_cost(market, &position->contracts, NULL, &position->notional);
  } else {
    position->notional = row->value;
    bourse_decimal_absolute(&position->notional);
  }
  if (!PRESENT(position->leverage)) position->leverage = row->real_leverage;
  if (position->margin_mode == 0 && row->cross != 0)
    position->margin_mode = row->cross > 0 ? BOURSE_MARGIN_CROSS : BOURSE_MARGIN_ISOLATED;
}

static int32_t position_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__kucoin_position row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &position_table, &row);
  if (code != BOURSE_OK) return code;
  int32_t none = row.open < 0 || bourse_decimal_sign(&row.quantity) == 0;
  if (none || !bourse__kucoin_futures_is_wanted(call, row.position.market_id)) return BOURSE_OK;
  bourse__kucoin_futures_finish_position(bourse__kucoin_futures_market(call, row.position.market_id), &row);
  bourse_position *position = bourse_append(call, BOURSE_KIND_POSITION);
  if (position == NULL) return BOURSE_ERROR_MEMORY;
  *position = row.position;
  return BOURSE_OK;
}

FUTURES_PARSE(positions) { return bourse__kucoin_rows(call, reply, position_row_read); }

/* --- Leverage and modes --- */

static const bourse_field leverage_fields[] = {
    BOURSE_FIELD_FULL("symbol", CUSTOM, bourse_leverage, symbol, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_market),
    BOURSE_FIELD("leverage", DECIMAL, bourse_leverage, leverage),
    BOURSE_FIELD_ENUM("marginMode", bourse_leverage, margin_mode, bourse__kucoin_margin_modes),
};
static const bourse_table leverage_table = BOURSE_TABLE(leverage_fields);

/* That of cross margin; isolated positions have it from the orders that made them. */
FUTURES_PARSE(leverage) {
  bourse_leverage *leverage = bourse_append(call, BOURSE_KIND_LEVERAGE);
  if (leverage == NULL) return BOURSE_ERROR_MEMORY;
  leverage->margin_mode = BOURSE_MARGIN_CROSS;
  return bourse__kucoin_object(call, reply, &leverage_table, leverage);
}

FUTURES_PARSE(margin_mode) {
  bourse_leverage *leverage = bourse_append(call, BOURSE_KIND_LEVERAGE);
  return leverage == NULL ? BOURSE_ERROR_MEMORY : bourse__kucoin_object(call, reply, &leverage_table, leverage);
}

FUTURES_BUILD(set_leverage) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  if (call->request->margin_mode == BOURSE_MARGIN_ISOLATED || call->request->position_side != 0)
    return bourse_unsupported(call, call->request->position_side != 0 ? "position_side" : "margin_mode",
                              "leverage is set for cross margin; orders on isolated margin carry theirs");
  bourse_put(call, "symbol", market->id);
  bourse_put_decimal(call, "leverage", &call->request->leverage);
  return BOURSE_OK;
}

FUTURES_BUILD(set_margin_mode) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  if (PRESENT(call->request->leverage))
    return bourse_unsupported(call, "leverage", "it is set with set_leverage, or by orders");
  bourse_put(call, "symbol", market->id);
  bourse_put(call, "marginMode", bourse_name_text(bourse__kucoin_margin_modes, call->request->margin_mode));
  return BOURSE_OK;
}

typedef struct mode_row {
  int64_t mode;
} mode_row;
static const bourse_field mode_fields[] = {BOURSE_FIELD_MUST("positionMode", INT64, mode_row, mode)};
static const bourse_table mode_table = BOURSE_TABLE(mode_fields);

/* Of the whole account: 1 is long and short side by side. */
FUTURES_PARSE(position_mode) {
  mode_row row = {0};
  int32_t code = bourse__kucoin_object(call, reply, &mode_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_leverage *leverage = bourse_append(call, BOURSE_KIND_LEVERAGE);
  if (leverage == NULL) return BOURSE_ERROR_MEMORY;
  leverage->hedged = row.mode == 1 ? BOURSE_YES : BOURSE_NO;
  return BOURSE_OK;
}

FUTURES_BUILD(set_position_mode) {
  if (call->request->symbol != NULL) return bourse_unsupported(call, "symbol", "the mode is that of the whole account");
  bourse_put(call, "positionMode", call->request->hedged > 0 ? "1" : "0");
  return BOURSE_OK;
}

static int32_t check_margin(bourse_call *call) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  if (call->request->position_side == 0 || call->request->position_side == BOURSE_POSITION_BOTH) return BOURSE_OK;
  return bourse_unsupported(call, "position_side", "margin is told by the market alone");
}

FUTURES_BUILD(add_margin) {
  int32_t code = check_margin(call);
  if (code != BOURSE_OK) return code;
  char *id = bourse_arena_format(call->arena, "%" PRId64, call->now_ns);
  if (id == NULL) return bourse_fail_memory(call);
  bourse_put(call, "symbol", call->market->id);
  bourse__kucoin_put_number(call, "margin", &call->request->amount);
  bourse_put(call, "bizNo", id);
  return BOURSE_OK;
}

FUTURES_BUILD(reduce_margin) {
  int32_t code = check_margin(call);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "symbol", call->market->id);
  bourse_put_decimal(call, "withdrawAmount", &call->request->amount);
  return BOURSE_OK;
}

/* --- The account's book --- */

typedef struct entry_row {
  bourse_ledger_entry entry;
  const char *names[2];
  const char *offset;
} entry_row;

static int32_t append_entry(bourse_call *call, const entry_row *row) {
  if (!bourse_in_range(call, row->entry.time_ns)) return BOURSE_OK;
  bourse_ledger_entry *entry = bourse_append(call, BOURSE_KIND_LEDGER_ENTRY);
  if (entry == NULL) return BOURSE_ERROR_MEMORY;
  *entry = row->entry;
  return BOURSE_OK;
}

FUTURES_BUILD(funding_paid) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  bourse_put_range(call, "startAt", "endAt", "maxCount");
  return BOURSE_OK;
}

static const bourse_field funding_fields[] = {
    BOURSE_FIELD_MUST("id", ID, entry_row, entry.id),
    KUCOIN_MARKET("symbol", entry_row, names),
    BOURSE_FIELD_FULL("timePoint", CUSTOM, entry_row, entry.time_ns, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_time),
    BOURSE_FIELD_MUST("funding", DECIMAL, entry_row, entry.amount),
    KUCOIN_CURRENCY("settleCurrency", entry_row, entry.currency),
    BOURSE_FIELD("context", STRING, entry_row, entry.text),
};
static const bourse_table funding_table = BOURSE_TABLE(funding_fields);

static int32_t funding_row(bourse_call *call, bourse_decoder *decoder) {
  entry_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &funding_table, &row);
  if (code != BOURSE_OK) return code;
  row.entry.symbol = row.names[0] != NULL ? row.names[0] : row.names[1];
  row.entry.kind = "funding";
  return append_entry(call, &row);
}

FUTURES_PARSE(funding_paid) { return bourse__kucoin_list(call, reply, "dataList", funding_row); }

static const bourse_word ledger_kinds[] = {{"pnl", "RealisedPNL"},
                                           {"deposit", "Deposit"},
                                           {"withdrawal", "Withdrawal"},
                                           {"transfer", "TransferIn"},
                                           {"transfer", "TransferOut"}};

static const bourse_field ledger_fields[] = {
    BOURSE_FIELD_FULL("time", CUSTOM, entry_row, entry.time_ns, BOURSE_FIELD_REQUIRED, NULL, bourse__kucoin_read_time),
    BOURSE_FIELD("type", STRING, entry_row, entry.native_kind),
    BOURSE_FIELD_MUST("amount", DECIMAL, entry_row, entry.amount),
    BOURSE_FIELD("fee", DECIMAL, entry_row, entry.fee),
    BOURSE_FIELD("accountEquity", DECIMAL, entry_row, entry.balance),
    BOURSE_FIELD("status", CHECK, entry_row, entry),
    BOURSE_FIELD("remark", STRING, entry_row, entry.text),
    BOURSE_FIELD("offset", ID, entry_row, offset),
    KUCOIN_CURRENCY("currency", entry_row, entry.currency),
};
static const bourse_table ledger_table = BOURSE_TABLE(ledger_fields);

FUTURES_BUILD(ledger) {
  const bourse_request *request = call->request;
  if (request->symbol != NULL || request->id != NULL)
    return bourse_unsupported(call, request->symbol != NULL ? "symbol" : "id",
                              "the account's book is by currency and time");
  bourse_put(call, "currency", bourse__kucoin_native_currency(call, request->currency));
  bourse_put(call, "offset", bourse_page_token(call));
  bourse_put_ms(call, "startAt", call->since_ns);
  bourse_put_ms(call, "endAt", call->until_ns);
  bourse_put_uint(call, "maxCount", request->limit < 50 ? request->limit : 50);
  call->scratch[SCRATCH_ROWS] = 0;
  return BOURSE_OK;
}

static int32_t ledger_row(bourse_call *call, bourse_decoder *decoder) {
  entry_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &ledger_table, &row);
  if (code != BOURSE_OK) return code;
  call->scratch[SCRATCH_ROWS]++;
  call->memory = (void *)(uintptr_t)row.offset; /* from which the next page goes on */
  row.entry.id = row.offset;
  row.entry.kind = bourse_word_name(BOURSE_ROWS(ledger_kinds), row.entry.native_kind);
  return append_entry(call, &row);
}

typedef struct ledger_reply {
  int32_t more;
  int32_t rows;
} ledger_reply;

static int32_t read_ledger(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "dataList", ledger_row);
}

static const bourse_field ledger_reply_fields[] = {
    BOURSE_FIELD("hasMore", BOOL, ledger_reply, more),
    BOURSE_FIELD_FULL("dataList", CUSTOM, ledger_reply, rows, BOURSE_FIELD_REQUIRED, NULL, read_ledger),
};
static const bourse_table ledger_reply_table = BOURSE_TABLE(ledger_reply_fields);

FUTURES_PARSE(ledger) {
  ledger_reply wire = {0, 0};
  int32_t code = bourse__kucoin_object(call, reply, &ledger_reply_table, &wire);
  if (code != BOURSE_OK || wire.more <= 0) return code;
  bourse_page page = {call->memory, (uint32_t)call->scratch[SCRATCH_ROWS]};
  return bourse_next_page(call, &page, BOURSE_NEWEST_FIRST);
}
