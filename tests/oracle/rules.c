/* rules.c - where the oracle's client and the exchange's documentation disagree, and the documentation wins. Each rule holds
 * for all cases it fits; what it allows is printed with its reason, never passed over in silence. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oracle/oracle.h"

typedef struct rule {
  const char *exchange; /* of the adapter, or "*" */
  const char *method;   /* HTTP method, or "*" */
  const char *path;     /* pattern */
  const char
      *theirs; /* path of the value they send; NULL: they send none; the same as ours (then a pattern): it differs */
  const char *ours; /* path of the value we send; NULL: we send none */
  const char
      *their_value; /* pattern, or "more": a greater number; NULL: any; under another name: that of ours, or more */
  const char *our_value; /* pattern */
  const char *reason;
} rule;

static const rule rules[] = {
    {"*", "GET", "*", "query.limit", "query.limit", "more", "*[05]",
     "a page holds no more: the rest is asked for in others"},
    {"*", "GET", "*", "query.size", "query.size", "more", "*[05]",
     "a page holds no more: the rest is asked for in others"},
    {"*", "GET", "*", "query.pageSize", "query.pageSize", "more", "*[05]",
     "a page holds no more: the rest is asked for in others"},
    {"*", "GET", "*", "query.count", "query.count", "more", "*[05]",
     "a page holds no more: the rest is asked for in others"},
    {"binance", "GET", "/?api/v1/*lines", "query.limit", "query.limit", "1000", "1???",
     "documented: a page of candles of futures holds 1500"},
    {"binance", "*", "/sapi/v1/margin/*", "query.isIsolated", "query.isIsolated", "true", "TRUE",
     "the documented values are TRUE and FALSE, in upper case"},
    {"binance", "*", "/sapi/v1/margin/*", "body.isIsolated", "body.isIsolated", "true", "TRUE",
     "the documented values are TRUE and FALSE, in upper case"},
    {"binance", "POST", "/?api/v1/algoOrder", "body.activationPrice", "body.activatePrice", NULL, NULL,
     "the documented name of the activation price at this path is activatePrice"},
    {"binance", "POST", "/?api/v1/algoOrder", NULL, "body.activatePrice", NULL, NULL,
     "the documented name of the activation price at this path is activatePrice"},
    {"binance", "POST", "/?api/v1/algoOrder", "body.newClientOrderId", "body.clientAlgoId", NULL, NULL,
     "the documented name of the client's id at this path is clientAlgoId"},
    {"binance", "*", "/?api/v1/batchOrders", "body.batchOrders*.reduceOnly", "body.batchOrders*.reduceOnly",
     "true true", "string true", "the documented type is a string"},
    {"binance", "GET", "/futures/data/openInterestHist", "query.pair", "query.pair", NULL, NULL,
     "a pair is documented without the part that names the contract"},
    {"binance", "GET", "/futures/data/openInterestHist", "query.contractType", "query.contractType", NULL, "PERPETUAL",
     "the documented type of a perpetual contract is PERPETUAL"},
    {"binance", "GET", "/fapi/v1/order", "path", "path", "/fapi/v1/openOrder", NULL,
     "the order is asked for by its id, whatever has become of it"},
    {"binance", "GET", "/dapi/v1/order", "path", "path", "/dapi/v1/openOrder", NULL,
     "the order is asked for by its id, whatever has become of it"},
    {"binance", "GET", "/?api/v1/algoOrder", "path", "path", "/?api/v1/openOrder", NULL,
     "conditional orders are kept by a service of their own"},
    {"binance", "*", "/dapi/v1/algoOrder", "path", "path", "/dapi/v1/order", NULL,
     "COIN-M keeps conditional orders like USD-M since both are one"},
    {"binance", "*", "/?api/v1/algoOrder", "query.orderId", "query.algoId", NULL, NULL,
     "the documented name of a conditional order's id"},
    {"binance", "*", "/?api/v1/algoOrder", "query.origClientOrderId", "query.clientAlgoId", NULL, NULL,
     "the documented name of a conditional order's client id"},
    {"binance", "POST", "/?api/v1/algoOrder", "body.stopPrice", "body.triggerPrice", NULL, NULL,
     "the documented name of the trigger at this path is triggerPrice"},
    {"binance", "GET", "/dapi/v1/allAlgoOrders", "path", "path", "/dapi/v1/allOrders", NULL,
     "COIN-M keeps conditional orders like USD-M since both are one"},
    {"binance", "DELETE", "/dapi/v1/algoOpenOrders", "path", "path", "/dapi/v1/allOpenOrders", NULL,
     "COIN-M keeps conditional orders like USD-M since both are one"},
    {"binance", "POST", "/fapi/v1/order/test", "path", "path", "/fapi/v1/order", NULL,
     "the documented path of an order that is tried out; theirs would place it"},
    {"binance", "GET", "/*/all*Orders", NULL, "query.limit", NULL, NULL,
     "documented: how many; their client leaves some of all out"},
    {"binance", "GET", "/fapi/v1/symbolConfig", NULL, "query.symbol", NULL, NULL,
     "documented: the settings of one market; their client picks them out of all"},
    {"binance", "POST", "/api/v3/orderList/*", NULL, "body.aboveClientOrderId", NULL, NULL,
     "every order is named before it is sent; the parameter is documented"},
    {"binance", "POST", "/api/v3/orderList/*", NULL, "body.belowClientOrderId", NULL, NULL,
     "every order is named before it is sent; the parameter is documented"},
    {"binance", "POST", "/api/v3/orderList/*", NULL, "body.newOrderRespType", NULL, NULL,
     "documented, and the kind of answer is a client's own choice"},
    {"binance", "POST", "/sapi/v1/margin/order/*", NULL, "body.newOrderRespType", NULL, NULL,
     "documented, and the kind of answer is a client's own choice"},
    {"okx", "POST", "/api/v5/trade/order-algo", NULL, "body.algoClOrdId", NULL, NULL,
     "every order is named before it is sent, and this is the documented name of the client's id here"},
    {"okx", "POST", "/api/v5/trade/cancel-all-after", "body.timeOut", "body.timeOut", "number *", "string *",
     "the documented type is a string"},
    {"okx", "POST", "/api/v5/account/set-leverage", "body.lever", "body.lever", "number *", "string *",
     "the documented type is a string"},
    {"okx", "GET", "/api/v5/trade/orders-history-archive", "path", "path", "/api/v5/trade/orders-history", NULL,
     "the recent list goes back seven days, and older orders were asked for"},
    {"okx", "GET", "/api/v5/trade/fills-history", "path", "path", "/api/v5/trade/fills", NULL,
     "the recent list goes back three days, and older fills were asked for"},
    {"okx", "GET", "/api/v5/trade/fills", "path", "path", "/api/v5/trade/fills-history", NULL,
     "the recent list has what is newer than three days"},
    {"okx", "GET", "/api/v5/account/bills-archive", "path", "path", "/api/v5/account/bills", NULL,
     "the recent list goes back seven days, and older entries were asked for"},
    {"okx", "GET", "/api/v5/account/bills*", NULL, "query.begin", NULL, NULL,
     "documented: from which time on; their client leaves it out"},
    {"okx", "GET", "/api/v5/*", "query.uly", "query.instFamily", NULL, NULL,
     "instFamily is the documented name; uly is the older one, and is not that of all contracts"},
    {"okx", "POST", "/api/v5/account/spot-manual-borrow-repay", "path", "path", "/api/v5/account/borrow-repay", NULL,
     "the other path is that of loans for VIPs"},
    {"okx", "GET", "/api/v5/finance/savings/lending-rate-history", "query.before", "query.before", NULL, NULL,
     "documented: later than this time, so it is one before the first that is wanted"},
    {"okx", "POST", "/api/v5/trade/order", "body.attachAlgoOrds*.tpOrdKind", NULL, "limit", NULL,
     "documented: a take profit of that kind stands in the book at once; the one asked for waits for its trigger"},
    {"okx", "POST", "/api/v5/trade/*", "body.clientOrderId", NULL, NULL, NULL,
     "not documented; under its documented name it is sent"},
    {"okx", "POST", "/api/v5/trade/close-position", NULL, "body.clOrdId", NULL, NULL,
     "every order is named before it is sent; the parameter is documented"},
    {"okx", "GET", "/api/v5/trade/orders-algo-*", "query.ordType", "query.ordType", "trigger", "conditional,oco",
     "the orders of all kinds are asked for, one kind after the other, of which this is the first"},
    {"okx", "GET", "/api/v5/trade/*", "query.instType", "query.instType", "SPOT", "MARGIN",
     "documented: orders and fills on margin are of this type"},
    {"okx", "GET", "/api/v5/account/bills*", "query.instType", "query.instType", "SPOT", "MARGIN",
     "documented: what is on margin is of this type"},
    {"okx", "GET", "/api/v5/account/bills", "path", "path", "/api/v5/account/bills-archive", NULL,
     "the recent list has what is newer than seven days"},
    {"okx", "GET", "/api/v5/account/bills*", "query.instType", NULL, "SWAP", NULL,
     "the name of the market tells its kind"},
    {"okx", "GET", "/api/v5/account/bills-archive", "query.ccy", NULL, NULL, NULL,
     "the name of the market tells what it pays in"},
    {"okx", "GET", "/api/v5/account/bills*", NULL, "query.instId", NULL, NULL,
     "documented: the entries of one market are asked for; theirs are those of all of its kind"},
    {"okx", "GET", "/api/v5/account/bills*", "query.ctType", NULL, NULL, NULL, "the name of the market tells its kind"},
    {"okx", "GET", "/api/v5/account/bills*", NULL, "query.end", NULL, NULL,
     "documented: until which time; their client leaves it out"},
    {"okx", "GET", "/api/v5/account/interest-accrued", "query.mgnMode", NULL, "cross", NULL,
     "documented as optional: without it the interest of both kinds is told"},
    {"okx", "GET", "/api/v5/market/*candles[?]*bar=?Mutc*", "query.after", "query.after", NULL, NULL,
     "no more months than are wanted begin before it: the newest come first, and of more the first would be missing"},
    {"okx", "GET", "/api/v5/market/index-candles", "query.instId", "query.instId", "", NULL,
     "an index is documented to have the name of its pair"},
    {"okx", "GET", "/api/v5/market/history-index-candles", "query.instId", "query.instId", "", NULL,
     "an index is documented to have the name of its pair"},
    {"okx", "GET", "/api/v5/market/history-trades", "path", "path", "/api/v5/market/trades", NULL,
     "trades of a time were asked for; the other path tells the newest alone"},
    {"okx", "GET", "/api/v5/market/history-trades", NULL, "query.type", NULL, "2", "documented: pages go by time"},
    {"okx", "GET", "/api/v5/market/history-trades", NULL, "query.after", NULL, NULL,
     "documented: older than this time; their client leaves the end out"},
    {"okx", "GET", "/api/v5/public/funding-rate-history", NULL, "query.after", NULL, NULL,
     "documented: older than this time; their client leaves the end out"},
    {"okx", "GET", "/api/v5/account/interest-accrued", NULL, "query.after", NULL, NULL,
     "documented: older than this time; their client leaves the end out"},
    {"okx", "GET", "/api/v5/public/mark-price", NULL, "query.instType", NULL, NULL, "documented as required"},
    {"okx", "GET", "/api/v5/public/mark-price", "query.instType", "query.instType", "SPOT", "MARGIN",
     "documented: that of a pair of spot is of its trading on margin"},
    {"okx", "GET", "/api/v5/public/open-interest", "query.uly", NULL, NULL, NULL,
     "documented as optional: the name of the market tells it"},
    {"okx", "GET", "/api/v5/public/funding-rate", "query.instId", "query.instId", "ANY", NULL,
     "documented: one market, where one is asked for"},
    {"okx", "GET", "/api/v5/rubik/stat/contracts/open-interest-history", "path", "path",
     "/api/v5/rubik/stat/contracts/open-interest-volume", NULL,
     "documented: that of one market; their path tells that of all contracts of a currency"},
    {"okx", "GET", "/api/v5/rubik/stat/contracts/open-interest-history", "query.ccy", NULL, NULL, NULL,
     "documented: that of one market; their path tells that of all contracts of a currency"},
    {"okx", "GET", "/api/v5/rubik/stat/contracts/open-interest-history", NULL, "query.instId", NULL, NULL,
     "documented as required: that of one market; their path tells that of all contracts of a currency"},
    {"okx", "GET", "/api/v5/rubik/stat/contracts/open-interest-history", NULL, "query.limit", NULL, NULL,
     "documented, and it was asked for"},
    {"okx", "GET", "/api/v5/rubik/stat/contracts/open-interest-history", "query.period", "query.period", "1D", "1Dutc",
     "days that begin at midnight UTC, as those of candles do"},
    {"okx", "GET", "/api/v5/account/positions", "query.instType", NULL, NULL, NULL,
     "documented as optional: the name of the market tells it"},
    {"okx", "POST", "/api/v5/account/set-leverage", "body.posSide", NULL, "net", NULL,
     "documented are long and short, for isolated positions of both sides"},
    {"okx", "POST", "/api/v5/account/position/margin-balance", "body.amt", "body.amt", "number *", "string *",
     "the documented type is a string"},
    {"okx", "GET", "/api/v5/*", "query.after", "query.after", NULL, "+1 ms",
     "documented: older than this time, and what is of that very time was asked for, too"},
    {"kraken", "GET", "/api/history/v3/orders", "path", "path", "/api/history/v2/orders", NULL,
     "version 3 is the documented one; version 2 is another name of it"},
    {"kraken", "GET", "/api/history/v3/triggers", "path", "path", "/api/history/v2/triggers", NULL,
     "version 3 is the documented one; version 2 is another name of it"},
    {"kraken", "GET", "/api/history/v3/executions", "path", "path", "/api/history/v2/executions", NULL,
     "version 3 is the documented one; version 2 is another name of it"},
    {"kraken", "GET", "/api/history/v3/*", NULL, "params.tradeable", NULL, NULL,
     "documented: the market whose events are told; their client picks them out of those of all"},
    {"kraken", "GET", "/api/history/v3/*", NULL, "params.sort", NULL, "asc",
     "documented: from a time on, the oldest first; without it the newest come"},
    {"kraken", "POST", "/derivatives/api/v3/editorder", NULL, "params.qtyMode", NULL, "ABSOLUTE",
     "documented: without it a size may be taken as a difference"},
    {"kraken", "GET", "/derivatives/api/v3/tickers/*", "path", "path", "/derivatives/api/v3/tickers", NULL,
     "the ticker of one market is documented to have a path of its own"},
    {"kraken", "GET", "/derivatives/api/v4/historicalfundingrates", "path", "path",
     "/derivatives/api/v3/historicalfundingrates", NULL,
     "the same under a later version, of which payloads are recorded"},
    {"kraken", "GET", "/derivatives/api/v4/historicalfundingrates", "path", "path",
     "/derivatives/api/v3/historical-funding-rates", NULL,
     "the same under a later version, of which payloads are recorded"},
    {"kraken", "POST", "/0/private/AddOrder", NULL, "body.cl_ord_id", NULL, NULL,
     "every order is named before it is sent; the parameter is documented"},
    {"kraken", "POST", "/0/private/AddOrderBatch", NULL, "body.orders*.cl_ord_id", NULL, NULL,
     "every order is named before it is sent; the parameter is documented"},
    {"kraken", "POST", "/0/private/OpenOrders", "path", "path", "/0/private/QueryOrders", NULL,
     "orders of a client's id are found in the lists: the call that takes ids of the exchange knows no others"},
    {"kraken", "POST", "/0/private/OpenOrders", "body.userref", "body.cl_ord_id", NULL, NULL,
     "the documented name of the client's id; the other is a number, and not the client's id of an order"},
    {"kraken", "POST", "/0/private/TradeVolume", "body.fee-info", NULL, "true", NULL,
     "not documented: fees are told of the pairs that are named"},
    {"kraken", "POST", "/0/private/OpenOrders", "body.start", NULL, NULL, NULL,
     "not documented: all open orders are told"},
    {"kraken", "*", "/*", "*.until", NULL, NULL, NULL, "not documented: what is later is left out of the reply"},
    {"kraken", "*", "/*", "*.trigger", NULL, "true", NULL,
     "not documented: lists and cancels are of orders of all kinds"},
    {"kraken", "*", "/*", "*.marginMode", NULL, NULL, NULL, "not documented: there is no such parameter"},
    {"kraken", "*", "/*", "*.triggerDirection", NULL, NULL, NULL, "not documented: the type of the order tells it"},
    {"kraken", "POST", "/0/private/BalanceEx", "body.type", NULL, NULL, NULL, "not documented: all are told"},
    {"kraken", "POST", "/0/private/AddOrder", "body.timeinforce", NULL, "PO", NULL,
     "not documented: that an order only posts is one of its flags"},
    {"kraken", "POST", "/0/private/CancelOrderBatch", "body.orders", NULL, "[[]]", NULL,
     "no order is named by the exchange's id"},
    {"kraken", "POST", "/0/private/CancelOrderBatch", "body.clientOrderIds", "body.cl_ord_ids", NULL, NULL,
     "the documented name of clients' ids"},
    {"kraken", "POST", "/derivatives/api/v3/batchorder", "params.json.clientOrderIds*", NULL, NULL, NULL,
     "not documented: each of the list names its order"},
    {"kraken", "GET", "/api/history/v3/*", "path", "path", "/derivatives/api/v3/orders/status", NULL,
     "that tells of open orders, and of those that ended seconds ago; the history tells of all"},
    {"kraken", "GET", "/api/history/v3/executions", "path", "path", "/derivatives/api/v3/fills", NULL,
     "fills until a time stand in the history: the others are the newest hundred"},
    {"kraken", "GET", "/api/history/v3/*", NULL, "params.before", NULL, NULL, "documented: until which time"},
    {"kraken", "GET", "/api/charts/*", NULL, "params.to", NULL, NULL, "documented: until which time"},
    {"kraken", "POST", "/0/private/OpenOrders", "path", "path", "/0/private/CancelAll", NULL,
     "that cancels orders of all markets: those of the one that was named are looked up, and canceled"},
    {"kraken", "POST", "/0/private/AddOrder", "body.leverage", "body.leverage", "number *", "string *",
     "the documented type is a string"},
    {"kraken", "POST", "/0/private/*", "body.end", "body.end", NULL, NULL,
     "the end is documented in seconds, and counts; theirs is a second later, or in milliseconds"},
    {"kraken", "GET", "/api/history/v3/*", "params.before", "params.before", NULL, NULL,
     "the last moment that is wanted is wanted, too"},
    {"kraken", "POST", "/derivatives/api/v3/editorder", "params.clientOrderId", "params.cliOrdId", NULL, NULL,
     "the documented name of the client's id"},
    {"kraken", "POST", "/derivatives/api/v3/orders/status", "params.cliOrdId", "params.cliOrdIds", NULL, NULL,
     "the documented name of the client's id"},
    {"kraken", "POST", "/derivatives/api/v3/sendorder", NULL, "params.cliOrdId", NULL, NULL,
     "every order is named before it is sent; the parameter is documented"},
    {"kraken", "POST", "/derivatives/api/v3/sendorder", "params.orderType", "params.orderType", "lmt", "ioc",
     "the documented word for an order that is filled at once or canceled"},
    {"kraken", "POST", "/derivatives/api/v3/sendorder", "params.orderType", "params.orderType", "lmt", "fok",
     "the documented word for an order that is filled at once and whole, or canceled"},
    {"kraken", "POST", "/derivatives/api/v3/cancelorder", "params.clientOrderId", "params.cliOrdId", NULL, NULL,
     "the documented name of the client's id"},
    {"kraken", "POST", "/derivatives/api/v3/orders/status", "params.clientOrderId", "params.cliOrdIds", NULL, NULL,
     "the documented name of the client's id"},
    {"kraken", "POST", "/derivatives/api/v3/orders/status", "http_method", "http_method", "GET", "POST",
     "the documented method of this path is POST"},
    {"kraken", "GET", "/api/history/v3/*", "params.from", "params.since", NULL, NULL,
     "the documented name of the beginning at this path is since"},
    {"kraken", "GET", "/api/history/v3/*", NULL, "params.since", NULL, NULL, "documented: from which time on"},
    {"kraken", "GET", "/api/history/v3/*", NULL, "params.count", NULL, NULL, "documented: how many events are told"},
    {"kraken", "POST", "/derivatives/api/v3/withdrawal", NULL, "params.sourceWallet", NULL, NULL,
     "documented: without it the money is taken from the cash wallet"},
    {"kraken", "POST", "/derivatives/api/v3/withdrawal", "params.currency", "params.currency", "usd", "USD",
     "currencies are documented in capitals"},
    {"kraken", "POST", "/derivatives/api/v3/transfer", "params.unit", "params.unit", "usd", "USD",
     "currencies are documented in capitals"},
    {"kraken", "POST", "/derivatives/api/v3/transfer", "params.*Account", "params.*Account", "cash", "flex",
     "the wallet of contracts with many collaterals is documented as flex"},
    {"bybit", "POST", "/v5/order/create", NULL, "body.marketUnit", NULL, NULL,
     "documented: without it what a quantity is depends on the side"},
    {"bybit", "POST", "/v5/order/create", NULL, "body.triggerBy", NULL, "LastPrice",
     "documented; the price that is taken without it is not"},
    {"bybit", "POST", "/v5/order/create", NULL, "body.orderLinkId", NULL, NULL,
     "every order is named before it is sent; the parameter is documented"},
    {"bybit", "POST", "/v5/order/create", "body.reduceOnly", NULL, NULL, NULL,
     "whether a conditional order may open a position is the caller's to say"},
    {"bybit", "POST", "/v5/order/create", "body.tpslMode", NULL, "Partial", NULL,
     "documented for contracts alone: on spot each attached order says what it is"},
    {"bybit", "POST", "/v5/order/amend", "body.triggerPrice", "body.triggerPrice", "number *", "string *",
     "the documented type is a string"},
    {"bybit", "POST", "/v5/order/amend", "body.triggerBy", NULL, "LastPrice", NULL,
     "by which price an order is triggered stays as it is"},
    {"bybit", "POST", "/v5/position/trading-stop", NULL, "body.tpslMode", NULL, "Full", "documented as required"},
    {"bybit", "POST", "/v5/position/trading-stop", NULL, "body.positionIdx", NULL, NULL, "documented as required"},
    {"bybit", "GET", "/v5/order/realtime", "path", "path", "/v5/order/history", NULL,
     "the order is asked for by its id, whatever has become of it"},
    {"bybit", "GET", "/v5/order/realtime", "query.orderStatus", NULL, NULL, NULL,
     "the order is asked for by its id, whatever has become of it"},
    {"bybit", "GET", "/v5/order/history", "query.orderStatus", NULL, "Cancelled", NULL,
     "on spot an order that was filled in part has another status: canceled ones are picked out of all"},
    {"bybit", "GET", "/v5/order/history", "query.orderFilter", NULL, "StopOrder", NULL,
     "not documented where those that were triggered are listed: conditional orders are picked out of all"},
    {"bybit", "GET", "/v5/order/realtime", "query.settleCoin", NULL, "USDT", NULL,
     "wanted of linear contracts alone; inverse ones do not settle in it"},
    {"bybit", "GET", "/v5/order/realtime", "query.orderFilter", NULL, "StopOrder", NULL,
     "on spot conditional orders are of several kinds: they are picked out of all"},
    {"bybit", "GET", "/v5/position/list", "query.settleCoin", NULL, "USDT", NULL,
     "wanted of linear contracts alone; inverse ones do not settle in it"},
    {"bybit", "GET", "/v5/market/tickers", NULL, "query.symbol", NULL, NULL,
     "documented: the row of one market; their client picks it out of all"},
    {"bybit", "GET", "/v5/market/risk-limit", NULL, "query.symbol", NULL, NULL,
     "documented: the tiers of one market; their client picks them out of all"},
    {"bybit", "GET", "/v5/market/*kline", "query.end", "query.end", NULL, NULL,
     "with both ends the newest rows before the end come: the end is that of the page"},
    {"bybit", "GET", "/v5/execution/list", "query.size", "query.limit", "more", NULL,
     "the documented name of how many is limit"},
    {"bybit", "GET", "/v5/account/transaction-log", NULL, "query.accountType", NULL, "UNIFIED", "documented"},
    {"bybit", "GET", "/v5/account/fee-rate", NULL, "query.category", NULL, NULL, "documented as required"},
    {"bybit", "GET", "/v5/account/borrow-history", "path", "path", "/v5/spot-cross-margin-trade/account", NULL,
     "their path is that of accounts before the unified one"},
    {"bybit", "GET", "/v5/account/borrow-history", NULL, "query.*", NULL, NULL,
     "their path is that of accounts before the unified one"},
    {"bybit", "GET", "/v5/account/collateral-info", "path", "path", "/v5/spot-margin-trade/data", NULL,
     "the rate of the account itself, and not that of accounts without a level"},
    {"bybit", "GET", "/v5/account/collateral-info", "query.vipLevel", NULL, "No VIP", NULL,
     "the rate of the account itself, and not that of accounts without a level"},
    {"bybit", "GET", "/v5/account/collateral-info", NULL, "headers.X-BAPI-*", NULL, NULL,
     "the rate of the account itself, and not that of accounts without a level"},
    {"bybit", "GET", "/v5/asset/deposit/query-address", NULL, "query.chainType", NULL, NULL,
     "documented: the address on one network; their client picks it out of all"},
    {"bybit", "GET", "/v5/asset/coin/query-info", NULL, "query.coin", NULL, NULL,
     "documented: one currency; their client picks it out of all"},
    {"bybit", "POST", "/v5/asset/transfer/inter-transfer", "body.*AccountType", "body.*AccountType", "SPOT", "UNIFIED",
     "the wallets of a unified account are unified and funding"},
    {"bybit", "GET", "/v5/asset/withdraw/query-record", NULL, "query.withdrawType", NULL, "2",
     "documented: withdrawals inside the exchange are told too"},
    {"bybit", "GET", "/v5/market/funding/history", "query.limit", "query.limit", NULL, "200",
     "the newest rows come: from a time on, all of that time are asked for"},
    {"bybit", "GET", "/v5/market/funding/history", NULL, "query.limit", NULL, "200",
     "the newest rows come: from a time on, all of that time are asked for"},
    {"bybit", "GET", "/v5/market/funding/history", "query.endTime", "query.endTime", NULL, NULL,
     "a beginning wants an end, which is of a client's choice"},
    {"bybit", "GET", "/v5/market/orderbook", NULL, "query.limit", NULL, NULL,
     "documented: without it one level alone comes on spot"},
    {"coinbase", "GET", "/api/v3/brokerage/time", "path", "path", "/v2/time", NULL,
     "the newer interface answers the same question"},
    {"coinbase", "GET", "/api/v3/brokerage/accounts", "path", "path", "/v2/accounts", NULL,
     "the newer interface lists the same wallets, with what is held of each"},
    {"coinbase", "GET", "/api/v3/brokerage/accounts", "jwt.payload.uri", "jwt.payload.uri",
     "GET api.coinbase.com/v2/accounts", NULL, "the newer interface lists the same wallets, with what is held of each"},
    {"coinbase", "GET", "/api/v3/brokerage/market/products", NULL, "query.product_type", NULL, "SPOT",
     "documented: what is listed without it has changed before"},
    {"coinbase", "GET", "/api/v3/brokerage/orders/historical/*", "query.product_id", "query.product_ids", NULL, NULL,
     "the documented name is that of a list"},
    {"coinbase", "*", "*", "jwt.payload.uris[0]", "jwt.payload.uri", NULL, NULL,
     "the documented claim is one text, whatever the kind of key"},
    {"coinbase", "GET", "/api/v3/brokerage/cfm/positions", "path", "path", NULL, NULL,
     "the perpetual contracts that theirs is about are traded elsewhere now"},
    {"coinbase", "GET", "/api/v3/brokerage/cfm/positions", "jwt.payload.uri", "jwt.payload.uri", NULL, NULL,
     "the perpetual contracts that theirs is about are traded elsewhere now"},
    {"coinbase", "GET", "/v2/accounts/*/transactions", "path", "path", "/v2/accounts/*s", NULL,
     "documented: deposits and withdrawals of what is no money of a state are among the transactions"},
    {"coinbase", "GET", "/v2/accounts/*/transactions", "jwt.payload.uri", "jwt.payload.uri", NULL, NULL,
     "documented: deposits and withdrawals of what is no money of a state are among the transactions"},
    {"coinbase", "GET", "/api/v3/brokerage/orders/historical/batch", "query.order_status", "query.order_status", "OPEN",
     "PENDING", "documented: a status is asked for beside no other; those that are not in the book yet come first"},
    {"coinbase", "GET", "/api/v3/brokerage/orders/historical/batch", NULL, "query.order_status", NULL, "*QUEUED",
     "documented: a status is asked for beside no other; those that are not in the book yet come first"},
    {"coinbase", "GET", "/api/v3/brokerage/orders/historical/*", NULL, "query.product_type", NULL, NULL,
     "documented: orders of the product that was asked for"},
    {"coinbase", "GET", "/api/v3/brokerage/orders/historical/*", NULL, "query.product_types", NULL, NULL,
     "documented: orders of the product that was asked for"},
    {"coinbase", "GET", "/api/v3/brokerage/orders/historical/*", "query.end_*", "query.end_*", NULL, "+1 ms",
     "documented: the end is not itself within, and here it is"},
    {"coinbase", "GET", "/api/v3/brokerage/*/candles", "query.granularity", "query.granularity", "4h", "FOUR_HOUR",
     "the documented word"},
    {"coinbase", "GET", "/api/v3/brokerage/*/ticker", NULL, "query.limit", NULL, NULL, "documented as required"},
    {"coinbase", "GET", "/api/v3/brokerage/*", "query.product_type", "query.product_type", "SPOT", "FUTURE",
     "the market that was asked for is a future"},
    {"coinbase", "POST", "/api/v3/brokerage/orders*", "body.leverage", "body.leverage", "number *", "string *",
     "the documented type is a string"},
    {"kucoin", "GET", "/api/v1/accounts", "query.type", "query.type", "trade_hf", "trade",
     "documented: trade; the other is the older name of the same account"},
    {"kucoin", "GET", "/api/v3/margin/accounts", "path", "path", "/api/v1/margin/account", NULL,
     "version 3 is the documented one"},
    {"kucoin", "GET", "/api/v3/*/accounts", NULL, "query.queryType", NULL, NULL,
     "documented: without it the accounts of before are told, too"},
    {"kucoin", "POST", "/api/v3/margin/*", NULL, "body.isHf", NULL, "true",
     "documented: without it the account of before is meant, which has no orders any more"},
    {"kucoin", "POST", "/api/v3/withdrawals", "body.amount", "body.amount", "number *", "string *",
     "the documented type is a string"},
    {"kucoin", "DELETE", "/api/v3/orders", "path", "path", "/api/v1/orders", NULL,
     "the older path of the same weighs eighty times as much"},
    {"kucoin", "POST", "/api/v3/accounts/universal-transfer", "host", "host", "api-futures.kucoin.com", NULL,
     "one path serves transfers between all wallets; that of futures alone is the older one"},
    {"kucoin", "POST", "/api/v3/accounts/universal-transfer", "path", "path", NULL, NULL,
     "one path serves transfers between all wallets; that of futures alone is the older one"},
    {"kucoin", "POST", "/api/v3/accounts/universal-transfer", "body.recAccountType", NULL, NULL, NULL,
     "toAccountType at the path that serves all wallets"},
    {"kucoin", "POST", "/api/v3/accounts/universal-transfer", NULL, "body.clientOid", NULL, NULL,
     "documented as required at the path that serves all wallets"},
    {"kucoin", "POST", "/api/v3/accounts/universal-transfer", NULL, "body.type", NULL, "INTERNAL",
     "documented as required at the path that serves all wallets"},
    {"kucoin", "POST", "/api/v3/accounts/universal-transfer", NULL, "body.toAccountType", NULL, NULL,
     "documented as required at the path that serves all wallets"},
    {"kucoin", "POST", "/api/*/stop-order", NULL, "body.stop", NULL, NULL,
     "documented: whether the price rises or falls to the trigger; theirs leaves it to the exchange"},
    {"kucoin", "POST", "/api/v3/hf/margin/stop-order", "body.tradeType", NULL, NULL, NULL,
     "isIsolated is the documented name of which account it is; tradeType is that of lists"},
    {"kucoin", "POST", "/api/v3/hf/margin/*", "body.marginModel", NULL, "isolated", NULL,
     "isIsolated is the documented name of which account it is"},
    {"kucoin", "POST", "/api/v3/hf/margin/*", NULL, "body.isIsolated", NULL, "true",
     "isIsolated is the documented name of which account it is"},
    {"kucoin", "POST", "/api/v1/hf/orders/multi", "body.symbol", NULL, NULL, NULL,
     "not documented: each order of the list names its market"},
    {"kucoin", "*", "/api/v1/hf/orders*", "path", "path", "/api/v1/orders*", NULL,
     "documented: the older paths are abandoned"},
    {"kucoin", "*", "/api/v1/hf/orders*", "path", "path", "/api/v1/order/client-order/*", NULL,
     "documented: the older paths are abandoned"},
    {"kucoin", "*", "/api/v1/hf/orders/*", NULL, "query.symbol", NULL, NULL,
     "documented as required at the path that is not abandoned"},
    {"kucoin", "GET", "/api/v1/hf/fills", "path", "path", "/api/v1/fills", NULL,
     "documented: the older paths are abandoned"},
    {"kucoin", "GET", "/api/v1/hf/fills", NULL, "query.limit", NULL, NULL,
     "documented: how many are told; the older path is abandoned"},
    {"kucoin", "POST", "/api/v3/hf/margin/order", "path", "path", "/api/v1/margin/order", NULL,
     "documented: the older paths are abandoned"},
    {"kucoin", "GET", "/api/v1/hf/orders/active", "query.startAt", NULL, NULL, NULL,
     "not documented: all open orders of the market are told"},
    {"kucoin", "GET", "/api/v1/hf/orders/active", "query.endAt", NULL, NULL, NULL,
     "not documented: all open orders of the market are told"},
    {"kucoin", "GET", "/api/v1/hf/orders/active", "query.pageSize", NULL, NULL, NULL,
     "not documented: all open orders of the market are told"},
    {"kucoin", "GET", "/api/*/orders/done", "query.pageSize", "query.limit", NULL, NULL,
     "the documented name of how many is limit"},
    {"kucoin", "DELETE", "/api/v1/stop-order/cancelOrderByClientOid", NULL, "query.symbol", NULL, NULL, "documented"},
    {"kucoin", "GET", "/api/v3/deposit-addresses", "path", "path", "/api/v1/deposit-addresses", NULL,
     "version 3 is the documented one"},
    {"kucoin", "GET", "/api/v3/deposit-addresses", "path", "path", "/api/v2/deposit-addresses", NULL,
     "version 3 is the documented one"},
    {"kucoin", "GET", "/api/v3/margin/interest", "path", "path", "/api/v3/margin/accounts", NULL,
     "what was charged has a list of its own; theirs tells what is owed now"},
    {"kucoin", "GET", "/api/v3/margin/interest", "path", "path", "/api/v3/isolated/accounts", NULL,
     "what was charged has a list of its own; theirs tells what is owed now"},
    {"kucoin", "GET", "/api/v3/margin/interest", "query.quoteCurrency", "query.currency", NULL, NULL,
     "what was charged has a list of its own; theirs tells what is owed now"},
    {"kucoin", "GET", "/api/v3/margin/interest", "query.balanceCurrency", "query.currency", NULL, NULL,
     "what was charged has a list of its own; theirs tells what is owed now"},
    {"kucoin", "GET", "/api/v3/margin/interest", NULL, "query.isIsolated", NULL, NULL, "documented"},
    {"kucoin", "GET", "/api/v3/margin/interest", NULL, "query.symbol", NULL, NULL,
     "documented: the market of an isolated account"},
    {"kucoin", "GET", "/api/v2/position", "path", "path", "/api/v1/position", NULL,
     "version 2 tells positions of both sides, too"},
    {"kucoin", "POST", "/api/v1/position/margin/deposit-margin", "body.margin", "body.margin", "string *", "number *",
     "the documented type is a number"},
    {"kucoin", "POST", "/api/v1/*orders*", "body*.leverage", NULL, "1", NULL,
     "theirs sets what was not asked for; a leverage is the caller's to say"},
    {"kucoin", "POST", "/api/v1/orders", "body.timeInForce", NULL, "PO", NULL,
     "not documented: that an order only posts is a flag of its own"},
    {"kucoin", "GET", "/api/v1/transaction-history", "host", "host", "api.kucoin.com", NULL,
     "the book of futures is on their host; theirs asks for that of spot"},
    {"kucoin", "GET", "/api/v1/transaction-history", "path", "path", "/api/v1/hf/accounts/ledgers", NULL,
     "the book of futures is on their host; theirs asks for that of spot"},
    {"kucoin", "GET", "/api/v1/transaction-history", "query.limit", "query.maxCount", NULL, NULL,
     "the documented name of how many is maxCount"},
    {"kucoin", "GET", "/api/v1/contracts/*", "host", "host", "api.kucoin.com", NULL,
     "the list of contracts tells it, on the host of futures; theirs asks the unified account's interface"},
    {"kucoin", "GET", "/api/v1/contracts/*", "path", "path", "/api/ua/v?/market/*", NULL,
     "the list of contracts tells it, on the host of futures; theirs asks the unified account's interface"},
    {"kucoin", "GET", "/api/v1/contracts/*", "path", "path", "/api/v3/mark-price/all-symbols", NULL,
     "the list of contracts tells it, on the host of futures; theirs asks for the prices of margin"},
    {"kucoin", "GET", "/api/v1/contracts/*", "query.symbol", NULL, NULL, NULL,
     "the list of contracts tells it, on the host of futures; theirs asks the unified account's interface"},
    {"kucoin", "GET", "/api/ua/v1/market/open-interest", NULL, "query.endAt", NULL, NULL,
     "the newest rows come: what is wanted from a time on has an end, which is of a client's choice"},
    {"kucoin", "GET", "/api/v3/margin/borrowRate", "path", "path", "/api/ua/v1/account/interest-limits", NULL,
     "that of classic accounts; theirs asks the unified account's interface"},
    {"kucoin", "GET", "/api/v1/orders", NULL, "query.pageSize", NULL, NULL, "documented: how many orders a page has"},
    {"kucoin", "GET", "/api/v1/stopOrders", NULL, "query.pageSize", NULL, NULL,
     "documented: how many orders a page has"},
    {"kraken", "GET", "/derivatives/api/v3/history", "path", "path", "/api/history/v3/market/*/executions", NULL,
     "the newest trades have a path of their own; the history tells the same of older ones"},
    {"kraken", "GET", "/derivatives/api/v3/history", NULL, "params.symbol", NULL, NULL,
     "the newest trades have a path of their own; the history tells the same of older ones"},
    {"kucoin", "GET", "/api/v?/*", "path", "path", "/api/ua/v1/market/*", NULL,
     "public data is the same for all accounts, and is asked for where classic accounts ask"},
    {"kucoin", "GET", "/api/v1/status", "path", "path", "/api/ua/v1/server/status", NULL,
     "public data is the same for all accounts, and is asked for where classic accounts ask"},
    {"kucoin", "GET", "/api/v3/currencies", "path", "path", "/api/ua/v1/asset/currencies", NULL,
     "public data is the same for all accounts, and is asked for where classic accounts ask"},
    {"kucoin", "GET", "/api/v1/market/candles", "query.interval", "query.type", NULL, NULL,
     "public data is the same for all accounts, and is asked for where classic accounts ask"},
    {"kucoin", "GET", "/api/v?/*", "query.tradeType", NULL, "[FS]*", NULL,
     "the unified account's interface wants it; here the path tells"},
    {"kucoin", "GET", "/api/v3/deposit-addresses", "path", "path", "/api/ua/v1/asset/deposit/address", NULL,
     "addresses are the same for all accounts"},
    {"kucoin", "GET", "/api/v3/deposit-addresses", NULL, "query.chain", NULL, NULL,
     "documented; theirs picks the network out of all"},
    {"kucoin", "POST", "/api/ua/v1/unified/order/place", "body.leverage", NULL, NULL, NULL,
     "not documented: what an order has as leverage is set before"},
    {"kucoin", "GET", "/api/v3/deposit-addresses", "path", "path", "/api/v1/deposit-address", NULL,
     "the wallets of all accounts are on the host of spot; theirs asks an older interface"},
    {"kucoin", "GET", "/api/v3/deposit-addresses", "host", "host", "api-futures.kucoin.com", NULL,
     "the wallets of all accounts are on the host of spot; theirs asks an older interface"},
    {"kucoin", "GET", "/api/v3/deposit-addresses", "query.network", NULL, NULL, NULL, "chain is the documented name"},
    {"kucoin", "GET", "/api/v1/deposits", "path", "path", "/api/v1/deposit-list", NULL,
     "the wallets of all accounts are on the host of spot; theirs asks an older interface"},
    {"kucoin", "GET", "/api/v1/deposits", "host", "host", "api-futures.kucoin.com", NULL,
     "the wallets of all accounts are on the host of spot; theirs asks an older interface"},
    {"kucoin", "GET", "/api/v1/withdrawals", "path", "path", "/api/v1/withdrawal-list", NULL,
     "the wallets of all accounts are on the host of spot; theirs asks an older interface"},
    {"kucoin", "GET", "/api/v1/withdrawals", "host", "host", "api-futures.kucoin.com", NULL,
     "the wallets of all accounts are on the host of spot; theirs asks an older interface"},
    {"kucoin", "GET", "/api/v1/transaction-history", "query.currency", "query.currency", "BTC", "XBT",
     "what futures call the currency"},
    {"kucoin", "GET", "/api/*", "query.until", NULL, NULL, NULL,
     "not documented: what is later is left out of the reply"},
    {"kucoin", "*", "/api/*", "*.trigger", NULL, "true", NULL, "not documented: the path tells, or the id alone"},
    {"kucoin", "POST", "/api/*", "body.triggerDirection", NULL, NULL, NULL,
     "not documented: the parameter for that is stop"},
    {"kucoin", "GET", "/api/v1/funding-history", NULL, "query.endAt", NULL, NULL, "documented: until which time"},
    {"kucoin", "GET", "/api/v1/contracts/risk-limit/*", "query.*", NULL, NULL, NULL,
     "the path names the market; theirs asks the unified account's interface"},
    {"kucoin", "POST", "/api/v3/position/update-user-leverage", "body.symbol", NULL, NULL, NULL,
     "documented for isolated margin: that of cross margin is one for all markets"},
    {"kucoin", "POST", "/api/v3/position/update-user-leverage", "body.isIsolated", NULL, "false", NULL,
     "documented as what holds without it"},
    {"kucoin", "GET", "/api/v1/deposits", NULL, "query.endAt", NULL, NULL, "documented: until which time"},
    {"kucoin", "GET", "/api/v1/withdrawals", NULL, "query.endAt", NULL, NULL, "documented: until which time"},
    {"kucoin", "GET", "/api/ua/v1/*", NULL, "query.pageSize", NULL, "200",
     "how many come at once is a client's own choice"},
    {"kucoin", "GET", "/api/ua/v1/account/ledger", "query.limit", "query.pageSize", NULL, NULL,
     "the documented name of how many is pageSize"},
    {"kucoin", "POST", "/api/v3/accounts/universal-transfer", "body.*AccountType", "body.*AccountType", "MARGIN",
     "MARGIN_V2", "the account of today's orders; the other name is that of the account before"},
    {"kucoin", "POST", "/api/v3/accounts/universal-transfer", "body.*AccountType", "body.*AccountType", "ISOLATED",
     "ISOLATED_V2", "the account of today's orders; the other name is that of the account before"},
    {"kucoin", "POST", "/api/v3/accounts/universal-transfer", "body.payAccountType", NULL, NULL, NULL,
     "fromAccountType at the path that serves all wallets"},
    {"kucoin", "POST", "/api/v3/accounts/universal-transfer", NULL, "body.fromAccountType", NULL, NULL,
     "documented as required at the path that serves all wallets"},
};

/* Requests that are not made. */
static const struct {
  const char *exchange;
  const char *path; /* pattern */
  const char *part; /* of path, query or body */
  const char *reason;
} unsent[] = {
    {"binance", "/sapi/v1/margin/allPairs", "",
     "whether a market has margin is in the list of all markets, which needs no key"},
    {"binance", "/sapi/v1/margin/isolated/allPairs", "",
     "which accounts of isolated margin there are is not part of what a market is here"},
    {"coinbase", "/api/v3/brokerage/market/products", "contract_expiry_type=PERPETUAL",
     "the contracts that are listed there are traded elsewhere now; those of the US are in the list before"},
    {"coinbase", "/api/v3/brokerage/*", "-PERP-INTX", "that contract is traded elsewhere now, and not listed"},
};

/* "number *" and "string *": the same value, of another type. */
static const char *rest_of_value(const char *value, const char *wanted) {
  size_t length = wanted == NULL ? 0 : strlen(wanted);
  if (value == NULL || length == 0 || wanted[length - 1] != '*' || strncmp(value, wanted, length - 1) != 0) return NULL;
  return value + length - 1;
}

/* Rest of `path` behind `prefix`, which ends at a whole name; NULL when it does not begin so. */
static const char *rest_of(const char *path, const char *prefix) {
  size_t length = strlen(prefix);
  if (strncmp(path, prefix, length) != 0 || (path[length] != '\0' && path[length] != '.' && path[length] != '['))
    return NULL;
  return path + length;
}

static int is_equal(const char *value, const char *wanted) {
  return wanted == NULL || (value != NULL && fnmatch(wanted, value, 0) == 0);
}

/* "+1 ms": ours is a millisecond later, in milliseconds or written out. */
static int is_just_after(const char *theirs, const char *ours) {
  int64_t before, after;
  if (strchr(theirs, 'T') == NULL) return strtoll(ours, NULL, 10) == strtoll(theirs, NULL, 10) + 1;
  return bourse_time_parse(&before, theirs) == BOURSE_OK && bourse_time_parse(&after, ours) == BOURSE_OK &&
         after == before + 1000000;
}

/* Of two whole numbers without zeros before them. */
static int is_more(const char *a, const char *b) {
  size_t length = strlen(a), other = strlen(b);
  if (strspn(a, "0123456789") != length || strspn(b, "0123456789") != other) return 0;
  return length != other ? length > other : strcmp(a, b) > 0;
}

static int wants_more(const rule *one) { return one->their_value != NULL && strcmp(one->their_value, "more") == 0; }

static int are_allowed(const rule *one, const difference *d) {
  if (one->our_value != NULL && strcmp(one->our_value, "+1 ms") == 0) return is_just_after(d->expected, d->ours);
  const char *theirs = rest_of_value(d->expected, one->their_value), *ours = rest_of_value(d->ours, one->our_value);
  if (theirs != NULL && ours != NULL) return strcmp(theirs, ours) == 0;
  if (wants_more(one)) return is_more(d->expected, d->ours) && is_equal(d->ours, one->our_value);
  return is_equal(d->ours, one->our_value) && is_equal(d->expected, one->their_value);
}

/* The same value sent differently: both paths are one pattern. */
static void apply_to_value(const rule *one, difference *list) {
  for (difference *d = list; d != NULL; d = d->next)
    if (d->noted == NULL && d->ours != NULL && d->expected != NULL && fnmatch(one->ours, d->path, 0) == 0 &&
        are_allowed(one, d))
      d->noted = one->reason;
}

/* A value that they alone send. */
static void apply_to_theirs(const rule *one, difference *list) {
  for (difference *d = list; d != NULL; d = d->next)
    if (d->noted == NULL && d->ours == NULL && d->expected != NULL && fnmatch(one->theirs, d->path, 0) == 0 &&
        is_equal(d->expected, one->their_value))
      d->noted = one->reason;
}

/* A value under another name, or one that they do not send. */
static void apply_to_name(const rule *one, difference *list) {
  for (difference *ours = list; ours != NULL; ours = ours->next) {
    const char *rest = rest_of(ours->path, one->ours);
    if (one->theirs == NULL && rest == NULL && fnmatch(one->ours, ours->path, 0) == 0) rest = "";
    if (rest == NULL || ours->noted != NULL || ours->ours == NULL || ours->expected != NULL ||
        !is_equal(ours->ours, one->our_value))
      continue;
    if (one->theirs == NULL) ours->noted = one->reason;
    for (difference *theirs = list; one->theirs != NULL && theirs != NULL; theirs = theirs->next) {
      const char *their_rest = rest_of(theirs->path, one->theirs);
      if (their_rest == NULL || theirs->noted != NULL || theirs->ours != NULL || strcmp(their_rest, rest) != 0 ||
          (strcmp(theirs->expected, ours->ours) != 0 && !(wants_more(one) && is_more(theirs->expected, ours->ours))))
        continue;
      theirs->noted = ours->noted = one->reason;
      break;
    }
  }
}

const char *reason_unsent(const oracle_exchange *exchange, const oracle_message *message) {
  const char *const texts[] = {message->path, message->query, message->body};
  for (size_t i = 0; i < sizeof unsent / sizeof unsent[0]; i++)
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
      if (strcmp(unsent[i].exchange, exchange->name) == 0 && fnmatch(unsent[i].path, message->path, 0) == 0 &&
          strstr(texts[k], unsent[i].part) != NULL)
        return unsent[i].reason;
  return NULL;
}

static int is_of_path(const rule *one, const char *path, const char *target) {
  return fnmatch(one->path, strstr(one->path, "[?]") == NULL ? path : target, 0) == 0;
}

void apply_rules(const oracle_exchange *exchange, const char *method, const char *path, const char *target,
                 difference *list) {
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
    if (strcmp(rules[i].exchange, exchange->name) == 0 &&
        (rules[i].method[0] == '*' || strcmp(rules[i].method, method) == 0) && is_of_path(&rules[i], path, target))
      (rules[i].ours == NULL                                                    ? apply_to_theirs
       : rules[i].theirs != NULL && strcmp(rules[i].theirs, rules[i].ours) == 0 ? apply_to_value
                                                                                : apply_to_name)(&rules[i], list);
}
