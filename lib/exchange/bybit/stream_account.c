/* exchange/bybit/stream_account.c - own orders, fills, positions and balances as they change. Rows are those of replies, and
 * say themselves which product they are of; nothing comes of what was before. */
#include <string.h>

#include "exchange/bybit/stream.h"

/* Rows of one product being collected, in the link's arena. */
typedef struct collected {
  char *records;
  uint32_t count;
  int32_t product;
  int64_t time_ns;
} collected;

/* What one kind of rows is. */
typedef struct kind {
  int32_t own; /* BYBIT_OWN_* */
  int32_t record_kind;
  size_t size;
  /* Reads a row into a record: its product, 0 when it is none to hand on, negative: an error. */
  int32_t (*read)(bourse_link *link, bourse_decoder *decoder, void *record, int64_t *time_ns);
} kind;

/* A run of rows of one product goes to those who watch that product. */
static void hand_on(bourse_link *link, const kind *k, collected *rows, int64_t time_ns) {
  const char *category = bourse__bybit_category(rows->product);
  if (rows->count > 0 && category != NULL) {
    bourse_topic *topic =
        bourse_link_topic(link, bourse__bybit_own_channel(k->own), (bourse_slice){"", 0}, bourse_slice_of(category));
    if (topic != NULL)
      bourse_emit(link, topic, k->record_kind, rows->records, rows->count, rows->time_ns != 0 ? rows->time_ns : time_ns,
                  0);
  }
  rows->count = 0;
  rows->time_ns = 0;
}

static int32_t receive_rows(bourse_link *link, const bourse__bybit_message *m, const kind *k) {
  bourse_decoder decoder;
  bourse__bybit_decode_data(link, &decoder, m);
  size_t room = bourse_decode_count(&decoder), used = 0;
  char *records = bourse_arena_alloc(link->arena, room * k->size);
  int32_t *products = bourse_arena_alloc(link->arena, room * sizeof *products);
  int64_t *times = bourse_arena_alloc(link->arena, room * sizeof *times);
  if (records == NULL || products == NULL || times == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_decode_array_begin(&decoder, "data");
  while (code == BOURSE_OK && used < room && bourse_decode_array_next(&decoder)) {
    int32_t product = k->read(link, &decoder, records + used * k->size, &times[used]);
    if (product < 0) code = product;
    if (product > 0) products[used++] = product;
  }
  code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  /* Nothing is handed on before the whole message was read. */
  collected rows = {records, 0, 0, 0};
  for (size_t i = 0; i < used; i++) {
    if (products[i] != rows.product) hand_on(link, k, &rows, m->time_ns);
    if (rows.count == 0) {
      rows.records = records + i * k->size;
      rows.product = products[i];
    }
    rows.count++;
    if (times[i] > rows.time_ns) rows.time_ns = times[i];
  }
  hand_on(link, k, &rows, m->time_ns);
  return BOURSE_OK;
}

static const bourse_market *market_of(bourse_link *link, int32_t product, bourse_slice id) {
  return product == 0 ? NULL : bourse_link_market(link, product, id);
}

static int32_t out_of_memory(bourse_decoder *decoder) {
  return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "data", "memory is out");
}

static int32_t read_order(bourse_link *link, bourse_decoder *decoder, void *record, int64_t *time_ns) {
  bourse__bybit_order_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__bybit_order_table, &row);
  if (code != BOURSE_OK) return code;
  int32_t product = bourse__bybit_product(row.category);
  if (bourse__bybit_finish_order(link->arena, product, market_of(link, product, row.symbol), &row) != BOURSE_OK)
    return out_of_memory(decoder);
  *time_ns = row.order.updated_ns;
  memcpy(record, &row.order, sizeof row.order);
  return product;
}

static int32_t read_fill(bourse_link *link, bourse_decoder *decoder, void *record, int64_t *time_ns) {
  bourse__bybit_fill_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__bybit_fill_table, &row);
  if (code != BOURSE_OK) return code;
  int32_t product = bourse__bybit_product(row.category);
  if (!bourse__bybit_is_fill(&row)) return 0;
  if (bourse__bybit_finish_fill(link->arena, product, market_of(link, product, row.symbol), &row) != BOURSE_OK)
    return out_of_memory(decoder);
  *time_ns = row.fill.time_ns;
  memcpy(record, &row.fill, sizeof row.fill);
  return product;
}

static int32_t read_position(bourse_link *link, bourse_decoder *decoder, void *record, int64_t *time_ns) {
  bourse__bybit_position_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__bybit_position_table, &row);
  if (code != BOURSE_OK) return code;
  int32_t product = bourse__bybit_product(row.category);
  if (bourse__bybit_finish_position(link->arena, product, market_of(link, product, row.symbol), &row) != BOURSE_OK)
    return out_of_memory(decoder);
  *time_ns = row.position.time_ns;
  memcpy(record, &row.position, sizeof row.position);
  return product;
}

int32_t bourse__bybit_receive_orders(bourse_link *link, const bourse__bybit_message *m) {
  static const kind orders = {BYBIT_OWN_ORDERS, BOURSE_KIND_ORDER, sizeof(bourse_order), read_order};
  return receive_rows(link, m, &orders);
}

int32_t bourse__bybit_receive_fills(bourse_link *link, const bourse__bybit_message *m) {
  static const kind fills = {BYBIT_OWN_FILLS, BOURSE_KIND_FILL, sizeof(bourse_fill), read_fill};
  return receive_rows(link, m, &fills);
}

int32_t bourse__bybit_receive_positions(bourse_link *link, const bourse__bybit_message *m) {
  static const kind positions = {BYBIT_OWN_POSITIONS, BOURSE_KIND_POSITION, sizeof(bourse_position), read_position};
  return receive_rows(link, m, &positions);
}

/* --- Balances --- */

typedef struct wallet_data {
  bourse_balance *balances;
  uint32_t count;
  uint32_t reserved;
  int64_t time_ns;
} wallet_data;

static int32_t read_coins(bourse_decoder *decoder, void *member) {
  wallet_data *wallet = member;
  uint32_t room = wallet->count + bourse_decode_count(decoder);
  bourse_balance *balances = bourse_arena_alloc(decoder->arena, room * sizeof *balances);
  if (balances == NULL) return out_of_memory(decoder);
  if (wallet->count > 0) memcpy(balances, wallet->balances, wallet->count * sizeof *balances);
  wallet->balances = balances;
  int32_t code = bourse_decode_array_begin(decoder, "coin");
  while (code == BOURSE_OK && wallet->count < room && bourse_decode_array_next(decoder)) {
    bourse__bybit_coin_row row;
    memset(&row, 0, sizeof row);
    code = bourse_decode_object(decoder, &bourse__bybit_coin_table, &row);
    if (code != BOURSE_OK) break;
    bourse__bybit_finish_coin(&row, wallet->time_ns);
    balances[wallet->count++] = row.balance;
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field wallet_fields[] = {
    BOURSE_FIELD_FULL("coin", CUSTOM, wallet_data, balances, BOURSE_FIELD_REQUIRED, NULL, read_coins)};
static const bourse_table wallet_table = BOURSE_TABLE(wallet_fields);

int32_t bourse__bybit_receive_wallet(bourse_link *link, const bourse__bybit_message *m) {
  bourse_decoder decoder;
  bourse_slice none = {"", 0};
  wallet_data wallet = {NULL, 0, 0, m->time_ns};
  bourse__bybit_decode_data(link, &decoder, m);
  int32_t code = bourse_decode_array_begin(&decoder, "data");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder))
    code = bourse_decode_object(&decoder, &wallet_table, &wallet);
  code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  bourse_topic *topic = bourse_link_topic(link, bourse__bybit_own_channel(BYBIT_OWN_BALANCES), none, none);
  if (topic != NULL && wallet.count > 0)
    bourse_emit(link, topic, BOURSE_KIND_BALANCE, wallet.balances, wallet.count, m->time_ns, 0);
  return BOURSE_OK;
}
