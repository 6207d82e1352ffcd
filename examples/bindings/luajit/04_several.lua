-- Several requests at once. Usage: luajit 04_several.lua [EXCHANGE]
local bourse = require("bourse")
local exchange = bourse.open(arg[1] or "paper")
local tickets = {}
for i, symbol in ipairs({"BTC/USDT", "ETH/USDT", "NO/SUCH"}) do tickets[i] = exchange.later:fetch_ticker(symbol) end
for _, ticket in ipairs(tickets) do
  local went, ticker = pcall(exchange.context.wait, exchange.context, ticket)
  if went then print(ticker.symbol, ticker.last) else print(ticker) end
end
exchange:close()
