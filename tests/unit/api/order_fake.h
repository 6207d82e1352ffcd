/* order_fake.h - an exchange that keeps orders, a network that loses and delays what the test tells it to, a store that fails
 * where the test tells it to, and a clock that stands still. */
#ifndef TESTS_ORDER_FAKE_H
#define TESTS_ORDER_FAKE_H

#include <bourse/sys/adapter.h>
#include <bourse.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define SECOND      INT64_C(1000000000)
#define MILLISECOND INT64_C(1000000)

/* --- The adapter --- */

static const bourse_host of_hosts[] = {{"main", "https://live.example", NULL, NULL}};
static const bourse_limit of_limits[] = {
    {"weight", 10000, SECOND, BOURSE_LIMIT_PER_ADDRESS, BOURSE_LIMIT_WINDOW, 20, NULL}};

static int32_t of_parse_markets(bourse_call *call, const bourse_http_reply *reply) {
  (void)reply;
  for (int i = 0; i < 2; i++) {
    bourse_market *market = bourse_append(call, BOURSE_KIND_MARKET);
    if (market == NULL) return BOURSE_ERROR_MEMORY;
    market->id = i == 0 ? "AB" : "CD";
    market->symbol = i == 0 ? "A/B" : "C/D";
    market->base = i == 0 ? "A" : "C";
    market->quote = i == 0 ? "B" : "D";
    market->product = BOURSE_PRODUCT_SPOT;
    market->active = BOURSE_YES;
  }
  return BOURSE_OK;
}

static int32_t of_build_create(bourse_call *call) {
  const bourse_order_request *order =
      call->operation == BOURSE_OP_CREATE_ORDERS ? call->request->orders[call->scratch[0]] : call->order;
  bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "client", order->client_order_id);
  bourse_put(call, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  bourse_put_decimal(call, "amount", &order->amount);
  bourse_put_decimal(call, "price", &order->price);
  return BOURSE_OK;
}

static int32_t of_build_close(bourse_call *call) {
  bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "client", call->request->client_order_id);
  bourse_put(call, "side", "sell");
  bourse_put(call, "amount", "1");
  bourse_put(call, "price", "100");
  return BOURSE_OK;
}

static int32_t of_build_named(bourse_call *call) {
  bourse_put(call, "id", call->request->order_id);
  bourse_put(call, "client", call->request->client_order_id);
  if (call->operation == BOURSE_OP_FETCH_ORDER && call->request->trigger > 0) bourse_put(call, "apart", "yes");
  if (call->operation == BOURSE_OP_FETCH_ORDER && call->market != NULL) bourse_put(call, "symbol", call->market->id);
  if (call->operation == BOURSE_OP_EDIT_ORDER) {
    bourse_put_decimal(call, "price", &call->order->price);
    if ((call->endpoint->flags & BOURSE_ENDPOINT_REPLACES) != 0) bourse_put(call, "new", call->order->client_order_id);
  }
  return BOURSE_OK;
}

static int32_t of_build_list(bourse_call *call) {
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  bourse_put_ms(call, "start", call->since_ns);
  return BOURSE_OK;
}

static const bourse_name of_statuses[] = {{"open", BOURSE_ORDER_OPEN},
                                          {"filled", BOURSE_ORDER_FILLED},
                                          {"canceled", BOURSE_ORDER_CANCELED},
                                          {"rejected", BOURSE_ORDER_REJECTED},
                                          {"triggered", BOURSE_ORDER_TRIGGERED},
                                          {"stop fired", BOURSE_ORDER_TRIGGERED},
                                          {NULL, 0}};
static const bourse_name of_sides[] = {{"buy", BOURSE_SIDE_BUY}, {"sell", BOURSE_SIDE_SELL}, {NULL, 0}};

static int32_t of_order_row(bourse_call *call, bourse_decoder *decoder) {
  static const bourse_field fields[] = {BOURSE_FIELD_MUST("id", ID, bourse_order, id),
                                        BOURSE_FIELD("client", STRING, bourse_order, client_order_id),
                                        BOURSE_FIELD("symbol", STRING, bourse_order, symbol),
                                        BOURSE_FIELD_ENUM("status", bourse_order, status, of_statuses),
                                        BOURSE_FIELD_ENUM("side", bourse_order, side, of_sides),
                                        BOURSE_FIELD("price", DECIMAL, bourse_order, price),
                                        BOURSE_FIELD("amount", DECIMAL, bourse_order, amount),
                                        BOURSE_FIELD("filled", DECIMAL, bourse_order, filled),
                                        BOURSE_FIELD("became", ID, bourse_order, triggered_order_id),
                                        BOURSE_FIELD("time", TIME_MS, bourse_order, created_ns)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  bourse_decode_object(decoder, &table, order);
  if (order->client_order_id != NULL && order->client_order_id[0] == '\0') order->client_order_id = NULL;
  if (order->triggered_order_id != NULL && strcmp(order->triggered_order_id, "0") == 0)
    order->triggered_order_id = NULL;
  if (order->client_order_id != NULL && strcmp(order->client_order_id, "pair") == 0) {
    order->list_id = order->id;
    order->list_client_id = order->client_order_id;
    if (order->status == BOURSE_ORDER_TRIGGERED) {
      order->reason = "stop_loss";
      order->triggered_order_id = "99";
    }
  }
  return BOURSE_OK;
}

static int32_t of_parse_orders(bourse_call *call, const bourse_http_reply *reply) {
  static const char no[] = "\"no\"";
  if (reply->body_length == sizeof no - 1 && memcmp(reply->body, no, sizeof no - 1) == 0)
    return bourse_fail_items(call, BOURSE_ERROR_MARKET_CLOSED, BOURSE_OUTCOME_REJECTED, (bourse_slice){NULL, 0},
                             (bourse_slice){no, sizeof no - 1});
  int32_t code = bourse_read_rows(call, reply, of_order_row);
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

static int32_t of_fill_row(bourse_call *call, bourse_decoder *decoder) {
  static const bourse_field fields[] = {
      BOURSE_FIELD_MUST("id", ID, bourse_fill, id), BOURSE_FIELD("order", ID, bourse_fill, order_id),
      BOURSE_FIELD("client", STRING, bourse_fill, client_order_id), BOURSE_FIELD("symbol", STRING, bourse_fill, symbol),
      BOURSE_FIELD("time", TIME_MS, bourse_fill, time_ns)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_fill *fill = bourse_append(call, BOURSE_KIND_FILL);
  if (fill == NULL) return BOURSE_ERROR_MEMORY;
  bourse_decode_object(decoder, &table, fill);
  return BOURSE_OK;
}

static int32_t of_parse_fills(bourse_call *call, const bourse_http_reply *reply) {
  return bourse_read_rows(call, reply, of_fill_row);
}

/* A list that is one order at the exchange, and goes by the list's ids. */
static int32_t of_build_pair(bourse_call *call) {
  bourse_order_request pair = *call->request->orders[0];
  const bourse_order_request *before = call->order;
  pair.client_order_id = call->request->client_order_id;
  call->order = &pair;
  int32_t code = of_build_create(call);
  call->order = before;
  return code;
}

static int32_t of_parse_pair(bourse_call *call, const bourse_http_reply *reply) {
  int32_t code = bourse_read_rows(call, reply, of_order_row);
  if (code != BOURSE_OK || bourse_appended(call) != 1) return code;
  const bourse_order *told = bourse_appended_at(call, 0);
  int32_t by_legs = told->client_order_id != NULL && strcmp(told->client_order_id, "legs") == 0;
  if (!by_legs && call->operation != BOURSE_OP_CREATE_ORDER_LIST) return code;
  bourse_order *second = bourse_append(call, BOURSE_KIND_ORDER), *first = bourse_appended_at(call, 0);
  if (second == NULL) return BOURSE_ERROR_MEMORY;
  *second = *first;
  if (by_legs) { /* told as two, by ids of their own: a stop, and a limit order */
    first->list_id = second->list_id = "17";
    first->list_client_id = second->list_client_id = "legs";
    first->client_order_id = second->client_order_id = NULL;
    first->conditional = second->conditional = BOURSE_YES;
    first->id = "17-stop";
    second->id = "17-limit";
    bourse_decimal_parse(&first->stop_loss_price, "90", SIZE_MAX);
    return BOURSE_OK;
  }
  first->client_order_id = call->request->orders[0]->client_order_id;
  second->client_order_id = call->request->orders[1]->client_order_id;
  return BOURSE_OK;
}

static int32_t of_parse_transfer(bourse_call *call, const bourse_http_reply *reply) {
  (void)reply;
  return bourse_append(call, BOURSE_KIND_TRANSFER) == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

#define OF_ROW(op_, security_, flags_, method_, path_, build_, parse_)                                                \
  {                                                                                                                   \
    BOURSE_OP_##op_, BOURSE_FOR_SPOT, security_, 0, flags_, method_, path_, {{0, 1}, {0, 0}, {0, 0}}, build_, parse_, \
        0, 0, 0                                                                                                       \
  }

static bourse_endpoint of_endpoints[] = {
    OF_ROW(FETCH_MARKETS, BOURSE_SECURITY_PUBLIC, 0, "GET", "/markets", NULL, of_parse_markets),
    OF_ROW(CREATE_ORDER, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS, "POST", "/order", of_build_create,
           of_parse_orders),
    OF_ROW(CREATE_ORDERS, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS, "POST", "/order", of_build_create,
           of_parse_orders),
    OF_ROW(CANCEL_ORDER, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS, "DELETE", "/order", of_build_named,
           of_parse_orders),
    OF_ROW(EDIT_ORDER, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS, "PUT", "/order", of_build_named, of_parse_orders),
    OF_ROW(FETCH_ORDER, BOURSE_SECURITY_SIGNED, 0, "GET", "/order", of_build_named, of_parse_orders),
    OF_ROW(FETCH_OPEN_ORDERS, BOURSE_SECURITY_SIGNED, 0, "GET", "/open", of_build_list, of_parse_orders),
    OF_ROW(FETCH_ORDERS, BOURSE_SECURITY_SIGNED, 0, "GET", "/history", of_build_list, of_parse_orders),
    OF_ROW(FETCH_MY_TRADES, BOURSE_SECURITY_SIGNED, 0, "GET", "/fills", of_build_list, of_parse_fills),
    OF_ROW(CLOSE_POSITION, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS, "POST", "/order", of_build_close,
           of_parse_orders),
    OF_ROW(TRANSFER, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS, "POST", "/transfer", NULL, of_parse_transfer),
    OF_ROW(CREATE_ORDER_LIST, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_BY_LIST, "POST", "/order",
           of_build_pair, of_parse_pair),
    OF_ROW(FETCH_ORDER_LIST, BOURSE_SECURITY_SIGNED, 0, "GET", "/order", of_build_named, of_parse_pair),
};

#define OF_CAN(op_) \
  { BOURSE_OP_##op_, BOURSE_FOR_SPOT, 0 }
static const bourse_capability of_capabilities[] = {
    OF_CAN(FETCH_MARKETS),   OF_CAN(CREATE_ORDER), OF_CAN(CREATE_ORDERS),     OF_CAN(CANCEL_ORDER),
    OF_CAN(EDIT_ORDER),      OF_CAN(FETCH_ORDER),  OF_CAN(FETCH_OPEN_ORDERS), OF_CAN(FETCH_ORDERS),
    OF_CAN(FETCH_MY_TRADES), OF_CAN(TRANSFER),     OF_CAN(CLOSE_POSITION),    OF_CAN(CREATE_ORDER_LIST),
    OF_CAN(FETCH_ORDER_LIST)};

static const bourse_endpoint *of_route(bourse_call *call) {
  if (call->operation == BOURSE_OP_CREATE_ORDERS) call->scratch[1] = 1;
  return bourse_find_endpoint(call->adapter, call->operation, BOURSE_FOR_ALL, 0);
}

static int32_t of_sign(bourse_call *call) {
  bourse_text text;
  if (call->nonce != 0 && call->adapter->nonces > 0) bourse_put_int(call, "nonce", (int64_t)call->nonce);
  bourse_text_init(&text, call->arena);
  bourse_encode_params(call, &text);
  return bourse_set_query(call, &text);
}

static int32_t of_error(bourse_call *call, const bourse_http_reply *reply) {
  static const struct {
    const char *text;
    int32_t code;
  } rows[] = {{"unknown order", BOURSE_ERROR_ORDER_NOT_FOUND},
              {"no money", BOURSE_ERROR_INSUFFICIENT_FUNDS},
              {"duplicate", BOURSE_ERROR_DUPLICATE_ORDER}};
  bourse_slice text = {reply->body, reply->body_length};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (bourse_slice_is(text, rows[i].text)) {
      if (bourse_is_item(call)) return bourse_fail_items(call, rows[i].code, BOURSE_OUTCOME_REJECTED, text, text);
      return bourse_fail_exchange(call, rows[i].code, text, text);
    }
  return 0;
}

static bourse_adapter of_adapter = {
    .struct_size = sizeof(bourse_adapter),
    .api_version = BOURSE_API_VERSION,
    .name = "fake",
    .title = "Fake",
    .hosts = of_hosts,
    .host_count = 1,
    .capabilities = of_capabilities,
    .capability_count = sizeof of_capabilities / sizeof of_capabilities[0],
    .endpoints = of_endpoints,
    .endpoint_count = sizeof of_endpoints / sizeof of_endpoints[0],
    .limits = of_limits,
    .limit_count = 1,
    .products = BOURSE_FOR_SPOT,
    .client_id_max = 36,
    .client_id_extra = "-",
    .route = of_route,
    .sign = of_sign,
    .error = of_error,
};

/* --- The exchange --- */

enum {
  FATE_WELL,
  FATE_LOST_REQUEST,
  FATE_LOST_REPLY,
  FATE_HANG,
  FATE_LATE,
  FATE_REFUSED,
  FATE_REFUSED_ITEM, /* one of several, told in its place */
  FATE_UNSENT,
  FATE_BROKEN_REPLY,
  FATE_HTML
};

typedef struct of_order {
  char client[48], symbol[8], side[8], amount[24], price[24], status[12];
  int id, filled, became, hidden; /* hidden from: 1 the query, 2 open orders, 4 history, 8 fills */
  long long time_ms;
} of_order;

/* What the host's database would keep. */
typedef struct of_store {
  struct {
    char key[BOURSE_STORE_KEY_MAX], value[4096];
  } rows[64];
  int count, puts, durable_puts, fail_from; /* puts from this one on fail; 0: none */
} of_store;

typedef struct of_world {
  bourse_context *context;
  bourse_exchange *exchange;
  of_store *store;                          /* NULL: none */
  int64_t now_ns, skew_ns, tick_ns, set_ns; /* tick: what a request takes; set: by which the host's UTC is wrong */
  of_order orders[64];
  int order_count, next_id;
  int fate;          /* of the next request that acts */
  int then;          /* of the one after that */
  int hang_reads;    /* requests that read are not answered */
  int fail_path_for; /* this many requests that read fail with 500 */
  const char *fail_path;
  int sent, creates_sent;
  char late[8][1024];
  int late_count;
  bourse_exchange_token *hanging[16];
  int hanging_count;
  char trace[8192]; /* "put KEY durable", "POST /order" ... in their order */
  int32_t auto_resolve;
  int retry;
  uint64_t seed;
  uint64_t last_nonce;
  int bad_nonces;
} of_world;

static void of_trace(of_world *world, const char *what, const char *which) {
  size_t used = strlen(world->trace);
  snprintf(world->trace + used, sizeof world->trace - used, "%s %s\n", what, which);
}

static int of_param(const char *url, const char *name, char *out, size_t size) {
  char pattern[32];
  snprintf(pattern, sizeof pattern, "%s=", name);
  const char *query = strchr(url, '?'), *at = query;
  out[0] = '\0';
  while (at != NULL && (at = strstr(at, pattern)) != NULL) {
    if (at[-1] == '?' || at[-1] == '&') {
      size_t length = strcspn(at + strlen(pattern), "&");
      snprintf(out, size, "%.*s", (int)length, at + strlen(pattern));
      return 1;
    }
    at++;
  }
  return 0;
}

static of_order *of_find(of_world *world, const char *url) {
  char client[64], id[16];
  of_param(url, "client", client, sizeof client);
  of_param(url, "id", id, sizeof id);
  for (int i = world->order_count - 1; i >= 0; i--)
    if ((client[0] != '\0' && strcmp(world->orders[i].client, client) == 0) ||
        (id[0] != '\0' && world->orders[i].id == atoi(id)))
      return &world->orders[i];
  return NULL;
}

static void of_print(const of_order *order, char *out, size_t size) {
  snprintf(out, size,
           "{\"id\":%d,\"client\":\"%s\",\"symbol\":\"%s\",\"side\":\"%s\",\"status\":\"%s\",\"amount\":\"%s\","
           "\"price\":\"%s\","
           "\"filled\":\"%s\",\"became\":%d,\"time\":%lld}",
           order->id, order->client, strcmp(order->symbol, "AB") == 0 ? "A/B" : "C/D", order->side, order->status,
           order->amount, order->price, order->filled ? order->amount : "0", order->became, order->time_ms);
}

/* A request arrives. Returns the HTTP status. */
static int of_arrive(of_world *world, const char *method, const char *url, char *out, size_t size) {
  of_order *order = of_find(world, url);
  int post = strcmp(method, "POST") == 0;
  char nonce[32];
  if (of_param(url, "nonce", nonce, sizeof nonce)) {
    uint64_t value = strtoull(nonce, NULL, 10);
    if (value <= world->last_nonce) world->bad_nonces++;
    world->last_nonce = value;
  }
  snprintf(out, size, "{}");
  if (strstr(url, "/transfer") != NULL) return 200;
  if (post) {
    if (order != NULL && strcmp(order->status, "open") == 0) {
      if ((of_endpoints[1].flags & BOURSE_ENDPOINT_IDEMPOTENT) == 0) {
        snprintf(out, size, "duplicate");
        return 400;
      }
      of_print(order, out, size);
      return 200;
    }
    order = &world->orders[world->order_count++];
    memset(order, 0, sizeof *order);
    of_param(url, "client", order->client, sizeof order->client);
    of_param(url, "symbol", order->symbol, sizeof order->symbol);
    of_param(url, "side", order->side, sizeof order->side);
    of_param(url, "amount", order->amount, sizeof order->amount);
    of_param(url, "price", order->price, sizeof order->price);
    snprintf(order->status, sizeof order->status, "open");
    order->id = ++world->next_id;
    order->time_ms = (long long)((world->now_ns + world->skew_ns) / MILLISECOND);
    of_print(order, out, size);
    return 200;
  }
  if (strstr(url, "/order") != NULL) {
    int reads = strcmp(method, "GET") == 0;
    if (order == NULL || (reads && (order->hidden & 1) != 0) || (!reads && strcmp(order->status, "open") != 0)) {
      snprintf(out, size, "unknown order");
      return 400;
    }
    if (strcmp(method, "DELETE") == 0) snprintf(order->status, sizeof order->status, "canceled");
    char replacement[48];
    if (strcmp(method, "PUT") == 0 && of_param(url, "new", replacement, sizeof replacement)) {
      of_order *made = &world->orders[world->order_count++];
      *made = *order;
      snprintf(order->status, sizeof order->status, "canceled");
      snprintf(made->client, sizeof made->client, "%s", replacement);
      made->id = ++world->next_id;
      made->time_ms = (long long)((world->now_ns + world->skew_ns) / MILLISECOND);
      order = made;
    }
    if (strcmp(method, "PUT") == 0) of_param(url, "price", order->price, sizeof order->price);
    of_print(order, out, size);
    return 200;
  }
  size_t used = 1;
  int open = strstr(url, "/open") != NULL, history = strstr(url, "/history") != NULL,
      fills = strstr(url, "/fills") != NULL;
  snprintf(out, size, "[");
  for (int i = 0; i < world->order_count; i++) {
    const of_order *each = &world->orders[i];
    if ((open && (strcmp(each->status, "open") != 0 || (each->hidden & 2) != 0)) ||
        (history && (each->hidden & 4) != 0) || (fills && (!each->filled || (each->hidden & 8) != 0)))
      continue;
    if (used > 1) out[used++] = ',';
    if (fills)
      snprintf(out + used, size - used, "{\"id\":%d,\"order\":%d,\"client\":\"%s\",\"symbol\":\"A/B\",\"time\":%lld}",
               each->id + 1000, each->id, each->client, each->time_ms);
    else
      of_print(each, out + used, size - used);
    used += strlen(out + used);
  }
  snprintf(out + used, size - used, "]");
  return open || history || fills || strstr(url, "/markets") != NULL ? 200 : 404;
}

static void of_complete(of_world *world, bourse_exchange_token *token, int32_t error, int status, const char *body,
                        int32_t sent) {
  bourse_http_reply reply = {.struct_size = sizeof reply,
                             .error = error,
                             .http_status = status,
                             .sent = sent,
                             .body = body,
                             .body_length = strlen(body),
                             .error_text = "broken",
                             .received_ns = world->now_ns};
  bourse_transport_complete(token, &reply);
}

static int32_t of_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  of_world *world = user_data;
  static char out[16384];
  char what[300];
  int reads = strcmp(request->method, "GET") == 0, fate = reads ? FATE_WELL : world->fate;
  snprintf(what, sizeof what, "%.250s", strstr(request->url, "example") + 7);
  of_trace(world, request->method, what);
  world->sent++;
  world->now_ns += world->tick_ns;
  if (strcmp(request->method, "POST") == 0 && strstr(request->url, "/order") != NULL) world->creates_sent++;
  if (!reads) {
    world->fate = world->then;
    world->then = FATE_WELL;
  }
  if (reads && world->hang_reads && strstr(request->url, "/markets") == NULL) {
    world->hanging[world->hanging_count++] = token;
    return BOURSE_OK;
  }
  if (reads && world->fail_path_for > 0 &&
      (world->fail_path == NULL || strstr(request->url, world->fail_path) != NULL)) {
    world->fail_path_for--;
    of_complete(world, token, 0, 500, "<html>", BOURSE_YES);
    return BOURSE_OK;
  }
  int status = 200;
  if (fate == FATE_WELL || fate == FATE_LOST_REPLY || fate == FATE_HANG || fate == FATE_BROKEN_REPLY ||
      fate == FATE_HTML)
    status = of_arrive(world, request->method, request->url, out, sizeof out);
  if (fate == FATE_LATE) {
    snprintf(world->late[world->late_count++], sizeof world->late[0], "%s %s", request->method, request->url);
    world->hanging[world->hanging_count++] = token;
  }
  switch (fate) {
    case FATE_WELL: of_complete(world, token, 0, status, out, BOURSE_YES); break;
    case FATE_BROKEN_REPLY: of_complete(world, token, 0, 200, "{\"id\":", BOURSE_YES); break;
    case FATE_HTML: of_complete(world, token, 0, 502, "<html>", BOURSE_YES); break;
    case FATE_REFUSED: of_complete(world, token, 0, 400, "no money", BOURSE_YES); break;
    case FATE_REFUSED_ITEM: of_complete(world, token, 0, 200, "\"no\"", BOURSE_YES); break;
    case FATE_UNSENT: of_complete(world, token, BOURSE_ERROR_CONNECT, 0, "", BOURSE_NO); break;
    case FATE_LOST_REQUEST:
    case FATE_LOST_REPLY: of_complete(world, token, BOURSE_ERROR_DISCONNECTED, 0, "", BOURSE_YES); break;
    case FATE_HANG: world->hanging[world->hanging_count++] = token; break;
    default: break;
  }
  return BOURSE_OK;
}

static void of_cancel(void *user_data, bourse_exchange_token *token) {
  of_world *world = user_data;
  for (int i = 0; i < world->hanging_count; i++)
    if (world->hanging[i] == token) world->hanging[i--] = world->hanging[--world->hanging_count];
}

/* What was delayed arrives now. */
static inline void of_deliver_late(of_world *world) {
  char out[2048], method[8];
  for (int i = 0; i < world->late_count; i++) {
    snprintf(method, sizeof method, "%.*s", (int)strcspn(world->late[i], " "), world->late[i]);
    of_arrive(world, method, strchr(world->late[i], ' ') + 1, out, sizeof out);
  }
  world->late_count = 0;
}

/* --- The store --- */

static int32_t of_put(void *user_data, const char *key, const void *bytes, size_t length, int32_t durable) {
  of_world *world = user_data;
  of_store *store = world->store;
  int at = 0;
  store->puts++;
  store->durable_puts += durable > 0;
  of_trace(world, durable > 0 ? "PUT durable" : "PUT", key);
  if (store->fail_from != 0 && store->puts >= store->fail_from) return -1;
  while (at < store->count && strcmp(store->rows[at].key, key) != 0) at++;
  if (at == store->count) store->count++;
  snprintf(store->rows[at].key, sizeof store->rows[at].key, "%s", key);
  snprintf(store->rows[at].value, sizeof store->rows[at].value, "%.*s", (int)length, (const char *)bytes);
  return 0;
}

static int32_t of_remove(void *user_data, const char *key) {
  of_store *store = ((of_world *)user_data)->store;
  for (int i = 0; i < store->count; i++)
    if (strcmp(store->rows[i].key, key) == 0) {
      store->rows[i] = store->rows[--store->count];
      return 0;
    }
  return 0;
}

static int32_t of_each(void *user_data, const char *prefix,
                       int32_t (*visit)(void *visitor, const char *key, const void *bytes, size_t length),
                       void *visitor) {
  of_store *store = ((of_world *)user_data)->store;
  for (int i = 0; i < store->count; i++) {
    if (strncmp(store->rows[i].key, prefix, strlen(prefix)) != 0) continue;
    int32_t stop = visit(visitor, store->rows[i].key, store->rows[i].value, strlen(store->rows[i].value));
    if (stop != 0) return stop;
  }
  return 0;
}

/* --- World --- */

static int64_t of_now(void *user_data) { return ((of_world *)user_data)->now_ns; }

static int64_t of_utc(void *user_data) { return ((of_world *)user_data)->now_ns + ((of_world *)user_data)->set_ns; }

static void of_random(void *user_data, void *out, size_t size) {
  of_world *world = user_data;
  for (size_t i = 0; i < size; i++) {
    world->seed = world->seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    ((uint8_t *)out)[i] = (uint8_t)(world->seed >> 56);
  }
}

/* Opens context and handle; what the exchange and the store hold stays. */
static int32_t of_open(of_world *world) {
  bourse_transport transport = {.struct_size = sizeof transport,
                                .api_version = BOURSE_API_VERSION,
                                .user_data = world,
                                .send = of_send,
                                .cancel = of_cancel};
  bourse_context_options context_options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_store store = BOURSE_STORE_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  if (world->now_ns == 0) world->now_ns = INT64_C(1700000000000000000);
  store.user_data = world;
  store.put = of_put;
  store.remove = of_remove;
  store.each = of_each;
  context_options.transport = &transport;
  context_options.clock = (bourse_clock){world, of_utc, of_now};
  context_options.random = (bourse_random){world, of_random};
  if (world->store != NULL) context_options.store = &store;
  CHECK_INT(bourse_context_new(&world->context, &context_options), BOURSE_OK);
  CHECK_INT(bourse_register(world->context, &of_adapter), BOURSE_OK);
  keys.api_key = "key";
  keys.secret = "secret";
  options.credentials = &keys;
  options.clock_sync = BOURSE_NO;
  options.retry_limit = world->retry ? 0 : UINT32_MAX;
  options.auto_resolve = world->auto_resolve;
  return bourse_open(&world->exchange, world->context, "fake", &options);
}

static void of_close(of_world *world) {
  bourse_close(world->exchange);
  bourse_context_free(world->context);
  world->exchange = NULL;
  world->context = NULL;
}

/* The process dies: what it had in hand is never heard of again. Nothing of the library's runs any more, so the store is what
 * it was. */
static inline void of_crash(of_world *world) {
  of_store saved;
  if (world->store != NULL) saved = *world->store;
  of_close(world);
  if (world->store != NULL) *world->store = saved;
  world->hanging_count = 0;
}

static inline void of_pass(of_world *world, int64_t ns) {
  world->now_ns += ns;
  bourse_run(world->context, 0);
}

static inline bourse_order_request of_limit(const char *client) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  order.symbol = "A/B";
  order.side = BOURSE_SIDE_BUY;
  order.type = BOURSE_ORDER_LIMIT;
  order.client_order_id = client;
  bourse_decimal_parse(&order.amount, "1", SIZE_MAX);
  bourse_decimal_parse(&order.price, "100", SIZE_MAX);
  return order;
}

/* Places an order with this fate; the code. What hangs is let run into its deadline. */
static inline int32_t of_place(of_world *world, int fate, const char *client) {
  bourse_order_request order = of_limit(client);
  const bourse_order_request *orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  bourse_event event = BOURSE_EVENT_INIT;
  uint64_t ticket = 0;
  request.orders = orders;
  request.order_count = 1;
  world->fate = fate;
  int32_t code = bourse_submit(world->exchange, &request, &ticket);
  if (code != BOURSE_OK) return code;
  for (int i = 0; i < 30; i++) {
    while (bourse_next(world->context, &event) > 0) {
      int32_t mine = event.ticket == ticket && event.kind == BOURSE_EVENT_RESULT;
      code = bourse_result_code(event.result);
      bourse_result_free(event.result);
      if (mine) return code;
    }
    of_pass(world, SECOND);
  }
  TEST_FAIL("the order did not complete");
  return 1;
}

/* State of an entry of the journal; 0: there is none. */
static inline int32_t of_state(of_world *world, const char *client, int32_t *outcome) {
  bourse_result *result;
  int32_t state = 0;
  if (outcome != NULL) *outcome = -1;
  CHECK_INT(bourse_fetch_journal(&result, world->exchange, client), BOURSE_OK);
  if (result != NULL && bourse_result_count(result) > 0) {
    state = bourse_result_journal_entry(result, 0)->state;
    if (outcome != NULL) *outcome = bourse_result_journal_entry(result, 0)->outcome;
  }
  bourse_result_free(result);
  return state;
}

#endif
