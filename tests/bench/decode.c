/* decode.c - replies read into unified records, beside parsers that only parse.
 *
 *   decode list                 cases, a line each: name, bytes
 *   decode kernel               which of its kernels simdjson takes here
 *   decode count CASE WHO [DIR] parses, for callgrind to count (--toggle-collect=measured_WHO); prints how often
 *   decode time [DIR]           all, in turns: "CASE WHO nanoseconds" (median)
 * WHO is ours, cjson, jsmn, rapidjson or simdjson. DIR holds recorded replies; without it there are only those made
 * here.
 *
 * Ours is everything: symbols found in a table of markets, the result, and freeing it. For the others freeing is left
 * out, jsmn has its tokens and simdjson its parser and padded input beforehand. */
#include <bourse.h>
#include <cjson/cJSON.h>
#define JSMN_STATIC
#define JSMN_PARENT_LINKS /* without, closing a bracket is a search */
#include <jsmn.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "payload.h"
#include "peers.h"

enum { ROUNDS = 15, PERMISSIONS = 233 };

typedef struct bench_case {
  const char *name;
  int32_t operation;
  const char *symbol;
  unsigned count; /* of what is made; 0: recorded */
  unsigned permissions;
  const char *file;
} bench_case;

static const bench_case cases[] = {
    {"ticker_1", BOURSE_OP_FETCH_TICKERS, NULL, 1, 0, NULL},
    {"tickers_1000", BOURSE_OP_FETCH_TICKERS, NULL, 1000, 0, NULL},
    {"depth_1000", BOURSE_OP_FETCH_ORDER_BOOK, "AAAX/USDT", 1000, 0, NULL},
    {"trades_1000", BOURSE_OP_FETCH_TRADES, "AAAX/USDT", 1000, 0, NULL},
    {"exchange_info_300", BOURSE_OP_FETCH_MARKETS, NULL, 300, PERMISSIONS, NULL},
    {"exchange_info_1000", BOURSE_OP_FETCH_MARKETS, NULL, 1000, PERMISSIONS, NULL},
    {"exchange_info_3000", BOURSE_OP_FETCH_MARKETS, NULL, 3000, PERMISSIONS, NULL},
    {"exchange_info_300_short", BOURSE_OP_FETCH_MARKETS, NULL, 300, 0, NULL},
    {"exchange_info_1000_short", BOURSE_OP_FETCH_MARKETS, NULL, 1000, 0, NULL},
    {"exchange_info_3000_short", BOURSE_OP_FETCH_MARKETS, NULL, 3000, 0, NULL},
    {"recorded_depth", BOURSE_OP_FETCH_ORDER_BOOK, "AAAX/USDT", 0, 0,
     "orderbook.get-v3-depth-symbol-nknusdt-limit-1000-2021.json"},
    {"recorded_exchange_info", BOURSE_OP_FETCH_MARKETS, NULL, 0, 0, "instruments.get-v3-exchange-info.json"},
    {"recorded_exchange_info_2021", BOURSE_OP_FETCH_MARKETS, NULL, 0, 0, "instruments.get-v3-exchange-info-2021.json"},
};

#define CASES (sizeof cases / sizeof cases[0])

static const char *const names[] = {"ours", "cjson", "jsmn", "rapidjson", "simdjson"};
enum { OURS, CJSON, JSMN, RAPIDJSON, SIMDJSON, WHO_COUNT };

typedef struct setting {
  bourse_context *context;
  bourse_exchange *exchange;
  const bench_case *what;
  payload input;
  jsmntok_t *tokens;
  unsigned token_count;
  void *simdjson;
} setting;

_Noreturn static void die(const char *what, const char *why) {
  fprintf(stderr, "decode: %s: %s\n", what, why);
  exit(1);
}

/* --- What is measured --- */

MEASURED int32_t measured_ours(setting *s);
MEASURED cJSON *measured_cjson(const setting *s);
MEASURED int measured_jsmn(setting *s);
MEASURED void *measured_rapidjson(const setting *s);
MEASURED int measured_simdjson(setting *s);

MEASURED int32_t measured_ours(setting *s) {
  bourse_result *result;
  bourse_request request = BOURSE_REQUEST_INIT(s->what->operation);
  request.symbol = s->what->symbol;
  if (s->what->operation == BOURSE_OP_FETCH_MARKETS) request.product = BOURSE_PRODUCT_SPOT;
  int32_t code = bourse_decode(&result, s->exchange, &request, 200, NULL, 0, s->input.bytes, s->input.length);
  bourse_result_free(result);
  return code;
}

MEASURED cJSON *measured_cjson(const setting *s) { return cJSON_ParseWithLength(s->input.bytes, s->input.length); }

MEASURED int measured_jsmn(setting *s) {
  jsmn_parser parser;
  jsmn_init(&parser);
  return jsmn_parse(&parser, s->input.bytes, s->input.length, s->tokens, s->token_count);
}

MEASURED void *measured_rapidjson(const setting *s) { return peer_rapidjson_parse(s->input.bytes, s->input.length); }

MEASURED int measured_simdjson(setting *s) { return peer_simdjson_parse(s->simdjson); }

/* Once, with what is not measured after it. */
static void once(setting *s, int who) {
  cJSON *tree;
  void *document;
  switch (who) {
    case OURS:
      if (measured_ours(s) != BOURSE_OK) die(s->what->name, bourse_context_error(s->context)->message);
      break;
    case CJSON:
      if ((tree = measured_cjson(s)) == NULL) die(s->what->name, "cJSON refuses it");
      cJSON_Delete(tree);
      break;
    case JSMN:
      if (measured_jsmn(s) <= 0) die(s->what->name, "jsmn refuses it");
      break;
    case RAPIDJSON:
      if ((document = measured_rapidjson(s)) == NULL) die(s->what->name, "RapidJSON refuses it");
      peer_rapidjson_free(document);
      break;
    default:
      if (!measured_simdjson(s)) die(s->what->name, "simdjson refuses it");
  }
}

/* --- Setting up --- */

static payload make(const bench_case *what, const char *directory) {
  char path[1024];
  if (what->count == 0) {
    snprintf(path, sizeof path, "%s/%s", directory, what->file);
    return payload_file(path);
  }
  if (what->operation == BOURSE_OP_FETCH_TICKERS) return payload_tickers(what->count);
  if (what->operation == BOURSE_OP_FETCH_ORDER_BOOK) return payload_depth(what->count);
  if (what->operation == BOURSE_OP_FETCH_TRADES) return payload_trades(what->count);
  return payload_exchange_info(what->count, what->permissions);
}

/* What was read must be whole, or the measuring means nothing. */
static void verify(setting *s) {
  bourse_result *result;
  bourse_request request = BOURSE_REQUEST_INIT(s->what->operation);
  request.symbol = s->what->symbol;
  if (s->what->operation == BOURSE_OP_FETCH_MARKETS) request.product = BOURSE_PRODUCT_SPOT;
  if (bourse_decode(&result, s->exchange, &request, 200, NULL, 0, s->input.bytes, s->input.length) != BOURSE_OK)
    die(s->what->name, bourse_context_error(s->context)->message);
  const bourse_order_book *book = bourse_result_order_book(result, 0);
  const bourse_ticker *ticker = bourse_result_ticker(result, 0);
  unsigned count = book != NULL ? book->bid_count : bourse_result_count(result);
  if (s->what->count != 0 && count != s->what->count) die(s->what->name, "not everything was read");
  if (ticker != NULL && (ticker->symbol == NULL || strcmp(ticker->symbol, "AAAX/USDT") != 0 ||
                         !bourse_decimal_is_present(&ticker->quote_volume)))
    die(s->what->name, "the ticker is not as it was written");
  bourse_result_free(result);
}

static int set_up(setting *s, const bench_case *what, const char *directory) {
  memset(s, 0, sizeof *s);
  if (what->count == 0 && directory == NULL) return 0;
  s->what = what;
  s->input = make(what, directory);
  if (s->input.bytes == NULL) return 0;
  payload markets = payload_exchange_info(1000, 0);
  if (bourse_context_new(&s->context, NULL) != BOURSE_OK ||
      bourse_open(&s->exchange, s->context, "binance", NULL) != BOURSE_OK ||
      bourse_markets_load(s->exchange, BOURSE_PRODUCT_SPOT, markets.bytes, markets.length) != BOURSE_OK)
    die(what->name, bourse_context_error(s->context)->message);
  free(markets.bytes);
  jsmn_parser parser;
  jsmn_init(&parser);
  int tokens = jsmn_parse(&parser, s->input.bytes, s->input.length, NULL, 0);
  if (tokens <= 0) die(what->name, "jsmn cannot count it");
  s->token_count = (unsigned)tokens;
  s->tokens = malloc(s->token_count * sizeof *s->tokens);
  s->simdjson = peer_simdjson_new(s->input.bytes, s->input.length);
  verify(s);
  return 1;
}

static void tear_down(setting *s) {
  peer_simdjson_free(s->simdjson);
  free(s->tokens);
  free(s->input.bytes);
  bourse_close(s->exchange);
  bourse_context_free(s->context);
}

/* --- Ways to measure --- */

static int count(const char *name, const char *who, const char *directory) {
  setting s;
  for (size_t i = 0; i < CASES; i++) {
    if (strcmp(cases[i].name, name) != 0) continue;
    for (int w = 0; w < WHO_COUNT; w++) {
      if (strcmp(names[w], who) != 0) continue;
      if (!set_up(&s, &cases[i], directory)) return 3;
      int times = s.input.length < 1000000 ? 3 : 1;
      for (int k = 0; k < times; k++) once(&s, w);
      tear_down(&s);
      return printf("%d\n", times) < 0;
    }
  }
  die(name, "no such case, or nobody of that name");
  return 1;
}

static void time_case(setting *s) {
  double times[WHO_COUNT][ROUNDS];
  once(s, OURS);
  int64_t begin = clock_ns();
  once(s, OURS);
  int64_t each = clock_ns() - begin;
  int batch = (int)(2000000 / (each + 1)) + 1; /* of about two milliseconds */
  for (int round = 0; round < ROUNDS; round++)
    for (int w = 0; w < WHO_COUNT; w++) {
      int64_t spent = 0;
      for (int k = 0; k < batch; k++) {
        begin = clock_ns();
        if (w == CJSON || w == RAPIDJSON) {
          /* Freeing is not timed. */
          void *built = w == CJSON ? (void *)measured_cjson(s) : measured_rapidjson(s);
          spent += clock_ns() - begin;
          if (w == CJSON)
            cJSON_Delete(built);
          else
            peer_rapidjson_free(built);
        } else {
          once(s, w);
          spent += clock_ns() - begin;
        }
      }
      times[w][round] = (double)spent / batch;
    }
  for (int w = 0; w < WHO_COUNT; w++) printf("%s %s %.0f\n", s->what->name, names[w], clock_median(times[w], ROUNDS));
  fflush(stdout);
}

static int time_all(const char *directory) {
  for (size_t i = 0; i < CASES; i++) {
    setting s;
    if (!set_up(&s, &cases[i], directory)) continue;
    time_case(&s);
    tear_down(&s);
  }
  return 0;
}

static int list(const char *directory) {
  for (size_t i = 0; i < CASES; i++) {
    if (cases[i].count == 0 && directory == NULL) continue;
    payload input = make(&cases[i], directory);
    if (input.bytes != NULL) printf("%s %zu\n", cases[i].name, input.length);
    free(input.bytes);
  }
  return 0;
}

int main(int argc, char **argv) {
  const char *how = argc > 1 ? argv[1] : "";
  if (strcmp(how, "list") == 0) return list(argc > 2 ? argv[2] : NULL);
  if (strcmp(how, "time") == 0) return time_all(argc > 2 ? argv[2] : NULL);
  if (strcmp(how, "count") == 0 && argc > 3) return count(argv[2], argv[3], argc > 4 ? argv[4] : NULL);
  if (strcmp(how, "kernel") == 0) return printf("%s\n", peer_simdjson_kernel()) < 0;
  fprintf(stderr, "usage: decode list|kernel|time|count ...\n");
  return 2;
}
