-- A proven order book: best prices whenever it is live. Usage: luajit 06_live_book.lua [EXCHANGE [SYMBOL [ADDRESS]]]
local bourse = require("bourse")
local exchange = bourse.open(arg[1] or "binance", {hosts = arg[3] and {["*"] = arg[3]}})
local books = exchange:watch_order_book({symbol = arg[2] or "BTC/USDT", limit = 20})
local left = 5
for event in books:events() do
  if event.kind == "data" and event.state == "live" then
    local bid, bid_amount, ask, ask_amount = books:best()
    print(tostring(bid_amount) .. " at " .. tostring(bid) .. ", " .. tostring(ask_amount) .. " at " .. tostring(ask))
    left = left - 1
  elseif event.kind == "gap" then
    print("a gap; the book is repaired")
  end
  if left <= 0 then break end
end
books:close()
exchange:close()
