#pragma once

// One block of a vector of rows of each group by each token, where the registers hold all of its weights.

#include "tile_place.h"
#include "weights.h"

typedef struct {
    bytes weights[8];
    block_scales scales;
} held_block;

SK_INLINE void load_held(const uint32_t type, const sk_parts *parts, size_t v, held_block *w) {
    load_block(type, parts, v, w->weights);
    w->scales = load_scales(type, parts, v);
}

// The dot products of columns 4 * first..<4 * end; groups share each activation that is loaded.
SK_INLINE void block_dots(const uint32_t type, const size_t groups, const held_block *w, activations quants, int first,
                          int end, int32_t offset, floats *result) {
    ints sums[tile_groups];
    for (size_t g = 0; g < groups; g++) sums[g] = splat_int(sk_compensation(zero_point(type), offset));
    #pragma clang loop unroll(full)
    for (int c = first; c < end; c++)
        for (size_t g = 0; g < groups; g++) sums[g] = dot(is_signed(type), sums[g], w[g].weights[c], quants, c);
    for (size_t g = 0; g < groups; g++) result[g] = to_floats(sums[g]);
}

SK_INLINE void multiply_block(const uint32_t type, const size_t scale_columns, const size_t groups, const size_t tokens,
                              const tile_place *at, size_t v, const sk_activations *x, size_t token, size_t block,
                              floats (*sums)[tile_groups * group_vectors]) {
    const int early = is_signed(type) || type == SK_Q3_K;
    sk_parts parts[tile_groups];
    held_block w[tile_groups];
    // Before or after the next group's lines are asked for: whichever order the compiler needs fewer registers for.
    for (size_t g = 0; g < groups; g++) {
        parts[g] = tile_parts(type, at, g, v, tokens);
        if (early) load_held(type, parts + g, v, w + g);
    }
    for (size_t g = 0; g < groups && !early; g++) load_held(type, parts + g, v, w + g);
    #pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
        const activations quants = load_activations(x->quants + (token + t) * x->quant_stride + block * SK_BLOCK_COLUMNS);
        const sk_block *of = x->blocks + (token + t) * x->block_stride + block;
        floats *sum = sums[t] + v;
        floats dots[2][tile_groups];
        for (int half = 0; half < 2 && has_half_dots(type, scale_columns); half++) {
            block_dots(type, groups, w, quants, 4 * half, 4 * half + 4, of->half_offsets[half], dots[half]);
            for (size_t g = 0; g < groups && scale_columns == SK_HALF_COLUMNS; g++)
                sum[g * group_vectors] = add_half(type, &w[g].scales, half, dots[half][g], of, sum[g * group_vectors]);
        }
        if (!has_half_dots(type, scale_columns)) block_dots(type, groups, w, quants, 0, 8, of->offset, dots[0]);
        for (size_t g = 0; g < groups; g++, sum += group_vectors) {
            if (scale_columns == SK_BLOCK_COLUMNS)
                *sum = add_whole(type, &w[g].scales, dots[0][g], dots[1][g], of, *sum);
            *sum = add_minimum(type, w[g].scales.minimum, of->scaled_sum, of->half_sums, *sum);
        }
    }
}
