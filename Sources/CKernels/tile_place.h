#pragma once

// Where a tile is in its groups.

#include "prefetch.h"

typedef struct {
    const uint8_t *unit;  // of the first group
    size_t group_bytes;
    size_t block;  // in the unit
    sk_prefetch prefetch;
} tile_place;

// The block of group `g`. With the first of its vectors, what comes later is asked for.
SK_INLINE sk_parts tile_parts(const uint32_t type, const tile_place *at, size_t g, size_t v, const size_t tokens) {
    const sk_parts parts = sk_block_in_unit(type, at->unit + g * at->group_bytes, at->block);
    if (v > 0) return parts;
    sk_prefetch_share(&parts, at->prefetch);
    if (prefetches_for_few_tokens && tokens < 4) sk_prefetch_block(type, &parts);
    return parts;
}
