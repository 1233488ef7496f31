#pragma once

#include "scalar.h"

// A query of an attention tile: what it asks, where its partial goes, what it sees, and its scores, then exponentials.
enum { tile_queries = 4 };
typedef struct {
    const float *query;
    const int8_t *quants;  // the query for a quantized cache
    const sk_block *blocks;
    float *partial;
    int lower, upper;
    float p[SK_KV_POSITIONS];
} one_query;

// Asks for cache lines of the block that comes next, as far from `at` as `ahead` says: a block is too short, and the next too
// far away, for the processor to see it coming.
SK_INLINE void fetch(const void *at, ptrdiff_t ahead, int lines) {
    for (int i = 0; i < lines; i++) __builtin_prefetch((const char *)at + ahead + 64 * i, 0, 2);
}
