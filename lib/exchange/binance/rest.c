/* exchange/binance/rest.c - which endpoint serves an operation, signing, and what all requests and replies share. */
#include <string.h>

#include "exchange/binance/stream.h"

/* --- Routing --- */

/* /sapi is served for live keys only. */
static int32_t without_sapi(const bourse_call *call) {
  const bourse__binance_state *state = call->state;
  return state->environment != BOURSE_LIVE;
}

static uint32_t balance_products(bourse_call *call, uint32_t *variant) {
  int32_t wallet = call->request->wallet;
  switch (wallet) {
    case 0: return bourse_call_for(call);
    case BOURSE_WALLET_SPOT: return BOURSE_FOR_SPOT;
    case BOURSE_WALLET_FUNDING: *variant = BINANCE_FUNDING; return BOURSE_FOR_SPOT;
    case BOURSE_WALLET_ALL: *variant = BINANCE_ALL_WALLETS; return BOURSE_FOR_SPOT;
    case BOURSE_WALLET_CROSS: return BOURSE_FOR_CROSS;
    case BOURSE_WALLET_ISOLATED: return BOURSE_FOR_ISOLATED;
    case BOURSE_WALLET_LINEAR: return BOURSE_FOR_LINEAR;
    case BOURSE_WALLET_INVERSE: return BOURSE_FOR_INVERSE;
    default:
      bourse_fail(
          call, BOURSE_ERROR_UNSUPPORTED, "wallet",
          "balances can be asked for of the spot, funding, cross, isolated, linear and inverse wallets, and of all");
      return 0;
  }
}

uint32_t bourse__binance_order_variant(const bourse_call *call, const bourse_order_request *order) {
  if (order->test > 0) return BINANCE_TEST;
  if (bourse_is_futures(call)) return bourse_order_is_conditional(order) ? BINANCE_ALGO : BINANCE_USUAL;
  if (!bourse_order_has_attached(order)) return BINANCE_USUAL;
  return bourse_decimal_is_present(&order->attached_stop_loss_trigger) &&
                 bourse_decimal_is_present(&order->attached_take_profit_trigger)
             ? BINANCE_OTOCO
             : BINANCE_OTO;
}

static uint32_t list_variant(const bourse_call *call) {
  switch (call->request->list_kind) {
    case BOURSE_LIST_OTO: return BINANCE_OTO;
    case BOURSE_LIST_OTOCO: return BINANCE_OTOCO;
    case BOURSE_LIST_OPO: return BINANCE_OPO;
    case BOURSE_LIST_OPOCO: return BINANCE_OPOCO;
    default: return BINANCE_USUAL;
  }
}

/* Where engine and algo orders are two lists, both are asked for unless the caller chose: scratch[0] says whose turn
 * it is. */
static uint32_t list_turn(const bourse_call *call) {
  if (!bourse_is_futures(call) || call->request->trigger < 0) return BINANCE_USUAL;
  return call->request->trigger > 0 || call->scratch[0] != 0 ? BINANCE_ALGO : BINANCE_USUAL;
}

/* Operation (where another's endpoints serve), products and variant of the row wanted. */
static void choose(bourse_call *call, int32_t *operation, uint32_t *products, uint32_t *variant) {
  const bourse_request *request = call->request;
  switch (call->operation) {
    case BOURSE_OP_FETCH_MARKETS:
      if (call->product == 0)
        *products = call->step == 0 ? BOURSE_FOR_SPOT : call->step == 1 ? BOURSE_FOR_LINEAR : BOURSE_FOR_INVERSE;
      break;
    case BOURSE_OP_FETCH_CANDLES:
      *variant = request->price_kind == BOURSE_PRICE_MARK      ? BINANCE_MARK
                 : request->price_kind == BOURSE_PRICE_INDEX   ? BINANCE_INDEX
                 : request->price_kind == BOURSE_PRICE_PREMIUM ? BINANCE_PREMIUM
                                                               : BINANCE_USUAL;
      if (*variant != BINANCE_USUAL && call->product == BOURSE_PRODUCT_SPOT)
        bourse_unsupported(call, "price_kind", "spot markets have candles of the last price only");
      break;
    case BOURSE_OP_FETCH_STATUS:
    case BOURSE_OP_FETCH_PERMISSIONS:
      if (without_sapi(call)) *variant = BINANCE_WITHOUT_SAPI;
      break;
    case BOURSE_OP_FETCH_TRADING_FEE:
      if (without_sapi(call) && call->product == BOURSE_PRODUCT_SPOT) *variant = BINANCE_WITHOUT_SAPI;
      break;
    case BOURSE_OP_FETCH_BALANCES: *products = balance_products(call, variant); break;
    case BOURSE_OP_FETCH_BALANCE:
      *products = balance_products(call, variant);
      if (*products != BOURSE_FOR_SPOT || *variant != BINANCE_USUAL || without_sapi(call))
        *operation = BOURSE_OP_FETCH_BALANCES;
      break;
    case BOURSE_OP_CREATE_ORDER: *variant = bourse__binance_order_variant(call, call->order); break;
    case BOURSE_OP_CREATE_ORDER_LIST: *variant = list_variant(call); break;
    case BOURSE_OP_CREATE_ORDERS:
    case BOURSE_OP_CANCEL_ORDERS:
    case BOURSE_OP_EDIT_ORDERS:
      *variant = bourse__binance_plan_step(call, products);
      if (*variant == BINANCE_BATCH) break;
      *operation = call->operation == BOURSE_OP_CREATE_ORDERS ? BOURSE_OP_CREATE_ORDER : BOURSE_OP_CANCEL_ORDER;
      break;
    case BOURSE_OP_EDIT_ORDER:
      if (call->product == BOURSE_PRODUCT_SPOT && bourse__binance_only_amends(call->order)) *variant = BINANCE_AMEND;
      break;
    case BOURSE_OP_CANCEL_ORDER:
    case BOURSE_OP_FETCH_ORDER:
      if (bourse__binance_names_algo(call, request->order_id)) *variant = BINANCE_ALGO;
      break;
    case BOURSE_OP_FETCH_CLOSED_ORDERS:
    case BOURSE_OP_FETCH_CANCELED_ORDERS: *operation = BOURSE_OP_FETCH_ORDERS; /* fall through */
    case BOURSE_OP_FETCH_ORDERS:
    case BOURSE_OP_FETCH_OPEN_ORDERS:
    case BOURSE_OP_CANCEL_ALL_ORDERS: *variant = list_turn(call); break;
    case BOURSE_OP_CLOSE_POSITION: *variant = call->step == 0 ? BINANCE_POSITION : BINANCE_USUAL; break;
    case BOURSE_OP_FETCH_BORROW_RATE:
    case BOURSE_OP_FETCH_BORROW_RATES:
      if (request->margin_mode != BOURSE_MARGIN_ISOLATED && request->symbol == NULL) break;
      *products = BOURSE_FOR_ISOLATED;
      *variant = BINANCE_ISOLATED;
      break;
    default: break;
  }
}

/* The endpoint that a setting of the handle chose. */
static const bourse_endpoint *chosen_endpoint(const bourse_call *call, int32_t operation, uint32_t products) {
  const bourse__binance_state *state = call->state;
  for (uint32_t i = 0; i < state->alternative_count; i++)
    if (state->alternatives[i]->operation == operation && (state->alternatives[i]->products & products) != 0)
      return state->alternatives[i];
  return NULL;
}

const bourse_endpoint *bourse__binance_route(bourse_call *call) {
  int32_t operation = call->operation;
  uint32_t products = bourse_call_for(call), variant = BINANCE_USUAL;
  choose(call, &operation, &products, &variant);
  if (products == 0) return NULL;
  const bourse_endpoint *endpoint = chosen_endpoint(call, operation, products);
  if (endpoint != NULL && variant == BINANCE_USUAL) return endpoint;
  if (endpoint != NULL && variant == BINANCE_TEST) variant = BINANCE_TEST_ON_REQUEST;
  endpoint = NULL;
  if (call->order_transport == BOURSE_TRANSPORT_SOCKET)
    endpoint = bourse_find_endpoint(call->adapter, operation, products, variant | BINANCE_OVER_SOCKET);
  if (endpoint != NULL) return endpoint;
  endpoint = bourse_find_endpoint(call->adapter, operation, products, variant);
  if (endpoint == NULL && variant == BINANCE_TEST)
    bourse_unsupported(call, "test", "orders on margin cannot be tried out");
  if (endpoint == NULL && call->operation == BOURSE_OP_CREATE_ORDER_LIST)
    bourse_unsupported(call, "list_kind", "margin has OCO, OTO and OTOCO");
  return endpoint;
}

/* --- Signing --- */

int32_t bourse__binance_put_signature(bourse_signer *signer, const bourse_text *payload, bourse_text *out) {
  static const int32_t algorithms[] = {[BOURSE_KEY_HMAC] = BOURSE_SIGN_HMAC_SHA256,
                                       [BOURSE_KEY_ED25519] = BOURSE_SIGN_ED25519,
                                       [BOURSE_KEY_RSA] = BOURSE_SIGN_RSA_SHA256};
  uint8_t signature[BOURSE_SIGNATURE_SIZE_MAX];
  size_t length = 0;
  int32_t kind = bourse_signer_kind(signer);
  int32_t code = bourse_sign(signer, algorithms[kind], payload->data == NULL ? "" : payload->data, payload->length,
                             signature, sizeof signature, &length);
  if (code != BOURSE_OK) return code;
  if (kind == BOURSE_KEY_HMAC)
    bourse_text_hex(out, signature, length);
  else
    bourse_text_base64(out, signature, length);
  return BOURSE_OK;
}

/* Signs the text and appends the signature, percent-encoded, as the last parameter. */
static int32_t append_signature(bourse_call *call, bourse_text *text) {
  bourse_text signature;
  bourse_text_init(&signature, call->arena);
  int32_t code = bourse__binance_put_signature(call->signer, text, &signature);
  if (code != BOURSE_OK) return bourse_fail(call, code, NULL, "the request could not be signed");
  if (bourse_text_finish(&signature) == NULL) return bourse_fail_memory(call);
  bourse_text_append(text, "&signature=", 11);
  bourse_text_url(text, signature.data, signature.length);
  return BOURSE_OK;
}

/* GET and DELETE carry everything in the query, POST and PUT in a form. What is signed is the text as it is sent. */
int32_t bourse__binance_sign(bourse_call *call) {
  bourse_text text;
  const uint8_t security = call->endpoint->security;
  if ((call->endpoint->flags & BOURSE_ENDPOINT_SOCKET) != 0) return bourse__binance_sign_message(call);
  bourse_text_init(&text, call->arena);
  bourse_encode_params(call, &text);
  if (security != BOURSE_SECURITY_PUBLIC) bourse_put_header(call, "X-MBX-APIKEY", call->api_key);
  if (security == BOURSE_SECURITY_SIGNED) {
    if (bourse_get_param(call, "timestamp") == NULL) {
      bourse_text_string(&text, text.length > 0 ? "&timestamp=" : "timestamp=");
      bourse_text_int(&text, call->now_ns / BINANCE_MILLISECOND);
    }
    if (bourse_get_param(call, "recvWindow") == NULL) {
      bourse_text_append(&text, "&recvWindow=", 12);
      bourse_text_int(&text, call->receive_window_ms);
    }
    if (text.failed) return bourse_fail_memory(call);
    int32_t code = append_signature(call, &text);
    if (code != BOURSE_OK) return code;
  }
  if (text.length == 0 && !text.failed) return BOURSE_OK;
  if (strcmp(call->wire.method, "POST") == 0 || strcmp(call->wire.method, "PUT") == 0)
    return bourse_set_body(call, &text, "application/x-www-form-urlencoded");
  return bourse_set_query(call, &text);
}

/* --- Building --- */

int32_t bourse__binance_put_symbol(bourse_call *call) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  if (bourse_call_for(call) == BOURSE_FOR_ISOLATED) bourse_put(call, "isIsolated", "TRUE");
  return BOURSE_OK;
}

void bourse__binance_put_symbols(bourse_call *call) {
  bourse_text text;
  bourse_text_init(&text, call->arena);
  for (uint32_t i = 0; i < call->market_count; i++) {
    bourse_text_char(&text, i == 0 ? '[' : ',');
    bourse_text_json(&text, call->markets[i]->id, strlen(call->markets[i]->id));
  }
  bourse_text_char(&text, ']');
  if (bourse_text_finish(&text) == NULL)
    bourse_fail_memory(call);
  else
    bourse_put_bytes(call, "symbols", text.data, text.length);
}

BUILD(symbol) { return bourse__binance_put_symbol(call); }

/* Numbered pages: the cursor is the number of the page. */
int32_t bourse__binance_put_page(bourse_call *call) {
  int64_t page = bourse_page_number(call);
  if (page < 0) return BOURSE_ERROR_ARGUMENT;
  bourse_put_range(call, "startTime", "endTime", NULL);
  bourse_put_uint(call, "current", (uint32_t)page);
  bourse_put_uint(call, "size", call->limit);
  return BOURSE_OK;
}

/* --- Reading --- */

int32_t bourse__binance_pages(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  bourse_decoder decoder;
  bourse_slice key;
  int64_t total = -1;
  uint32_t before = bourse_appended(call);
  int32_t code = BOURSE_OK, has_rows = 0;
  bourse_decode_reply(call, &decoder, reply);
  if (bourse_json_object_begin(&decoder.json))
    while (code == BOURSE_OK && bourse_json_object_next(&decoder.json, &key)) {
      has_rows |= bourse_slice_is(key, "rows");
      if (bourse_slice_is(key, "rows"))
        code = bourse_read_array(call, &decoder, "rows", row);
      else if (bourse_slice_is(key, "total"))
        code = bourse_decode_value(&decoder, BOURSE_AS_INT64, NULL, "total", &total);
      else
        bourse_json_skip(&decoder.json);
    }
  if (code == BOURSE_OK && decoder.error == BOURSE_OK && decoder.json.error == NULL)
    code = bourse_decode_need(&decoder, has_rows || total >= 0, "rows"); /* an empty page may have the total only */
  code = bourse_read_end(call, &decoder, code);
  /* The cursor is for those who turn pages themselves; the library's own paging goes by time. */
  int64_t page = code == BOURSE_OK ? bourse_page_number(call) : 0;
  if (page <= 0 || call->limit == 0 || page * call->limit >= total || bourse_appended(call) == before) return code;
  return bourse_set_page_number(call, page + 1);
}

/* {"code": 200, "msg": "success"}, with whatever else; or the leverage that was set. */
typedef struct receipt_reply {
  bourse_receipt receipt;
  int64_t code;
  bourse_decimal leverage;
} receipt_reply;

static const bourse_field receipt_fields[] = {
    BOURSE_FIELD("code", INT64, receipt_reply, code),
    BOURSE_FIELD("msg", STRING, receipt_reply, receipt.message),
    BOURSE_FIELD("leverage", DECIMAL, receipt_reply, leverage),
};
static const bourse_table receipt_table = BOURSE_TABLE(receipt_fields);

PARSE(receipt) {
  receipt_reply wire = {.code = 0};
  int32_t code = bourse_read_object(call, reply, &receipt_table, &wire);
  if (code != BOURSE_OK) return code;
  if (wire.code < 0) return bourse__binance_refused(call, reply);
  if (wire.code == 0 && !bourse_decimal_is_present(&wire.leverage))
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, NULL, "the reply has no code");
  bourse_receipt *receipt = bourse_append_receipt(call);
  if (receipt == NULL) return BOURSE_ERROR_MEMORY;
  receipt->message = wire.receipt.message;
  return BOURSE_OK;
}

/* --- Words shared by several files --- */

const bourse_name bourse__binance_sides[] = BOURSE_SIDE_NAMES("BUY", "SELL");

const bourse_name bourse__binance_position_sides[] = {
    {"BOTH", BOURSE_POSITION_BOTH}, {"LONG", BOURSE_POSITION_LONG}, {"SHORT", BOURSE_POSITION_SHORT}, {NULL, 0}};

const bourse_name bourse__binance_margin_types[] = {{"CROSSED", BOURSE_MARGIN_CROSS},
                                                    {"ISOLATED", BOURSE_MARGIN_ISOLATED},
                                                    {"cross", BOURSE_MARGIN_CROSS},
                                                    {"isolated", BOURSE_MARGIN_ISOLATED},
                                                    {NULL, 0}};

const bourse_name bourse__binance_transfer_status[] = {{"CONFIRMED", BOURSE_TRANSFER_OK},
                                                       {"PENDING", BOURSE_TRANSFER_PENDING},
                                                       {"FAILED", BOURSE_TRANSFER_FAILED},
                                                       {NULL, 0}};

/* Networks whose usual name is not Binance's. */
static const bourse_word networks[] = {
    {"ERC20", "ETH"},           {"TRC20", "TRX"},
    {"BEP20", "BSC"},           {"BEP2", "BNB"},
    {"OP", "OPTIMISM"},         {"BTCLIGHTNING", "LIGHTNING"},
    {"BTCSEGWIT", "SEGWITBTC"},
};

const char *bourse__binance_network_name(const char *id) { return bourse_word_name(BOURSE_ROWS(networks), id); }

const char *bourse__binance_network_id(const char *name) { return bourse_word_native(BOURSE_ROWS(networks), name); }
