"""Several requests at once in asyncio. Usage: 04_several.py [EXCHANGE]"""
import asyncio
import sys

import bourse


async def main(name):
    with bourse.Exchange(name) as exchange:
        symbols = ["BTC/USDT", "ETH/USDT"]
        for ticker in await asyncio.gather(*(exchange.later.fetch_ticker(s) for s in symbols)):
            print(ticker.symbol, ticker.last)
        try:
            await exchange.later.fetch_ticker("NO/SUCH")
        except bourse.BourseError as error:
            print(error)


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "paper"))
