#pragma once

// Weights on their way from memory while others are multiplied: with four tokens or more a processor is too busy to run
// far enough ahead by itself. 8 tokens by 200 MB of Q4_0 took 25.7 ms on a Zen 5 core and take 9.

#include "group.h"

// The lines of each block whose like in a coming group is asked for, and how many bytes further on it is.
typedef struct {
    size_t first, end;
    size_t distance;
} sk_prefetch;

// A tile of tokens' share of asking for the groups from `next` on, so that memory is busy all the time.
SK_INLINE sk_prefetch sk_share_of_prefetch(const sk_matrix *m, size_t next, size_t groups, size_t token, size_t width,
                                           size_t tokens) {
    const size_t lines = (sk_block_bytes(m->type) + 63) / 64;
    if (tokens < 4 || next * SK_GROUP_ROWS >= m->rows) return (sk_prefetch){0, 0, 0};
    return (sk_prefetch){lines * token / tokens * 64, lines * (token + width) / tokens * 64, groups * m->group_bytes};
}

SK_INLINE void sk_prefetch_share(const sk_parts *parts, sk_prefetch share) {
    for (size_t byte = share.first; byte < share.end; byte += 64)
        __builtin_prefetch(parts->quants + share.distance + byte, 0, 2);
}

// For fewer tokens: the block that lies a while ahead. One to 4 KiB are too near to gain anything, and the processor's own
// reading ahead is a fifth slower.
SK_INLINE void sk_prefetch_block(uint32_t type, const sk_parts *parts) {
    const size_t distance = 8192;
    for (size_t byte = 0; byte < sk_block_bytes(type); byte += 64)
        __builtin_prefetch(parts->quants + distance + byte, 0, 3);
}
