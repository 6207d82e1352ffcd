/* api/running.h - decoding a reply as that of one given endpoint, for the suites. */
#ifndef API_RUNNING_H
#define API_RUNNING_H

#include <bourse/sys/adapter.h>

int32_t bourse__decode_as(bourse_result **out, bourse_exchange *exchange, const bourse_request *request,
                          const bourse_endpoint *endpoint, int32_t http_status, const bourse_http_header *headers,
                          uint32_t header_count, const char *body, size_t length);

#endif
