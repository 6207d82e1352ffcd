/* Places an order on the paper exchange, looks for it, cancels it; and one that is refused. */
#include "bourse.hpp"

#include <iostream>

int main() {
  bourse::Exchange exchange("paper");
  for (const bourse_balance &balance : exchange.fetch_balances())
    std::cout << "have " << balance.total << ' ' << balance.currency << '\n';
  auto placed = exchange.create_order(bourse::order("BTC/USDT", BOURSE_SIDE_BUY, BOURSE_ORDER_LIMIT, "0.01", "50000"));
  std::cout << placed->client_order_id << " is at " << placed->price << '\n';
  std::cout << "open orders: " << exchange.fetch_open_orders().size() << '\n';
  auto canceled = exchange.cancel_order("BTC/USDT", nullptr, placed->client_order_id);
  std::cout << "canceled: " << (canceled->status == BOURSE_ORDER_CANCELED) << '\n';
  try {
    exchange.create_order(bourse::order("BTC/USDT", BOURSE_SIDE_BUY, BOURSE_ORDER_LIMIT, "9000", "50000"));
  } catch (const bourse::Error &error) {
    std::cout << error.name() << ' ' << error.outcome_name() << ' ' << error.client_order_id() << '\n';
  }
}
