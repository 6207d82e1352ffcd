/* bourse/sys/schema.h - the operations, their arguments, and the members of all structs, as data. The command line, the
 * documentation and bindings are made from it. Second tier: may change until 1.0. All strings and tables are static; any
 * thread. */
#ifndef BOURSE_SYS_SCHEMA_H
#define BOURSE_SYS_SCHEMA_H

#include <bourse/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  BOURSE_TYPE_STRING = 1,   /* const char * */
  BOURSE_TYPE_DECIMAL = 2,  /* bourse_decimal */
  BOURSE_TYPE_INT32 = 3,
  BOURSE_TYPE_UINT32 = 4,
  BOURSE_TYPE_INT64 = 5,
  BOURSE_TYPE_YES_NO = 6,   /* int32_t BOURSE_YES, BOURSE_NO, BOURSE_UNSET */
  BOURSE_TYPE_ENUM = 7,     /* int32_t, see enumeration */
  BOURSE_TYPE_TIME_NS = 8,  /* int64_t UTC; 0: none */
  BOURSE_TYPE_STRINGS = 9,  /* const char *const *, count at count_offset (uint32_t) */
  BOURSE_TYPE_RECORDS = 10, /* pointer to structs of `kind`, count at count_offset; `orders` of a request: pointers to them */
  BOURSE_TYPE_DURATION_NS = 11, /* int64_t nanoseconds */
  BOURSE_TYPE_PARAMS = 12,  /* const bourse_param *, count at count_offset */
  BOURSE_TYPE_ERROR = 13    /* int32_t BOURSE_ERROR_* */
};

typedef struct bourse_enum_value {
  const char *name; /* "buy" */
  int32_t value;
  int32_t reserved;
} bourse_enum_value;

typedef struct bourse_enumeration {
  const char *name; /* "side" */
  const bourse_enum_value *values;
  uint32_t count;
  uint32_t reserved;
} bourse_enumeration;

typedef struct bourse_member_info {
  const char *name; /* as in the header */
  int32_t type;     /* BOURSE_TYPE_* */
  int32_t kind;     /* BOURSE_KIND_* of nested records */
  const bourse_enumeration *enumeration;
  uint32_t offset;
  uint32_t count_offset;
} bourse_member_info;

typedef struct bourse_struct_info {
  const char *name; /* "bourse_ticker" */
  const char *short_name; /* "ticker" */
  int32_t kind;     /* BOURSE_KIND_*; 0 for request structs */
  uint32_t size;
  const bourse_member_info *members;
  uint32_t member_count;
  uint32_t reserved;
} bourse_struct_info;

enum {
  BOURSE_OPERATION_PRIVATE = 1, /* needs credentials */
  BOURSE_OPERATION_ACTS = 2,    /* changes something at the exchange */
  BOURSE_OPERATION_MONEY = 4,   /* places, changes or cancels orders, or moves money */
  BOURSE_OPERATION_ORDER = 8,   /* takes one order (request.orders[0]): its members are arguments too */
  BOURSE_OPERATION_ORDERS = 16, /* takes several orders */
  BOURSE_OPERATION_MARKETS = 32, /* needs the market table even without a symbol */
  BOURSE_OPERATION_STREAM = 64, /* a stream: bourse_watch, not bourse_submit */
  BOURSE_OPERATION_COMPOSED = 128 /* made by the library out of other operations: adapters do not know it */
};

typedef struct bourse_operation_info {
  int32_t operation; /* BOURSE_OP_* */
  int32_t kind;      /* BOURSE_KIND_* of its records */
  const char *name;
  const char *text;  /* one sentence */
  uint64_t required; /* bit i: member i of bourse_schema_request() must be given */
  uint64_t accepted; /* may be given; includes required */
  uint32_t flags;    /* BOURSE_OPERATION_* */
  uint32_t reserved;
} bourse_operation_info;

/* By index from 0, NULL past the last; and by number. */
BOURSE_API const bourse_operation_info *bourse_schema_operation_at(uint32_t index);
BOURSE_API const bourse_operation_info *bourse_schema_operation(int32_t operation);

/* bourse_request (members are the arguments, at most 64) and bourse_order_request. */
BOURSE_API const bourse_struct_info *bourse_schema_request(void);
BOURSE_API const bourse_struct_info *bourse_schema_order_request(void);

/* The struct of a kind of record, NULL when there is none; and by index. */
BOURSE_API const bourse_struct_info *bourse_schema_record(int32_t kind);
BOURSE_API const bourse_struct_info *bourse_schema_record_at(uint32_t index);

BOURSE_API const bourse_enumeration *bourse_schema_enumeration_at(uint32_t index);

/* Writes a record as one JSON object: member names as in the headers, decimals as strings, times as ISO 8601 text,
 * enumerated values by name, yes and no as true and false, what is absent as null, nested records as arrays. Returns the
 * length without NUL (nothing is written when out_size is not above it), or a negative error: BOURSE_ERROR_ARGUMENT,
 * BOURSE_ERROR_MEMORY. */
BOURSE_API int64_t bourse_record_json(char *out, size_t out_size, int32_t kind, const void *record);

/* Name of a value, NULL when there is none; value of a name, 0 when there is none. */
BOURSE_API const char *bourse_enum_name(const bourse_enumeration *enumeration, int32_t value);
BOURSE_API int32_t bourse_enum_value_of(const bourse_enumeration *enumeration, const char *name);

#ifdef __cplusplus
}
#endif
#endif
