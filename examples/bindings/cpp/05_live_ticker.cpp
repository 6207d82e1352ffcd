/* A live ticker: five prices. Usage: 05_live_ticker [EXCHANGE [SYMBOL [ADDRESS]]] */
#include "bourse.hpp"

#include <iostream>

int main(int argc, char **argv) {
  bourse::Options options;
  options.address = argc > 3 ? argv[3] : nullptr;
  bourse::Exchange exchange(argc > 1 ? argv[1] : "binance", options);
  bourse::Stream stream = exchange.watch_ticker(argc > 2 ? argv[2] : "BTC/USDT");
  for (uint32_t seen = 0; seen < 5;) {
    const bourse_stream_event *event = stream.next();
    if (event->error != nullptr) std::cout << event->error->message << '\n';
    for (uint32_t i = 0; i < event->count; i++, seen++) {
      const auto &ticker = stream.record<bourse_ticker>(*event, i);
      std::cout << ticker.symbol << ' ' << ticker.last << '\n';
    }
  }
}
