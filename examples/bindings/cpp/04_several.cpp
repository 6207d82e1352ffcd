/* Several requests at once. Usage: 04_several [EXCHANGE] */
#include "bourse.hpp"

#include <iostream>

int main(int argc, char **argv) {
  bourse::Exchange exchange(argc > 1 ? argv[1] : "paper");
  std::vector<bourse::Pending<bourse_ticker>> tickers;
  for (const char *symbol : {"BTC/USDT", "ETH/USDT", "NO/SUCH"}) {
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TICKER);
    request.symbol = symbol;
    tickers.push_back(exchange.submit<bourse_ticker>(request));
  }
  for (auto &ticker : tickers) try {
      auto result = ticker.get();
      std::cout << result->symbol << ' ' << result->last << '\n';
    } catch (const bourse::Error &error) {
      std::cout << error.what() << '\n';
    }
}
