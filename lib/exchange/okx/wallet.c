/* exchange/okx/wallet.c - transfers, deposits, withdrawals, loans. Deposits arrive on the funding account; what is to be
 * traded is moved to the trading account first. */
#include <string.h>

#include "exchange/okx/okx.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Transfers --- */

#define FUNDING "6"
#define TRADING "18"

static const char *account_of(bourse_call *call, const char *field, int32_t wallet) {
  switch (wallet) {
    case BOURSE_WALLET_FUNDING: return FUNDING;
    case BOURSE_WALLET_SPOT:
    case BOURSE_WALLET_CROSS:
    case BOURSE_WALLET_LINEAR:
    case BOURSE_WALLET_INVERSE:
    case BOURSE_WALLET_OPTION:
    case BOURSE_WALLET_UNIFIED: return TRADING;
    default: bourse_unsupported(call, field, "money is moved between the funding and the trading account"); return NULL;
  }
}

BUILD(transfer) {
  const bourse_request *request = call->request;
  const char *from = account_of(call, "from_wallet", request->from_wallet);
  const char *to = from == NULL ? NULL : account_of(call, "to_wallet", request->to_wallet);
  if (to == NULL) return BOURSE_ERROR_UNSUPPORTED;
  bourse_put(call, "ccy", request->currency);
  bourse_put_decimal(call, "amt", &request->amount);
  bourse_put(call, "from", from);
  bourse_put(call, "to", to);
  bourse_put(call, "type", "0"); /* between accounts of one's own */
  bourse_put(call, "clientId", request->id);
  return BOURSE_OK;
}

typedef struct transfer_row {
  const char *id;
} transfer_row;
static const bourse_field transfer_fields[] = {BOURSE_FIELD_MUST("transId", ID, transfer_row, id)};
static const bourse_table transfer_table = BOURSE_TABLE(transfer_fields);

PARSE(transfer) {
  transfer_row row = {NULL};
  int32_t code = bourse__okx_object(call, reply, &transfer_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_transfer *transfer = bourse_append(call, BOURSE_KIND_TRANSFER);
  if (transfer == NULL) return BOURSE_ERROR_MEMORY;
  transfer->id = row.id;
  bourse_set_transfer(transfer, call);
  transfer->status = BOURSE_TRANSFER_PENDING;
  return BOURSE_OK;
}

/* --- Addresses --- */

BUILD(coin) {
  bourse_put(call, "ccy", call->request->currency);
  return BOURSE_OK;
}

typedef struct address_row {
  bourse_deposit_address address;
  const char *memo;
  const char *payment_id;
  const char *chain;
  int32_t selected;
} address_row;

static const bourse_field address_fields[] = {
    BOURSE_FIELD_MUST("addr", STRING, address_row, address.address),
    BOURSE_FIELD_MUST("ccy", STRING, address_row, address.currency),
    BOURSE_FIELD("chain", STRING, address_row, chain),
    BOURSE_FIELD("memo", STRING, address_row, memo),
    BOURSE_FIELD("pmtId", STRING, address_row, payment_id),
    BOURSE_FIELD("selected", BOOL, address_row, selected),
    BOURSE_FIELD("tag", STRING, address_row, address.tag),
};
static const bourse_table address_table = BOURSE_TABLE(address_fields);

static int32_t is_same(const char *a, const char *b) { return a != NULL && b != NULL && strcmp(a, b) == 0; }

/* One address is that of the network asked for, or the one selected. */
static int32_t address_row_read(bourse_call *call, bourse_decoder *decoder) {
  address_row row;
  const bourse_request *request = call->request;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &address_table, &row),
          one = call->operation == BOURSE_OP_FETCH_DEPOSIT_ADDRESS;
  if (code != BOURSE_OK) return code;
  bourse_deposit_address *address = &row.address;
  address->network = bourse__okx_network_name(call->arena, address->currency, row.chain);
  if (address->tag == NULL || address->tag[0] == '\0') address->tag = row.memo != NULL ? row.memo : row.payment_id;
  if (address->tag != NULL && address->tag[0] == '\0') address->tag = NULL;
  if (request->network != NULL && !is_same(request->network, address->network) && !is_same(request->network, row.chain))
    return BOURSE_OK;
  if (one && request->network == NULL && row.selected == BOURSE_NO) return BOURSE_OK;
  if (one && bourse_appended(call) > 0) return BOURSE_OK;
  bourse_deposit_address *record = bourse_append(call, BOURSE_KIND_DEPOSIT_ADDRESS);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *address;
  return BOURSE_OK;
}

PARSE(addresses) {
  int32_t code = bourse__okx_rows(call, reply, address_row_read);
  if (code != BOURSE_OK || bourse_appended(call) > 0 || call->operation != BOURSE_OP_FETCH_DEPOSIT_ADDRESS) return code;
  return bourse_fail(call, BOURSE_ERROR_NOT_FOUND, "network", "OKX has no address of %s on %s", call->request->currency,
                     call->request->network == NULL ? "any network" : call->request->network);
}

/* --- Deposits and withdrawals --- Their pages go by time. */

BUILD(transactions) {
  const bourse_request *request = call->request;
  bourse_put(call, "ccy", request->currency);
  if (request->id != NULL)
    bourse_put(call, call->operation == BOURSE_OP_FETCH_DEPOSITS ? "depId" : "wdId", request->id);
  bourse__okx_put_time_page(call, 1);
  return BOURSE_OK;
}

typedef struct transaction_row {
  bourse_transaction transaction;
  const char *deposit_id;
  const char *chain;
  int64_t state;
  int32_t has_state;
} transaction_row;

/* The number, and the exchange's own word. */
static int32_t read_state(bourse_decoder *decoder, void *member) {
  transaction_row *row = (transaction_row *)(void *)((char *)member - offsetof(transaction_row, state));
  bourse_slice text = {NULL, 0};
  int32_t code = bourse_decode_text(decoder, &text);
  if (code != BOURSE_OK) return code;
  row->has_state = text.length > 0;
  row->state = bourse_slice_int(text);
  row->transaction.native_status = bourse_arena_copy(decoder->arena, text.data, text.length);
  if (row->transaction.native_status != NULL) return BOURSE_OK;
  return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "state", "memory is out");
}

static const bourse_field transaction_fields[] = {
    BOURSE_FIELD("actualDepBlkConfirm", INT32, transaction_row, transaction.confirmations),
    BOURSE_FIELD_MUST("amt", DECIMAL, transaction_row, transaction.amount),
    BOURSE_FIELD_MUST("ccy", STRING, transaction_row, transaction.currency),
    BOURSE_FIELD("chain", STRING, transaction_row, chain),
    BOURSE_FIELD("clientId", STRING, transaction_row, transaction.client_id),
    BOURSE_FIELD("depId", ID, transaction_row, deposit_id),
    BOURSE_FIELD("fee", DECIMAL, transaction_row, transaction.fee),
    BOURSE_FIELD_CUSTOM("state", transaction_row, state, read_state),
    BOURSE_FIELD("tag", STRING, transaction_row, transaction.tag),
    BOURSE_FIELD("to", STRING, transaction_row, transaction.address),
    BOURSE_FIELD("ts", TIME_MS, transaction_row, transaction.time_ns),
    BOURSE_FIELD("txId", STRING, transaction_row, transaction.transaction_hash),
    BOURSE_FIELD("wdId", ID, transaction_row, transaction.id),
};
static const bourse_table transaction_table = BOURSE_TABLE(transaction_fields);

static void drop_empty(const char **text) {
  if (*text != NULL && (*text)[0] == '\0') *text = NULL;
}

/* Sheet: of deposits 2 is success, 1 credited, 0 waiting, all others blocked; of withdrawals 2 is success, -1 failed, -2
 * canceled, all others under way. */
static int32_t status_of(const bourse_call *call, const transaction_row *row) {
  if (!row->has_state) return 0;
  if (row->state == 2 || (row->state == 1 && call->operation == BOURSE_OP_FETCH_DEPOSITS)) return BOURSE_TRANSFER_OK;
  if (row->state == -1) return BOURSE_TRANSFER_FAILED;
  return row->state == -2 ? BOURSE_TRANSFER_CANCELED : BOURSE_TRANSFER_PENDING;
}

static int32_t transaction_row_read(bourse_call *call, bourse_decoder *decoder) {
  transaction_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &transaction_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_transaction *transaction = &row.transaction;
  code = bourse__okx_seen_at(call, transaction->time_ns);
  if (code != BOURSE_OK || !bourse__okx_is_in_range(call, transaction->time_ns)) return code;
  if (transaction->id == NULL) transaction->id = row.deposit_id;
  transaction->direction = call->operation == BOURSE_OP_FETCH_DEPOSITS ? BOURSE_DEPOSIT : BOURSE_WITHDRAWAL;
  transaction->network = bourse__okx_network_name(call->arena, transaction->currency, row.chain);
  transaction->status = status_of(call, &row);
  drop_empty(&transaction->client_id);
  drop_empty(&transaction->tag);
  drop_empty(&transaction->address);
  drop_empty(&transaction->transaction_hash);
  bourse_transaction *record = bourse_append(call, BOURSE_KIND_TRANSACTION);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *transaction;
  return BOURSE_OK;
}

PARSE(deposits) { return bourse__okx_list(call, reply, transaction_row_read); }
PARSE(withdrawals) { return bourse__okx_list(call, reply, transaction_row_read); }

/* A tag goes behind the address. */
BUILD(withdraw) {
  const bourse_request *request = call->request;
  const char *address = request->address;
  if (request->tag != NULL) address = bourse_arena_format(call->arena, "%s:%s", request->address, request->tag);
  const char *chain = bourse__okx_chain(call->arena, request->currency, request->network);
  if (address == NULL || (request->network != NULL && chain == NULL)) return bourse_fail_memory(call);
  bourse_put(call, "ccy", request->currency);
  bourse_put_decimal(call, "amt", &request->amount);
  bourse_put(call, "dest", "4"); /* on chain */
  bourse_put(call, "toAddr", address);
  bourse_put(call, "chain", chain);
  bourse_put(call, "clientId", request->id);
  return BOURSE_OK;
}

typedef struct withdrawal_row {
  const char *id;
  const char *client_id;
} withdrawal_row;
static const bourse_field withdrawal_fields[] = {
    BOURSE_FIELD("clientId", STRING, withdrawal_row, client_id),
    BOURSE_FIELD_MUST("wdId", ID, withdrawal_row, id),
};
static const bourse_table withdrawal_table = BOURSE_TABLE(withdrawal_fields);

PARSE(withdraw) {
  withdrawal_row row = {NULL, NULL};
  int32_t code = bourse__okx_object(call, reply, &withdrawal_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_transaction *transaction = bourse_append_withdrawal(call, row.id);
  if (transaction == NULL) return BOURSE_ERROR_MEMORY;
  drop_empty(&row.client_id);
  transaction->client_id = row.client_id;
  transaction->amount = call->request->amount;
  return BOURSE_OK;
}

/* --- Loans --- */

BUILD(loan) {
  bourse_put(call, "ccy", call->request->currency);
  bourse_put(call, "side", call->operation == BOURSE_OP_REPAY_MARGIN ? "repay" : "borrow");
  bourse_put_decimal(call, "amt", &call->request->amount);
  return BOURSE_OK;
}

static const bourse_name loan_kinds[] = {{"borrow", BOURSE_LOAN_BORROW},
                                         {"repay", BOURSE_LOAN_REPAY},
                                         {"auto_borrow", BOURSE_LOAN_BORROW},
                                         {"auto_repay", BOURSE_LOAN_REPAY},
                                         {"manual_borrow", BOURSE_LOAN_BORROW},
                                         {"manual_repay", BOURSE_LOAN_REPAY},
                                         {NULL, 0}};

static const bourse_field loan_fields[] = {
    BOURSE_FIELD_MUST("amt", DECIMAL, bourse_loan, amount),   BOURSE_FIELD_MUST("ccy", STRING, bourse_loan, currency),
    BOURSE_FIELD_ENUM("side", bourse_loan, kind, loan_kinds), BOURSE_FIELD("ts", TIME_MS, bourse_loan, time_ns),
    BOURSE_FIELD_ENUM("type", bourse_loan, kind, loan_kinds),
};
static const bourse_table loan_table = BOURSE_TABLE(loan_fields);

PARSE(loan) {
  bourse_loan row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__okx_object(call, reply, &loan_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_loan *loan = bourse_append(call, BOURSE_KIND_LOAN);
  if (loan == NULL) return BOURSE_ERROR_MEMORY;
  *loan = row;
  loan->status = BOURSE_TRANSFER_OK;
  if (loan->time_ns == 0) loan->time_ns = call->now_ns;
  return BOURSE_OK;
}

static int32_t loan_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_loan row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &loan_table, &row);
  if (code == BOURSE_OK) code = bourse__okx_seen_at(call, row.time_ns);
  if (code != BOURSE_OK || !bourse__okx_is_in_range(call, row.time_ns)) return code;
  bourse_loan *loan = bourse_append(call, BOURSE_KIND_LOAN);
  if (loan == NULL) return BOURSE_ERROR_MEMORY;
  *loan = row;
  loan->status = BOURSE_TRANSFER_OK;
  return BOURSE_OK;
}

PARSE(loans) { return bourse__okx_list(call, reply, loan_row_read); }

/* Interest is charged by the hour. */
typedef struct rate_row {
  bourse_borrow_rate rate;
  bourse_decimal lending;
} rate_row;

static const bourse_field rate_fields[] = {
    BOURSE_FIELD_MUST("ccy", STRING, rate_row, rate.currency),
    BOURSE_FIELD("interestRate", DECIMAL, rate_row, rate.rate),
    BOURSE_FIELD("lendingRate", DECIMAL, rate_row, lending),
    BOURSE_FIELD("rate", DECIMAL, rate_row, rate.rate),
    BOURSE_FIELD("ts", TIME_MS, rate_row, rate.time_ns),
};
static const bourse_table rate_table = BOURSE_TABLE(rate_fields);

static int32_t append_rate(bourse_call *call, const rate_row *row, int64_t interval_ns) {
  bourse_borrow_rate *rate = bourse_append(call, BOURSE_KIND_BORROW_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  *rate = row->rate;
  rate->interval_ns = interval_ns;
  return BOURSE_OK;
}

static int32_t rate_row_read(bourse_call *call, bourse_decoder *decoder) {
  rate_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &rate_table, &row);
  if (code != BOURSE_OK) return code;
  row.rate.time_ns = call->now_ns;
  return append_rate(call, &row, OKX_HOUR);
}

PARSE(rates) { return bourse__okx_rows(call, reply, rate_row_read); }

BUILD(rate_history) {
  bourse_put(call, "ccy", call->request->currency);
  bourse__okx_put_time_page(call, 1);
  return BOURSE_OK;
}

/* Yearly rates. */
static int32_t past_rate_row(bourse_call *call, bourse_decoder *decoder) {
  rate_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &rate_table, &row);
  if (code == BOURSE_OK) code = bourse__okx_seen_at(call, row.rate.time_ns);
  if (code != BOURSE_OK || !bourse__okx_is_in_range(call, row.rate.time_ns)) return code;
  return append_rate(call, &row, 365 * OKX_DAY);
}

PARSE(rate_history) { return bourse__okx_list(call, reply, past_rate_row); }

/* --- Interest that was charged --- */

typedef struct interest_row {
  bourse_borrow_interest interest;
  bourse_slice id;
} interest_row;

static const bourse_field interest_fields[] = {
    BOURSE_FIELD_MUST("ccy", STRING, interest_row, interest.currency),
    BOURSE_FIELD("instId", SLICE, interest_row, id),
    BOURSE_FIELD_MUST("interest", DECIMAL, interest_row, interest.interest),
    BOURSE_FIELD("interestRate", DECIMAL, interest_row, interest.rate),
    BOURSE_FIELD("liab", DECIMAL, interest_row, interest.principal),
    BOURSE_FIELD_ENUM("mgnMode", interest_row, interest.margin_mode, bourse__okx_margin_modes),
    BOURSE_FIELD("ts", TIME_MS, interest_row, interest.time_ns),
};
static const bourse_table interest_table = BOURSE_TABLE(interest_fields);

BUILD(interest) {
  bourse_put(call, "ccy", call->request->currency);
  if (call->market != NULL) bourse_put(call, "instId", call->market->id);
  bourse_put(call, "mgnMode", bourse_name_text(bourse__okx_margin_modes, call->request->margin_mode));
  bourse__okx_put_time_page(call, 1);
  return BOURSE_OK;
}

static int32_t interest_row_read(bourse_call *call, bourse_decoder *decoder) {
  interest_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &interest_table, &row);
  if (code == BOURSE_OK) code = bourse__okx_seen_at(call, row.interest.time_ns);
  if (code != BOURSE_OK || !bourse__okx_is_in_range(call, row.interest.time_ns)) return code;
  if (row.id.length > 0) {
    const bourse_market *market = bourse_market_by_id(call, bourse__okx_product_of(row.id), row.id);
    if (market != NULL) row.interest.symbol = market->symbol;
  }
  bourse_borrow_interest *record = bourse_append(call, BOURSE_KIND_BORROW_INTEREST);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = row.interest;
  return BOURSE_OK;
}

PARSE(interest) { return bourse__okx_list(call, reply, interest_row_read); }
