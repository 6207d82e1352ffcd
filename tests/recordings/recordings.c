/* recordings.c - `recordings DIR [--only PART] [--verbose]`: decodes every current REST payload of a set of recordings (its README
 * describes the format), and compares each record with the payload by maps that know nothing of the adapters' tables; and replays
 * what came over WebSockets (sockets.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "recordings/recordings.h"
#include "recordings/sockets.h"
#include "support/files.h"
#include "support/members.h"
#include "support/world.h"

static const map_exchange *const exchanges[] = {
    &map_binance,      &map_binance_usdm,   &map_coinbase,       &map_kraken, &map_kraken_futures,
    &map_kucoin,       &map_kucoin_futures, &map_kucoin_unified, &map_okx,    &map_bybit_spot,
    &map_bybit_linear, &map_bybit_inverse,  &map_bybit_option};

typedef struct opened {
  world w;
  bourse_context *context;
  bourse_exchange *handle;
  const bourse_adapter *adapter;
  map_context map;
  const char *symbol; /* some market that is listed */
  const char *list;   /* the instruments as text, those added included */
  size_t list_length;
} opened;

typedef struct suite {
  pool memory;
  const char *folder;
  const char *only;
  int verbose;
  const json *files;
  opened *open[sizeof exchanges / sizeof exchanges[0]];
  tally t;
  int raw;
} suite;

/* One file. */
typedef struct recording {
  suite *s;
  pool p;
  const json *row;
  const char *file, *method, *path, *bytes;
  size_t length;
  const json *payload; /* NULL: not JSON */
  const json *content; /* what is in the payload's envelope */
  const map_exchange *map;
  opened *o;
  int failed;
} recording;

static void complain(recording *r, const char *what, const char *text) {
  printf("FAILED %s: %s%s%s\n", r->file, what, text == NULL ? "" : ": ", text == NULL ? "" : text);
  r->failed = 1;
}

/* --- Handles --- */

/* The longest list of instruments in the set, by its size. */
static const json *instruments_file(const suite *s, const map_exchange *map, const bourse_adapter *adapter) {
  const json *best = NULL;
  long best_size = 0;
  for (const json *row = s->files->first; row != NULL; row = row->next) {
    const char *path = json_text_of(row, "path"), *size = json_text_of(row, "size");
    int lists = 0;
    if (!json_is(row, "exchange", map->id) || path == NULL || !json_is(row, "category", "instruments")) continue;
    for (uint32_t i = 0; i < adapter->endpoint_count; i++)
      lists |=
          adapter->endpoints[i].operation == BOURSE_OP_FETCH_MARKETS && strcmp(adapter->endpoints[i].path, path) == 0;
    long bytes = size == NULL ? 0 : strtol(size, NULL, 10);
    if (lists && bytes > best_size) {
      best = row;
      best_size = bytes;
    }
  }
  return best;
}

/* (Re)loads the table: decoding a list of markets makes that list the table. */
static int take_list(suite *s, const map_exchange *map, opened *o) {
  int32_t code = bourse_markets_load(o->handle, map->product, o->list, o->list_length);
  for (int32_t product = BOURSE_PRODUCT_SPOT; map->product_of != NULL && product <= BOURSE_PRODUCT_OPTION; product++)
    if (bourse_markets_load(o->handle, product, o->list, o->list_length) == BOURSE_OK) code = BOURSE_OK;
  /* The list may have markets of one of them only. */
  if (map->other_product != 0 &&
      bourse_markets_load(o->handle, map->other_product, o->list, o->list_length) == BOURSE_OK)
    code = BOURSE_OK;
  if (code != BOURSE_OK) {
    printf("FAILED %s: the instruments are not loaded: %s\n", map->id, bourse_context_error(o->context)->message);
    s->t.failed++;
    return 0;
  }
  return 1;
}

static void read_list(suite *s, const map_exchange *map, opened *o) {
  const json *list = json_parse(&s->memory, o->list, o->list_length, NULL);
  o->map.instruments = list == NULL || list->kind == JSON_ARRAY ? list
                       : map->unwrap != NULL                    ? map->unwrap(&s->memory, NULL, map->instruments, list)
                                                                : json_get(list, map->instruments);
  const json *first = o->map.instruments == NULL ? NULL : o->map.instruments->first;
  if (first != NULL && o->symbol == NULL) o->symbol = map->symbol_of(&s->memory, first);
}

static void load_markets(suite *s, const map_exchange *map, opened *o) {
  const json *row = map->list != NULL ? NULL : instruments_file(s, map, o->adapter);
  o->list = map->list != NULL ? map->list : map->sample;
  o->list_length = o->list == NULL ? 0 : strlen(o->list);
  if (row != NULL)
    o->list = read_file(&s->memory, join_path(&s->memory, s->folder, json_text_of(row, "file")), &o->list_length);
  if (o->list != NULL && map->listed != NULL) {
    o->list = map->with_instrument(&s->memory, o->list, o->list_length, map->listed);
    o->list_length = strlen(o->list);
  }
  if (o->list != NULL && take_list(s, map, o)) read_list(s, map, o);
}

/* A payload may be of a market that the list of another day does not have: it is added, made after the first one, with its id as
 * the name of its base currency so that its symbol is its own. */
static void add_instrument(suite *s, const map_exchange *map, opened *o, const char *id) {
  const json *list = o->map.instruments, *model = list == NULL ? NULL : list->first;
  buffer text = {0};
  if (model == NULL) return;
  if (map->with_instrument != NULL) {
    o->list = map->with_instrument(&s->memory, o->list, o->list_length, id);
    o->list_length = strlen(o->list);
    if (take_list(s, map, o)) read_list(s, map, o);
    return;
  }
  buffer_add(&text, o->list, (size_t)(model->begin - o->list));
  buffer_string(&text, "{");
  for (const json *member = model->first; member != NULL; member = member->next) {
    int named = strcmp(member->key, map->instrument_id) == 0 || strcmp(member->key, map->instrument_base) == 0;
    if (member != model->first) buffer_string(&text, ",");
    json_quote(&text, member->key);
    buffer_string(&text, ":");
    if (named)
      json_quote(&text, id);
    else
      buffer_add(&text, member->begin, (size_t)(member->end - member->begin));
  }
  buffer_string(&text, "},");
  buffer_add(&text, model->begin, o->list_length - (size_t)(model->begin - o->list));
  o->list = pool_copy(&s->memory, text.data, text.length);
  o->list_length = text.length;
  buffer_free(&text);
  if (take_list(s, map, o)) read_list(s, map, o);
}

static opened *open_exchange(suite *s, const map_exchange *map) {
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  opened *o = pool_alloc(&s->memory, sizeof *o);
  world_init(&o->w, INT64_C(1790000000000));
  o->context = world_context(&o->w);
  o->adapter = o->context == NULL ? NULL : bourse__find_adapter(o->context, map->name);
  credentials.api_key = "key-of-the-recordings";
  credentials.secret = "c2VjcmV0LW9mLXRoZS1yZWNvcmRpbmdzLTMyLWxvbmc="; /* base64, where that is wanted: of
                                                                               * as many bytes as the seed of a key has */
  if (o->adapter != NULL && o->adapter->needs_passphrase > 0) credentials.passphrase = "passphrase-of-the-recordings";
  options.credentials = &credentials;
  options.product = map->product;
  options.clock_sync = options.check_orders = BOURSE_NO;
  options.allow_withdrawals = BOURSE_YES;
  options.market_refresh_ms = -1;
  if (o->adapter == NULL) return o;
  if (bourse_open(&o->handle, o->context, map->name, &options) != BOURSE_OK) {
    printf("FAILED %s: cannot be opened: %s\n", map->id, bourse_context_error(o->context)->message);
    s->t.failed++;
    return o;
  }
  o->map.p = &s->memory;
  o->map.exchange = map;
  load_markets(s, map, o);
  return o;
}

static opened *opened_of(suite *s, const map_exchange *map) {
  for (size_t i = 0; i < sizeof exchanges / sizeof exchanges[0]; i++) {
    if (exchanges[i] != map) continue;
    if (s->open[i] == NULL) s->open[i] = open_exchange(s, map);
    return s->open[i];
  }
  return NULL;
}

/* --- Endpoints --- */

/* Paths equal but for the numbers of their versions, and for parts that the first leaves {open}, or the second, where they are the
 * kind of an account. */
static int same_path_but_version(const char *a, const char *b) {
  while (*a != '\0' && *b != '\0') {
    if (*a == '{' || strncmp(b, "{accountMode}", 13) == 0) {
      a += strcspn(a, "/");
      b += strcspn(b, "/");
      continue;
    }
    if (a[0] == '/' && a[1] == 'v' && b[0] == '/' && b[1] == 'v' && a[2] >= '0' && a[2] <= '9' && b[2] >= '0' &&
        b[2] <= '9') {
      a += 2 + strspn(a + 2, "0123456789");
      b += 2 + strspn(b + 2, "0123456789");
    } else if (*a++ != *b++) {
      return 0;
    }
  }
  return *a == *b;
}

static int32_t markets_host(const bourse_adapter *adapter, int32_t product) {
  uint32_t wanted = product == BOURSE_PRODUCT_SPOT ? BOURSE_FOR_SPOT : BOURSE_FOR_LINEAR;
  for (uint32_t i = 0; i < adapter->endpoint_count; i++) {
    const bourse_endpoint *one = &adapter->endpoints[i];
    if (one->operation == BOURSE_OP_FETCH_MARKETS && (one->products & wanted) != 0) return one->host;
  }
  return -1;
}

/* Paths of spot and of futures may be the same on two hosts, where the manifest has an exchange for each. */
static int is_of_product(const bourse_adapter *adapter, const map_exchange *map, const bourse_endpoint *endpoint) {
  int32_t own = markets_host(adapter, map->product);
  int32_t other =
      markets_host(adapter, map->product == BOURSE_PRODUCT_SPOT ? BOURSE_PRODUCT_LINEAR : BOURSE_PRODUCT_SPOT);
  if (map->product_of != NULL || map->takes != NULL || own == other) return 1;
  return (endpoint->flags & BOURSE_ENDPOINT_SOCKET) != 0 || endpoint->host != other;
}

static uint32_t endpoints_of(const recording *r, const bourse_endpoint **out, uint32_t most) {
  const bourse_adapter *adapter = r->o->adapter;
  uint32_t count = 0;
  for (int exact = 1; exact >= 0 && count == 0; exact--)
    for (uint32_t i = 0; i < adapter->endpoint_count && count < most; i++) {
      const bourse_endpoint *one = &adapter->endpoints[i];
      if (strcmp(one->method, r->method) == 0 && is_of_product(adapter, r->map, one) &&
          (exact ? strcmp(one->path, r->path) == 0 : same_path_but_version(one->path, r->path)))
        out[count++] = one;
    }
  return count;
}

static int32_t product_of(const bourse_endpoint *endpoint) {
  return (endpoint->products & (BOURSE_FOR_SPOT | BOURSE_FOR_MARGIN)) != 0 ? BOURSE_PRODUCT_SPOT
         : (endpoint->products & BOURSE_FOR_LINEAR) != 0                   ? BOURSE_PRODUCT_LINEAR
         : (endpoint->products & BOURSE_FOR_INVERSE) != 0                  ? BOURSE_PRODUCT_INVERSE
                                                                           : BOURSE_PRODUCT_OPTION;
}

/* The market a payload is about: that of its query, else the first one it names, else any. */
static const char *find_symbol(const json *value, const char *name) {
  const char *own = json_text_of(value, name);
  for (const json *one = value == NULL || own != NULL ? NULL : value->first; one != NULL && own == NULL;
       one = one->next)
    if (one->kind == JSON_OBJECT || one->kind == JSON_ARRAY) own = find_symbol(one, name);
  return own != NULL && *own != '\0' ? own : NULL;
}

static const char *listed_symbol(const recording *r, const char *id) {
  const json *list = r->o->map.instruments;
  for (const json *one = list == NULL ? NULL : list->first; one != NULL && id != NULL; one = one->next)
    if (json_is(one, r->map->instrument_id, id)) return r->map->symbol_of(r->o->map.p, one);
  return NULL;
}

/* Value of the first member of one of these names anywhere in the payload. */
static const char *find_text(const json *value, const char *const *names) {
  for (; *names != NULL; names++)
    if (json_text_of(value, *names) != NULL) return json_text_of(value, *names);
  return NULL;
}

static const char *symbol_of(recording *r) {
  const char *query = json_text_of(r->row, "query"), *at = query == NULL ? NULL : strstr(query, "symbol=");
  const char *id = at != NULL ? pool_copy(&r->p, at + 7, strcspn(at + 7, "&"))
                              : find_symbol(r->content, r->map->market != NULL ? r->map->market : "symbol");
  if (id != NULL && listed_symbol(r, id) == NULL) add_instrument(r->s, r->map, r->o, id);
  const char *symbol = listed_symbol(r, id);
  return symbol != NULL ? symbol : r->o->symbol;
}

/* The product that the payload's first item is of, where that is asked for by itself. */
static int32_t own_product(const recording *r, const bourse_endpoint *endpoint) {
  const char *id = r->map->product_of == NULL ? NULL : find_symbol(r->content, r->map->market);
  int32_t product = id == NULL ? 0 : r->map->product_of(id);
  return product != 0 ? product : product_of(endpoint);
}

/* 1 where the payload names a market of another product than this endpoint is for: one path may serve several. */
static int names_another(recording *r, const bourse_endpoint *endpoint) {
  const uint32_t both = BOURSE_FOR_SPOT | BOURSE_FOR_MARGIN;
  const char *named = find_symbol(r->content, r->map->market != NULL ? r->map->market : "symbol");
  if (named == NULL || listed_symbol(r, named) == NULL) return 0;
  return strchr(listed_symbol(r, named), ':') == NULL ? (endpoint->products & both) == 0
                                                      : (endpoint->products & ~both) == 0;
}

/* Value of the first member of one of these names of each item; NULL: no item has any. */
static const char **texts_of(pool *p, const map_item *items, uint32_t count, const char *const *names) {
  const char **list = pool_alloc(p, (count + 1) * sizeof *list);
  int any = 0;
  for (uint32_t i = 0; i < count; i++, items = items->next) {
    list[i] = find_text(items->value, names);
    if (list[i] != NULL && *list[i] == '\0') list[i] = NULL;
    any |= list[i] != NULL;
  }
  return any ? list : NULL;
}

static map_subject subject_of(recording *r, const bourse_endpoint *endpoint) {
  static const char *const currencies[] = {"asset", "coin", "ccy", "currency", NULL};
  static const char *const ids[] = {"ordId", NULL}, *const client_ids[] = {"clOrdId", NULL};
  const map_family *family = family_of(r->map, bourse_schema_operation(endpoint->operation)->kind, endpoint->path);
  const json *first = r->content != NULL && r->content->kind == JSON_ARRAY ? r->content->first : r->content;
  map_subject subject = {symbol_of(r),
                         find_text(first, currencies),
                         endpoint->path,
                         r->map->other_product != 0               ? 0
                         : r->map->product == BOURSE_PRODUCT_SPOT ? own_product(r, endpoint)
                                                                  : r->map->product,
                         0,
                         NULL,
                         NULL,
                         NULL};
  map_item *items = family != NULL && r->content != NULL ? items_of(&r->p, family, r->content, &subject.items) : NULL;
  if (subject.currency == NULL && items != NULL) subject.currency = find_text(items->value, currencies);
  if (subject.currency == NULL) subject.currency = "BTC";
  if (items != NULL) subject.client_id = json_text_of(items->value, "client_order_id");
  subject.ids = texts_of(&r->p, items, subject.items, ids);
  subject.client_ids = texts_of(&r->p, items, subject.items, client_ids);
  return subject;
}

/* --- Checking a decoded payload --- */

/* Drops what the operation is not to tell: positions of no size are not open. */
static map_item *wanted_items(const map_exchange *map, map_item *items, int32_t operation, uint32_t *count) {
  const char *first_id = items == NULL || map->market == NULL ? NULL : json_text_of(items->value, map->market);
  int32_t product = map->product_of == NULL || first_id == NULL ? 0 : map->product_of(first_id);
  map_item *first = NULL, **end = &first;
  bourse_decimal size;
  for (; items != NULL; items = items->next) {
    const char *text = operation == BOURSE_OP_FETCH_POSITIONS ? json_text_of(items->value, "positionAmt") : NULL;
    const char *id = product == 0 ? NULL : json_text_of(items->value, map->market);
    if ((map->is_wanted != NULL && !map->is_wanted(operation, items->value)) ||
        (id != NULL && map->product_of(id) != product) ||
        (text != NULL && bourse_decimal_parse(&size, text, SIZE_MAX) == BOURSE_OK && bourse_decimal_sign(&size) == 0)) {
      *count -= 1;
      continue;
    }
    *end = items;
    end = &items->next;
  }
  *end = NULL;
  return first;
}

/* Every record against an item of its own: that of its place, else any. */
static const char *compare_records(recording *r, const map_family *family, const map_item *items, uint32_t item_count,
                                   const bourse_result *result) {
  int32_t kind = bourse_result_kind(result);
  map_context map = r->o->map;
  map.p = &r->p;
  if (kind == BOURSE_KIND_MARKET && r->content != NULL) /* the list is its own */
    map.instruments = r->content->kind == JSON_ARRAY ? r->content : json_get(r->content, r->map->instruments);
  const map_item **list = pool_alloc(&r->p, (item_count + 1) * sizeof *list);
  for (uint32_t i = 0; i < item_count; i++, items = items->next) list[i] = items;
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    const void *record = bourse_result_record(result, i);
    const char *wrong = i >= item_count || list[i] == NULL ? "its item is another record's"
                                                           : compare_item(&map, family, list[i], kind, record);
    uint32_t at = i;
    if (wrong != NULL)
      for (at = 0; at < item_count; at++)
        if (list[at] != NULL && compare_item(&map, family, list[at], kind, record) == NULL) break;
    if (at == item_count) return pool_format(&r->p, "record %u: %s", i, wrong);
    if (family->any_count != 3) list[at] = NULL;
  }
  return NULL;
}

static int has_text(const json *value, const char *text) {
  if (value->kind == JSON_STRING) return strcmp(value->text, text) == 0;
  for (const json *one = value->first; one != NULL; one = one->next)
    if (has_text(one, text)) return 1;
  return 0;
}

/* An endpoint that only reads does the first part of an operation that acts: there is no record yet. */
static int is_first_part(const bourse_endpoint *endpoint) {
  const bourse_operation_info *info = bourse_schema_operation(endpoint->operation);
  return (info->flags & BOURSE_OPERATION_ACTS) != 0 && (endpoint->flags & BOURSE_ENDPOINT_ACTS) == 0;
}

static const char *compare_result(recording *r, const bourse_endpoint *endpoint, const bourse_result *result) {
  int32_t kind = bourse_result_kind(result);
  const map_family *family = family_of(r->map, kind, r->path);
  const bourse_struct_info *info = bourse_schema_record(kind);
  uint32_t items = 0, count = bourse_result_count(result);
  size_t raw_length = 0;
  const char *raw = bourse_result_raw(result, &raw_length);
  if (raw == NULL || raw_length != r->length || memcmp(raw, r->bytes, raw_length) != 0)
    return "the kept reply is not the payload";
  if (family == NULL)
    return pool_format(&r->p, "no map for %s at this path", info == NULL ? "this kind" : info->short_name);
  map_item *list = items_of(&r->p, family, r->content, &items);
  list = wanted_items(r->map, list, endpoint->operation, &items);
  if (family->any_count == 1 || is_first_part(endpoint)) return NULL;
  if (endpoint->operation == BOURSE_OP_FETCH_ORDER_TRADES && count == 0 && !has_text(r->content, "1"))
    return NULL; /* of other orders than the one that is asked for */
  if (family->any_count == 3) {
    return list == NULL ? NULL : compare_records(r, family, list, items, result);
  }
  if (is_singular(endpoint->operation) ? count > items || (count == 0) != (items == 0) : items != count)
    return pool_format(&r->p, "%u records, the payload has %u", count, items);
  return compare_records(r, family, list, items, result);
}

/* --- Decoding --- */

static int32_t decode(recording *r, const bourse_endpoint *endpoint, int32_t status, bourse_result **out) {
  bourse_request request;
  map_subject subject = subject_of(r, endpoint);
  int32_t code = BOURSE_OK;
  likely_request(&r->p, &request, endpoint, &subject);
  for (int turn = 0; turn < 8; turn++) {
    code = bourse__decode_as(out, r->o->handle, &request, endpoint, status, NULL, 0, r->bytes, r->length);
    const bourse_error *error = bourse_context_error(r->o->context);
    int missing = code == BOURSE_ERROR_ORDER_NOT_FOUND ||
                  (code == BOURSE_OK && endpoint->operation == BOURSE_OP_FETCH_ORDER && bourse_result_count(*out) == 0);
    if (missing && request.order_id != NULL && subject.client_id != NULL) {
      bourse_result_free(*out);
      *out = NULL;
      request.order_id = NULL; /* what is looked for in a list is in it */
      request.client_order_id = subject.client_id;
      continue;
    }
    if (code != BOURSE_ERROR_ARGUMENT || !add_argument(&r->p, &request, error->field, &subject)) break;
  }
  return code;
}

static int is_of_another(recording *r, const bourse_endpoint *endpoint) {
  bourse_result *result = NULL;
  int32_t code = decode(r, endpoint, 200, &result);
  bourse_result_free(result);
  return code == BOURSE_ERROR_ARGUMENT && names_another(r, endpoint);
}

/* What asks for one thing and finds none of its kind in a list says so. */
static int is_without_items(recording *r, const bourse_endpoint *endpoint) {
  const map_family *family = family_of(r->map, bourse_schema_operation(endpoint->operation)->kind, r->path);
  uint32_t count = 0;
  if (family == NULL || r->map->is_wanted == NULL || !is_singular(endpoint->operation)) return 0;
  wanted_items(r->map, items_of(&r->p, family, r->content, &count), endpoint->operation, &count);
  return count == 0;
}

static void check_endpoint(recording *r, const bourse_endpoint *endpoint) {
  bourse_result *result = NULL;
  int32_t code = decode(r, endpoint, 200, &result);
  const bourse_error *error = bourse_context_error(r->o->context);
  const char *name = bourse_operation_name(endpoint->operation);
  if (code == BOURSE_ERROR_BAD_REPLY && is_without_items(r, endpoint)) return;
  if (code != BOURSE_OK) {
    complain(r, name, pool_format(&r->p, "%s: %s (%s)", bourse_error_name(code), error->message, error->field));
  } else {
    const char *wrong = compare_result(r, endpoint, result);
    if (wrong != NULL) complain(r, name, wrong);
  }
  if (r->s->verbose && result != NULL) printf("%s %s\n%s", r->file, name, result_text(&r->p, result));
  if (result != NULL && bourse_result_kind(result) == BOURSE_KIND_MARKET) take_list(r->s, r->map, r->o);
  bourse_result_free(result);
}

/* A payload that no operation models must still come through call_raw as it is. */
static void check_raw(recording *r) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CALL_RAW);
  bourse_result *result = NULL;
  size_t length = 0;
  request.method = r->method;
  request.path = r->path;
  if (bourse_decode(&result, r->o->handle, &request, 200, NULL, 0, r->bytes, r->length) != BOURSE_OK)
    complain(r, "call_raw", bourse_context_error(r->o->context)->message);
  const char *raw = result == NULL ? NULL : bourse_result_raw(result, &length);
  if (result != NULL && (raw == NULL || length != r->length || memcmp(raw, r->bytes, length) != 0))
    complain(r, "call_raw", "the bytes are not those of the payload");
  bourse_result_free(result);
  printf("raw %s: %s %s is no operation's\n", r->file, r->method, r->path);
  r->s->raw++;
}

/* The endpoint that an error tied to none is fed to: placing an order of that product, where the outcome matters. */
static const bourse_endpoint *order_endpoint(const recording *r, const char *product) {
  uint32_t wanted = r->map->product == BOURSE_PRODUCT_LINEAR            ? BOURSE_FOR_LINEAR
                    : product != NULL && strcmp(product, "margin") == 0 ? BOURSE_FOR_MARGIN
                                                                        : BOURSE_FOR_SPOT;
  for (uint32_t i = 0; i < r->o->adapter->endpoint_count; i++) {
    const bourse_endpoint *one = &r->o->adapter->endpoints[i];
    if (one->operation == BOURSE_OP_CREATE_ORDER && (one->products & wanted) != 0) return one;
  }
  return NULL;
}

static int32_t status_of(const recording *r) {
  if (json_get(r->payload, "results") != NULL) return 200; /* an answer about each of several orders */
  const char *note = json_text_of(r->row, "note"), *at = note == NULL ? NULL : strstr(note, "HTTP ");
  long status = at == NULL ? r->map->error_status : strtol(at + 5, NULL, 10);
  if (at == NULL && status != 0) return (int32_t)status;
  return status >= 400 && status <= 599 ? (int32_t)status : 400;
}

static void check_error(recording *r, const bourse_endpoint *endpoint) {
  const char *product = json_text_of(r->row, "product");
  bourse_result *result = NULL;
  if (endpoint == NULL) endpoint = order_endpoint(r, product);
  if (endpoint == NULL) {
    complain(r, "the exchange has no endpoint for orders of this product", product);
    return;
  }
  int32_t code = decode(r, endpoint, status_of(r), &result);
  if (code == BOURSE_OK) {
    complain(r, "an error came through as a success", NULL);
  } else {
    int acts = (endpoint->flags & BOURSE_ENDPOINT_ACTS) != 0;
    const char *wrong = compare_error(&r->p, r->map, product, r->payload, bourse_context_error(r->o->context), acts);
    if (wrong != NULL) complain(r, bourse_operation_name(endpoint->operation), wrong);
  }
  bourse_result_free(result);
}

enum { FORM_RECORDED, FORM_COMPACT, FORM_REVERSED, FORM_TYPES_FIRST, FORMS };

/* Members in the order of a form: the opposite one, or with what is called a type before the rest, as recorders that sort the keys
 * have never seen it. */
static void order_members(const json **parts, const json *value, int form) {
  uint32_t index = 0;
  for (int pass = 0; pass < (form == FORM_TYPES_FIRST ? 2 : 1); pass++)
    for (const json *one = value->first; one != NULL; one = one->next) {
      int is_type = one->key != NULL && ends_with(one->key, "Type");
      if (form == FORM_TYPES_FIRST && is_type != (pass == 0)) continue;
      parts[form == FORM_REVERSED && one->key != NULL ? value->count - 1 - index : index] = one;
      index++;
    }
}

/* The payload without white space, as exchanges send it (recorders and documents set it out). */
static void serialize(buffer *out, const json *value, int form) {
  if (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT) {
    buffer_add(out, value->begin, (size_t)(value->end - value->begin));
    return;
  }
  const json **parts = calloc(value->count + 1, sizeof *parts);
  if (parts == NULL) exit(2);
  order_members(parts, value, form);
  buffer_string(out, value->kind == JSON_ARRAY ? "[" : "{");
  for (uint32_t i = 0; i < value->count; i++) {
    if (i > 0) buffer_string(out, ",");
    if (parts[i]->key != NULL) {
      json_quote(out, parts[i]->key);
      buffer_string(out, ":");
    }
    serialize(out, parts[i], form);
  }
  buffer_string(out, value->kind == JSON_ARRAY ? "]" : "}");
  free(parts);
}

/* As it was recorded, and in other ways in which the same could have come. */
static void check_forms(recording *r, const bourse_endpoint *endpoint) {
  static const char *const forms[FORMS] = {"", " (without white space)", " (keys in the opposite order)",
                                           " (types first)"};
  recording form = *r;
  for (int i = FORM_RECORDED; i < FORMS && !form.failed; i++) {
    buffer text = {0};
    form.file = pool_format(&form.p, "%s%s", r->file, forms[i]);
    if (i != FORM_RECORDED) {
      serialize(&text, r->payload, i);
      form.bytes = text.data;
      form.length = text.length;
    }
    check_endpoint(&form, endpoint);
    buffer_free(&text);
  }
  r->p = form.p;
  r->failed |= form.failed;
}

static void check_recording(recording *r) {
  const bourse_endpoint *endpoints[32];
  uint32_t count = r->path == NULL ? 0 : endpoints_of(r, endpoints, 32);
  const char *error = NULL;
  r->payload = json_parse(&r->p, r->bytes, r->length, &error);
  if (r->payload == NULL && ends_with(r->file, ".json")) complain(r, "not JSON", error);
  if (r->failed) return;
  r->content = r->map->unwrap != NULL && r->path != NULL && r->payload != NULL
                   ? r->map->unwrap(&r->p, r->o->map.instruments, r->path, r->payload)
                   : r->payload;
  if (r->path == NULL || is_error_body(r->map, r->payload)) {
    check_error(r, count > 0 ? endpoints[0] : NULL);
    return;
  }
  uint32_t others = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (is_of_another(r, endpoints[i]))
      others++;
    else
      check_forms(r, endpoints[i]);
  }
  if (others == count) check_raw(r);
}

static const map_exchange *map_of(const suite *s, const json *row) {
  const map_exchange *map = NULL;
  pool p = {NULL};
  size_t length;
  for (size_t i = 0; i < sizeof exchanges / sizeof exchanges[0]; i++) {
    if (!json_is(row, "exchange", exchanges[i]->id)) continue;
    const char *bytes = exchanges[i]->takes == NULL
                            ? NULL
                            : read_file(&p, join_path(&p, s->folder, json_text_of(row, "file")), &length);
    if (exchanges[i]->takes == NULL || (bytes != NULL && exchanges[i]->takes(row, json_parse(&p, bytes, length, NULL))))
      map = exchanges[i];
  }
  pool_free(&p);
  return map;
}

static void take_file(suite *s, const json *row) {
  recording r = {.s = s,
                 .row = row,
                 .file = json_text_of(row, "file"),
                 .method = json_text_of(row, "method"),
                 .path = json_text_of(row, "path")};
  if (r.file == NULL || (s->only != NULL && strstr(r.file, s->only) == NULL) || json_is(row, "kind", "ws")) return;
  r.map = map_of(s, row);
  if (r.map != NULL) r.o = opened_of(s, r.map);
  if (r.o == NULL || r.o->handle == NULL || !json_is(row, "kind", "rest") || !json_is_true(json_get(row, "current"))) {
    s->t.skipped++;
    return;
  }
  r.bytes = read_file(&r.p, join_path(&r.p, s->folder, r.file), &r.length);
  const char *no_reply =
      r.bytes == NULL || r.map->no_reply == NULL ? NULL : r.map->no_reply(json_parse(&r.p, r.bytes, r.length, NULL));
  if (r.method != NULL && strcmp(r.method, "PATCH") == 0)
    no_reply = "no exchange here has a PATCH; it is a slip of the listing";
  if (no_reply != NULL)
    printf("skipped %s: %s\n", r.file, no_reply);
  else if (r.bytes == NULL)
    complain(&r, "cannot be read", NULL);
  else
    check_recording(&r);
  *(r.failed ? &s->t.failed : no_reply != NULL ? &s->t.skipped : &s->t.passed) += 1;
  pool_free(&r.p);
}

static int read_manifest(suite *s) {
  size_t length;
  const char *error = NULL, *path = join_path(&s->memory, s->folder, "MANIFEST.json");
  char *bytes = read_file(&s->memory, path, &length);
  const json *manifest = bytes == NULL ? NULL : json_parse(&s->memory, bytes, length, &error);
  s->files = manifest != NULL && manifest->kind == JSON_ARRAY ? manifest : json_get(manifest, "files");
  if (s->files == NULL) fprintf(stderr, "%s: %s\n", path, error == NULL ? "no list of files" : error);
  return s->files != NULL;
}

int main(int argc, char **argv) {
  suite s = {0};
  int broken = 0;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
      s.only = argv[++i];
    else if (strcmp(argv[i], "--verbose") == 0)
      s.verbose = 1;
    else if (strcmp(argv[i], "--broken") == 0)
      broken = 1;
    else
      s.folder = argv[i];
  }
  if (s.folder == NULL) {
    fprintf(stderr, "usage: recordings DIR [--only PART_OF_FILE] [--verbose] [--broken]\n");
    return 2;
  }
  if (!read_manifest(&s)) return 2;
  if (broken) {
    check_broken(s.files, s.folder, s.only, &s.t);
    pool_free(&s.memory);
    return tally_finish(&s.t, "recordings --broken");
  }
  for (const json *row = s.files->first; row != NULL; row = row->next) take_file(&s, row);
  for (size_t i = 0; i < sizeof exchanges / sizeof exchanges[0]; i++) {
    if (s.open[i] == NULL) continue;
    bourse_close(s.open[i]->handle);
    bourse_context_free(s.open[i]->context);
    if (world_free(&s.open[i]->w) != 0) {
      printf("FAILED %s: memory was not given back\n", exchanges[i]->id);
      s.t.failed++;
    }
  }
  check_sockets(s.files, s.folder, s.only, s.verbose, &s.t);
  printf("%d payloads are no operation's and came through as they are\n", s.raw);
  int status = tally_finish(&s.t, "recordings");
  pool_free(&s.memory);
  return status;
}
