/* fuzz_arguments.c - what may be typed after `bourse`, one word a line: options, then an operation and its key=value words.
 *
 * 1. What is refused is refused in one line on standard error that holds no control character.
 * 2. What is taken makes a request of which every pointer holds, and which the library can look at. */
#include "require.h"
#include "src/cli.h"
#include "support/members.h"

static bourse_exchange *handle(void) {
  static bourse_context *context;
  static bourse_exchange *opened;
  if (opened != NULL) return opened;
  REQUIRE(bourse_context_new(&context, NULL) == BOURSE_OK);
  REQUIRE(bourse_open(&opened, context, "binance", NULL) == BOURSE_OK);
  return opened;
}

/* Reads every member of a record. */
static size_t look_at(pool *p, const bourse_struct_info *info, const void *record) {
  size_t length = 0;
  for (uint32_t i = 0; i < info->member_count; i++) {
    const char *text = member_text(p, &info->members[i], record);
    length += text == NULL ? 0 : strlen(text);
  }
  return length;
}

static void use(pool *p, const cli_arguments *arguments) {
  const bourse_request *request = &arguments->request;
  bourse_result *result;
  REQUIRE(request->struct_size == sizeof *request && request->operation == arguments->info->operation);
  (void)look_at(p, bourse_schema_request(), request);
  for (uint32_t i = 0; i < request->order_count; i++) {
    REQUIRE(request->orders[i]->struct_size == sizeof *request->orders[i]);
    (void)look_at(p, bourse_schema_order_request(), request->orders[i]);
  }
  for (uint32_t i = 0; i < request->param_count; i++)
    REQUIRE(request->params[i].name[0] != '\0' && strlen(request->params[i].value) < 100000);
  (void)cli_arguments_symbol(arguments);
  if (bourse_decode(&result, handle(), request, 200, NULL, 0, "{}", 2) == BOURSE_OK) bourse_result_free(result);
}

static int run(pool *p, int argc, char **argv) {
  cli_options options;
  int code = cli_parse_options(&options, argc, argv);
  const char *name = code == CLI_OK && options.word_count > 0 ? options.words[0] : "";
  const bourse_operation_info *info = bourse_schema_operation(bourse_operation_by_name(name));
  if (code == CLI_OK && info != NULL) {
    cli_arguments arguments;
    cli_arguments_init(&arguments, info);
    for (uint32_t i = 1; i < options.word_count && code == CLI_OK; i++)
      code = cli_arguments_word(&arguments, options.words[i]);
    if (code == CLI_OK) code = cli_arguments_check(&arguments);
    if (code == CLI_OK) {
      cli_arguments_finish(&arguments);
      use(p, &arguments);
    }
    cli_arguments_free(&arguments);
  }
  cli_free_options(&options);
  return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  pool p = {NULL};
  char *words[64] = {(char *)(uintptr_t) "bourse"}, *said = NULL;
  int count = 1;
  size_t said_length = 0;
  FILE *usual = stderr, *kept = open_memstream(&said, &said_length);
  REQUIRE(kept != NULL);
  for (const uint8_t *line = data, *end = data + size; line < end && count < 64;) {
    const uint8_t *close = memchr(line, '\n', (size_t)(end - line));
    size_t length = (size_t)((close == NULL ? end : close) - line);
    words[count++] = pool_copy(&p, (const char *)line, length);
    line += length + 1;
  }
  stderr = kept;
  int code = run(&p, count, words);
  stderr = usual;
  fclose(kept);
  int lines = 0, odd = 0;
  for (size_t i = 0; i < said_length; i++) {
    lines += said[i] == '\n';
    odd |= ((unsigned char)said[i] < 0x20 && said[i] != '\n') || said[i] == 0x7f;
  }
  if (odd || (code != CLI_OK && lines != 1)) fprintf(stderr, "exit %d, said: %s\n", code, said);
  REQUIRE(!odd);
  REQUIRE(code == CLI_OK ? lines == 0 : code == CLI_USAGE && lines == 1 && strncmp(said, "bourse: ", 8) == 0);
  free(said);
  pool_free(&p);
  return 0;
}
