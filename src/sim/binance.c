/* sim/binance.c - Binance: markets and what all products share. */
#include <stddef.h>
#include <string.h>

#include "sim.h"

#define DEC(coefficient_, exponent_) \
  { coefficient_, 0, exponent_, BOURSE_DECIMAL_PRESENT }

static const sim_market_row markets[PAPER_MARKETS] = {
    {"BTCUSDT", "BTC/USDT", "BTC", "USDT", NULL, DEC(1, -2), DEC(1, -5), DEC(1, -5), DEC(9000, 0), DEC(5, 0),
     DEC(1, -3), DEC(1, -3)},
    {"ETHUSDT", "ETH/USDT", "ETH", "USDT", NULL, DEC(1, -2), DEC(1, -4), DEC(1, -4), DEC(9000, 0), DEC(5, 0),
     DEC(1, -3), DEC(1, -3)},
    {"SOLUSDT", "SOL/USDT", "SOL", "USDT", NULL, DEC(1, -2), DEC(1, -3), DEC(1, -3), DEC(90000, 0), DEC(5, 0),
     DEC(1, -3), DEC(1, -3)},
    {"ETHBTC", "ETH/BTC", "ETH", "BTC", NULL, DEC(1, -5), DEC(1, -4), DEC(1, -4), DEC(100000, 0), DEC(1, -4),
     DEC(1, -3), DEC(1, -3)},
    {"XRPUSDT", "XRP/USDT", "XRP", "USDT", NULL, DEC(1, -4), DEC(1, -1), DEC(1, -1), DEC(9000000, 0), DEC(5, 0),
     DEC(1, -3), DEC(1, -3)},
    {"DOGEUSDT", "DOGE/USDT", "DOGE", "USDT", NULL, DEC(1, -5), DEC(1, 0), DEC(1, 0), DEC(90000000, 0), DEC(1, 0),
     DEC(1, -3), DEC(1, -3)},
    {"BTCUSDT", "BTC/USDT:USDT", "BTC", "USDT", "USDT", DEC(1, -1), DEC(1, -3), DEC(1, -3), DEC(1000, 0), DEC(50, 0),
     DEC(2, -4), DEC(5, -4)},
    {"ETHUSDT", "ETH/USDT:USDT", "ETH", "USDT", "USDT", DEC(1, -2), DEC(1, -3), DEC(1, -3), DEC(10000, 0), DEC(20, 0),
     DEC(2, -4), DEC(5, -4)},
};

static const sim_fund funds[] = {
    {NULL, "USDT", 0, 0, DEC(100000, 0)},
    {NULL, "BTC", 0, 0, DEC(1, 0)},
    {NULL, "ETH", 0, 0, DEC(10, 0)},
    {NULL, "USDT", 1, 0, DEC(100000, 0)},
};

static void request(sim *s, const sim_request *request, sim_reply *reply) {
  cJSON *json = cJSON_CreateObject();
  if (strcmp(request->path, "/api/v3/time") == 0) sim_json_add_integer(json, "serverTime", sim_clock_ns(s) / 1000000);
  sim_reply_json(reply, json);
}

const sim_dialect sim_binance = {
    .name = "binance",
    .title = "Binance",
    .markets = markets,
    .funds = funds,
    .fund_count = sizeof funds / sizeof funds[0],
    .refused_client_ids_reusable = 1,
    .default_key = "sim-key",
    .default_secret = "sim-secret",
    .request = request,
};
