/* The last price of a market. Usage: 01_ticker [EXCHANGE [SYMBOL]] */
#include "bourse.hpp"

#include <iostream>

int main(int argc, char **argv) try {
  const char *symbol = argc > 2 ? argv[2] : "BTC/USDT";
  bourse::Exchange exchange(argc > 1 ? argv[1] : "paper");
  std::cout << symbol << ' ' << exchange.fetch_ticker(symbol)->last << '\n';
} catch (const bourse::Error &error) {
  std::cerr << error.what() << '\n';
  return 1;
}
