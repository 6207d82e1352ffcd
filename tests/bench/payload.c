/* payload.c - see payload.h. Numbers come from a fixed sequence, digits and ranges are those of the live exchange. */
#include "payload.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 64

static uint64_t next_random(uint64_t *state) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return *state >> 33;
}

static unsigned below(uint64_t *state, unsigned bound) { return (unsigned)(next_random(state) % bound); }

static FILE *begin(payload *out) {
  FILE *stream = open_memstream(&out->bytes, &out->length);
  if (stream == NULL) abort();
  return stream;
}

static void finish(payload *out, FILE *stream) {
  if (fclose(stream) != 0) abort();
  char *bytes = realloc(out->bytes, out->length + ROOM + 1);
  if (bytes == NULL) abort();
  memset(bytes + out->length, 0, ROOM + 1);
  out->bytes = bytes;
}

/* "AAABTC", "AABUSDT", ... The same names in all replies, so that tickers are of listed markets. */
static void write_names(char base[8], const char **quote, unsigned index) {
  static const char *const quotes[] = {"USDT", "BTC", "ETH", "BNB", "FDUSD", "TRY"};
  snprintf(base, 8, "%c%c%c%s", 'A' + (int)(index / 676 % 26), 'A' + (int)(index / 26 % 26), 'A' + (int)(index % 26),
           index % 5 == 0 ? "X" : "");
  *quote = quotes[index % 6];
}

static void price_field(FILE *stream, uint64_t *state, const char *name, unsigned whole) {
  fprintf(stream, "\"%s\":\"%u.%08u\",", name, below(state, whole), below(state, 1000000) * 100);
}

payload payload_tickers(unsigned count) {
  payload out;
  uint64_t state = 11;
  FILE *stream = begin(&out);
  fputc('[', stream);
  for (unsigned i = 0; i < count; i++) {
    char base[8];
    const char *quote;
    write_names(base, &quote, i);
    unsigned whole = i % 3 == 0 ? 70000 : i % 3 == 1 ? 300 : 1;
    fprintf(stream, "%s{\"symbol\":\"%s%s\",", i == 0 ? "" : ",", base, quote);
    fprintf(stream, "\"priceChange\":\"%s%u.%08u\",\"priceChangePercent\":\"%s%u.%03u\",", i % 2 ? "-" : "",
            below(&state, 9), below(&state, 100000000), i % 2 ? "-" : "", below(&state, 30), below(&state, 1000));
    price_field(stream, &state, "weightedAvgPrice", whole);
    price_field(stream, &state, "prevClosePrice", whole);
    price_field(stream, &state, "lastPrice", whole);
    price_field(stream, &state, "lastQty", 50);
    price_field(stream, &state, "bidPrice", whole);
    price_field(stream, &state, "bidQty", 900);
    price_field(stream, &state, "askPrice", whole);
    price_field(stream, &state, "askQty", 900);
    price_field(stream, &state, "openPrice", whole);
    price_field(stream, &state, "highPrice", whole);
    price_field(stream, &state, "lowPrice", whole);
    price_field(stream, &state, "volume", 90000000);
    price_field(stream, &state, "quoteVolume", 900000000);
    unsigned long long id = 100000000ULL + below(&state, 900000000);
    fprintf(stream,
            "\"openTime\":1754517341%03u,\"closeTime\":1754603741%03u,\"firstId\":%llu,\"lastId\":%llu,\"count\":%u}",
            below(&state, 1000), below(&state, 1000), id, id + 5000, 5001);
  }
  fputc(']', stream);
  finish(&out, stream);
  return out;
}

payload payload_depth(unsigned levels) {
  payload out;
  uint64_t state = 12;
  FILE *stream = begin(&out);
  fputs("{\"lastUpdateId\":74153918291,", stream);
  for (int side = 0; side < 2; side++) {
    fprintf(stream, "\"%s\":[", side == 0 ? "bids" : "asks");
    for (unsigned i = 0; i < levels; i++) {
      unsigned cents = side == 0 ? 11650000 - 3 * i - below(&state, 3) : 11650001 + 3 * i + below(&state, 3);
      fprintf(stream, "%s[\"%u.%02u000000\",\"%u.%05u000\"]", i == 0 ? "" : ",", cents / 100, cents % 100,
              below(&state, 12), below(&state, 100000));
    }
    fputs(side == 0 ? "]," : "]}", stream);
  }
  finish(&out, stream);
  return out;
}

payload payload_trades(unsigned count) {
  payload out;
  uint64_t state = 13;
  unsigned long long id = 3012345678ULL, trade = 5212345678ULL, time = 1754603700000ULL;
  FILE *stream = begin(&out);
  fputc('[', stream);
  for (unsigned i = 0; i < count; i++) {
    unsigned several = below(&state, 4);
    time += below(&state, 40);
    fprintf(stream,
            "%s{\"a\":%llu,\"p\":\"%u.%02u000000\",\"q\":\"0.%05u000\",\"f\":%llu,\"l\":%llu,\"T\":%llu,\"m\":%s,\"M\":"
            "true}",
            i == 0 ? "" : ",", id++, 116400 + below(&state, 200), below(&state, 100), below(&state, 100000), trade,
            trade + several, time, below(&state, 2) ? "true" : "false");
    trade += several + 1;
  }
  fputc(']', stream);
  finish(&out, stream);
  return out;
}

static void write_filters(FILE *stream, uint64_t *state) {
  static const char *const steps[] = {"0.00001000", "0.00100000", "0.01000000", "0.10000000", "1.00000000"};
  const char *tick = steps[below(state, 3)], *step = steps[below(state, 5)];
  fprintf(stream,
          "\"filters\":[{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"%s\",\"maxPrice\":\"922327.00000000\","
          "\"tickSize\":\"%s\"},"
          "{\"filterType\":\"LOT_SIZE\",\"minQty\":\"%s\",\"maxQty\":\"9000000.00000000\",\"stepSize\":\"%s\"},"
          "{\"filterType\":\"ICEBERG_PARTS\",\"limit\":10},"
          "{\"filterType\":\"MARKET_LOT_SIZE\",\"minQty\":\"0.00000000\",\"maxQty\":\"%u.%08u\",\"stepSize\":\"0."
          "00000000\"},"
          "{\"filterType\":\"TRAILING_DELTA\",\"minTrailingAboveDelta\":10,\"maxTrailingAboveDelta\":2000,"
          "\"minTrailingBelowDelta\":10,\"maxTrailingBelowDelta\":2000},"
          "{\"filterType\":\"PERCENT_PRICE_BY_SIDE\",\"bidMultiplierUp\":\"5\",\"bidMultiplierDown\":\"0.2\","
          "\"askMultiplierUp\":\"5\",\"askMultiplierDown\":\"0.2\",\"avgPriceMins\":5},"
          "{\"filterType\":\"NOTIONAL\",\"minNotional\":\"5.00000000\",\"applyMinToMarket\":true,"
          "\"maxNotional\":\"9000000.00000000\",\"applyMaxToMarket\":false,\"avgPriceMins\":5},"
          "{\"filterType\":\"MAX_NUM_ORDERS\",\"maxNumOrders\":200},{\"filterType\":\"MAX_NUM_ORDER_LISTS\","
          "\"maxNumOrderLists\":20},"
          "{\"filterType\":\"MAX_NUM_ALGO_ORDERS\",\"maxNumAlgoOrders\":5},"
          "{\"filterType\":\"MAX_NUM_ORDER_AMENDS\",\"maxNumOrderAmends\":10}],",
          tick, tick, step, step, below(state, 90000), below(state, 100000000));
}

payload payload_exchange_info(unsigned symbols, unsigned permissions) {
  payload out;
  uint64_t state = 14;
  FILE *stream = begin(&out);
  fputs(
      "{\"timezone\":\"UTC\",\"serverTime\":1754603741167,\"rateLimits\":["
      "{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":6000},"
      "{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":100},"
      "{\"rateLimitType\":\"ORDERS\",\"interval\":\"DAY\",\"intervalNum\":1,\"limit\":200000},"
      "{\"rateLimitType\":\"RAW_REQUESTS\",\"interval\":\"MINUTE\",\"intervalNum\":5,\"limit\":61000}],"
      "\"exchangeFilters\":[],\"symbols\":[",
      stream);
  for (unsigned i = 0; i < symbols; i++) {
    char base[8];
    const char *quote;
    write_names(base, &quote, i);
    fprintf(
        stream,
        "%s{\"symbol\":\"%s%s\",\"status\":\"%s\",\"baseAsset\":\"%s\",\"baseAssetPrecision\":8,\"quoteAsset\":\"%s\","
        "\"quotePrecision\":8,\"quoteAssetPrecision\":8,\"baseCommissionPrecision\":8,\"quoteCommissionPrecision\":8,"
        "\"orderTypes\":[\"LIMIT\",\"LIMIT_MAKER\",\"MARKET\",\"STOP_LOSS\",\"STOP_LOSS_LIMIT\",\"TAKE_PROFIT\","
        "\"TAKE_PROFIT_LIMIT\"],\"icebergAllowed\":true,\"ocoAllowed\":true,\"otoAllowed\":true,\"opoAllowed\":true,"
        "\"quoteOrderQtyMarketAllowed\":true,\"allowTrailingStop\":true,\"cancelReplaceAllowed\":true,\"amendAllowed\":"
        "true,"
        "\"pegInstructionsAllowed\":true,\"isSpotTradingAllowed\":true,\"isMarginTradingAllowed\":%s,",
        i == 0 ? "" : ",", base, quote, i % 7 == 6 ? "BREAK" : "TRADING", base, quote, i % 2 ? "true" : "false");
    write_filters(stream, &state);
    fputs("\"permissions\":[],\"permissionSets\":[", stream);
    for (unsigned k = 0; k < permissions; k++) {
      if (k == 0)
        fputs("[\"SPOT\"", stream);
      else if (k == 1)
        fputs(",\"MARGIN\"", stream);
      else
        fprintf(stream, ",\"TRD_GRP_%03u\"", k + 2);
    }
    fprintf(
        stream,
        "%s],\"defaultSelfTradePreventionMode\":\"EXPIRE_MAKER\",\"allowedSelfTradePreventionModes\":[\"EXPIRE_TAKER\","
        "\"EXPIRE_MAKER\",\"EXPIRE_BOTH\",\"DECREMENT\"]}",
        permissions > 0 ? "]" : "");
  }
  fputs("]}", stream);
  finish(&out, stream);
  return out;
}

payload payload_file(const char *path) {
  payload out = {NULL, 0};
  char part[65536];
  size_t size;
  FILE *file = fopen(path, "rb");
  if (file == NULL) return out;
  FILE *stream = begin(&out);
  while ((size = fread(part, 1, sizeof part, file)) > 0) fwrite(part, 1, size, stream);
  fclose(file);
  finish(&out, stream);
  return out;
}
