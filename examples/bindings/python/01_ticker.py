"""The last price of a market. Usage: 01_ticker.py [EXCHANGE [SYMBOL]]"""
import sys

import bourse

name, symbol = (sys.argv[1:] + ["paper", "BTC/USDT"][len(sys.argv) - 1:])[:2]
try:
    with bourse.Exchange(name) as exchange:
        print(symbol, exchange.fetch_ticker(symbol).last)
except bourse.BourseError as error:
    sys.exit(str(error))
