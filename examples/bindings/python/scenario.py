"""The scenario that all bindings run alike (see ../README.md). Usage: scenario.py EXCHANGE ADDRESS KEY SECRET"""
import asyncio
import sys

import bourse

name, address, key, secret = sys.argv[1:5]


def failure(what, call):
    try:
        call()
        print(what, "went through")
    except bourse.BourseError as error:
        print(what, error.code, error.outcome, error.exchange_code or "-")


async def together(exchange):
    tickers = await asyncio.gather(*(exchange.later.fetch_ticker(s) for s in ("BTC/USDT", "ETH/USDT")))
    print("together", *(t.symbol for t in tickers))
    async for event in exchange.watch_ticker(symbol="BTC/USDT"):
        if event.records and event.state == "live":
            print("live", event.records[0].symbol)
            break


exchange = bourse.Exchange(name, key=key, secret=secret, hosts={"*": address})
print("ticker", exchange.fetch_ticker("BTC/USDT").last > 0)
book = exchange.fetch_order_book("BTC/USDT", limit=5)
print("book", len(book.bids), len(book.asks), book.bids[0].price < book.asks[0].price)
print("candles", len(exchange.fetch_candles("BTC/USDT", "1m", limit=3)))
print("balance", next(b.total for b in exchange.fetch_balances() if b.currency == "USDT"))
order = {"symbol": "BTC/USDT", "side": "buy", "type": "limit", "amount": "0.01", "price": "20000"}
placed = exchange.create_order(**order)
print("placed", placed.status, placed.price, placed.amount)
print("found", exchange.fetch_order(symbol="BTC/USDT", client_order_id=placed.client_order_id).id == placed.id)
print("open", len(exchange.fetch_open_orders(symbol="BTC/USDT")))
print("canceled", exchange.cancel_order(symbol="BTC/USDT", order_id=placed.id).status)
failure("no market", lambda: exchange.fetch_ticker("NO/SUCH"))
failure("too fine", lambda: exchange.create_order(**order | {"amount": "0.0123456789"}))
failure("too much", lambda: exchange.create_order(**order | {"amount": "9"}))
asyncio.run(together(exchange))
exchange.close()
