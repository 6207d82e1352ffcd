/* markets.c - the files given with --markets: our own lines, an exchange's own replies, or rows of recorded replies. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#define OUT_OF_MEMORY (-2)

static int is_out_of_memory(int32_t error) { return error == BOURSE_ERROR_MEMORY; }

/* Adds to `lines` what the bytes, read as the exchange's own list of markets, hold of one product. Returns how many, or -1
 * when memory is out. */
static int add_product(cli_buffer *lines, cli_session *session, int32_t product, bourse_slice bytes) {
  const bourse_struct_info *info = bourse_schema_record(BOURSE_KIND_MARKET);
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_MARKETS);
  bourse_result *result = NULL;
  int added = 0;
  request.product = product;
  int32_t error = bourse_decode(&result, session->exchange, &request, 200, NULL, 0, bytes.data, bytes.length);
  if (error != BOURSE_OK) return is_out_of_memory(error) ? -1 : 0;
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    const bourse_market *market = bourse_result_market(result, i);
    if (market == NULL || market->product != product) continue;
    cli_record_json(lines, info, market, NULL, 0);
    cli_add_char(lines, '\n');
    added++;
  }
  bourse_result_free(result);
  return added;
}

/* One reply or file: 1 when it is a list of markets, 0 when not, OUT_OF_MEMORY. Several of one product add up, which loading
 * them one by one would not do. */
static int add_bytes(cli_buffer *lines, cli_session *session, bourse_slice bytes) {
  int any = 0;
  for (int32_t product = BOURSE_PRODUCT_SPOT; product <= BOURSE_PRODUCT_OPTION; product++) {
    int added = add_product(lines, session, product, bytes);
    if (added < 0) return OUT_OF_MEMORY;
    any = any || added > 0;
  }
  if (any) return 1;
  int32_t error = bourse_markets_load(session->exchange, 0, bytes.data, bytes.length);
  return is_out_of_memory(error) ? OUT_OF_MEMORY : error == BOURSE_OK;
}

/* Rows of recorded replies, [{"path":...,"body":...}, ...]. Returns how many are lists of markets, -1 when the file is not
 * of this form, OUT_OF_MEMORY. */
static int add_rows(cli_buffer *lines, cli_session *session, const cli_buffer *text) {
  bourse_json json;
  bourse_slice key, body;
  int loaded = 0, rows = 0;
  bourse_json_init(&json, text->data, text->length);
  if (bourse_json_kind(&json) != BOURSE_JSON_ARRAY || !bourse_json_array_begin(&json)) return -1;
  while (bourse_json_array_next(&json)) {
    int has_path = 0;
    body.data = NULL;
    body.length = 0;
    if (bourse_json_kind(&json) != BOURSE_JSON_OBJECT || !bourse_json_object_begin(&json)) return -1;
    while (bourse_json_object_next(&json, &key)) {
      has_path = has_path || bourse_slice_is(key, "path");
      if (bourse_slice_is(key, "body"))
        bourse_json_raw(&json, &body);
      else
        bourse_json_skip(&json);
    }
    if (json.error != NULL || !has_path || body.data == NULL) return -1;
    rows++;
    int one = add_bytes(lines, session, body);
    if (one < 0) return one;
    loaded += one;
  }
  return bourse_json_finish(&json) == BOURSE_OK && rows > 0 ? loaded : -1;
}

static int add_file(cli_buffer *lines, cli_session *session, const char *path) {
  cli_buffer text = {0};
  int error = cli_read_file(&text, path), code = CLI_OK;
  if (error != 0) {
    code = cli_fail(CLI_LOCAL, "%s: the file of markets cannot be read: %s", path, strerror(error));
  } else if (text.length == 0) {
    code = cli_fail(CLI_USAGE, "%s: the file of markets is empty", path);
  } else {
    int rows = add_rows(lines, session, &text);
    bourse_slice whole = {text.data, text.length};
    int known = rows == -1 ? add_bytes(lines, session, whole) : rows;
    if (known == OUT_OF_MEMORY)
      code = cli_fail(CLI_LOCAL, "memory is out");
    else if (rows == 0)
      code = cli_fail(CLI_USAGE, "%s: none of its replies is a list of markets of this exchange", path);
    else if (known == 0)
      code = cli_fail(CLI_USAGE, "%s: not a list of markets of this exchange: %s", path,
                      bourse_context_error(session->context)->message);
  }
  cli_free_buffer(&text);
  return code;
}

int cli_load_markets(cli_session *session, const cli_options *options) {
  cli_buffer lines = {0};
  int code = CLI_OK;
  for (uint32_t i = 0; i < options->market_count && code == CLI_OK; i++)
    code = add_file(&lines, session, options->markets[i]);
  if (code == CLI_OK && lines.length > 0) {
    int32_t error = bourse_markets_load(session->exchange, 0, lines.data, lines.length);
    if (is_out_of_memory(error))
      code = cli_fail(CLI_LOCAL, "memory is out");
    else if (error != BOURSE_OK)
      code = cli_report(options, bourse_context_error(session->context), NULL);
  }
  cli_free_buffer(&lines);
  return code;
}
