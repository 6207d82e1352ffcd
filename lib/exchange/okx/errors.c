/* exchange/okx/errors.c - their codes and ours. A reply tells of a refusal in up to two places: the envelope's code, and the
 * sCode of the item that was refused, which says more. */
#include <string.h>

#include "exchange/okx/okx.h"

static const bourse_error_row codes[] = {
    {"50000", BOURSE_ERROR_BAD_REQUEST},
    {"50001", BOURSE_ERROR_UNAVAILABLE},
    {"50002", BOURSE_ERROR_BAD_REQUEST},
    {"50004", BOURSE_ERROR_FATE_UNKNOWN},
    {"50005", BOURSE_ERROR_UNAVAILABLE},
    {"50006", BOURSE_ERROR_BAD_REQUEST},
    {"50007", BOURSE_ERROR_PERMISSION},
    {"50009", BOURSE_ERROR_PERMISSION},
    {"50011", BOURSE_ERROR_RATE_LIMITED},
    {"50013", BOURSE_ERROR_UNAVAILABLE},
    {"50014", BOURSE_ERROR_BAD_REQUEST},
    {"50015", BOURSE_ERROR_BAD_REQUEST},
    {"50016", BOURSE_ERROR_BAD_REQUEST},
    {"50017", BOURSE_ERROR_MARKET_CLOSED}, /* positions frozen: by deleveraging, liquidation, funding, delivery */
    {"50018", BOURSE_ERROR_MARKET_CLOSED},
    {"50019", BOURSE_ERROR_MARKET_CLOSED},
    {"50020", BOURSE_ERROR_MARKET_CLOSED},
    {"50021", BOURSE_ERROR_MARKET_CLOSED},
    {"50022", BOURSE_ERROR_MARKET_CLOSED},
    {"50023", BOURSE_ERROR_MARKET_CLOSED},
    {"50024", BOURSE_ERROR_BAD_REQUEST},
    {"50025", BOURSE_ERROR_BAD_REQUEST},
    {"50026", BOURSE_ERROR_UNAVAILABLE},
    {"50027", BOURSE_ERROR_PERMISSION},
    {"50028", BOURSE_ERROR_PERMISSION},
    {"50061", BOURSE_ERROR_RATE_LIMITED},
    {"50100", BOURSE_ERROR_PERMISSION},
    {"50101", BOURSE_ERROR_AUTH}, /* a key of the other world */
    {"50102", BOURSE_ERROR_TIMESTAMP},
    {"50103", BOURSE_ERROR_AUTH},
    {"50104", BOURSE_ERROR_AUTH},
    {"50105", BOURSE_ERROR_AUTH},
    {"50106", BOURSE_ERROR_AUTH},
    {"50107", BOURSE_ERROR_AUTH},
    {"50110", BOURSE_ERROR_PERMISSION},
    {"50111", BOURSE_ERROR_AUTH},
    {"50112", BOURSE_ERROR_TIMESTAMP},
    {"50113", BOURSE_ERROR_AUTH},
    {"50114", BOURSE_ERROR_AUTH},
    {"50119", BOURSE_ERROR_AUTH}, /* the key is one of another region, perhaps */
    {"50120", BOURSE_ERROR_PERMISSION},

    {"51000", BOURSE_ERROR_INVALID_ORDER},
    {"51001", BOURSE_ERROR_BAD_SYMBOL},
    {"51003", BOURSE_ERROR_BAD_REQUEST},
    {"51004", BOURSE_ERROR_POSITION},
    {"51005", BOURSE_ERROR_INVALID_ORDER},
    {"51006", BOURSE_ERROR_INVALID_ORDER},
    {"51007", BOURSE_ERROR_INVALID_ORDER},
    {"51008", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"51010", BOURSE_ERROR_PERMISSION},
    {"51011", BOURSE_ERROR_DUPLICATE_ORDER},
    {"51012", BOURSE_ERROR_BAD_SYMBOL},
    {"51014", BOURSE_ERROR_BAD_SYMBOL},
    {"51015", BOURSE_ERROR_BAD_SYMBOL},
    {"51016", BOURSE_ERROR_DUPLICATE_ORDER},
    {"51020", BOURSE_ERROR_INVALID_ORDER},
    {"51021", BOURSE_ERROR_MARKET_CLOSED},
    {"51022", BOURSE_ERROR_MARKET_CLOSED},
    {"51023", BOURSE_ERROR_POSITION},
    {"51024", BOURSE_ERROR_PERMISSION},
    {"51025", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"51026", BOURSE_ERROR_BAD_SYMBOL},
    {"51027", BOURSE_ERROR_MARKET_CLOSED},
    {"51028", BOURSE_ERROR_MARKET_CLOSED},
    {"51029", BOURSE_ERROR_MARKET_CLOSED},
    {"51030", BOURSE_ERROR_MARKET_CLOSED},
    {"51046", BOURSE_ERROR_WOULD_TRIGGER},
    {"51047", BOURSE_ERROR_WOULD_TRIGGER},
    {"51051", BOURSE_ERROR_WOULD_TRIGGER},
    {"51054", BOURSE_ERROR_FATE_UNKNOWN},
    {"51100", BOURSE_ERROR_INVALID_ORDER},
    {"51105", BOURSE_ERROR_INVALID_ORDER},
    {"51106", BOURSE_ERROR_INVALID_ORDER},
    {"51107", BOURSE_ERROR_INVALID_ORDER},
    {"51112", BOURSE_ERROR_REDUCE_ONLY},
    {"51113", BOURSE_ERROR_RATE_LIMITED},
    {"51116", BOURSE_ERROR_INVALID_ORDER},
    {"51118", BOURSE_ERROR_INVALID_ORDER},
    {"51119", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"51120", BOURSE_ERROR_INVALID_ORDER},
    {"51121", BOURSE_ERROR_INVALID_ORDER},
    {"51127", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"51131", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"51136", BOURSE_ERROR_INVALID_ORDER},
    {"51137", BOURSE_ERROR_INVALID_ORDER},
    {"51138", BOURSE_ERROR_INVALID_ORDER},
    {"51155", BOURSE_ERROR_LOCATION},
    {"51169", BOURSE_ERROR_POSITION},
    {"51174", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"51202", BOURSE_ERROR_INVALID_ORDER},
    {"51203", BOURSE_ERROR_INVALID_ORDER},
    {"51205", BOURSE_ERROR_REDUCE_ONLY},
    {"51277", BOURSE_ERROR_WOULD_TRIGGER},
    {"51278", BOURSE_ERROR_WOULD_TRIGGER},
    {"51279", BOURSE_ERROR_WOULD_TRIGGER},
    {"51280", BOURSE_ERROR_WOULD_TRIGGER},
    {"51400", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"51401", BOURSE_ERROR_ORDER_NOT_FOUND}, /* canceled already */
    {"51402", BOURSE_ERROR_ORDER_NOT_FOUND}, /* filled already */
    {"51405", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"51407", BOURSE_ERROR_BAD_REQUEST},
    {"51410", BOURSE_ERROR_ORDER_NOT_FOUND}, /* being canceled */
    {"51412", BOURSE_ERROR_ORDER_NOT_FOUND}, /* triggered already */
    {"51502", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"51503", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"51509", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"51510", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"51511", BOURSE_ERROR_POST_ONLY},
    {"51513", BOURSE_ERROR_INVALID_ORDER},
    {"51603", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"51736", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"51773", BOURSE_ERROR_LOCATION},
    {"54000", BOURSE_ERROR_PERMISSION},
    {"54001", BOURSE_ERROR_PERMISSION},
    {"54008", BOURSE_ERROR_PERMISSION},
    {"54084", BOURSE_ERROR_INVALID_ORDER},
    {"54085", BOURSE_ERROR_INVALID_ORDER},

    {"58101", BOURSE_ERROR_MARKET_CLOSED}, /* transfers suspended */
    {"58102", BOURSE_ERROR_RATE_LIMITED},
    {"58203", BOURSE_ERROR_BAD_REQUEST},
    {"58204", BOURSE_ERROR_MARKET_CLOSED}, /* withdrawals suspended */
    {"58207", BOURSE_ERROR_BAD_REQUEST},
    {"58221", BOURSE_ERROR_BAD_REQUEST},
    {"58222", BOURSE_ERROR_BAD_REQUEST},
    {"58350", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"59000", BOURSE_ERROR_POSITION}, /* settings that open orders, positions or loans keep as they are */
    {"59001", BOURSE_ERROR_POSITION},
    {"59100", BOURSE_ERROR_POSITION},
    {"59101", BOURSE_ERROR_POSITION},
    {"59102", BOURSE_ERROR_POSITION},
    {"59103", BOURSE_ERROR_POSITION},
    {"59104", BOURSE_ERROR_POSITION},
    {"59105", BOURSE_ERROR_POSITION},
    {"59106", BOURSE_ERROR_POSITION},
    {"59107", BOURSE_ERROR_POSITION},
    {"59108", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"59200", BOURSE_ERROR_INSUFFICIENT_FUNDS},

    {"60001", BOURSE_ERROR_AUTH}, /* what only connections tell */
    {"60002", BOURSE_ERROR_AUTH},
    {"60003", BOURSE_ERROR_AUTH},
    {"60004", BOURSE_ERROR_TIMESTAMP},
    {"60005", BOURSE_ERROR_AUTH},
    {"60006", BOURSE_ERROR_TIMESTAMP},
    {"60007", BOURSE_ERROR_AUTH},
    {"60009", BOURSE_ERROR_AUTH},
    {"60010", BOURSE_ERROR_NO_CHANGE},
    {"60011", BOURSE_ERROR_AUTH},
    {"60012", BOURSE_ERROR_BAD_REQUEST},
    {"60013", BOURSE_ERROR_BAD_REQUEST},
    {"60014", BOURSE_ERROR_RATE_LIMITED},
    {"60017", BOURSE_ERROR_BAD_REQUEST},
    {"60018", BOURSE_ERROR_BAD_SYMBOL},
    {"60019", BOURSE_ERROR_BAD_REQUEST},
    {"60020", BOURSE_ERROR_RATE_LIMITED},
    {"60023", BOURSE_ERROR_RATE_LIMITED},
    {"60024", BOURSE_ERROR_AUTH},
    {"60027", BOURSE_ERROR_BAD_REQUEST},
    {"60028", BOURSE_ERROR_BAD_REQUEST},
    {"60029", BOURSE_ERROR_PERMISSION},
    {"60030", BOURSE_ERROR_PERMISSION},
    {"60032", BOURSE_ERROR_AUTH},
    {"63999", BOURSE_ERROR_UNAVAILABLE},
    {"500", BOURSE_ERROR_UNAVAILABLE},
    {"4088", BOURSE_ERROR_PERMISSION},  /* identity is to be proven again */
    {"51009", BOURSE_ERROR_PERMISSION}, /* placing orders is blocked */
    {"58229", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"59411", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"64000", BOURSE_ERROR_BAD_REQUEST},
    {"64001", BOURSE_ERROR_BAD_REQUEST},
    {"64002", BOURSE_ERROR_BAD_REQUEST},
    {"64003", BOURSE_ERROR_PERMISSION},
};

/* What one code says of several things, and codes that have no row. */
static const bourse_error_hint hints[] = {
    {"51000", "instId", BOURSE_ERROR_BAD_SYMBOL}, {"51000", "clOrdId", BOURSE_ERROR_INVALID_ORDER},
    {"59107", "same", BOURSE_ERROR_NO_CHANGE},    {NULL, "maintenance", BOURSE_ERROR_MAINTENANCE},
    {NULL, "upgrad", BOURSE_ERROR_MAINTENANCE},
};

/* Codes come in bands; one that is not in the table is judged by its own. */
static int32_t by_band(bourse_slice code) {
  static const bourse_error_row bands[] = {
      {"500", BOURSE_ERROR_BAD_REQUEST},   {"501", BOURSE_ERROR_AUTH},          {"510", BOURSE_ERROR_INVALID_ORDER},
      {"511", BOURSE_ERROR_INVALID_ORDER}, {"512", BOURSE_ERROR_INVALID_ORDER}, {"515", BOURSE_ERROR_INVALID_ORDER},
      {"600", BOURSE_ERROR_BAD_REQUEST},
  };
  if (code.length != 5) return BOURSE_ERROR_REFUSED;
  int32_t found = bourse_error_of(BOURSE_ROWS(bands), (bourse_slice){code.data, 3});
  return found != 0 ? found : BOURSE_ERROR_REFUSED;
}

int32_t bourse__okx_error_code(bourse_slice code, bourse_slice message) {
  int32_t found = bourse_error_by_text(hints, 3, code, message);
  if (found == 0) found = bourse_error_of(BOURSE_ROWS(codes), code);
  if (found == BOURSE_ERROR_UNAVAILABLE || found == 0) {
    int32_t told = bourse_error_by_text(BOURSE_ROWS(hints), code, message);
    if (told == BOURSE_ERROR_MAINTENANCE) return told;
  }
  return found != 0 ? found : by_band(code);
}

typedef struct item {
  bourse_slice code;
  const char *message;
} item;

static const bourse_field item_fields[] = {
    BOURSE_FIELD("sCode", SLICE, item, code),
    BOURSE_FIELD("sMsg", STRING, item, message),
};
static const bourse_table item_table = BOURSE_TABLE(item_fields);

/* The first item that was refused. */
static void find_item(bourse_call *call, bourse_slice data, bourse_slice *code, bourse_slice *message) {
  bourse_decoder decoder;
  bourse_decode_init(&decoder, call->arena, data.data, data.length, call);
  if (bourse_json_kind(&decoder.json) != BOURSE_JSON_ARRAY || bourse_decode_array_begin(&decoder, "data") != BOURSE_OK)
    return;
  while (bourse_decode_array_next(&decoder)) {
    item one = {{NULL, 0}, NULL};
    if (bourse_json_kind(&decoder.json) != BOURSE_JSON_OBJECT ||
        bourse_decode_object(&decoder, &item_table, &one) != BOURSE_OK)
      return;
    if (one.code.length == 0 || bourse_slice_is(one.code, "0")) continue;
    *code = one.code;
    *message = bourse_slice_of(one.message);
    return;
  }
}

int32_t bourse__okx_refused(bourse_call *call, bourse_slice code, bourse_slice message, bourse_slice data) {
  if (data.length > 0 && (bourse_slice_is(code, "1") || bourse_slice_is(code, "2")))
    find_item(call, data, &code, &message);
  int32_t told = bourse__okx_error_code(code, message);
  int32_t refused = bourse_refuse(call, told, code, message, (call->endpoint->variant & OKX_BATCH) != 0);
  if (refused == BOURSE_ERROR_RATE_LIMITED) bourse_set_retry_after(call, 2000); /* until the window's end */
  return refused;
}

int32_t bourse__okx_error(bourse_call *call, const bourse_http_reply *reply) {
  return bourse_unwrap_error(call, reply, &bourse__okx_shape, bourse__okx_refused);
}
