/* core/decode.h - decoding short messages: copied first, so that the fast paths need not look where the input ends. */
#ifndef CORE_DECODE_H
#define CORE_DECODE_H

#include <bourse/sys/decode.h>

#define DECODE_PADDING 32

/* As bourse_decode_init, over a copy in the arena with zeros around it: what is decoded as slices points into the copy. 0: memory
 * is out, and the decoder stands over the bytes themselves. */
int32_t bourse__decode_init_padded(bourse_decoder *decoder, bourse_arena *arena, const char *bytes, size_t length,
                                   void *user_data);

#endif
