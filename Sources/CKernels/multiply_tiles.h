#pragma once

// Products of integer weights and a few tokens. `tile_tokens` tokens share a reading of the weights, `tile_groups` groups
// one of the tokens' activations.

#include "tile_place.h"

SK_INLINE void multiply_tile(const uint32_t type, const size_t scale_columns, const size_t groups, const size_t tokens,
                             const sk_matrix *m, size_t index, const sk_activations *x, size_t token, sk_prefetch prefetch,
                             float *out, size_t out_stride) {
    const uint8_t *unit = m->data + index * m->group_bytes;
    const size_t per_unit = sk_blocks_in_unit(type), blocks = m->columns / SK_BLOCK_COLUMNS;
    floats sums[tile_tokens][tile_groups * group_vectors];
    for (size_t t = 0; t < tokens; t++)
        for (size_t v = 0; v < groups * group_vectors; v++) sums[t][v] = splat(0);
    for (size_t block = 0; block < blocks; block += per_unit, unit += sk_unit_bytes(type)) {
    #pragma clang loop unroll(disable)
        for (size_t i = 0; i < per_unit; i++) {
            const tile_place at = {unit, m->group_bytes, i, prefetch};
    #pragma clang loop unroll(full)
            for (size_t v = 0; v < group_vectors; v++)
                multiply_block(type, scale_columns, groups, tokens, &at, v, x, token, block + i, sums);
        }
    }
    for (size_t g = 0; g < groups; g++) {
        float *to = out + token * out_stride + (index + g) * SK_GROUP_ROWS;
        const size_t rows = sk_rows_in_group(m, index + g);
        for (size_t t = 0; t < tokens; t++) store_rows(to + t * out_stride, sums[t] + g * group_vectors, rows);
    }
}

enum { resident_groups = 2 };

// A few groups stay in the nearer caches while all tokens pass by: weights come from memory once, and activations
// travel less often. Meanwhile the next ones are on their way.
SK_INLINE void multiply_tiles(const uint32_t type, const size_t scale_columns, const sk_matrix *m, size_t first,
                              size_t groups, const sk_activations *x, size_t tokens, float *out, size_t out_stride) {
    for (size_t end = first + groups, last; first < end; first = last) {
        last = end - first < resident_groups ? end : first + resident_groups;
        for (size_t token = 0, width; token < tokens; token += width) {
            size_t left = tokens - token, group = first;
            width = left >= tile_tokens ? tile_tokens : left >= 2 ? 2 : 1;
            sk_prefetch ahead = sk_share_of_prefetch(m, last, resident_groups, token, width, tokens);
            for (; width == tile_tokens && group + tile_groups <= last; group += tile_groups)
                multiply_tile(type, scale_columns, tile_groups, tile_tokens, m, group, x, token, ahead, out, out_stride);
            for (; width == tile_tokens && group < last; group++)
                multiply_tile(type, scale_columns, 1, tile_tokens, m, group, x, token, ahead, out, out_stride);
            for (; width == 2 && group < last; group++)
                multiply_tile(type, scale_columns, 1, 2, m, group, x, token, ahead, out, out_stride);
            for (; group < last; group++)
                multiply_tile(type, scale_columns, 1, 1, m, group, x, token, ahead, out, out_stride);
        }
    }
}
