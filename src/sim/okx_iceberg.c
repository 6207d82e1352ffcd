/* sim/okx_iceberg.c - icebergs: an order of which one part after the other is in the book, each beside the best price of its
 * side, and not beyond a limit. Follows "Place algo order" and its lists of the exchange's V5 documents. A part that the best
 * price has left behind by more than twice its distance is placed anew; one that cannot be paid ends the order. */
#include "okx.h"

#define WHOLE INT64_C(1000000)

static void add(cJSON *json, const char *name, const char *text) { cJSON_AddStringToObject(json, name, text); }

/* --- Reading --- */

int32_t okx_iceberg_read(okx_call *call, okx_order *algo) {
  const paper_market *market = okx_market(call->s, algo->o.market);
  okx_iceberg *iceberg = &algo->iceberg;
  bourse_decimal size, part, limit, variance, spread;
  int64_t amount = 0;
  if (okx_need(call, "szLimit") == NULL || okx_need(call, "pxLimit") == NULL || !okx_decimal(call, &size, "szLimit") ||
      !okx_decimal(call, &limit, "pxLimit") || !okx_decimal(call, &variance, "pxVar") ||
      !okx_decimal(call, &spread, "pxSpread"))
    return 0;
  if (algo->o.closes || algo->in_quote) return okx_fail(call, 51000, "Parameter sz error");
  (void)okx_read_size(algo->o.market, &part, &size);
  (void)bourse__paper_units(&amount, &algo->o.request.amount, market->amount_scale);
  if (!bourse__paper_units(&iceberg->part, &part, market->amount_scale) || iceberg->part < market->amount_min ||
      iceberg->part % market->step != 0 || iceberg->part > amount)
    return okx_fail(call, 51000, "Parameter szLimit error");
  if (!bourse__paper_units(&iceberg->limit, &limit, market->price_scale) || iceberg->limit <= 0 ||
      iceberg->limit % market->tick != 0)
    return okx_fail(call, 51000, "Parameter pxLimit error");
  if ((bourse_decimal_is_present(&variance) > 0) == (bourse_decimal_is_present(&spread) > 0))
    return okx_fail(call, 51000, "Either parameter pxVar or pxSpread is required");
  if (bourse_decimal_is_present(&variance) &&
      (!bourse__paper_units(&iceberg->millionths, &variance, 6) || iceberg->millionths < WHOLE / 10000 ||
       iceberg->millionths > WHOLE / 100))
    return okx_fail(call, 51000, "Parameter pxVar error");
  if (bourse_decimal_is_present(&spread) && (!bourse__paper_units(&iceberg->spread, &spread, market->price_scale) ||
                                             iceberg->spread < 0 || iceberg->spread % market->tick != 0))
    return okx_fail(call, 51000, "Parameter pxSpread error");
  algo->whole = algo->o.request.amount;
  okx_of(call->s)->icebergs = 1;
  return 1;
}

/* --- Parts --- */

static const paper_order *part_of(sim *s, const okx_order *algo) {
  const sim_order *part = algo->resting == 0 ? NULL : sim_order_by_id(&okx_of(s)->orders, algo->resting);
  return part == NULL ? NULL : sim_order_paper(s, part);
}

static int64_t distance(const okx_iceberg *iceberg, int64_t best) {
  return iceberg->millionths == 0 ? iceberg->spread : best * iceberg->millionths / WHOLE;
}

/* Behind the best price of its side; 0: there is none, or it is beyond the limit. */
static int64_t price_now(const paper_market *market, const okx_order *algo) {
  int32_t buys = algo->o.request.side == BOURSE_SIDE_BUY;
  int64_t best = bourse__paper_best(market, algo->o.request.side);
  if (best == 0) return 0;
  int64_t price = buys ? best - distance(&algo->iceberg, best) : best + distance(&algo->iceberg, best);
  price -= price % market->tick;
  return buys ? (price <= algo->iceberg.limit ? price : 0) : (price >= algo->iceberg.limit ? price : 0);
}

static int32_t is_left_behind(const paper_market *market, const okx_order *algo, const paper_order *part) {
  int64_t now = price_now(market, algo), far = 2 * distance(&algo->iceberg, part->price);
  if (now == 0) return 0;
  return part->side == BOURSE_SIDE_BUY ? now - part->price > far : part->price - now > far;
}

static void end_part(okx_order *algo, const paper_order *part) {
  algo->iceberg.made += part->filled;
  algo->iceberg.cost += part->cost_filled;
  algo->resting = 0;
}

static int32_t finish(sim *s, okx_order *algo, int32_t status, int32_t reason) {
  algo->o.fired_ns = sim_now_ns(s);
  sim_order_end(s, &okx_of(s)->orders, &algo->o, status, reason);
  return 0;
}

int32_t okx_iceberg_step(sim *s, okx_order *algo) {
  const paper_market *market = okx_market(s, algo->o.market);
  sim_orders *orders = &okx_of(s)->orders;
  const paper_order *part = part_of(s, algo);
  int64_t amount = 0;
  if (part != NULL && bourse__paper_is_open(part)) {
    if (!is_left_behind(market, algo, part)) return 1;
    (void)sim_order_cancel(s, orders, sim_order_by_id(orders, algo->resting));
    part = part_of(s, algo);
  }
  if (part != NULL) end_part(algo, part);
  (void)bourse__paper_units(&amount, &algo->o.request.amount, market->amount_scale);
  int64_t left = amount - algo->iceberg.made, price = price_now(market, algo);
  if (left <= 0) return finish(s, algo, BOURSE_ORDER_FILLED, PAPER_NO_REASON); /* which is "effective" */
  if (price == 0) return 1;
  bourse_order_request request = algo->o.request;
  okx_order *fresh = okx_algo_part_new(s, algo, "limit");
  request.type = BOURSE_ORDER_LIMIT;
  request.price = bourse__paper_decimal(price, market->price_scale);
  request.amount = bourse__paper_decimal(left < algo->iceberg.part ? left : algo->iceberg.part, market->amount_scale);
  algo->resting = fresh->o.id;
  int32_t reason = sim_order_place(s, orders, &fresh->o, &request);
  if (reason == PAPER_NO_REASON) return 1;
  algo->resting = 0;
  sim_order_drop(orders, &fresh->o);
  return finish(s, algo, BOURSE_ORDER_REJECTED, reason);
}

/* --- Telling --- */

bourse_decimal okx_iceberg_average(sim *s, const okx_order *algo, int64_t *filled) {
  const paper_order *part = part_of(s, algo);
  paper_money cost = algo->iceberg.cost + (part == NULL ? 0 : part->cost_filled);
  *filled = algo->iceberg.made + (part == NULL ? 0 : part->filled);
  return bourse__paper_average(okx_market(s, algo->o.market), cost, *filled, 4);
}

void okx_iceberg_add(cJSON *json, sim *s, const okx_order *algo) {
  const okx_iceberg *iceberg = &algo->iceberg;
  int32_t is = algo->kind == OKX_ICEBERG;
  add(json, "szLimit", is ? okx_size(s, algo->o.market, iceberg->part) : "");
  add(json, "pxLimit", is ? okx_price(s, algo->o.market, iceberg->limit) : "");
  add(json, "pxVar", is && iceberg->millionths != 0 ? sim_units_text(iceberg->millionths, 6, -1) : "");
  add(json, "pxSpread", is && iceberg->millionths == 0 ? okx_price(s, algo->o.market, iceberg->spread) : "");
}
