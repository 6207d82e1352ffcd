"""A live ticker in asyncio: five prices. Usage: 05_live_ticker.py [EXCHANGE [SYMBOL [ADDRESS]]]"""
import asyncio
import sys

import bourse

name, symbol, address = (sys.argv[1:] + ["binance", "BTC/USDT", None][len(sys.argv) - 1 :])[:3]


async def main():
    left = 5
    with bourse.Exchange(name, hosts={"*": address} if address else None) as exchange:
        async for event in exchange.watch_ticker(symbol=symbol):
            for ticker in event.records:
                print(ticker.symbol, ticker.last)
                left -= 1
            if event.error:
                print(event.error)
            if left <= 0:
                break


asyncio.run(main())
