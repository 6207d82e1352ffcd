"""Candles since a time, with the digits the exchange wrote. Usage: 02_candles.py [EXCHANGE [SYMBOL [TIMEFRAME]]]"""
import sys
import time

import bourse

given = sys.argv[1:] + ["paper", "BTC/USDT", "1m"][len(sys.argv) - 1 :]
name, symbol, timeframe = given[:3]
an_hour_ago = time.time_ns() - 3600 * 10**9
try:
    with bourse.Exchange(name) as exchange:
        for candle in exchange.fetch_candles(symbol, timeframe, since_ns=an_hour_ago, limit=10):
            print(candle.time_ns, candle.open, candle.high, candle.low, candle.close, candle.volume)
except bourse.BourseError as error:
    sys.exit(str(error))
