#include "core/arena.h"
#include "helpers.h"
#include "keys.h"
#include "support/few.h"

static void check_token(bourse_signer *signer, const char *header, const char *payload, const char *expected) {
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 0);
  bourse_text text;
  bourse_text_init(&text, arena);
  bourse_text_string(&text, "Bearer "); /* what stands before is not signed */
  CHECK_INT(bourse_jwt_sign(&text, signer, header, payload), BOURSE_OK);
  const char *token = bourse_text_finish(&text);
  CHECK(token != NULL && strncmp(token, "Bearer ", 7) == 0);
  if (token != NULL) CHECK_STR(token + 7, expected);
  bourse__arena_free(arena);
}

TEST(eddsa_rfc8037) {
  bourse_signer *signer = signer_of("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", BOURSE__SECRET_ED25519_BASE64);
  CHECK_STR(bourse_jwt_algorithm(signer), "EdDSA");
  check_token(signer, "{\"alg\":\"EdDSA\"}", "Example of Ed25519 signing",
              "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
              "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  bourse__signer_free(signer);
}

TEST(es256) {
  bourse_signer *signer = signer_of(ec_pkcs8, BOURSE__SECRET_ED25519_BASE64);
  CHECK_STR(bourse_jwt_algorithm(signer), "ES256");
  check_token(signer,
              "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"organizations/1/apiKeys/2\","
              "\"nonce\":\"00112233445566778899aabbccddeeff\"}",
              "{\"sub\":\"organizations/1/apiKeys/2\",\"iss\":\"cdp\",\"nbf\":1767225600,\"exp\":1767225720,"
              "\"uri\":\"GET api.coinbase.com/api/v3/brokerage/accounts\"}",
              "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6Im9yZ2FuaXphdGlvbnMvMS9hcGlLZXlzLzIiLCJub25jZSI6IjAwMTEy"
              "MjMzNDQ1NTY2Nzc4ODk5YWFiYmNjZGRlZWZmIn0.eyJzdWIiOiJvcmdhbml6YXRpb25zLzEvYXBpS2V5cy8yIiwiaXNzIjoiY2Rw"
              "IiwibmJmIjoxNzY3MjI1NjAwLCJleHAiOjE3NjcyMjU3MjAsInVyaSI6IkdFVCBhcGkuY29pbmJhc2UuY29tL2FwaS92My9icm9r"
              "ZXJhZ2UvYWNjb3VudHMifQ.79Pf1scNCTFDrkKvNYI9jfb0KEIwB_z_l3Twr8Un3TvFocVqsWka2FyFJI4B3RegqKxrB7jlgJkta"
              "fmqEROevw");
  bourse__signer_free(signer);
}

/* The last text in backquotes of the line that begins with `start`, after `from`. */
static int last_quoted(char *out, size_t out_size, const char *from, const char *start) {
  const char *line = strstr(from, start), *end, *close, *open;
  if (line == NULL) return 0;
  end = line + strcspn(line, "\n");
  for (close = end; close > line && *close != '`';) close--;
  for (open = close - 1; open > line && *open != '`';) open--;
  if (open <= line || (size_t)(close - open) > out_size) return 0;
  memcpy(out, open + 1, (size_t)(close - open - 1));
  out[close - open - 1] = '\0';
  return 1;
}

static void check_notes(const char *section, bourse_signer *signer, const char *id) {
  static const char *const rows[] = {"\n| GET", "\n| POST", "\n| WS"};
  static const char *const uris[] = {",\"uri\":\"GET api.coinbase.com/api/v3/brokerage/accounts\"",
                                     ",\"uri\":\"POST api.coinbase.com/api/v3/brokerage/orders\"", ""};
  for (size_t i = 0; i < 3; i++) {
    char header[256], payload[512], signature[128] = "";
    bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 0);
    bourse_text text;
    /* last_quoted looks at one line, so the line break that begins the row is passed over. */
    const char *row = strstr(section, rows[i]);
    CHECK(row != NULL && last_quoted(signature, sizeof signature, row + 1, rows[i] + 1));
    snprintf(header, sizeof header,
             "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\",\"nonce\":\"00112233445566778899aabbccddeeff\"}",
             bourse_jwt_algorithm(signer), id);
    snprintf(payload, sizeof payload, "{\"sub\":\"%s\",\"iss\":\"cdp\",\"nbf\":1767225600,\"exp\":1767225720%s}", id,
             uris[i]);
    bourse_text_init(&text, arena);
    CHECK_INT(bourse_jwt_sign(&text, signer, header, payload), BOURSE_OK);
    const char *token = bourse_text_finish(&text);
    CHECK(token != NULL);
    if (token != NULL) CHECK_STR(strrchr(token, '.') + 1, signature);
    bourse__arena_free(arena);
  }
}

/* The worked examples in the notes on Coinbase, when they are there. */
TEST(coinbase_notes) {
  char secret[128];
  FILE *file = fopen("../shared/exchanges/coinbase.md", "r");
  if (file == NULL) return;
  char *notes = calloc(1, 200000);
  if (notes != NULL && fread(notes, 1, 199999, file) > 0) {
    const char *es256 = strstr(notes, "**ES256.**"), *eddsa = strstr(notes, "**EdDSA.**");
    CHECK(es256 != NULL && eddsa != NULL);
    if (es256 != NULL && eddsa != NULL) {
      bourse_signer *signer = NULL;
      size_t length = (size_t)(eddsa - es256);
      CHECK_INT(bourse__signer_new(&signer, NULL, es256, length, BOURSE__SECRET_TEXT, NULL, 0), BOURSE_OK);
      check_notes(es256, signer,
                  "organizations/11111111-2222-3333-4444-555555555555/apiKeys/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
      bourse__signer_free(signer);
      const char *from = strchr(eddsa, '`');
      snprintf(secret, sizeof secret, "%.*s", (int)strcspn(from + 1, "`"), from + 1);
      signer = signer_of(secret, BOURSE__SECRET_ED25519_BASE64);
      check_notes(eddsa, signer, "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
      bourse__signer_free(signer);
    }
  }
  free(notes);
  fclose(file);
}

TEST(other_kinds_make_no_tokens) {
  static const char *const secrets[] = {"secret", rsa2048_pkcs8};
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 0);
  bourse_text text;
  bourse_text_init(&text, arena);
  for (size_t i = 0; i < 2; i++) {
    bourse_signer *signer = signer_of(secrets[i], BOURSE__SECRET_TEXT);
    CHECK(bourse_jwt_algorithm(signer) == NULL);
    CHECK_INT(bourse_jwt_sign(&text, signer, "{}", "{}"), BOURSE_ERROR_CRYPTO);
    CHECK_INT(text.length, 0);
    CHECK_INT(bourse_jwt_sign(&text, signer, NULL, "{}"), BOURSE_ERROR_ARGUMENT);
    CHECK_INT(bourse_jwt_sign(&text, signer, "{}", NULL), BOURSE_ERROR_ARGUMENT);
    CHECK_INT(bourse_jwt_sign(NULL, signer, "{}", "{}"), BOURSE_ERROR_ARGUMENT);
    bourse__signer_free(signer);
  }
  CHECK(bourse_jwt_algorithm(NULL) == NULL);
  CHECK_INT(bourse_jwt_sign(&text, NULL, "{}", "{}"), BOURSE_ERROR_ARGUMENT);
  bourse__arena_free(arena);
}

static int32_t refuse(void *user_data, int32_t algorithm, const void *message, size_t length, uint8_t *out,
                      size_t out_size, size_t *out_length) {
  (void)user_data, (void)algorithm, (void)message, (void)length, (void)out, (void)out_size;
  *out_length = 0;
  return BOURSE_ERROR_CRYPTO;
}

TEST(a_failing_host) {
  bourse_signer *signer = NULL;
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 0);
  bourse_text text;
  bourse_text_init(&text, arena);
  CHECK_INT(bourse__signer_new_host(&signer, NULL, BOURSE_KEY_ED25519, refuse, NULL), BOURSE_OK);
  CHECK_INT(bourse_jwt_sign(&text, signer, "{}", "{}"), BOURSE_ERROR_CRYPTO);
  bourse__signer_free(signer);
  bourse__arena_free(arena);
}

TEST(want_of_memory) {
  char payload[3000];
  bourse_signer *signer = signer_of(ed25519_pkcs8, BOURSE__SECRET_TEXT);
  int memory = 0, ok = 0;
  memset(payload, 'p', sizeof payload - 1);
  payload[sizeof payload - 1] = '\0';
  for (int gives = 1; gives < 20 && !ok; gives++) {
    int left = gives;
    bourse_allocator allocator = few_allocator(&left);
    bourse_arena *arena = bourse__arena_new(&allocator, 64);
    if (arena == NULL) continue;
    bourse_text text;
    bourse_text_init(&text, arena);
    int32_t result = bourse_jwt_sign(&text, signer, "{}", payload);
    if (result == BOURSE_OK)
      ok++;
    else if (result == BOURSE_ERROR_MEMORY)
      memory++;
    else
      TEST_FAIL("%d", result);
    bourse__arena_free(arena);
  }
  CHECK_INT(ok, 1);
  CHECK(memory > 0);
  bourse__signer_free(signer);
}

TEST_MAIN()
