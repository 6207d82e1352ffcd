/* 10_any_exchange.c - the same trading session at whatever exchange is named: balances, ticker, book, an order that is placed,
 * amended and canceled.
 *
 *     export API_KEY=... API_SECRET=... [API_PASSPHRASE=...]
 *     10_any_exchange EXCHANGE [URL]
 *
 * URL replaces the exchange's hosts: try it with the address that `bourse sim EXCHANGE` prints, and the keys it prints. Without
 * one the order is real, though it stands a twentieth below the market and is canceled. */
#include <bourse.h>
#include <stdio.h>
#include <stdlib.h>

typedef char number[BOURSE_DECIMAL_TEXT_SIZE];

static const char *text_of(number out, const bourse_decimal *value) {
  bourse_decimal_format(out, BOURSE_DECIMAL_TEXT_SIZE, value);
  return out;
}

/* The first of these that the exchange lists. */
static int32_t choose_market(const bourse_market **out, bourse_exchange *exchange) {
  static const char *const symbols[] = {"BTC/USDT", "BTC/USD", "BTC/USDC"};
  int32_t code = BOURSE_ERROR_UNKNOWN_SYMBOL;
  for (size_t i = 0; i < 3 && code == BOURSE_ERROR_UNKNOWN_SYMBOL; i++)
    code = bourse_market_find(out, exchange, symbols[i], BOURSE_PRODUCT_SPOT);
  return code;
}

static int32_t print_balances(bourse_exchange *exchange) {
  number total, used;
  bourse_result *result;
  int32_t code = bourse_fetch_balances(&result, exchange, BOURSE_WALLET_SPOT);
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    const bourse_balance *balance = bourse_result_balance(result, i);
    printf("balance %s %s, in orders %s\n", balance->currency, text_of(total, &balance->total),
           text_of(used, &balance->used));
  }
  bourse_result_free(result);
  return code;
}

/* The last price, and the best bid out of the book. */
static int32_t print_prices(bourse_exchange *exchange, const bourse_market *market, bourse_decimal *bid) {
  number last, at, amount;
  bourse_result *result;
  int32_t code = bourse_fetch_ticker(&result, exchange, market->symbol);
  if (code == BOURSE_OK)
    printf("ticker %s last %s\n", market->symbol, text_of(last, &bourse_result_ticker(result, 0)->last));
  bourse_result_free(result);
  if (code != BOURSE_OK) return code;
  code = bourse_fetch_order_book(&result, exchange, market->symbol, 0);
  if (code == BOURSE_OK) {
    const bourse_order_book *book = bourse_result_order_book(result, 0);
    if (book->bid_count == 0) code = BOURSE_ERROR_NO_LIQUIDITY;
    if (code == BOURSE_OK) *bid = book->bids[0].price;
    if (code == BOURSE_OK) printf("book best bid %s of %s\n", text_of(at, bid), text_of(amount, &book->bids[0].amount));
  }
  bourse_result_free(result);
  return code;
}

static void print_order(const char *what, const bourse_order *order) {
  number amount, price;
  printf("%s: %s at %s\n", what, text_of(amount, &order->amount), text_of(price, &order->price));
}

/* As the exchange has it now. Asked for by the client order id, which is known before anything is sent. */
static int32_t print_state(const char *what, bourse_exchange *exchange, const char *symbol, const char *client_id) {
  bourse_result *result;
  int32_t code = bourse_fetch_order(&result, exchange, symbol, NULL, client_id);
  if (code == BOURSE_OK) {
    const bourse_order *order = bourse_result_order(result, 0);
    print_order(what, order);
    printf("%s: %s\n", what,
           order->status == BOURSE_ORDER_OPEN       ? "open"
           : order->status == BOURSE_ORDER_CANCELED ? "canceled"
                                                    : "other");
  }
  bourse_result_free(result);
  return code;
}

static int32_t price_below(bourse_decimal *out, const bourse_market *market, const bourse_decimal *bid,
                           const char *part) {
  bourse_decimal factor, price;
  int32_t code = bourse_decimal_parse(&factor, part, SIZE_MAX);
  if (code == BOURSE_OK) code = bourse_decimal_mul(&price, bid, &factor);
  return code == BOURSE_OK ? bourse_round_price(out, market, &price, BOURSE_ROUND_FLOOR) : code;
}

/* An amendment keeps the order where the exchange can change one; elsewhere another order takes its place, with the id that
 * the result tells. */
static int32_t trade(bourse_exchange *exchange, const bourse_market *market, const bourse_decimal *bid) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT, change = BOURSE_ORDER_REQUEST_INIT;
  const bourse_order_request *changes[] = {&change};
  char id[128] = "", client_id[128] = "";
  bourse_result *result = NULL;
  order.symbol = change.symbol = market->symbol;
  order.side = change.side = BOURSE_SIDE_BUY;
  order.type = change.type = BOURSE_ORDER_LIMIT;
  int32_t code = bourse_decimal_parse(&order.amount, "0.01", SIZE_MAX);
  if (code == BOURSE_OK) code = price_below(&order.price, market, bid, "0.95");
  if (code == BOURSE_OK) code = price_below(&change.price, market, bid, "0.96");
  change.amount = order.amount;
  if (code == BOURSE_OK) code = bourse_create_order(&result, exchange, &order);
  if (code != BOURSE_OK) return code;
  snprintf(id, sizeof id, "%s", bourse_result_order(result, 0)->id);
  snprintf(client_id, sizeof client_id, "%s", bourse_result_order(result, 0)->client_order_id);
  bourse_result_free(result);
  code = print_state("placed", exchange, market->symbol, client_id);
  bourse_request amend = BOURSE_REQUEST_INIT(BOURSE_OP_EDIT_ORDER);
  amend.order_id = id;
  amend.orders = changes;
  amend.order_count = 1;
  if (code == BOURSE_OK) code = bourse_execute(&result, exchange, &amend);
  if (code != BOURSE_OK) return code;
  const bourse_order *amended = bourse_result_order(result, 0);
  if (amended->id != NULL) snprintf(id, sizeof id, "%s", amended->id);
  if (amended->client_order_id != NULL) snprintf(client_id, sizeof client_id, "%s", amended->client_order_id);
  bourse_result_free(result);
  code = print_state("amended", exchange, market->symbol, client_id);
  if (code != BOURSE_OK) return code;
  code = bourse_cancel_order(&result, exchange, market->symbol, id, NULL);
  bourse_result_free(result);
  return code == BOURSE_OK ? print_state("canceled", exchange, market->symbol, client_id) : code;
}

int main(int argc, char **argv) {
  bourse_context *context = NULL;
  bourse_exchange *exchange = NULL;
  const bourse_market *market = NULL;
  const bourse_param host = {"*", argc > 2 ? argv[2] : "", 0, 0};
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_decimal bid = {0, 0, 0, 0};
  if (argc < 2) {
    fprintf(stderr, "usage: 10_any_exchange EXCHANGE [URL]\n");
    return 2;
  }
  credentials.api_key = getenv("API_KEY");
  credentials.secret = getenv("API_SECRET");
  credentials.passphrase = getenv("API_PASSPHRASE");
  options.credentials = &credentials;
  options.hosts = &host;
  options.host_count = argc > 2;
  int32_t code = bourse_context_new(&context, NULL);
  if (code == BOURSE_OK) code = bourse_open(&exchange, context, argv[1], &options);
  if (code == BOURSE_OK) code = choose_market(&market, exchange);
  if (code == BOURSE_OK) code = print_balances(exchange);
  if (code == BOURSE_OK) code = print_prices(exchange, market, &bid);
  if (code == BOURSE_OK) code = trade(exchange, market, &bid);
  if (code != BOURSE_OK) fprintf(stderr, "%s: %s\n", bourse_error_name(code), bourse_context_error(context)->message);
  bourse_close(exchange);
  bourse_context_free(context);
  return code != BOURSE_OK;
}
