/* Adapters of hosts: older and newer ones than this library, and how long they are kept. */
#include "api/api.h"
#include "fake.h"

/* An adapter whose struct has `size` bytes, as a program of another version would have it. */
typedef struct long_adapter {
  bourse_adapter adapter;
  char tail[64];
} long_adapter;

static bourse_context *context;

static int32_t register_size(long_adapter *given, uint32_t size) {
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  CHECK_INT(bourse_context_new(&context, &options), BOURSE_OK);
  given->adapter.struct_size = size;
  return bourse_register(context, &given->adapter);
}

TEST(shorter_adapters_of_older_programs_are_taken) {
  long_adapter given = {.adapter = fake_adapter};
  bourse_exchange *exchange = NULL;
  /* As long as the newest member that this one sets; behind it lies what the library must not read. */
  memset((char *)&given + offsetof(bourse_adapter, regions), 0xAA, sizeof given - offsetof(bourse_adapter, regions));
  CHECK_INT(register_size(&given, (uint32_t)offsetof(bourse_adapter, regions)), BOURSE_OK);
  CHECK_INT(bourse_open(&exchange, context, fake_adapter.name, NULL), BOURSE_OK);
  CHECK_INT(bourse_supports(exchange, BOURSE_OP_FETCH_TICKER, BOURSE_PRODUCT_SPOT, 0), BOURSE_NATIVE);
  bourse_close(exchange);
  bourse_context_free(context);
}

TEST(longer_adapters_are_taken_unless_they_use_what_is_unknown) {
  long_adapter given = {.adapter = fake_adapter};
  CHECK_INT(register_size(&given, sizeof given), BOURSE_OK);
  bourse_context_free(context);
  given.tail[40] = 1;
  CHECK_INT(register_size(&given, sizeof given), BOURSE_ERROR_STRUCT);
  CHECK(strstr(bourse_context_error(context)->message, "does not know") != NULL);
  bourse_context_free(context);
}

TEST(adapters_without_a_stamp_are_refused) {
  long_adapter given = {.adapter = fake_adapter};
  CHECK_INT(register_size(&given, 4), BOURSE_ERROR_STRUCT);
  bourse_context_free(context);
  given.adapter.api_version = 7;
  CHECK_INT(register_size(&given, sizeof given.adapter), BOURSE_ERROR_STRUCT);
  CHECK_INT(bourse_register(context, NULL), BOURSE_ERROR_ARGUMENT);
  bourse_context_free(context);
}

TEST(a_handle_keeps_its_adapter_beyond_the_context_and_the_struct) {
  long_adapter given = {.adapter = fake_adapter};
  bourse_exchange *exchange = NULL;
  CHECK_INT(register_size(&given, sizeof given.adapter), BOURSE_OK);
  memset(&given, 0xAA, sizeof given);
  CHECK_INT(bourse_open(&exchange, context, fake_adapter.name, NULL), BOURSE_OK);
  CHECK_INT(bourse_register(context, &fake_adapter), BOURSE_ERROR_ARGUMENT); /* the name is taken */
  bourse_context_free(context);
  CHECK_STR(bourse_exchange_name(exchange), fake_adapter.name);
  CHECK_INT(bourse_supports(exchange, BOURSE_OP_FETCH_TICKER, BOURSE_PRODUCT_SPOT, 0), BOURSE_NATIVE);
  bourse_close(exchange);
}

TEST_MAIN()
