-- Places an order on the paper exchange, looks for it, cancels it; and one that is refused.
local bourse = require("bourse")
local exchange = bourse.open("paper")
for _, balance in ipairs(exchange:fetch_balances()) do print("have", balance.total, balance.currency) end
local order = exchange:create_order({symbol = "BTC/USDT", side = "buy", type = "limit", amount = "0.01", price = "50000"})
print(order.client_order_id, "is " .. order.status, order.price)
print("open orders", #exchange:fetch_open_orders())
print("now", exchange:cancel_order({symbol = "BTC/USDT", client_order_id = order.client_order_id}).status)
local went, failure = pcall(exchange.create_order, exchange,
  {symbol = "BTC/USDT", side = "buy", type = "limit", amount = "9000", price = "50000"})
print(went, failure.code, failure.outcome, failure.client_order_id)
exchange:close()
