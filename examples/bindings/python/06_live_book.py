"""A proven order book: best prices whenever it is live. Usage: 06_live_book.py [EXCHANGE [SYMBOL [ADDRESS]]]"""
import sys

import bourse

name, symbol, address = (sys.argv[1:] + ["binance", "BTC/USDT", None][len(sys.argv) - 1 :])[:3]
left = 5
with bourse.Exchange(name, hosts={"*": address} if address else None) as exchange:
    with exchange.watch_order_book(symbol=symbol, limit=20) as books:
        for event in books:
            if event.kind == "data" and event.state == "live":
                (bid, bid_amount), (ask, ask_amount) = books.best()
                print(f"{bid_amount} at {bid}, {ask_amount} at {ask}")
                left -= 1
            elif event.kind == "gap":
                print("a gap; the book is repaired")
            if left <= 0:
                break
