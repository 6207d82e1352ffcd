/* members.h - structs of the library filled from JSON and compared with JSON, by its schema. */
#ifndef SUPPORT_MEMBERS_H
#define SUPPORT_MEMBERS_H

#include <bourse.h>
#include <bourse/sys/schema.h>

#include "support/json.h"

const bourse_member_info *find_member(const bourse_struct_info *info, const char *name);

/* Sets one member of a struct from JSON; NULL, or what was wrong. Times: ISO 8601 text or integer nanoseconds. */
const char *set_member(pool *p, const bourse_member_info *member, void *out, const json *value);
/* Sets all members that the object names. `orders` of a request are made too. */
const char *set_members(pool *p, const bourse_struct_info *info, void *out, const json *object);
/* A request of an operation with those arguments; NULL, or what was wrong. */
const char *make_request(pool *p, bourse_request *out, int32_t operation, const json *args);
/* Options of a handle: the members that a fixture may name. */
const char *set_options(pool *p, bourse_options *out, const json *object);

/* Value of a member as text, decimals digit for digit, times as ISO 8601 text; NULL when absent or nested. */
const char *member_text(pool *p, const bourse_member_info *member, const void *record);
/* NULL when the record's named members equal the object's, or what differs. */
const char *compare_record(pool *p, int32_t kind, const void *record, const json *expected);
/* A whole result as text, for comparing results with each other. */
char *result_text(pool *p, const bourse_result *result);

#endif
