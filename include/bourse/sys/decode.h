/* bourse/sys/decode.h - tables that say which JSON field goes into which struct member. Second tier: may change until 1.0.
 *
 * A table is a list of fields in the order the exchange usually sends them (any order is read; the usual one is fast):
 *
 *     static const bourse_field ticker_fields[] = {
 *       BOURSE_FIELD("lastPrice", DECIMAL, bourse_ticker, last),
 *       BOURSE_FIELD("closeTime", TIME_MS, bourse_ticker, time_ns),
 *       BOURSE_FIELD_ENUM("side", bourse_order, side, side_names),
 *     };
 *     static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);
 *
 * Fields not in the table are skipped. A field that comes twice, has a type its rule does not accept, or is marked
 * required and missing is an error that names it. null, and "" for anything but a string, mean "not sent": the member is
 * left alone and no custom function is called (RAW and SLICE do give the bytes of ""). */
#ifndef BOURSE_SYS_DECODE_H
#define BOURSE_SYS_DECODE_H

#include <bourse/base.h>
#include <bourse/decimal.h>
#include <bourse/sys/arena.h>
#include <bourse/sys/json.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bourse_decoder bourse_decoder;
typedef struct bourse_field bourse_field;
typedef struct bourse_table bourse_table;

/* What a field accepts, and what its member is. */
#define BOURSE_AS_STRING 1   /* string                      -> const char *, copied into the arena, escapes resolved */
#define BOURSE_AS_ID 2       /* string or integer           -> const char *, the text of either */
#define BOURSE_AS_DECIMAL 3  /* string or number            -> bourse_decimal */
#define BOURSE_AS_INT64 4    /* integer, or string of one   -> int64_t */
#define BOURSE_AS_INT32 5    /* the same                    -> int32_t */
#define BOURSE_AS_BOOL 6     /* true, false, or "true", "false", "TRUE", "FALSE" -> int32_t BOURSE_YES or BOURSE_NO */
#define BOURSE_AS_TIME_S 7   /* number or string, decimals allowed (seconds)      -> int64_t nanoseconds */
#define BOURSE_AS_TIME_MS 8  /* the same in milliseconds */
#define BOURSE_AS_TIME_US 9  /* the same in microseconds */
#define BOURSE_AS_TIME_NS 10 /* the same in nanoseconds */
#define BOURSE_AS_TIME_ISO 11 /* ISO 8601 text, "2023-01-02T03:04:05.678Z" or "2023-01-02 03:04:05" (UTC) -> int64_t ns */
#define BOURSE_AS_ENUM 12    /* string or integer, looked up in `extra` (bourse_name list) -> int32_t; unknown text -> 0 */
#define BOURSE_AS_SLICE 13   /* string (bytes between the quotes, not unescaped) or number -> bourse_slice into the input */
#define BOURSE_AS_RAW 14     /* any value, its bytes as they stand -> bourse_slice into the input */
#define BOURSE_AS_OBJECT 15  /* object, read by the table in `extra` into the member's address (or null) */
#define BOURSE_AS_CUSTOM 16  /* any value, consumed by the function in `custom` */
#define BOURSE_AS_CHECK 17   /* any value, checked and dropped; only useful with BOURSE_FIELD_REQUIRED */

#define BOURSE_FIELD_REQUIRED 1u /* missing, null or "" is an error */

/* A name list for enums ends with { NULL, 0 }. */
typedef struct bourse_name {
  const char *name;
  int32_t value;
} bourse_name;

/* Reads one value from the decoder's JSON into `member` (the address base + offset). Returns BOURSE_OK, or the error it
 * set with bourse_decode_fail. */
typedef int32_t (*bourse_decode_function)(bourse_decoder *decoder, void *member);

struct bourse_field {
  const char *name;
  uint16_t name_length;
  uint16_t offset;
  uint16_t as;    /* BOURSE_AS_* */
  uint16_t flags; /* BOURSE_FIELD_* */
  const void *extra;
  bourse_decode_function custom;
  const char *quoted; /* the name as it stands in front of a value, "\"price\":"; NULL: reading is slower */
};

struct bourse_table {
  const bourse_field *fields;
  uint32_t count; /* at most 64 */
};

#define BOURSE_FIELD_FULL(name_, as_, type_, member_, flags_, extra_, custom_) \
  { name_, sizeof(name_) - 1, offsetof(type_, member_), BOURSE_AS_##as_, flags_, extra_, custom_, "\"" name_ "\":" }
#define BOURSE_FIELD(name_, as_, type_, member_) BOURSE_FIELD_FULL(name_, as_, type_, member_, 0, NULL, NULL)
#define BOURSE_FIELD_MUST(name_, as_, type_, member_) \
  BOURSE_FIELD_FULL(name_, as_, type_, member_, BOURSE_FIELD_REQUIRED, NULL, NULL)
#define BOURSE_FIELD_ENUM(name_, type_, member_, names_) BOURSE_FIELD_FULL(name_, ENUM, type_, member_, 0, names_, NULL)
#define BOURSE_FIELD_OBJECT(name_, type_, member_, table_) \
  BOURSE_FIELD_FULL(name_, OBJECT, type_, member_, 0, table_, NULL)
#define BOURSE_FIELD_CUSTOM(name_, type_, member_, function_) \
  BOURSE_FIELD_FULL(name_, CUSTOM, type_, member_, 0, NULL, function_)
/* An element of a row that is passed over. */
#define BOURSE_FIELD_SKIP \
  { "", 0, 0, BOURSE_AS_CHECK, 0, NULL, NULL, NULL }
#define BOURSE_TABLE(fields_) \
  { fields_, sizeof(fields_) / sizeof((fields_)[0]) }

/* Price and amount of one level of an order book. */
struct bourse_level;

/* One decoding in progress. Set json (bourse_json_init), arena and user_data before the first call. */
struct bourse_decoder {
  bourse_json json;
  bourse_arena *arena;
  void *user_data;   /* for custom functions */
  int32_t error;     /* BOURSE_OK or the first error */
  uint32_t error_row; /* element index in the outermost array, when there is one */
  uint32_t row_depth; /* the decoder's own: depth of that array */
  uint32_t padded;    /* the library's own: DECODE_PADDING zeros stand before and behind the input */
  char error_text[160]; /* "lastPrice: not a number: abc" */
};

/* Starts a decoder over bytes. */
BOURSE_API void bourse_decode_init(bourse_decoder *decoder, bourse_arena *arena, const char *bytes, size_t length, void *user_data);

/* Reads one object by the table into the struct at `out` (members of missing fields are left alone). */
BOURSE_API int32_t bourse_decode_object(bourse_decoder *decoder, const bourse_table *table, void *out);

/* The same for what is sent with its members in several orders: by the table whose first field is the object's first member,
 * or by the first table. All of them have the same fields. */
BOURSE_API int32_t bourse_decode_object_by_order(bourse_decoder *decoder, const bourse_table *tables, uint32_t count, void *out);

/* Reads one array as a row: element i by fields[i]; a field named "" is skipped; elements past the table are skipped;
 * missing elements are an error only for required fields. */
BOURSE_API int32_t bourse_decode_row(bourse_decoder *decoder, const bourse_table *table, void *out);

/* Reads [[price, amount, ...], ...] of strings or numbers into a new array in the arena; further elements of a level are
 * skipped. *out is NULL when there are none. */
BOURSE_API int32_t bourse_decode_levels(bourse_decoder *decoder, struct bourse_level **out, uint32_t *out_count);

/* The same of [{"price": ..., "qty": ...}, ...]: each level by a table over bourse_level. */
BOURSE_API int32_t bourse_decode_level_objects(bourse_decoder *decoder, const bourse_table *table, struct bourse_level **out,
                                               uint32_t *out_count);

/* The short way for objects whose keys are letters, as streams send them by the thousand: one pass in any order, for
 * values in their usual form. Keys that are not in it are passed over when their value is not nested. */
typedef struct bourse_letter {
  uint8_t as; /* BOURSE_AS_DECIMAL, _INT64, _TIME_MS, _SLICE (a string without escapes), _ID (digits), _BOOL, _LEVELS */
  uint8_t reserved;
  uint16_t offset;
} bourse_letter;

#define BOURSE_AS_LEVELS 18 /* here and below only: as bourse_decode_levels -> bourse_level_list */

typedef struct bourse_level_list {
  struct bourse_level *levels;
  uint32_t count;
  uint32_t reserved;
} bourse_level_list;

typedef struct bourse_flat {
  uint64_t required;   /* BOURSE_LETTER_BIT of each, together */
  char pair[2];        /* one key of two letters; its bit is that of '?' */
  bourse_letter of_pair;
  bourse_letter letters[64]; /* BOURSE_LETTER */
} bourse_flat;

#define BOURSE_LETTER(letter_, as_, type_, member_) \
  [(letter_) & 63] = { BOURSE_AS_##as_, 0, offsetof(type_, member_) }
#define BOURSE_LETTER_BIT(letter_) (UINT64_C(1) << ((letter_) & 63))

/* 1: the object that comes next was read into `out`. 0: it has another form; nothing is consumed, but members may have been
 * written: clear them, and read it by a table. */
BOURSE_API int32_t bourse_decode_flat(bourse_decoder *decoder, const bourse_flat *flat, void *out);

/* The shortest way, for messages that always have the same members in the same order: what stands before each value, commas,
 * names and members that never differ together, and the value's rule. */
typedef struct bourse_piece {
  const char *text; /* "{\"feed\":\"book\",\"product_id\":" */
  uint16_t length;  /* of it */
  uint16_t offset;
  uint16_t as;      /* as bourse_letter's, _TIME_ISO, or _LEVELS -> bourse_level_list */
  uint16_t reserved;
  const struct bourse_form *level; /* levels that are objects: of each of these, decimals only; NULL: they are arrays */
} bourse_piece;

typedef struct bourse_form {
  const bourse_piece *pieces;
  uint32_t count;
  uint32_t end_length;
  const char *end; /* what stands behind the last value */
} bourse_form;

#define BOURSE_PIECE(text_, as_, type_, member_) \
  { text_, sizeof(text_) - 1, offsetof(type_, member_), BOURSE_AS_##as_, 0, NULL }
#define BOURSE_PIECE_LEVELS(text_, form_, type_, member_) \
  { text_, sizeof(text_) - 1, offsetof(type_, member_), BOURSE_AS_LEVELS, 0, &(form_) }
#define BOURSE_FORM(pieces_) BOURSE_FORM_TO(pieces_, "}")
#define BOURSE_FORM_TO(pieces_, end_) \
  { pieces_, sizeof(pieces_) / sizeof((pieces_)[0]), sizeof(end_) - 1, end_ }

/* 1: the pieces, their values and the end are the rest of the input, and were read into `out`; nothing needs to be
 * finished. 0 as above. */
BOURSE_API int32_t bourse_decode_form(bourse_decoder *decoder, const bourse_form *form, void *out);

/* Reads ["a","b"] into a new array of strings in the arena. */
BOURSE_API int32_t bourse_decode_strings(bourse_decoder *decoder, const char *const **out, uint32_t *out_count);

/* Single values, for custom functions: read what comes next by one rule of BOURSE_AS_*. `name` is for the error. */
BOURSE_API int32_t bourse_decode_value(bourse_decoder *decoder, int32_t as, const void *extra, const char *name, void *member);

/* Walks an array: 1 with the reader before the next element, 0 at its end or on error (see decoder->error). Call
 * bourse_decode_array_begin once before. A value of another kind is an error naming `name`. */
BOURSE_API int32_t bourse_decode_array_begin(bourse_decoder *decoder, const char *name);
BOURSE_API int32_t bourse_decode_array_next(bourse_decoder *decoder);

/* Records an error at this place: text is "name: message". Returns code. */
BOURSE_API int32_t bourse_decode_fail(bourse_decoder *decoder, int32_t code, const char *name, const char *message);

/* BOURSE_OK when all was read and nothing follows; else the first error, BOURSE_ERROR_BAD_REPLY for malformed JSON. */
BOURSE_API int32_t bourse_decode_finish(bourse_decoder *decoder);

/* Value of `text` in a name list, 0 when it is not there; and the name of a value, NULL when there is none. */
BOURSE_API int32_t bourse_name_value(const bourse_name *names, bourse_slice text);
BOURSE_API const char *bourse_name_text(const bourse_name *names, int32_t value);

#ifdef __cplusplus
}
#endif
#endif
