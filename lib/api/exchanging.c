/* api/exchanging.c - the parts of a running operation that deal with the exchange: market tables it needs, building the
 * request, sending it, and judging the reply. */
#include <stdio.h>
#include <string.h>

#include "api/journal.h"
#include "api/rails.h"
#include "api/schema.h"
#include "api/streaming.h"

/* --- Tables --- */

static int32_t product_of(const bourse__running *running, const char *symbol, int32_t asked) {
  int32_t product = bourse__symbol_product(symbol);
  if (product != 0) return product;
  return asked != 0 ? asked : running->request.product != 0 ? running->request.product : running->exchange->product;
}

static uint32_t product_bit(int32_t product) {
  static const uint32_t bits[] = {0, BOURSE_FOR_SPOT, BOURSE_FOR_LINEAR, BOURSE_FOR_INVERSE, BOURSE_FOR_OPTION};
  return product < 0 || product > BOURSE_PRODUCT_OPTION ? 0 : bits[product];
}

/* Products whose tables are needed, as bits 1 << product. */
static uint32_t wanted_products(const bourse__running *running) {
  const bourse_request *request = &running->request;
  uint32_t wanted = 0;
  if (running->info->operation == BOURSE_OP_FETCH_MARKETS || running->info->operation == BOURSE_OP_CALL_RAW) return 0;
  if (request->symbol != NULL) wanted |= 1u << product_of(running, request->symbol, 0);
  for (uint32_t i = 0; i < request->symbol_count; i++) wanted |= 1u << product_of(running, request->symbols[i], 0);
  for (uint32_t i = 0; i < request->order_count; i++)
    wanted |= 1u << product_of(running, request->orders[i]->symbol, request->orders[i]->product);
  if (request->from_symbol != NULL || request->to_symbol != NULL) wanted |= 1u << BOURSE_PRODUCT_SPOT;
  if (wanted != 0 || (running->info->flags & BOURSE_OPERATION_MARKETS) == 0) return wanted;
  int32_t isolated = request->margin_mode == BOURSE_MARGIN_ISOLATED || request->wallet == BOURSE_WALLET_ISOLATED;
  if (running->info->kind == BOURSE_KIND_BALANCE && !isolated) return 0;
  return 1u << (request->product != 0 ? request->product : running->exchange->product);
}

static int32_t load_table(bourse__running *running, bourse__markets_slot *slot) {
  if (slot->loading == NULL) {
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_MARKETS);
    bourse__running *loading;
    request.product = slot->product;
    int32_t code = bourse__running_new(&loading, running->exchange, &request, 1, &running->failure);
    if (code != BOURSE_OK) return code;
    slot->loading = loading;
    bourse__running_wait(running, loading);
    bourse__running_advance(loading);
  } else {
    bourse__running_wait(running, slot->loading);
  }
  return 0;
}

int32_t bourse__running_tables(bourse__running *running) {
  uint32_t wanted = wanted_products(running);
  if (wanted != 0 && !bourse_supports(running->exchange, BOURSE_OP_FETCH_MARKETS, 0, 0)) return 1;
  for (int32_t product = 0; product <= BOURSE_PRODUCT_OPTION; product++) {
    if ((wanted & (1u << product)) == 0) continue;
    if ((running->exchange->adapter->products & product_bit(product)) == 0)
      return bourse_fail(&running->call, BOURSE_ERROR_UNSUPPORTED,
                         running->request.symbol_count > 0 ? "symbols" : "symbol", "%s has no %s markets",
                         running->exchange->adapter->title, bourse_enum_name(&bourse__enum_product, product));
    bourse__markets_slot *slot = bourse__markets_slot_of(running->exchange, product);
    if (slot == NULL) return bourse_fail_memory(&running->call);
    if (bourse__markets_ready(running->exchange, slot)) {
      bourse__result_use(running->result, slot->markets);
      continue;
    }
    return load_table(running, slot);
  }
  return 1;
}

/* --- Markets of the call --- */

#define LISTING_AGE_NS (INT64_C(60) * 1000000000)

/* Where no table is to be had (an exchange that lists none, a reply decoded by itself) symbols are taken as they are. */
static int32_t assume_market(bourse__running *running, const bourse_market **out, const char *symbol, int32_t product) {
  bourse_arena *arena = running->call.arena;
  bourse_market *market = bourse_arena_alloc(arena, sizeof *market);
  size_t base = strcspn(symbol, "/"), rest = strlen(symbol) - base;
  const char *quote = rest > 0 ? symbol + base + 1 : "", *settle = strchr(quote, ':');
  if (market == NULL) return bourse_fail_memory(&running->call);
  market->symbol = market->id = bourse_arena_copy(arena, symbol, strlen(symbol));
  market->base = bourse_arena_copy(arena, symbol, base);
  market->quote = bourse_arena_copy(arena, quote, strcspn(quote, ":"));
  market->settle = settle == NULL ? NULL : bourse_arena_copy(arena, settle + 1, strcspn(settle + 1, "-"));
  market->product = product;
  if (market->symbol == NULL || market->base == NULL || market->quote == NULL || (settle != NULL && market->settle == NULL))
    return bourse_fail_memory(&running->call);
  *out = market;
  return BOURSE_OK;
}

static int32_t find_market(bourse__running *running, const bourse_market **out, const char *field, const char *symbol,
                           int32_t asked) {
  bourse_exchange *exchange = running->exchange;
  int32_t unified = bourse__symbol_product(symbol) != 0;
  int32_t product = product_of(running, symbol, asked);
  if (unified && asked != 0 && asked != product)
    return bourse_fail(&running->call, BOURSE_ERROR_ARGUMENT, field, "%s is a %s market, and product says %s", symbol,
                       bourse_enum_name(&bourse__enum_product, product), bourse_enum_name(&bourse__enum_product, asked));
  bourse__markets_slot *slot = bourse__markets_slot_of(exchange, product);
  if (slot == NULL) return bourse_fail_memory(&running->call);
  if (slot->markets == NULL) return assume_market(running, out, symbol, product);
  *out = unified ? bourse__markets_by_symbol(slot->markets, symbol, strlen(symbol))
                 : bourse__markets_by_id(slot->markets, symbol, strlen(symbol));
  if (*out != NULL) return BOURSE_OK;
  /* A market listed since the table was loaded: look once more. */
  int64_t age = bourse__loop_monotonic_ns(running->context->loop) - slot->loaded_monotonic_ns;
  if (!running->refreshed && exchange->market_refresh_ms >= 0 && age > LISTING_AGE_NS) {
    running->refreshed = 1;
    int32_t code = load_table(running, slot);
    return code == 0 ? BOURSE_CONTINUE : code;
  }
  return bourse_fail(&running->call, BOURSE_ERROR_UNKNOWN_SYMBOL, field, "%s lists no %s market called \"%s\"",
                     exchange->adapter->title, bourse_enum_name(&bourse__enum_product, product), symbol);
}

static int32_t go_together(const bourse__running *running, int32_t one, int32_t other) {
  uint32_t bits = product_bit(one) | product_bit(other);
  return one == other || (running->exchange->adapter->together & bits) == bits;
}

static int32_t find_markets(bourse__running *running, uint32_t count) {
  bourse_call *call = &running->call;
  const bourse_request *request = &running->request;
  const bourse_market **markets = bourse_arena_alloc(call->arena, count * sizeof *markets);
  if (markets == NULL) return bourse_fail_memory(call);
  for (uint32_t i = 0; i < count; i++) {
    int32_t code = request->order_count > 0
                       ? find_market(running, &markets[i], "symbol", request->orders[i]->symbol, request->orders[i]->product)
                       : find_market(running, &markets[i], "symbols", request->symbols[i], request->product);
    if (code != BOURSE_OK) return code;
    if (markets[i] != NULL && markets[0] != NULL && !go_together(running, markets[0]->product, markets[i]->product))
      return bourse_fail(call, BOURSE_ERROR_ARGUMENT, request->order_count > 0 ? "orders" : "symbols",
                         "%s and %s are of different products; ask for each product by itself", markets[0]->symbol,
                         markets[i]->symbol);
  }
  call->markets = markets;
  call->market_count = count;
  return BOURSE_OK;
}

static int32_t check_orders(bourse__running *running) {
  const bourse_request *request = &running->request;
  int32_t operation = running->info->operation;
  int32_t edit = operation == BOURSE_OP_EDIT_ORDER || operation == BOURSE_OP_EDIT_ORDERS;
  for (uint32_t i = 0; i < request->order_count; i++) {
    const bourse_market *market = running->call.markets[i];
    int32_t code = bourse__check_order_form(request->orders[i], edit, &running->failure);
    if (code == BOURSE_OK && market != NULL && running->exchange->check_orders != BOURSE_NO)
      code = bourse__check_order(market, request->orders[i], &running->failure);
    if (code == BOURSE_OK && market != NULL && !edit && market->active == BOURSE_NO && running->exchange->check_orders != BOURSE_NO)
      code = bourse_fail(&running->call, BOURSE_ERROR_MARKET_INACTIVE, "symbol", "%s is not trading now: %s", market->symbol,
                         market->status == NULL ? "inactive" : market->status);
    if (code != BOURSE_OK) {
      const char *id = request->orders[i]->client_order_id;
      if (id != NULL)
        bourse__copy_text(running->failure.client_order_id, sizeof running->failure.client_order_id, id, strlen(id));
      return code;
    }
  }
  return BOURSE_OK;
}

static void resolve_product(bourse__running *running) {
  bourse_call *call = &running->call;
  const bourse_request *request = &running->request;
  if (call->market == NULL && call->market_count > 0) call->market = request->order_count > 0 ? call->markets[0] : NULL;
  const bourse_market *known = call->market != NULL ? call->market : call->market_count > 0 ? call->markets[0] : NULL;
  call->product = known != NULL ? known->product : request->product;
  if (call->product == 0 && running->info->operation != BOURSE_OP_FETCH_MARKETS)
    call->product = request->symbol != NULL ? product_of(running, request->symbol, 0) : running->exchange->product;
  call->margin_mode = request->margin_mode;
  if (call->margin_mode == 0 && call->order != NULL) call->margin_mode = call->order->margin_mode;
  if (call->margin_mode == 0 && call->product == BOURSE_PRODUCT_SPOT && (running->info->flags & BOURSE_OPERATION_PRIVATE) != 0)
    call->margin_mode = running->exchange->margin_mode;
}

int32_t bourse__running_resolve(bourse__running *running) {
  bourse_call *call = &running->call;
  const bourse_request *request = &running->request;
  int32_t code = BOURSE_OK;
  if (running->info->operation == BOURSE_OP_CALL_RAW) return BOURSE_OK;
  if (request->symbol != NULL) code = find_market(running, &call->market, "symbol", request->symbol, request->product);
  uint32_t count = request->order_count > 0 ? request->order_count : request->symbol_count;
  if (code == BOURSE_OK && count > 0) code = find_markets(running, count);
  if (code != BOURSE_OK) return code;
  resolve_product(running);
  if (running->info->operation != BOURSE_OP_FETCH_MARKETS && running->forced == NULL &&
      !bourse_supports(running->exchange, running->info->operation, call->product, call->margin_mode))
    return bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, NULL, "%s has no %s for %s%s", call->adapter->title, running->info->name,
                       bourse_enum_name(&bourse__enum_product, call->product), call->margin_mode != 0 ? " margin" : "");
  return request->order_count > 0 ? check_orders(running) : BOURSE_OK;
}

/* --- Building --- */

static const bourse_endpoint *raw_endpoint(bourse__running *running) {
  const bourse_request *request = &running->request;
  const bourse_adapter *adapter = running->call.adapter;
  bourse_endpoint *endpoint = &running->raw;
  int32_t reads = request->is_safe > 0 || (request->is_safe == 0 && strcmp(request->method, "GET") == 0);
  endpoint->operation = BOURSE_OP_CALL_RAW;
  endpoint->method = request->method;
  endpoint->path = request->path;
  endpoint->security = request->is_public > 0 ? BOURSE_SECURITY_PUBLIC : BOURSE_SECURITY_SIGNED;
  endpoint->flags = reads ? 0 : BOURSE_ENDPOINT_ACTS;
  /* What the exchange's own table says of this path, it says for raw calls too. */
  for (uint32_t i = 0; i < adapter->endpoint_count; i++) {
    const bourse_endpoint *known = &adapter->endpoints[i];
    if (strcmp(known->path, request->path) != 0 || strcmp(known->method, request->method) != 0) continue;
    endpoint->host = known->host;
    memcpy(endpoint->costs, known->costs, sizeof endpoint->costs);
    break;
  }
  if (request->host == NULL) return endpoint;
  for (uint32_t i = 0; i < adapter->host_count; i++)
    if (strcmp(adapter->hosts[i].name, request->host) == 0) {
      endpoint->host = (uint8_t)i;
      return endpoint;
    }
  bourse_fail(&running->call, BOURSE_ERROR_UNKNOWN_NAME, "host", "%s has no host called \"%s\"", adapter->title, request->host);
  return NULL;
}

static void add_callers_params(bourse__running *running) {
  bourse_call *call = &running->call;
  for (uint32_t i = 0; i < running->request.param_count; i++) {
    const bourse_param *param = &running->request.params[i];
    bourse_wire_param *found = NULL;
    for (uint32_t k = 0; k < call->wire.param_count; k++)
      if (strcmp(call->wire.params[k].name, param->name) == 0) found = &call->wire.params[k];
    if (found != NULL) {
      found->value = param->value;
      found->value_length = strlen(param->value);
      found->json = param->json > 0;
    } else if (param->json > 0) {
      bourse_put_json(call, param->name, param->value);
    } else {
      bourse_put(call, param->name, param->value);
    }
  }
}

/* UINT32_MAX: none. */
static uint32_t bucket_of(const bourse__running *running, uint32_t limit) {
  const bourse_exchange *exchange = running->exchange;
  const bourse_market *market = running->call.wire.market;
  if (exchange->adapter->limits[limit].scope == BOURSE_LIMIT_PER_MARKET)
    return market == NULL ? UINT32_MAX : bourse__market_bucket(exchange, limit, market->id);
  uint32_t bucket = exchange->limits->address_buckets[limit];
  return bucket == UINT32_MAX && exchange->account != NULL ? exchange->account->buckets[limit] : bucket;
}

static void add_costs(bourse__running *running) {
  const bourse_exchange *exchange = running->exchange;
  running->cost_count = 0;
  for (uint32_t i = 0; i < BOURSE_COSTS_MAX; i++) {
    const bourse_cost *cost = &running->call.wire.costs[i];
    if (cost->weight == 0 || cost->bucket >= exchange->adapter->limit_count) continue;
    uint32_t bucket = bucket_of(running, cost->bucket);
    if (bucket == UINT32_MAX) continue;
    running->costs[running->cost_count].bucket = bucket;
    running->costs[running->cost_count++].weight = cost->weight;
  }
}

int32_t bourse__running_build(bourse__running *running) {
  bourse_call *call = &running->call;
  bourse_wire *wire = &call->wire;
  bourse_wire_param *params = wire->params;
  uint32_t capacity = wire->param_capacity;
  memset(wire, 0, sizeof *wire);
  wire->params = params;
  wire->param_capacity = capacity;
  call->now_ns = bourse__exchange_now_ns(running->exchange);
  const bourse_endpoint *endpoint = running->info->operation == BOURSE_OP_CALL_RAW ? raw_endpoint(running)
                                    : running->forced != NULL                      ? running->forced
                                                                                   : call->adapter->route(call);
  if (endpoint == NULL && running->failure.error.code == BOURSE_OK)
    bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, NULL, "%s has no %s in this form", call->adapter->title, running->info->name);
  if (endpoint == NULL) return running->failure.error.code;
  call->endpoint = endpoint;
  wire->method = endpoint->method;
  wire->path = endpoint->path;
  wire->host = endpoint->host;
  wire->market = call->market;
  memcpy(wire->costs, endpoint->costs, sizeof wire->costs);
  if (call->step == 0 && running->page_start == 0 && endpoint->page_max > 0 && call->limit > endpoint->page_max) {
    call->limit = endpoint->page_max;
  }
  if (call->step == 0 && running->page_start == 0 && endpoint->span_max_ns > 0 && call->since_ns != 0 && call->until_ns != 0 &&
      call->until_ns - call->since_ns >= endpoint->span_max_ns && running->request.limit != 0)
    call->until_ns = call->since_ns + endpoint->span_max_ns - 1000000;
  if (endpoint->security != BOURSE_SECURITY_PUBLIC && call->signer == NULL && running->forced == NULL)
    return bourse_fail(call, BOURSE_ERROR_CREDENTIALS, NULL, "%s needs an API key and this handle was opened without one",
                       running->info->name);
  if ((endpoint->flags & BOURSE_ENDPOINT_REPLACES) != 0 && running->forced == NULL) {
    int32_t code = bourse__name_replacement(running);
    if (code != BOURSE_OK) return code;
  }
  if (endpoint->build != NULL && running->forced == NULL) {
    int32_t code = endpoint->build(call);
    if (code != BOURSE_OK || running->failure.error.code != BOURSE_OK)
      return running->failure.error.code != BOURSE_OK ? running->failure.error.code : code;
  }
  add_callers_params(running);
  add_costs(running);
  return running->failure.error.code;
}

/* --- Sending --- */

/* By the host's own clock: processes that share a key measure the exchange's, which may tell whole seconds, each a little
 * otherwise, and what one has used would be ahead of the other. */
uint64_t bourse__next_nonce(bourse__running *running) {
  bourse_exchange *exchange = running->exchange;
  if (exchange->fixed_nonce != 0) return exchange->fixed_nonce;
  uint64_t nonce = (uint64_t)(bourse__loop_now_ns(running->context->loop) / exchange->nonce_unit_ns);
  if (exchange->account == NULL) return nonce;
  if (nonce <= exchange->account->last_nonce) nonce = exchange->account->last_nonce + 1;
  uint64_t reserved = bourse__journal_nonce(exchange, nonce);
  if (reserved == 0)
    bourse_fail(&running->call, BOURSE_ERROR_IO, "store", "%s was not sent: the store could not reserve its nonce", running->info->name);
  else
    nonce = reserved;
  exchange->account->last_nonce = nonce;
  return nonce;
}

static char *make_url(bourse__running *running) {
  const bourse_wire *wire = &running->call.wire;
  const char *base = running->exchange->hosts[wire->host];
  bourse_text url;
  if (base == NULL) {
    bourse_fail(&running->call, BOURSE_ERROR_UNSUPPORTED, NULL, "%s offers no %s in its %s environment",
                running->call.adapter->title, running->info->name,
                bourse_enum_name(&bourse__enum_environment, running->exchange->environment));
    return NULL;
  }
  bourse_text_init(&url, running->call.arena);
  bourse_text_string(&url, base);
  bourse_text_string(&url, wire->path);
  if (wire->query != NULL && wire->query[0] != '\0') {
    bourse_text_char(&url, '?');
    bourse_text_string(&url, wire->query);
  }
  char *text = bourse_text_finish(&url);
  if (text == NULL) bourse_fail_memory(&running->call);
  return text;
}

static void give_back_budget(bourse__running *running) {
  if (running->cost_count > 0)
    bourse__limiter_refund(running->exchange->limits->limiter, running->costs, running->cost_count,
                           bourse__limits_now_ns(running->exchange));
  running->cost_count = 0;
}

int32_t bourse__running_send(bourse__running *running) {
  bourse_context *context = running->context;
  bourse_call *call = &running->call;
  int32_t admitted = bourse__rails_admit(running);
  if (admitted != BOURSE_OK) {
    give_back_budget(running);
    return admitted;
  }
  if ((call->endpoint->flags & BOURSE_ENDPOINT_SOCKET) != 0) {
    int32_t sent = bourse__socket_send(running);
    if (sent != BOURSE_OK) give_back_budget(running);
    return sent;
  }
  int32_t code = bourse__journal_begin(running);
  if (code != BOURSE_OK) {
    give_back_budget(running);
    return code;
  }
  call->now_ns = bourse__exchange_now_ns(running->exchange);
  call->nonce = call->endpoint->security == BOURSE_SECURITY_PUBLIC ? 0 : bourse__next_nonce(running);
  code = running->failure.error.code != BOURSE_OK ? running->failure.error.code : call->adapter->sign(call);
  if (code != BOURSE_OK && running->failure.error.code == BOURSE_OK)
    bourse_fail(call, code, NULL, "%s could not be signed", running->info->name);
  char *url = running->failure.error.code == BOURSE_OK ? make_url(running) : NULL;
  if (url == NULL) {
    give_back_budget(running);
    return running->failure.error.code;
  }
  int64_t left_ms = (running->deadline_monotonic_ns - bourse__loop_monotonic_ns(context->loop)) / 1000000;
  /* One made for another operation has a long time for its budget, but none of its requests is waited for any longer. */
  if (running->quiet && left_ms > running->exchange->timeout_ms) left_ms = running->exchange->timeout_ms;
  bourse_http_request request = {
      .struct_size = sizeof request,
      .header_count = call->wire.header_count,
      .method = call->wire.method,
      .url = url,
      .headers = call->wire.headers,
      .body = call->wire.body,
      .body_length = call->wire.body_length,
      .timeout_ms = left_ms > 0 ? left_ms : 1,
      .reply_size_max = running->exchange->reply_size_max,
  };
  running->last_url = url;
  running->acted_before = running->sent_acting;
  running->sent_acting |= (call->endpoint->flags & BOURSE_ENDPOINT_ACTS) != 0;
  running->in_flight = 1;
  running->last_sent_utc_ns = bourse__loop_now_ns(context->loop);
  context->metrics[BOURSE__METRIC_REQUESTS]++;
  code = context->transport.send(context->transport.user_data, &request, &running->token);
  if (code == BOURSE_OK) return BOURSE_OK;
  running->in_flight = 0;
  running->sent_acting = running->acted_before;
  bourse__journal_unsent(running);
  give_back_budget(running);
  return bourse_fail(call, code < 0 ? code : BOURSE_ERROR_INTERNAL, NULL, "%s could not be handed to the transport",
                     running->info->name);
}

/* --- Judging --- */

static void learn_budgets(bourse__running *running, const bourse_http_reply *reply) {
  bourse_exchange *exchange = running->exchange;
  int64_t now = bourse__limits_now_ns(exchange);
  if (running->cost_count > 0)
    bourse__limiter_settle(exchange->limits->limiter, running->costs, running->cost_count, now);
  running->cost_count = 0;
  /* The same header is sent by hosts with budgets of their own: it speaks of the one that was asked. */
  for (uint32_t i = 0; i < BOURSE_COSTS_MAX; i++) {
    const bourse_cost *cost = &running->call.wire.costs[i];
    if (cost->weight == 0 || cost->bucket >= exchange->adapter->limit_count) continue;
    const char *header = exchange->adapter->limits[cost->bucket].used_header;
    const char *value = header == NULL ? NULL : bourse_http_reply_header(reply, header);
    uint32_t bucket = bucket_of(running, cost->bucket), used = 0;
    if (value == NULL || bucket == UINT32_MAX) continue;
    for (; *value >= '0' && *value <= '9' && used < 100000000; value++) used = used * 10 + (uint32_t)(*value - '0');
    if (*value == '\0')
      bourse__limiter_learn_used(exchange->limits->limiter, bucket, used, running->last_sent_utc_ns + (now - bourse__loop_now_ns(running->context->loop)), now);
  }
}

static int64_t retry_after_ms(const bourse_http_reply *reply) {
  const char *value = bourse_http_reply_header(reply, "retry-after");
  int64_t seconds = 0;
  if (value == NULL) return 0;
  for (; *value >= '0' && *value <= '9' && seconds < 1000000; value++) seconds = seconds * 10 + (*value - '0');
  return *value == '\0' ? seconds * 1000 : 0;
}

/* The longest ban known is three days; a month bounds what a reply can do to us. */
#define CIRCUIT_MAX_MS (INT64_C(31) * 86400000)

/* The exchange said stop: nothing goes out against these budgets until then. */
static void open_circuits(bourse__running *running) {
  bourse_exchange *exchange = running->exchange;
  int32_t code = running->failure.error.code;
  int64_t wait_ms = running->failure.error.retry_after_ms;
  if (code != BOURSE_ERROR_RATE_LIMITED && code != BOURSE_ERROR_BANNED) return;
  if (wait_ms == 0) wait_ms = code == BOURSE_ERROR_BANNED ? 120000 : 1000;
  if (wait_ms > CIRCUIT_MAX_MS) wait_ms = CIRCUIT_MAX_MS;
  int64_t until = bourse__limits_now_ns(exchange) + wait_ms * 1000000;
  for (uint32_t i = 0; i < BOURSE_COSTS_MAX; i++) {
    const bourse_cost *cost = &running->call.wire.costs[i];
    if (cost->weight == 0 || cost->bucket >= exchange->adapter->limit_count) continue;
    bourse__limiter_open_circuit(exchange->limits->limiter, cost->bucket + 1u, until);
  }
  running->context->metrics[BOURSE__METRIC_CIRCUITS_OPENED]++;
}

/* --- Secrets that come back --- */

void bourse__blot(char *text, size_t length, const char *secret, size_t secret_length) {
  if (secret_length < 8) return; /* shorter ones are no secrets, and would blot half the text */
  for (size_t i = 0; i + secret_length <= length; i++)
    if (memcmp(text + i, secret, secret_length) == 0) memset(text + i, '*', secret_length);
}

/* Values of the secret parameters in a query or form. */
static void blot_values(char *text, size_t length, const char *form) {
  while (form != NULL && *form != '\0') {
    size_t name = strcspn(form, "=&"), whole = strcspn(form, "&");
    if (name < whole && bourse__is_secret_parameter(form, name)) bourse__blot(text, length, form + name + 1, whole - name - 1);
    form += whole + (form[whole] == '&');
  }
}

/* Some exchanges, and proxies before them, repeat the request in their answer: what was secret there is blotted out of a text
 * before it is shown or recorded. */
static void blot_secrets(const bourse__running *running, char *text, size_t length) {
  const bourse_wire *wire = &running->call.wire;
  if (running->exchange != NULL) bourse__blot(text, length, running->exchange->api_key, strlen(running->exchange->api_key));
  for (uint32_t i = 0; i < wire->header_count; i++)
    if (bourse__is_secret_header(wire->headers[i].name, strlen(wire->headers[i].name)))
      bourse__blot(text, length, wire->headers[i].value, strlen(wire->headers[i].value));
  blot_values(text, length, wire->query);
  blot_values(text, length, wire->body);
}

/* What the exchange said, in either of its places. */
static void blot_failure(bourse__running *running) {
  bourse__failure *failure = &running->failure;
  blot_secrets(running, failure->exchange_message, strlen(failure->exchange_message));
  blot_secrets(running, failure->exchange_code, strlen(failure->exchange_code));
}

static int32_t judge_network(bourse__running *running, const bourse_http_reply *reply) {
  running->context->metrics[BOURSE__METRIC_NETWORK_ERRORS]++;
  if (reply->sent == BOURSE_NO) {
    running->sent_acting = running->acted_before;
    bourse__journal_unsent(running);
  }
  bourse_fail(&running->call, reply->error, NULL, "%s: %s", running->info->name,
              reply->error_text == NULL || reply->error_text[0] == '\0' ? bourse_error_text(reply->error) : reply->error_text);
  running->failure.error.outcome = BOURSE_OUTCOME_NONE;
  running->failure.error.http_status = reply->http_status;
  return reply->error;
}

static int32_t judge_refusal(bourse__running *running, const bourse_http_reply *reply) {
  bourse_call *call = &running->call;
  int32_t code = call->adapter->error != NULL ? call->adapter->error(call, reply) : 0;
  if (code > 0 && running->failure.error.code == BOURSE_OK) return code == BOURSE_CONTINUE ? BOURSE_CONTINUE : BOURSE_OK;
  if (code == 0 && running->failure.error.code == BOURSE_OK) {
    size_t length = reply->body_length < 160 ? reply->body_length : 160;
    bourse_slice none = {"", 0}, text = {reply->body == NULL ? "" : reply->body, reply->body == NULL ? 0 : length};
    bourse_fail_exchange(call, bourse__http_status_error(reply->http_status), none, text);
  }
  blot_failure(running);
  running->failure.error.http_status = reply->http_status;
  if (running->failure.error.retry_after_ms == 0) bourse_set_retry_after(call, retry_after_ms(reply));
  return running->failure.error.code;
}

int32_t bourse__running_judge(bourse__running *running, const bourse_http_reply *reply) {
  bourse_context *context = running->context;
  bourse_call *call = &running->call;
  bourse_result *result = running->result;
  int32_t code;
  call->now_ns = bourse__exchange_now_ns(running->exchange);
  result->http_status = reply->http_status;
  result->received_ns = reply->received_ns != 0 ? reply->received_ns : bourse__loop_now_ns(context->loop);
  if (running->exchange->limits != NULL) learn_budgets(running, reply);
  if (context->on_wire != NULL && running->last_url != NULL) bourse__tell_wire(running, running->last_url, reply);
  if (reply->error != BOURSE_OK) return judge_network(running, reply);
  context->metrics[BOURSE__METRIC_REPLIES]++;
  context->metrics[BOURSE__METRIC_REPLY_BYTES] += (int64_t)reply->body_length;
  int32_t raw = running->info->operation == BOURSE_OP_CALL_RAW;
  if (raw || running->request.keep_raw > 0 || running->exchange->keep_raw > 0) {
    result->raw = bourse_arena_copy(result->arena, reply->body == NULL ? "" : reply->body, reply->body_length);
    result->raw_length = reply->body_length;
    if (result->raw == NULL) return bourse_fail_memory(call);
  }
  if (reply->http_status < 200 || reply->http_status >= 300)
    code = judge_refusal(running, reply);
  else if (raw || call->endpoint->parse == NULL)
    code = BOURSE_OK;
  else
    code = call->endpoint->parse(call, reply);
  if (code == BOURSE_DONE) code = BOURSE_OK; /* a refusal told in a record */
  if (code == BOURSE_OK || code == BOURSE_CONTINUE) {
    if (running->failure.error.code == BOURSE_OK) return code;
    code = running->failure.error.code;
  }
  if (running->failure.error.code == BOURSE_OK) bourse_fail(call, code, NULL, "%s failed", running->info->name);
  running->failure.error.http_status = reply->http_status;
  blot_failure(running);
  if (code == BOURSE_ERROR_AUTH) bourse__tokens_forget(running->exchange);
  if (code <= -400 && code > -500) context->metrics[BOURSE__METRIC_REFUSALS]++;
  open_circuits(running);
  return code;
}

void bourse__tell_wire(bourse__running *running, const char *url, const bourse_http_reply *reply) {
  bourse_context *context = running->context;
  const bourse_wire *wire = &running->call.wire;
  bourse_arena *arena = bourse__arena_new(&context->allocator, 8192);
  if (arena == NULL) return;
  bourse_text texts[4];
  for (size_t i = 0; i < 4; i++) bourse_text_init(&texts[i], arena);
  bourse__redact_url(&texts[0], url);
  for (uint32_t i = 0; i < wire->header_count; i++) {
    bourse__redact_header(&texts[1], wire->headers[i].name, wire->headers[i].value);
    bourse_text_char(&texts[1], '\n');
  }
  if (wire->body != NULL) bourse__redact_body(&texts[2], wire->body, wire->body_length);
  if (reply->body != NULL) bourse__redact_body(&texts[3], reply->body, reply->body_length);
  size_t reply_length = texts[3].length;
  if (texts[3].data != NULL) blot_secrets(running, texts[3].data, reply_length);
  bourse_wire_record record = {
      .struct_size = sizeof record,
      .http_status = reply->http_status,
      .exchange = running->exchange->adapter->name,
      .method = wire->method,
      .url = bourse_text_finish(&texts[0]),
      .headers = bourse_text_finish(&texts[1]),
      .body = bourse_text_finish(&texts[2]),
      .reply = bourse_text_finish(&texts[3]),
      .reply_length = reply_length,
      .sent_ns = running->last_sent_utc_ns,
      .received_ns = reply->received_ns,
  };
  if (record.url != NULL && record.headers != NULL && record.body != NULL && record.reply != NULL)
    context->on_wire(context->on_wire_user_data, &record);
  bourse__arena_free(arena);
}
