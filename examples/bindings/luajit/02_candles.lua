-- Candles since a time, with the digits the exchange wrote. Usage: luajit 02_candles.lua [EXCHANGE [SYMBOL [TIMEFRAME]]]
local bourse = require("bourse")
local exchange = bourse.open(arg[1] or "paper")
local an_hour_ago = (os.time() - 3600) * 1000000000LL
local candles = exchange:fetch_candles(arg[2] or "BTC/USDT", arg[3] or "1m", {since_ns = an_hour_ago, limit = 10})
for _, candle in ipairs(candles) do
  print(tostring(candle.time_ns):gsub("LL", ""), candle.open, candle.high, candle.low, candle.close, candle.volume)
end
exchange:close()
