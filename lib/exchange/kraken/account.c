/* exchange/kraken/account.c - balances, positions on margin, fees, the account's book, permissions. */
#include <inttypes.h>
#include <string.h>

#include "exchange/kraken/kraken.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Balances --- */

typedef struct balance_row {
  bourse_decimal balance;
  bourse_decimal hold;
  bourse_decimal credit;
  bourse_decimal credit_used;
} balance_row;

static const bourse_field balance_fields[] = {
    BOURSE_FIELD_MUST("balance", DECIMAL, balance_row, balance),
    BOURSE_FIELD("hold_trade", DECIMAL, balance_row, hold),
    BOURSE_FIELD("credit", DECIMAL, balance_row, credit),
    BOURSE_FIELD("credit_used", DECIMAL, balance_row, credit_used),
};
static const bourse_table balance_table = BOURSE_TABLE(balance_fields);

/* Balance answers the totals alone. */
static int32_t read_balance(bourse_decoder *decoder, balance_row *row) {
  if (bourse_json_kind(&decoder->json) == BOURSE_JSON_OBJECT) return bourse_decode_object(decoder, &balance_table, row);
  int32_t code = bourse_decode_value(decoder, BOURSE_AS_DECIMAL, NULL, "balance", &row->balance);
  return code == BOURSE_OK ? bourse_decode_need(decoder, PRESENT(row->balance), "balance") : code;
}

static void add(bourse_decimal *sum, const bourse_decimal *value, int32_t sign) {
  bourse_decimal result;
  if (!bourse_decimal_is_present(value)) return;
  int32_t code = sign > 0 ? bourse_decimal_add(&result, sum, value) : bourse_decimal_sub(&result, sum, value);
  if (code == BOURSE_OK) *sum = result;
}

/* What can be spent is the balance and what is lent of it, without what orders hold. */
static void set_amounts(bourse_balance *balance, const balance_row *row) {
  balance->total = row->balance;
  if (!PRESENT(row->hold)) return;
  balance->used = row->hold;
  balance->free = row->balance;
  add(&balance->free, &row->credit, 1);
  add(&balance->free, &row->credit_used, -1);
  add(&balance->free, &row->hold, -1);
  if (PRESENT(row->credit_used)) balance->borrowed = row->credit_used;
}

/* "XBT.M": what is behind the dot tells where it lies, bonded, staked, earning or on hold; that is not spendable. Flexible
 * earning (.F) is. A currency that is tokenised (.T) is one of its own. */
static size_t suffix_at(bourse_slice asset) {
  for (size_t i = 1; i + 1 < asset.length; i++)
    if (asset.data[i] == '.' && !(i + 2 == asset.length && asset.data[i + 1] == 'T')) return i;
  return asset.length;
}

static int32_t balance_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  balance_row row;
  memset(&row, 0, sizeof row);
  int32_t code = read_balance(decoder, &row);
  if (code != BOURSE_OK) return code;
  size_t length = suffix_at(key);
  const char *currency = bourse__kraken_currency(call, (bourse_slice){key.data, length});
  const char *name = bourse_arena_copy(call->arena, key.data, key.length);
  if (currency == NULL || name == NULL) return bourse_fail_memory(call);
  const char *asked = call->request->currency;
  if (asked != NULL && strcmp(asked, currency) != 0 && strcmp(asked, name) != 0) return BOURSE_OK;
  int32_t away = length < key.length,
          spendable = !away || bourse_slice_is((bourse_slice){key.data + length, key.length - length}, ".F");
  if (away && call->request->wallet == BOURSE_WALLET_SPOT) return BOURSE_OK;
  if (!away && call->request->wallet == BOURSE_WALLET_EARN) return BOURSE_OK;
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  balance->currency = currency;
  balance->name = name;
  balance->wallet = away ? BOURSE_WALLET_EARN : BOURSE_WALLET_SPOT;
  balance->time_ns = call->now_ns;
  set_amounts(balance, &row);
  if (spendable) return BOURSE_OK;
  balance->used = row.balance;
  bourse_decimal_from_int64(&balance->free, 0);
  return BOURSE_OK;
}

BUILD(balances) {
  int32_t wallet = call->request->wallet;
  if (wallet == 0 || wallet == BOURSE_WALLET_SPOT || wallet == BOURSE_WALLET_EARN || wallet == BOURSE_WALLET_ALL)
    return BOURSE_OK;
  return bourse_unsupported(call, "wallet",
                            "the wallets are spot, earn and cross; those of futures need a handle with product linear");
}

PARSE(balances) { return bourse__kraken_map(call, reply, balance_entry); }

/* What margin trading stands on, all currencies together, in one of them. */
static const bourse_field summary_fields[] = {
    BOURSE_FIELD("eb", CHECK, bourse_balance, currency),        BOURSE_FIELD_MUST("tb", DECIMAL, bourse_balance, total),
    BOURSE_FIELD("m", DECIMAL, bourse_balance, used),           BOURSE_FIELD("uv", CHECK, bourse_balance, currency),
    BOURSE_FIELD("n", DECIMAL, bourse_balance, unrealized_pnl), BOURSE_FIELD("e", DECIMAL, bourse_balance, equity),
    BOURSE_FIELD("mf", DECIMAL, bourse_balance, free),
};
static const bourse_table summary_table = BOURSE_TABLE(summary_fields);

BUILD(margin_balance) {
  bourse_put(call, "asset", bourse__kraken_asset(call->request->currency));
  return BOURSE_OK;
}

PARSE(margin_balance) {
  bourse_balance summary;
  memset(&summary, 0, sizeof summary);
  int32_t code = bourse__kraken_object(call, reply, &summary_table, &summary);
  if (code != BOURSE_OK) return code;
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  *balance = summary;
  balance->currency = call->request->currency == NULL ? "USD" : call->request->currency;
  balance->wallet = BOURSE_WALLET_CROSS;
  balance->time_ns = call->now_ns;
  return BOURSE_OK;
}

/* --- Positions --- */

typedef struct position_row {
  bourse_position position;
  bourse_slice pair;
  bourse_slice side;
  bourse_decimal cost;
  bourse_decimal volume;
  bourse_decimal closed;
} position_row;

/* "+154186.9728": numbers with a sign of their own. */
static int32_t read_signed(bourse_decoder *decoder, void *member) {
  bourse_slice text = {NULL, 0};
  int32_t code = bourse_decode_text(decoder, &text);
  if (code != BOURSE_OK) return code;
  if (text.length > 0 && text.data[0] == '+') text.data++, text.length--;
  if (bourse_decimal_parse(member, text.data, text.length) == BOURSE_OK) return BOURSE_OK;
  return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "net", "not a number");
}

static const bourse_field position_fields[] = {
    BOURSE_FIELD("ordertxid", CHECK, position_row, position),
    BOURSE_FIELD("posstatus", CHECK, position_row, position),
    BOURSE_FIELD_FULL("pair", SLICE, position_row, pair, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("time", TIME_S, position_row, position.time_ns),
    BOURSE_FIELD_FULL("type", SLICE, position_row, side, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("ordertype", CHECK, position_row, position),
    BOURSE_FIELD("cost", DECIMAL, position_row, cost),
    BOURSE_FIELD("fee", CHECK, position_row, position),
    BOURSE_FIELD_MUST("vol", DECIMAL, position_row, volume),
    BOURSE_FIELD("vol_closed", DECIMAL, position_row, closed),
    BOURSE_FIELD("margin", DECIMAL, position_row, position.margin),
    BOURSE_FIELD("value", DECIMAL, position_row, position.notional),
    BOURSE_FIELD_CUSTOM("net", position_row, position.unrealized_pnl, read_signed),
    BOURSE_FIELD("leverage", DECIMAL, position_row, position.leverage),
};
static const bourse_table position_table = BOURSE_TABLE(position_fields);

/* Digits of a quotient: eight beyond those of the price tick. */
static int32_t price_digits(const bourse_market *market) {
  int32_t digits = market != NULL && PRESENT(market->price_tick) ? -market->price_tick.exponent : 2;
  return (digits < 0 ? 0 : digits > 18 ? 18 : digits) + 8;
}

static int32_t finish_position(bourse_call *call, position_row *row) {
  bourse_position *position = &row->position;
  const bourse_market *market = bourse__kraken_market(call, row->pair);
  position->symbol = market == NULL ? NULL : market->symbol;
  position->market_id = market != NULL ? market->id : bourse_arena_copy(call->arena, row->pair.data, row->pair.length);
  if (position->market_id == NULL) return bourse_fail_memory(call);
  position->side = bourse_slice_is(row->side, "buy")    ? BOURSE_POSITION_LONG
                   : bourse_slice_is(row->side, "sell") ? BOURSE_POSITION_SHORT
                                                        : 0;
  position->amount = row->volume;
  add(&position->amount, &row->closed, -1);
  position->initial_margin = position->margin;
  if (market != NULL && PRESENT(position->margin)) position->margin_currency = market->quote;
  position->margin_mode = BOURSE_MARGIN_CROSS;
  if (PRESENT(row->cost) && bourse_decimal_sign(&row->volume) > 0)
    bourse_decimal_div(&position->entry_price, &row->cost, &row->volume, price_digits(market), BOURSE_ROUND_HALF_EVEN);
  return BOURSE_OK;
}

static int32_t append_position(bourse_call *call, bourse_decoder *decoder, bourse_slice id) {
  position_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &position_table, &row);
  if (code == BOURSE_OK) code = finish_position(call, &row);
  if (code != BOURSE_OK) return code;
  int32_t named = call->market == NULL || call->market->id != call->market->symbol;
  if (named && !bourse_is_wanted(call, row.position.market_id)) return BOURSE_OK;
  if (id.length > 0) row.position.id = bourse_arena_copy(call->arena, id.data, id.length);
  if (id.length > 0 && row.position.id == NULL) return bourse_fail_memory(call);
  if (call->operation == BOURSE_OP_CLOSE_POSITION) {
    bourse__kraken_position *found = bourse_arena_alloc(call->arena, sizeof *found);
    if (found == NULL) return bourse_fail_memory(call);
    found->side = row.position.side;
    found->leverage = row.position.leverage;
    /* Leverage is a whole number; where it is not told it is what the margin is a part of. */
    if (!PRESENT(found->leverage) && bourse_decimal_sign(&row.position.margin) > 0)
      bourse_decimal_div(&found->leverage, &row.cost, &row.position.margin, 0, BOURSE_ROUND_HALF_EVEN);
    if (call->request->position_side == 0 || call->request->position_side == found->side) call->memory = found;
    return BOURSE_OK;
  }
  bourse_position *position = bourse_append(call, BOURSE_KIND_POSITION);
  if (position == NULL) return BOURSE_ERROR_MEMORY;
  *position = row.position;
  return BOURSE_OK;
}

static int32_t position_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  return append_position(call, decoder, key);
}

static int32_t position_row_read(bourse_call *call, bourse_decoder *decoder) {
  return append_position(call, decoder, (bourse_slice){"", 0});
}

BUILD(positions) {
  bourse_put(call, "docalcs", "true");
  bourse_put(call, "consolidation", "market");
  return BOURSE_OK;
}

/* Positions put together by market have no ids: a list. Single ones are a map. */
static int32_t read_positions(bourse_call *call, const bourse_http_reply *reply) {
  bourse_http_reply result;
  bourse_decoder decoder;
  int32_t code = bourse__kraken_unwrap(call, reply, &result);
  if (code != BOURSE_OK) return code;
  bourse_decode_reply(call, &decoder, &result);
  code = bourse_is_array(&result) ? bourse_read_array(call, &decoder, "result", position_row_read)
                                  : bourse_read_map(call, &decoder, "result", position_entry);
  return bourse_read_end(call, &decoder, code);
}

PARSE(positions) { return read_positions(call, reply); }

PARSE(position_to_close) {
  call->memory = NULL;
  int32_t code = read_positions(call, reply);
  if (code != BOURSE_OK) return code;
  if (call->memory == NULL) return bourse_no_position(call);
  const bourse__kraken_position *position = call->memory;
  if (!PRESENT(position->leverage))
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "leverage", "the reply does not tell the position's leverage");
  return BOURSE_CONTINUE;
}

/* --- Fees --- */

typedef struct fee_row {
  bourse_decimal percent;
} fee_row;
static const bourse_field fee_fields[] = {BOURSE_FIELD_MUST("fee", DECIMAL, fee_row, percent)};
static const bourse_table fee_table = BOURSE_TABLE(fee_fields);

static bourse_fee *fee_of(bourse_call *call, bourse_slice key) {
  const bourse_market *market = bourse__kraken_market(call, key);
  const char *id = market != NULL ? market->id : bourse_arena_copy(call->arena, key.data, key.length);
  if (id == NULL) return NULL;
  for (uint32_t i = 0; i < bourse_appended(call); i++) {
    bourse_fee *fee = bourse_appended_at(call, i);
    if (strcmp(fee->market_id, id) == 0) return fee;
  }
  bourse_fee *fee = bourse_append(call, BOURSE_KIND_FEE);
  if (fee == NULL) return NULL;
  fee->market_id = id;
  fee->symbol = market == NULL ? NULL : market->symbol;
  return fee;
}

static int32_t fee_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key, int32_t maker) {
  fee_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &fee_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_fee *fee = fee_of(call, key);
  if (fee == NULL) return bourse_fail_memory(call);
  row.percent.exponent -= 2;
  *(maker ? &fee->maker : &fee->taker) = row.percent;
  return BOURSE_OK;
}

static int32_t taker_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  return fee_entry(call, decoder, key, 0);
}
static int32_t maker_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  return fee_entry(call, decoder, key, 1);
}

/* Without markets in the request both are null. */
static int32_t fees_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  int32_t taker = bourse_slice_is(key, "fees"), maker = bourse_slice_is(key, "fees_maker");
  if ((taker || maker) && bourse_json_kind(&decoder->json) == BOURSE_JSON_OBJECT)
    return bourse_read_map(call, decoder, "fees", taker ? taker_entry : maker_entry);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

BUILD(fees) {
  if (call->market == NULL && call->market_count == 0)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "symbols", "Kraken tells fees of the markets that are named only");
  return bourse__kraken_put_pairs(call);
}

/* A pair that pays the same either way is in one list only. */
PARSE(fees) {
  int32_t code = bourse__kraken_map(call, reply, fees_entry);
  for (uint32_t i = 0; code == BOURSE_OK && i < bourse_appended(call); i++) {
    bourse_fee *fee = bourse_appended_at(call, i);
    if (!PRESENT(fee->maker)) fee->maker = fee->taker;
  }
  return code;
}

/* --- The account's book --- */

static const struct {
  const char *native;
  const char *kind;
} ledger_kinds[] = {
    {"rollover", "interest"}, {"margin", "pnl"}, {"staking", "reward"}, {"spend", "trade"}, {"receive", "trade"},
};

typedef struct ledger_row {
  bourse_ledger_entry entry;
  bourse_slice type;
  const char *subtype;
} ledger_row;

static const bourse_field ledger_fields[] = {
    BOURSE_FIELD("refid", ID, ledger_row, entry.reference),
    BOURSE_FIELD_MUST("time", TIME_S, ledger_row, entry.time_ns),
    BOURSE_FIELD_FULL("type", SLICE, ledger_row, type, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("subtype", STRING, ledger_row, subtype),
    BOURSE_FIELD("aclass", CHECK, ledger_row, entry),
    BOURSE_FIELD_FULL("asset", CUSTOM, ledger_row, entry.currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kraken_read_currency),
    BOURSE_FIELD_MUST("amount", DECIMAL, ledger_row, entry.amount),
    BOURSE_FIELD("fee", DECIMAL, ledger_row, entry.fee),
    BOURSE_FIELD("balance", DECIMAL, ledger_row, entry.balance),
};
static const bourse_table ledger_table = BOURSE_TABLE(ledger_fields);

static int32_t read_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key, ledger_row *row) {
  memset(row, 0, sizeof *row);
  int32_t code = bourse_decode_object(decoder, &ledger_table, row);
  if (code != BOURSE_OK) return code;
  bourse__kraken_count_row(call);
  row->entry.id = bourse_arena_copy(call->arena, key.data, key.length);
  row->entry.native_kind = bourse_arena_copy(call->arena, row->type.data, row->type.length);
  if (row->entry.id == NULL || row->entry.native_kind == NULL) return bourse_fail_memory(call);
  return BOURSE_OK;
}

static int32_t ledger_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  ledger_row row;
  int32_t code = read_entry(call, decoder, key, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.entry.time_ns)) return code;
  row.entry.kind = row.entry.native_kind;
  for (size_t i = 0; i < sizeof ledger_kinds / sizeof ledger_kinds[0]; i++)
    if (strcmp(ledger_kinds[i].native, row.entry.kind) == 0) row.entry.kind = ledger_kinds[i].kind;
  if (row.subtype != NULL && row.subtype[0] != '\0') row.entry.text = row.subtype;
  bourse_ledger_entry *entry = bourse_append(call, BOURSE_KIND_LEDGER_ENTRY);
  if (entry == NULL) return BOURSE_ERROR_MEMORY;
  *entry = row.entry;
  return BOURSE_OK;
}

/* Between own wallets, the futures wallet among them: what went out, and what came in. */
static int32_t transfer_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  ledger_row row;
  int32_t code = read_entry(call, decoder, key, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.entry.time_ns)) return code;
  const char *subtype = row.subtype == NULL ? "" : row.subtype;
  bourse_transfer transfer = {.id = row.entry.id,
                              .currency = row.entry.currency,
                              .native_type = subtype,
                              .time_ns = row.entry.time_ns,
                              .status = BOURSE_TRANSFER_OK};
  int32_t futures = strstr(subtype, "futures") != NULL, earn = strstr(subtype, "staking") != NULL;
  int32_t other = futures ? BOURSE_WALLET_LINEAR : earn ? BOURSE_WALLET_EARN : 0;
  int32_t leaves = bourse_decimal_sign(&row.entry.amount) < 0;
  transfer.amount = row.entry.amount;
  if (leaves) bourse_decimal_negate(&transfer.amount);
  transfer.from = leaves ? BOURSE_WALLET_SPOT : other;
  transfer.to = leaves ? other : BOURSE_WALLET_SPOT;
  const bourse_request *request = call->request;
  if (request->from_wallet != 0 && request->from_wallet != transfer.from) return BOURSE_OK;
  if (request->to_wallet != 0 && request->to_wallet != transfer.to) return BOURSE_OK;
  bourse_transfer *record = bourse_append(call, BOURSE_KIND_TRANSFER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = transfer;
  return BOURSE_OK;
}

static int32_t ledgers_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  bourse_entry_function entry = call->operation == BOURSE_OP_FETCH_TRANSFERS ? transfer_entry : ledger_entry;
  if (bourse_slice_is(key, "ledger")) return bourse_read_map(call, decoder, "ledger", entry);
  if (bourse_slice_is(key, "count")) return bourse__kraken_read_count(call, decoder);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

BUILD(ledger) {
  const bourse_request *request = call->request;
  if (request->symbol != NULL)
    return bourse_unsupported(call, "symbol", "the account's book is by currency, not by market");
  bourse_put(call, "asset", bourse__kraken_asset(request->currency));
  if (call->operation == BOURSE_OP_FETCH_TRANSFERS) bourse_put(call, "type", "transfer");
  return bourse__kraken_put_page(call);
}

PARSE(ledger) {
  int32_t code = bourse__kraken_map(call, reply, ledgers_entry);
  return code == BOURSE_OK ? bourse__kraken_next_page(call) : code;
}

BUILD(ledger_of_id) {
  bourse_put(call, "id", call->request->id);
  return BOURSE_OK;
}

PARSE(ledger_of_id) {
  int32_t code = bourse__kraken_map(call, reply, ledger_entry);
  if (code != BOURSE_OK || bourse_appended(call) > 0) return code;
  return bourse_fail(call, BOURSE_ERROR_NOT_FOUND, "id", "Kraken's book has no entry of that id");
}

/* --- Permissions --- */

typedef struct permission_words {
  const char *const *words;
  uint32_t count;
} permission_words;

typedef struct permission_row {
  bourse_permissions permissions;
  permission_words granted;
  permission_words addresses;
} permission_row;

static int32_t read_words(bourse_decoder *decoder, void *member) {
  permission_words *list = member;
  return bourse_decode_strings(decoder, &list->words, &list->count);
}

static const bourse_field permission_fields[] = {
    BOURSE_FIELD_FULL("permissions", CUSTOM, permission_row, granted, BOURSE_FIELD_REQUIRED, NULL, read_words),
    BOURSE_FIELD("iban", STRING, permission_row, permissions.account),
    BOURSE_FIELD_CUSTOM("valid_until", permission_row, permissions.expires_ns, bourse_decode_time_s),
    BOURSE_FIELD_CUSTOM("created_time", permission_row, permissions.created_ns, bourse_decode_time_s),
    BOURSE_FIELD_CUSTOM("ip_allowlist", permission_row, addresses, read_words),
};
static const bourse_table permission_table = BOURSE_TABLE(permission_fields);

static int32_t has_word(const permission_words *list, const char *word) {
  for (uint32_t i = 0; i < list->count; i++)
    if (strcmp(list->words[i], word) == 0) return BOURSE_YES;
  return BOURSE_NO;
}

/* A key is of one kind: this one never trades futures. */
PARSE(permissions) {
  permission_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kraken_object(call, reply, &permission_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_permissions *permissions = bourse_append(call, BOURSE_KIND_PERMISSIONS);
  if (permissions == NULL) return BOURSE_ERROR_MEMORY;
  *permissions = row.permissions;
  permissions->read = has_word(&row.granted, "query-funds");
  permissions->spot = permissions->margin = has_word(&row.granted, "modify-trades");
  permissions->futures = permissions->options = BOURSE_NO;
  permissions->withdraw = permissions->transfer = has_word(&row.granted, "withdraw-funds");
  permissions->address_bound = BOURSE_NO;
  for (uint32_t i = 0; i < row.addresses.count; i++)
    if (row.addresses.words[i][0] != '\0') permissions->address_bound = BOURSE_YES;
  return BOURSE_OK;
}

/* --- The token that private streams begin with --- */

typedef struct token_row {
  const char *token;
  int64_t seconds;
} token_row;

static const bourse_field token_fields[] = {
    BOURSE_FIELD_MUST("token", STRING, token_row, token),
    BOURSE_FIELD("expires", INT64, token_row, seconds),
};
static const bourse_table token_table = BOURSE_TABLE(token_fields);

PARSE(stream_token) {
  token_row row = {NULL, 0};
  int32_t code = bourse__kraken_object(call, reply, &token_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_receipt *receipt = bourse_append(call, BOURSE_KIND_RECEIPT);
  if (receipt == NULL) return BOURSE_ERROR_MEMORY;
  receipt->id = row.token;
  receipt->time_ns = call->now_ns;
  if (row.seconds > 0 && row.seconds < 86400) receipt->due_ns = call->now_ns + row.seconds * KRAKEN_SECOND;
  receipt->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}
