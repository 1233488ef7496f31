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
