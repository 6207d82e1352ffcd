/* arguments.c - requests that could have brought a payload, so that it can be decoded as their reply. */
#include <string.h>

#include "recordings/recordings.h"
#include "support/members.h"

static bourse_decimal number(const char *text) {
  bourse_decimal value;
  bourse_decimal_parse(&value, text, SIZE_MAX);
  return value;
}

static const char **repeat(pool *p, const char *text, uint32_t count) {
  const char **list = pool_alloc(p, (count + 1) * sizeof *list);
  for (uint32_t i = 0; i < count; i++) list[i] = count == 1 ? text : pool_format(p, "%s%u", text, i);
  return list;
}

static const struct {
  const char *part; /* of the path */
  int32_t kind;
  uint32_t orders;
} lists[] = {
    {"opoco", BOURSE_LIST_OPOCO, 3}, {"otoco", BOURSE_LIST_OTOCO, 3}, {"opo", BOURSE_LIST_OPO, 2},
    {"oto", BOURSE_LIST_OTO, 2},     {"oco", BOURSE_LIST_OCO, 2},
};

/* Answers about orders are known by the ids that were sent. */
static const char *id_at(const char **ids, const map_subject *subject, uint32_t index) {
  return ids != NULL && index < subject->items ? ids[index] : NULL;
}

static void set_orders(pool *p, bourse_request *request, const map_subject *subject, uint32_t count) {
  const char *symbol = subject->symbol;
  int32_t product = subject->product;
  const bourse_order_request **orders = pool_alloc(p, (count + 1) * sizeof *orders);
  for (uint32_t i = 0; i < count; i++) {
    bourse_order_request *order = pool_alloc(p, sizeof *order);
    bourse_order_request_init(order, sizeof *order);
    order->symbol = symbol;
    order->side = BOURSE_SIDE_SELL;
    order->type = BOURSE_ORDER_LIMIT;
    order->client_order_id = id_at(subject->client_ids, subject, i);
    *(product == BOURSE_PRODUCT_INVERSE ? &order->contracts : &order->amount) = number("1");
    order->price = number(i == 0 ? "20000" : "10000");
    if (i > 0 && request->list_kind != 0) order->stop_loss_price = number("11000");
    orders[i] = order;
  }
  request->orders = orders;
  request->order_count = count;
}

static void set_list(bourse_request *request, const char *path, uint32_t *orders) {
  request->list_kind = BOURSE_LIST_OCO;
  *orders = 2;
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
    if (strstr(path, lists[i].part) != NULL) {
      request->list_kind = lists[i].kind;
      *orders = lists[i].orders;
      return;
    }
}

int add_argument(pool *p, bourse_request *request, const char *field, const map_subject *subject) {
  const char *symbol = subject->symbol, *path = subject->path;
  const bourse_member_info *member = find_member(bourse_schema_request(), field);
  if (member == NULL) return 0;
  if (strcmp(field, "symbol") == 0)
    request->symbol = symbol;
  else if (strcmp(field, "symbols") == 0)
    request->symbols = repeat(p, symbol, request->symbol_count = 1);
  else if (strcmp(field, "currency") == 0)
    request->currency = subject->currency;
  else if (strcmp(field, "order_id") == 0)
    request->order_id = id_at(subject->ids, subject, 0) != NULL ? subject->ids[0] : "1";
  else if (strcmp(field, "id") == 0)
    request->id = "1";
  else if (strcmp(field, "client_order_id") == 0 && request->order_count > 0)
    set_orders(p, request, &(map_subject){.symbol = symbol, .product = subject->product}, request->order_count);
  else if (strcmp(field, "client_order_id") == 0)
    request->client_order_id = "a1";
  else if (strcmp(field, "timeframe") == 0)
    request->timeframe = "1d";
  else if (strcmp(field, "amount") == 0)
    request->amount = number("1");
  else if (strcmp(field, "leverage") == 0)
    request->leverage = number("5");
  else if (strcmp(field, "margin_mode") == 0)
    request->margin_mode = BOURSE_MARGIN_ISOLATED;
  else if (strcmp(field, "hedged") == 0)
    request->hedged = BOURSE_YES;
  else if (strcmp(field, "multi_assets") == 0)
    request->multi_assets = BOURSE_YES;
  else if (strcmp(field, "from_wallet") == 0)
    request->from_wallet = BOURSE_WALLET_SPOT;
  else if (strcmp(field, "to_wallet") == 0)
    request->to_wallet = BOURSE_WALLET_LINEAR;
  else if (strcmp(field, "address") == 0)
    request->address = "abc";
  else if (strcmp(field, "network") == 0)
    request->network = "BTC";
  else if (strcmp(field, "timer_ms") == 0)
    request->timer_ms = 60000;
  else if (strcmp(field, "since_ns") == 0)
    request->since_ns = INT64_C(1600000000000000000);
  else if (strcmp(field, "wallet") == 0)
    request->wallet = BOURSE_WALLET_SPOT;
  else if (strcmp(field, "position_side") == 0)
    request->position_side = BOURSE_POSITION_LONG;
  else if (strcmp(field, "price_kind") == 0)
    request->price_kind = strstr(path, "ndex") != NULL
                              ? (strstr(path, "premium") != NULL ? BOURSE_PRICE_PREMIUM : BOURSE_PRICE_INDEX)
                              : BOURSE_PRICE_MARK;
  else
    return 0;
  return 1;
}

void likely_request(pool *p, bourse_request *out, const bourse_endpoint *endpoint, const map_subject *subject) {
  const bourse_operation_info *info = bourse_schema_operation(endpoint->operation);
  const bourse_struct_info *arguments = bourse_schema_request();
  uint32_t orders = (info->flags & BOURSE_OPERATION_ORDER) != 0 ? 1 : subject->items == 0 ? 1 : subject->items;
  bourse_request_init(out, sizeof *out, endpoint->operation);
  out->product = subject->product;
  out->keep_raw = BOURSE_YES;
  if ((endpoint->products & (BOURSE_FOR_MARGIN | BOURSE_FOR_SPOT)) != 0 && (endpoint->products & BOURSE_FOR_SPOT) == 0)
    out->margin_mode = (endpoint->products & BOURSE_FOR_CROSS) != 0 ? BOURSE_MARGIN_CROSS : BOURSE_MARGIN_ISOLATED;
  if (endpoint->operation == BOURSE_OP_CREATE_ORDER_LIST) set_list(out, endpoint->path, &orders);
  for (uint32_t i = 0; i < arguments->member_count; i++) {
    const char *name = arguments->members[i].name;
    if ((info->required >> i & 1) == 0) continue;
    if (strcmp(name, "orders") == 0)
      set_orders(p, out, subject, orders);
    else
      add_argument(p, out, name, subject);
  }
  switch (endpoint->operation) {
    case BOURSE_OP_EDIT_ORDER:
    case BOURSE_OP_CANCEL_ORDER:
    case BOURSE_OP_FETCH_ORDER:
      out->order_id = strstr(endpoint->path, "lgo") != NULL ? "algo:1" : "1";
      if (id_at(subject->ids, subject, 0) != NULL && strstr(endpoint->path, "lgo") == NULL)
        out->order_id = subject->ids[0];
      break;
    case BOURSE_OP_EDIT_ORDERS:
    case BOURSE_OP_CANCEL_ORDERS:
      out->order_ids = subject->ids != NULL && orders == subject->items ? subject->ids : repeat(p, "1", orders);
      out->order_id_count = orders;
      break;
    case BOURSE_OP_CANCEL_ORDER_LIST:
    case BOURSE_OP_FETCH_ORDER_LIST: out->id = "1"; break;
    default: break;
  }
  if (strstr(endpoint->path, "{symbol}") != NULL && out->symbol == NULL) out->symbol = subject->symbol;
  if (info->operation == BOURSE_OP_FETCH_CANDLES && strstr(endpoint->path, "Klines") != NULL)
    add_argument(p, out, "price_kind", subject);
}

int is_singular(int32_t operation) {
  static const int32_t singular[] = {
      BOURSE_OP_FETCH_TICKER,       BOURSE_OP_FETCH_BALANCE,         BOURSE_OP_FETCH_POSITION,
      BOURSE_OP_FETCH_LEVERAGE,     BOURSE_OP_FETCH_MARGIN_MODE,     BOURSE_OP_FETCH_TRADING_FEE,
      BOURSE_OP_FETCH_BORROW_RATE,  BOURSE_OP_FETCH_OPEN_INTEREST,   BOURSE_OP_FETCH_FUNDING_RATE,
      BOURSE_OP_FETCH_ORDER,        BOURSE_OP_FETCH_DEPOSIT_ADDRESS, BOURSE_OP_CREATE_DEPOSIT_ADDRESS,
      BOURSE_OP_FETCH_POSITION_MODE};
  for (size_t i = 0; i < sizeof singular / sizeof singular[0]; i++)
    if (singular[i] == operation) return 1;
  return 0;
}
