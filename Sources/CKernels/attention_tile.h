#pragma once

// Up to four queries that share a KV head: what they all see is loaded once.

#include "scalar.h"

enum { tile_queries = 4 };

// A query: what it asks, where its partial goes, what it sees, and its scores, then exponentials.
typedef struct {
    const float *query;
    const int8_t *quants;  // the query for a quantized cache
    const sk_block *blocks;
    float *partial;
    int lower, upper;
    float p[SK_KV_POSITIONS];
} tile_query;

SK_INLINE floats load_cached(const uint32_t element, const void *block, size_t index) {
    return element == SK_F32 ? load_floats((const float *)block + index) : load_f16((const uint16_t *)block + index);
}

// Asks for the cache lines that begin in `bytes` bytes at `offset` of a block's like, `distance` bytes further on: a block is
// too short, and the next too far away, for the processor to see it coming. Without a distance there is none.
SK_INLINE void prefetch_block(const void *block, size_t offset, size_t bytes, ptrdiff_t distance) {
    const size_t lines = bytes >= 64 ? bytes / 64 : offset % 64 == 0;
    for (size_t i = 0; i < lines && distance; i++)
        __builtin_prefetch((const char *)block + offset + 64 * i + distance, 0, 2);
}
