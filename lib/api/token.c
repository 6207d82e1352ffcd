/* api/token.c - signed tokens (RFC 7519) that requests and logins carry. One that names what it is for serves again for the
 * same until a quarter of its life is left: signing costs more than all else in a request. The contract is
 * bourse/sys/adapter.h. */
#include <string.h>

#include "api/api.h"
#include "api/streaming.h"

#define KEPT_MAX  16
#define SECOND_NS INT64_C(1000000000)

typedef struct kept_token {
  char *uri; /* NULL: this place is free */
  char *text;
  int64_t from_ns;
  int64_t until_ns;
} kept_token;

struct bourse__tokens {
  kept_token items[KEPT_MAX];
};

/* --- Keeping --- */

static void drop(const bourse_allocator *allocator, kept_token *item) {
  if (item->text != NULL) bourse_wipe(item->text, strlen(item->text));
  bourse__release(allocator, item->text);
  bourse__release(allocator, item->uri);
  *item = (kept_token){NULL, NULL, 0, 0};
}

void bourse__tokens_forget(bourse_exchange *exchange) {
  for (size_t i = 0; exchange->tokens != NULL && i < KEPT_MAX; i++)
    drop(&exchange->allocator, &exchange->tokens->items[i]);
}

void bourse__tokens_free(bourse_exchange *exchange) {
  bourse__tokens_forget(exchange);
  bourse__release(&exchange->allocator, exchange->tokens);
  exchange->tokens = NULL;
}

/* The clock may have been set back behind the token's beginning. */
static const char *kept(const bourse_exchange *exchange, const char *uri, int64_t now_ns) {
  for (size_t i = 0; exchange->tokens != NULL && i < KEPT_MAX; i++) {
    const kept_token *item = &exchange->tokens->items[i];
    if (item->uri != NULL && strcmp(item->uri, uri) == 0 && now_ns >= item->from_ns &&
        now_ns < item->until_ns - (item->until_ns - item->from_ns) / 4)
      return item->text;
  }
  return NULL;
}

static char *copy(const bourse_allocator *allocator, const char *text) {
  size_t size = strlen(text) + 1;
  char *out = bourse__alloc(allocator, size);
  if (out != NULL) memcpy(out, text, size);
  return out;
}

/* In the place of an older one for the same, a free one, or the one that ends first. Without memory nothing is kept. */
static void keep(bourse_exchange *exchange, const char *uri, const char *text, int64_t from_ns, int64_t until_ns) {
  const bourse_allocator *allocator = &exchange->allocator;
  if (exchange->tokens == NULL) exchange->tokens = bourse__alloc(allocator, sizeof *exchange->tokens);
  if (exchange->tokens == NULL) return;
  kept_token *place = NULL;
  for (size_t i = 0; i < KEPT_MAX; i++) {
    kept_token *item = &exchange->tokens->items[i];
    if (item->uri != NULL && strcmp(item->uri, uri) == 0) {
      place = item;
      break;
    }
    if (place == NULL || item->until_ns < place->until_ns) place = item;
  }
  drop(allocator, place);
  kept_token made = {copy(allocator, uri), copy(allocator, text), from_ns, until_ns};
  if (made.uri != NULL && made.text != NULL)
    *place = made;
  else
    drop(allocator, &made);
}

/* --- Making --- */

typedef struct claims {
  const char *key;
  const char *issuer;
  const char *uri; /* NULL: none */
  int64_t now_s;
  int64_t life_s;
} claims;

static void put_member(bourse_text *text, const char *name, const char *value) {
  bourse_text_char(text, text->length > 0 ? ',' : '{');
  bourse_text_json(text, name, strlen(name));
  bourse_text_char(text, ':');
  bourse_text_json(text, value, strlen(value));
}

static void put_number(bourse_text *text, const char *name, int64_t value) {
  bourse_text_char(text, ',');
  bourse_text_json(text, name, strlen(name));
  bourse_text_char(text, ':');
  bourse_text_int(text, value);
}

static int32_t make(bourse_text *out, bourse_arena *arena, bourse_signer *signer, const bourse_random *random,
                    const claims *what) {
  uint8_t bytes[16];
  bourse_text nonce, header, payload;
  const char *algorithm = bourse_jwt_algorithm(signer);
  if (algorithm == NULL) return BOURSE_ERROR_CREDENTIALS;
  random->fill(random->user_data, bytes, sizeof bytes);
  bourse_text_init(&nonce, arena);
  bourse_text_hex(&nonce, bytes, sizeof bytes);
  if (bourse_text_finish(&nonce) == NULL) return BOURSE_ERROR_MEMORY;
  bourse_text_init(&header, arena);
  put_member(&header, "alg", algorithm);
  put_member(&header, "typ", "JWT");
  put_member(&header, "kid", what->key);
  put_member(&header, "nonce", nonce.data);
  bourse_text_char(&header, '}');
  bourse_text_init(&payload, arena);
  put_member(&payload, "sub", what->key);
  put_member(&payload, "iss", what->issuer);
  put_number(&payload, "nbf", what->now_s);
  put_number(&payload, "exp", what->now_s + what->life_s);
  if (what->uri != NULL) put_member(&payload, "uri", what->uri);
  bourse_text_char(&payload, '}');
  if (bourse_text_finish(&header) == NULL || bourse_text_finish(&payload) == NULL) return BOURSE_ERROR_MEMORY;
  bourse_text_init(out, arena);
  int32_t code = bourse_jwt_sign(out, signer, header.data, payload.data);
  return code == BOURSE_OK && bourse_text_finish(out) == NULL ? BOURSE_ERROR_MEMORY : code;
}

/* --- What adapters call --- */

void bourse_append_host(const bourse_call *call, bourse_text *text) {
  const bourse_exchange *exchange = call->running->exchange;
  const char *url = exchange == NULL ? NULL : exchange->hosts[call->wire.host];
  const char *after = url == NULL ? NULL : strstr(url, "://");
  bourse_text_string(text, after != NULL ? after + 3 : url == NULL ? "" : url);
}

const char *bourse_jwt(bourse_call *call, const char *issuer, const char *uri, int64_t life_s) {
  bourse_exchange *exchange = call->running->exchange;
  bourse_text text;
  const claims what = {call->api_key, issuer, uri, call->now_ns / SECOND_NS, life_s};
  call->running->with_token = 1;
  const char *before = uri == NULL ? NULL : kept(exchange, uri, call->now_ns);
  if (before != NULL) return before;
  int32_t code = make(&text, call->arena, call->signer, &exchange->context->random, &what);
  if (code == BOURSE_OK) {
    if (uri != NULL) keep(exchange, uri, text.data, what.now_s * SECOND_NS, (what.now_s + life_s) * SECOND_NS);
    return text.data;
  }
  if (code == BOURSE_ERROR_MEMORY)
    bourse_fail_memory(call);
  else if (code == BOURSE_ERROR_CREDENTIALS)
    bourse_fail(call, code, "secret", "%s takes tokens signed with an EC key on P-256 or an Ed25519 key",
                call->adapter->title);
  else
    bourse_fail(call, code, NULL, "the request could not be signed");
  return NULL;
}

int32_t bourse_link_jwt(bourse_link *seen, const char *issuer, int64_t life_s, bourse_text *out) {
  bourse__link *link = (bourse__link *)seen;
  link->with_token = 1;
  bourse_text text;
  const claims what = {seen->api_key, issuer, NULL, seen->now_ns / SECOND_NS, life_s};
  int32_t code = make(&text, seen->arena, seen->signer, &link->context->random, &what);
  if (code == BOURSE_OK) bourse_text_append(out, text.data, text.length);
  return code == BOURSE_OK && out->failed ? BOURSE_ERROR_MEMORY : code;
}
