/* bourse/base.h - what every other header needs: export marks, versions, fixed values shared by all structs.
 *
 * Conventions that hold for every header of this library:
 *   - functions return int32_t: 0 (BOURSE_OK) or a negative code of bourse/error.h;
 *   - the out parameter comes first, user data last; units are in names (_ns: nanoseconds, _ms: milliseconds);
 *   - input structs begin with struct_size and api_version: set both with the _INIT macro or the _init function.
 *     Members that an older program does not know are taken as zero, which always means "not given";
 *   - output structs are read-only, owned by the result they came from, and may grow at their end:
 *     reach them through functions, never by indexing an array of them;
 *   - strings are UTF-8 and NUL-terminated; a NULL string member means "not given" or "not sent by the exchange";
 *   - a yes/no member is an int32_t holding BOURSE_YES, BOURSE_NO or BOURSE_UNSET: test it with > 0.
 */
#ifndef BOURSE_BASE_H
#define BOURSE_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(BOURSE_STATIC) || !defined(__GNUC__)
#define BOURSE_API
#else
#define BOURSE_API __attribute__((visibility("default")))
#endif

#define BOURSE_VERSION_MAJOR 0
#define BOURSE_VERSION_MINOR 1
#define BOURSE_VERSION_PATCH 0

/* The api_version to put in input structs; the _INIT macros do. */
#define BOURSE_API_VERSION 1u

#define BOURSE_UNSET 0 /* not given, not known */
#define BOURSE_YES 1
#define BOURSE_NO (-1)

/* Version of the library that runs, "0.1.0". Static string; any thread. */
BOURSE_API const char *bourse_version(void);

/* The same as a number, major * 10000 + minor * 100 + patch. Any thread. */
BOURSE_API int32_t bourse_version_number(void);

/* Every constant of the headers by its name, for languages that cannot read them: "BOURSE_SIDE_BUY".
 * Errors: BOURSE_ERROR_ARGUMENT (out is NULL), BOURSE_ERROR_UNKNOWN_NAME. Any thread. */
BOURSE_API int32_t bourse_constant(int64_t *out, const char *name);

/* Their names by index from 0, in the order of the alphabet; NULL past the last. Static strings; any thread. */
BOURSE_API const char *bourse_constant_name(uint32_t index);

/* Time as text: UTC, ISO 8601 with nine decimals, "2025-10-09T08:53:20.123000000Z". `out` holds at least
 * BOURSE_TIME_TEXT_SIZE bytes. Returns BOURSE_ERROR_ARGUMENT when out is NULL, the size too small, or the year is
 * outside 0001..9999. Any thread. */
#define BOURSE_TIME_TEXT_SIZE 32
BOURSE_API int32_t bourse_time_format(char *out, size_t out_size, int64_t time_ns);

/* The reverse: ISO 8601 date or date and time, with 'Z' or an offset (none: UTC), up to nine decimals.
 * Returns BOURSE_ERROR_ARGUMENT when `text` is not such a time or does not fit in 64-bit nanoseconds. Any thread. */
BOURSE_API int32_t bourse_time_parse(int64_t *out_ns, const char *text);

#ifdef __cplusplus
}

template <class T>
inline T bourse_stamped() {
  T value = T();
  value.struct_size = static_cast<uint32_t>(sizeof(T));
  value.api_version = BOURSE_API_VERSION;
  return value;
}
#define BOURSE_STAMPED(type_) bourse_stamped<type_>()
#else
/* Initializer of a stamped input struct; the _INIT macros use it. */
#define BOURSE_STAMPED(type_) { .struct_size = sizeof(type_), .api_version = BOURSE_API_VERSION }
#endif
#endif
