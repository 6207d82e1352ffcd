/* exchange/coinbase/wallet.c - transfers, deposits, withdrawals: an older API, in which every wallet has an id of its own. */
#include <string.h>

#include "exchange/coinbase/coinbase.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- The wallet of a currency --- */

/* What was found: the id, and whether it holds money of a state. */
typedef struct found_wallet {
  const char *id;
  int32_t fiat;
  int32_t reserved;
} found_wallet;

static const char *const states[] = {"USD", "EUR", "GBP", "CAD", "AUD", "SGD", "JPY", "CHF", "BRL", "MXN", "INR"};

static int32_t is_state_money(const char *currency) {
  for (size_t i = 0; currency != NULL && i < sizeof states / sizeof states[0]; i++)
    if (strcmp(states[i], currency) == 0) return 1;
  return 0;
}

static const char *wallet_id(const bourse_call *call) {
  const found_wallet *found = call->memory;
  return found != NULL ? found->id : call->request->account;
}

int32_t bourse__coinbase_wants_wallet(const bourse_call *call) {
  return call->memory == NULL && call->request->account == NULL;
}

int32_t bourse__coinbase_is_fiat(const bourse_call *call) {
  const found_wallet *found = call->memory;
  return found != NULL ? found->fiat : is_state_money(call->request->currency);
}

BUILD(wallet) {
  if (call->request->currency == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "currency", "Coinbase wants currency here: each has a wallet");
  bourse_put_int(call, "limit", 250);
  bourse_put(call, "cursor", bourse_page_token(call));
  return BOURSE_OK;
}

typedef struct wallet_row {
  const char *id;
  const char *currency;
  bourse_slice kind;
} wallet_row;

static const bourse_field wallet_fields[] = {
    BOURSE_FIELD_MUST("uuid", STRING, wallet_row, id),
    BOURSE_FIELD_CUSTOM("currency", wallet_row, currency, bourse__coinbase_read_currency),
    BOURSE_FIELD("type", SLICE, wallet_row, kind),
};
static const bourse_table wallet_table = BOURSE_TABLE(wallet_fields);

/* Of several wallets of a currency the first, which is the one that trades. */
static int32_t wallet_row_read(bourse_call *call, bourse_decoder *decoder) {
  wallet_row row = {NULL, NULL, {NULL, 0}};
  int32_t code = bourse_decode_object(decoder, &wallet_table, &row);
  if (code != BOURSE_OK || call->memory != NULL || row.currency == NULL ||
      strcmp(row.currency, bourse__coinbase_currency(call->request->currency)) != 0)
    return code;
  found_wallet *found = bourse_arena_alloc(call->arena, sizeof *found);
  if (found == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "accounts", "memory is out");
  found->id = row.id;
  found->fiat = bourse_slice_contains(row.kind, "FIAT");
  call->memory = found;
  return BOURSE_OK;
}

PARSE(wallet) {
  bourse_page page = {NULL, 0};
  int32_t code = bourse_read_page(call, reply, "accounts", "cursor", wallet_row_read, &page);
  if (code != BOURSE_OK) return code;
  if (call->memory != NULL) return BOURSE_CONTINUE;
  code = bourse_look_on(call, &page);
  return code != BOURSE_OK ? code
                           : bourse_fail(call, BOURSE_ERROR_NOT_FOUND, "currency", "there is no wallet of %s",
                                         call->request->currency == NULL ? "it" : call->request->currency);
}

/* Pages begin after the last entry of the one before. */
static int32_t put_wallet(bourse_call *call) { return bourse_set_path(call, wallet_id(call), NULL, NULL); }

typedef struct v2_page {
  const char *next;
} v2_page;

static const bourse_field page_fields[] = {BOURSE_FIELD("next_starting_after", STRING, v2_page, next)};
static const bourse_table page_table = BOURSE_TABLE(page_fields);

/* {"pagination": {...}, "data": [...]}. */
typedef struct v2_list {
  bourse_page page;
  bourse_row_function row;
} v2_list;

static int32_t read_pagination(bourse_decoder *decoder, void *member) {
  v2_page page = {NULL};
  int32_t code = bourse_decode_object(decoder, &page_table, &page);
  ((v2_list *)member)->page.token = page.next;
  return code;
}

static int32_t read_data(bourse_decoder *decoder, void *member) {
  v2_list *list = member;
  int32_t code = bourse_decode_array_begin(decoder, "data");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    list->page.rows++;
    code = list->row(decoder->user_data, decoder);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field list_fields[] = {
    BOURSE_FIELD_CUSTOM("pagination", v2_list, page, read_pagination),
    BOURSE_FIELD_FULL("data", CUSTOM, v2_list, page, BOURSE_FIELD_REQUIRED, NULL, read_data),
};
static const bourse_table list_table = BOURSE_TABLE(list_fields);
_Static_assert(offsetof(v2_list, page) == 0, "lists are read through the address of their page");

static int32_t read_list(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  v2_list list = {{NULL, 0}, row};
  int32_t code = bourse_read_object(call, reply, &list_table, &list);
  return code == BOURSE_OK ? bourse_next_page(call, &list.page, BOURSE_NEWEST_FIRST) : code;
}

/* {"data": {...}}; an answer was once seen without the envelope. */
typedef struct v2_one {
  bourse_slice data;
} v2_one;

static const bourse_field one_fields[] = {BOURSE_FIELD("data", RAW, v2_one, data)};
static const bourse_table one_table = BOURSE_TABLE(one_fields);

static int32_t read_one(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  v2_one one = {{NULL, 0}};
  bourse_http_reply inner = *reply;
  int32_t code = bourse_read_object(call, reply, &one_table, &one);
  if (code != BOURSE_OK) return code;
  if (one.data.data != NULL) {
    inner.body = one.data.data;
    inner.body_length = one.data.length;
  }
  return bourse_read_rows(call, &inner, row);
}

/* --- Networks --- */

static const bourse_word networks[] = {
    {"BTC", "bitcoin"},     {"ERC20", "ethereum"},   {"SOL", "solana"},        {"LTC", "litecoin"},
    {"DOGE", "dogecoin"},   {"BCH", "bitcoin_cash"}, {"XRP", "ripple"},        {"XLM", "stellar"},
    {"MATIC", "polygon"},   {"BASE", "base"},        {"OPTIMISM", "optimism"}, {"ARBONE", "arbitrum"},
    {"AVAXC", "avacchain"},
};

/* --- Deposit addresses --- */

typedef struct address_row {
  bourse_deposit_address address;
  const char *network;
  const char *nested_tag;
} address_row;

static const bourse_field info_fields[] = {
    BOURSE_FIELD("address", CHECK, address_row, address),
    BOURSE_FIELD("destination_tag", ID, address_row, nested_tag),
};
static const bourse_table info_table = BOURSE_TABLE(info_fields);

static int32_t read_info(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &info_table, member);
}

static const bourse_field address_fields[] = {
    BOURSE_FIELD_MUST("address", STRING, address_row, address.address),
    BOURSE_FIELD_CUSTOM("address_info", address_row, address, read_info),
    BOURSE_FIELD("network", STRING, address_row, network),
    BOURSE_FIELD("destination_tag", ID, address_row, address.tag),
    BOURSE_FIELD("deposit_uri", STRING, address_row, address.url),
};
static const bourse_table address_table = BOURSE_TABLE(address_fields);
_Static_assert(offsetof(address_row, address) == 0, "what is nested is read through the address of the row");

/* Where one address is wanted it is the first, which is the newest. */
static int32_t address_row_read(bourse_call *call, bourse_decoder *decoder) {
  address_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &address_table, &row);
  if (code != BOURSE_OK) return code;
  const char *network = bourse_word_name(BOURSE_ROWS(networks), row.network), *wanted = call->request->network;
  if (wanted != NULL && row.network != NULL && strcmp(wanted, row.network) != 0 && strcmp(wanted, network) != 0)
    return BOURSE_OK;
  if (call->operation != BOURSE_OP_FETCH_DEPOSIT_ADDRESSES && bourse_appended(call) > 0) return BOURSE_OK;
  bourse_deposit_address *address = bourse_append(call, BOURSE_KIND_DEPOSIT_ADDRESS);
  if (address == NULL) return BOURSE_ERROR_MEMORY;
  *address = row.address;
  if (address->tag == NULL) address->tag = row.nested_tag;
  address->network = network;
  address->currency = call->request->currency;
  return BOURSE_OK;
}

PARSE(addresses) {
  int32_t code = read_list(call, reply, address_row_read);
  if (code != BOURSE_OK || call->operation == BOURSE_OP_FETCH_DEPOSIT_ADDRESSES || bourse_appended(call) > 0)
    return code;
  return bourse_fail(call, BOURSE_ERROR_NOT_FOUND, "currency",
                     "there is no address yet for %s; create_deposit_address makes one", call->request->currency);
}

BUILD(new_address) {
  bourse_put(call, "network", bourse_word_native(BOURSE_ROWS(networks), call->request->network));
  return put_wallet(call);
}

PARSE(address) { return read_one(call, reply, address_row_read); }

/* --- Transactions: what moved on a wallet --- */

static const bourse_name statuses[] = {
    {"completed", BOURSE_TRANSFER_OK},
    {"pending", BOURSE_TRANSFER_PENDING},
    {"created", BOURSE_TRANSFER_PENDING},
    {"waiting_for_clearing", BOURSE_TRANSFER_PENDING},
    {"waiting_for_signature", BOURSE_TRANSFER_PENDING},
    {"failed", BOURSE_TRANSFER_FAILED},
    {"expired", BOURSE_TRANSFER_FAILED},
    {"canceled", BOURSE_TRANSFER_CANCELED},
    {NULL, 0},
};

typedef struct sum {
  bourse_decimal amount;
  const char *currency;
} sum;

static const bourse_field sum_fields[] = {
    BOURSE_FIELD("amount", DECIMAL, sum, amount),
    BOURSE_FIELD_CUSTOM("currency", sum, currency, bourse__coinbase_read_currency),
};
static const bourse_table sum_table = BOURSE_TABLE(sum_fields);

static int32_t read_sum(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &sum_table, member);
}

typedef struct chain {
  const char *name;
  const char *hash;
  sum fee;
} chain;

static const bourse_field chain_fields[] = {
    BOURSE_FIELD("hash", STRING, chain, hash),
    BOURSE_FIELD("network_name", STRING, chain, name),
    BOURSE_FIELD("name", STRING, chain, name),
    BOURSE_FIELD_CUSTOM("transaction_fee", chain, fee, read_sum),
};
static const bourse_table chain_table = BOURSE_TABLE(chain_fields);

typedef struct target {
  const char *address;
} target;

static const bourse_field target_fields[] = {BOURSE_FIELD("address", STRING, target, address)};
static const bourse_table target_table = BOURSE_TABLE(target_fields);

typedef struct transaction_row {
  const char *id;
  const char *type;
  const char *status;
  const char *text;
  sum amount;
  sum fee;
  chain network;
  target to;
  int64_t created_ns;
  int64_t updated_ns;
} transaction_row;

static const bourse_field transaction_fields[] = {
    BOURSE_FIELD_MUST("id", STRING, transaction_row, id),
    BOURSE_FIELD("type", STRING, transaction_row, type),
    BOURSE_FIELD("status", STRING, transaction_row, status),
    BOURSE_FIELD_FULL("amount", CUSTOM, transaction_row, amount, BOURSE_FIELD_REQUIRED, NULL, read_sum),
    BOURSE_FIELD_CUSTOM("fee", transaction_row, fee, read_sum),
    BOURSE_FIELD("description", STRING, transaction_row, text),
    BOURSE_FIELD_CUSTOM("created_at", transaction_row, created_ns, bourse__coinbase_read_time),
    BOURSE_FIELD_CUSTOM("updated_at", transaction_row, updated_ns, bourse__coinbase_read_time),
    BOURSE_FIELD_OBJECT("network", transaction_row, network, &chain_table),
    BOURSE_FIELD_OBJECT("to", transaction_row, to, &target_table),
};
static const bourse_table transaction_table = BOURSE_TABLE(transaction_fields);

static int32_t read_transaction(bourse_decoder *decoder, transaction_row *row) {
  memset(row, 0, sizeof *row);
  return bourse_decode_object(decoder, &transaction_table, row);
}

static void set_transaction(bourse_transaction *transaction, const transaction_row *row) {
  transaction->id = row->id;
  transaction->transaction_hash = row->network.hash;
  transaction->currency = row->amount.currency;
  transaction->network = bourse_word_name(BOURSE_ROWS(networks), row->network.name);
  transaction->address = row->to.address;
  transaction->native_status = row->status;
  transaction->status = bourse_name_value(statuses, bourse_slice_of(row->status));
  transaction->time_ns = row->created_ns;
  transaction->updated_ns = row->updated_ns;
  transaction->amount = row->amount.amount;
  transaction->fee = PRESENT(row->fee.amount) ? row->fee.amount : row->network.fee.amount;
  bourse_decimal_absolute(&transaction->amount);
}

static int32_t append_transaction(bourse_call *call, const transaction_row *row, int32_t direction) {
  if (call->request->id != NULL && strcmp(call->request->id, row->id) != 0 &&
      (row->network.hash == NULL || strcmp(call->request->id, row->network.hash) != 0))
    return BOURSE_OK;
  if (!bourse_in_range(call, row->created_ns)) return BOURSE_OK;
  bourse_transaction *transaction = bourse_append(call, BOURSE_KIND_TRANSACTION);
  if (transaction == NULL) return BOURSE_ERROR_MEMORY;
  set_transaction(transaction, row);
  transaction->direction = direction;
  return BOURSE_OK;
}

static int32_t wanted_direction(const bourse_call *call) {
  return call->operation == BOURSE_OP_FETCH_DEPOSITS ? BOURSE_DEPOSIT : BOURSE_WITHDRAWAL;
}

/* What was sent has a sign that tells where to. */
static int32_t sent_row(bourse_call *call, bourse_decoder *decoder) {
  transaction_row row;
  int32_t code = read_transaction(decoder, &row);
  if (code != BOURSE_OK || row.type == NULL || (strcmp(row.type, "send") != 0 && strcmp(row.type, "receive") != 0))
    return code;
  int32_t direction = bourse_decimal_sign(&row.amount.amount) < 0 ? BOURSE_WITHDRAWAL : BOURSE_DEPOSIT;
  return direction == wanted_direction(call) ? append_transaction(call, &row, direction) : BOURSE_OK;
}

static int32_t fiat_row(bourse_call *call, bourse_decoder *decoder) {
  transaction_row row;
  int32_t code = read_transaction(decoder, &row);
  return code == BOURSE_OK ? append_transaction(call, &row, wanted_direction(call)) : code;
}

#define ROWS_MAX 100

BUILD(transactions) {
  const bourse_request *request = call->request;
  if (request->symbol != NULL)
    return bourse_unsupported(call, "symbol", "the account's book is by currency, not by market");
  bourse_put_uint(call, "limit", bourse_page_size(call, ROWS_MAX));
  bourse_put(call, "starting_after", bourse_page_token(call));
  return put_wallet(call);
}

PARSE(transactions) { return read_list(call, reply, sent_row); }

PARSE(fiat) { return read_list(call, reply, fiat_row); }

/* --- The account's book --- */

static const bourse_word kinds[] = {
    {"trade", "advanced_trade_fill"},
    {"trade", "buy"},
    {"trade", "sell"},
    {"trade", "trade"},
    {"transfer", "send"},
    {"transfer", "receive"},
    {"transfer", "transfer"},
    {"deposit", "fiat_deposit"},
    {"withdrawal", "fiat_withdrawal"},
    {"reward", "staking_reward"},
    {"reward", "interest"},
    {"transfer", "pro_deposit"},
    {"transfer", "pro_withdrawal"},
    {"transfer", "exchange_deposit"},
    {"transfer", "exchange_withdrawal"},
};

static int32_t ledger_row(bourse_call *call, bourse_decoder *decoder) {
  transaction_row row;
  int32_t code = read_transaction(decoder, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.created_ns)) return code;
  if (call->request->id != NULL && strcmp(call->request->id, row.id) != 0) return BOURSE_OK;
  bourse_ledger_entry *entry = bourse_append(call, BOURSE_KIND_LEDGER_ENTRY);
  if (entry == NULL) return BOURSE_ERROR_MEMORY;
  entry->id = row.id;
  entry->currency = row.amount.currency;
  entry->native_kind = row.type;
  entry->kind = bourse_word_name(BOURSE_ROWS(kinds), row.type);
  entry->time_ns = row.created_ns;
  entry->amount = row.amount.amount;
  entry->fee = row.network.fee.amount;
  if (row.text != NULL && row.text[0] != '\0') entry->text = row.text;
  return BOURSE_OK;
}

PARSE(ledger) { return read_list(call, reply, ledger_row); }

/* --- Sending money --- */

BUILD(withdraw) {
  const bourse_request *request = call->request;
  if (request->wallet != 0 && request->wallet != BOURSE_WALLET_SPOT)
    return bourse_unsupported(call, "wallet", "money leaves from the wallets of spot");
  bourse_put(call, "type", "send");
  bourse_put(call, "to", request->address);
  bourse_put_decimal(call, "amount", &request->amount);
  bourse_put(call, "currency", bourse__coinbase_native(request->currency));
  bourse_put(call, "destination_tag", request->tag);
  bourse_put(call, "network", bourse_word_native(BOURSE_ROWS(networks), request->network));
  bourse_put(call, "idem", request->id);
  return put_wallet(call);
}

static int32_t withdrawn_row(bourse_call *call, bourse_decoder *decoder) {
  transaction_row row;
  int32_t code = read_transaction(decoder, &row);
  if (code != BOURSE_OK) return code;
  bourse_transaction *transaction = bourse_append(call, BOURSE_KIND_TRANSACTION);
  if (transaction == NULL) return BOURSE_ERROR_MEMORY;
  set_transaction(transaction, &row);
  transaction->client_id = call->request->id;
  transaction->direction = BOURSE_WITHDRAWAL;
  return BOURSE_OK;
}

PARSE(withdraw) { return read_one(call, reply, withdrawn_row); }

/* Between portfolios, which are told in the exchange's own words; and from futures to spot. The other way money goes by itself
 * when an order wants it. */
BUILD(move_funds) {
  const bourse_request *request = call->request;
  bourse_text text;
  if (request->id != NULL) return bourse_unsupported(call, "id", "transfers have no client id");
  if (request->from_wallet != BOURSE_WALLET_SPOT || request->to_wallet != BOURSE_WALLET_SPOT)
    return bourse_unsupported(call, request->from_wallet != BOURSE_WALLET_SPOT ? "from_wallet" : "to_wallet",
                              "money is moved between portfolios (spot to spot) and from linear to spot");
  if (bourse_own_param(request, "source_portfolio_uuid") == NULL ||
      bourse_own_param(request, "target_portfolio_uuid") == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "params",
                       "source_portfolio_uuid and target_portfolio_uuid are wanted in params");
  uint32_t mark = call->wire.param_count;
  bourse_put_decimal(call, "value", &request->amount);
  bourse_put(call, "currency", bourse__coinbase_native(request->currency));
  bourse_text_init(&text, call->arena);
  bourse_fold_params(call, &text, mark);
  return bourse_put_text(call, "funds", &text);
}

static int32_t append_transfer(bourse_call *call) {
  bourse_transfer *transfer = bourse_append(call, BOURSE_KIND_TRANSFER);
  if (transfer == NULL) return BOURSE_ERROR_MEMORY;
  bourse_set_transfer(transfer, call);
  return BOURSE_OK;
}

typedef struct moved {
  const char *source;
  const char *target;
} moved;

static const bourse_field moved_fields[] = {
    BOURSE_FIELD_MUST("source_portfolio_uuid", STRING, moved, source),
    BOURSE_FIELD("target_portfolio_uuid", STRING, moved, target),
};
static const bourse_table moved_table = BOURSE_TABLE(moved_fields);

PARSE(move_funds) {
  moved row = {NULL, NULL};
  int32_t code = bourse_read_object(call, reply, &moved_table, &row);
  return code == BOURSE_OK ? append_transfer(call) : code;
}

BUILD(sweep) {
  const bourse_request *request = call->request;
  if (request->id != NULL) return bourse_unsupported(call, "id", "transfers have no client id");
  if (request->to_wallet != BOURSE_WALLET_SPOT || strcmp(request->currency, "USD") != 0)
    return bourse_unsupported(call, request->to_wallet != BOURSE_WALLET_SPOT ? "to_wallet" : "currency",
                              "from the wallet of futures dollars go to that of spot");
  bourse_put_decimal(call, "usd_amount", &request->amount);
  return BOURSE_OK;
}

typedef struct swept {
  int32_t success;
} swept;

static const bourse_field swept_fields[] = {BOURSE_FIELD_MUST("success", BOOL, swept, success)};
static const bourse_table swept_table = BOURSE_TABLE(swept_fields);

PARSE(sweep) {
  swept row = {0};
  int32_t code = bourse_read_object(call, reply, &swept_table, &row);
  if (code != BOURSE_OK) return code;
  if (row.success <= 0) {
    code = bourse__coinbase_error(call, reply);
    return code != 0 ? code
                     : bourse_fail_exchange(call, BOURSE_ERROR_REFUSED, bourse_slice_of(""),
                                            bourse_slice_of("no reason was told"));
  }
  return append_transfer(call);
}
