/* exchange/coinbase/rest.c - which endpoint serves an operation, signing, and what requests and replies share. */
#include <string.h>

#include "exchange/coinbase/coinbase.h"

/* --- Routing --- */

int32_t bourse__coinbase_second_part(const bourse_call *call) { return call->scratch[COINBASE_STAGE] != 0; }

static const bourse_alias aliases[] = {
    {BOURSE_OP_FETCH_LAST_PRICES, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_FUNDING_RATE, BOURSE_OP_FETCH_FUNDING_RATES},
    {BOURSE_OP_FETCH_BALANCE, BOURSE_OP_FETCH_BALANCES},
    {BOURSE_OP_FETCH_TRADING_FEE, BOURSE_OP_FETCH_TRADING_FEES},
    {BOURSE_OP_CREATE_ORDERS, BOURSE_OP_CREATE_ORDER},
    {BOURSE_OP_CANCEL_ORDERS, BOURSE_OP_CANCEL_ORDER},
    {BOURSE_OP_CANCEL_ALL_ORDERS, BOURSE_OP_CANCEL_ORDER},
    {BOURSE_OP_FETCH_CLOSED_ORDERS, BOURSE_OP_FETCH_ORDERS},
    {BOURSE_OP_FETCH_CANCELED_ORDERS, BOURSE_OP_FETCH_ORDERS},
    {BOURSE_OP_FETCH_ORDER_TRADES, BOURSE_OP_FETCH_MY_TRADES},
    {BOURSE_OP_FETCH_DEPOSIT_ADDRESSES, BOURSE_OP_FETCH_DEPOSIT_ADDRESS},
};

/* What is public comes from a cache of a second's age; with a key the same is asked for signed, and fresh. */
static int32_t is_cached(int32_t operation) {
  return operation == BOURSE_OP_FETCH_TICKER || operation == BOURSE_OP_FETCH_TICKERS ||
         operation == BOURSE_OP_FETCH_TRADES || operation == BOURSE_OP_FETCH_ORDER_BOOK ||
         operation == BOURSE_OP_FETCH_CANDLES || operation == BOURSE_OP_FETCH_FUNDING_RATES ||
         operation == BOURSE_OP_FETCH_OPEN_INTEREST;
}

static int32_t is_portfolios(const bourse_call *call) {
  const char *account = call->request->account;
  return account != NULL && strcmp(account, "portfolios") == 0;
}

/* Orders are canceled by hundreds, and placed one by one. */
static void plan_items(bourse_call *call) {
  if (call->operation == BOURSE_OP_CANCEL_ORDERS) bourse_plan_items(call, COINBASE_CANCEL_MAX, NULL);
  if (call->operation == BOURSE_OP_CREATE_ORDERS) bourse_plan_items(call, 1, NULL);
}

static uint32_t variant_of(bourse_call *call, int32_t operation) {
  const bourse_request *request = call->request;
  switch (operation) {
    case BOURSE_OP_CREATE_ORDER: return request->orders[call->scratch[0]]->test > 0 ? COINBASE_TEST : COINBASE_USUAL;
    case BOURSE_OP_CANCEL_ORDER:
      if (call->operation == BOURSE_OP_CANCEL_ALL_ORDERS) return call->memory == NULL ? COINBASE_FIRST : COINBASE_USUAL;
      return bourse__coinbase_wants_id(call) ? COINBASE_FIRST : COINBASE_USUAL;
    case BOURSE_OP_EDIT_ORDER:
      if (!bourse__coinbase_wants_id(call)) return COINBASE_USUAL;
      return request->order_id != NULL ? COINBASE_ONE : COINBASE_FIRST;
    case BOURSE_OP_FETCH_ORDER: return request->order_id == NULL ? COINBASE_FIRST : COINBASE_USUAL;
    case BOURSE_OP_FETCH_BALANCES: return request->account != NULL ? COINBASE_PORTFOLIOS : COINBASE_USUAL;
    case BOURSE_OP_FETCH_ACCOUNTS: return is_portfolios(call) ? COINBASE_PORTFOLIOS : COINBASE_USUAL;
    case BOURSE_OP_FETCH_CURRENCIES: return bourse__coinbase_second_part(call) ? COINBASE_CRYPTO : COINBASE_USUAL;
    case BOURSE_OP_CREATE_DEPOSIT_ADDRESS:
    case BOURSE_OP_FETCH_DEPOSIT_ADDRESS:
    case BOURSE_OP_FETCH_LEDGER:
    case BOURSE_OP_WITHDRAW: return bourse__coinbase_wants_wallet(call) ? COINBASE_WALLET : COINBASE_USUAL;
    case BOURSE_OP_FETCH_DEPOSITS:
    case BOURSE_OP_FETCH_WITHDRAWALS:
      return bourse__coinbase_wants_wallet(call) ? COINBASE_WALLET
             : bourse__coinbase_is_fiat(call)    ? COINBASE_FIAT
                                                 : COINBASE_USUAL;
    default: return is_cached(operation) && call->signer != NULL ? COINBASE_SIGNED : COINBASE_USUAL;
  }
}

/* Operations whose first part is another's: the wallet of a currency, the order of a client id. */
static int32_t main_operation(int32_t operation, uint32_t variant) {
  if (variant == COINBASE_WALLET) return BOURSE_OP_FETCH_DEPOSIT_ADDRESS;
  return operation;
}

const bourse_endpoint *bourse__coinbase_route(bourse_call *call) {
  int32_t operation = bourse_alias_of(BOURSE_ROWS(aliases), call->operation);
  plan_items(call);
  uint32_t variant = variant_of(call, operation);
  uint32_t products = call->operation == BOURSE_OP_FETCH_MARKETS ? BOURSE_FOR_ALL : bourse_call_for(call);
  if (operation == BOURSE_OP_TRANSFER)
    products = call->request->from_wallet == BOURSE_WALLET_LINEAR ? BOURSE_FOR_LINEAR : BOURSE_FOR_SPOT;
  return bourse_find_endpoint(call->adapter, main_operation(operation, variant), products, variant);
}

/* --- Signing --- */

/* A token for the method, host and path; the query and the body are not covered. */
int32_t bourse__coinbase_sign(bourse_call *call) {
  bourse_text uri, header;
  int32_t code = bourse_set_payload(call);
  if (code != BOURSE_OK || call->endpoint->security == BOURSE_SECURITY_PUBLIC) return code;
  bourse_text_init(&uri, call->arena);
  bourse_text_string(&uri, call->wire.method);
  bourse_text_char(&uri, ' ');
  bourse_append_host(call, &uri);
  bourse_text_string(&uri, call->wire.path);
  if (bourse_text_finish(&uri) == NULL) return bourse_fail_memory(call);
  const char *token = bourse_jwt(call, "cdp", uri.data, 120);
  if (token == NULL) return BOURSE_ERROR_CRYPTO;
  bourse_text_init(&header, call->arena);
  bourse_text_string(&header, "Bearer ");
  bourse_text_string(&header, token);
  if (bourse_text_finish(&header) == NULL) return bourse_fail_memory(call);
  bourse_put_header(call, "Authorization", header.data);
  return BOURSE_OK;
}

/* --- Building --- */

int32_t bourse__coinbase_put_time(bourse_call *call, const char *name, int64_t time_ns, int32_t digits) {
  char text[BOURSE_TIME_TEXT_SIZE];
  if (time_ns == 0) return BOURSE_OK;
  if (bourse_time_format(text, sizeof text, time_ns) != BOURSE_OK)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, NULL, "the time for %s is outside what can be written", name);
  strcpy(strchr(text, '.') + (digits > 0 ? digits + 1 : 0), "Z");
  bourse_put(call, name, text);
  return BOURSE_OK;
}

void bourse__coinbase_put_products(bourse_call *call) {
  if (call->market != NULL) bourse_put(call, "product_ids", call->market->id);
  for (uint32_t i = 0; call->market == NULL && i < call->market_count; i++)
    bourse_put(call, "product_ids", call->markets[i]->id);
}

/* --- Reading --- */

typedef struct money {
  bourse_decimal value;
} money;

static const bourse_field money_fields[] = {BOURSE_FIELD("value", DECIMAL, money, value)};
static const bourse_table money_table = BOURSE_TABLE(money_fields);

int32_t bourse__coinbase_read_money(bourse_decoder *decoder, void *member) {
  money sum;
  memset(&sum, 0, sizeof sum);
  int32_t code = bourse_json_kind(&decoder->json) == BOURSE_JSON_OBJECT
                     ? bourse_decode_object(decoder, &money_table, &sum)
                     : bourse_decode_value(decoder, BOURSE_AS_DECIMAL, NULL, "amount", &sum.value);
  if (code == BOURSE_OK) memcpy(member, &sum.value, sizeof sum.value);
  return code;
}

int32_t bourse__coinbase_read_time(bourse_decoder *decoder, void *member) {
  bourse_slice text = {NULL, 0};
  bourse_json ahead = decoder->json;
  int32_t code = bourse_decode_text(decoder, &text);
  if (code != BOURSE_OK || text.length == 0 || bourse_slice_begins(text, "0001-")) return code;
  int32_t is_number = 1;
  for (size_t i = 0; i < text.length; i++) is_number &= text.data[i] >= '0' && text.data[i] <= '9';
  decoder->json = ahead;
  return bourse_decode_value(decoder, is_number ? BOURSE_AS_TIME_S : BOURSE_AS_TIME_ISO, NULL, "time", member);
}

/* Futures have ids of their own, so no id is of both. */
const bourse_market *bourse__coinbase_market(bourse_call *call, bourse_slice id) {
  const bourse_market *market = bourse_market_by_id(call, BOURSE_PRODUCT_SPOT, id);
  return market != NULL ? market : bourse_market_by_id(call, BOURSE_PRODUCT_LINEAR, id);
}

int32_t bourse__coinbase_in_contracts(const bourse_market *market, bourse_slice id) {
  return market != NULL ? market->product == BOURSE_PRODUCT_LINEAR
                        : bourse_slice_contains(id, "-CDE") || bourse_slice_contains(id, "-INTX");
}

int32_t bourse__coinbase_read_market(bourse_decoder *decoder, void *member) {
  const char **names = member, *id = NULL;
  int32_t code = bourse_decode_value(decoder, BOURSE_AS_STRING, NULL, "product_id", &id);
  if (code != BOURSE_OK || id == NULL) return code;
  const bourse_market *market = bourse__coinbase_market(decoder->user_data, bourse_slice_of(id));
  names[0] = market == NULL ? NULL : market->symbol;
  names[1] = market == NULL ? id : market->id;
  return BOURSE_OK;
}
