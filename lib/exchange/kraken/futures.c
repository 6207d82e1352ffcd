/* exchange/kraken/futures.c - which endpoint serves an operation of futures, signing, and what all futures requests and
 * replies share. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/kraken/futures.h"

/* --- Routing --- */

/* The last hundred fills are cheap and fresh; what lies before them is in the history, as are pages. */
static uint32_t fills_variant(const bourse_call *call) {
  const bourse_request *request = call->request;
  int32_t old = request->until_ns != 0 || request->cursor != NULL || request->limit > 100 || request->order_id != NULL;
  return old || call->scratch[SCRATCH_STAGE] > 0 ? FUTURES_HISTORY : FUTURES_USUAL;
}

/* Trades of the last minutes; from a time on they are in the history. */
static uint32_t trades_variant(const bourse_call *call) {
  const bourse_request *request = call->request;
  return request->since_ns != 0 || request->until_ns != 0 || request->cursor != NULL || request->limit != 0
             ? FUTURES_HISTORY
             : FUTURES_USUAL;
}

/* What stands in another operation's row of the table. */
static int32_t main_operation(const bourse_call *call, uint32_t *variant) {
  switch (call->operation) {
    case BOURSE_OP_FETCH_TICKER:
    case BOURSE_OP_FETCH_FUNDING_RATE:
    case BOURSE_OP_FETCH_OPEN_INTEREST: *variant = FUTURES_ONE; return BOURSE_OP_FETCH_TICKERS;
    case BOURSE_OP_FETCH_MARK_PRICES:
      if (call->market != NULL) *variant = FUTURES_ONE;
      return BOURSE_OP_FETCH_TICKERS;
    case BOURSE_OP_FETCH_BIDS_ASKS:
    case BOURSE_OP_FETCH_LAST_PRICES:
    case BOURSE_OP_FETCH_FUNDING_RATES: return BOURSE_OP_FETCH_TICKERS;
    case BOURSE_OP_FETCH_BALANCE: return BOURSE_OP_FETCH_BALANCES;
    case BOURSE_OP_FETCH_POSITION: return BOURSE_OP_FETCH_POSITIONS;
    case BOURSE_OP_FETCH_LEVERAGE:
    case BOURSE_OP_FETCH_MARGIN_MODE: return BOURSE_OP_FETCH_LEVERAGES;
    case BOURSE_OP_SET_MARGIN_MODE: return BOURSE_OP_SET_LEVERAGE;
    case BOURSE_OP_FETCH_CLOSED_ORDERS:
    case BOURSE_OP_FETCH_CANCELED_ORDERS: return BOURSE_OP_FETCH_ORDERS;
    case BOURSE_OP_FETCH_FUNDING_HISTORY: return BOURSE_OP_FETCH_LEDGER;
    default: return call->operation;
  }
}

const bourse_endpoint *bourse__kraken_futures_route(bourse_call *call) {
  uint32_t variant = FUTURES_USUAL,
           products = call->operation == BOURSE_OP_FETCH_MARKETS ? BOURSE_FOR_FUTURES : bourse_call_for(call);
  int32_t operation = main_operation(call, &variant);
  switch (operation) {
    case BOURSE_OP_CREATE_ORDERS:
    case BOURSE_OP_EDIT_ORDERS:
    case BOURSE_OP_CANCEL_ORDERS: bourse_plan_items(call, FUTURES_BATCH_MAX, NULL); break;
    case BOURSE_OP_FETCH_TRADES: variant = trades_variant(call); break;
    case BOURSE_OP_FETCH_MY_TRADES: variant = fills_variant(call); break;
    case BOURSE_OP_FETCH_ORDERS: variant = call->request->trigger > 0 ? FUTURES_TRIGGERS : FUTURES_USUAL; break;
    case BOURSE_OP_FETCH_ORDER:
      variant = call->scratch[SCRATCH_STAGE] == 0   ? FUTURES_USUAL
                : call->scratch[SCRATCH_STAGE] == 1 ? FUTURES_HISTORY
                                                    : FUTURES_TRIGGERS;
      break;
    case BOURSE_OP_CLOSE_POSITION: variant = call->step == 0 ? FUTURES_FIRST : FUTURES_USUAL; break;
    case BOURSE_OP_TRANSFER:
      variant = call->request->to_wallet == BOURSE_WALLET_SPOT ? FUTURES_OUT : FUTURES_USUAL;
      break;
    default: break;
  }
  return bourse_find_endpoint(call->adapter, operation, products, variant);
}

/* --- Signing --- */

/* HMAC-SHA512 of SHA256(parameters as sent, nonce, path), where the path begins behind /derivatives. */
static int32_t put_signature(bourse_call *call, const bourse_text *params) {
  static const char prefix[] = "/derivatives";
  const bourse__kraken_state *state = call->state;
  const char *path = call->wire.path;
  bourse_text text;
  uint8_t digest[32], signature[BOURSE_SIGNATURE_SIZE_MAX];
  size_t length = 0;
  if (strncmp(path, prefix, sizeof prefix - 1) == 0) path += sizeof prefix - 1;
  bourse_text_init(&text, call->arena);
  bourse_text_append(&text, params->data, params->length);
  if (state->futures_nonce > 0) {
    char nonce[24];
    snprintf(nonce, sizeof nonce, "%llu", (unsigned long long)call->nonce);
    bourse_text_string(&text, nonce);
    bourse_put_header(call, "Nonce", nonce);
  }
  bourse_text_string(&text, path);
  if (bourse_text_finish(&text) == NULL) return bourse_fail_memory(call);
  bourse_sha256(digest, text.data, text.length);
  int32_t code = bourse_sign(call->signer, BOURSE_SIGN_HMAC_SHA512, (const char *)digest, sizeof digest, signature,
                             sizeof signature, &length);
  if (code != BOURSE_OK) return bourse_fail(call, code, NULL, "the request could not be signed");
  bourse_text_init(&text, call->arena);
  bourse_text_base64(&text, signature, length);
  if (bourse_text_finish(&text) == NULL) return bourse_fail_memory(call);
  bourse_put_header(call, "APIKey", call->api_key);
  bourse_put_header(call, "Authent", text.data);
  return BOURSE_OK;
}

/* POST takes a form, but for the question about an order, whose parameters are documented as a query. */
static int32_t takes_body(const bourse_call *call) {
  return strcmp(call->wire.method, "POST") == 0 && strstr(call->wire.path, "/orders/status") == NULL;
}

/* An order whose answer is lost may still be on its way; with this it cannot arrive when its fate was found out already. */
static void bound_order(bourse_call *call) {
  char time[BOURSE_TIME_TEXT_SIZE];
  int32_t places = strstr(call->wire.path, "/sendorder") != NULL || strstr(call->wire.path, "/editorder") != NULL;
  if (call->bounded <= 0 || !places || bourse_get_param(call, "processBefore") != NULL ||
      bourse_time_format(time, sizeof time, call->now_ns + call->receive_window_ms * KRAKEN_MILLISECOND) != BOURSE_OK)
    return;
  strcpy(strchr(time, '.') + 4, "Z"); /* milliseconds */
  bourse_put(call, "processBefore", time);
}

int32_t bourse__kraken_futures_sign(bourse_call *call) {
  bourse_text params;
  int32_t code = BOURSE_OK;
  bound_order(call);
  bourse_text_init(&params, call->arena);
  bourse_encode_params(call, &params);
  if (params.length > 0 || params.failed) {
    code = takes_body(call) ? bourse_set_body(call, &params, "application/x-www-form-urlencoded")
                            : bourse_set_query(call, &params);
  }
  if (code != BOURSE_OK || call->endpoint->security == BOURSE_SECURITY_PUBLIC) return code;
  return put_signature(call, &params);
}

/* --- Building --- */

void bourse__kraken_futures_put_page(bourse_call *call, uint32_t most) {
  bourse_put_ms(call, "since", call->request->since_ns);
  /* `before` is not itself among the answers. */
  if (call->request->until_ns != 0) bourse_put_int(call, "before", call->request->until_ns / KRAKEN_MILLISECOND + 1);
  if (call->request->since_ns != 0) bourse_put(call, "sort", "asc");
  bourse_put_uint(call, "count", bourse_page_size(call, most));
  bourse_put(call, "continuation_token", bourse_page_token(call));
}

/* A page that is not full is the last, whatever its token says. */
static bourse_page page_of(const bourse_call *call, const char *token, uint32_t rows) {
  const char *count = bourse_get_param(call, "count");
  int32_t last = count != NULL && rows < strtoul(count, NULL, 10);
  return (bourse_page){last ? NULL : token, rows};
}

int32_t bourse__kraken_futures_look_on(bourse_call *call, const char *token, uint32_t rows) {
  const bourse_page page = page_of(call, token, rows);
  return bourse_look_on(call, &page);
}

int32_t bourse__kraken_futures_next_page(bourse_call *call, const char *token, uint32_t rows) {
  const bourse_page page = page_of(call, token, rows);
  return bourse_next_page(call, &page, BOURSE_OLDEST_FIRST); /* with a beginning they are asked for in that order */
}

/* --- Markets and currencies --- */

#define ID_MAX 63

const bourse_market *bourse__kraken_futures_market(bourse_call *call, bourse_slice id) {
  char upper[ID_MAX + 1];
  if (id.length > ID_MAX) return NULL;
  for (size_t i = 0; i < id.length; i++)
    upper[i] = (char)(id.data[i] >= 'a' && id.data[i] <= 'z' ? id.data[i] - 'a' + 'A' : id.data[i]);
  bourse_slice name = {upper, id.length};
  const bourse_market *market = bourse_market_by_id(call, BOURSE_PRODUCT_LINEAR, name);
  return market != NULL ? market : bourse_market_by_id(call, BOURSE_PRODUCT_INVERSE, name);
}

int32_t bourse__kraken_futures_is_inverse(bourse_call *call, const char *market_id) {
  if (market_id == NULL) return call->product == BOURSE_PRODUCT_INVERSE;
  bourse_slice id = {market_id, strlen(market_id)};
  const bourse_market *market = bourse__kraken_futures_market(call, id);
  if (market != NULL) return market->product == BOURSE_PRODUCT_INVERSE;
  return bourse_slice_begins(id, "PI_") || bourse_slice_begins(id, "FI_");
}

int32_t bourse__kraken_futures_is_wanted(bourse_call *call, const char *market_id) {
  if (call->market != NULL || call->market_count > 0) return bourse_is_wanted(call, market_id);
  if (call->request->product == 0) return 1;
  return bourse__kraken_futures_is_inverse(call, market_id) == (call->request->product == BOURSE_PRODUCT_INVERSE);
}

int32_t bourse__kraken_futures_read_market(bourse_decoder *decoder, void *member) {
  const char **names = member;
  bourse_slice id = {NULL, 0};
  int32_t code = bourse_decode_text(decoder, &id);
  if (code != BOURSE_OK) return code;
  const bourse_market *market = bourse__kraken_futures_market(decoder->user_data, id);
  if (market != NULL) {
    names[0] = market->symbol;
    names[1] = market->id;
    return BOURSE_OK;
  }
  char *upper = bourse_arena_copy(decoder->arena, id.data, id.length);
  if (upper == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
  for (char *at = upper; *at != '\0'; at++)
    if (*at >= 'a' && *at <= 'z') *at = (char)(*at - 'a' + 'A');
  names[1] = upper;
  return BOURSE_OK;
}

const char *bourse__kraken_futures_currency(bourse_call *call, bourse_slice asset) {
  char upper[ID_MAX + 1];
  if (asset.length > ID_MAX) asset.length = ID_MAX;
  for (size_t i = 0; i < asset.length; i++)
    upper[i] = (char)(asset.data[i] >= 'a' && asset.data[i] <= 'z' ? asset.data[i] - 'a' + 'A' : asset.data[i]);
  return bourse__kraken_currency(call, (bourse_slice){upper, asset.length});
}

int32_t bourse__kraken_futures_read_currency(bourse_decoder *decoder, void *member) {
  bourse_slice asset = {NULL, 0};
  int32_t code = bourse_decode_text(decoder, &asset);
  if (code != BOURSE_OK) return code;
  const char *currency = bourse__kraken_futures_currency(decoder->user_data, asset);
  if (currency == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
  memcpy(member, &currency, sizeof currency);
  return BOURSE_OK;
}

/* Milliseconds, the history's as a text perhaps, or ISO. */
int32_t bourse__kraken_futures_read_time(bourse_decoder *decoder, void *member) {
  char text[64];
  bourse_slice value = {NULL, 0};
  int64_t time_ns = 0;
  if (bourse_json_kind(&decoder->json) == BOURSE_JSON_NUMBER)
    return bourse_decode_value(decoder, BOURSE_AS_TIME_MS, NULL, "time", member);
  int32_t code = bourse_decode_text(decoder, &value);
  if (code != BOURSE_OK || (value.length == 1 && value.data[0] == '0')) return code; /* none */
  if (value.length >= sizeof text) return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "time", "not a time");
  memcpy(text, value.data, value.length);
  text[value.length] = '\0';
  if (value.length <= 14 && strspn(text, "0123456789") == value.length)
    time_ns = bourse_slice_int(value) * KRAKEN_MILLISECOND;
  else if (bourse_time_parse(&time_ns, text) != BOURSE_OK)
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "time", "not a time");
  memcpy(member, &time_ns, sizeof time_ns);
  return BOURSE_OK;
}

/* --- Reading --- */

typedef struct list_reader {
  const char *name;
  bourse_row_function row;
} list_reader;

static int32_t read_list(bourse_decoder *decoder, void *member) {
  const list_reader *reader = member;
  return bourse_read_array(decoder->user_data, decoder, reader->name, reader->row);
}

int32_t bourse__kraken_futures_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table,
                                      void *out) {
  int32_t code = bourse__kraken_futures_open(call, reply);
  return code == BOURSE_OK ? bourse_read_object(call, reply, table, out) : code;
}

int32_t bourse__kraken_futures_list(bourse_call *call, const bourse_http_reply *reply, const char *name,
                                    bourse_row_function row) {
  list_reader reader = {name, row};
  const bourse_field field = {name, (uint16_t)strlen(name), 0, BOURSE_AS_CUSTOM, BOURSE_FIELD_REQUIRED, NULL, read_list,
                              NULL};
  const bourse_table table = {&field, 1};
  return bourse__kraken_futures_object(call, reply, &table, &reader);
}

int32_t bourse__kraken_futures_receipt(bourse_call *call, const bourse_http_reply *reply) {
  static const bourse_field fields[] = {FUTURES_TIME("serverTime", bourse_receipt, time_ns)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_receipt *receipt = bourse_append(call, BOURSE_KIND_RECEIPT);
  if (receipt == NULL) return BOURSE_ERROR_MEMORY;
  receipt->realization = BOURSE_NATIVE;
  return bourse__kraken_futures_object(call, reply, &table, receipt);
}
