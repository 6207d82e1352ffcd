/* exchange/bybit/rest.c - which endpoint serves an operation, signing, and what all requests and replies share. */
#include <inttypes.h>
#include <string.h>

#include "exchange/bybit/bybit.h"

/* --- Routing --- */

static const bourse_alias aliases[] = {
    {BOURSE_OP_FETCH_TICKER, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_BIDS_ASKS, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_LAST_PRICES, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_MARK_PRICES, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_FUNDING_RATE, BOURSE_OP_FETCH_FUNDING_RATES},
    {BOURSE_OP_FETCH_BALANCE, BOURSE_OP_FETCH_BALANCES},
    {BOURSE_OP_FETCH_POSITION, BOURSE_OP_FETCH_POSITIONS},
    {BOURSE_OP_REDUCE_MARGIN, BOURSE_OP_ADD_MARGIN},
    {BOURSE_OP_FETCH_TRADING_FEE, BOURSE_OP_FETCH_TRADING_FEES},
    {BOURSE_OP_FETCH_ORDER_TRADES, BOURSE_OP_FETCH_MY_TRADES},
    {BOURSE_OP_FETCH_CLOSED_ORDERS, BOURSE_OP_FETCH_ORDERS},
    {BOURSE_OP_FETCH_CANCELED_ORDERS, BOURSE_OP_FETCH_ORDERS},
    {BOURSE_OP_FETCH_DEPOSIT_ADDRESSES, BOURSE_OP_FETCH_DEPOSIT_ADDRESS},
    {BOURSE_OP_FETCH_BORROW_RATES, BOURSE_OP_FETCH_BORROW_RATE},
};

/* Operation (where another's endpoints serve) and variant of the row wanted. */
static void choose(bourse_call *call, int32_t *operation, uint32_t *variant) {
  const bourse_request *request = call->request;
  int32_t second = call->scratch[BYBIT_SCRATCH_TURN] > 0;
  switch (call->operation) {
    case BOURSE_OP_FETCH_CANDLES:
      *variant = request->price_kind == BOURSE_PRICE_MARK      ? BYBIT_MARK
                 : request->price_kind == BOURSE_PRICE_INDEX   ? BYBIT_INDEX
                 : request->price_kind == BOURSE_PRICE_PREMIUM ? BYBIT_PREMIUM
                                                               : BYBIT_USUAL;
      break;
    case BOURSE_OP_CREATE_ORDER: *variant = bourse__bybit_order_variant(call->order); break;
    case BOURSE_OP_CREATE_ORDERS:
    case BOURSE_OP_EDIT_ORDERS:
    case BOURSE_OP_CANCEL_ORDERS:
      *variant = bourse__bybit_plan_step(call);
      if (*variant == BYBIT_BATCH) break;
      *operation = call->operation == BOURSE_OP_CREATE_ORDERS ? BOURSE_OP_CREATE_ORDER : BOURSE_OP_CANCEL_ORDER;
      break;
    case BOURSE_OP_CANCEL_ALL_ORDERS: *variant = bourse__bybit_looks_up(call) ? BYBIT_FIRST : BYBIT_USUAL; break;
    case BOURSE_OP_CLOSE_POSITION: *variant = call->memory == NULL ? BYBIT_FIRST : BYBIT_USUAL; break;
    case BOURSE_OP_FETCH_ORDER: *variant = second ? BYBIT_HISTORY : BYBIT_USUAL; break;
    case BOURSE_OP_FETCH_ORDERS: *operation = second ? BOURSE_OP_FETCH_OPEN_ORDERS : BOURSE_OP_FETCH_ORDERS; break;
    case BOURSE_OP_FETCH_BALANCE:
    case BOURSE_OP_FETCH_BALANCES:
      if (request->wallet == BOURSE_WALLET_FUNDING) *variant = BYBIT_FUNDING;
      break;
    default: break;
  }
}

const bourse_endpoint *bourse__bybit_route(bourse_call *call) {
  const bourse_endpoint *endpoint = NULL;
  int32_t operation = bourse_alias_of(BOURSE_ROWS(aliases), call->operation);
  uint32_t products = bourse_call_for(call), variant = BYBIT_USUAL;
  choose(call, &operation, &variant);
  if (bourse__bybit_takes_messages(call))
    endpoint = bourse_find_endpoint(call->adapter, operation, products, variant | BYBIT_OVER_SOCKET);
  if (endpoint != NULL) return endpoint;
  endpoint = bourse_find_endpoint(call->adapter, operation, products, variant);
  if (endpoint == NULL && call->operation == BOURSE_OP_FETCH_CANDLES)
    bourse_unsupported(call, "price_kind",
                       call->product == BOURSE_PRODUCT_SPOT ? "spot markets have candles of the last price only"
                                                            : "linear contracts alone have candles of the premium");
  return endpoint;
}

/* --- Signing --- */

/* What is signed is the time, the key, how long the request is good for, and the query or body as it is sent. */
int32_t bourse__bybit_sign(bourse_call *call) {
  bourse_text text;
  if ((call->endpoint->flags & BOURSE_ENDPOINT_SOCKET) != 0) return bourse__bybit_sign_message(call);
  int32_t code = bourse_set_payload(call);
  if (code != BOURSE_OK || call->endpoint->security == BOURSE_SECURITY_PUBLIC) return code;
  char *time = bourse_arena_format(call->arena, "%" PRId64, call->now_ns / BYBIT_MILLISECOND);
  char *window = bourse_arena_format(call->arena, "%" PRId64, call->receive_window_ms);
  if (time == NULL || window == NULL) return bourse_fail_memory(call);
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, time);
  bourse_text_string(&text, call->api_key);
  bourse_text_string(&text, window);
  if (call->wire.query != NULL) bourse_text_string(&text, call->wire.query);
  if (call->wire.body != NULL) bourse_text_append(&text, call->wire.body, call->wire.body_length);
  int32_t rsa = bourse_signer_kind(call->signer) == BOURSE_KEY_RSA;
  const char *signature = bourse_signature(call, rsa ? BOURSE_SIGN_RSA_SHA256 : BOURSE_SIGN_HMAC_SHA256, &text,
                                           rsa ? BOURSE_BASE64 : BOURSE_HEX);
  if (signature == NULL) return BOURSE_ERROR_CRYPTO;
  bourse_put_header(call, "X-BAPI-API-KEY", call->api_key);
  bourse_put_header(call, "X-BAPI-TIMESTAMP", time);
  bourse_put_header(call, "X-BAPI-RECV-WINDOW", window);
  bourse_put_header(call, "X-BAPI-SIGN", signature);
  return BOURSE_OK;
}

/* --- Building --- */

static const bourse_name categories[] = {
    {"spot", BOURSE_PRODUCT_SPOT},
    {"linear", BOURSE_PRODUCT_LINEAR},
    {"inverse", BOURSE_PRODUCT_INVERSE},
    {"option", BOURSE_PRODUCT_OPTION},
    {NULL, 0},
};

const char *bourse__bybit_category(int32_t product) { return bourse_name_text(categories, product); }

int32_t bourse__bybit_product(bourse_slice category) { return bourse_name_value(categories, category); }

void bourse__bybit_put_symbol(bourse_call *call) {
  bourse_put(call, "category", bourse__bybit_category(call->product));
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
}

int32_t bourse__bybit_need_symbol(bourse_call *call) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse__bybit_put_symbol(call);
  return BOURSE_OK;
}

BUILD(symbol) { return bourse__bybit_need_symbol(call); }

void bourse__bybit_put_number(bourse_call *call, const char *name, int64_t value) {
  bourse_put_int(call, name, value);
  if (call->wire.param_count > 0) call->wire.params[call->wire.param_count - 1].json = 1;
}

static int32_t hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                : -1;
}

/* Cursors come with escapes, which the encoding of the query brings back. */
void bourse__bybit_put_cursor(bourse_call *call) {
  const char *token = bourse_page_token(call);
  if (token == NULL) return;
  size_t length = strlen(token), used = 0;
  char *plain = bourse_arena_alloc(call->arena, length + 1);
  if (plain == NULL) {
    bourse_fail_memory(call);
    return;
  }
  for (size_t i = 0; i < length; i++) {
    int32_t high = token[i] == '%' && i + 2 < length ? hex_digit(token[i + 1]) : -1;
    int32_t low = high >= 0 ? hex_digit(token[i + 2]) : -1;
    plain[used++] = low >= 0 ? (char)(high * 16 + low) : token[i];
    if (low >= 0) i += 2;
  }
  bourse_put_bytes(call, "cursor", plain, used);
}

void bourse__bybit_put_page(bourse_call *call) {
  bourse_put_range(call, "startTime", "endTime", "limit");
  bourse__bybit_put_cursor(call);
}

const char *bourse__bybit_option_coin(const bourse_call *call, int64_t turn) {
  const bourse__bybit_state *state = call->state;
  return turn >= 0 && turn < state->coin_count ? state->coins[turn] : NULL;
}

/* Linear contracts are listed by the currency they settle in, unless a market or the caller says more. */
static const char *const settle_coins[] = {"USDT", "USDC"};
enum { SETTLE_COINS = sizeof settle_coins / sizeof settle_coins[0] };

int32_t bourse__bybit_lists_all(const bourse_call *call) {
  const bourse_request *request = call->request;
  if (call->market != NULL) return 0;
  return bourse_own_param(request, "settleCoin") == NULL && bourse_own_param(request, "baseCoin") == NULL;
}

static int32_t by_settle_coin(const bourse_call *call) {
  return call->product == BOURSE_PRODUCT_LINEAR && bourse__bybit_lists_all(call);
}

void bourse__bybit_put_listed(bourse_call *call, int64_t turn) {
  bourse__bybit_put_symbol(call);
  if (by_settle_coin(call) && turn < SETTLE_COINS) bourse_put(call, "settleCoin", settle_coins[turn]);
}

int64_t bourse__bybit_listings(const bourse_call *call) { return by_settle_coin(call) ? SETTLE_COINS : 1; }

/* --- Reading --- */

const bourse_envelope bourse__bybit_envelope = {"retCode", "0", "retMsg", "result"};
static const bourse_envelope message_envelope = {"retCode", "0", "retMsg", "data"};

int32_t bourse__bybit_unwrap(bourse_call *call, const bourse_http_reply *reply, bourse_http_reply *result) {
  int32_t message = (call->endpoint->flags & BOURSE_ENDPOINT_SOCKET) != 0;
  return bourse_unwrap(call, reply, message ? &message_envelope : &bourse__bybit_envelope, bourse__bybit_refused,
                       result);
}

int32_t bourse__bybit_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table, void *out) {
  bourse_http_reply result;
  int32_t code = bourse__bybit_unwrap(call, reply, &result);
  return code == BOURSE_OK ? bourse_read_object(call, &result, table, out) : code;
}

int32_t bourse__bybit_list(bourse_call *call, const bourse_http_reply *reply, const char *name, bourse_row_function row,
                           bourse_page *page) {
  bourse_http_reply result;
  int32_t code = bourse__bybit_unwrap(call, reply, &result);
  if (code == BOURSE_OK) code = bourse_read_page(call, &result, name, "nextPageCursor", row, page);
  return code == BOURSE_OK ? bourse_read_found(call) : code;
}

int32_t bourse__bybit_pages(bourse_call *call, const bourse_http_reply *reply, const char *name,
                            bourse_row_function row) {
  bourse_page page;
  int32_t code = bourse__bybit_list(call, reply, name, row, &page);
  return code == BOURSE_OK ? bourse_next_page(call, &page, BOURSE_NEWEST_FIRST) : code;
}

int32_t bourse__bybit_whole(bourse_call *call, const bourse_http_reply *reply, const char *name,
                            bourse_row_function row) {
  bourse_page page;
  int32_t code = bourse__bybit_list(call, reply, name, row, &page);
  return code == BOURSE_OK ? bourse_look_on(call, &page) : code;
}

/* What a reply says beside its result. */
static const bourse_field aside_fields[] = {
    BOURSE_FIELD("retExtInfo", RAW, bourse__bybit_aside, extra),
    BOURSE_FIELD("time", TIME_MS, bourse__bybit_aside, time_ns),
};
static const bourse_table aside_table = BOURSE_TABLE(aside_fields);

int32_t bourse__bybit_read_aside(bourse_call *call, const bourse_http_reply *reply, bourse__bybit_aside *out) {
  memset(out, 0, sizeof *out);
  return bourse_read_object(call, reply, &aside_table, out);
}

int32_t bourse__bybit_read_text(bourse_decoder *decoder, void *member) {
  bourse_slice text = {NULL, 0};
  int32_t code = bourse_decode_text(decoder, &text);
  if (code != BOURSE_OK || text.length == 0) return code;
  const char *copy = bourse_arena_copy(decoder->arena, text.data, text.length);
  if (copy == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
  memcpy(member, &copy, sizeof copy);
  return BOURSE_OK;
}

PARSE(receipt) {
  bourse_http_reply result;
  int32_t code = bourse__bybit_unwrap(call, reply, &result);
  if (code != BOURSE_OK) return code;
  return bourse_append_receipt(call) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}
