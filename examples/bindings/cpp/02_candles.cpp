/* Candles since a time, with the digits the exchange wrote. Usage: 02_candles [EXCHANGE [SYMBOL [TIMEFRAME]]] */
#include "bourse.hpp"

#include <ctime>
#include <iostream>

int main(int argc, char **argv) try {
  bourse::Exchange exchange(argc > 1 ? argv[1] : "paper");
  int64_t an_hour_ago = (int64_t{std::time(nullptr)} - 3600) * 1000000000;
  for (const bourse_candle &candle :
       exchange.fetch_candles(argc > 2 ? argv[2] : "BTC/USDT", argc > 3 ? argv[3] : "1m", an_hour_ago, 10))
    std::cout << candle.time_ns << ' ' << candle.open << ' ' << candle.high << ' ' << candle.low << ' ' << candle.close << ' '
              << candle.volume << '\n';
} catch (const bourse::Error &error) {
  std::cerr << error.what() << '\n';
  return 1;
}
