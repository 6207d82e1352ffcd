/* The scenario that all bindings run alike (see ../README.md). Usage: scenario EXCHANGE ADDRESS KEY SECRET */
#include "bourse.hpp"

#include <iostream>

template <class Call>
static void failure(const char *what, Call call) {
  try {
    call();
    std::cout << what << " went through\n";
  } catch (const bourse::Error &error) {
    std::cout << what << ' ' << error.name() << ' ' << error.outcome_name() << ' '
              << (error.exchange_code().empty() ? "-" : error.exchange_code()) << '\n';
  }
}

static const char *word(bool value) { return value ? "True" : "False"; }

static const char *status_word(int32_t status) {
  return status == BOURSE_ORDER_OPEN ? "open" : status == BOURSE_ORDER_CANCELED ? "canceled" : "else";
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  bourse::Options options;
  options.address = argv[2], options.key = argv[3], options.secret = argv[4];
  bourse::Exchange exchange(argv[1], options);
  std::cout << "ticker " << word(bourse::Decimal(exchange.fetch_ticker("BTC/USDT")->last) > 0) << '\n';
  auto book = exchange.fetch_order_book("BTC/USDT", 5);
  std::cout << "book " << book->bid_count << ' ' << book->ask_count << ' '
            << word(bourse::Decimal(book->bids[0].price) < book->asks[0].price) << '\n';
  std::cout << "candles " << exchange.fetch_candles("BTC/USDT", "1m", 0, 3).size() << '\n';
  for (const bourse_balance &balance : exchange.fetch_balances())
    if (std::string_view(balance.currency) == "USDT") std::cout << "balance " << balance.total << '\n';
  auto order = [](const char *amount) {
    return bourse::order("BTC/USDT", BOURSE_SIDE_BUY, BOURSE_ORDER_LIMIT, amount, "20000");
  };
  auto placed = exchange.create_order(order("0.01"));
  std::cout << "placed " << status_word(placed->status) << ' ' << placed->price << ' ' << placed->amount << '\n';
  auto found = exchange.fetch_order("BTC/USDT", nullptr, placed->client_order_id);
  std::cout << "found " << word(std::string_view(found->id) == placed->id) << '\n';
  std::cout << "open " << exchange.fetch_open_orders("BTC/USDT").size() << '\n';
  std::cout << "canceled " << status_word(exchange.cancel_order("BTC/USDT", placed->id)->status) << '\n';
  failure("no market", [&] { exchange.fetch_ticker("NO/SUCH"); });
  failure("too fine", [&] { exchange.create_order(order("0.0123456789")); });
  failure("too much", [&] { exchange.create_order(order("9")); });
  bourse_request first = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TICKER), second = first;
  first.symbol = "BTC/USDT", second.symbol = "ETH/USDT";
  auto one = exchange.submit<bourse_ticker>(first), two = exchange.submit<bourse_ticker>(second);
  std::cout << "together " << one.get()->symbol;
  std::cout << ' ' << two.get()->symbol << '\n';
  bourse::Stream stream = exchange.watch_ticker("BTC/USDT");
  const bourse_stream_event *event;
  do event = stream.next();
  while (event->count == 0 || event->state != BOURSE_STREAM_LIVE);
  std::cout << "live " << stream.record<bourse_ticker>(*event, 0).symbol << '\n';
}
