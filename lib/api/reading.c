/* api/reading.c - what every adapter does with markets and replies. The contract is bourse/sys/adapter.h. */
#include <string.h>

#include "api/api.h"
#include "core/scan.h"

enum { FEW_ROWS = 16, FEW_BYTES = 4096 };

/* --- Building --- */

int32_t bourse_is_futures(const bourse_call *call) {
  return call->product == BOURSE_PRODUCT_LINEAR || call->product == BOURSE_PRODUCT_INVERSE;
}

int32_t bourse_unsupported(bourse_call *call, const char *field, const char *why) {
  return bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, field, "%s cannot do this: %s", call->adapter->title, why);
}

const bourse_market *bourse_need_market(bourse_call *call) {
  if (call->market == NULL)
    bourse_fail(call, BOURSE_ERROR_ARGUMENT, "symbol", "%s wants symbol here", call->adapter->title);
  return call->market;
}

void bourse_set_weight(bourse_call *call, uint32_t weight) { call->wire.costs[0].weight = (uint16_t)weight; }

const char *bourse_bool_text(int32_t value) { return value > 0 ? "true" : "false"; }

/* Where no table of markets was to be had, the id is the symbol's own, and what it begins with must do. */
static int32_t is_market(const bourse_market *market, const char *id) {
  if (strcmp(market->id, id) == 0) return 1;
  size_t base = strlen(market->base);
  return market->id == market->symbol && strncmp(id, market->base, base) == 0 &&
         strncmp(id + base, market->quote, strlen(market->quote)) == 0;
}

int32_t bourse_is_wanted(const bourse_call *call, const char *market_id) {
  if (call->market == NULL && call->market_count == 0) return 1;
  if (market_id == NULL) return 0;
  if (call->market != NULL) return is_market(call->market, market_id);
  for (uint32_t i = 0; i < call->market_count; i++)
    if (is_market(call->markets[i], market_id)) return 1;
  return 0;
}

/* --- Reading --- */

int32_t bourse_read_end(bourse_call *call, bourse_decoder *decoder, int32_t code) {
  if (code != BOURSE_OK && decoder->error == BOURSE_OK) return code;
  return bourse_decode_end(call, decoder);
}

int32_t bourse_read_array(bourse_call *call, bourse_decoder *decoder, const char *name, bourse_row_function row) {
  int32_t code = bourse_decode_array_begin(decoder, name);
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) code = row(call, decoder);
  return code != BOURSE_OK ? code : decoder->error;
}

int32_t bourse_read_map(bourse_call *call, bourse_decoder *decoder, const char *name, bourse_entry_function entry) {
  bourse_json *json = &decoder->json;
  bourse_slice key;
  int32_t code = BOURSE_OK;
  if (bourse_json_kind(json) != BOURSE_JSON_OBJECT)
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, name, "not an object");
  if (bourse_json_object_begin(json))
    while (code == BOURSE_OK && decoder->error == BOURSE_OK && bourse_json_object_next(json, &key))
      code = entry(call, decoder, key);
  return code != BOURSE_OK ? code : decoder->error;
}

int32_t bourse_is_array(const bourse_http_reply *reply) {
  bourse_json json;
  bourse_json_init(&json, reply->body, reply->body_length);
  return bourse_json_kind(&json) == BOURSE_JSON_ARRAY;
}

int32_t bourse_read_found(bourse_call *call) {
  switch (call->operation) {
    case BOURSE_OP_FETCH_TICKER:
    case BOURSE_OP_FETCH_FUNDING_RATE:
    case BOURSE_OP_FETCH_OPEN_INTEREST:
    case BOURSE_OP_FETCH_TRADING_FEE:
    case BOURSE_OP_FETCH_LEVERAGE:
    case BOURSE_OP_FETCH_MARGIN_MODE:
      if (bourse_appended(call) > 0) break;
      return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, NULL, "the reply does not tell of %s",
                         call->market != NULL ? call->market->symbol : "any market");
    default: break;
  }
  return BOURSE_OK;
}

int32_t bourse_read_rows(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  bourse_decoder decoder;
  bourse_decode_reply(call, &decoder, reply);
  int32_t code = bourse_json_kind(&decoder.json) == BOURSE_JSON_ARRAY ? bourse_read_array(call, &decoder, "reply", row)
                                                                      : row(call, &decoder);
  code = bourse_read_end(call, &decoder, code);
  return code == BOURSE_OK ? bourse_read_found(call) : code;
}

int32_t bourse_read_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table, void *out) {
  bourse_decoder decoder;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, table, out);
  return bourse_decode_end(call, &decoder);
}

typedef struct page_reader {
  bourse_page page;
  const char *name;
  bourse_row_function row;
} page_reader;

static int32_t read_rows_of_page(bourse_decoder *decoder, void *member) {
  page_reader *reader = member;
  int32_t code = bourse_decode_array_begin(decoder, reader->name);
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    reader->page.rows++;
    code = reader->row(decoder->user_data, decoder);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

int32_t bourse_read_page(bourse_call *call, const bourse_http_reply *reply, const char *name, const char *token,
                         bourse_row_function row, bourse_page *page) {
  page_reader reader = {{NULL, 0}, name, row};
  const bourse_field fields[] = {
      {name, (uint16_t)strlen(name), 0, BOURSE_AS_CUSTOM, BOURSE_FIELD_REQUIRED, NULL, read_rows_of_page, NULL},
      {token, token == NULL ? 0 : (uint16_t)strlen(token), offsetof(page_reader, page.token), BOURSE_AS_ID, 0, NULL,
       NULL, NULL},
  };
  const bourse_table table = {fields, token == NULL ? 1 : 2};
  int32_t code = bourse_read_object(call, reply, &table, &reader);
  if (page != NULL) *page = reader.page;
  return code;
}

int32_t bourse_decode_need(bourse_decoder *decoder, int32_t present, const char *name) {
  return present ? BOURSE_OK : bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, name, "missing");
}

/* No array that begins at p has more rows than this; 0: it may have more than a few, or its elements are no rows. */
static uint32_t few_rows(const char *p, const char *end) {
  uint32_t count = 0;
  p = scan_space(p, end);
  if (p == end || *p != '[' || end - p > FEW_BYTES) return 0;
  p = scan_space(p + 1, end);
  if (p == end || (*p != '{' && *p != '[')) return 0;
  for (const char open = *p; p != NULL && count <= FEW_ROWS; count++) p = memchr(p + 1, open, (size_t)(end - p - 1));
  return count <= FEW_ROWS ? count : 0;
}

/* Counting exactly is reading all of it: where brackets are few, a row too many costs less. */
uint32_t bourse_decode_count(const bourse_decoder *decoder) {
  bourse_json ahead = decoder->json;
  uint32_t count = few_rows(ahead.cursor, ahead.end);
  if (count > 0) return count + 1;
  count = 1;
  if (bourse_json_array_begin(&ahead))
    for (; bourse_json_array_next(&ahead); count++)
      if (!bourse_json_skip(&ahead)) break;
  return count;
}

int32_t bourse_decode_text(bourse_decoder *decoder, bourse_slice *out) {
  int32_t escaped = 0;
  if (bourse_json_kind(&decoder->json) == BOURSE_JSON_NUMBER) {
    bourse_json_number(&decoder->json, out);
    return BOURSE_OK;
  }
  if (!bourse_json_string(&decoder->json, out, &escaped)) return BOURSE_ERROR_BAD_REPLY;
  if (!escaped) return BOURSE_OK;
  char *plain = bourse_arena_alloc(decoder->arena, out->length + 1);
  if (plain == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
  int64_t length = bourse_json_unescape(plain, *out);
  if (length < 0) return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, NULL, "malformed escapes");
  *out = (bourse_slice){plain, (size_t)length};
  return BOURSE_OK;
}

/* Every record has `id` (or market_id) right behind `symbol`. */
#define PAIR(type_, id_) _Static_assert(offsetof(type_, id_) == offsetof(type_, symbol) + sizeof(char *), #type_)
PAIR(bourse_ticker, id);
PAIR(bourse_funding_rate, id);
PAIR(bourse_open_interest, id);
PAIR(bourse_leverage_tier, id);
PAIR(bourse_position, market_id);
PAIR(bourse_leverage, market_id);
PAIR(bourse_fee, market_id);
PAIR(bourse_order, market_id);
PAIR(bourse_fill, market_id);

static int32_t read_market_of(bourse_decoder *decoder, int32_t product, void *member) {
  bourse_call *call = decoder->user_data;
  const char **names = member;
  bourse_slice id = {NULL, 0};
  int32_t code = bourse_decode_text(decoder, &id);
  if (code != BOURSE_OK) return code;
  const bourse_market *market = bourse_market_by_id(call, product, id);
  if (market != NULL) {
    names[0] = market->symbol;
    names[1] = market->id;
    return BOURSE_OK;
  }
  names[1] = bourse_arena_copy(decoder->arena, id.data, id.length);
  return names[1] != NULL ? BOURSE_OK : bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
}

int32_t bourse_decode_market(bourse_decoder *decoder, void *member) {
  const bourse_call *call = decoder->user_data;
  return read_market_of(decoder, call->product, member);
}

int32_t bourse_decode_spot_market(bourse_decoder *decoder, void *member) {
  return read_market_of(decoder, BOURSE_PRODUCT_SPOT, member);
}

int32_t bourse_decode_nonzero(bourse_decoder *decoder, void *member) {
  bourse_decimal value = {0, 0, 0, 0};
  int32_t code = bourse_decode_value(decoder, BOURSE_AS_DECIMAL, NULL, "number", &value);
  if (code == BOURSE_OK && bourse_decimal_sign(&value) != 0) memcpy(member, &value, sizeof value);
  return code;
}

int32_t bourse_decode_level_list(bourse_decoder *decoder, void *member) {
  bourse_level_list *list = member;
  return bourse_decode_levels(decoder, &list->levels, &list->count);
}

static int32_t decode_time(bourse_decoder *decoder, int32_t as, void *member) {
  int64_t time_ns = 0;
  int32_t code = bourse_decode_value(decoder, as, NULL, "time", &time_ns);
  if (code == BOURSE_OK && time_ns > 0) memcpy(member, &time_ns, sizeof time_ns);
  return code;
}

int32_t bourse_decode_time_ms(bourse_decoder *decoder, void *member) {
  return decode_time(decoder, BOURSE_AS_TIME_MS, member);
}

int32_t bourse_decode_time_s(bourse_decoder *decoder, void *member) {
  return decode_time(decoder, BOURSE_AS_TIME_S, member);
}
