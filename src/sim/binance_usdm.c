/* sim/binance_usdm.c - USD-M futures: their life, listen keys, and what happens by itself as time goes. */
#include "binance_usdm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const usdm_types[USDM_TYPES + 1] = {
    "LIMIT",       "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET",
    "LIQUIDATION", NULL};

int32_t usdm_type_of(const char *text) {
  int32_t type = 0;
  while (type < USDM_TYPES && strcmp(usdm_types[type], text) != 0) type++;
  return type;
}

void *usdm_grow(void *rows, uint32_t count, size_t size) {
  char *bigger = realloc(rows, (count + 1) * size);
  if (bigger == NULL) abort();
  memset(bigger + count * size, 0, size);
  return bigger;
}

const char *usdm_side_text(int32_t side) { return side == BOURSE_SIDE_BUY ? "BUY" : "SELL"; }

const char *usdm_position_side(int32_t position_side) {
  return position_side == BOURSE_POSITION_LONG ? "LONG" : position_side == BOURSE_POSITION_SHORT ? "SHORT" : "BOTH";
}

const char *usdm_force_text(int32_t time_in_force, int32_t post_only) {
  if (post_only > 0) return "GTX";
  return time_in_force == BOURSE_GOOD_TILL_DATE ? "GTD" : binance_tif_text(time_in_force);
}

int32_t binance_usdm_market_of(const char *symbol) {
  static const char *const ids[USDM_COUNT] = {"BTCUSDT", "ETHUSDT"};
  for (int32_t i = 0; i < USDM_COUNT; i++)
    if (strcmp(ids[i], symbol) == 0) return USDM_FIRST + i;
  return -1;
}

int32_t usdm_chosen(binance_call *call, uint32_t *first, uint32_t *last) {
  *first = USDM_FIRST;
  *last = PAPER_MARKETS;
  if (binance_param(call, "symbol") == NULL) return 1;
  int32_t market = binance_symbol(call);
  if (market < 0) return 0;
  *first = (uint32_t)market;
  *last = *first + 1;
  return 1;
}

void usdm_reply(binance_call *call, cJSON *list) {
  if (binance_param(call, "symbol") == NULL) {
    sim_reply_json(call->reply, list);
    return;
  }
  sim_reply_json(call->reply, cJSON_DetachItemFromArray(list, 0));
  cJSON_Delete(list);
}

/* --- Life --- */

void binance_usdm_open(sim *s) {
  usdm_state *state = calloc(1, sizeof *state);
  int64_t now_ns = sim_now_ns(s);
  if (state == NULL) abort();
  binance_state_of(s)->usdm = state;
  state->account_count = bourse__paper_account_count(sim_engine(s));
  state->told = calloc((size_t)state->account_count * 64, sizeof *state->told);
  state->touched = calloc((size_t)state->account_count * USDM_COUNT * 2, 1);
  state->multi_assets = calloc(state->account_count, 1);
  if (state->told == NULL || state->touched == NULL || state->multi_assets == NULL) abort();
  for (uint32_t a = 0; a < state->account_count; a++)
    for (uint32_t c = 0; c < bourse__paper_currency_count(sim_engine(s)) && c < 64; c++)
      state->told[a * 64 + c] = bourse__paper_balance(sim_engine(s), a, USDM_WALLET, c)->total;
  static const int64_t lengths[USDM_PACES] = {100, 250, 500};
  for (int32_t p = 0; p < USDM_PACES; p++) state->paces[p] = now_ns / (lengths[p] * BINANCE_MS);
  for (uint32_t m = 0; m < USDM_COUNT; m++)
    for (int32_t p = 0; p < USDM_PACES; p++) state->previous[m][p] = usdm_market(s, USDM_FIRST + m)->update_id;
  state->second = now_ns / BINANCE_SECOND;
  state->funding = sim_clock_ns(s) / (8 * USDM_HOUR);
}

void binance_usdm_close(sim *s) {
  usdm_state *state = usdm_of(s);
  if (state == NULL) return;
  for (uint32_t m = 0; m < USDM_COUNT; m++)
    for (int32_t p = 0; p < USDM_PACES; p++)
      for (int32_t side = 0; side < 2; side++) free(state->diffs[m][p].prices[side]);
  free(state->algos);
  free(state->keys);
  free(state->countdowns);
  free(state->amendments);
  free(state->extras);
  free(state->told);
  free(state->touched);
  free(state->multi_assets);
  free(state);
  binance_state_of(s)->usdm = NULL;
}

void binance_usdm_event(sim *s, const paper_event *event) {
  usdm_state *state = usdm_of(s);
  if (state == NULL) return;
  if (event->kind == PAPER_EVENT_POSITION && event->market >= USDM_FIRST && event->account < state->account_count)
    state->touched[(event->account * USDM_COUNT + event->market - USDM_FIRST) * 2 + (uint32_t)event->u.position.slot] =
        1;
  if (event->market == UINT32_MAX || event->market < USDM_FIRST) return;
  if (event->kind == PAPER_EVENT_TRADE) usdm_algo_prices(s, event->market, 0, event->u.trade.price);
  if (event->kind == PAPER_EVENT_ORDER) usdm_tell_order(s, &event->u.order);
  usdm_stream_event(s, event);
}

/* --- Time --- */

static void countdowns_tick(sim *s) {
  usdm_state *state = usdm_of(s);
  for (uint32_t i = 0; i < state->countdown_count; i++) {
    if (state->countdowns[i].at_ns == 0 || state->countdowns[i].at_ns > sim_now_ns(s)) continue;
    state->countdowns[i].at_ns = 0;
    usdm_cancel_all(s, state->countdowns[i].account, state->countdowns[i].market);
  }
}

void binance_usdm_tick(sim *s) {
  usdm_state *state = usdm_of(s);
  int64_t second = sim_now_ns(s) / BINANCE_SECOND, funding = sim_clock_ns(s) / (8 * USDM_HOUR);
  countdowns_tick(s);
  if (second != state->second)
    for (uint32_t m = USDM_FIRST; m < PAPER_MARKETS; m++) {
      const paper_market *market = usdm_market(s, m);
      usdm_algo_prices(s, m, 1, market->mark != 0 ? market->mark : market->last);
    }
  usdm_algo_tick(s);
  if (funding != state->funding) {
    state->funding = funding;
    usdm_pay_funding(s);
  }
  usdm_release_extras(s);
  for (uint32_t a = 0; a < state->account_count; a++) usdm_flush_account(s, a, NULL); /* money moved without an order */
  usdm_keys_tick(s);
  usdm_stream_tick(s);
  state->second = second;
}

int64_t binance_usdm_next_ns(sim *s) {
  const usdm_state *state = usdm_of(s);
  int64_t next = INT64_MAX;
  if (state->algos_due) return sim_now_ns(s);
  for (uint32_t i = 0; i < state->countdown_count; i++)
    if (state->countdowns[i].at_ns != 0 && state->countdowns[i].at_ns < next) next = state->countdowns[i].at_ns;
  return next;
}
