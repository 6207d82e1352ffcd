"""Places an order on the paper exchange, looks for it, cancels it; and one that is refused."""
from decimal import Decimal

import bourse

with bourse.Exchange("paper") as exchange:
    for balance in exchange.fetch_balances():
        print("have", balance.total, balance.currency)
    order = exchange.create_order(symbol="BTC/USDT", side="buy", type="limit", amount=Decimal("0.01"), price=Decimal("50000"))
    print(order.client_order_id, "is", order.status, "at", order.price)
    print("open orders:", len(exchange.fetch_open_orders()))
    print("now", exchange.cancel_order(symbol="BTC/USDT", client_order_id=order.client_order_id).status)
    try:
        exchange.create_order(symbol="BTC/USDT", side="buy", type="limit", amount=Decimal("9000"), price=Decimal("50000"))
    except bourse.BourseError as error:
        print(error.code, error.outcome, error.client_order_id)
