/* core/decode_parts.h - what the parts of the decoder (decode.c, decode_levels.c) have in common: places in the input go in and
 * out, and NULL is a failure that has been noted. */
#ifndef CORE_DECODE_PARTS_H
#define CORE_DECODE_PARTS_H

#include <bourse/sys/decode.h>

#include "core/digits.h"

/* --- Errors: the first is kept. They return NULL. */
const char *bourse__decode_stop_memory(bourse_decoder *decoder, const char *name);
/* For what the reader found to be malformed; at a place of the input, and with what is wrong there. */
const char *bourse__decode_stop_json(bourse_decoder *decoder, const char *name);
const char *bourse__decode_stop_at(bourse_decoder *decoder, const char *name, const char *place, const char *message);
const char *bourse__decode_stop_missing(bourse_decoder *decoder, const char *name, const char *how);

/* From behind a value to the next key or element; *closed becomes 1, and the place is behind it, when the container
 * ends. */
const char *bourse__decode_comma(bourse_decoder *decoder, const char *p, char close, int32_t *closed);
/* The members of an object whose brace is open. Returns the place behind its end. */
const char *bourse__decode_members(bourse_decoder *decoder, const bourse_table *table, const char *p, char *out);
/* 1: a table is as it must be to decode by it. */
int32_t bourse__decode_table_fits(bourse_decoder *decoder, const bourse_table *table);
/* Any value at p, read by a rule. */
const char *bourse__decode_value_at(bourse_decoder *decoder, const bourse_field *field, const char *p, void *member);

/* How far the value is when the bytes from p on are the name in quotes, a colon, and at once or behind a blank the first byte
 * of a value, which is in the window; else 0. */
SCAN_INLINE size_t decode_member_length(const char *p, window w, const bourse_field *field) {
  size_t length = field->name_length + (size_t)3;
  /* Zeros around the input are in no name: comparing ends among them. */
  if ((!w.everywhere && !in_window(w, p + length)) || field->quoted == NULL || !scan_same(p, field->quoted, length))
    return 0;
  if ((uint8_t)p[length] > ' ') return length;
  return p[length] == ' ' && (uint8_t)p[length + 1] > ' ' ? length + 1 : 0;
}

#endif
