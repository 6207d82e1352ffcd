/* What the tests of the decoder share: one document at a time, with room around it or without. */
#ifndef TESTS_DECODE_DOCUMENT_H
#define TESTS_DECODE_DOCUMENT_H

#include <bourse/error.h>
#include <bourse/market.h>
#include <bourse/sys/decode.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/decode.h"
#include "support/few.h"
#include "test.h"

/* What is read stays until the next document. */
static bourse_arena *arena;
static bourse_decoder decoder;
static char *document;

#define PADDED SIZE_MAX

static void begin_document(const char *bytes, size_t length, size_t padding) {
  size_t around = padding == PADDED ? 0 : padding;
  bourse__arena_free(arena);
  free(document);
  arena = bourse__arena_new(&bourse__default_allocator, 64);
  document =
      malloc(length + 2 * around == 0 ? 1 : length + 2 * around); /* exactly: memory checkers see a read past it */
  if (document == NULL || arena == NULL) exit(2);
  memset(document, ' ', length + 2 * around);
  memcpy(document + around, bytes, length);
  if (padding != PADDED)
    bourse_decode_init(&decoder, arena, document, length + 2 * around, NULL);
  else if (!bourse__decode_init_padded(&decoder, arena, document, length, NULL))
    exit(2);
}

/* With nothing around it a short document is read byte by byte; with 64 spaces around, sixteen bytes at a time; and so is the
 * copy of one with zeros around. */
static const size_t arounds[] = {0, 64, PADDED};
enum { AROUNDS = sizeof arounds / sizeof arounds[0] };

static void end_document(void) {
  bourse__arena_free(arena);
  free(document);
  arena = NULL;
  document = NULL;
}

static const char *text_of(const bourse_decimal *value) {
  static char text[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal_format(text, sizeof text, value);
  return text;
}

#endif
