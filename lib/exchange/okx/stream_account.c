/* exchange/okx/stream_account.c - own orders, fills, balances and positions as they change. Every report of an order is whole,
 * and tells the fill that it is about. What is of another product than the stream's is not its. */
#include <string.h>

#include "exchange/okx/stream.h"

/* Of the stream's product. */
static int32_t is_ours(const bourse_link *link, bourse_slice id) {
  return link->lenient || bourse__okx_product_of(id) == link->product;
}

/* Names of the market of an id into a record; NULL: not listed. */
static const bourse_market *name_market(bourse_link *link, bourse_slice id, const char **symbol,
                                        const char **market_id) {
  const bourse_market *market = bourse_link_market(link, bourse__okx_product_of(id), id);
  *symbol = market == NULL ? NULL : market->symbol;
  *market_id = market != NULL ? market->id : bourse_arena_copy(link->arena, id.data, id.length);
  return market;
}

/* Room for a record of each row; NULL after failing the decoder. */
static void *room_for(bourse_link *link, bourse_decoder *decoder, size_t size) {
  void *records = bourse_arena_alloc(link->arena, bourse_decode_count(decoder) * size);
  if (records == NULL) bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "data", "memory is out");
  return records;
}

static int32_t failed(bourse_decoder *decoder, int32_t code) {
  return bourse_decode_fail(decoder, code == BOURSE_ERROR_MEMORY ? code : BOURSE_ERROR_BAD_REPLY, "data",
                            code == BOURSE_ERROR_MEMORY ? "memory is out" : "a number is out of range");
}

/* --- Orders and fills --- */

int32_t bourse__okx_receive_orders(bourse_link *link, const bourse__okx_message *m) {
  bourse_decoder decoder;
  uint32_t order_count = 0, fill_count = 0;
  int64_t time_ns = 0;
  bourse_link_decode(link, &decoder, m->data.data, m->data.length);
  bourse_order *orders = room_for(link, &decoder, sizeof *orders);
  bourse_fill *fills = orders == NULL ? NULL : room_for(link, &decoder, sizeof *fills);
  int32_t code = fills == NULL ? BOURSE_ERROR_MEMORY : bourse_decode_array_begin(&decoder, "data");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    bourse__okx_order row;
    memset(&row, 0, sizeof row);
    code = bourse_decode_object(&decoder, &bourse__okx_order_table, &row);
    if (code != BOURSE_OK || !is_ours(link, row.id)) continue;
    const bourse_market *market = name_market(link, row.id, &row.order.symbol, &row.order.market_id);
    int32_t finished = bourse__okx_finish_order(link->arena, market, &row);
    if (finished != BOURSE_OK) code = failed(&decoder, finished);
    if (row.order.updated_ns > time_ns) time_ns = row.order.updated_ns;
    if (bourse__okx_take_fill(market, &row)) fills[fill_count++] = row.fill;
    orders[order_count++] = row.order;
  }
  code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  bourse_topic *topic = order_count == 0 ? NULL : bourse__okx_topic(link, m, OKX_OWN_ORDERS);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_ORDER, orders, order_count, time_ns, 0);
  topic = fill_count == 0 ? NULL : bourse__okx_topic(link, m, OKX_OWN_FILLS);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_FILL, fills, fill_count, time_ns, 0);
  return BOURSE_OK;
}

int32_t bourse__okx_receive_strategies(bourse_link *link, const bourse__okx_message *m) {
  bourse_decoder decoder;
  uint32_t count = 0;
  int64_t time_ns = 0;
  bourse_topic *topic = bourse__okx_topic(link, m, m->channel);
  if (topic == NULL) return BOURSE_OK;
  bourse_link_decode(link, &decoder, m->data.data, m->data.length);
  bourse_order *orders = room_for(link, &decoder, sizeof *orders);
  int32_t code = orders == NULL ? BOURSE_ERROR_MEMORY : bourse_decode_array_begin(&decoder, "data");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    bourse__okx_algo row;
    memset(&row, 0, sizeof row);
    code = bourse_decode_object(&decoder, &bourse__okx_algo_table, &row);
    if (code != BOURSE_OK || !is_ours(link, row.id)) continue;
    const bourse_market *market = name_market(link, row.id, &row.order.symbol, &row.order.market_id);
    int32_t finished = bourse__okx_finish_algo(link->arena, market, &row);
    if (finished != BOURSE_OK) code = failed(&decoder, finished);
    if (row.order.updated_ns > time_ns) time_ns = row.order.updated_ns;
    orders[count++] = row.order;
  }
  code = bourse_link_decoded(link, &decoder);
  if (code == BOURSE_OK && count > 0) bourse_emit(link, topic, BOURSE_KIND_ORDER, orders, count, time_ns, 0);
  return code;
}

/* --- Balances --- */

typedef struct account {
  bourse_slice details;
  int64_t time_ns;
} account;

static const bourse_field account_fields[] = {
    BOURSE_FIELD("details", RAW, account, details),
    BOURSE_FIELD_CUSTOM("uTime", account, time_ns, bourse_decode_time_ms),
};
static const bourse_table account_table = BOURSE_TABLE(account_fields);

static int32_t emit_balances(bourse_link *link, bourse_topic *topic, const account *one) {
  bourse_decoder decoder;
  uint32_t count = 0;
  bourse_link_decode(link, &decoder, one->details.data, one->details.length);
  bourse_balance *balances = room_for(link, &decoder, sizeof *balances);
  int32_t code = balances == NULL ? BOURSE_ERROR_MEMORY : bourse_decode_array_begin(&decoder, "details");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    bourse__okx_balance row;
    memset(&row, 0, sizeof row);
    code = bourse_decode_object(&decoder, &bourse__okx_balance_table, &row);
    if (code != BOURSE_OK) break;
    bourse__okx_finish_balance(&row);
    balances[count++] = row.balance;
  }
  code = bourse_link_decoded(link, &decoder);
  if (code == BOURSE_OK && count > 0) bourse_emit(link, topic, BOURSE_KIND_BALANCE, balances, count, one->time_ns, 0);
  return code;
}

int32_t bourse__okx_receive_balances(bourse_link *link, const bourse__okx_message *m) {
  bourse_decoder decoder;
  bourse_topic *topic = bourse__okx_topic(link, m, OKX_OWN_BALANCES);
  if (topic == NULL) return BOURSE_OK;
  bourse_link_decode(link, &decoder, m->data.data, m->data.length);
  int32_t code = bourse_decode_array_begin(&decoder, "data");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    account one = {{NULL, 0}, 0};
    code = bourse_decode_object(&decoder, &account_table, &one);
    if (code == BOURSE_OK && one.details.length > 0) code = emit_balances(link, topic, &one);
  }
  return code != BOURSE_OK && decoder.error == BOURSE_OK ? code : bourse_link_decoded(link, &decoder);
}

/* --- Positions --- */

int32_t bourse__okx_receive_positions(bourse_link *link, const bourse__okx_message *m) {
  bourse_decoder decoder;
  uint32_t count = 0;
  int64_t time_ns = 0;
  bourse_topic *topic = bourse__okx_topic(link, m, OKX_OWN_POSITIONS);
  if (topic == NULL) return BOURSE_OK;
  bourse_link_decode(link, &decoder, m->data.data, m->data.length);
  bourse_position *positions = room_for(link, &decoder, sizeof *positions);
  int32_t code = positions == NULL ? BOURSE_ERROR_MEMORY : bourse_decode_array_begin(&decoder, "data");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    bourse__okx_position row;
    memset(&row, 0, sizeof row);
    code = bourse_decode_object(&decoder, &bourse__okx_position_table, &row);
    if (code != BOURSE_OK || !is_ours(link, row.id)) continue;
    const bourse_market *market = name_market(link, row.id, &row.position.symbol, &row.position.market_id);
    int32_t finished = bourse__okx_finish_position(market, &row);
    if (finished != BOURSE_OK) code = failed(&decoder, finished);
    if (row.position.time_ns > time_ns) time_ns = row.position.time_ns;
    positions[count++] = row.position;
  }
  code = bourse_link_decoded(link, &decoder);
  if (code == BOURSE_OK && count > 0) bourse_emit(link, topic, BOURSE_KIND_POSITION, positions, count, time_ns, 0);
  return code;
}
