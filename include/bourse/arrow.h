/* bourse/arrow.h - records as columns: the two plain structs of the Arrow C data interface, which pyarrow, polars, DuckDB and others
 * take without copying. No Arrow library is needed here.
 * https://arrow.apache.org/docs/format/CDataInterface.html */
#ifndef BOURSE_ARROW_H
#define BOURSE_ARROW_H

#include <bourse/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/* As the specification has them, with its guard, so that several headers may declare them. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

#endif

/* Copies all records of a result into columns: a struct array ("+s") whose children are the members of the record, in the order of
 * its header and by its names.
 *
 *   decimals      decimal128(38, s), s the most digits after the point in the column, at most 38
 *   times         timestamp[ns, UTC]; durations duration[ns]
 *   text, enumerated values and errors by name   utf8
 *   yes and no    bool
 *   numbers       int32, uint32, int64
 *   lists of text, nested records                list<utf8>, list<struct>
 *
 * What is absent is null. Both structs are the caller's: each is freed by its own release, in any order, on any thread (the
 * context's allocator must bear that), also when the result, the exchange and the context are gone; columns may be moved out as the specification
 * says. Any thread that may read the result. Errors, with nothing to release: BOURSE_ERROR_ARGUMENT (NULL, a result that failed
 * or has no records of a kind), BOURSE_ERROR_OVERFLOW (a column's decimals do not fit in 38 digits together, or text in 2 GiB),
 * BOURSE_ERROR_MEMORY. */
BOURSE_API int32_t bourse_result_export_arrow(struct ArrowSchema *out_schema, struct ArrowArray *out_array,
                                              const bourse_result *result);

#ifdef __cplusplus
}
#endif
#endif
