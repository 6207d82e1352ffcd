-- The last price of a market. Usage: luajit 01_ticker.lua [EXCHANGE [SYMBOL]]
local bourse = require("bourse")
local symbol = arg[2] or "BTC/USDT"
local exchange = bourse.open(arg[1] or "paper")
print(symbol, exchange:fetch_ticker(symbol).last)
exchange:close()
