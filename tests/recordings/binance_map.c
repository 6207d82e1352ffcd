/* binance_map.c - Binance's native fields and where they belong, written from its documentation and from the payloads. */
#include <string.h>

#include "recordings/recordings.h"

#define COUNT(array_) (uint32_t)(sizeof(array_) / sizeof((array_)[0]))
#define FAMILY(kind_, path_, lists_, wraps_, fields_, derived_) \
  { BOURSE_KIND_##kind_, path_, lists_, wraps_, fields_, COUNT(fields_), derived_, 0 }
#define FAMILY_OF_ANY(kind_, path_, fields_) \
  { BOURSE_KIND_##kind_, path_, "", "", fields_, COUNT(fields_), "", 1 }

#define SIDES  "BUY=buy SELL=sell"
#define YES_NO "true=true false=false TRUE=true FALSE=false 1=true 0=false"
#define ISOLATED                                                                                                       \
  "true=isolated TRUE=isolated isolated=isolated ISOLATED=isolated false=cross FALSE=cross CROSSED=cross cross=cross " \
  "crossed=cross"
#define POSITION_SIDES "LONG=long SHORT=short"
#define SELF_TRADE \
  "EXPIRE_MAKER=cancel_maker EXPIRE_TAKER=cancel_taker EXPIRE_BOTH=cancel_both DECREMENT=decrement TRANSFER=transfer"
#define TRANSFER_STATES "CONFIRMED=ok PENDING=pending FAILED=failed"

static const map_field time_fields[] = {{"serverTime", "time_ns", HOW_MS, NULL}};

static const map_field status_fields[] = {
    {"status", "status", HOW_ENUM, "0=normal 1=maintenance"},
    {"msg", "message", HOW_SAME, NULL},
};

static const map_field market_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"baseAsset", "base", HOW_SAME, NULL},
    {"quoteAsset", "quote", HOW_SAME, NULL},
    {"marginAsset", "settle", HOW_SAME, NULL},
    {"contractStatus>status", "status", HOW_SAME, NULL},
    {"contractStatus>status", "active", HOW_ENUM,
     "TRADING=true BREAK=false HALT=false SETTLING=false END_OF_DAY=false CLOSE=false PENDING_TRADING=false"},
    {"pair", "pair", HOW_SAME, NULL},
    {"contractSize", "contract_size", HOW_SAME, NULL},
    {"contractType", "perpetual", HOW_ENUM,
     "PERPETUAL=true TRADIFI_PERPETUAL=true CURRENT_QUARTER=false NEXT_QUARTER=false"},
    {"onboardDate", "listed_ns", HOW_MS, NULL},
    {"icebergAllowed", "iceberg", HOW_ENUM, YES_NO},
    {"ocoAllowed", "oco", HOW_ENUM, YES_NO},
    {"allowTrailingStop", "trailing", HOW_ENUM, YES_NO},
    {"quoteOrderQtyMarketAllowed", "quote_order", HOW_ENUM, YES_NO},
    {"filters.PRICE_FILTER.tickSize", "price_tick", HOW_ZERO, NULL},
    {"filters.PRICE_FILTER.minPrice", "price_min", HOW_ZERO, NULL},
    {"filters.PRICE_FILTER.maxPrice", "price_max", HOW_ZERO, NULL},
    {"filters.LOT_SIZE.stepSize", "amount_step", HOW_ZERO, NULL},
    {"filters.LOT_SIZE.minQty", "amount_min", HOW_ZERO, NULL},
    {"filters.LOT_SIZE.maxQty", "amount_max", HOW_ZERO, NULL},
    {"filters.MARKET_LOT_SIZE.stepSize", "market_amount_step", HOW_ZERO, NULL},
    {"filters.MARKET_LOT_SIZE.minQty", "market_amount_min", HOW_ZERO, NULL},
    {"filters.MARKET_LOT_SIZE.maxQty", "market_amount_max", HOW_ZERO, NULL},
    {"filters.NOTIONAL.minNotional>filters.MIN_NOTIONAL.minNotional>filters.MIN_NOTIONAL.notional", "cost_min",
     HOW_ZERO, NULL},
    {"filters.NOTIONAL.maxNotional", "cost_max", HOW_ZERO, NULL},
    {"filters.NOTIONAL.applyMinToMarket>filters.MIN_NOTIONAL.applyToMarket", "cost_min_market", HOW_ENUM, YES_NO},
    {"filters.ICEBERG_PARTS.limit", "iceberg_parts", HOW_SAME, NULL},
};

static const map_field currency_fields[] = {
    {"coin", "id", HOW_SAME, NULL},
    {"coin", "currency", HOW_SAME, NULL},
    {"name", "name", HOW_SAME, NULL},
    {"depositAllEnable", "deposit", HOW_ENUM, YES_NO},
    {"withdrawAllEnable", "withdraw", HOW_ENUM, YES_NO},
    {"isLegalMoney", "fiat", HOW_ENUM, YES_NO},
    {"networkList", "networks", HOW_RECORDS, "29"},
};

static const map_field network_fields[] = {
    {"!network", "id", HOW_SAME, NULL},
    {"!name", "name", HOW_SAME, NULL},
    {"!contractAddress", "contract_address", HOW_SAME, NULL},
    {"!depositEnable", "deposit", HOW_ENUM, YES_NO},
    {"!withdrawEnable", "withdraw", HOW_ENUM, YES_NO},
    {"!minConfirm", "confirmations", HOW_SAME, NULL},
    {"!isDefault", "is_default", HOW_ENUM, YES_NO},
    {"!withdrawFee", "withdraw_fee", HOW_SAME, NULL},
    {"!withdrawMin", "withdraw_min", HOW_SAME, NULL},
    {"!withdrawMax", "withdraw_max", HOW_SAME, NULL},
    {"!withdrawIntegerMultiple", "withdraw_step", HOW_ZERO, NULL},
    {"!depositDust", "deposit_min", HOW_SAME, NULL},
};

static const map_field ticker_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"closeTime>time", "time_ns", HOW_MS, NULL},
    {"openTime", "open_time_ns", HOW_MS, NULL},
    {"lastPrice>price", "last", HOW_SAME, NULL},
    {"lastQty", "last_amount", HOW_SAME, NULL},
    {"bidPrice", "bid", HOW_SAME, NULL},
    {"bidQty", "bid_amount", HOW_SAME, NULL},
    {"askPrice", "ask", HOW_SAME, NULL},
    {"askQty", "ask_amount", HOW_SAME, NULL},
    {"openPrice", "open", HOW_SAME, NULL},
    {"highPrice", "high", HOW_SAME, NULL},
    {"lowPrice", "low", HOW_SAME, NULL},
    {"prevClosePrice", "previous_close", HOW_SAME, NULL},
    {"priceChange", "change", HOW_SAME, NULL},
    {"priceChangePercent", "percent", HOW_SAME, NULL},
    {"weightedAvgPrice", "vwap", HOW_SAME, NULL},
    {"baseVolume>volume", "base_volume", HOW_SAME, NULL},
    {"quoteVolume", "quote_volume", HOW_SAME, NULL},
    {"markPrice", "mark_price", HOW_SAME, NULL},
    {"indexPrice", "index_price", HOW_SAME, NULL},
    {"count", "trade_count", HOW_SAME, NULL},
    {"lastUpdateId", "update_id", HOW_SAME, NULL},
};

static const map_field book_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL}, {"lastUpdateId", "sequence", HOW_SAME, NULL}, {"E|T", "time_ns", HOW_MS, NULL},
    {"bids", "bids", HOW_LEVELS, NULL}, {"asks", "asks", HOW_LEVELS, NULL},
};

static const map_field trade_fields[] = {
    {"id>a", "id", HOW_SAME, NULL},      {"price>p", "price", HOW_SAME, NULL},
    {"qty>q", "amount", HOW_SAME, NULL}, {"quoteQty", "cost", HOW_SAME, NULL},
    {"time>T", "time_ns", HOW_MS, NULL}, {"isBuyerMaker>m", "side", HOW_ENUM, "true=sell false=buy"},
    {"f", "first_id", HOW_SAME, NULL},   {"l", "last_id", HOW_SAME, NULL},
};

static const map_field candle_fields[] = {
    {"[0]", "time_ns", HOW_MS, NULL},
    {"[1]", "open", HOW_SAME, NULL},
    {"[2]", "high", HOW_SAME, NULL},
    {"[3]", "low", HOW_SAME, NULL},
    {"[4]", "close", HOW_SAME, NULL},
    {"[5]", "volume", HOW_SAME, NULL},
    {"[6]", "close_time_ns", HOW_MS, NULL},
    {"[7]", "quote_volume", HOW_SAME, NULL},
    {"[8]", "trade_count", HOW_SAME, NULL},
    {"[9]", "taker_volume", HOW_SAME, NULL},
    {"[10]", "taker_quote_volume", HOW_SAME, NULL},
};

/* Candles of other prices have no volume: what stands in those places is to be ignored. */
static const map_field price_candle_fields[] = {
    {"[0]", "time_ns", HOW_MS, NULL}, {"[1]", "open", HOW_SAME, NULL},  {"[2]", "high", HOW_SAME, NULL},
    {"[3]", "low", HOW_SAME, NULL},   {"[4]", "close", HOW_SAME, NULL}, {"[6]", "close_time_ns", HOW_MS, NULL},
};

static const map_field funding_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"fundingTime>time", "time_ns", HOW_MS, NULL},
    {"nextFundingTime", "next_time_ns", HOW_MS, NULL},
    {"fundingRate>lastFundingRate", "rate", HOW_SAME, NULL},
    {"markPrice", "mark_price", HOW_SAME, NULL},
    {"indexPrice", "index_price", HOW_SAME, NULL},
    {"estimatedSettlePrice", "settle_price", HOW_SAME, NULL},
    {"interestRate", "interest_rate", HOW_SAME, NULL},
    {"fundingIntervalHours", "interval_ns", HOW_HOURS, NULL},
    {"adjustedFundingRateCap", "rate_max", HOW_SAME, NULL},
    {"adjustedFundingRateFloor", "rate_min", HOW_SAME, NULL},
    {"rateType", "kind", HOW_SAME, NULL},
};

static const map_field interest_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"time>timestamp", "time_ns", HOW_MS, NULL},
    {"openInterest>sumOpenInterest", "amount", HOW_SAME, NULL},
    {"sumOpenInterestValue", "value", HOW_SAME, NULL},
};

static const map_field tier_fields[] = {
    {"symbol", "id", HOW_MARKET, NULL},
    {"bracket", "tier", HOW_SAME, NULL},
    {"notionalFloor", "notional_min", HOW_SAME, NULL},
    {"notionalCap", "notional_max", HOW_SAME, NULL},
    {"initialLeverage", "leverage_max", HOW_SAME, NULL},
    {"maintMarginRatio", "maintenance_rate", HOW_SAME, NULL},
    {"cum", "maintenance_amount", HOW_SAME, NULL},
};

static const map_field balance_fields[] = {
    {"asset", "currency", HOW_SAME, NULL},
    {"!free>!availableBalance", "free", HOW_SAME, NULL},
    {"!locked", "used", HOW_SAME, NULL},
    {"!borrowed", "borrowed", HOW_SAME, NULL},
    {"!interest", "interest", HOW_SAME, NULL},
    {"!netAsset", "net", HOW_SAME, NULL},
    {"!walletBalance>!balance", "total", HOW_SAME, NULL},
    {"!unrealizedProfit>!crossUnPnl", "unrealized_pnl", HOW_SAME, NULL},
    {"!marginBalance", "equity", HOW_SAME, NULL},
    {"!updateTime", "time_ns", HOW_MS, NULL},
    {"!walletName", "name", HOW_SAME, NULL},
};

/* Used there is locked, frozen and being withdrawn together. */
static const map_field wallet_fields[] = {
    {"asset", "currency", HOW_SAME, NULL},
    {"free", "free", HOW_SAME, NULL},
};

static const map_field position_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"updateTime", "time_ns", HOW_MS, NULL},
    {"positionAmt", "amount|contracts", HOW_SIZE, NULL},
    {"positionSide?positionAmt", "side", HOW_ENUM, POSITION_SIDES},
    {"positionSide", "hedged", HOW_ENUM, "LONG=true SHORT=true BOTH=false"},
    {"marginType", "margin_mode", HOW_ENUM, ISOLATED},
    {"entryPrice", "entry_price", HOW_ZERO, NULL},
    {"breakEvenPrice", "break_even_price", HOW_ZERO, NULL},
    {"markPrice", "mark_price", HOW_ZERO, NULL},
    {"liquidationPrice", "liquidation_price", HOW_ZERO, NULL},
    {"notional", "notional", HOW_SIZE, NULL},
    {"leverage", "leverage", HOW_SAME, NULL},
    {"unRealizedProfit>unrealizedProfit", "unrealized_pnl", HOW_SAME, NULL},
    {"isolatedMargin", "margin", HOW_ZERO, NULL},
    {"initialMargin", "initial_margin", HOW_SAME, NULL},
    {"maintMargin", "maintenance_margin", HOW_SAME, NULL},
    {"marginAsset", "margin_currency", HOW_SAME, NULL},
    {"adl", "adl_rank", HOW_SAME, NULL},
};

static const map_field leverage_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},        {"marginType", "margin_mode", HOW_ENUM, ISOLATED},
    {"leverage", "leverage", HOW_SAME, NULL},         {"maxNotionalValue", "notional_max", HOW_SAME, NULL},
    {"dualSidePosition", "hedged", HOW_ENUM, YES_NO}, {"multiAssetsMargin", "multi_assets", HOW_ENUM, YES_NO},
};

static const map_field fee_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"makerCommissionRate>makerCommission", "maker", HOW_SAME, NULL},
    {"takerCommissionRate>takerCommission", "taker", HOW_SAME, NULL},
};

/* The rate paid is the sum of the standard, special and tax rates. */
static const map_field fee_sum_fields[] = {{"symbol", "market_id", HOW_MARKET, NULL}};

static const map_field ledger_fields[] = {
    {"symbol", "symbol", HOW_MARKET, NULL},
    {"tranId", "id", HOW_SAME, NULL},
    {"tradeId", "reference", HOW_SAME, NULL},
    {"asset", "currency", HOW_SAME, NULL},
    {"incomeType", "native_kind", HOW_SAME, NULL},
    {"incomeType", "kind", HOW_ENUM, "FUNDING_FEE=funding COMMISSION=fee TRANSFER=transfer REALIZED_PNL=pnl"},
    {"income", "amount", HOW_SAME, NULL},
    {"time", "time_ns", HOW_MS, NULL},
    {"info", "text", HOW_SAME, NULL},
};

static const map_field permission_fields[] = {
    {"enableReading", "read", HOW_ENUM, YES_NO},
    {"enableSpotAndMarginTrading", "spot", HOW_ENUM, YES_NO},
    {"enableMargin", "margin", HOW_ENUM, YES_NO},
    {"enableFutures", "futures", HOW_ENUM, YES_NO},
    {"enableVanillaOptions", "options", HOW_ENUM, YES_NO},
    {"permitsUniversalTransfer|enableInternalTransfer", "transfer", HOW_ENUM, YES_NO},
    {"enableWithdrawals", "withdraw", HOW_ENUM, YES_NO},
    {"ipRestrict", "address_bound", HOW_ENUM, YES_NO},
    {"createTime", "created_ns", HOW_MS, NULL},
    {"tradingAuthorityExpirationTime", "expires_ns", HOW_MS, NULL},
};

static const map_field order_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"orderId>algoId", "id", HOW_TAIL, NULL},
    {"!origClientOrderId?-qty>!clientOrderId>!clientAlgoId", "client_order_id", HOW_SAME, NULL},
    {"status>algoStatus", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM,
     "NEW=open/untriggered PARTIALLY_FILLED=open FILLED=filled CANCELED=canceled REJECTED=rejected EXPIRED=expired "
     "EXPIRED_IN_MATCH=expired PENDING_NEW=pending PENDING_CANCEL=canceling"},
    {"algoStatus", "status", HOW_ENUM,
     "NEW=untriggered TRIGGERED=triggered CANCELED=canceled CANCELLED=canceled REJECTED=rejected EXPIRED=expired"},
    {"side", "side", HOW_ENUM, SIDES},
    {"origType|type|orderType", "native_type", HOW_SAME, NULL},
    {"origType>type>orderType", "type", HOW_ENUM,
     "LIMIT=limit LIMIT_MAKER=limit MARKET=market STOP_LOSS=market STOP_LOSS_LIMIT=limit TAKE_PROFIT_LIMIT=limit "
     "STOP=limit "
     "STOP_MARKET=market TAKE_PROFIT_MARKET=market TRAILING_STOP_MARKET=market"},
    {"type", "post_only", HOW_ENUM, "LIMIT_MAKER=true"},
    {"timeInForce", "time_in_force", HOW_ENUM,
     "IOC=immediate_or_cancel FOK=fill_or_kill GTD=good_till_date GTX=good_till_canceled"},
    {"timeInForce", "post_only", HOW_ENUM, "GTX=true"},
    {"price", "price", HOW_ZERO, NULL},
    {"avgPrice>actualPrice", "average", HOW_ZERO, NULL},
    {"origQty>quantity>qty", "amount|contracts", HOW_SAME, NULL},
    {"executedQty>actualQty?actualOrderId", "filled|filled_contracts", HOW_ZERO, NULL},
    {"cummulativeQuoteQty>cumulativeQuoteQty>cumQuote", "cost", HOW_ZERO, NULL},
    {"origQuoteOrderQty>quoteOrderQty", "requested_cost", HOW_ZERO, NULL},
    {"!time>createTime", "created_ns", HOW_MS, NULL},
    {"updateTime>updatedTime>transactTime>transactionTime", "updated_ns|created_ns", HOW_MS, NULL},
    {"workingTime", "working_ns", HOW_MS, NULL},
    {"goodTillDate", "expire_ns", HOW_MS, NULL},
    {"orderListId", "list_id", HOW_MINUS, NULL},
    {"listClientOrderId?-orderReports", "list_client_id", HOW_SAME, NULL},
    {"contingencyType?-orderReports", "list_kind", HOW_ENUM, "OCO=oco OTO=oto/otoco/opo/opoco"},
    {"stopPrice?-activatePrice>triggerPrice",
     "stop_loss_price|take_profit_price|trigger_price|trailing_activation_price", HOW_ZERO, NULL},
    {"activatePrice", "trailing_activation_price", HOW_ZERO, NULL},
    {"priceRate>callbackRate", "trailing_percent", HOW_ZERO, NULL},
    {"icebergQty", "iceberg_amount", HOW_ZERO, NULL},
    {"reduceOnly", "reduce_only", HOW_ENUM, YES_NO},
    {"closePosition", "close_position", HOW_ENUM, YES_NO},
    {"positionSide", "position_side", HOW_ENUM, POSITION_SIDES},
    {"isIsolated", "margin_mode", HOW_ENUM, ISOLATED},
    {"selfTradePreventionMode", "self_trade", HOW_ENUM, SELF_TRADE},
    {"workingType", "trigger_by", HOW_ENUM, "MARK_PRICE=mark"},
    {"actualOrderId", "triggered_order_id", HOW_TAIL, NULL},
    {"expiryReason", "reason", HOW_WORD, NULL},
    {"!code", "error_code", HOW_ERROR, NULL},
    {"fills", "fills", HOW_RECORDS, "20"},
};

static const map_field flow_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"tranId", "reference", HOW_SAME, NULL},
    {"asset", "currency", HOW_SAME, NULL},
    {"symbol", "symbol", HOW_MARKET, NULL},
    {"type", "native_kind", HOW_SAME, NULL},
    {"amount", "amount", HOW_SAME, NULL},
    {"timestamp", "time_ns", HOW_MS, NULL},
    {"note", "text", HOW_SAME, NULL},
};

/* One change of an order. */
static const map_field edit_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"orderId", "id", HOW_TAIL, NULL},
    {"newClientOrderId>clientOrderId", "client_order_id", HOW_SAME, NULL},
    {"newQty>amendment.origQty.after", "amount|contracts", HOW_SAME, NULL},
    {"amendment.price.after", "price", HOW_SAME, NULL},
    {"time", "updated_ns|created_ns", HOW_MS, NULL},
};

static const map_field test_fields[] = {{"none", "id", HOW_SAME, NULL}};

static const map_field fill_fields[] = {
    {"symbol", "market_id", HOW_MARKET, NULL},
    {"id>tradeId", "id", HOW_SAME, NULL},
    {"orderId", "order_id", HOW_TAIL, NULL},
    {"!price", "price", HOW_SAME, NULL},
    {"!qty", "amount|contracts", HOW_SAME, NULL},
    {"!quoteQty", "cost", HOW_SAME, NULL},
    {"!commission", "fee", HOW_SAME, NULL},
    {"!commissionAsset", "fee_currency", HOW_SAME, NULL},
    {"!time", "time_ns", HOW_MS, NULL},
    {"isBuyer>buyer", "side", HOW_ENUM, "true=buy false=sell"},
    {"side", "side", HOW_ENUM, SIDES},
    {"isMaker>maker", "role", HOW_ENUM, "true=maker false=taker"},
    {"positionSide", "position_side", HOW_ENUM, POSITION_SIDES},
    {"realizedPnl", "realized_pnl", HOW_SAME, NULL},
    {"isIsolated", "margin_mode", HOW_ENUM, ISOLATED},
};

static const map_field transfer_fields[] = {
    {"tranId", "id", HOW_SAME, NULL},
    {"asset", "currency", HOW_SAME, NULL},
    {"amount", "amount", HOW_SAME, NULL},
    {"type", "native_type", HOW_SAME, NULL},
    {"type", "from", HOW_ENUM,
     "MAIN_UMFUTURE=spot UMFUTURE_MAIN=linear MAIN_FUNDING=spot FUNDING_MAIN=funding MAIN_MARGIN=spot"},
    {"type", "to", HOW_ENUM,
     "MAIN_UMFUTURE=linear UMFUTURE_MAIN=spot MAIN_FUNDING=funding FUNDING_MAIN=spot MAIN_MARGIN=cross"},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM, TRANSFER_STATES},
    {"timestamp", "time_ns", HOW_MS, NULL},
};

static const map_field address_fields[] = {
    {"coin", "currency", HOW_SAME, NULL},   {"network", "network", HOW_SAME, NULL},
    {"address", "address", HOW_SAME, NULL}, {"tag", "tag", HOW_SAME, NULL},
    {"url", "url", HOW_SAME, NULL},
};

static const map_field deposit_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"coin", "currency", HOW_SAME, NULL},
    {"amount", "amount", HOW_SAME, NULL},
    {"address", "address", HOW_SAME, NULL},
    {"addressTag", "tag", HOW_SAME, NULL},
    {"txId", "transaction_hash", HOW_SAME, NULL},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM, "0=pending 1=ok 2=failed 6=ok/pending 7=failed 8=pending"},
    {"insertTime", "time_ns", HOW_MS, NULL},
    {"completeTime", "updated_ns", HOW_MS, NULL},
    {"confirmTimes", "confirmations", HOW_SLASH, NULL},
    {"transferType", "internal", HOW_ENUM, YES_NO},
};

static const map_field withdrawal_fields[] = {
    {"id", "id", HOW_SAME, NULL},
    {"withdrawOrderId", "client_id", HOW_SAME, NULL},
    {"coin", "currency", HOW_SAME, NULL},
    {"amount", "amount", HOW_SAME, NULL},
    {"transactionFee", "fee", HOW_SAME, NULL},
    {"address", "address", HOW_SAME, NULL},
    {"addressTag", "tag", HOW_SAME, NULL},
    {"txId", "transaction_hash", HOW_SAME, NULL},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM, "0=pending 1=canceled 2=pending 3=failed 4=pending 5=failed 6=ok"},
    {"applyTime", "time_ns", HOW_ISO, NULL},
    {"completeTime", "updated_ns", HOW_ISO, NULL},
    {"confirmNo", "confirmations", HOW_SAME, NULL},
    {"transferType", "internal", HOW_ENUM, YES_NO},
};

static const map_field borrow_rate_fields[] = {
    {"coin>asset", "currency", HOW_SAME, NULL},
    {"dailyInterest>dailyInterestRate>nextHourlyInterestRate", "rate", HOW_SAME, NULL},
    {"borrowLimit>amount", "limit", HOW_SAME, NULL},
    {"timestamp", "time_ns", HOW_MS, NULL},
};

static const map_field borrow_limit_fields[] = {{"amount", "limit", HOW_SAME, NULL}};

static const map_field borrow_interest_fields[] = {
    {"txId", "id", HOW_SAME, NULL},
    {"asset", "currency", HOW_SAME, NULL},
    {"interest", "interest", HOW_SAME, NULL},
    {"interestRate", "rate", HOW_SAME, NULL},
    {"principal", "principal", HOW_SAME, NULL},
    {"interestAccuredTime", "time_ns", HOW_MS, NULL},
    {"isolatedSymbol", "symbol", HOW_MARKET, NULL},
};

static const map_field loan_fields[] = {
    {"tranId>txId", "id", HOW_SAME, NULL},          {"asset", "currency", HOW_SAME, NULL},
    {"amount>principal", "amount", HOW_SAME, NULL}, {"interest", "interest", HOW_SAME, NULL},
    {"timestamp", "time_ns", HOW_MS, NULL},         {"status", "status", HOW_ENUM, TRANSFER_STATES},
    {"isolatedSymbol", "symbol", HOW_MARKET, NULL},
};

static const map_field receipt_fields[] = {{"msg", "message", HOW_SAME, NULL}};

/* Each pair of isolated margin has two balances: an item for each. */
static const json *unwrap(pool *p, const json *instruments, const char *path, const json *payload) {
  static const char *const sides[] = {"baseAsset", "quoteAsset"};
  const json *assets = json_get(payload, "assets");
  const char *text = "[";
  (void)instruments;
  if (path != NULL && strcmp(path, "symbols") == 0) return json_get(payload, path); /* the list of markets */
  if (path == NULL || strcmp(path, "/sapi/v1/margin/isolated/account") != 0 || assets == NULL) return payload;
  for (const json *one = assets->first; one != NULL; one = one->next)
    for (size_t i = 0; i < COUNT(sides); i++) {
      const json *side = json_get(one, sides[i]);
      if (side == NULL || side->kind != JSON_OBJECT) return payload;
      text = pool_format(p, "%s%s{\"symbol\":\"%s\",%.*s", text, text[1] == '\0' ? "" : ",",
                         json_text_of(one, "symbol"), (int)(side->end - side->begin - 1), side->begin + 1);
    }
  text = pool_format(p, "%s]", text);
  return json_parse(p, text, strlen(text), NULL);
}

static const map_family families[] = {
    FAMILY(SERVER_TIME, "*", "", "", time_fields, ""),
    FAMILY(SYSTEM_STATUS, "*", "", "", status_fields, ""),
    FAMILY(MARKET, "*", "symbols", "", market_fields, "contract_size cost_step price_tick amount_step"),
    FAMILY(CURRENCY, "*", "", "", currency_fields, "step withdraw_fee withdraw_min"),
    FAMILY(NETWORK, "*", "", "", network_fields, ""),
    FAMILY(TICKER, "*", "", "", ticker_fields, ""),
    FAMILY(ORDER_BOOK, "*", "", "", book_fields, ""),
    FAMILY(TRADE, "*", "", "", trade_fields, "cost=price*amount"),
    FAMILY(CANDLE, "*PriceKlines", "", "", price_candle_fields, ""),
    FAMILY(CANDLE, "*IndexKlines", "", "", price_candle_fields, ""),
    FAMILY(CANDLE, "*", "", "", candle_fields, ""),
    FAMILY(FUNDING_RATE, "*", "", "", funding_fields, ""),
    FAMILY(OPEN_INTEREST, "*", "", "", interest_fields, ""),
    FAMILY(LEVERAGE_TIER, "*", "brackets", "", tier_fields, ""),
    FAMILY(BALANCE, "*get-funding-asset", "", "", wallet_fields, "used total"),
    FAMILY(BALANCE, "*getUserAsset", "", "", wallet_fields, "used total"),
    FAMILY(BALANCE, "*", "balances userAssets assets", "", balance_fields, "used total net equity"),
    FAMILY(POSITION, "*", "positions", "", position_fields, "amount contracts notional"),
    FAMILY(LEVERAGE, "*", "", "", leverage_fields, ""),
    FAMILY(FEE, "*/account/commission", "", "", fee_sum_fields, "maker taker"),
    FAMILY(FEE, "*", "", "", fee_fields, ""),
    FAMILY(LEDGER_ENTRY, "*capital-flow", "", "", flow_fields, ""),
    FAMILY(LEDGER_ENTRY, "*", "", "", ledger_fields, ""),
    FAMILY(PERMISSIONS, "*", "", "", permission_fields, ""),
    FAMILY_OF_ANY(ORDER, "*/test", test_fields),
    FAMILY_OF_ANY(ORDER, "*/allOpenOrders", test_fields),
    FAMILY_OF_ANY(ORDER, "*/algoOpenOrders", test_fields),
    FAMILY(ORDER, "*mendment*", "", "", edit_fields, ""),
    FAMILY(ORDER, "*", "rows orderReports orders", "amendedOrder newOrderResponse", order_fields,
           "average remaining trailing_percent fee cost filled"),
    FAMILY(FILL, "*", "", "", fill_fields, "cost"),
    FAMILY(TRANSFER, "*", "rows", "", transfer_fields, "amount"),
    FAMILY(DEPOSIT_ADDRESS, "*", "", "", address_fields, ""),
    FAMILY(TRANSACTION, "*deposit*", "", "", deposit_fields, ""),
    FAMILY(TRANSACTION, "*", "", "", withdrawal_fields, "amount"),
    FAMILY(BORROW_RATE, "*maxBorrowable", "", "", borrow_limit_fields, ""),
    FAMILY(BORROW_RATE, "*", "data", "", borrow_rate_fields, ""),
    FAMILY(BORROW_INTEREST, "*", "rows", "", borrow_interest_fields, ""),
    FAMILY(LOAN, "*", "rows", "", loan_fields, "amount"),
    FAMILY(RECEIPT, "*", "", "", receipt_fields, ""),
};

/* --- Errors --- */

#define DOUBTFUL "rejected unknown"

static const map_error errors[] = {
    {"binance", "-1000", NULL, "unavailable", "unknown"},
    {"binance", "-1001", NULL, "unavailable", "unknown"},
    {"binance", "-1002", NULL, "auth", NULL},
    {"binance", "-1003", "banned until", "banned", NULL},
    {"binance", "-1003", "Unknown error, please check", "fate_unknown unavailable", "unknown"},
    {"binance", "-1003", "Internal error; unable to process", "unavailable rate_limited", DOUBTFUL},
    {"binance", "-1003", NULL, "rate_limited", NULL},
    {"binance-usdm", "-1004", NULL, "bad_request no_change", NULL},
    {"binance", "-1004", NULL, "unavailable overloaded", DOUBTFUL},
    {"binance", "-1006", NULL, "fate_unknown", "unknown"},
    {"binance", "-1007", NULL, "fate_unknown", "unknown"},
    {"binance", "-1008", NULL, "overloaded", NULL},
    {"binance", "-1013", "Market is closed", "market_closed", NULL},
    {"binance", "-1010", NULL, "invalid_order", NULL},
    {"binance", "-1013", NULL, "invalid_order", NULL},
    {"binance", "-1014", NULL, "bad_request invalid_order", NULL},
    {"binance", "-1015", NULL, "rate_limited too_many_orders", NULL},
    {"binance", "-1021", NULL, "timestamp", NULL},
    {"binance", "-1022", NULL, "auth", NULL},
    {"binance", "-1023", NULL, "bad_request", NULL},
    {"binance", "-1100", NULL, "bad_request", NULL},
    {"binance", "-1101", NULL, "bad_request", NULL},
    {"binance", "-1102", NULL, "bad_request", NULL},
    {"binance", "-1103", NULL, "bad_request", NULL},
    {"binance", "-1104", NULL, "bad_request", NULL},
    {"binance", "-1105", NULL, "bad_request", NULL},
    {"binance", "-1106", NULL, "bad_request invalid_order", NULL},
    {"binance", "-1108", NULL, "bad_request bad_symbol not_found", NULL},
    {"binance", "-1109", NULL, "bad_request permission auth not_found", NULL},
    {"binance", "-1111", NULL, "invalid_order", NULL},
    {"binance", "-1112", NULL, "no_liquidity", NULL},
    {"binance", "-1113", NULL, "bad_request", NULL},
    {"binance", "-1114", NULL, "bad_request invalid_order", NULL},
    {"binance", "-1115", NULL, "bad_request invalid_order", NULL},
    {"binance", "-1116", NULL, "bad_request invalid_order", NULL},
    {"binance", "-1117", NULL, "bad_request invalid_order", NULL},
    {"binance", "-1120", NULL, "bad_request", NULL},
    {"binance", "-1121", NULL, "bad_symbol", NULL},
    {"binance", "-1125", NULL, "not_found bad_request auth", NULL},
    {"binance", "-1127", NULL, "bad_request", NULL},
    {"binance", "-1128", NULL, "bad_request invalid_order", NULL},
    {"binance", "-1130", NULL, "bad_request invalid_order", NULL},
    {"binance", "-1131", NULL, "bad_request", NULL},
    {"binance", "-1145", NULL, "bad_request invalid_order", NULL},
    {"binance", "-1220", NULL, "bad_symbol", NULL},
    {"binance", "-2008", NULL, "auth", NULL},
    {"binance", "-2010", "insufficient balance", "insufficient_funds", NULL},
    {"binance", "-2010", "Duplicate order", "duplicate_order", NULL},
    {"binance", "-2010", "immediately match", "post_only", NULL},
    {"binance", "-2010", "Market is closed", "market_closed", NULL},
    {"binance", "-2010", "trigger immediately", "would_trigger", NULL},
    {"binance", "-2010", "MAX_POSITION", "position invalid_order", NULL},
    {"binance", "-2010", "MAX_NUM", "too_many_orders invalid_order", NULL},
    {"binance", "-2010", "for this account", "permission", NULL},
    {"binance", "-2010", NULL, "invalid_order refused", NULL},
    {"binance", "-2011", "Unknown order", "order_not_found", NULL},
    {"binance", "-2011", "restrictions", "invalid_order refused bad_request", NULL},
    {"binance", "-2013", NULL, "order_not_found", NULL},
    {"binance", "-2014", NULL, "auth", NULL},
    {"binance", "-2015", NULL, "auth permission", NULL},
    {"binance", "-2018", NULL, "insufficient_funds", NULL},
    {"binance", "-2019", NULL, "insufficient_funds", NULL},
    /* The old order is gone and the new one was refused: neither "nothing was done" nor a whole success. */
    {"binance", "-2021", NULL, "post_only rate_limited invalid_order refused order_not_found", "executed unknown"},
    {"binance", "-2022", NULL, "order_not_found post_only invalid_order refused", NULL},
    {"binance", "-2026", NULL, "order_not_found not_found", NULL},
    {"binance", "-2038", NULL, "invalid_order", NULL},
    {"binance/margin", "-3000", NULL, "unavailable", "unknown"},
    {"binance", "1", "under maintenance", "maintenance", NULL},
    {"binance/margin", "-3003", NULL, "not_found permission", NULL},
    {"binance/margin", "-3004", NULL, "permission market_closed", NULL},
    {"binance", "-3006", NULL, "position insufficient_funds", NULL},
    {"binance/margin", "-3007", NULL, "refused overloaded unavailable rate_limited", NULL},
    {"binance", "-3008", NULL, "position insufficient_funds", NULL},
    {"binance/margin", "-3010", NULL, "bad_request invalid_order refused position", NULL},
    {"binance/margin", "-3015", NULL, "bad_request invalid_order refused position", NULL},
    {"binance/margin", "-3022", NULL, "permission banned", NULL},
    {"binance/margin", "-3023", NULL, "position insufficient_funds", NULL},
    {"binance/margin", "-3028", NULL, "bad_symbol", NULL},
    {"binance/margin", "-3036", NULL, "permission", NULL},
    {"binance", "-3041", NULL, "insufficient_funds", NULL},
    {"binance/margin", "-3044", NULL, "unavailable overloaded", DOUBTFUL},
    {"binance", "-3045", NULL, "no_liquidity insufficient_funds", NULL},
    {"binance/margin", "-3999", NULL, "permission", NULL},
    {"binance", "-4033", NULL, "bad_request", NULL},
    {"binance", "-4035", NULL, "permission bad_request", NULL},
    {"binance", "-4046", NULL, "permission", NULL},
    {"binance", "-10017", NULL, "bad_request invalid_order refused position", NULL},
};

/* What is not named here means the same as on spot. */
static const map_error usdm_errors[] = {
    {"binance-usdm", "-1109", NULL, "bad_request permission auth not_found", NULL},
    {"binance-usdm", "-1128", NULL, "bad_request invalid_order", NULL},
    {"binance-usdm", "-2018", NULL, "insufficient_funds", NULL},
    {"binance-usdm", "-2019", NULL, "insufficient_funds", NULL},
    {"binance-usdm", "-2020", NULL, "no_liquidity unfilled", NULL},
    {"binance-usdm", "-2021", NULL, "would_trigger", NULL},
    {"binance-usdm", "-2022", NULL, "reduce_only", NULL},
    {"binance-usdm", "-2023", NULL, "position", NULL},
    {"binance-usdm", "-2024", NULL, "position", NULL},
    {"binance-usdm", "-2025", NULL, "too_many_orders", NULL},
    {"binance-usdm", "-2026", NULL, "invalid_order reduce_only", NULL},
    {"binance-usdm", "-2027", NULL, "position", NULL},
    {"binance-usdm", "-2028", NULL, "position insufficient_funds", NULL},
    {"binance-usdm", "-4015", NULL, "bad_request invalid_order", NULL},
    {"binance-usdm", "-4046", NULL, "no_change", NULL},
    {"binance-usdm", "-4059", NULL, "no_change", NULL},
    {"binance-usdm", "-4171", NULL, "no_change", NULL},
    {"binance-usdm", "-4061", NULL, "position", NULL},
    {"binance-usdm", "-4067", NULL, "position", NULL},
    {"binance-usdm", "-4068", NULL, "position", NULL},
    {"binance-usdm", "-4087", NULL, "permission reduce_only", NULL},
    {"binance-usdm", "-4088", NULL, "permission", NULL},
    {"binance-usdm", "-4109", NULL, "permission", NULL},
    {"binance-usdm", "-4116", NULL, "duplicate_order", NULL},
    {"binance-usdm", "-4118", NULL, "invalid_order reduce_only insufficient_funds", NULL},
    {"binance-usdm", "-4131", NULL, "invalid_order", NULL},
    {"binance-usdm", "-4164", NULL, "invalid_order", NULL},
    {"binance-usdm", "-4408", NULL, "permission reduce_only position market_closed", NULL},
    {"binance-usdm", "-5021", NULL, "unfilled", NULL},
    {"binance-usdm", "-5022", NULL, "post_only", NULL},
    {"binance-usdm", "-5027", NULL, "no_change", NULL},
};

/* --- Instruments --- */

static const char *spot_symbol(pool *p, const json *instrument) {
  return pool_format(p, "%s/%s", json_text_of(instrument, "baseAsset"), json_text_of(instrument, "quoteAsset"));
}

/* A dated contract carries the six digits at the end of its id. */
static const char *futures_symbol(pool *p, const json *instrument) {
  const char *id = json_text_of(instrument, "symbol"), *type = json_text_of(instrument, "contractType");
  const char *dash = strrchr(id, '_');
  int dated = dash != NULL && type != NULL && strstr(type, "PERPETUAL") == NULL;
  return pool_format(p, "%s/%s:%s%s%s", json_text_of(instrument, "baseAsset"), json_text_of(instrument, "quoteAsset"),
                     json_text_of(instrument, "marginAsset"), dated ? "-" : "", dated ? dash + 1 : "");
}

const map_exchange map_binance = {
    .id = "binance",
    .name = "binance",
    .product = BOURSE_PRODUCT_SPOT,
    .families = families,
    .family_count = COUNT(families),
    .errors = errors,
    .error_count = COUNT(errors),
    .symbol_of = spot_symbol,
    .instruments = "symbols",
    .instrument_id = "symbol",
    .instrument_base = "baseAsset",
    .unwrap = unwrap,
    .sample =
        "{\"symbols\":[{\"symbol\":\"BTCUSDT\",\"status\":\"TRADING\",\"baseAsset\":\"BTC\",\"quoteAsset\":\"USDT\"}]}",
};
const map_exchange map_binance_usdm = {
    .id = "binance-usdm",
    .name = "binance",
    .product = BOURSE_PRODUCT_LINEAR,
    .families = families,
    .family_count = COUNT(families),
    .errors = usdm_errors,
    .error_count = COUNT(usdm_errors),
    .symbol_of = futures_symbol,
    .instruments = "symbols",
    .instrument_id = "symbol",
    .instrument_base = "baseAsset",
    .sample =
        "{\"symbols\":[{\"symbol\":\"BTCUSDT\",\"pair\":\"BTCUSDT\",\"contractType\":\"PERPETUAL\",\"status\":"
        "\"TRADING\","
        "\"baseAsset\":\"BTC\",\"quoteAsset\":\"USDT\",\"marginAsset\":\"USDT\"}]}",
};
