-- The scenario that all bindings run alike (see ../README.md). Usage: luajit scenario.lua EXCHANGE ADDRESS KEY SECRET
local bourse = require("bourse")
local exchange = bourse.open(arg[1], {hosts = {["*"] = arg[2]}, key = arg[3], secret = arg[4]})
local zero = bourse.decimal("0")

local function say(...)
  local words = {...}
  for i, word in ipairs(words) do words[i] = word == true and "True" or tostring(word) end
  print(table.concat(words, " "))
end

local function failure(what, operation, ...)
  local went, e = pcall(exchange[operation], exchange, ...)
  if went then return say(what, "went through") end
  say(what, e.code, e.outcome, e.exchange_code ~= "" and e.exchange_code or "-")
end

local function order(amount) return {symbol = "BTC/USDT", side = "buy", type = "limit", amount = amount, price = "20000"} end

say("ticker", exchange:fetch_ticker("BTC/USDT").last > zero)
local book = exchange:fetch_order_book("BTC/USDT", {limit = 5})
say("book", #book.bids, #book.asks, book.bids[1].price < book.asks[1].price)
say("candles", #exchange:fetch_candles("BTC/USDT", "1m", {limit = 3}))
for _, balance in ipairs(exchange:fetch_balances()) do
  if balance.currency == "USDT" then say("balance", balance.total) end
end
local placed = exchange:create_order(order("0.01"))
say("placed", placed.status, placed.price, placed.amount)
say("found", exchange:fetch_order({symbol = "BTC/USDT", client_order_id = placed.client_order_id}).id == placed.id)
say("open", #exchange:fetch_open_orders({symbol = "BTC/USDT"}))
say("canceled", exchange:cancel_order({symbol = "BTC/USDT", order_id = placed.id}).status)
failure("no market", "fetch_ticker", "NO/SUCH")
failure("too fine", "create_order", order("0.0123456789"))
failure("too much", "create_order", order("9"))
local first, second = exchange.later:fetch_ticker("BTC/USDT"), exchange.later:fetch_ticker("ETH/USDT")
say("together", exchange.context:wait(first).symbol, exchange.context:wait(second).symbol)
for event in exchange:watch_ticker({symbol = "BTC/USDT"}):events() do
  if event.state == "live" and #event.records > 0 then
    say("live", event.records[1].symbol)
    break
  end
end
exchange:close()
