-- A live ticker: five prices. Usage: luajit 05_live_ticker.lua [EXCHANGE [SYMBOL [ADDRESS]]]
local bourse = require("bourse")
local exchange = bourse.open(arg[1] or "binance", {hosts = arg[3] and {["*"] = arg[3]}})
local left = 5
for event in exchange:watch_ticker({symbol = arg[2] or "BTC/USDT"}):events() do
  for _, ticker in ipairs(event.records) do
    print(ticker.symbol, ticker.last)
    left = left - 1
  end
  if event.error then print(event.error) end
  if left <= 0 then break end
end
exchange:close()
