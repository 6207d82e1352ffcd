/* A proven order book: best prices whenever it is live. Usage: 06_live_book [EXCHANGE [SYMBOL [ADDRESS]]] */
#include "bourse.hpp"

#include <iostream>

int main(int argc, char **argv) {
  bourse::Options options;
  options.address = argc > 3 ? argv[3] : nullptr;
  bourse::Exchange exchange(argc > 1 ? argv[1] : "binance", options);
  bourse::Stream books = exchange.watch_order_book(argc > 2 ? argv[2] : "BTC/USDT", 20);
  for (int left = 5; left > 0;) {
    const bourse_stream_event *event = books.next();
    if (event->kind == BOURSE_STREAM_GAP) std::cout << "a gap; the book is repaired\n";
    if (event->kind != BOURSE_STREAM_DATA || event->state != BOURSE_STREAM_LIVE) continue;
    auto [bid, ask] = books.best();
    std::cout << bid.amount << " at " << bid.price << ", " << ask.amount << " at " << ask.price << '\n';
    left--;
  }
}
