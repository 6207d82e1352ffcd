/* exchange/kraken/wallet.c - transfers, deposits, withdrawals.
 *
 * Where a currency goes over several networks the exchange calls each a method, and its names are its own ("Bitcoin",
 * "Tether USD (TRC20)"). Money leaves to addresses only that were stored on its pages before: withdraw takes the name of
 * such an address as its address. (With a parameter "key" that names it, address is sent along to confirm it.) */
#include <inttypes.h>
#include <string.h>

#include "exchange/kraken/kraken.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Networks --- */

/* Methods by the name of the network, and those known so well that the exchange need not be asked for them. */
static const struct {
  const char *method;
  const char *network;
  const char *currency; /* NULL: any, or not to be taken without asking */
} methods[] = {
    {"Bitcoin", "BTC", "BTC"},
    {"Bitcoin Lightning", "BTCLIGHTNING", "BTC"},
    {"Ether (Hex)", "ERC20", "ETH"},
    {"Tether USD (ERC20)", "ERC20", "USDT"},
    {"Tether USD (TRC20)", "TRC20", "USDT"},
    {"Litecoin", "LTC", "LTC"},
    {"Dogecoin", "DOGE", "DOGE"},
    {"Ripple XRP", "XRP", "XRP"},
    {"Solana", "SOL", "SOL"},
    {"Tron", "TRC20", "TRX"},
    {"Stellar XLM", "XLM", "XLM"},
    {"Ether", "ERC20", NULL},
    {"Cosmos", "ATOM", NULL},
    {"Polkadot", "DOT", NULL},
    {"Cardano", "ADA", NULL},
    {"Bitcoin Cash", "BCH", NULL},
};

/* "Tether USD (TRC20)": the network in brackets. */
static const char *in_brackets(bourse_call *call, const char *method) {
  const char *open = strrchr(method, '('), *close = open == NULL ? NULL : strchr(open, ')');
  if (close == NULL || close - open < 3) return NULL;
  for (const char *c = open + 1; c < close; c++)
    if (!((*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9'))) return NULL;
  return bourse_arena_copy(call->arena, open + 1, (size_t)(close - open - 1));
}

static const char *network_name(bourse_call *call, const char *method) {
  for (size_t i = 0; method != NULL && i < sizeof methods / sizeof methods[0]; i++)
    if (strcmp(methods[i].method, method) == 0) return methods[i].network;
  const char *network = method == NULL ? NULL : in_brackets(call, method);
  return network != NULL ? network : method;
}

/* The method for a currency and network (NULL: the usual one) when it is known; or NULL. */
static const char *known_method(const char *currency, const char *network) {
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    if (methods[i].currency == NULL || strcmp(methods[i].currency, currency) != 0) continue;
    if (network == NULL || strcmp(methods[i].network, network) == 0 || strcmp(methods[i].method, network) == 0)
      return methods[i].method;
  }
  return NULL;
}

/* --- Deposit addresses: which methods there are, then the addresses of one or of each --- */

typedef struct method_list {
  const char *names[32];
  uint32_t count;
  uint32_t next;
} method_list;

/* 1 when the methods must be asked for first. */
int32_t bourse__kraken_wants_methods(const bourse_call *call) {
  if (call->memory != NULL) return 0;
  if (call->operation == BOURSE_OP_FETCH_DEPOSIT_ADDRESSES && call->request->network == NULL) return 1;
  return known_method(call->request->currency, call->request->network) == NULL;
}

BUILD(asset) {
  bourse_put(call, "asset", bourse__kraken_asset(call->request->currency));
  return BOURSE_OK;
}

typedef struct method_row {
  const char *name;
} method_row;
static const bourse_field method_fields[] = {BOURSE_FIELD_MUST("method", STRING, method_row, name)};
static const bourse_table method_table = BOURSE_TABLE(method_fields);

static int32_t method_row_read(bourse_call *call, bourse_decoder *decoder) {
  method_list *list = call->memory;
  const char *wanted = call->request->network;
  method_row row = {NULL};
  int32_t code = bourse_decode_object(decoder, &method_table, &row);
  if (code != BOURSE_OK || list->count == sizeof list->names / sizeof list->names[0]) return code;
  const char *network = network_name(call, row.name);
  if (wanted == NULL || strcmp(row.name, wanted) == 0 || (network != NULL && strcmp(network, wanted) == 0))
    list->names[list->count++] = row.name;
  return BOURSE_OK;
}

PARSE(methods) {
  const bourse_request *request = call->request;
  call->memory = bourse_arena_alloc(call->arena, sizeof(method_list));
  if (call->memory == NULL) return bourse_fail_memory(call);
  int32_t code = bourse__kraken_rows(call, reply, method_row_read);
  if (code != BOURSE_OK) return code;
  const method_list *list = call->memory;
  if (list->count > 0) return BOURSE_CONTINUE;
  return bourse_fail(call, BOURSE_ERROR_NOT_FOUND, request->network == NULL ? "currency" : "network",
                     "Kraken takes no deposits of %s%s%s", request->currency, request->network == NULL ? "" : " over ",
                     request->network == NULL ? "" : request->network);
}

static const char *present_method(const bourse_call *call) {
  const method_list *list = call->memory;
  return list != NULL ? list->names[list->next] : known_method(call->request->currency, call->request->network);
}

BUILD(addresses) {
  bourse_put(call, "asset", bourse__kraken_asset(call->request->currency));
  bourse_put(call, "method", present_method(call));
  if (call->operation == BOURSE_OP_CREATE_DEPOSIT_ADDRESS) bourse_put(call, "new", "true");
  return BOURSE_OK;
}

typedef struct address_row {
  bourse_deposit_address address;
  const char *memo;
} address_row;

static const bourse_field address_fields[] = {
    BOURSE_FIELD_MUST("address", STRING, address_row, address.address),
    BOURSE_FIELD("expiretm", CHECK, address_row, address),
    BOURSE_FIELD("new", CHECK, address_row, address),
    BOURSE_FIELD("tag", ID, address_row, address.tag),
    BOURSE_FIELD("memo", ID, address_row, memo),
};
static const bourse_table address_table = BOURSE_TABLE(address_fields);

/* Where one address is wanted it is the first, which is the newest. */
static int32_t address_row_read(bourse_call *call, bourse_decoder *decoder) {
  address_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &address_table, &row);
  if (code != BOURSE_OK) return code;
  if (call->operation != BOURSE_OP_FETCH_DEPOSIT_ADDRESSES && bourse_appended(call) > 0) return BOURSE_OK;
  bourse_deposit_address *address = bourse_append(call, BOURSE_KIND_DEPOSIT_ADDRESS);
  if (address == NULL) return BOURSE_ERROR_MEMORY;
  *address = row.address;
  if (address->tag == NULL) address->tag = row.memo;
  address->currency = call->request->currency;
  address->network = network_name(call, present_method(call));
  return BOURSE_OK;
}

PARSE(addresses) {
  method_list *list = call->memory;
  int32_t code = bourse__kraken_rows(call, reply, address_row_read);
  if (code != BOURSE_OK) return code;
  if (call->operation != BOURSE_OP_FETCH_DEPOSIT_ADDRESSES) {
    if (bourse_appended(call) > 0) return BOURSE_OK;
    return bourse_fail(call, BOURSE_ERROR_NOT_FOUND, "currency",
                       "there is no address yet for %s; create_deposit_address makes one", call->request->currency);
  }
  if (list == NULL || list->next + 1 >= list->count) return BOURSE_OK;
  list->next++;
  return BOURSE_CONTINUE;
}

/* --- Deposits and withdrawals --- */

static const bourse_name statuses[] = {
    {"Initial", BOURSE_TRANSFER_PENDING},
    {"Pending", BOURSE_TRANSFER_PENDING},
    {"Settled", BOURSE_TRANSFER_PENDING},
    {"Success", BOURSE_TRANSFER_OK},
    {"Failure", BOURSE_TRANSFER_FAILED},
    {"Partial", BOURSE_TRANSFER_PENDING},
    {NULL, 0},
};

/* These say more than the status. */
static const bourse_name properties[] = {
    {"return", BOURSE_TRANSFER_PENDING},
    {"onhold", BOURSE_TRANSFER_PENDING},
    {"on-hold", BOURSE_TRANSFER_PENDING},
    {"cancel-pending", BOURSE_TRANSFER_PENDING},
    {"canceled", BOURSE_TRANSFER_CANCELED},
    {"cancel-denied", BOURSE_TRANSFER_PENDING},
    {NULL, 0},
};

typedef struct transaction_row {
  bourse_transaction transaction;
  const char *method;
  bourse_slice status;
  bourse_slice property;
} transaction_row;

/* One that is being sent back tells from where, too. */
static int32_t read_property(bourse_decoder *decoder, void *member) {
  if (bourse_json_kind(&decoder->json) == BOURSE_JSON_STRING)
    return bourse_decode_value(decoder, BOURSE_AS_SLICE, NULL, "status-prop", member);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

static const bourse_field transaction_fields[] = {
    BOURSE_FIELD("method", STRING, transaction_row, method),
    BOURSE_FIELD("network", CHECK, transaction_row, transaction),
    BOURSE_FIELD("aclass", CHECK, transaction_row, transaction),
    BOURSE_FIELD_FULL("asset", CUSTOM, transaction_row, transaction.currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kraken_read_currency),
    BOURSE_FIELD_MUST("refid", ID, transaction_row, transaction.id),
    BOURSE_FIELD("txid", ID, transaction_row, transaction.transaction_hash),
    BOURSE_FIELD("info", STRING, transaction_row, transaction.address),
    BOURSE_FIELD_MUST("amount", DECIMAL, transaction_row, transaction.amount),
    BOURSE_FIELD("fee", DECIMAL, transaction_row, transaction.fee),
    BOURSE_FIELD("time", TIME_S, transaction_row, transaction.time_ns),
    BOURSE_FIELD("status", SLICE, transaction_row, status),
    BOURSE_FIELD_CUSTOM("status-prop", transaction_row, property, read_property),
    BOURSE_FIELD("key", CHECK, transaction_row, transaction),
};
static const bourse_table transaction_table = BOURSE_TABLE(transaction_fields);

static int32_t is_wanted(const bourse_call *call, const bourse_transaction *transaction) {
  const bourse_request *request = call->request;
  const char *hash = transaction->transaction_hash;
  if (request->id != NULL && strcmp(request->id, transaction->id) != 0 &&
      (hash == NULL || strcmp(request->id, hash) != 0))
    return 0;
  if (transaction->time_ns < request->since_ns) return 0;
  return request->until_ns == 0 || transaction->time_ns <= request->until_ns;
}

static int32_t transaction_row_read(bourse_call *call, bourse_decoder *decoder) {
  transaction_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &transaction_table, &row);
  if (code != BOURSE_OK || !is_wanted(call, &row.transaction)) return code;
  bourse_transaction *transaction = bourse_append(call, BOURSE_KIND_TRANSACTION);
  if (transaction == NULL) return BOURSE_ERROR_MEMORY;
  *transaction = row.transaction;
  transaction->network = network_name(call, row.method);
  transaction->direction = call->operation == BOURSE_OP_FETCH_WITHDRAWALS ? BOURSE_WITHDRAWAL : BOURSE_DEPOSIT;
  transaction->status = bourse_name_value(statuses, row.status);
  int32_t property = bourse_name_value(properties, row.property);
  if (property != 0) transaction->status = property;
  bourse_slice told = row.property.length > 0 ? row.property : row.status;
  if (told.length == 0) return BOURSE_OK;
  transaction->native_status = bourse_arena_copy(call->arena, told.data, told.length);
  return transaction->native_status != NULL ? BOURSE_OK : bourse_fail_memory(call);
}

BUILD(transactions) {
  bourse_put(call, "asset", bourse__kraken_asset(call->request->currency));
  bourse__kraken_put_range(call);
  bourse_put(call, "cursor", call->request->cursor);
  return BOURSE_OK;
}

/* With a cursor the list is one member of an object, and the next cursor another. */
static int32_t page_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  bourse_slice cursor = {NULL, 0};
  if (bourse_json_kind(&decoder->json) == BOURSE_JSON_ARRAY)
    return bourse_read_array(call, decoder, "list", transaction_row_read);
  if (!bourse_slice_is(key, "next_cursor") || bourse_json_kind(&decoder->json) != BOURSE_JSON_STRING) {
    bourse_json_skip(&decoder->json);
    return BOURSE_OK;
  }
  int32_t code = bourse_decode_text(decoder, &cursor);
  if (code != BOURSE_OK || cursor.length == 0) return code;
  const char *text = bourse_arena_copy(call->arena, cursor.data, cursor.length);
  if (text == NULL) return bourse_fail_memory(call);
  bourse_set_cursor(call, text);
  return BOURSE_OK;
}

PARSE(transactions) {
  bourse_http_reply result;
  bourse_decoder decoder;
  int32_t code = bourse__kraken_unwrap(call, reply, &result);
  if (code != BOURSE_OK) return code;
  bourse_decode_reply(call, &decoder, &result);
  code = bourse_is_array(&result) ? bourse_read_array(call, &decoder, "result", transaction_row_read)
                                  : bourse_read_map(call, &decoder, "result", page_entry);
  return bourse_read_end(call, &decoder, code);
}

/* --- Sending money --- */

typedef struct reference_row {
  const char *id;
} reference_row;
static const bourse_field reference_fields[] = {BOURSE_FIELD_MUST("refid", ID, reference_row, id)};
static const bourse_table reference_table = BOURSE_TABLE(reference_fields);

BUILD(withdraw) {
  const bourse_request *request = call->request;
  if (request->wallet != 0 && request->wallet != BOURSE_WALLET_SPOT)
    return bourse_unsupported(call, "wallet", "money leaves from the spot wallet");
  if (request->tag != NULL || request->network != NULL)
    return bourse_unsupported(call, request->tag != NULL ? "tag" : "network",
                              "the stored address that address names has its network and tag");
  if (request->id != NULL) return bourse_unsupported(call, "id", "withdrawals have no client id");
  bourse_put(call, "asset", bourse__kraken_asset(request->currency));
  bourse_put(call, bourse_own_param(request, "key") != NULL ? "address" : "key", request->address);
  bourse_put_decimal(call, "amount", &request->amount);
  return BOURSE_OK;
}

PARSE(withdraw) {
  reference_row row = {NULL};
  int32_t code = bourse__kraken_object(call, reply, &reference_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_transaction *transaction = bourse_append(call, BOURSE_KIND_TRANSACTION);
  if (transaction == NULL) return BOURSE_ERROR_MEMORY;
  transaction->id = row.id;
  transaction->currency = call->request->currency;
  transaction->address = bourse_own_param(call->request, "key") != NULL ? call->request->address : NULL;
  transaction->direction = BOURSE_WITHDRAWAL;
  transaction->status = BOURSE_TRANSFER_PENDING;
  transaction->time_ns = call->now_ns;
  return BOURSE_OK;
}

BUILD(transfer) {
  const bourse_request *request = call->request;
  int32_t to_futures = request->to_wallet == BOURSE_WALLET_LINEAR || request->to_wallet == BOURSE_WALLET_INVERSE;
  if (request->from_wallet != BOURSE_WALLET_SPOT || !to_futures)
    return bourse_unsupported(call, request->from_wallet != BOURSE_WALLET_SPOT ? "from_wallet" : "to_wallet",
                              "a key for spot moves money from spot to futures; back it goes with a key for futures");
  if (request->id != NULL) return bourse_unsupported(call, "id", "transfers have no client id");
  bourse_put(call, "asset", bourse__kraken_asset(request->currency));
  bourse_put(call, "from", "Spot Wallet");
  bourse_put(call, "to", "Futures Wallet");
  bourse_put_decimal(call, "amount", &request->amount);
  return BOURSE_OK;
}

PARSE(transfer) {
  reference_row row = {NULL};
  int32_t code = bourse__kraken_object(call, reply, &reference_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_transfer *transfer = bourse_append(call, BOURSE_KIND_TRANSFER);
  if (transfer == NULL) return BOURSE_ERROR_MEMORY;
  transfer->id = row.id;
  transfer->currency = call->request->currency;
  transfer->amount = call->request->amount;
  transfer->from = call->request->from_wallet;
  transfer->to = call->request->to_wallet;
  transfer->time_ns = call->now_ns;
  return BOURSE_OK;
}
