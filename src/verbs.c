/* verbs.c - the short verbs: words by place, then key=value. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

typedef struct place {
  const char *key;
  int optional;
} place;

/* Takes words by place until the first key=value; the rest must be key=value. */
static int take_words(cli_arguments *out, const char *verb, const place *places, uint32_t place_count,
                      const char *const *words, uint32_t count) {
  uint32_t used = 0;
  for (; used < count && used < place_count && cli_key_length(words[used]) == 0; used++) {
    int code = cli_arguments_set(out, places[used].key, words[used]);
    if (code != CLI_OK) return code;
  }
  for (uint32_t i = used; i < count; i++) {
    if (cli_key_length(words[i]) == 0)
      return cli_fail(CLI_USAGE, "%s: unexpected \"%s\"; \"bourse help %s\" shows the form", verb, words[i], verb);
    int code = cli_arguments_word(out, words[i]);
    if (code != CLI_OK) return code;
  }
  for (uint32_t i = used; i < place_count; i++)
    if (!places[i].optional && !cli_arguments_has(out, places[i].key))
      return cli_fail(CLI_USAGE, "%s: %s is missing; \"bourse help %s\" shows the form", verb, places[i].key, verb);
  return CLI_OK;
}

static int no_exchange(const char *verb) {
  return cli_fail(CLI_USAGE, "%s: which exchange? \"bourse exchanges\" lists them, \"bourse help %s\" shows the form",
                  verb, verb);
}

static int run_simple(const cli_options *options, const char *verb, int32_t operation, const place *places,
                      uint32_t place_count, const char *const *words, uint32_t count) {
  cli_arguments arguments;
  if (count < 1) return no_exchange(verb);
  cli_arguments_init(&arguments, bourse_schema_operation(operation));
  int code = take_words(&arguments, verb, places, place_count, words + 1, count - 1);
  if (code == CLI_OK) code = cli_arguments_check(&arguments);
  if (code == CLI_OK) {
    cli_arguments_finish(&arguments);
    code = cli_run(options, words[0], &arguments);
  }
  cli_arguments_free(&arguments);
  return code;
}

#define PLACES(...) ((const place[]){__VA_ARGS__}), sizeof((const place[]){__VA_ARGS__}) / sizeof(place)
#define SIMPLE(verb_, operation_, ...)                                                             \
  static int verb_##_verb(const cli_options *options, const char *const *words, uint32_t count) {  \
    return run_simple(options, #verb_, BOURSE_OP_##operation_, PLACES(__VA_ARGS__), words, count); \
  }

SIMPLE(ticker, FETCH_TICKER, {"symbol", 0})
SIMPLE(tickers, FETCH_TICKERS, {"symbols", 1})
SIMPLE(book, FETCH_ORDER_BOOK, {"symbol", 0})
SIMPLE(trades, FETCH_TRADES, {"symbol", 0})
SIMPLE(candles, FETCH_CANDLES, {"symbol", 0}, {"timeframe", 0})
SIMPLE(markets, FETCH_MARKETS, {"product", 1})
SIMPLE(balances, FETCH_BALANCES, {"wallet", 1})
SIMPLE(positions, FETCH_POSITIONS, {"symbols", 1})
SIMPLE(fills, FETCH_MY_TRADES, {"symbol", 1})
SIMPLE(transfer, TRANSFER, {"currency", 0}, {"amount", 0}, {"from_wallet", 0}, {"to_wallet", 0})

/* SYMBOL and ID, where the id may be given as client_order_id= instead. */
static int one_order_verb(const cli_options *options, const char *verb, int32_t operation, const char *const *words,
                          uint32_t count) {
  cli_arguments arguments;
  if (count < 1) return no_exchange(verb);
  cli_arguments_init(&arguments, bourse_schema_operation(operation));
  int code = take_words(&arguments, verb, PLACES({"symbol", 1}, {"order_id", 1}), words + 1, count - 1);
  if (code == CLI_OK && !cli_arguments_has(&arguments, "order_id") && !cli_arguments_has(&arguments, "client_order_id"))
    code = cli_fail(CLI_USAGE, "%s: which order? give SYMBOL and ID, or SYMBOL client_order_id=...", verb);
  if (code == CLI_OK) {
    cli_arguments_finish(&arguments);
    code = cli_run(options, words[0], &arguments);
  }
  cli_arguments_free(&arguments);
  return code;
}

static int order_verb(const cli_options *options, const char *const *words, uint32_t count) {
  return one_order_verb(options, "order", BOURSE_OP_FETCH_ORDER, words, count);
}

static int cancel_verb(const cli_options *options, const char *const *words, uint32_t count) {
  return one_order_verb(options, "cancel", BOURSE_OP_CANCEL_ORDER, words, count);
}

static int fees_verb(const cli_options *options, const char *const *words, uint32_t count) {
  for (uint32_t i = 1; i < count; i++)
    if (cli_key_length(words[i]) == 0 || strncmp(words[i], "symbol=", 7) == 0)
      return run_simple(options, "fees", BOURSE_OP_FETCH_TRADING_FEE, PLACES({"symbol", 0}), words, count);
  return run_simple(options, "fees", BOURSE_OP_FETCH_TRADING_FEES, PLACES({"symbols", 1}), words, count);
}

/* orders EXCHANGE [SYMBOL] [open|closed|canceled|all] */
static int orders_verb(const cli_options *options, const char *const *words, uint32_t count) {
  static const struct {
    const char *name;
    int32_t operation;
  } kinds[] = {{"open", BOURSE_OP_FETCH_OPEN_ORDERS},
               {"closed", BOURSE_OP_FETCH_CLOSED_ORDERS},
               {"canceled", BOURSE_OP_FETCH_CANCELED_ORDERS},
               {"all", BOURSE_OP_FETCH_ORDERS}};
  int32_t operation = BOURSE_OP_FETCH_OPEN_ORDERS;
  const char **rest = cli_alloc((count + 1) * sizeof *rest);
  uint32_t rest_count = 0, kinds_given = 0;
  for (uint32_t i = 0; i < count; i++) {
    int is_kind = 0;
    for (size_t k = 0; i > 0 && k < sizeof(kinds) / sizeof(kinds[0]); k++)
      if (strcmp(words[i], kinds[k].name) == 0) {
        operation = kinds[k].operation;
        is_kind = 1;
      }
    kinds_given += (uint32_t)is_kind;
    if (!is_kind) rest[rest_count++] = words[i];
  }
  int code = kinds_given > 1 ? cli_fail(CLI_USAGE, "orders: give one of open, closed, canceled, all")
                             : run_simple(options, "orders", operation, PLACES({"symbol", 1}), rest, rest_count);
  free((void *)rest);
  return code;
}

/* EXCHANGE SYMBOL AMOUNT [PRICE|market] key=value ... Without a price it is a market order. */
static int fill_order(cli_arguments *arguments, const char *verb, const char *const *words, uint32_t count) {
  uint32_t by_place = 0;
  while (by_place < count && cli_key_length(words[by_place]) == 0) by_place++;
  const char *price = by_place >= 3 ? words[2] : NULL;
  int code = cli_arguments_set(arguments, "side", verb);
  if (code == CLI_OK)
    code = take_words(arguments, verb, PLACES({"symbol", 0}, {"amount", 1}), words, by_place < 2 ? by_place : 2);
  if (code == CLI_OK && by_place > 3)
    code = cli_fail(CLI_USAGE, "%s: unexpected \"%s\"; \"bourse help %s\" shows the form", verb, words[3], verb);
  if (code == CLI_OK && price != NULL && strcmp(price, "market") == 0)
    code = cli_arguments_set(arguments, "type", "market");
  if (code == CLI_OK && price != NULL && strcmp(price, "market") != 0)
    code = cli_arguments_set(arguments, "price", price);
  for (uint32_t i = by_place; i < count && code == CLI_OK; i++) code = cli_arguments_word(arguments, words[i]);
  if (code == CLI_OK && !cli_arguments_has(arguments, "type"))
    code = cli_arguments_set(arguments, "type", cli_arguments_has(arguments, "price") ? "limit" : "market");
  if (code == CLI_OK && !cli_arguments_has(arguments, "amount") && !cli_arguments_has(arguments, "contracts") &&
      !cli_arguments_has(arguments, "cost") && !cli_arguments_has(arguments, "close_position"))
    code = cli_fail(CLI_USAGE, "%s: how much? give AMOUNT, or cost=, contracts=, close_position=yes", verb);
  return code;
}

static int create_order_verb(const cli_options *options, const char *verb, const char *const *words, uint32_t count) {
  cli_arguments arguments;
  if (count < 1) return no_exchange(verb);
  cli_arguments_init(&arguments, bourse_schema_operation(BOURSE_OP_CREATE_ORDER));
  int code = fill_order(&arguments, verb, words + 1, count - 1);
  if (code == CLI_OK) {
    cli_arguments_finish(&arguments);
    code = cli_run(options, words[0], &arguments);
  }
  cli_arguments_free(&arguments);
  return code;
}

static int buy_verb(const cli_options *options, const char *const *words, uint32_t count) {
  return create_order_verb(options, "buy", words, count);
}

static int sell_verb(const cli_options *options, const char *const *words, uint32_t count) {
  return create_order_verb(options, "sell", words, count);
}

static int call_with(const cli_options *options, const char *verb, const char *const *words, uint32_t count,
                     int (*run)(const cli_options *, const char *, cli_arguments *)) {
  cli_arguments arguments;
  int code = cli_call_arguments(&arguments, verb, words, count);
  /* A reply can be read without knowing all that was asked for; the library says what it cannot do without. */
  if (code == CLI_OK && run != cli_decode) code = cli_arguments_check(&arguments);
  if (code == CLI_OK) {
    cli_arguments_finish(&arguments);
    code = cli_check_columns(options, arguments.info->kind);
  }
  if (code == CLI_OK) code = run(options, words[0], &arguments);
  cli_arguments_free(&arguments);
  return code;
}

static int call_verb(const cli_options *options, const char *const *words, uint32_t count) {
  return call_with(options, "call", words, count, cli_run);
}

static int request_verb(const cli_options *options, const char *const *words, uint32_t count) {
  return call_with(options, "request", words, count, cli_request);
}

static int decode_verb(const cli_options *options, const char *const *words, uint32_t count) {
  return call_with(options, "decode", words, count, cli_decode);
}

static const cli_verb verbs[] = {
    {"exchanges", cli_list_exchanges, "", "The exchanges this program knows."},
    {"capabilities", cli_list_capabilities, "[EXCHANGE [OPERATION]]",
     "What each exchange does, by product: native, emulated or not."},
    {"api", cli_api, "", "All operations, arguments, records and constants; with --json for programs that make bindings."},
    {"markets", markets_verb, "EXCHANGE [PRODUCT]", "Markets with their ticks, steps and limits."},
    {"ticker", ticker_verb, "EXCHANGE SYMBOL", "Price and volume of one market."},
    {"tickers", tickers_verb, "EXCHANGE [SYMBOL,SYMBOL...]", "Prices of several or all markets."},
    {"book", book_verb, "EXCHANGE SYMBOL [limit=N]", "Bids and asks."},
    {"trades", trades_verb, "EXCHANGE SYMBOL [since=TIME] [limit=N]", "Public trades."},
    {"candles", candles_verb, "EXCHANGE SYMBOL TIMEFRAME [since=TIME] [limit=N]",
     "Open, high, low, close and volume by time."},
    {"balances", balances_verb, "EXCHANGE [WALLET]", "What the account holds."},
    {"positions", positions_verb, "EXCHANGE [SYMBOL,SYMBOL...]", "Open positions."},
    {"buy", buy_verb, "EXCHANGE SYMBOL AMOUNT [PRICE|market] [key=value]",
     "Places an order; only shown without --live."},
    {"sell", sell_verb, "EXCHANGE SYMBOL AMOUNT [PRICE|market] [key=value]",
     "Places an order; only shown without --live."},
    {"cancel", cancel_verb, "EXCHANGE SYMBOL ID", "Cancels an order; only shown without --live."},
    {"order", order_verb, "EXCHANGE SYMBOL ID", "One order; also by client_order_id=."},
    {"orders", orders_verb, "EXCHANGE [SYMBOL] [open|closed|canceled|all]", "Orders; open ones unless told."},
    {"resolve", cli_resolve, "EXCHANGE [CLIENT_ID]", "Settles the fate of an order, or all, whose answer was lost."},
    {"wait", cli_wait, "EXCHANGE CLIENT_ID [--for TIME]", "Waits until an order is final."},
    {"journal", cli_journal, "EXCHANGE [CLIENT_ID]", "What this program wrote down of orders it sent."},
    {"fills", fills_verb, "EXCHANGE [SYMBOL] [since=TIME] [limit=N]", "Own trades."},
    {"fees", fees_verb, "EXCHANGE [SYMBOL]", "Own trading fees."},
    {"transfer", transfer_verb, "EXCHANGE CURRENCY AMOUNT FROM TO",
     "Moves money between own wallets; only shown without --live."},
    {"watch", cli_watch, "CHANNEL EXCHANGE [SYMBOL...] [key=value]", "A live stream: a table that moves, or lines."},
    {"record", cli_record_verb, "EXCHANGE CHANNEL [SYMBOL...] -o FILE",
     "Writes all that goes over a stream's connections."},
    {"replay", cli_replay, "EXCHANGE FILE...", "Reads recordings; needs no network."},
    {"call", call_verb, "EXCHANGE OPERATION [key=value...]", "Any operation by name."},
    {"request", request_verb, "EXCHANGE OPERATION [key=value...]",
     "Shows the HTTP requests of an operation and sends nothing."},
    {"decode", decode_verb, "EXCHANGE OPERATION [key=value...] < REPLY", "Reads a reply that you have."},
    {"halt", cli_halt, "EXCHANGE [cancel-all]", "Refuses orders from now on; cancels what is open."},
    {"resume", cli_resume, "EXCHANGE", "Ends a halt."},
    {"dead-man", cli_dead_man, "EXCHANGE SECONDS|off [SYMBOL...]",
     "The exchange cancels all orders unless this is said again in time."},
    {"sim", cli_simulate, "EXCHANGE [--port N] [--faults FILE]", "A simulated exchange to test programs against."},
    {"doctor", cli_doctor, "[EXCHANGE]", "Checks what a first use needs, and says what to do."},
    {"help", cli_help, "[VERB|OPERATION|operations|keys|codes]", "This."},
};

const cli_verb *cli_verb_at(uint32_t index) { return index < sizeof(verbs) / sizeof(verbs[0]) ? &verbs[index] : NULL; }

const cli_verb *cli_find_verb(const char *name) {
  for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
    if (strcmp(verbs[i].name, name) == 0) return &verbs[i];
  return NULL;
}
