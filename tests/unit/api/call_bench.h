/* call_bench.h - a call that nobody runs, for tests of what adapters call. */
#ifndef TESTS_CALL_BENCH_H
#define TESTS_CALL_BENCH_H

#include "fake.h"

#include "api/api.h"

typedef struct bench {
  bourse__running running;
  bourse_operation_info info;
  bourse_endpoint endpoint;
  bourse_arena *arena;
} bench;

static bourse_call *bench_open(bench *b, int32_t operation, const char *method, const char *path) {
  memset(b, 0, sizeof *b);
  b->arena = bourse__arena_new(&bourse__default_allocator, 4096);
  b->info = *bourse_schema_operation(operation);
  b->endpoint.path = path;
  b->running.info = &b->info;
  b->running.request = (bourse_request)BOURSE_REQUEST_INIT(operation);
  b->running.result = bourse__result_new(&bourse__default_allocator, operation, b->info.kind);
  b->running.call = (bourse_call){.adapter = &fake_adapter,
                                  .request = &b->running.request,
                                  .operation = operation,
                                  .endpoint = &b->endpoint,
                                  .arena = b->arena,
                                  .wire = {.method = method, .path = path},
                                  .result = b->running.result,
                                  .now_ns = INT64_C(1700000000000000000),
                                  .running = &b->running};
  return &b->running.call;
}

static void bench_close(bench *b) {
  bourse_result_free(b->running.result);
  bourse__arena_free(b->arena);
}

#endif
