/* Market tables: found by symbol and id, kept and given back by the host, read in our own form. */
#include "api/api.h"
#include "fake.h"

typedef struct kept {
  char key[128];
  char bytes[8192];
  size_t length;
  int saves, loads;
} kept;

static int32_t load_kept(void *user_data, const char *key, const char **bytes, size_t *length) {
  kept *store = user_data;
  store->loads++;
  if (strcmp(key, store->key) != 0) return 1;
  *bytes = store->bytes;
  *length = store->length;
  return 0;
}

static void save_kept(void *user_data, const char *key, const char *bytes, size_t length) {
  kept *store = user_data;
  store->saves++;
  snprintf(store->key, sizeof store->key, "%s", key);
  store->length = length < sizeof store->bytes ? length : 0;
  memcpy(store->bytes, bytes, store->length);
}

static void open_kept(fake_world *world, kept *store, const fake_reply *script, size_t count) {
  bourse_transport transport = {.struct_size = sizeof transport, .api_version = BOURSE_API_VERSION, .user_data = world,
                                .send = fake_send, .cancel = fake_cancel, .run = NULL};
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  memset(world, 0, sizeof *world);
  world->script = script;
  world->script_count = count;
  world->now_ns = INT64_C(1700000000000000000);
  options.transport = &transport;
  options.clock = (bourse_clock){world, fake_now, fake_now};
  options.market_store = (bourse_market_store){store, load_kept, save_kept};
  CHECK_INT(bourse_context_new(&world->context, &options), BOURSE_OK);
  CHECK_INT(bourse_register(world->context, &fake_adapter), BOURSE_OK);
  CHECK_INT(bourse_open(&world->exchange, world->context, "fake", NULL), BOURSE_OK);
}

TEST(a_table_goes_to_the_host_and_comes_back) {
  static const fake_reply script[] = {{"/markets", 200, 0, 0, FAKE_MARKETS, NULL}};
  static kept store;
  const bourse_market *market;
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  fake_world world;
  open_kept(&world, &store, script, 1);
  CHECK_INT(bourse_market_find(&market, world.exchange, "A/B", 0), BOURSE_OK);
  CHECK_INT(store.saves, 1);
  CHECK_INT(world.sent_count, 1);
  fake_close(&world);
  open_kept(&world, &store, NULL, 0);
  CHECK_INT(bourse_market_find(&market, world.exchange, "A/B", 0), BOURSE_OK);
  CHECK_INT(world.sent_count, 0);
  CHECK_STR(market->id, "AB");
  CHECK_INT(market->active, BOURSE_YES);
  bourse_decimal_format(text, sizeof text, &market->price_tick);
  CHECK_STR(text, "0.1");
  CHECK_INT(bourse_market_find(&market, world.exchange, "CD", BOURSE_PRODUCT_SPOT), BOURSE_OK);
  CHECK_INT(market->active, BOURSE_NO);
  CHECK_INT(bourse_market_find(&market, world.exchange, "NO/NE", 0), BOURSE_ERROR_UNKNOWN_SYMBOL);
  fake_close(&world);
}

TEST(damaged_bytes_from_the_host_are_not_trusted) {
  static const fake_reply script[] = {{"/markets", 200, 0, 0, FAKE_MARKETS, NULL}};
  static kept store;
  const bourse_market *market;
  fake_world world;
  open_kept(&world, &store, script, 1);
  CHECK_INT(bourse_market_find(&market, world.exchange, "A/B", 0), BOURSE_OK);
  fake_close(&world);
  store.length /= 2;
  open_kept(&world, &store, script, 1);
  CHECK_INT(bourse_market_find(&market, world.exchange, "A/B", 0), BOURSE_OK);
  CHECK_INT(world.sent_count, 1);
  fake_close(&world);
}

TEST(an_old_table_is_loaded_again) {
  static const fake_reply script[] = {{"/markets", 200, 0, 0, FAKE_MARKETS, NULL},
                                      {"/markets", 200, 0, 0, "[{\"id\":\"EF\",\"symbol\":\"E/F\"}]", NULL}};
  const bourse_market *market;
  fake_world world;
  FAKE_OPEN(&world, script);
  CHECK_INT(bourse_market_find(&market, world.exchange, "A/B", 0), BOURSE_OK);
  world.now_ns += INT64_C(3600) * 1000000000;
  CHECK_INT(bourse_market_find(&market, world.exchange, "E/F", 0), BOURSE_OK);
  CHECK_INT(world.sent_count, 2);
  fake_close(&world);
}

TEST(an_old_table_serves_where_no_new_one_is_to_be_had) {
  static const fake_reply script[] = {{"/markets", 200, 0, 0, FAKE_MARKETS, NULL},
                                      {"/ticker", 200, 0, 0, "{\"last\":1}", NULL},
                                      {"/markets", 400, 0, 0, "{\"error\":\"no\"}", NULL},
                                      {"/ticker", 200, 0, 0, "{\"last\":1}", NULL},
                                      {"/ticker", 200, 0, 0, "{\"last\":1}", NULL},
                                      {"/markets", 400, 0, 0, "{\"error\":\"no\"}", NULL},
                                      {"/ticker", 200, 0, 0, "{\"last\":1}", NULL},
                                      {"/markets", 400, 0, 0, "{\"error\":\"no\"}", NULL}};
  bourse_result *result = NULL;
  fake_world world;
  FAKE_OPEN(&world, script);
  static const int64_t pass_s[] = {0, 4000, 1, 60}; /* before each; an hour is what a table is good for */
  static const size_t sent[] = {2, 4, 5, 7};
  for (size_t i = 0; i < 4; i++) {
    world.now_ns += pass_s[i] * 1000000000;
    CHECK_INT(bourse_fetch_ticker(&result, world.exchange, "A/B"), BOURSE_OK);
    CHECK_INT(world.sent_count, sent[i]);
    bourse_result_free(result);
  }
  /* What it does not list may be new. */
  CHECK_INT(bourse_fetch_ticker(&result, world.exchange, "E/F"), BOURSE_ERROR_BAD_REQUEST);
  CHECK_INT(world.sent_count, 8);
  fake_close(&world);
}

TEST(a_new_listing_is_found) {
  static const fake_reply script[] = {{"/markets", 200, 0, 0, FAKE_MARKETS, NULL},
                                      {"/ticker", 200, 0, 0, "{\"last\":1}", NULL},
                                      {"/markets", 200, 0, 0, "[{\"id\":\"EF\",\"symbol\":\"E/F\"}]", NULL},
                                      {"/ticker", 200, 0, 0, "{\"last\":1}", NULL}};
  bourse_result *result = NULL;
  fake_world world;
  FAKE_OPEN(&world, script);
  CHECK_INT(bourse_fetch_ticker(&result, world.exchange, "A/B"), BOURSE_OK);
  bourse_result_free(result);
  world.now_ns += INT64_C(61) * 1000000000;
  CHECK_INT(bourse_fetch_ticker(&result, world.exchange, "E/F"), BOURSE_OK);
  CHECK_INT(world.sent_count, 4);
  bourse_result_free(result);
  CHECK_INT(bourse_fetch_ticker(&result, world.exchange, "G/H"), BOURSE_ERROR_UNKNOWN_SYMBOL);
  CHECK_INT(world.sent_count, 4);
  fake_close(&world);
}

TEST(bytes_that_are_no_market_list_are_refused) {
  static const char *const bad[] = {"", "{", "[]", "<html>", "{\"symbol\":\"A/B\"}", "{\"symbol\":1}", "null",
                                    "{\"symbol\":\"A/B\",\"id\":\"AB\",\"product\":\"nonsense\"}",
                                    "{\"symbol\":\"A/B\",\"id\":\"AB\",\"product\":\"spot\",\"price_tick\":\"x\"}"};
  fake_world world;
  fake_open(&world, NULL, 0);
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    CHECK(bourse_markets_load(world.exchange, 0, bad[i], strlen(bad[i])) != BOURSE_OK);
  CHECK_INT(bourse_markets_load(world.exchange, 0, NULL, 0), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_markets_load(world.exchange, 9, "x", 1), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(world.sent_count, 0);
  fake_close(&world);
}

TEST(a_table_has_texts_of_its_own) {
  const bourse_struct_info *info = bourse_schema_record(BOURSE_KIND_MARKET);
  bourse_market market;
  const bourse_market *items[] = {&market};
  bourse__markets *markets;
  char texts[64][16];
  memset(&market, 0, sizeof market);
  for (uint32_t i = 0; i < info->member_count; i++) {
    const char *text = texts[i];
    if (info->members[i].type != BOURSE_TYPE_STRING) continue;
    snprintf(texts[i], sizeof texts[i], "text %u", i);
    memcpy((char *)&market + info->members[i].offset, &text, sizeof text);
  }
  CHECK_INT(bourse__markets_new(&markets, &bourse__default_allocator, BOURSE_PRODUCT_SPOT, items, 1), BOURSE_OK);
  const bourse_market *copy = bourse__markets_by_id(markets, market.id, strlen(market.id));
  CHECK(copy != NULL && copy != &market);
  for (uint32_t i = 0; i < info->member_count; i++) {
    const char *text;
    if (info->members[i].type != BOURSE_TYPE_STRING) continue;
    memcpy(&text, (const char *)copy + info->members[i].offset, sizeof text);
    CHECK(text != texts[i]);
    CHECK_STR(text, texts[i]);
  }
  bourse__markets_drop(markets);
}

TEST_MAIN()
