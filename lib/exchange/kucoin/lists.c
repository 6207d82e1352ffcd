/* exchange/kucoin/lists.c - pairs of orders on spot and margin of which one cancels the other: OCO.
 *
 * A pair has an id of its own, and its two orders are reached by that alone; what the exchange calls them is good for nothing
 * else. So they are "oco-limit:ID" and "oco-stop:ID" here. Both wait for their price outside the book. */
#include <string.h>

#include "exchange/kucoin/kucoin.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Ids --- */

static const char *const prefixes[] = {"oco-limit:", "oco-stop:"};
enum { LIMIT_LEG = 0, STOP_LEG = 1, LEGS = 2 };

const char *bourse__kucoin_pair_id(const char *id, int32_t *leg) {
  for (int32_t i = 0; id != NULL && i < LEGS; i++) {
    size_t length = strlen(prefixes[i]);
    if (strncmp(id, prefixes[i], length) != 0) continue;
    *leg = i;
    return id + length;
  }
  return NULL;
}

/* The pair that the request names, by its own id or by that of an order of it; NULL: by the client's id. */
static const char *named_pair(const bourse_call *call) {
  const char *id = call->operation == BOURSE_OP_CANCEL_ORDERS ? bourse_item_id(call, (uint32_t)call->scratch[0])
                   : call->request->id != NULL                ? call->request->id
                                                              : call->request->order_id;
  int32_t leg = 0;
  const char *pair = bourse__kucoin_pair_id(id, &leg);
  return pair != NULL ? pair : id;
}

/* On spot an id stands in the path, on margin it is a parameter. */
static int32_t put_id(bourse_call *call, const char *name, const char *id) {
  if (strchr(call->endpoint->path, '{') != NULL) return bourse_set_path(call, id, NULL, NULL);
  bourse_put(call, name, id);
  return BOURSE_OK;
}

static int32_t not_found(bourse_call *call) {
  return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, "id", "KuCoin knows no such list of orders");
}

/* --- Placing --- */

static int32_t check_leg(bourse_call *call, const bourse_order_request *order) {
  const char *field = NULL;
  if (order->type != BOURSE_ORDER_LIMIT) field = "type";
  if (PRESENT(order->take_profit_price)) field = "take_profit_price";
  if (PRESENT(order->cost)) field = "cost";
  if (PRESENT(order->iceberg_amount)) field = "iceberg_amount";
  if (order->post_only > 0) field = "post_only";
  if (order->time_in_force != 0 && order->time_in_force != BOURSE_GOOD_TILL_CANCELED) field = "time_in_force";
  if (order->self_trade != 0) field = "self_trade";
  if (order->test > 0) field = "test";
  if (field == NULL) return BOURSE_OK;
  return bourse_unsupported(
      call, field, "a pair is a limit order and a stop loss that becomes a limit order, with nothing more to them");
}

BUILD(list) {
  const bourse_order_request *stop = NULL, *gain = NULL;
  int32_t code = bourse_check_pair(call, &stop, &gain);
  for (uint32_t i = 0; code == BOURSE_OK && i < LEGS; i++) {
    bourse__kucoin_subject subject = {call->request->orders[i], call->market, call->margin_mode};
    code = bourse__kucoin_check_order(call, &subject);
    if (code == BOURSE_OK) code = check_leg(call, subject.order);
  }
  if (code != BOURSE_OK) return code;
  if (stop->borrow != gain->borrow)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "borrow", "both orders of a pair have the same borrow");
  bourse__kucoin_subject subject = {stop, call->market, call->margin_mode};
  bourse_put(call, "clientOid", call->request->client_order_id);
  bourse_put(call, "side", bourse_name_text(bourse__kucoin_sides, stop->side));
  bourse_put(call, "symbol", call->market->id);
  bourse_put_decimal(call, "size", &stop->amount);
  bourse_put_decimal(call, "price", &gain->price);
  bourse_put_decimal(call, "stopPrice", &stop->stop_loss_price);
  bourse_put_decimal(call, "limitPrice", &stop->price);
  bourse__kucoin_put_borrow(call, &subject);
  return BOURSE_OK;
}

static int32_t set_pair(bourse_call *call, bourse_order *record, int32_t leg, const char *id, const char *client_id) {
  record->id = id == NULL ? NULL : bourse_arena_format(call->arena, "%s%s", prefixes[leg], id);
  record->list_id = id;
  record->list_client_id = client_id;
  record->list_kind = BOURSE_LIST_OCO;
  record->conditional = BOURSE_YES;
  record->margin_mode = call->margin_mode;
  return record->id != NULL || id == NULL ? BOURSE_OK : bourse_fail_memory(call);
}

typedef struct pair_row {
  const char *id;
  const char *client_id;
  const char *names[2]; /* of the market: symbol and id */
  int64_t created_ns;
  bourse_slice status;
  uint32_t leg_count;
  uint32_t reserved;
  struct leg_row {
    const char *names[2];
    int32_t side;
    int32_t reserved;
    bourse_decimal price;
    bourse_decimal trigger;
    bourse_decimal amount;
    bourse_slice status;
  } legs[LEGS];
} pair_row;

static int32_t read_legs(bourse_decoder *decoder, void *member);

static const bourse_field pair_fields[] = {
    BOURSE_FIELD("orderId", ID, pair_row, id),          KUCOIN_MARKET("symbol", pair_row, names),
    BOURSE_FIELD("clientOid", ID, pair_row, client_id), KUCOIN_TIME("orderTime", pair_row, created_ns),
    BOURSE_FIELD("status", SLICE, pair_row, status),    BOURSE_FIELD_CUSTOM("orders", pair_row, leg_count, read_legs),
};
static const bourse_table pair_table = BOURSE_TABLE(pair_fields);

PARSE(list) {
  pair_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &pair_table, &row);
  if (code != BOURSE_OK) return code;
  if (row.id == NULL) return bourse_no_order_id(call, "orderId");
  for (uint32_t i = 0; code == BOURSE_OK && i < call->request->order_count; i++) {
    const bourse_order_request *order = call->request->orders[i];
    bourse__kucoin_subject subject = {order, call->markets[i], call->margin_mode};
    bourse_order *record = bourse__kucoin_append_placed(call, &subject, NULL, NULL);
    if (record == NULL) return BOURSE_ERROR_MEMORY;
    record->status = BOURSE_ORDER_UNTRIGGERED;
    code = set_pair(call, record, PRESENT(order->stop_loss_price) ? STOP_LEG : LIMIT_LEG, row.id,
                    call->request->client_order_id);
  }
  return code;
}

/* --- What is told of pairs --- */

static const bourse_name statuses[] = {
    {"NEW", BOURSE_ORDER_UNTRIGGERED},
    {"TRIGGERED", BOURSE_ORDER_TRIGGERED},
    {"DONE", BOURSE_ORDER_FILLED},
    {"CANCELLED", BOURSE_ORDER_CANCELED},
    {NULL, 0},
};

static const bourse_field leg_fields[] = {
    BOURSE_FIELD("id", CHECK, struct leg_row, side),
    KUCOIN_MARKET("symbol", struct leg_row, names),
    BOURSE_FIELD_ENUM("side", struct leg_row, side, bourse__kucoin_sides),
    BOURSE_FIELD("price", DECIMAL, struct leg_row, price),
    BOURSE_FIELD_CUSTOM("stopPrice", struct leg_row, trigger, bourse_decode_nonzero),
    BOURSE_FIELD("size", DECIMAL, struct leg_row, amount),
    BOURSE_FIELD("status", SLICE, struct leg_row, status),
};
static const bourse_table leg_table = BOURSE_TABLE(leg_fields);

static int32_t read_legs(bourse_decoder *decoder, void *member) {
  pair_row *row = (pair_row *)(void *)((char *)member - offsetof(pair_row, leg_count));
  int32_t code = bourse_decode_array_begin(decoder, "orders");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    if (row->leg_count == LEGS)
      return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "orders", "a pair has two orders");
    code = bourse_decode_object(decoder, &leg_table, &row->legs[row->leg_count++]);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_decimal *height_of(const struct leg_row *leg) {
  return PRESENT(leg->trigger) ? &leg->trigger : &leg->price;
}

/* What gains lies above the price where the pair sells, and below it where it buys; the limit order comes first if that does not
 * tell. */
static int32_t stop_leg_of(const pair_row *row) {
  int32_t order = bourse_decimal_compare(height_of(&row->legs[0]), height_of(&row->legs[1]));
  return (row->legs[0].side == BOURSE_SIDE_SELL ? order < 0 : order > 0) ? 0 : 1;
}

static int32_t append_leg(bourse_call *call, const pair_row *row, int32_t index, int32_t leg) {
  const struct leg_row *told = &row->legs[index];
  bourse_order order;
  memset(&order, 0, sizeof order);
  int32_t code = set_pair(call, &order, leg, row->id, row->client_id);
  if (code != BOURSE_OK) return code;
  order.symbol = row->names[0];
  order.market_id = row->names[1];
  order.side = told->side;
  order.type = BOURSE_ORDER_LIMIT;
  order.native_type = "limit";
  order.price = told->price;
  order.amount = told->amount;
  order.trigger_price = told->trigger;
  *(leg == STOP_LEG ? &order.stop_loss_price : &order.take_profit_price) = told->trigger;
  order.trigger_by = BOURSE_PRICE_LAST;
  order.created_ns = row->created_ns;
  order.realization = BOURSE_NATIVE;
  order.status = bourse_name_value(statuses, told->status);
  if (order.status == 0) order.status = BOURSE_ORDER_UNKNOWN;
  order.native_status =
      bourse_arena_copy(call->arena, told->status.data == NULL ? "" : told->status.data, told->status.length);
  if (order.native_status == NULL) return bourse_fail_memory(call);
  if (!bourse__kucoin_is_wanted(call, &order)) return BOURSE_OK;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = order;
  return BOURSE_OK;
}

/* Both orders, or the one that was asked for. */
static int32_t append_legs(bourse_call *call, const pair_row *row) {
  int32_t wanted = -1, code = BOURSE_OK, stop = stop_leg_of(row);
  if (call->operation == BOURSE_OP_FETCH_ORDER) (void)bourse__kucoin_pair_id(call->request->order_id, &wanted);
  for (int32_t i = 0; code == BOURSE_OK && i < LEGS; i++) {
    int32_t leg = i == stop ? STOP_LEG : LIMIT_LEG;
    if (wanted < 0 || wanted == leg) code = append_leg(call, row, i, leg);
  }
  return code;
}

/* --- Lists of pairs, which do not tell of their orders: each is asked for those --- */

typedef struct pair_list {
  bourse_page page;
  const char **ids;
  uint32_t count;
  uint32_t room;
  uint32_t next;
  uint32_t reserved;
} pair_list;

/* Open, or any. */
static int32_t is_listed(const bourse_call *call, bourse_slice status) {
  if (call->operation == BOURSE_OP_FETCH_ORDER_LISTS || call->operation == BOURSE_OP_FETCH_ORDERS) return 1;
  return !bourse_slice_is(status, "DONE") && !bourse_slice_is(status, "CANCELLED");
}

static int32_t list_one(bourse_call *call, const char *id) {
  pair_list *list = call->memory;
  if (list->count == list->room) {
    uint32_t room = list->room == 0 ? 16 : list->room * 2;
    const char **ids = bourse_arena_alloc(call->arena, room * sizeof *ids);
    if (ids == NULL) return bourse_fail_memory(call);
    if (list->count > 0) memcpy(ids, list->ids, list->count * sizeof *ids);
    list->ids = ids;
    list->room = room;
  }
  list->ids[list->count++] = id;
  return BOURSE_OK;
}

static int32_t list_row_read(bourse_call *call, bourse_decoder *decoder) {
  pair_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &pair_table, &row);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.id != NULL, "orderId");
  return code == BOURSE_OK && is_listed(call, row.status) ? list_one(call, row.id) : code;
}

/* Where pairs are only a part of what is listed all of them are read: the caller's cursor is that of another list. */
static int32_t is_part(const bourse_call *call) {
  return call->operation != BOURSE_OP_FETCH_ORDER_LISTS && call->operation != BOURSE_OP_FETCH_OPEN_ORDER_LISTS;
}

/* The next pair, the next page, or the end. */
static int32_t next_pair(bourse_call *call) {
  pair_list *list = call->memory;
  if (list != NULL && list->next < list->count) {
    call->scratch[SCRATCH_STAGE] = KUCOIN_ASK_PAIR;
    return BOURSE_CONTINUE;
  }
  if (list == NULL || call->operation == BOURSE_OP_FETCH_ORDER || call->operation == BOURSE_OP_FETCH_ORDER_LIST)
    return bourse_appended(call) > 0 ? BOURSE_OK : not_found(call);
  call->scratch[SCRATCH_STAGE] = KUCOIN_ASK_PAIRS;
  return is_part(call) ? bourse_look_on(call, &list->page) : bourse_next_page(call, &list->page, BOURSE_NEWEST_FIRST);
}

BUILD(lists) {
  int32_t part = is_part(call);
  uint32_t limit = part ? 500 : call->request->limit;
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  if (call->margin_mode != 0) bourse_put(call, "tradeType", bourse__kucoin_trade_type(call->margin_mode));
  bourse_put_ms(call, "startAt", call->since_ns);
  bourse_put_ms(call, "endAt", call->until_ns);
  bourse_put(call, "currentPage", part && call->scratch[SCRATCH_PAGE]++ == 0 ? "1" : bourse_page_token(call));
  bourse_put_uint(call, "pageSize", limit == 0 ? 0 : limit < 10 ? 10 : limit < 500 ? limit : 500);
  return BOURSE_OK;
}

PARSE(lists) {
  pair_list *list = bourse_arena_alloc(call->arena, sizeof *list);
  if (list == NULL) return bourse_fail_memory(call);
  memset(list, 0, sizeof *list);
  call->memory = list;
  int32_t code = bourse__kucoin_read_page(call, reply, list_row_read, &list->page);
  return code == BOURSE_OK ? next_pair(call) : code == BOURSE_DONE ? BOURSE_OK : code;
}

/* --- One pair --- */

static int32_t check_named(bourse_call *call) {
  if (named_pair(call) != NULL || call->request->client_order_id != NULL) return BOURSE_OK;
  return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "id", "the id of the list is needed, or its client order id");
}

/* With its two orders; by the client's id only the pair is told of, and then its orders are asked for. */
BUILD(query_list) {
  pair_list *list = call->memory;
  if (call->endpoint->variant == KUCOIN_CLIENT) {
    int32_t code = check_named(call);
    return code == BOURSE_OK ? put_id(call, "clientOid", call->request->client_order_id) : code;
  }
  return put_id(call, "orderId", list != NULL ? list->ids[list->next] : named_pair(call));
}

static int32_t ask_for_orders(bourse_call *call, const char *id) {
  pair_list *list = bourse_arena_alloc(call->arena, sizeof *list);
  if (list == NULL) return bourse_fail_memory(call);
  memset(list, 0, sizeof *list);
  call->memory = list;
  int32_t code = list_one(call, id);
  return code == BOURSE_OK ? next_pair(call) : code;
}

PARSE(query_list) {
  pair_list *list = call->memory;
  bourse_http_reply data;
  pair_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code == BOURSE_OK && !bourse__kucoin_is_null(&data)) code = bourse_read_object(call, &data, &pair_table, &row);
  if (code != BOURSE_OK) return code;
  if (call->endpoint->variant == KUCOIN_CLIENT) return row.id == NULL ? not_found(call) : ask_for_orders(call, row.id);
  if (row.id != NULL && row.leg_count < LEGS)
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "orders", "a pair has two orders, the reply tells of %u",
                       row.leg_count);
  if (row.id != NULL) code = append_legs(call, &row);
  if (list != NULL) list->next++;
  return code == BOURSE_OK ? next_pair(call) : code;
}

/* --- Canceling: one of them is both --- */

BUILD(cancel_list) {
  int32_t code = check_named(call);
  if (code != BOURSE_OK) return code;
  return call->endpoint->variant == KUCOIN_CLIENT ? put_id(call, "clientOid", call->request->client_order_id)
                                                  : put_id(call, "orderId", named_pair(call));
}

/* The ids that the exchange has for the orders are told; nothing of them is of use but that there are any. */
PARSE(cancel_list) {
  const char *const *ids = NULL;
  uint32_t count = 0;
  int32_t leg = -1, code = bourse__kucoin_canceled_ids(call, reply, &ids, &count);
  if (code != BOURSE_OK) return code == BOURSE_DONE ? BOURSE_OK : code;
  if (count == 0) return not_found(call);
  const char *pair = named_pair(call);
  const char *order_id = call->operation == BOURSE_OP_CANCEL_ORDERS ? bourse_item_id(call, (uint32_t)call->scratch[0])
                                                                    : call->request->order_id;
  (void)bourse__kucoin_pair_id(order_id, &leg);
  for (int32_t i = 0; code == BOURSE_OK && i < LEGS; i++) {
    if (leg >= 0 && leg != i) continue;
    bourse_order *record = bourse__kucoin_append_canceled(call, NULL, NULL);
    if (record == NULL) return BOURSE_ERROR_MEMORY;
    code = set_pair(call, record, i, pair, pair == NULL ? call->request->client_order_id : NULL);
  }
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

/* All of a market, or of all. */
PARSE(cancel_lists) {
  const char *const *ids = NULL;
  uint32_t count = 0;
  int32_t code = bourse__kucoin_canceled_ids(call, reply, &ids, &count);
  if (code == BOURSE_DONE) return BOURSE_OK;
  for (uint32_t i = 0; code == BOURSE_OK && i < count; i++) {
    bourse_order *record = bourse__kucoin_append_canceled(call, ids[i], NULL);
    if (record == NULL) return BOURSE_ERROR_MEMORY;
    record->list_kind = BOURSE_LIST_OCO;
    record->conditional = BOURSE_YES;
  }
  return code;
}
