/* exchange/kraken/stream_orders.c - orders as messages over the account's socket. Requests are built as those of REST are;
 * here their parameters are put into the words of WebSocket v2, where amounts and prices are numbers. */
#include <string.h>

#include "exchange/kraken/stream.h"

/* --- Which requests go that way --- */

/* The leverage of an order cannot be chosen there. */
static int32_t is_margin(const bourse_call *call, const bourse_order_request *order) {
  return bourse_decimal_is_present(&order->leverage) || order->margin_mode != 0 || call->margin_mode != 0;
}

static int32_t has_message(const bourse_call *call) {
  const bourse_request *request = call->request;
  switch (call->operation) {
    case BOURSE_OP_CREATE_ORDER: return !is_margin(call, call->order);
    case BOURSE_OP_CREATE_ORDERS:
      for (int64_t i = call->scratch[0]; i < call->scratch[0] + call->scratch[1]; i++)
        if (is_margin(call, request->orders[i])) return 0;
      return 1;
    case BOURSE_OP_CANCEL_ORDERS: return call->scratch[1] > 1; /* a batch is of two at least */
    case BOURSE_OP_CANCEL_ALL_ORDERS: return request->symbol == NULL && request->trigger == 0;
    case BOURSE_OP_EDIT_ORDER:
    case BOURSE_OP_CANCEL_ORDER:
    case BOURSE_OP_CANCEL_ALL_ORDERS_AFTER: return 1;
    default: return 0;
  }
}

const bourse_endpoint *bourse__kraken_message_route(bourse_call *call, int32_t operation, uint32_t variant) {
  if (call->order_transport != BOURSE_TRANSPORT_SOCKET || !has_message(call)) return NULL;
  return bourse_find_endpoint(call->adapter, operation, BOURSE_FOR_SPOT, variant | KRAKEN_OVER_SOCKET);
}

int32_t bourse__kraken_is_message(const bourse_call *call) {
  return (call->endpoint->flags & BOURSE_ENDPOINT_SOCKET) != 0;
}

/* --- Words --- */

/* What REST calls the parts of an order; each as text. */
typedef struct words {
  bourse_slice side;
  bourse_slice type;
  bourse_slice volume;
  bourse_slice price;
  bourse_slice price2;
  bourse_slice trigger;
  bourse_slice display;
  bourse_slice reduce_only;
  bourse_slice self_trade;
  bourse_slice flags;
  bourse_slice time_in_force;
  bourse_slice expires;
  bourse_slice client_id;
  bourse_slice reference;
  bourse_slice close; /* {"ordertype": ..., "price": ..., "price2": ...}, in batches */
  bourse_slice close_type;
  bourse_slice close_price;
  bourse_slice close_price2;
} words;

static const bourse_field word_fields[] = {
    BOURSE_FIELD("type", SLICE, words, side),
    BOURSE_FIELD("ordertype", SLICE, words, type),
    BOURSE_FIELD("volume", SLICE, words, volume),
    BOURSE_FIELD("price", SLICE, words, price),
    BOURSE_FIELD("price2", SLICE, words, price2),
    BOURSE_FIELD("trigger", SLICE, words, trigger),
    BOURSE_FIELD("displayvol", SLICE, words, display),
    BOURSE_FIELD("reduce_only", SLICE, words, reduce_only),
    BOURSE_FIELD("stptype", SLICE, words, self_trade),
    BOURSE_FIELD("oflags", SLICE, words, flags),
    BOURSE_FIELD("timeinforce", SLICE, words, time_in_force),
    BOURSE_FIELD("expiretm", SLICE, words, expires),
    BOURSE_FIELD("cl_ord_id", SLICE, words, client_id),
    BOURSE_FIELD("userref", SLICE, words, reference),
    BOURSE_FIELD("close", RAW, words, close),
    BOURSE_FIELD("close[ordertype]", SLICE, words, close_type),
    BOURSE_FIELD("close[price]", SLICE, words, close_price),
    BOURSE_FIELD("close[price2]", SLICE, words, close_price2),
};
static const bourse_table word_table = BOURSE_TABLE(word_fields);

static const bourse_field close_fields[] = {
    BOURSE_FIELD("ordertype", SLICE, words, close_type),
    BOURSE_FIELD("price", SLICE, words, close_price),
    BOURSE_FIELD("price2", SLICE, words, close_price2),
};
static const bourse_table close_table = BOURSE_TABLE(close_fields);

static int32_t given(bourse_slice word) { return word.data != NULL && word.length > 0; }

/* ,"name": before a value; nothing before the first. */
static void put_name(bourse_text *text, const char *name) {
  char last = text->length > 0 && text->data != NULL ? text->data[text->length - 1] : '{';
  if (last != '{' && last != '[') bourse_text_char(text, ',');
  bourse_text_json(text, name, strlen(name));
  bourse_text_char(text, ':');
}

static void put_text(bourse_text *text, const char *name, bourse_slice value) {
  if (!given(value)) return;
  put_name(text, name);
  bourse_text_json(text, value.data, value.length);
}

/* A number, true or false as it stands. What is none stays text, for the exchange to refuse. */
static void put_bare(bourse_text *text, const char *name, bourse_slice value) {
  bourse_json json;
  bourse_slice number;
  if (!given(value)) return;
  bourse_json_init(&json, value.data, value.length);
  int32_t bare = bourse_slice_is(value, "true") || bourse_slice_is(value, "false");
  if (!bare && bourse_json_kind(&json) == BOURSE_JSON_NUMBER)
    bare = bourse_json_number(&json, &number) && bourse_json_finish(&json) == BOURSE_OK;
  if (!bare) {
    put_text(text, name, value);
    return;
  }
  put_name(text, name);
  bourse_text_append(text, value.data, value.length);
}

/* The same word with other letters: small ones, or one sign for another. */
static void put_changed(bourse_text *text, const char *name, bourse_slice value, char from, char to) {
  char word[32];
  if (!given(value) || value.length > sizeof word) return;
  for (size_t i = 0; i < value.length; i++) {
    char c = value.data[i];
    if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
    word[i] = c == from ? to : c;
  }
  put_text(text, name, (bourse_slice){word, value.length});
}

/* Whole seconds since 1970 as ISO text; anything else as it stands. */
static void put_time(bourse_text *text, const char *name, bourse_slice value) {
  char iso[BOURSE_TIME_TEXT_SIZE];
  bourse_decimal seconds;
  int64_t whole;
  if (!given(value)) return;
  if (bourse_decimal_parse(&seconds, value.data, value.length) != BOURSE_OK ||
      bourse_decimal_to_int64(&whole, &seconds) != BOURSE_OK || whole < 0 || whole > INT64_MAX / KRAKEN_SECOND ||
      bourse_time_format(iso, sizeof iso, whole * KRAKEN_SECOND) != BOURSE_OK) {
    put_text(text, name, value);
    return;
  }
  put_text(text, name, (bourse_slice){iso, strlen(iso)});
}

static int32_t has_flag(bourse_slice flags, const char *flag) {
  size_t length = strlen(flag);
  for (size_t i = 0; given(flags) && i + length <= flags.length; i++)
    if (memcmp(flags.data + i, flag, length) == 0 && (i == 0 || flags.data[i - 1] == ',') &&
        (i + length == flags.length || flags.data[i + length] == ','))
      return 1;
  return 0;
}

static int32_t waits(bourse_slice type) {
  return bourse_slice_begins(type, "stop-loss") || bourse_slice_begins(type, "take-profit") ||
         bourse_slice_begins(type, "trailing-stop");
}

/* "+1.5%" and "+500" are offsets, of which the sign is the type's to know. */
static void put_triggers(bourse_text *text, const words *w) {
  bourse_slice price = w->price;
  const char *kind = NULL;
  if (given(price) && price.data[0] == '+') {
    price = (bourse_slice){price.data + 1, price.length - 1};
    kind = "quote";
  }
  if (given(price) && price.data[price.length - 1] == '%') {
    price.length--;
    kind = "pct";
  }
  put_name(text, "triggers");
  bourse_text_char(text, '{');
  put_text(text, "reference", w->trigger);
  put_bare(text, "price", price);
  if (kind != NULL) put_text(text, "price_type", (bourse_slice){kind, strlen(kind)});
  bourse_text_char(text, '}');
}

static void put_conditional(bourse_text *text, const words *w) {
  if (!given(w->close_type)) return;
  put_name(text, "conditional");
  bourse_text_char(text, '{');
  put_text(text, "order_type", w->close_type);
  put_bare(text, "trigger_price", w->close_price);
  put_bare(text, "limit_price", w->close_price2);
  bourse_text_char(text, '}');
}

static void put_order(bourse_text *text, const words *w) {
  static const bourse_slice yes = {"true", 4};
  put_text(text, "order_type", w->type);
  put_text(text, "side", w->side);
  put_bare(text, has_flag(w->flags, "viqc") ? "cash_order_qty" : "order_qty", w->volume);
  if (waits(w->type)) {
    put_triggers(text, w);
    put_bare(text, "limit_price", w->price2);
  } else {
    put_bare(text, "limit_price", w->price);
  }
  put_bare(text, "display_qty", w->display);
  put_bare(text, "reduce_only", w->reduce_only);
  put_changed(text, "stp_type", w->self_trade, '-', '_');
  if (has_flag(w->flags, "post")) put_bare(text, "post_only", yes);
  if (has_flag(w->flags, "fcib")) put_text(text, "fee_preference", (bourse_slice){"base", 4});
  if (has_flag(w->flags, "fciq")) put_text(text, "fee_preference", (bourse_slice){"quote", 5});
  put_changed(text, "time_in_force", w->time_in_force, '\0', '\0');
  put_time(text, "expire_time", w->expires);
  put_text(text, "cl_ord_id", w->client_id);
  put_bare(text, "order_userref", w->reference);
  put_conditional(text, w);
}

/* --- Messages --- */

/* The word of REST's that this parameter is; NULL: none. */
static bourse_slice *word_of(words *w, const char *name) {
  for (uint32_t i = 0; i < word_table.count; i++)
    if (strcmp(word_fields[i].name, name) == 0) return (bourse_slice *)(void *)((char *)w + word_fields[i].offset);
  return NULL;
}

static void put_list_of(bourse_text *text, const char *name, bourse_slice value) {
  put_name(text, name);
  bourse_text_char(text, '[');
  bourse_text_json(text, value.data, value.length);
  bourse_text_char(text, ']');
}

static int32_t put_batch(bourse_call *call, bourse_text *text, bourse_slice orders) {
  bourse_decoder decoder;
  uint32_t count = 0;
  bourse_decode_init(&decoder, call->arena, orders.data, orders.length, call);
  put_name(text, "orders");
  bourse_text_char(text, '[');
  int32_t code = bourse_decode_array_begin(&decoder, "orders");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    words w;
    memset(&w, 0, sizeof w);
    code = bourse_decode_object(&decoder, &word_table, &w);
    if (code != BOURSE_OK) break;
    if (given(w.close)) {
      bourse_decoder inner;
      bourse_decode_init(&inner, call->arena, w.close.data, w.close.length, call);
      code = bourse_decode_object(&inner, &close_table, &w);
    }
    bourse_text_string(text, count++ == 0 ? "{" : ",{");
    put_order(text, &w);
    bourse_text_char(text, '}');
  }
  bourse_text_char(text, ']');
  return code != BOURSE_OK ? code : bourse_decode_finish(&decoder);
}

static void put_symbol(bourse_text *text, const bourse_market *market, bourse_call *call) {
  const char *name = market == NULL ? NULL : bourse__kraken_market_name(call->arena, market);
  if (name != NULL) put_text(text, "symbol", (bourse_slice){name, strlen(name)});
}

/* What is no word of REST's goes as it is: the caller's own. */
static void put_rest(bourse_text *text, const bourse_wire_param *param) {
  bourse_slice value = {param->value, param->value_length};
  if (param->json) {
    put_name(text, param->name);
    bourse_text_append(text, param->value, param->value_length);
  } else if (strcmp(param->name, "validate") == 0) {
    put_bare(text, param->name, value);
  } else {
    put_text(text, param->name, value);
  }
}

/* Of add_order and batch_add. */
static int32_t put_placing(bourse_call *call, bourse_text *text) {
  words w;
  const bourse_wire_param *orders = NULL;
  memset(&w, 0, sizeof w);
  for (uint32_t i = 0; i < call->wire.param_count; i++) {
    const bourse_wire_param *param = &call->wire.params[i];
    bourse_slice *word = word_of(&w, param->name);
    if (word != NULL) *word = (bourse_slice){param->value, param->value_length};
    if (strcmp(param->name, "orders") == 0) orders = param;
  }
  put_order(text, &w);
  put_symbol(text, call->operation == BOURSE_OP_CREATE_ORDERS ? call->markets[call->scratch[0]] : call->market, call);
  for (uint32_t i = 0; i < call->wire.param_count; i++) {
    const bourse_wire_param *param = &call->wire.params[i];
    if (word_of(&w, param->name) == NULL && param != orders && strcmp(param->name, "pair") != 0) put_rest(text, param);
  }
  return orders == NULL ? BOURSE_OK : put_batch(call, text, (bourse_slice){orders->value, orders->value_length});
}

/* Of the others: ids are lists where several could be canceled, and numbers are numbers. */
static void put_naming(bourse_call *call, bourse_text *text) {
  int32_t cancels = call->operation == BOURSE_OP_CANCEL_ORDER;
  for (uint32_t i = 0; i < call->wire.param_count; i++) {
    const bourse_wire_param *param = &call->wire.params[i];
    bourse_slice value = {param->value, param->value_length};
    if (strcmp(param->name, "txid") == 0 && cancels)
      put_list_of(text, "order_id", value);
    else if (strcmp(param->name, "txid") == 0)
      put_text(text, "order_id", value);
    else if (strcmp(param->name, "cl_ord_id") == 0 && cancels)
      put_list_of(text, param->name, value);
    else if (strcmp(param->name, "cl_ord_ids") == 0) {
      put_name(text, "cl_ord_id");
      bourse_text_append(text, value.data, value.length);
    } else if (strcmp(param->name, "cl_ord_id") == 0 || strcmp(param->name, "deadline") == 0)
      put_text(text, param->name, value);
    else if (param->json)
      put_rest(text, param);
    else
      put_bare(text, param->name, value);
  }
}

int32_t bourse__kraken_sign_message(bourse_call *call) {
  bourse_text text;
  int32_t code = BOURSE_OK;
  bourse_text_init(&text, call->arena);
  bourse_text_char(&text, '{');
  put_text(&text, "method", (bourse_slice){call->endpoint->method, strlen(call->endpoint->method)});
  put_name(&text, "params");
  bourse_text_char(&text, '{');
  if (call->operation == BOURSE_OP_CREATE_ORDER || call->operation == BOURSE_OP_CREATE_ORDERS)
    code = put_placing(call, &text);
  else
    put_naming(call, &text);
  put_text(&text, "token", (bourse_slice){call->token, strlen(call->token)});
  bourse_text_char(&text, '}');
  put_name(&text, "req_id");
  bourse_text_int(&text, call->message_id);
  bourse_text_char(&text, '}');
  if (code != BOURSE_OK)
    return bourse_fail(call, BOURSE_ERROR_INTERNAL, NULL, "the orders could not be put into a message");
  return bourse_set_body(call, &text, NULL);
}
