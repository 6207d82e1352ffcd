/* exchange/okx/rest.c - which endpoint serves an operation, signing, and what all requests and replies share. */
#include <string.h>

#include "exchange/okx/stream.h"

#define PAGE_MAX 100

/* --- Kinds of instruments, and lists ---
 *
 * Many operations ask for several lists one after the other: of the kinds of instruments that a product has, of ordinary
 * orders, of each kind of strategy's. scratch[4] is the list that is on, scratch[5] tells that it is being turned page by
 * page, scratch[6] how many rows were asked for. */

/* Kinds of strategies, as their lists want them. */
static const char *const strategies[] = {"conditional,oco", "trigger", "move_order_stop", "iceberg", "twap", "chase"};
enum { STRATEGIES = sizeof strategies / sizeof strategies[0] };

/* How many lists strategies' orders are in: one when the caller names it in parameters of its own. */
static uint32_t strategy_count(const bourse_call *call) {
  return bourse_own_param(call->request, "ordType") != NULL ? 1 : STRATEGIES;
}

const char *bourse__okx_type_of(const bourse_market *market, int32_t margin_mode) {
  switch (market->product) {
    case BOURSE_PRODUCT_SPOT: return margin_mode != 0 ? "MARGIN" : "SPOT";
    case BOURSE_PRODUCT_OPTION: return "OPTION";
    default: return market->perpetual == BOURSE_NO ? "FUTURES" : "SWAP";
  }
}

/* Those that the call may be about, at most two. */
static uint32_t types_of(const bourse_call *call, const char *out[2]) {
  static const char *const of_product[][2] = {
      {"SPOT", NULL}, {"SPOT", NULL}, {"SWAP", "FUTURES"}, {"SWAP", "FUTURES"}, {"OPTION", NULL}};
  uint32_t count = 0;
  int32_t margin = call->product == BOURSE_PRODUCT_SPOT ? call->margin_mode : 0;
  if (call->market != NULL) {
    out[0] = bourse__okx_type_of(call->market, margin);
    return 1;
  }
  for (uint32_t i = 0; i < call->market_count && count < 2; i++) {
    const char *type = bourse__okx_type_of(call->markets[i], margin);
    if (count == 0 || strcmp(out[0], type) != 0) out[count++] = type;
  }
  if (count > 0) return count;
  out[0] = margin != 0 ? "MARGIN" : of_product[call->product][0];
  out[1] = of_product[call->product][1];
  return out[1] == NULL ? 1 : 2;
}

/* What the list that is on holds. */
typedef struct listed {
  uint32_t variant;
  uint32_t type; /* of instruments */
  uint32_t strategy;
} listed;

static listed nth(const bourse_call *call, uint32_t ordinary) {
  uint32_t at = (uint32_t)call->scratch[4], count = strategy_count(call);
  if (call->request->trigger > 0) return (listed){OKX_ALGO, 0, at % count};
  if (at < ordinary) return (listed){OKX_USUAL, at, 0};
  return (listed){OKX_ALGO, 0, (at - ordinary) % count};
}

static listed list_of(const bourse_call *call) {
  uint32_t at = (uint32_t)call->scratch[4];
  int32_t trigger = call->request->trigger;
  switch (call->operation) {
    case BOURSE_OP_FETCH_OPEN_ORDERS:
    case BOURSE_OP_CANCEL_ALL_ORDERS: return nth(call, 1);
    case BOURSE_OP_FETCH_CLOSED_ORDERS:
    case BOURSE_OP_FETCH_CANCELED_ORDERS:
      if (trigger > 0) return nth(call, 0);
      break;
    case BOURSE_OP_FETCH_ORDERS: /* those open, then those of the past */
      if (trigger > 0) return nth(call, 0);
      return (listed){at == 0 ? OKX_FIRST : OKX_USUAL, at == 0 ? 0 : at - 1, 0};
    default: break;
  }
  return (listed){OKX_USUAL, at, 0};
}

uint32_t bourse__okx_list_count(const bourse_call *call) {
  const char *types[2];
  int32_t trigger = call->request->trigger;
  switch (call->operation) {
    case BOURSE_OP_FETCH_OPEN_ORDERS:
    case BOURSE_OP_CANCEL_ALL_ORDERS: return (trigger > 0 ? 0 : 1u) + (trigger < 0 ? 0u : strategy_count(call));
    case BOURSE_OP_FETCH_CLOSED_ORDERS:
    case BOURSE_OP_FETCH_CANCELED_ORDERS: return trigger > 0 ? strategy_count(call) : types_of(call, types);
    /* Of strategies' orders: open, fired, canceled and failed ones, each by kind. */
    case BOURSE_OP_FETCH_ORDERS: return trigger > 0 ? 4 * strategy_count(call) : 1 + types_of(call, types);
    case BOURSE_OP_FETCH_LEDGER:
      return call->request->product == 0 || call->request->wallet == BOURSE_WALLET_FUNDING ? 1 : types_of(call, types);
    case BOURSE_OP_FETCH_FUNDING_HISTORY:
    case BOURSE_OP_FETCH_TRANSFERS:
    case BOURSE_OP_FETCH_ORDER_TRADES:
    case BOURSE_OP_FETCH_TRADES:
    case BOURSE_OP_FETCH_FUNDING_RATE_HISTORY:
    case BOURSE_OP_FETCH_DEPOSITS:
    case BOURSE_OP_FETCH_WITHDRAWALS: return 1;
    default: return types_of(call, types);
  }
}

const char *bourse__okx_type(const bourse_call *call) {
  const char *types[2];
  uint32_t count = types_of(call, types), at = list_of(call).type;
  return types[at < count ? at : 0];
}

const char *bourse__okx_only_type(const bourse_call *call) {
  const char *types[2];
  return types_of(call, types) == 1 ? types[0] : NULL;
}

const char *bourse__okx_strategy(const bourse_call *call) { return strategies[list_of(call).strategy]; }

uint32_t bourse__okx_strategy_round(const bourse_call *call) {
  return (uint32_t)call->scratch[4] / strategy_count(call);
}

/* --- Routing --- */

static const bourse_alias aliases[] = {
    {BOURSE_OP_FETCH_BIDS_ASKS, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_LAST_PRICES, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_FUNDING_RATE, BOURSE_OP_FETCH_FUNDING_RATES},
    {BOURSE_OP_FETCH_FUNDING_INTERVALS, BOURSE_OP_FETCH_FUNDING_RATES},
    {BOURSE_OP_FETCH_BALANCE, BOURSE_OP_FETCH_BALANCES},
    {BOURSE_OP_FETCH_POSITION, BOURSE_OP_FETCH_POSITIONS},
    {BOURSE_OP_FETCH_LEVERAGE, BOURSE_OP_FETCH_LEVERAGES},
    {BOURSE_OP_REDUCE_MARGIN, BOURSE_OP_ADD_MARGIN},
    {BOURSE_OP_SET_MARGIN_MODE, BOURSE_OP_SET_LEVERAGE},
    {BOURSE_OP_FETCH_CANCELED_ORDERS, BOURSE_OP_FETCH_CLOSED_ORDERS},
    {BOURSE_OP_FETCH_DEPOSIT_ADDRESSES, BOURSE_OP_FETCH_DEPOSIT_ADDRESS},
    {BOURSE_OP_FETCH_BORROW_RATES, BOURSE_OP_FETCH_BORROW_RATE},
    {BOURSE_OP_REPAY_MARGIN, BOURSE_OP_BORROW_MARGIN},
};

static int32_t is_older(const bourse_call *call, int64_t age_ns) {
  return call->since_ns != 0 && call->since_ns < call->now_ns - age_ns;
}

/* The recent list goes back so many candles. */
static uint32_t candle_variant(bourse_call *call) {
  const bourse_interval *interval =
      bourse_interval_of(bourse__okx_intervals, bourse__okx_interval_count, call->request->timeframe);
  int64_t from = call->since_ns != 0 ? call->since_ns : call->until_ns;
  int32_t older = interval != NULL && from != 0 && (call->now_ns - from) / interval->length_ns >= 1440;
  uint32_t past = older ? OKX_PAST : OKX_USUAL;
  switch (call->request->price_kind) {
    case BOURSE_PRICE_MARK: return OKX_MARK | past;
    case BOURSE_PRICE_INDEX: return OKX_INDEX | past;
    case BOURSE_PRICE_PREMIUM:
      bourse_unsupported(call, "price_kind", "there are candles of the last, the mark and the index price");
      return past;
    default: return past;
  }
}

static uint32_t balance_variant(bourse_call *call) {
  switch (call->request->wallet) {
    case BOURSE_WALLET_FUNDING: return OKX_FUNDING;
    case BOURSE_WALLET_ALL: return OKX_SUMS;
    case BOURSE_WALLET_EARN:
      bourse_unsupported(call, "wallet", "balances are those of the trading and of the funding account");
      return OKX_USUAL;
    default: return OKX_USUAL; /* one account for trading */
  }
}

/* Strategies' orders are found by the list that is on: those open, or those of the past. */
static uint32_t order_list_variant(const bourse_call *call) {
  listed on = list_of(call);
  if (on.variant != OKX_ALGO) return on.variant == OKX_USUAL && is_older(call, 7 * OKX_DAY) ? OKX_PAST : on.variant;
  if (call->operation != BOURSE_OP_FETCH_ORDERS) return OKX_ALGO;
  return bourse__okx_strategy_round(call) == 0 ? OKX_ALGO | OKX_FIRST : OKX_ALGO;
}

static void choose(bourse_call *call, int32_t *operation, uint32_t *variant) {
  const bourse_request *request = call->request;
  switch (call->operation) {
    case BOURSE_OP_FETCH_MARKETS:
      if (call->product == BOURSE_PRODUCT_OPTION && call->step == 0) *variant = OKX_FIRST;
      break;
    case BOURSE_OP_FETCH_ORDER_BOOK: *variant = call->limit > 400 ? OKX_FULL : OKX_USUAL; break;
    case BOURSE_OP_FETCH_TRADES:
      if (call->since_ns != 0 || call->until_ns != 0 || request->cursor != NULL || request->limit > 500)
        *variant = OKX_PAST;
      break;
    case BOURSE_OP_FETCH_CANDLES: *variant = candle_variant(call); break;
    case BOURSE_OP_FETCH_BALANCES:
    case BOURSE_OP_FETCH_BALANCE: *variant = balance_variant(call); break;
    case BOURSE_OP_FETCH_LEDGER:
      if (request->wallet == BOURSE_WALLET_FUNDING) {
        *variant = OKX_FUNDING;
        break;
      } /* fall through */
    case BOURSE_OP_FETCH_FUNDING_HISTORY:
    case BOURSE_OP_FETCH_TRANSFERS:
      if (is_older(call, 7 * OKX_DAY) || (call->since_ns == 0 && call->operation != BOURSE_OP_FETCH_LEDGER))
        *variant = OKX_PAST; /* there are few of them in the seven days of the recent list */
      *operation = BOURSE_OP_FETCH_LEDGER;
      break;
    case BOURSE_OP_CREATE_ORDER: *variant = bourse__okx_order_variant(call->order); break;
    case BOURSE_OP_CREATE_ORDERS:
    case BOURSE_OP_EDIT_ORDERS:
    case BOURSE_OP_CANCEL_ORDERS: *variant = bourse__okx_plan_step(call); break;
    case BOURSE_OP_EDIT_ORDER:
    case BOURSE_OP_CANCEL_ORDER:
    case BOURSE_OP_FETCH_ORDER: *variant = bourse__okx_id_variant(call, request->order_id); break;
    case BOURSE_OP_CANCEL_ALL_ORDERS:
      if (call->memory == NULL || call->scratch[7] == 0)
        *variant = OKX_FIRST | list_of(call).variant;
      else
        *variant = bourse__okx_plan_step(call);
      break;
    case BOURSE_OP_FETCH_OPEN_ORDERS: *variant = list_of(call).variant; break;
    case BOURSE_OP_FETCH_ORDERS:
    case BOURSE_OP_FETCH_CLOSED_ORDERS:
    case BOURSE_OP_FETCH_CANCELED_ORDERS: *variant = order_list_variant(call); break;
    case BOURSE_OP_FETCH_MY_TRADES: *variant = is_older(call, 3 * OKX_DAY) ? OKX_PAST : OKX_USUAL; break;
    case BOURSE_OP_FETCH_ORDER_TRADES: *variant = call->step > 0 ? OKX_PAST : OKX_USUAL; break;
    default: break;
  }
}

/* Orders changed and canceled one by one out of several are served as single ones are. */
static int32_t alone(int32_t operation, uint32_t variant) {
  if ((variant & OKX_BATCH) != 0) return operation;
  switch (operation) {
    case BOURSE_OP_CREATE_ORDERS: return BOURSE_OP_CREATE_ORDER;
    case BOURSE_OP_EDIT_ORDERS: return BOURSE_OP_EDIT_ORDER;
    case BOURSE_OP_CANCEL_ORDERS: return BOURSE_OP_CANCEL_ORDER;
    case BOURSE_OP_CANCEL_ALL_ORDERS: return (variant & OKX_FIRST) != 0 ? operation : BOURSE_OP_CANCEL_ORDER;
    default: return operation;
  }
}

const bourse_endpoint *bourse__okx_route(bourse_call *call) {
  uint32_t products = bourse_call_for(call), variant = OKX_USUAL;
  int32_t operation = call->operation;
  choose(call, &operation, &variant);
  operation = bourse_alias_of(BOURSE_ROWS(aliases), alone(operation, variant));
  if (call->operation == BOURSE_OP_CANCEL_ALL_ORDERS && (variant & OKX_BATCH) != 0) operation = BOURSE_OP_CANCEL_ORDERS;
  if (call->operation == BOURSE_OP_FETCH_MARKETS) products = BOURSE_FOR_ALL;
  const bourse_endpoint *endpoint = NULL;
  if (call->order_transport == BOURSE_TRANSPORT_SOCKET && bourse__okx_has_message(call))
    endpoint = bourse_find_endpoint(call->adapter, operation, products, variant | OKX_OVER_SOCKET);
  return endpoint != NULL ? endpoint : bourse_find_endpoint(call->adapter, operation, products, variant);
}

/* --- Signing --- */

int32_t bourse__okx_is_message(const bourse_call *call) {
  return (call->endpoint->flags & BOURSE_ENDPOINT_SOCKET) != 0;
}

/* Requests about several orders are lists. */
static const bourse_wire_param *find_list(const bourse_call *call) {
  for (uint32_t i = 0; i < call->wire.param_count; i++)
    if (strcmp(call->wire.params[i].name, OKX_LIST) == 0) return &call->wire.params[i];
  return NULL;
}

static int32_t set_payload(bourse_call *call) {
  const bourse_wire_param *list = find_list(call);
  bourse_text text;
  if (list == NULL) return bourse_set_payload(call);
  bourse_text_init(&text, call->arena);
  bourse_text_append(&text, list->value, list->value_length);
  return bourse_set_body(call, &text, "application/json");
}

static int32_t put_passphrase(bourse_call *call) {
  char passphrase[BOURSE_PASSPHRASE_SIZE_MAX];
  int32_t code = bourse_signer_passphrase(call->signer, passphrase, sizeof passphrase);
  if (code != BOURSE_OK)
    return bourse_fail(call, code, "passphrase", "the passphrase that goes with the key cannot be had");
  bourse_put_header(call, "OK-ACCESS-PASSPHRASE", passphrase);
  bourse_wipe(passphrase, sizeof passphrase);
  return BOURSE_OK;
}

int32_t bourse__okx_sign(bourse_call *call) {
  const bourse__okx_state *state = call->state;
  char now[BOURSE_TIME_TEXT_SIZE];
  bourse_text text;
  if (bourse__okx_is_message(call)) return bourse__okx_sign_message(call);
  int32_t code = set_payload(call);
  if (code != BOURSE_OK) return code;
  if (state->environment == BOURSE_DEMO) bourse_put_header(call, "x-simulated-trading", "1");
  if (call->endpoint->security == BOURSE_SECURITY_PUBLIC) return BOURSE_OK;
  code = bourse_time_format(now, sizeof now, call->now_ns);
  if (code != BOURSE_OK) return bourse_fail(call, code, NULL, "the clock is beyond what can be sent");
  memcpy(now + 23, "Z", 2); /* milliseconds */
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, now);
  bourse_text_string(&text, call->wire.method);
  bourse_append_target(call, &text);
  if (call->wire.body != NULL) bourse_text_append(&text, call->wire.body, call->wire.body_length);
  const char *signature = bourse_signature(call, BOURSE_SIGN_HMAC_SHA256, &text, BOURSE_BASE64);
  if (signature == NULL) return BOURSE_ERROR_CRYPTO;
  bourse_put_header(call, "OK-ACCESS-KEY", call->api_key);
  bourse_put_header(call, "OK-ACCESS-SIGN", signature);
  bourse_put_header(call, "OK-ACCESS-TIMESTAMP", now);
  if (call->bounded > 0 && (call->endpoint->flags & BOURSE_ENDPOINT_ACTS) != 0 &&
      (call->endpoint->products & BOURSE_FOR_FUTURES) != 0) {
    const char *until =
        bourse_arena_format(call->arena, "%lld", (long long)(call->now_ns / OKX_MILLISECOND + call->receive_window_ms));
    if (until == NULL) return bourse_fail_memory(call);
    bourse_put_header(call, "expTime", until);
  }
  return put_passphrase(call);
}

/* --- Building --- */

int32_t bourse__okx_put_market(bourse_call *call, const bourse_market *market) {
  if (market == NULL) return bourse_need_market(call) == NULL ? BOURSE_ERROR_ARGUMENT : BOURSE_OK;
  if (bourse__okx_is_message(call))
    bourse_put_json(call, "instIdCode", market->code);
  else
    bourse_put(call, "instId", market->id);
  return BOURSE_OK;
}

/* What was since a time lies at the end of lists that begin with the newest, so their further pages are whole ones. Of fills
 * there are many, and the first is whole, too, as it is when no size is given. */
void bourse__okx_put_page(bourse_call *call) {
  const bourse_request *request = call->request;
  int32_t turning = call->scratch[5] != 0, since = request->since_ns != 0;
  int32_t whole = since && call->operation == BOURSE_OP_FETCH_MY_TRADES;
  uint32_t size = since && (turning || whole) ? PAGE_MAX : bourse_page_size(call, PAGE_MAX);
  if (!turning && !whole && request->limit > 0 && since) size = request->limit < PAGE_MAX ? request->limit : PAGE_MAX;
  call->scratch[6] = size;
  if (turning || call->scratch[4] == 0) bourse_put(call, "after", bourse_page_token(call));
  if (turning || !whole) bourse_put_uint(call, "limit", size);
}

/* Where pages go by time, whose ends are exclusive. */
void bourse__okx_put_time_page(bourse_call *call, int32_t with_since) {
  if (with_since && call->since_ns != 0) bourse_put_int(call, "before", call->since_ns / OKX_MILLISECOND - 1);
  bourse__okx_put_page(call);
  if (call->until_ns != 0 && bourse_get_param(call, "after") == NULL)
    bourse_put_int(call, "after", call->until_ns / OKX_MILLISECOND + 1);
}

/* --- Reading --- */

int32_t bourse__okx_is_in_range(const bourse_call *call, int64_t time_ns) {
  const bourse_request *request = call->request;
  return time_ns >= request->since_ns && (request->until_ns == 0 || time_ns <= request->until_ns);
}

int32_t bourse__okx_seen_at(bourse_call *call, int64_t time_ns) {
  const char *token = bourse_arena_format(call->arena, "%lld", (long long)(time_ns / OKX_MILLISECOND));
  if (token == NULL) return bourse_fail_memory(call);
  return bourse__okx_seen(call, time_ns < call->request->since_ns ? NULL : token);
}

int32_t bourse__okx_row_failed(bourse_call *call, bourse_decoder *decoder, int32_t code, const char *name) {
  if (code == BOURSE_ERROR_MEMORY) return bourse_fail_memory(call);
  return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, name, "out of range");
}

const bourse_envelope bourse__okx_shape = {"code", "0", "msg", "data"};

int32_t bourse__okx_unwrap(bourse_call *call, const bourse_http_reply *reply, bourse_http_reply *data) {
  return bourse_unwrap(call, reply, &bourse__okx_shape, bourse__okx_refused, data);
}

int32_t bourse__okx_rows(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  bourse_http_reply data;
  int32_t code = bourse__okx_unwrap(call, reply, &data);
  return code == BOURSE_OK ? bourse_read_rows(call, &data, row) : code;
}

int32_t bourse__okx_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table, void *out) {
  bourse_http_reply data;
  bourse_decoder decoder;
  uint32_t rows = 0;
  int32_t code = bourse__okx_unwrap(call, reply, &data);
  if (code != BOURSE_OK) return code;
  bourse_decode_reply(call, &decoder, &data);
  code = bourse_decode_array_begin(&decoder, "data");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    if (rows++ == 0)
      code = bourse_decode_object(&decoder, table, out);
    else
      bourse_json_skip(&decoder.json);
  }
  code = bourse_read_end(call, &decoder, code);
  if (code != BOURSE_OK || rows > 0) return code;
  return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "data", "the reply to %s tells nothing",
                     bourse_operation_name(call->operation));
}

typedef struct list_state {
  bourse_page page;
} list_state;

int32_t bourse__okx_seen(bourse_call *call, const char *id) {
  list_state *state = call->memory;
  if (state == NULL) return BOURSE_OK;
  state->page.rows++;
  state->page.token = id;
  return BOURSE_OK;
}

/* A list that is not full was the last; several lists one after the other have no cursor in common. */
static int32_t next_list(bourse_call *call, bourse_page *page) {
  uint32_t count = bourse__okx_list_count(call), wanted = call->request->limit;
  uint32_t asked = call->scratch[6] == 0 ? PAGE_MAX : (uint32_t)call->scratch[6];
  if (page->rows < asked) page->token = NULL;
  if (count > 1 && (wanted == 0 || (call->request->since_ns == 0 && bourse_appended(call) >= wanted)))
    page->token = NULL;
  int32_t code = call->operation == BOURSE_OP_CANCEL_ALL_ORDERS ? bourse_look_on(call, page)
                                                                : bourse_next_page(call, page, BOURSE_NEWEST_FIRST);
  call->scratch[5] = code == BOURSE_CONTINUE;
  if (code != BOURSE_OK || call->scratch[4] + 1 >= count) return code;
  call->scratch[4]++;
  return BOURSE_CONTINUE;
}

int32_t bourse__okx_list(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  list_state state = {{NULL, 0}};
  call->memory = &state;
  int32_t code = bourse__okx_rows(call, reply, row);
  call->memory = NULL;
  return code == BOURSE_OK ? next_list(call, &state.page) : code;
}

/* --- Receipts --- */

PARSE(receipt) {
  bourse_http_reply data;
  int32_t code = bourse__okx_unwrap(call, reply, &data);
  if (code != BOURSE_OK) return code;
  return bourse_append_receipt(call) == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}
