/* sim/core.c - life, time, connections, and what changes the engine. */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

#define PAUSE_NS (60 * SIM_SECOND_NS) /* of more than this the outside market catches up in one step */

extern const sim_dialect sim_binance;
extern const sim_dialect sim_bybit;
extern const sim_dialect sim_coinbase;
extern const sim_dialect sim_kraken;
extern const sim_dialect sim_kucoin;
extern const sim_dialect sim_okx;

static const sim_dialect *const dialects[] = {&sim_binance, &sim_kraken, &sim_coinbase,
                                              &sim_bybit,   &sim_kucoin, &sim_okx};

const sim_dialect *sim_dialect_at(uint32_t index) {
  return index < sizeof dialects / sizeof dialects[0] ? dialects[index] : NULL;
}

/* --- Memory --- */

static void out_of_memory(void) {
  fputs("bourse sim: out of memory\n", stderr);
  abort();
}

void *sim_alloc(size_t size) {
  void *memory = calloc(1, size == 0 ? 1 : size);
  if (memory == NULL) out_of_memory();
  return memory;
}

void *sim_grow(void *memory, size_t size) {
  void *bigger = realloc(memory, size);
  if (bigger == NULL) out_of_memory();
  return bigger;
}

char *sim_copy(const char *text, size_t length) {
  char *copy = sim_alloc(length + 1);
  if (length > 0) memcpy(copy, text, length);
  return copy;
}

/* Always with room for a NUL behind it. */
static void buffer_reserve(sim_buffer *buffer, size_t more) {
  size_t wanted = buffer->length + more + 1;
  if (wanted <= buffer->capacity) return;
  size_t capacity = buffer->capacity == 0 ? 256 : buffer->capacity;
  while (capacity < wanted) capacity *= 2;
  buffer->bytes = sim_grow(buffer->bytes, capacity);
  buffer->capacity = capacity;
}

void sim_buffer_add(sim_buffer *buffer, const void *bytes, size_t length) {
  buffer_reserve(buffer, length);
  if (length > 0) memcpy(buffer->bytes + buffer->length, bytes, length);
  buffer->length += length;
  buffer->bytes[buffer->length] = '\0';
}

void sim_buffer_text(sim_buffer *buffer, const char *text) { sim_buffer_add(buffer, text, strlen(text)); }

void sim_buffer_format(sim_buffer *buffer, const char *format, ...) {
  va_list arguments;
  char small[256];
  va_start(arguments, format);
  int length = vsnprintf(small, sizeof small, format, arguments);
  va_end(arguments);
  if (length < 0) return;
  if ((size_t)length < sizeof small) {
    sim_buffer_add(buffer, small, (size_t)length);
    return;
  }
  buffer_reserve(buffer, (size_t)length);
  va_start(arguments, format);
  (void)vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
  va_end(arguments);
  buffer->length += (size_t)length;
}

void sim_buffer_take(sim_buffer *buffer, size_t length) {
  if (length == 0) return;
  memmove(buffer->bytes, buffer->bytes + length, buffer->length - length);
  buffer->length -= length;
}

void sim_buffer_free(sim_buffer *buffer) {
  free(buffer->bytes);
  memset(buffer, 0, sizeof *buffer);
}

/* --- Making --- */

static uint64_t step(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

uint64_t sim_random(sim *s) { return step(&s->random); }
int32_t sim_is_tls(const sim *s) { return s->is_tls; }
uint64_t sim_next_number(sim *s) { return ++s->number; }

static void describe(bourse_market *market, const sim_market_row *row, uint32_t index) {
  const paper_character *like = &bourse__paper_characters[index];
  int32_t linear = strchr(like->symbol, ':') != NULL;
  memset(market, 0, sizeof *market);
  market->symbol = row->symbol != NULL ? row->symbol : like->symbol;
  market->id = row->id != NULL ? row->id : like->symbol;
  market->base = row->base;
  market->quote = row->quote;
  market->settle = linear ? row->settle : NULL;
  market->product = linear ? BOURSE_PRODUCT_LINEAR : BOURSE_PRODUCT_SPOT;
  market->active = BOURSE_YES;
  market->perpetual = linear ? BOURSE_YES : BOURSE_UNSET;
  if (linear) bourse_decimal_from_int64(&market->contract_size, 1);
  market->price_tick = row->tick;
  market->price_min = row->tick;
  market->amount_step = row->step;
  market->amount_min = row->amount_min;
  market->amount_max = row->amount_max;
  market->cost_min = row->cost_min;
  market->cost_min_market = BOURSE_YES;
  market->iceberg_parts = 100;
  market->maker_fee = row->maker;
  market->taker_fee = row->taker;
}

static int32_t make_engine(sim *s, char *text, size_t size) {
  paper_config config;
  memset(&config, 0, sizeof config);
  config.allocator = bourse__default_allocator;
  config.events = PAPER_EVENTS_ALL;
  config.quiet_outside = 1;
  config.client_ids_reusable = s->dialect->refused_client_ids_reusable;
  config.trigger_at_once = s->dialect->trigger_at_once;
  config.fees_in_quote = s->dialect->fees_in_quote;
  config.first_id = SIM_FIRST_ID;
  int32_t code = bourse__paper_new(&s->engine, &config);
  if (code != BOURSE_OK) out_of_memory();
  for (uint32_t i = 0; i < PAPER_MARKETS; i++) {
    const sim_market_row *row = &s->dialect->markets[i];
    uint32_t index;
    describe(&s->markets[i], row, i);
    int32_t linear = s->markets[i].product == BOURSE_PRODUCT_LINEAR;
    paper_market_spec spec = {&s->markets[i],
                              linear && !s->dialect->one_wallet ? 1u : 0u,
                              bourse__paper_characters[i].leverage_max,
                              linear ? 20 : 1,
                              {5, 0, -3, BOURSE_DECIMAL_PRESENT}};
    code = bourse__paper_add_market(&index, s->engine, &spec);
    if (code != BOURSE_OK) {
      (void)snprintf(text, size, "%s: %s", s->dialect->name, bourse__paper_error(s->engine)->text);
      return code;
    }
  }
  code = bourse__paper_add_account(&s->outside, s->engine, 1);
  if (code != BOURSE_OK) out_of_memory();
  bourse__paper_advance(s->engine, s->now_ns);
  return BOURSE_OK;
}

static const sim_dialect *find_dialect(const char *name) {
  for (uint32_t i = 0; sim_dialect_at(i) != NULL; i++)
    if (name != NULL && strcmp(sim_dialect_at(i)->name, name) == 0) return sim_dialect_at(i);
  return NULL;
}

int32_t sim_new(sim **out, const sim_options *options, char *text, size_t text_size) {
  const sim_dialect *dialect = find_dialect(options->exchange);
  *out = NULL;
  if (text_size > 0) text[0] = '\0';
  if (dialect == NULL) {
    (void)snprintf(text, text_size, "there is no simulated exchange called \"%s\"",
                   options->exchange == NULL ? "" : options->exchange);
    return BOURSE_ERROR_UNKNOWN_NAME;
  }
  sim *s = sim_alloc(sizeof *s);
  s->dialect = dialect;
  s->state = sim_alloc(dialect->state_size);
  s->random = options->seed * UINT64_C(0xd1342543de82ef95) + 1;
  s->start_ns = s->now_ns = options->now_ns;
  s->still = options->still;
  s->no_limits = options->no_limits;
  s->is_tls = options->is_tls;
  s->number = UINT64_C(100000);
  int32_t code = make_engine(s, text, text_size);
  if (code == BOURSE_OK) code = sim_accounts_open(s, options, text, text_size);
  if (code == BOURSE_OK) code = sim_faults_open(s, options->faults, text, text_size);
  if (code == BOURSE_OK) {
    code = bourse__feed_new(&s->feed, &bourse__default_allocator, s->engine, s->outside, options->seed, 0, s->now_ns);
    if (code != BOURSE_OK) out_of_memory();
    s->feed_ns = (s->now_ns / SIM_SECOND_NS + 1) * SIM_SECOND_NS;
    while (bourse__paper_next_event(s->engine) != NULL) continue; /* nobody was there to see them */
    sim_tapes_open(s);
    if (dialect->open != NULL) dialect->open(s);
    *out = s;
    return BOURSE_OK;
  }
  sim_free(s);
  return code;
}

void sim_free(sim *s) {
  if (s == NULL) return;
  if (s->feed != NULL && s->dialect->close != NULL) s->dialect->close(s);
  while (s->first != NULL) {
    s->first->busy = 0;
    s->first->gone = 1;
    sim_sweep(s->first);
  }
  bourse__feed_free(s->feed);
  bourse__paper_free(s->engine);
  sim_limits_free(&s->limits);
  sim_faults_free(&s->faults);
  for (uint32_t i = 0; i < s->account_count; i++) {
    free((void *)(uintptr_t)s->accounts[i].key.name);
    free((void *)(uintptr_t)s->accounts[i].key.api_key);
    free((void *)(uintptr_t)s->accounts[i].key.secret);
    free((void *)(uintptr_t)s->accounts[i].key.passphrase);
  }
  free(s->tapes);
  free(s->accounts);
  free(s->state);
  free(s);
}

void *sim_state(sim *s) { return s->state; }
paper_engine *sim_engine(sim *s) { return s->engine; }
paper_feed *sim_feed(sim *s) { return s->feed; }
int64_t sim_now_ns(const sim *s) { return s->now_ns; }
int64_t sim_clock_ns(const sim *s) { return s->now_ns + sim_skew_ns(s); }

/* --- Time --- */

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static int64_t next_of_dialect(const sim *s) {
  return s->dialect->next_ns != NULL ? s->dialect->next_ns(s) : INT64_MAX;
}

int64_t sim_next_ns(const sim *s) {
  int64_t next = least(s->still ? INT64_MAX : s->feed_ns, next_of_dialect(s));
  for (const sim_connection *c = s->first; c != NULL; c = c->next)
    if (c->release_ns != 0) next = least(next, c->release_ns);
  return next;
}

static void go_on(sim *s, int64_t now_ns) {
  s->now_ns = now_ns;
  if (s->still || now_ns < s->feed_ns) {
    (void)bourse__feed_reserve(s->feed);
    bourse__paper_advance(s->engine, now_ns);
    bourse__feed_absorb(s->feed);
  } else {
    if (bourse__feed_advance(s->feed, now_ns) != BOURSE_OK) out_of_memory();
    s->feed_ns = (now_ns / SIM_SECOND_NS + 1) * SIM_SECOND_NS;
  }
  sim_settle(s);
  for (sim_connection *c = s->first, *next; c != NULL; c = next) {
    next = c->next;
    if (c->release_ns == 0 || c->release_ns > now_ns) continue;
    c->release_ns = 0;
    sim_buffer_add(&c->out, c->held.bytes, c->held.length);
    c->held.length = 0;
    if (c->ending == SIM_STAYS && c->mode == SIM_HTTP) sim_http_run(c);
  }
  if (s->dialect->tick != NULL) s->dialect->tick(s);
}

void sim_advance(sim *s, int64_t now_ns) {
  if (now_ns <= s->now_ns) return;
  while (s->now_ns < now_ns) {
    int64_t next = now_ns - s->now_ns > PAUSE_NS ? next_of_dialect(s) : sim_next_ns(s);
    if (next <= s->now_ns) next = s->now_ns + 1;
    go_on(s, least(next, now_ns));
  }
}

/* --- Connections --- */

sim_connection *sim_connect(sim *s, const char *address) {
  sim_connection *c = sim_alloc(sizeof *c);
  c->s = s;
  c->address = sim_copy(address, strlen(address));
  c->previous = s->last;
  if (s->last != NULL)
    s->last->next = c;
  else
    s->first = c;
  s->last = c;
  return c;
}

void sim_sweep(sim_connection *c) {
  if (!c->gone || c->busy > 0) return;
  sim *s = c->s;
  if (c->mode == SIM_SOCKET && s->dialect->closed != NULL) {
    c->mode = SIM_HTTP; /* it gets no messages any more */
    c->busy = 1;
    s->dialect->closed(s, c);
    c->busy = 0;
  }
  if (c->previous != NULL)
    c->previous->next = c->next;
  else
    s->first = c->next;
  if (c->next != NULL)
    c->next->previous = c->previous;
  else
    s->last = c->previous;
  sim_socket_free(c);
  sim_buffer_free(&c->in);
  sim_buffer_free(&c->out);
  sim_buffer_free(&c->held);
  free(c->address);
  free(c->path);
  free(c->query);
  free(c->state);
  free(c);
}

void sim_disconnect(sim_connection *connection) {
  if (connection == NULL) return;
  connection->gone = 1;
  sim_sweep(connection);
}

void sim_receive(sim_connection *connection, const void *bytes, size_t length) {
  if (connection->ending != SIM_STAYS || connection->gone) return;
  sim_buffer_add(&connection->in, bytes, length);
  connection->busy++;
  if (connection->mode == SIM_HTTP) sim_http_run(connection);
  if (connection->mode == SIM_SOCKET) sim_socket_run(connection);
  connection->busy--;
  sim_settle(connection->s);
  sim_sweep(connection);
}

void sim_emit(sim_connection *connection, const void *bytes, size_t length) {
  if (connection->ending == SIM_BREAKS) return;
  sim_buffer_add(connection->release_ns != 0 ? &connection->held : &connection->out, bytes, length);
}

void sim_hold(sim_connection *connection, int64_t until_ns) {
  if (until_ns > connection->release_ns && until_ns > connection->s->now_ns) connection->release_ns = until_ns;
}

const void *sim_output(const sim_connection *connection, size_t *length) {
  *length = connection->out.length;
  return connection->out.bytes;
}

void sim_sent(sim_connection *connection, size_t length) { sim_buffer_take(&connection->out, length); }

int32_t sim_is_ending(const sim_connection *connection) {
  return connection->ending == SIM_ENDS && connection->release_ns != 0 ? SIM_STAYS : connection->ending;
}

sim_connection *sim_next_ready(sim *s, sim_connection *connection) {
  connection = connection == NULL ? s->first : connection->next;
  while (connection != NULL && connection->out.length == 0 && sim_is_ending(connection) == SIM_STAYS)
    connection = connection->next;
  return connection;
}

void *sim_user_data(const sim_connection *connection) { return connection->user_data; }
void sim_set_user_data(sim_connection *connection, void *user_data) { connection->user_data = user_data; }
void *sim_connection_state(sim_connection *connection) { return connection->state; }
sim *sim_of(const sim_connection *connection) { return connection->s; }
const char *sim_connection_path(const sim_connection *connection) { return connection->path; }
const char *sim_connection_query(const sim_connection *connection) { return connection->query; }
const char *sim_connection_address(const sim_connection *connection) { return connection->address; }
int64_t sim_connection_opened_ns(const sim_connection *connection) { return connection->opened_ns; }

sim_connection *sim_next_socket(sim *s, sim_connection *connection) {
  connection = connection == NULL ? s->first : connection->next;
  while (connection != NULL && (connection->mode != SIM_SOCKET || connection->ending != SIM_STAYS))
    connection = connection->next;
  return connection;
}

/* --- The engine --- */

void sim_settle(sim *s) {
  const paper_event *event;
  int32_t changed = 0;
  if (s->settling) return;
  s->settling = 1;
  while ((event = bourse__paper_next_event(s->engine)) != NULL) {
    paper_event copy = *event;
    if (copy.kind == PAPER_EVENT_TRADE && s->tapes != NULL) sim_keep_trade(s, &copy.u.trade);
    if (s->observed != NULL) s->observed(s->observer, &copy);
    if (s->dialect->event != NULL) s->dialect->event(s, &copy);
    changed = 1;
  }
  s->settling = 0;
  if (changed && s->settled != NULL) s->settled(s->observer);
}

int32_t sim_kept_at(sim *s, uint32_t index, sim_kept *out) {
  return s->dialect->kept != NULL && s->dialect->kept(s, index, out);
}

void sim_observe(sim *s, void (*event)(void *user_data, const paper_event *event), void (*settled)(void *user_data),
                 void *user_data) {
  s->observed = event;
  s->settled = settled;
  s->observer = user_data;
}

/* The accounts are filled before there is an outside market. */
static void before(sim *s) {
  if (s->feed != NULL && bourse__feed_reserve(s->feed) != BOURSE_OK) out_of_memory();
}

/* A call of the engine ended: trades go into candles, events to the dialect. */
static int32_t after(sim *s, int32_t code) {
  if (code == BOURSE_ERROR_MEMORY) out_of_memory();
  if (s->feed == NULL) return code;
  bourse__feed_absorb(s->feed);
  sim_settle(s);
  return code;
}

int32_t sim_submit(sim *s, paper_order **out, uint32_t account, uint32_t market, const bourse_order_request *request) {
  before(s);
  return after(s, bourse__paper_submit(out, s->engine, account, market, request));
}

int32_t sim_submit_list(sim *s, paper_list **out, uint32_t account, uint32_t market, int32_t kind,
                        const bourse_order_request *const *requests, uint32_t count, const char *client_id) {
  before(s);
  return after(s, bourse__paper_submit_list(out, s->engine, account, market, kind, requests, count, client_id));
}

int32_t sim_cancel(sim *s, paper_order *order) {
  before(s);
  return after(s, bourse__paper_cancel(s->engine, order));
}

int32_t sim_edit(sim *s, paper_order *order, const bourse_order_request *changes) {
  before(s);
  return after(s, bourse__paper_edit(s->engine, order, changes));
}

int32_t sim_deposit(sim *s, uint32_t account, uint32_t wallet, const char *currency, const bourse_decimal *amount,
                    const char *kind) {
  uint32_t index;
  paper_money money;
  int32_t code = bourse__paper_add_currency(&index, s->engine, currency);
  if (code != BOURSE_OK) return code;
  if (!bourse__paper_to_money(&money, amount)) return BOURSE_ERROR_ARGUMENT;
  before(s);
  return after(s, bourse__paper_deposit(s->engine, account, wallet, index, money, kind));
}
