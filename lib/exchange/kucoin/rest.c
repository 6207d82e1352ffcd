/* exchange/kucoin/rest.c - which endpoint serves an operation, signing, and what all requests and replies share. */
#include <inttypes.h>
#include <string.h>

#include "exchange/kucoin/kucoin.h"

/* --- Routing --- */

static int32_t is_futures_wallet(int32_t wallet) {
  return wallet == BOURSE_WALLET_LINEAR || wallet == BOURSE_WALLET_INVERSE;
}

static int32_t is_futures(const bourse_call *call) {
  int32_t wallet = call->request->wallet;
  switch (call->operation) {
    case BOURSE_OP_FETCH_MARKETS: return call->product == 0 ? call->step > 0 : bourse_is_futures(call);
    case BOURSE_OP_FETCH_BALANCE:
    case BOURSE_OP_FETCH_BALANCES:
    case BOURSE_OP_FETCH_LEDGER: return wallet != 0 ? is_futures_wallet(wallet) : bourse_is_futures(call);
    default: return bourse_is_futures(call);
  }
}

static const bourse_alias aliases[] = {
    {BOURSE_OP_FETCH_BIDS_ASKS, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_LAST_PRICES, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_BALANCE, BOURSE_OP_FETCH_BALANCES},
    {BOURSE_OP_FETCH_TRADING_FEE, BOURSE_OP_FETCH_TRADING_FEES},
    {BOURSE_OP_FETCH_ORDER_TRADES, BOURSE_OP_FETCH_MY_TRADES},
    {BOURSE_OP_FETCH_CLOSED_ORDERS, BOURSE_OP_FETCH_ORDERS},
    {BOURSE_OP_FETCH_CANCELED_ORDERS, BOURSE_OP_FETCH_ORDERS},
    {BOURSE_OP_FETCH_DEPOSIT_ADDRESSES, BOURSE_OP_FETCH_DEPOSIT_ADDRESS},
    {BOURSE_OP_FETCH_BORROW_RATE_HISTORY, BOURSE_OP_FETCH_BORROW_INTEREST},
    {BOURSE_OP_FETCH_BORROW_RATE, BOURSE_OP_FETCH_BORROW_RATES},
};

int32_t bourse__kucoin_names_stop(const bourse_call *call, const char *id) {
  return call->request->trigger > 0 || (id != NULL && strncmp(id, "vs", 2) == 0);
}

/* Which wallet is asked for: balances, and the account's book. */
static uint32_t wallet_products(bourse_call *call, uint32_t *variant) {
  switch (call->request->wallet) {
    case 0: return bourse_call_for(call);
    case BOURSE_WALLET_CROSS: return BOURSE_FOR_CROSS;
    case BOURSE_WALLET_ISOLATED: return BOURSE_FOR_ISOLATED;
    case BOURSE_WALLET_FUNDING:
    case BOURSE_WALLET_ALL: *variant = KUCOIN_EVERY; return BOURSE_FOR_SPOT;
    case BOURSE_WALLET_SPOT: return BOURSE_FOR_SPOT;
    default:
      bourse_unsupported(call, "wallet", "the wallets are spot, funding, cross, isolated, linear and inverse, and all");
      return 0;
  }
}

/* A full book is for keys only. */
static uint32_t book_variant(bourse_call *call) {
  uint32_t limit = call->request->limit;
  if (limit > 0 && limit <= 20) return KUCOIN_TOP;
  if ((limit > 0 && limit <= 100) || (limit == 0 && call->signer == NULL)) return KUCOIN_PART;
  return KUCOIN_USUAL;
}

/* The items of create_orders and cancel_orders that the next request is about. Limit orders of one market go five at a time. */
static int32_t is_plain(const bourse_call *call, uint32_t index) {
  const bourse_order_request *order = call->request->orders[index];
  return order->type == BOURSE_ORDER_LIMIT && order->margin_mode == 0 && order->test <= 0 &&
         !bourse_order_is_conditional(order);
}

static int32_t go_together(const bourse_call *call, uint32_t a, uint32_t b) {
  return call->margin_mode == 0 && call->markets[a] == call->markets[b] && is_plain(call, a) && is_plain(call, b);
}

static void plan_orders(bourse_call *call, int32_t *operation, uint32_t *products, uint32_t *variant) {
  const bourse__kucoin_state *state = call->state;
  if (bourse_plan_items(call, 5, go_together) > 1) {
    *variant = state->sync > 0 ? KUCOIN_BATCH_SYNC : KUCOIN_BATCH;
    return;
  }
  bourse__kucoin_subject subject = bourse__kucoin_subject_of(call);
  *operation = BOURSE_OP_CREATE_ORDER;
  *variant = bourse__kucoin_order_variant(call, subject.order);
  *products = subject.margin_mode == BOURSE_MARGIN_CROSS      ? BOURSE_FOR_CROSS
              : subject.margin_mode == BOURSE_MARGIN_ISOLATED ? BOURSE_FOR_ISOLATED
                                                              : BOURSE_FOR_SPOT;
}

static uint32_t cancel_variant(const bourse_call *call, const char *id) {
  const bourse__kucoin_state *state = call->state;
  int32_t sync = state->sync > 0 && call->margin_mode == 0;
  if (bourse__kucoin_names_stop(call, id) || call->scratch[SCRATCH_STAGE] != 0)
    return id != NULL ? KUCOIN_STOP : KUCOIN_STOP_CLIENT;
  return id != NULL ? (sync ? KUCOIN_SYNC : KUCOIN_USUAL) : (sync ? KUCOIN_CLIENT_SYNC : KUCOIN_CLIENT);
}

/* The operation and variant that cancel an order of this id, or of the client's. */
static int32_t plan_cancel(const bourse_call *call, const char *id, uint32_t *variant) {
  int32_t leg = 0;
  if (bourse__kucoin_pair_id(id, &leg) != NULL) return BOURSE_OP_CANCEL_ORDER_LIST;
  *variant = cancel_variant(call, id);
  return BOURSE_OP_CANCEL_ORDER;
}

/* An order asked for by the client's id may be among the ordinary ones or among the conditional ones: both are asked. */
static uint32_t query_variant(const bourse_call *call) {
  const bourse_request *request = call->request;
  int32_t second = call->scratch[SCRATCH_STAGE] != 0;
  if (request->order_id != NULL) return bourse__kucoin_names_stop(call, request->order_id) ? KUCOIN_STOP : KUCOIN_USUAL;
  return (request->trigger > 0) != second ? KUCOIN_STOP_CLIENT : KUCOIN_CLIENT;
}

/* Pairs, then the orders of each; they are a part of all orders too. */
static uint32_t pair_variant(const bourse_call *call, int32_t *operation) {
  *operation =
      call->scratch[SCRATCH_STAGE] == KUCOIN_ASK_PAIR ? BOURSE_OP_FETCH_ORDER_LIST : BOURSE_OP_FETCH_ORDER_LISTS;
  return KUCOIN_USUAL;
}

static uint32_t named_pair_variant(const bourse_call *call) {
  return call->request->id != NULL || call->scratch[SCRATCH_STAGE] == KUCOIN_ASK_PAIR ? KUCOIN_USUAL : KUCOIN_CLIENT;
}

static uint32_t list_variant(bourse_call *call) {
  const bourse_request *request = call->request;
  int64_t *stage = &call->scratch[SCRATCH_STAGE];
  int32_t past = call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS || call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS;
  if (*stage == KUCOIN_ASK_SYMBOLS && request->trigger > 0) *stage = KUCOIN_ASK_STOPS;
  if (*stage == KUCOIN_ASK_SYMBOLS && past) *stage = KUCOIN_ASK_DONE;
  if (*stage == KUCOIN_ASK_SYMBOLS && call->market != NULL) *stage = KUCOIN_ASK_ORDERS;
  if (*stage == KUCOIN_ASK_SYMBOLS && call->operation == BOURSE_OP_FETCH_ORDERS)
    *stage = KUCOIN_ASK_ORDERS; /* which says what is missing */
  switch (*stage) {
    case KUCOIN_ASK_SYMBOLS: return KUCOIN_SYMBOLS;
    case KUCOIN_ASK_ORDERS: return KUCOIN_USUAL;
    case KUCOIN_ASK_DONE: return KUCOIN_DONE;
    default: return KUCOIN_STOP;
  }
}

/* Cancels of all: ordinary orders, then conditional ones, then pairs. On margin they are canceled market by market. */
static uint32_t cancel_all_variant(bourse_call *call) {
  int64_t *stage = &call->scratch[SCRATCH_STAGE];
  if (*stage == KUCOIN_ASK_SYMBOLS && call->request->trigger > 0) *stage = KUCOIN_ASK_STOPS;
  if (*stage == KUCOIN_ASK_STOPS) return KUCOIN_STOP;
  if (*stage == KUCOIN_ASK_PAIRS) return KUCOIN_PAIRS;
  if (call->market != NULL || *stage == KUCOIN_ASK_ORDERS) return KUCOIN_USUAL;
  return call->margin_mode == 0 ? KUCOIN_EVERY : KUCOIN_SYMBOLS;
}

/* Operation (where another's endpoints serve), products and variant of the row wanted. */
static void choose(bourse_call *call, int32_t *operation, uint32_t *products, uint32_t *variant) {
  const bourse_request *request = call->request;
  int32_t leg = 0;
  switch (call->operation) {
    case BOURSE_OP_FETCH_ORDER_BOOK: *variant = book_variant(call); break;
    case BOURSE_OP_FETCH_MARK_PRICES:
      if (call->market != NULL) *variant = KUCOIN_ONE;
      break;
    case BOURSE_OP_FETCH_BALANCE:
    case BOURSE_OP_FETCH_BALANCES:
    case BOURSE_OP_FETCH_LEDGER: *products = wallet_products(call, variant); break;
    case BOURSE_OP_CREATE_ORDER: *variant = bourse__kucoin_order_variant(call, call->order); break;
    case BOURSE_OP_CREATE_ORDERS: plan_orders(call, operation, products, variant); break;
    case BOURSE_OP_CANCEL_ORDER: *operation = plan_cancel(call, request->order_id, variant); break;
    case BOURSE_OP_CANCEL_ORDERS:
      bourse_plan_items(call, 1, NULL);
      *operation = plan_cancel(call, bourse_item_id(call, (uint32_t)call->scratch[0]), variant);
      break;
    case BOURSE_OP_CANCEL_ORDER_LIST:
    case BOURSE_OP_FETCH_ORDER_LIST: *variant = named_pair_variant(call); break;
    case BOURSE_OP_FETCH_ORDER_LISTS:
    case BOURSE_OP_FETCH_OPEN_ORDER_LISTS: *variant = pair_variant(call, operation); break;
    case BOURSE_OP_CANCEL_ALL_ORDERS: *variant = cancel_all_variant(call); break;
    case BOURSE_OP_FETCH_ORDER:
      if (bourse__kucoin_pair_id(request->order_id, &leg) != NULL)
        *operation = BOURSE_OP_FETCH_ORDER_LIST;
      else
        *variant = query_variant(call);
      break;
    case BOURSE_OP_FETCH_ORDERS:
    case BOURSE_OP_FETCH_OPEN_ORDERS:
    case BOURSE_OP_FETCH_CLOSED_ORDERS:
    case BOURSE_OP_FETCH_CANCELED_ORDERS:
      *operation = BOURSE_OP_FETCH_OPEN_ORDERS;
      *variant = call->scratch[SCRATCH_STAGE] < KUCOIN_ASK_PAIRS ? list_variant(call) : pair_variant(call, operation);
      break;
    case BOURSE_OP_FETCH_LOANS: *variant = call->scratch[SCRATCH_STAGE] != 0 ? KUCOIN_REPAID : KUCOIN_USUAL; break;
    case BOURSE_OP_FETCH_STREAM_TOKEN:
      if (request->is_public > 0 || call->signer == NULL) *variant = KUCOIN_OPEN;
      break;
    default: break;
  }
}

const bourse_endpoint *bourse__kucoin_route(bourse_call *call) {
  if (bourse__kucoin_is_unified(call)) return bourse__kucoin_unified_route(call);
  if (is_futures(call)) return bourse__kucoin_futures_route(call);
  int32_t operation = bourse_alias_of(BOURSE_ROWS(aliases), call->operation);
  uint32_t products = call->operation == BOURSE_OP_FETCH_MARKETS ? BOURSE_FOR_SPOT : bourse_call_for(call);
  uint32_t variant = KUCOIN_USUAL;
  choose(call, &operation, &products, &variant);
  if (products == 0) return NULL;
  const bourse_endpoint *endpoint = NULL;
  if (call->order_transport == BOURSE_TRANSPORT_SOCKET)
    endpoint = bourse_find_endpoint(call->adapter, operation, products, variant | KUCOIN_OVER_SOCKET);
  if (endpoint != NULL) return endpoint;
  endpoint = bourse_find_endpoint(call->adapter, operation, products, variant);
  if (endpoint == NULL && variant == KUCOIN_TEST)
    bourse_unsupported(call, "test", "conditional orders cannot be tested");
  return endpoint;
}

/* --- Signing --- */

const char *bourse__kucoin_sign_text(bourse_signer *signer, bourse_arena *arena, const char *text, size_t length) {
  uint8_t signature[BOURSE_SIGNATURE_SIZE_MAX];
  size_t size = 0;
  bourse_text out;
  if (bourse_sign(signer, BOURSE_SIGN_HMAC_SHA256, text, length, signature, sizeof signature, &size) != BOURSE_OK)
    return NULL;
  bourse_text_init(&out, arena);
  bourse_text_base64(&out, signature, size);
  return bourse_text_finish(&out);
}

const char *bourse__kucoin_sign_passphrase(bourse_signer *signer, bourse_arena *arena) {
  char passphrase[BOURSE_PASSPHRASE_SIZE_MAX];
  const char *out = NULL;
  if (bourse_signer_passphrase(signer, passphrase, sizeof passphrase) == BOURSE_OK)
    out = bourse__kucoin_sign_text(signer, arena, passphrase, strlen(passphrase));
  bourse_wipe(passphrase, sizeof passphrase);
  return out;
}

/* Commas stand between symbols as they are: the exchange signs the query as it reads it. */
static int32_t set_query(bourse_call *call) {
  bourse_text text;
  if (call->wire.param_count == 0) return BOURSE_OK;
  bourse_text_init(&text, call->arena);
  for (uint32_t i = 0; i < call->wire.param_count; i++) {
    const bourse_wire_param *param = &call->wire.params[i];
    const char *at = param->value, *end = at + param->value_length;
    if (i > 0) bourse_text_char(&text, '&');
    bourse_text_string(&text, param->name);
    bourse_text_char(&text, '=');
    for (const char *comma; at < end; at = comma) {
      comma = memchr(at, ',', (size_t)(end - at));
      if (comma == NULL) comma = end;
      bourse_text_url(&text, at, (size_t)(comma - at));
      if (comma == end) break;
      bourse_text_char(&text, ',');
      comma++;
    }
  }
  return bourse_set_query(call, &text);
}

static int32_t set_payload(bourse_call *call) {
  const char *whole = bourse_get_param(call, KUCOIN_WHOLE_BODY);
  if (whole != NULL) {
    bourse_text body;
    bourse_text_init(&body, call->arena);
    bourse_text_string(&body, whole);
    return bourse_set_body(call, &body, "application/json");
  }
  return strcmp(call->wire.method, "POST") == 0 ? bourse_set_payload(call) : set_query(call);
}

int32_t bourse__kucoin_sign(bourse_call *call) {
  const bourse__kucoin_state *state = call->state;
  bourse_text text;
  if ((call->endpoint->flags & BOURSE_ENDPOINT_SOCKET) != 0) return bourse__kucoin_sign_message(call);
  int32_t code = set_payload(call);
  if (code != BOURSE_OK || call->endpoint->security == BOURSE_SECURITY_PUBLIC) return code;
  char *timestamp = bourse_arena_format(call->arena, "%" PRId64, call->now_ns / KUCOIN_MILLISECOND);
  if (timestamp == NULL) return bourse_fail_memory(call);
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, timestamp);
  bourse_text_string(&text, call->wire.method);
  bourse_append_target(call, &text);
  if (call->wire.body != NULL) bourse_text_append(&text, call->wire.body, call->wire.body_length);
  const char *signature = bourse_signature(call, BOURSE_SIGN_HMAC_SHA256, &text, BOURSE_BASE64);
  if (signature == NULL) return BOURSE_ERROR_CRYPTO;
  const char *passphrase = bourse__kucoin_sign_passphrase(call->signer, call->arena);
  if (passphrase == NULL)
    return bourse_fail(call, BOURSE_ERROR_CRYPTO, "passphrase", "the passphrase could not be signed");
  bourse_put_header(call, "KC-API-KEY", call->api_key);
  bourse_put_header(call, "KC-API-SIGN", signature);
  bourse_put_header(call, "KC-API-TIMESTAMP", timestamp);
  bourse_put_header(call, "KC-API-PASSPHRASE", passphrase);
  bourse_put_header(call, "KC-API-KEY-VERSION", state->key_version == 2 ? "2" : "3");
  return BOURSE_OK;
}

/* --- Building --- */

void bourse__kucoin_put_true(bourse_call *call, const char *name) { bourse_put_json(call, name, "true"); }

void bourse__kucoin_put_number(bourse_call *call, const char *name, const bourse_decimal *value) {
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  if (bourse_decimal_is_present(value) && bourse_decimal_format(text, sizeof text, value) > 0)
    bourse_put_json(call, name, text);
}

BUILD(symbol) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  return BOURSE_OK;
}

/* --- Envelopes --- */

/* {"code": "200000", "data": ...}; what is older says "200" or "OK". */
static const bourse_envelope shapes[] = {
    {"code", "200000", "msg", "data"}, {"code", "200", "msg", "data"}, {"code", "OK", "msg", "data"}};
#define SHAPES (sizeof shapes / sizeof shapes[0])

int32_t bourse__kucoin_is_null(const bourse_http_reply *data) {
  return data->body_length == 4 && memcmp(data->body, "null", 4) == 0;
}

static int32_t is_success(bourse_slice code) {
  for (size_t i = 0; i < SHAPES; i++)
    if (bourse_slice_is(code, shapes[i].ok)) return 1;
  return 0;
}

static int32_t refused(bourse_call *call, bourse_slice code, bourse_slice message, bourse_slice data) {
  return is_success(code) ? BOURSE_OK : bourse__kucoin_refused(call, code, message, data);
}

typedef struct envelope {
  bourse_slice code;
  const char *message;
} envelope;

static const bourse_field envelope_fields[] = {
    BOURSE_FIELD("code", SLICE, envelope, code),
    BOURSE_FIELD("msg", STRING, envelope, message),
};
static const bourse_table envelope_table = BOURSE_TABLE(envelope_fields);

/* Some refusals carry the code of success, a text, and no data. */
static int32_t check_silent(bourse_call *call, const bourse_http_reply *reply) {
  envelope wire = {{NULL, 0}, NULL};
  int32_t code = bourse_read_object(call, reply, &envelope_table, &wire);
  if (code != BOURSE_OK || wire.message == NULL || wire.message[0] == '\0' || strcmp(wire.message, "success") == 0)
    return code;
  return bourse__kucoin_refused(call, wire.code, bourse_slice_of(wire.message), bourse_slice_of(NULL));
}

int32_t bourse__kucoin_unwrap(bourse_call *call, const bourse_http_reply *reply, bourse_http_reply *data) {
  int32_t code = BOURSE_OK;
  data->body = NULL;
  for (size_t i = 0; code == BOURSE_OK && data->body == NULL && i < SHAPES; i++)
    code = bourse_unwrap(call, reply, &shapes[i], refused, data);
  return code == BOURSE_OK && bourse__kucoin_is_null(data) ? check_silent(call, reply) : code;
}

int32_t bourse__kucoin_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table, void *out) {
  bourse_http_reply data;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  return code == BOURSE_OK ? bourse_read_object(call, &data, table, out) : code;
}

int32_t bourse__kucoin_rows(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  bourse_http_reply data;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK) return code;
  return bourse__kucoin_is_null(&data) ? bourse_read_found(call) : bourse_read_rows(call, &data, row);
}

int32_t bourse__kucoin_list(bourse_call *call, const bourse_http_reply *reply, const char *name,
                            bourse_row_function row) {
  bourse_http_reply data;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code == BOURSE_OK && !bourse__kucoin_is_null(&data)) code = bourse_read_page(call, &data, name, NULL, row, NULL);
  return code == BOURSE_OK ? bourse_read_found(call) : code;
}

/* Done: what else is told does not matter. */
PARSE(receipt) {
  bourse_http_reply data;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK) return code;
  return bourse_append_receipt(call) == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

/* --- Pages --- */

/* The newest come first, so what was since a time lies at the end of the chain: it is followed to there. */
int32_t bourse__kucoin_put_last_id(bourse_call *call, uint32_t most) {
  uint32_t limit = call->request->limit;
  bourse_put_ms(call, "startAt", call->since_ns);
  bourse_put_ms(call, "endAt", call->until_ns);
  bourse_put(call, "lastId", bourse_page_token(call));
  bourse_put_uint(call, "limit", limit == 0 || limit <= most ? limit : most);
  return BOURSE_OK;
}

typedef struct chain_reply {
  bourse_page page;
  bourse_row_function row;
} chain_reply;

static int32_t read_items(bourse_decoder *decoder, void *member) {
  chain_reply *wire = member;
  int32_t code = bourse_decode_array_begin(decoder, "items");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    wire->page.rows++;
    code = wire->row(decoder->user_data, decoder);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field chain_fields[] = {
    BOURSE_FIELD("lastId", ID, chain_reply, page.token),
    BOURSE_FIELD_CUSTOM("items", chain_reply, page, read_items),
};
static const bourse_table chain_table = BOURSE_TABLE(chain_fields);
_Static_assert(offsetof(chain_reply, page) == 0, "items are read through the address of the reply");

/* A page that is not full is the last one. Lists of the account's book are lists alone, whose last row has the number. */
int32_t bourse__kucoin_chain(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  bourse_http_reply data;
  chain_reply wire = {{NULL, 0}, row};
  uint32_t asked = call->request->limit;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK || bourse__kucoin_is_null(&data)) return code;
  if (bourse_is_array(&data)) return bourse_read_rows(call, &data, row);
  code = bourse_read_object(call, &data, &chain_table, &wire);
  if (code != BOURSE_OK) return code;
  if (wire.page.rows < (asked == 0 ? 20 : asked < 100 ? asked : 100)) return BOURSE_OK;
  return bourse_next_page(call, &wire.page, BOURSE_NEWEST_FIRST);
}

int32_t bourse__kucoin_put_page(bourse_call *call, uint32_t most) {
  uint32_t limit = call->request->limit;
  bourse_put_ms(call, "startAt", call->since_ns);
  bourse_put_ms(call, "endAt", call->until_ns);
  bourse_put(call, "currentPage", bourse_page_token(call));
  bourse_put_uint(call, "pageSize", limit == 0 || limit <= most ? limit : most);
  return BOURSE_OK;
}

typedef struct paged_reply {
  bourse_page page;
  bourse_row_function row;
  int64_t current;
  int64_t total;
} paged_reply;

static int32_t read_paged(bourse_decoder *decoder, void *member) {
  paged_reply *wire = member;
  int32_t code = bourse_decode_array_begin(decoder, "items");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    wire->page.rows++;
    code = wire->row(decoder->user_data, decoder);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field paged_fields[] = {
    BOURSE_FIELD("currentPage", INT64, paged_reply, current),
    BOURSE_FIELD("pageNumber", INT64, paged_reply, current), /* of the unified account */
    BOURSE_FIELD("pageSize", CHECK, paged_reply, page),
    BOURSE_FIELD("totalNum", CHECK, paged_reply, page),
    BOURSE_FIELD("totalPage", INT64, paged_reply, total),
    BOURSE_FIELD_FULL("items", CUSTOM, paged_reply, page, BOURSE_FIELD_REQUIRED, NULL, read_paged),
};
static const bourse_table paged_table = BOURSE_TABLE(paged_fields);
_Static_assert(offsetof(paged_reply, page) == 0, "items are read through the address of the reply");

int32_t bourse__kucoin_read_page(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row,
                                 bourse_page *page) {
  bourse_http_reply data;
  paged_reply wire = {{NULL, 0}, row, 0, 0};
  memset(page, 0, sizeof *page);
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK || bourse__kucoin_is_null(&data)) return code;
  if (bourse_is_array(&data)) return bourse_read_rows(call, &data, row);
  code = bourse_read_object(call, &data, &paged_table, &wire);
  if (code != BOURSE_OK || wire.current <= 0 || wire.current >= wire.total) return code;
  *page = wire.page;
  page->token = bourse_arena_format(call->arena, "%" PRId64, wire.current + 1);
  return page->token == NULL ? bourse_fail_memory(call) : BOURSE_OK;
}

int32_t bourse__kucoin_pages(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  bourse_page page;
  int32_t code = bourse__kucoin_read_page(call, reply, row, &page);
  return code != BOURSE_OK ? code : bourse_next_page(call, &page, BOURSE_NEWEST_FIRST);
}

/* --- Fields --- */

int64_t bourse__kucoin_time_of(int64_t number) {
  int64_t unit = number >= 100000000000000000 ? 1
                 : number >= 100000000000000  ? 1000
                 : number >= 100000000000     ? 1000000
                                              : 1000000000;
  return number > 0 && number <= INT64_MAX / unit ? number * unit : 0;
}

int32_t bourse__kucoin_read_time(bourse_decoder *decoder, void *member) {
  int64_t number = 0;
  int32_t code = bourse_decode_value(decoder, BOURSE_AS_INT64, NULL, "time", &number);
  int64_t time_ns = bourse__kucoin_time_of(number);
  if (code == BOURSE_OK && number > 0 && time_ns == 0)
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "time", "out of range");
  if (code == BOURSE_OK && time_ns > 0) memcpy(member, &time_ns, sizeof time_ns);
  return code;
}

int32_t bourse__kucoin_read_currency(bourse_decoder *decoder, void *member) {
  bourse_slice name = {NULL, 0};
  int32_t code = bourse_decode_text(decoder, &name);
  if (code != BOURSE_OK) return code;
  const char *currency = bourse__kucoin_currency(decoder->arena, name);
  if (currency == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "currency", "memory is out");
  memcpy(member, &currency, sizeof currency);
  return BOURSE_OK;
}

int32_t bourse__kucoin_read_market(bourse_decoder *decoder, void *member) {
  const char **names = member;
  bourse_slice id = {NULL, 0};
  int32_t code = bourse_decode_text(decoder, &id);
  if (code != BOURSE_OK) return code;
  const bourse_market *market = bourse__kucoin_market(decoder->user_data, id);
  if (market != NULL) {
    names[0] = market->symbol;
    names[1] = market->id;
    return BOURSE_OK;
  }
  names[1] = bourse_arena_copy(decoder->arena, id.data, id.length);
  return names[1] != NULL ? BOURSE_OK : bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
}
