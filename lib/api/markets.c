/* api/markets.c - market tables: made once, shared by handles, looked up by symbol and by the exchange's id. */
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "api/schema.h"

static uint64_t hash_bytes(const char *bytes, size_t length) {
  uint64_t hash = UINT64_C(1469598103934665603);
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
  return hash ^ (hash >> 29);
}

/* All texts of a market; a unit test compares them with the schema. */
static const uint32_t texts[] = {
    offsetof(bourse_market, symbol), offsetof(bourse_market, id),     offsetof(bourse_market, base), offsetof(bourse_market, quote),
    offsetof(bourse_market, settle), offsetof(bourse_market, status), offsetof(bourse_market, pair),
    offsetof(bourse_market, code),
};
enum { TEXTS = sizeof texts / sizeof texts[0] };

/* Copies a market with its texts, which lie one behind the other. */
static int32_t copy_market(bourse_arena *arena, bourse_market *out, const bourse_market *market) {
  const char *text[TEXTS];
  size_t size[TEXTS], total = 0;
  for (uint32_t i = 0; i < TEXTS; i++) {
    memcpy(&text[i], (const char *)market + texts[i], sizeof text[i]);
    size[i] = text[i] == NULL ? 0 : strlen(text[i]) + 1;
    total += size[i];
  }
  char *at = bourse__arena_take(arena, total);
  if (at == NULL) return 0;
  *out = *market;
  for (uint32_t i = 0; i < TEXTS; i++) {
    if (text[i] == NULL) continue;
    memcpy(at, text[i], size[i]);
    memcpy((char *)out + texts[i], &at, sizeof at);
    at += size[i];
  }
  return 1;
}

static void insert(uint32_t *slots, uint32_t mask, const char *key, uint32_t index) {
  uint32_t at = (uint32_t)hash_bytes(key, strlen(key)) & mask;
  while (slots[at] != 0) at = (at + 1) & mask;
  slots[at] = index + 1;
}

/* On spot `pair` is another name of the market itself; elsewhere several markets may be of one pair. */
static int32_t has_second_name(const bourse_market *market) {
  return market->product == BOURSE_PRODUCT_SPOT && market->pair != NULL && strcmp(market->pair, market->id) != 0;
}

int32_t bourse__markets_new(bourse__markets **out, const bourse_allocator *allocator, int32_t product,
                            const bourse_market *const *items, uint32_t count) {
  *out = NULL;
  bourse_arena *arena = bourse__arena_new(allocator, 16384);
  if (arena == NULL) return BOURSE_ERROR_MEMORY;
  bourse__markets *markets = bourse_arena_alloc(arena, sizeof *markets);
  uint32_t slots = 16;
  while (slots < count * 4) slots *= 2; /* a market may have two names */
  if (markets != NULL) {
    markets->arena = arena;
    markets->product = product;
    markets->slot_mask = slots - 1;
    markets->items = bourse__arena_take_aligned(arena, (count == 0 ? 1 : count) * sizeof *markets->items);
    markets->by_id = bourse_arena_alloc(arena, slots * sizeof *markets->by_id);
    markets->by_symbol = bourse_arena_alloc(arena, slots * sizeof *markets->by_symbol);
  }
  if (markets == NULL || markets->items == NULL || markets->by_id == NULL || markets->by_symbol == NULL) {
    bourse__arena_free(arena);
    return BOURSE_ERROR_MEMORY;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (items[i]->id == NULL || items[i]->symbol == NULL) continue;
    bourse_market *market = &markets->items[markets->count];
    if (!copy_market(arena, market, items[i])) {
      bourse__arena_free(arena);
      return BOURSE_ERROR_MEMORY;
    }
    insert(markets->by_id, markets->slot_mask, market->id, markets->count);
    insert(markets->by_symbol, markets->slot_mask, market->symbol, markets->count);
    markets->count++;
  }
  for (uint32_t i = 0; i < markets->count; i++)
    if (has_second_name(&markets->items[i])) insert(markets->by_id, markets->slot_mask, markets->items[i].pair, i);
  atomic_init(&markets->references, 1);
  *out = markets;
  return BOURSE_OK;
}

bourse__markets *bourse__markets_keep(bourse__markets *markets) {
  if (markets != NULL) atomic_fetch_add_explicit(&markets->references, 1, memory_order_relaxed);
  return markets;
}

void bourse__markets_drop(bourse__markets *markets) {
  if (markets != NULL && atomic_fetch_sub_explicit(&markets->references, 1, memory_order_acq_rel) == 1)
    bourse__arena_free(markets->arena);
}

const bourse_market *bourse__markets_by_id(const bourse__markets *markets, const char *id, size_t length) {
  uint32_t at = (uint32_t)hash_bytes(id, length) & markets->slot_mask;
  for (; markets->by_id[at] != 0; at = (at + 1) & markets->slot_mask) {
    const bourse_market *market = &markets->items[markets->by_id[at] - 1];
    if (strncmp(market->id, id, length) == 0 && market->id[length] == '\0') return market;
    if (has_second_name(market) && strncmp(market->pair, id, length) == 0 && market->pair[length] == '\0') return market;
  }
  return NULL;
}

/* Of several markets with one symbol, the one that trades. */
const bourse_market *bourse__markets_by_symbol(const bourse__markets *markets, const char *symbol, size_t length) {
  const bourse_market *found = NULL;
  uint32_t at = (uint32_t)hash_bytes(symbol, length) & markets->slot_mask;
  for (; markets->by_symbol[at] != 0; at = (at + 1) & markets->slot_mask) {
    const bourse_market *market = &markets->items[markets->by_symbol[at] - 1];
    if (strncmp(market->symbol, symbol, length) != 0 || market->symbol[length] != '\0') continue;
    if (market->active > 0) return market;
    if (found == NULL) found = market;
  }
  return found;
}

bourse__markets_slot *bourse__markets_slot_of(bourse_exchange *exchange, int32_t product) {
  bourse_context *context = exchange->context;
  for (bourse__markets_slot *slot = context->market_slots; slot != NULL; slot = slot->next)
    if (slot->adapter == exchange->adapter && slot->environment == exchange->environment && slot->product == product &&
        slot->hosts_hash == exchange->hosts_hash)
      return slot;
  bourse__markets_slot *slot = bourse__alloc(&context->allocator, sizeof *slot);
  if (slot == NULL) return NULL;
  slot->adapter = exchange->adapter;
  slot->environment = exchange->environment;
  slot->product = product;
  slot->hosts_hash = exchange->hosts_hash;
  slot->next = context->market_slots;
  context->market_slots = slot;
  return slot;
}

static void store_key(char *out, size_t size, const bourse_exchange *exchange, int32_t product) {
  snprintf(out, size, "%s/%s/%s/%016llx", exchange->adapter->name,
           bourse_enum_name(&bourse__enum_environment, exchange->environment),
           bourse_enum_name(&bourse__enum_product, product), (unsigned long long)exchange->hosts_hash);
}

int32_t bourse__markets_ready(bourse_exchange *exchange, bourse__markets_slot *slot) {
  bourse_context *context = exchange->context;
  if (slot->markets == NULL && !slot->asked_store && context->market_store.load != NULL) {
    char key[128];
    const char *bytes = NULL;
    size_t length = 0;
    slot->asked_store = 1;
    store_key(key, sizeof key, exchange, slot->product);
    if (context->market_store.load(context->market_store.user_data, key, &bytes, &length) == 0 && bytes != NULL &&
        bourse_markets_load(exchange, slot->product, bytes, length) != BOURSE_OK)
      bourse__log_write(&context->log, BOURSE_LOG_WARN, "stored markets of %s cannot be read and are loaded anew: %s", key,
                        context->failure.message);
  }
  if (slot->markets == NULL) return 0;
  if (exchange->market_refresh_ms < 0) return 1;
  return bourse__loop_monotonic_ns(context->loop) - slot->loaded_monotonic_ns < exchange->market_refresh_ms * 1000000;
}

static void save_table(bourse_exchange *exchange, const bourse__markets *markets) {
  bourse_context *context = exchange->context;
  if (context->market_store.save == NULL) return;
  char key[128];
  bourse_text text;
  bourse_arena *arena = bourse__arena_new(&context->allocator, 65536);
  if (arena == NULL) return;
  const bourse_struct_info *info = bourse_schema_record(BOURSE_KIND_MARKET);
  bourse_text_init(&text, arena);
  for (uint32_t i = 0; i < markets->count; i++) {
    bourse__record_write(&text, info, &markets->items[i]);
    bourse_text_char(&text, '\n');
  }
  store_key(key, sizeof key, exchange, markets->product);
  char *bytes = bourse_text_finish(&text);
  if (bytes != NULL) context->market_store.save(context->market_store.user_data, key, bytes, text.length);
  bourse__arena_free(arena);
}

static int32_t adopt_product(bourse_exchange *exchange, const bourse_result *result, int32_t product,
                             const bourse_market **items) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < result->count; i++) {
    const bourse_market *market = bourse_result_market(result, i);
    if (market->product == product) items[count++] = market;
  }
  bourse__markets *markets = NULL;
  bourse__markets_slot *slot = bourse__markets_slot_of(exchange, product);
  if (slot == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse__markets_new(&markets, &exchange->context->allocator, product, items, count);
  if (code != BOURSE_OK) return code;
  bourse__markets_drop(slot->markets);
  slot->markets = markets;
  slot->loaded_monotonic_ns = bourse__loop_monotonic_ns(exchange->context->loop);
  exchange->context->metrics[BOURSE__METRIC_MARKET_LOADS]++;
  return BOURSE_OK;
}

int32_t bourse__markets_adopt(bourse_exchange *exchange, const bourse_result *result, int32_t product) {
  const bourse_allocator *allocator = &exchange->context->allocator;
  const bourse_market **items = bourse__alloc(allocator, (result->count + 1) * sizeof *items);
  if (items == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = BOURSE_OK;
  for (int32_t p = BOURSE_PRODUCT_SPOT; p <= BOURSE_PRODUCT_OPTION && code == BOURSE_OK; p++) {
    static const uint32_t bit[] = {0, BOURSE_FOR_SPOT, BOURSE_FOR_LINEAR, BOURSE_FOR_INVERSE, BOURSE_FOR_OPTION};
    if ((exchange->adapter->products & bit[p]) != 0 && (product == 0 || product == p))
      code = adopt_product(exchange, result, p, items);
  }
  bourse__release(allocator, items);
  return code;
}

/* Our own lines: one market an object, recognised by "symbol" and "product" members. */
static int32_t read_own_lines(bourse_exchange *exchange, bourse_result *result, const char *bytes, size_t length) {
  const bourse_struct_info *info = bourse_schema_record(BOURSE_KIND_MARKET);
  bourse_call call = {.result = result, .arena = result->arena};
  const char *end = bytes + length;
  (void)exchange;
  while (bytes < end) {
    const char *line_end = memchr(bytes, '\n', (size_t)(end - bytes));
    if (line_end == NULL) line_end = end;
    if (line_end > bytes) {
      bourse_json json;
      bourse_json_init(&json, bytes, (size_t)(line_end - bytes));
      bourse_market *market = bourse_append(&call, BOURSE_KIND_MARKET);
      if (market == NULL) return BOURSE_ERROR_MEMORY;
      int32_t code = bourse__record_read(&json, info, market, result->arena);
      if (code == BOURSE_OK) code = bourse_json_finish(&json);
      if (code != BOURSE_OK) return code;
      if (market->symbol == NULL || market->id == NULL || market->product == 0) return BOURSE_ERROR_BAD_REPLY;
    }
    bytes = line_end + 1;
  }
  return result->count > 0 ? BOURSE_OK : BOURSE_ERROR_BAD_REPLY;
}

static int32_t adopt_exchanges_reply(bourse_exchange *exchange, int32_t product, const char *bytes, size_t length) {
  bourse_result *result = NULL;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_MARKETS);
  request.product = product;
  int32_t code = bourse_decode(&result, exchange, &request, 200, NULL, 0, bytes, length);
  if (code == BOURSE_OK && result->count == 0)
    code = bourse__failure_set(&exchange->context->failure, BOURSE_ERROR_BAD_REPLY, "bytes", "no market is listed there");
  for (uint32_t i = 0; code == BOURSE_OK && i < result->count; i++)
    if (bourse_result_market(result, i)->product != product)
      code = bourse__failure_set(&exchange->context->failure, BOURSE_ERROR_BAD_REPLY, "bytes",
                                 "these are markets of another product than %s",
                                 bourse_enum_name(&bourse__enum_product, product));
  if (code == BOURSE_OK && (code = bourse__markets_adopt(exchange, result, product)) != BOURSE_OK)
    bourse__failure_set(&exchange->context->failure, code, NULL, "%s", bourse_error_text(code));
  bourse_result_free(result);
  return code;
}

int32_t bourse_markets_load(bourse_exchange *exchange, int32_t product, const char *bytes, size_t length) {
  if (exchange == NULL || exchange->context == NULL) return BOURSE_ERROR_STATE;
  bourse__failure *failure = &exchange->context->failure;
  if (bytes == NULL) return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "bytes", "bytes is NULL");
  if (product < 0 || product > BOURSE_PRODUCT_OPTION)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "product", "product %d is none", product);
  bourse_result *own = bourse__result_new(&exchange->context->allocator, BOURSE_OP_FETCH_MARKETS, BOURSE_KIND_MARKET);
  if (own == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  int32_t code = read_own_lines(exchange, own, bytes, length);
  if (code == BOURSE_OK) {
    for (int32_t p = BOURSE_PRODUCT_SPOT; p <= BOURSE_PRODUCT_OPTION && code == BOURSE_OK; p++) {
      uint32_t count = 0;
      for (uint32_t i = 0; i < own->count; i++) count += bourse_result_market(own, i)->product == p;
      if (count > 0 && (product == 0 || product == p)) code = bourse__markets_adopt(exchange, own, p);
    }
    bourse_result_free(own);
    return code == BOURSE_OK ? code : bourse__failure_set(failure, code, NULL, "%s", bourse_error_text(code));
  }
  bourse_result_free(own);
  if (code == BOURSE_ERROR_MEMORY) return bourse__failure_set(failure, code, NULL, "out of memory");
  if (product != 0) return adopt_exchanges_reply(exchange, product, bytes, length);
  static const uint32_t bit[] = {0, BOURSE_FOR_SPOT, BOURSE_FOR_LINEAR, BOURSE_FOR_INVERSE, BOURSE_FOR_OPTION};
  for (int32_t p = BOURSE_PRODUCT_SPOT; p <= BOURSE_PRODUCT_OPTION; p++)
    if ((exchange->adapter->products & bit[p]) != 0 &&
        ((code = adopt_exchanges_reply(exchange, p, bytes, length)) == BOURSE_OK || code == BOURSE_ERROR_MEMORY))
      return code;
  return code;
}

void bourse__markets_save(bourse_exchange *exchange, int32_t product) {
  for (bourse__markets_slot *slot = exchange->context->market_slots; slot != NULL; slot = slot->next)
    if (slot->adapter == exchange->adapter && slot->environment == exchange->environment && slot->markets != NULL &&
        slot->hosts_hash == exchange->hosts_hash && (product == 0 || slot->product == product))
      save_table(exchange, slot->markets);
}

int32_t bourse__symbol_product(const char *symbol) {
  const char *slash = strchr(symbol, '/');
  if (slash == NULL || slash == symbol || slash[1] == '\0') return 0;
  const char *colon = strchr(slash, ':');
  if (colon == NULL) return BOURSE_PRODUCT_SPOT;
  size_t settle = strcspn(colon + 1, "-");
  size_t length = strlen(colon);
  if (settle == 0) return 0;
  if (length > 3 && (strcmp(colon + length - 2, "-C") == 0 || strcmp(colon + length - 2, "-P") == 0))
    return BOURSE_PRODUCT_OPTION;
  return settle == (size_t)(slash - symbol) && strncmp(symbol, colon + 1, settle) == 0 ? BOURSE_PRODUCT_INVERSE
                                                                                       : BOURSE_PRODUCT_LINEAR;
}
