/* 03_order.c - a trading session on the paper exchange: balances, rounding to the market's rules, orders by amount
 * and by cost, a stop loss that fires, cancelling, fills; and what to do when an order fails.
 *
 * Prices come from this program (setting feed = host), so every run is the same. With another exchange's name and
 * credentials the orders would be real: everything but bourse_paper_quote is the same there. */
#include <bourse.h>
#include <stdio.h>

#define SYMBOL "BTC/USDT"

/* Absent when it is no number, and then refused by what it is given to. */
static bourse_decimal decimal(const char *text) {
  bourse_decimal value;
  (void)bourse_decimal_parse(&value, text, SIZE_MAX);
  return value;
}

static const char *text_of(char out[BOURSE_DECIMAL_TEXT_SIZE], const bourse_decimal *value) {
  bourse_decimal_format(out, BOURSE_DECIMAL_TEXT_SIZE, value);
  return out;
}

static const char *status_name(int32_t status) {
  switch (status) {
    case BOURSE_ORDER_OPEN: return "open";
    case BOURSE_ORDER_FILLED: return "filled";
    case BOURSE_ORDER_CANCELED: return "canceled";
    case BOURSE_ORDER_REJECTED: return "rejected";
    case BOURSE_ORDER_EXPIRED: return "expired";
    case BOURSE_ORDER_UNTRIGGERED: return "untriggered";
    case BOURSE_ORDER_TRIGGERED: return "triggered";
    default: return "other";
  }
}

/* What a failed call means. For an order, the outcome decides what may be done next. */
static void explain(bourse_exchange *exchange, int32_t code) {
  bourse_context *context = bourse_exchange_context(exchange);
  const bourse_error *error = bourse_context_error(context);
  bourse_result *result;
  printf("  failed: %s, outcome %s: %s\n", bourse_error_name(code), bourse_outcome_name(error->outcome),
         error->message);
  if (error->outcome != BOURSE_OUTCOME_UNKNOWN) return; /* nothing was done: correct it and try again */
  /* It may or may not be there. Never send it again; ask for it by the id it was sent with. */
  char id[80];
  snprintf(id, sizeof id, "%s", error->client_order_id); /* the error's texts last until the next call */
  code = bourse_fetch_order(&result, exchange, SYMBOL, NULL, id);
  if (code == BOURSE_OK)
    printf("  it is there: %s\n", status_name(bourse_result_order(result, 0)->status));
  else
    printf("  asking for %s: %s\n", id, bourse_error_name(code));
  bourse_result_free(result);
}

/* Places an order; its id at the exchange goes to `id` ("" on failure). */
static void place(bourse_exchange *exchange, const char *what, const bourse_order_request *request, char id[80]) {
  char filled[BOURSE_DECIMAL_TEXT_SIZE], average[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_result *result;
  printf("%s\n", what);
  id[0] = '\0';
  int32_t code = bourse_create_order(&result, exchange, request);
  if (code != BOURSE_OK) {
    explain(exchange, code);
    return;
  }
  const bourse_order *order = bourse_result_order(result, 0);
  snprintf(id, 80, "%s", order->id);
  printf("  %s as %s, filled %s", status_name(order->status), order->client_order_id, text_of(filled, &order->filled));
  if (bourse_decimal_is_present(&order->average)) printf(" at %s", text_of(average, &order->average));
  printf("\n");
  bourse_result_free(result);
}

static void print_balances(bourse_exchange *exchange) {
  char total[BOURSE_DECIMAL_TEXT_SIZE], in_use[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_result *result;
  int32_t code = bourse_fetch_balances(&result, exchange, BOURSE_WALLET_SPOT);
  if (code != BOURSE_OK) explain(exchange, code);
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    const bourse_balance *balance = bourse_result_balance(result, i);
    printf("balance %s %s, in orders %s\n", balance->currency, text_of(total, &balance->total),
           text_of(in_use, &balance->used));
  }
  bourse_result_free(result);
}

static void print_open_orders(bourse_exchange *exchange) {
  char amount[BOURSE_DECIMAL_TEXT_SIZE], price[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_result *result;
  int32_t code = bourse_fetch_open_orders(&result, exchange, SYMBOL);
  if (code != BOURSE_OK) explain(exchange, code);
  printf("open orders: %u\n", bourse_result_count(result));
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    const bourse_order *order = bourse_result_order(result, i);
    const bourse_decimal *at = order->conditional > 0 ? &order->stop_loss_price : &order->price;
    printf("  %s %s %s at %s\n", status_name(order->status), order->side == BOURSE_SIDE_BUY ? "buy" : "sell",
           text_of(amount, &order->amount), text_of(price, at));
  }
  bourse_result_free(result);
}

static void print_fills(bourse_exchange *exchange) {
  char amount[BOURSE_DECIMAL_TEXT_SIZE], price[BOURSE_DECIMAL_TEXT_SIZE], fee[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_result *result;
  int32_t code = bourse_fetch_my_trades(&result, exchange, SYMBOL, 0, 0);
  if (code != BOURSE_OK) explain(exchange, code);
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    const bourse_fill *fill = bourse_result_fill(result, i);
    printf("fill %s %s at %s, fee %s %s\n", fill->side == BOURSE_SIDE_BUY ? "bought" : "sold",
           text_of(amount, &fill->amount), text_of(price, &fill->price), text_of(fee, &fill->fee), fill->fee_currency);
  }
  bourse_result_free(result);
}

static int32_t quote(bourse_exchange *exchange, const char *bid_text, const char *ask_text) {
  bourse_decimal bid = decimal(bid_text), ask = decimal(ask_text), unlimited = {0, 0, 0, 0};
  printf("the market is at %s / %s\n", bid_text, ask_text);
  return bourse_paper_quote(exchange, SYMBOL, &bid, &unlimited, &ask, &unlimited);
}

/* A limit order below the market. Nothing is rounded behind one's back, so one rounds and sees what comes out. */
static int32_t limit_order(bourse_exchange *exchange, char id[80]) {
  char price[BOURSE_DECIMAL_TEXT_SIZE], amount[BOURSE_DECIMAL_TEXT_SIZE];
  const bourse_market *market;
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  bourse_decimal wanted_price = decimal("58123.456789"), wanted_amount = decimal("0.0123456789");
  order.symbol = SYMBOL;
  order.side = BOURSE_SIDE_BUY;
  order.type = BOURSE_ORDER_LIMIT;
  order.price = wanted_price;
  order.amount = wanted_amount;
  place(exchange, "limit order with too many digits", &order, id);
  int32_t code = bourse_market_find(&market, exchange, SYMBOL, 0);
  if (code == BOURSE_OK) code = bourse_round_price(&order.price, market, &wanted_price, BOURSE_ROUND_FLOOR);
  if (code == BOURSE_OK) code = bourse_round_amount(&order.amount, market, &wanted_amount, 0);
  if (code != BOURSE_OK) return code;
  printf("rounded to %s at %s\n", text_of(amount, &order.amount), text_of(price, &order.price));
  place(exchange, "the same, rounded", &order, id);
  return BOURSE_OK;
}

static int32_t session(bourse_exchange *exchange) {
  char limit_id[80], id[80];
  bourse_result *result;
  int32_t code = quote(exchange, "60000.00", "60001.00");
  if (code != BOURSE_OK) return code;
  print_balances(exchange);
  code = limit_order(exchange, limit_id);
  if (code != BOURSE_OK) return code;

  bourse_order_request by_cost = BOURSE_ORDER_REQUEST_INIT;
  by_cost.symbol = SYMBOL;
  by_cost.side = BOURSE_SIDE_BUY;
  by_cost.type = BOURSE_ORDER_MARKET;
  by_cost.cost = decimal("600.01");
  place(exchange, "market order for 600.01 USDT", &by_cost, id);

  bourse_order_request stop = BOURSE_ORDER_REQUEST_INIT;
  stop.symbol = SYMBOL;
  stop.side = BOURSE_SIDE_SELL;
  stop.type = BOURSE_ORDER_MARKET; /* what is sent when it fires */
  stop.amount = decimal("0.005");
  stop.stop_loss_price = decimal("59000");
  place(exchange, "stop loss at 59000", &stop, id);

  bourse_order_request too_much = BOURSE_ORDER_REQUEST_INIT;
  too_much.symbol = SYMBOL;
  too_much.side = BOURSE_SIDE_BUY;
  too_much.type = BOURSE_ORDER_LIMIT;
  too_much.amount = decimal("100");
  too_much.price = decimal("59900");
  too_much.client_order_id = "more-than-I-have";
  place(exchange, "more than the balance allows", &too_much, id);

  print_open_orders(exchange);
  printf("cancel the limit order\n");
  code = bourse_cancel_order(&result, exchange, SYMBOL, limit_id, NULL);
  if (code != BOURSE_OK) explain(exchange, code);
  bourse_result_free(result);
  bourse_decimal price = decimal("58990"), amount = decimal("0.001");
  code = quote(exchange, "58990.00", "58991.00");
  if (code == BOURSE_OK) code = bourse_paper_trade(exchange, SYMBOL, BOURSE_SIDE_SELL, &price, &amount);
  if (code != BOURSE_OK) return code;
  print_open_orders(exchange);
  print_fills(exchange);
  print_balances(exchange);
  return BOURSE_OK;
}

int main(void) {
  bourse_context *context = NULL;
  bourse_exchange *exchange = NULL;
  const bourse_param settings[] = {{"feed", "host", 0, 0}, {"balance.USDT", "10000", 0, 0}};
  bourse_options options = BOURSE_OPTIONS_INIT;
  options.settings = settings;
  options.setting_count = 2;
  int32_t code = bourse_context_new(&context, NULL);
  if (code == BOURSE_OK) code = bourse_open(&exchange, context, "paper", &options);
  if (code == BOURSE_OK) code = session(exchange);
  if (code != BOURSE_OK) fprintf(stderr, "%s: %s\n", bourse_error_name(code), bourse_context_error(context)->message);
  bourse_close(exchange);
  bourse_context_free(context);
  return code != BOURSE_OK;
}
