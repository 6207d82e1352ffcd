/* api/schema_members.h - how the tables of members in schema_records.c and schema_requests.c are written. */
#ifndef API_SCHEMA_MEMBERS_H
#define API_SCHEMA_MEMBERS_H

#include <bourse/sys/schema.h>

#include "api/schema.h"

#define MEMBER(struct_, member_, type_, kind_, enumeration_, count_offset_) \
  { #member_, BOURSE_TYPE_##type_, kind_, enumeration_, (uint32_t)offsetof(struct_, member_), count_offset_ }
#define STRING(struct_, member_) MEMBER(struct_, member_, STRING, 0, NULL, 0)
#define DECIMAL(struct_, member_) MEMBER(struct_, member_, DECIMAL, 0, NULL, 0)
#define INT32(struct_, member_) MEMBER(struct_, member_, INT32, 0, NULL, 0)
#define UINT32(struct_, member_) MEMBER(struct_, member_, UINT32, 0, NULL, 0)
#define INT64(struct_, member_) MEMBER(struct_, member_, INT64, 0, NULL, 0)
#define YES_NO(struct_, member_) MEMBER(struct_, member_, YES_NO, 0, NULL, 0)
#define TIME(struct_, member_) MEMBER(struct_, member_, TIME_NS, 0, NULL, 0)
#define DURATION(struct_, member_) MEMBER(struct_, member_, DURATION_NS, 0, NULL, 0)
#define ERROR(struct_, member_) MEMBER(struct_, member_, ERROR, 0, NULL, 0)
#define ENUM(struct_, member_, enumeration_) MEMBER(struct_, member_, ENUM, 0, &bourse__enum_##enumeration_, 0)
#define STRINGS(struct_, member_, count_) \
  MEMBER(struct_, member_, STRINGS, 0, NULL, (uint32_t)offsetof(struct_, count_))
#define PARAMS(struct_, member_, count_) MEMBER(struct_, member_, PARAMS, 0, NULL, (uint32_t)offsetof(struct_, count_))
#define RECORDS(struct_, member_, count_, kind_) \
  MEMBER(struct_, member_, RECORDS, kind_, NULL, (uint32_t)offsetof(struct_, count_))

#endif
