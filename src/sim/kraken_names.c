/* sim/kraken_names.c - what Kraken calls things: markets, assets, ids; numbers and times as it writes them. */
#include <stdlib.h>
#include <strings.h>

#include "kraken.h"

#define DEC(coefficient_, exponent_) \
  { (coefficient_), 0, (exponent_), BOURSE_DECIMAL_PRESENT }

/* Digits are those the outside market moves in: fewer than Kraken has where its own would be finer. */
const sim_market_row kraken_rows[PAPER_MARKETS] = {
    {"XXBTZUSD", "BTC/USD", "BTC", "USD", NULL, DEC(1, -2), DEC(1, -5), DEC(5, -5), DEC(9000, 0), DEC(5, -1),
     DEC(25, -4), DEC(4, -3)},
    {"XETHZUSD", "ETH/USD", "ETH", "USD", NULL, DEC(1, -2), DEC(1, -4), DEC(1, -3), DEC(9000, 0), DEC(5, -1),
     DEC(25, -4), DEC(4, -3)},
    {"SOLUSD", "SOL/USD", "SOL", "USD", NULL, DEC(1, -2), DEC(1, -3), DEC(2, -2), DEC(90000, 0), DEC(5, -1),
     DEC(25, -4), DEC(4, -3)},
    {"XETHXXBT", "ETH/BTC", "ETH", "BTC", NULL, DEC(1, -5), DEC(1, -4), DEC(1, -3), DEC(100000, 0), DEC(2, -5),
     DEC(25, -4), DEC(4, -3)},
    {"XXRPZUSD", "XRP/USD", "XRP", "USD", NULL, DEC(1, -4), DEC(1, -1), DEC(2, 0), DEC(9000000, 0), DEC(5, -1),
     DEC(25, -4), DEC(4, -3)},
    {"XDGUSD", "DOGE/USD", "DOGE", "USD", NULL, DEC(1, -5), DEC(1, 0), DEC(13, 0), DEC(90000000, 0), DEC(5, -1),
     DEC(25, -4), DEC(4, -3)},
    {"PF_XBTUSD", "BTC/USD:USD", "BTC", "USD", "USD", DEC(5, -1), DEC(1, -3), DEC(1, -3), DEC(1000, 0), DEC(1, -3),
     DEC(2, -4), DEC(5, -4)},
    {"PF_ETHUSD", "ETH/USD:USD", "ETH", "USD", "USD", DEC(1, -2), DEC(1, -3), DEC(1, -3), DEC(10000, 0), DEC(1, -3),
     DEC(2, -4), DEC(5, -4)},
};

const kraken_pair kraken_pairs[PAPER_MARKETS] = {
    {"XXBTZUSD", "XBTUSD", "XBT/USD", "XXBT", "ZUSD", 2, 5},
    {"XETHZUSD", "ETHUSD", "ETH/USD", "XETH", "ZUSD", 2, 4},
    {"SOLUSD", "SOLUSD", "SOL/USD", "SOL", "ZUSD", 2, 3},
    {"XETHXXBT", "ETHXBT", "ETH/XBT", "XETH", "XXBT", 5, 4},
    {"XXRPZUSD", "XRPUSD", "XRP/USD", "XXRP", "ZUSD", 4, 1},
    {"XDGUSD", "XDGUSD", "XDG/USD", "XXDG", "ZUSD", 5, 0},
    {"PF_XBTUSD", "PF_XBTUSD", "XBT:USD", "XBT", "USD", 1, 3},
    {"PF_ETHUSD", "PF_ETHUSD", "ETH:USD", "ETH", "USD", 2, 3},
};

/* Asset, other name, unified code. */
static const char *const assets[][3] = {{"XXBT", "XBT", "BTC"}, {"XETH", "ETH", "ETH"},  {"SOL", "SOL", "SOL"},
                                        {"XXRP", "XRP", "XRP"}, {"XXDG", "XDG", "DOGE"}, {"ZUSD", "USD", "USD"}};
#define ASSETS (sizeof assets / sizeof assets[0])

const char *kraken_asset(const char *currency) {
  for (size_t i = 0; i < ASSETS; i++)
    if (strcmp(assets[i][2], currency) == 0) return assets[i][0];
  return currency;
}

const char *kraken_currency(const char *asset) {
  for (size_t i = 0; asset != NULL && i < ASSETS; i++)
    for (size_t k = 0; k < 3; k++)
      if (strcasecmp(assets[i][k], asset) == 0) return assets[i][2];
  return NULL;
}

int32_t kraken_pair_named(const char *name) {
  for (int32_t i = 0; name != NULL && i < KRAKEN_SPOT_MARKETS; i++)
    if (strcasecmp(name, kraken_pairs[i].id) == 0 || strcasecmp(name, kraken_pairs[i].altname) == 0 ||
        strcasecmp(name, kraken_pairs[i].wsname) == 0 || strcasecmp(name, kraken_rows[i].symbol) == 0)
      return i;
  return -1;
}

int32_t kraken_pair_by_symbol(const char *name) {
  for (int32_t i = 0; name != NULL && i < KRAKEN_SPOT_MARKETS; i++)
    if (strcmp(name, kraken_rows[i].symbol) == 0) return i;
  return -1;
}

int32_t kraken_product_named(const char *name) {
  for (int32_t i = KRAKEN_SPOT_MARKETS; name != NULL && i < PAPER_MARKETS; i++)
    if (strcasecmp(name, kraken_pairs[i].id) == 0) return i;
  return -1;
}

int32_t kraken_starts(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

/* --- Ids: numbers, stirred so that they look like Kraken's, and can be told from those that are made up --- */

static uint64_t check_of(uint64_t mixed, char kind) {
  return (mixed >> 17 ^ mixed * 31 ^ (uint64_t)kind * 0x51ed27) >> 7;
}

const char *kraken_txid(char out[KRAKEN_ID_SIZE], char kind, uint64_t number) {
  static const char digits[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  uint64_t mixed = sim_stir(number), check = check_of(mixed, kind);
  char plain[16];
  for (int32_t i = 0; i < 13; i++) plain[i] = digits[mixed >> (5 * i) & 31];
  for (int32_t i = 0; i < 3; i++) plain[13 + i] = digits[check >> (5 * i) & 31];
  (void)snprintf(out, KRAKEN_ID_SIZE, "%c%.5s-%.5s-%.6s", kind, plain, plain + 5, plain + 10);
  return out;
}

uint64_t kraken_txid_number(char kind, const char *text) {
  static const char digits[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  char again[KRAKEN_ID_SIZE], plain[17];
  uint64_t mixed = 0;
  if (text == NULL || strlen(text) != 19 || text[0] != kind) return 0;
  (void)snprintf(plain, sizeof plain, "%.5s%.5s%.6s", text + 1, text + 7, text + 13);
  for (int32_t i = 0; i < 13; i++) {
    const char *digit = strchr(digits, plain[i]);
    if (digit == NULL || *digit == '\0') return 0;
    mixed |= (uint64_t)(digit - digits) << (5 * i);
  }
  uint64_t number = sim_unstir(mixed);
  return strcmp(kraken_txid(again, kind, number), text) == 0 ? number : 0;
}

/* --- Numbers --- */

void kraken_add_raw(cJSON *object, const char *name, const char *text) {
  if (name != NULL)
    cJSON_AddRawToObject(object, name, text);
  else
    cJSON_AddItemToArray(object, cJSON_CreateRaw(text));
}

void kraken_add_units(cJSON *object, const char *name, int64_t units, int32_t scale, int32_t places) {
  kraken_add_raw(object, name, sim_units_text(units, scale, places));
}

void kraken_add_money(cJSON *object, const char *name, paper_money money, int32_t places) {
  kraken_add_raw(object, name, sim_money_text(money, places));
}

void kraken_add_text(cJSON *object, const char *name, int64_t units, int32_t scale, int32_t places) {
  const char *text = sim_units_text(units, scale, places);
  if (name != NULL)
    cJSON_AddStringToObject(object, name, text);
  else
    cJSON_AddItemToArray(object, cJSON_CreateString(text));
}

void kraken_add_seconds(cJSON *object, const char *name, int64_t time_ns) {
  char text[KRAKEN_TEXT_SIZE];
  (void)snprintf(text, sizeof text, "%lld.%06lld", (long long)(time_ns / KRAKEN_SECOND),
                 (long long)(time_ns % KRAKEN_SECOND / 1000));
  kraken_add_raw(object, name, time_ns == 0 ? "0" : text);
}

const char *kraken_price_text(sim *s, uint32_t market, int64_t price) {
  return sim_units_text(price, kraken_market(s, market)->price_scale, kraken_pairs[market].price_decimals);
}

const char *kraken_amount_text(sim *s, uint32_t market, int64_t amount) {
  return sim_units_text(amount, kraken_market(s, market)->amount_scale, kraken_pairs[market].amount_decimals);
}

void kraken_add_price(cJSON *object, const char *name, uint32_t market, sim *s, int64_t price) {
  kraken_add_raw(object, name, kraken_price_text(s, market, price));
}

void kraken_add_amount(cJSON *object, const char *name, uint32_t market, sim *s, int64_t amount) {
  kraken_add_raw(object, name, kraken_amount_text(s, market, amount));
}

const char *kraken_average_text(sim *s, uint32_t market, paper_money cost, int64_t amount) {
  if (amount == 0) return kraken_price_text(s, market, 0);
  bourse_decimal average = bourse__paper_average(kraken_market(s, market), cost, amount, 4);
  return sim_decimal_text(&average);
}
