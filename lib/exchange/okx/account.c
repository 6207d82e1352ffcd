/* exchange/okx/account.c - balances, positions, leverage and modes, fees, the account's book, permissions. */
#include <stdio.h>
#include <string.h>

#include "exchange/okx/okx.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Balances --- */

BUILD(balances) {
  bourse_put(call, "ccy", call->request->currency);
  return BOURSE_OK;
}

static int32_t balance_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__okx_balance row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__okx_balance_table, &row);
  if (code != BOURSE_OK) return code;
  bourse__okx_finish_balance(&row);
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  *balance = row.balance;
  return BOURSE_OK;
}

static int32_t account_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  if (bourse_slice_is(key, "details")) return bourse_read_array(call, decoder, "details", balance_row_read);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

static int32_t account_row(bourse_call *call, bourse_decoder *decoder) {
  return bourse_read_map(call, decoder, "data", account_entry);
}

PARSE(balances) { return bourse__okx_rows(call, reply, account_row); }

static const bourse_field funding_fields[] = {
    BOURSE_FIELD("availBal", DECIMAL, bourse_balance, free),
    BOURSE_FIELD("bal", DECIMAL, bourse_balance, total),
    BOURSE_FIELD_MUST("ccy", STRING, bourse_balance, currency),
    BOURSE_FIELD("frozenBal", DECIMAL, bourse_balance, used),
};
static const bourse_table funding_table = BOURSE_TABLE(funding_fields);

static int32_t funding_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  balance->wallet = BOURSE_WALLET_FUNDING;
  return bourse_decode_object(decoder, &funding_table, balance);
}

PARSE(funding_balances) { return bourse__okx_rows(call, reply, funding_row_read); }

static const bourse_name wallets[] = {
    {"trading", BOURSE_WALLET_UNIFIED}, {"funding", BOURSE_WALLET_FUNDING}, {"earn", BOURSE_WALLET_EARN}, {NULL, 0}};

/* {"details": {"funding": "0.09", ...}}, each in the currency asked for. */
static int32_t sum_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  balance->wallet = bourse_name_value(wallets, key);
  balance->name = bourse_arena_copy(call->arena, key.data, key.length);
  balance->currency = call->request->currency == NULL ? "BTC" : call->request->currency;
  if (balance->name == NULL) return bourse_fail_memory(call);
  return bourse_decode_value(decoder, BOURSE_AS_DECIMAL, NULL, "details", &balance->total);
}

static int32_t sums_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  if (bourse_slice_is(key, "details")) return bourse_read_map(call, decoder, "details", sum_entry);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

static int32_t sums_row(bourse_call *call, bourse_decoder *decoder) {
  return bourse_read_map(call, decoder, "data", sums_entry);
}

PARSE(sums) { return bourse__okx_rows(call, reply, sums_row); }

/* --- Positions --- */

/* The markets of the call, with commas between; NULL: memory is out. */
static const char *market_ids(bourse_call *call) {
  bourse_text text;
  bourse_text_init(&text, call->arena);
  if (call->market != NULL) bourse_text_string(&text, call->market->id);
  for (uint32_t i = 0; call->market == NULL && i < call->market_count; i++) {
    if (i > 0) bourse_text_char(&text, ',');
    bourse_text_string(&text, call->markets[i]->id);
  }
  return bourse_text_finish(&text);
}

/* Most markets that are named in one request for positions. */
#define POSITION_MARKETS 10

/* Of more markets than can be named all are told. */
BUILD(positions) {
  if (call->market == NULL && call->market_count > POSITION_MARKETS) return BOURSE_OK;
  const char *ids = market_ids(call);
  if (ids == NULL) return bourse_fail_memory(call);
  if (ids[0] != '\0') bourse_put(call, "instId", ids);
  return BOURSE_OK;
}

static int32_t position_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__okx_position row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__okx_position_table, &row);
  if (code != BOURSE_OK || !bourse__okx_is_wanted(call, row.id)) return code;
  const bourse_market *market = bourse__okx_name(call, row.id, &row.position.symbol, &row.position.market_id, &code);
  if (code == BOURSE_OK) code = bourse__okx_finish_position(market, &row);
  if (code != BOURSE_OK) return bourse__okx_row_failed(call, decoder, code, "pos");
  bourse_position *position = bourse_append(call, BOURSE_KIND_POSITION);
  if (position == NULL) return BOURSE_ERROR_MEMORY;
  *position = row.position;
  return BOURSE_OK;
}

PARSE(positions) { return bourse__okx_rows(call, reply, position_row_read); }

/* --- Leverage --- */

static const char *mode_text(const bourse_call *call) {
  return call->margin_mode == BOURSE_MARGIN_ISOLATED ? "isolated" : "cross";
}

BUILD(leverages) {
  if (call->market == NULL && (call->market_count == 0 || call->market_count > 20))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "symbols",
                       "OKX tells the leverage of 1 to 20 markets that are named");
  const char *ids = market_ids(call);
  if (ids == NULL) return bourse_fail_memory(call);
  bourse_put(call, "instId", ids);
  bourse_put(call, "mgnMode", mode_text(call));
  return BOURSE_OK;
}

typedef struct leverage_row {
  bourse_leverage leverage;
  bourse_slice id;
  bourse_slice side;
} leverage_row;

static const bourse_field leverage_fields[] = {
    BOURSE_FIELD_FULL("instId", SLICE, leverage_row, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("lever", DECIMAL, leverage_row, leverage.leverage),
    BOURSE_FIELD_ENUM("mgnMode", leverage_row, leverage.margin_mode, bourse__okx_margin_modes),
    BOURSE_FIELD("posSide", SLICE, leverage_row, side),
};
static const bourse_table leverage_table = BOURSE_TABLE(leverage_fields);

/* Sides that may differ are a row each. */
static int32_t leverage_row_read(bourse_call *call, bourse_decoder *decoder) {
  leverage_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &leverage_table, &row);
  if (code == BOURSE_OK) bourse__okx_name(call, row.id, &row.leverage.symbol, &row.leverage.market_id, &code);
  if (code != BOURSE_OK) return code;
  int32_t is_short = bourse_slice_is(row.side, "short"), is_long = bourse_slice_is(row.side, "long");
  row.leverage.hedged = is_short || is_long ? BOURSE_YES : BOURSE_NO;
  uint32_t count = bourse_appended(call);
  bourse_leverage *last = count > 0 ? bourse_appended_at(call, count - 1) : NULL;
  if (is_short && last != NULL && strcmp(last->market_id, row.leverage.market_id) == 0) {
    last->leverage_short = row.leverage.leverage;
    return BOURSE_OK;
  }
  bourse_leverage *record = bourse_append(call, BOURSE_KIND_LEVERAGE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = row.leverage;
  return BOURSE_OK;
}

PARSE(leverages) { return bourse__okx_rows(call, reply, leverage_row_read); }

/* The mode of a market is the one its leverage is set for. */
BUILD(set_leverage) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  if (!PRESENT(call->request->leverage) && bourse_own_param(call->request, "lever") == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "leverage",
                       "the margin mode is set together with leverage: give it too");
  bourse_put(call, "instId", call->market->id);
  bourse_put_decimal(call, "lever", &call->request->leverage);
  bourse_put(call, "mgnMode", mode_text(call));
  bourse_put(call, "posSide", bourse_name_text(bourse__okx_position_sides, call->request->position_side));
  return BOURSE_OK;
}

BUILD(margin) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  const char *side = bourse_name_text(bourse__okx_position_sides, call->request->position_side);
  bourse_put(call, "instId", call->market->id);
  bourse_put(call, "posSide", side == NULL ? "net" : side);
  bourse_put(call, "type", call->operation == BOURSE_OP_REDUCE_MARGIN ? "reduce" : "add");
  bourse_put_decimal(call, "amt", &call->request->amount);
  return BOURSE_OK;
}

/* --- Modes and permissions --- */

BUILD(position_mode) {
  bourse_put(call, "posMode", call->request->hedged > 0 ? "long_short_mode" : "net_mode");
  return BOURSE_OK;
}

/* Futures mode keeps the currencies apart, multi-currency margin does not. */
BUILD(account_mode) {
  bourse_put(call, "acctLv", call->request->multi_assets > 0 ? "3" : "2");
  return BOURSE_OK;
}

typedef struct config_row {
  bourse_slice level;
  bourse_slice mode;
  const char *uid;
  const char *permissions;
  const char *addresses;
} config_row;

static const bourse_field config_fields[] = {
    BOURSE_FIELD_FULL("acctLv", SLICE, config_row, level, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("ip", STRING, config_row, addresses),
    BOURSE_FIELD("perm", STRING, config_row, permissions),
    BOURSE_FIELD("posMode", SLICE, config_row, mode),
    BOURSE_FIELD("uid", ID, config_row, uid),
};
static const bourse_table config_table = BOURSE_TABLE(config_fields);

PARSE(position_mode) {
  config_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__okx_object(call, reply, &config_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_leverage *record = bourse_append(call, BOURSE_KIND_LEVERAGE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->hedged = bourse_slice_is(row.mode, "long_short_mode") ? BOURSE_YES : BOURSE_NO;
  record->multi_assets = bourse_slice_is(row.level, "3") || bourse_slice_is(row.level, "4") ? BOURSE_YES : BOURSE_NO;
  return BOURSE_OK;
}

static int32_t has_word(const char *list, const char *word) {
  size_t length = strlen(word);
  for (const char *at = list; at != NULL && *at != '\0'; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ','))
    if (strcspn(at, ",") == length && strncmp(at, word, length) == 0) return BOURSE_YES;
  return BOURSE_NO;
}

/* What may be traded follows from the mode of the account, too. */
PARSE(permissions) {
  config_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__okx_object(call, reply, &config_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_permissions *record = bourse_append(call, BOURSE_KIND_PERMISSIONS);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  int32_t trade = has_word(row.permissions, "trade"), beyond_spot = !bourse_slice_is(row.level, "1");
  record->account = row.uid;
  record->read = has_word(row.permissions, "read_only");
  record->spot = record->transfer = trade;
  record->margin = record->futures = record->options = trade > 0 && beyond_spot ? BOURSE_YES : BOURSE_NO;
  record->withdraw = has_word(row.permissions, "withdraw");
  record->address_bound = row.addresses != NULL && row.addresses[0] != '\0' ? BOURSE_YES : BOURSE_NO;
  return BOURSE_OK;
}

static const bourse_word account_modes[] = {
    {"spot", "1"}, {"futures", "2"}, {"multi-currency margin", "3"}, {"portfolio margin", "4"}};

/* The one of the key. */
PARSE(accounts) {
  config_row row;
  char level[8];
  memset(&row, 0, sizeof row);
  int32_t code = bourse__okx_object(call, reply, &config_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_account_info *info = bourse_append(call, BOURSE_KIND_ACCOUNT_INFO);
  if (info == NULL) return BOURSE_ERROR_MEMORY;
  snprintf(level, sizeof level, "%.*s", (int)row.level.length, row.level.data);
  info->id = row.uid;
  info->kind = bourse_word_name(BOURSE_ROWS(account_modes), level);
  return BOURSE_OK;
}

/* --- Fees: a change of the balance, so what is paid is negative --- */

typedef struct fee_group {
  bourse_decimal maker;
  bourse_decimal taker;
} fee_group;

typedef struct fee_row {
  fee_group usual;
  fee_group usdt;
  fee_group usdc;
  fee_group group; /* of the first of the groups */
  const char *tier;
} fee_row;

static const bourse_field group_fields[] = {
    BOURSE_FIELD("maker", DECIMAL, fee_group, maker),
    BOURSE_FIELD("taker", DECIMAL, fee_group, taker),
};
static const bourse_table group_table = BOURSE_TABLE(group_fields);

static int32_t read_groups(bourse_decoder *decoder, void *member) {
  uint32_t count = 0;
  int32_t code = bourse_decode_array_begin(decoder, "feeGroup");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    fee_group one;
    memset(&one, 0, sizeof one);
    code = bourse_decode_object(decoder, &group_table, &one);
    if (code == BOURSE_OK && count++ == 0) memcpy(member, &one, sizeof one);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field fee_fields[] = {
    BOURSE_FIELD_CUSTOM("feeGroup", fee_row, group, read_groups),
    BOURSE_FIELD("level", STRING, fee_row, tier),
    BOURSE_FIELD("maker", DECIMAL, fee_row, usual.maker),
    BOURSE_FIELD("makerU", DECIMAL, fee_row, usdt.maker),
    BOURSE_FIELD("makerUSDC", DECIMAL, fee_row, usdc.maker),
    BOURSE_FIELD("taker", DECIMAL, fee_row, usual.taker),
    BOURSE_FIELD("takerU", DECIMAL, fee_row, usdt.taker),
    BOURSE_FIELD("takerUSDC", DECIMAL, fee_row, usdc.taker),
};
static const bourse_table fee_table = BOURSE_TABLE(fee_fields);

BUILD(fee) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  int32_t spot = call->market->product == BOURSE_PRODUCT_SPOT;
  bourse_put(call, "instType", bourse__okx_type(call));
  bourse_put(call, spot ? "instId" : "instFamily", spot ? call->market->id : bourse__okx_family(call, call->market));
  return BOURSE_OK;
}

PARSE(fee) {
  fee_row row;
  memset(&row, 0, sizeof row);
  const bourse_market *market = call->market;
  int32_t code = bourse__okx_object(call, reply, &fee_table, &row);
  if (code != BOURSE_OK) return code;
  const fee_group *group = &row.usual;
  if (market != NULL && strcmp(market->quote, "USDC") == 0 && PRESENT(row.usdc.taker)) group = &row.usdc;
  if (market != NULL && market->product == BOURSE_PRODUCT_LINEAR && strcmp(market->quote, "USDT") == 0 &&
      PRESENT(row.usdt.taker))
    group = &row.usdt;
  if (!PRESENT(group->taker)) group = &row.group;
  if (!PRESENT(group->taker)) return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "taker", "the reply tells no fee");
  bourse_fee *fee = bourse_append(call, BOURSE_KIND_FEE);
  if (fee == NULL) return BOURSE_ERROR_MEMORY;
  fee->symbol = market == NULL ? NULL : market->symbol;
  fee->market_id = market == NULL ? NULL : market->id;
  fee->maker = group->maker;
  fee->taker = group->taker;
  bourse_decimal_negate(&fee->maker);
  bourse_decimal_negate(&fee->taker);
  fee->tier = row.tier;
  return BOURSE_OK;
}

/* --- The account's book --- */

static const bourse_word bill_kinds[] = {
    {"transfer", "1"},    {"trade", "2"},     {"delivery", "3"}, {"conversion", "4"}, {"liquidation", "5"},
    {"margin", "6"},      {"interest", "7"},  {"funding", "8"},  {"adl", "9"},        {"clawback", "10"},
    {"conversion", "11"}, {"transfer", "12"}, {"trade", "13"},
};
/* Of the funding account. */
static const bourse_word funding_kinds[] = {
    {"deposit", "1"},   {"withdrawal", "2"}, {"withdrawal", "13"}, {"transfer", "20"},
    {"transfer", "21"}, {"transfer", "130"}, {"transfer", "131"},
};

typedef struct bill_row {
  bourse_ledger_entry entry;
  bourse_slice id;
  const char *order_id;
} bill_row;

static const bourse_field bill_fields[] = {
    BOURSE_FIELD("bal", DECIMAL, bill_row, entry.balance), BOURSE_FIELD_MUST("balChg", DECIMAL, bill_row, entry.amount),
    BOURSE_FIELD_MUST("billId", ID, bill_row, entry.id),   BOURSE_FIELD_MUST("ccy", STRING, bill_row, entry.currency),
    BOURSE_FIELD("fee", DECIMAL, bill_row, entry.fee),     BOURSE_FIELD("instId", SLICE, bill_row, id),
    BOURSE_FIELD("notes", STRING, bill_row, entry.text),   BOURSE_FIELD("ordId", ID, bill_row, order_id),
    BOURSE_FIELD("ts", TIME_MS, bill_row, entry.time_ns),  BOURSE_FIELD_MUST("type", ID, bill_row, entry.native_kind),
};
static const bourse_table bill_table = BOURSE_TABLE(bill_fields);

BUILD(ledger) {
  const bourse_request *request = call->request;
  int32_t funding = (call->endpoint->variant & OKX_FUNDING) != 0;
  if (request->id != NULL) return bourse_unsupported(call, "id", "entries are found by currency and time");
  bourse_put(call, "ccy", request->currency);
  if (call->operation == BOURSE_OP_FETCH_FUNDING_HISTORY) bourse_put(call, "type", "8");
  if (call->operation == BOURSE_OP_FETCH_TRANSFERS) bourse_put(call, "type", "1");
  if (!funding && call->operation == BOURSE_OP_FETCH_LEDGER && (request->product != 0 || call->market != NULL)) {
    bourse_put(call, "instType", bourse__okx_type(call)); /* else of everything, transfers too */
    if (call->product == BOURSE_PRODUCT_SPOT)
      bourse_put(call, "mgnMode", bourse_name_text(bourse__okx_margin_modes, call->margin_mode));
  }
  if (call->market != NULL && !funding) bourse_put(call, "instId", call->market->id);
  if (!funding) {
    bourse_put_ms(call, "begin", request->since_ns);
    bourse_put_ms(call, "end", request->until_ns);
  }
  bourse__okx_put_page(call);
  return BOURSE_OK;
}

static int32_t bill_row_read(bourse_call *call, bourse_decoder *decoder) {
  bill_row row;
  const bourse_request *request = call->request;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bill_table, &row),
          funding = (call->endpoint->variant & OKX_FUNDING) != 0;
  bourse_ledger_entry *entry = &row.entry;
  if (code == BOURSE_OK)
    code = bourse__okx_seen(call, funding && entry->time_ns < request->since_ns ? NULL : entry->id);
  if (code != BOURSE_OK || !bourse__okx_is_in_range(call, entry->time_ns)) return code;
  if (call->market != NULL && row.id.length > 0 && !bourse_slice_is(row.id, call->market->id)) return BOURSE_OK;
  if (row.id.length > 0) {
    const bourse_market *market = bourse_market_by_id(call, bourse__okx_product_of(row.id), row.id);
    if (market != NULL) entry->symbol = market->symbol;
  }
  if (entry->text != NULL && entry->text[0] == '\0') entry->text = NULL;
  if (row.order_id != NULL && row.order_id[0] != '\0') entry->reference = row.order_id;
  entry->kind = funding ? bourse_word_name(BOURSE_ROWS(funding_kinds), entry->native_kind)
                        : bourse_word_name(BOURSE_ROWS(bill_kinds), entry->native_kind);
  bourse_decimal_negate(&entry->fee);
  if (call->operation == BOURSE_OP_FETCH_TRANSFERS) {
    bourse_transfer *transfer = bourse_append(call, BOURSE_KIND_TRANSFER);
    if (transfer == NULL) return BOURSE_ERROR_MEMORY;
    int32_t leaves = bourse_decimal_sign(&entry->amount) < 0;
    *transfer = (bourse_transfer){.id = entry->id,
                                  .currency = entry->currency,
                                  .native_type = entry->native_kind,
                                  .time_ns = entry->time_ns,
                                  .amount = entry->amount,
                                  .from = leaves ? BOURSE_WALLET_UNIFIED : BOURSE_WALLET_FUNDING,
                                  .to = leaves ? BOURSE_WALLET_FUNDING : BOURSE_WALLET_UNIFIED,
                                  .status = BOURSE_TRANSFER_OK};
    bourse_decimal_absolute(&transfer->amount);
    return BOURSE_OK;
  }
  bourse_ledger_entry *record = bourse_append(call, BOURSE_KIND_LEDGER_ENTRY);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *entry;
  return BOURSE_OK;
}

PARSE(ledger) { return bourse__okx_list(call, reply, bill_row_read); }
