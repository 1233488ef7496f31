#pragma once

// One block of a vector of rows by each token, where the registers cannot hold its weights: each is unpacked once and meets
// all tokens.

#include "tile_place.h"
#include "weights.h"

// Sums of products of four bytes that fit 16 bits: this many before they must be widened (8 * 2 * 15 * 127 < 2^15).
SK_INLINE int sums_in_16_bits(uint32_t type) {
    return is_signed(type) ? 1 : type == SK_Q6_K ? 2 : sk_has_fifth_bit(type) ? 4 : 8;
}

SK_INLINE void multiply_block(const uint32_t type, const size_t scale_columns, const size_t groups, const size_t tokens,
                              const tile_place *at, size_t v, const sk_activations *x, size_t token, size_t block,
                              floats (*sums)[tile_groups * group_vectors]) {
    (void)groups;  // always one here
    const sk_parts parts = tile_parts(type, at, 0, v, tokens);
    const int span = has_half_dots(type, scale_columns) ? 4 : 8;
    const int run = sums_in_16_bits(type) < span ? sums_in_16_bits(type) : span;
    const int8_t *quants = x->quants + token * x->quant_stride + block * SK_BLOCK_COLUMNS;
    ints dots[2][tile_tokens];
    __m256i pairs[tile_tokens];
    for (size_t t = 0; t < tokens; t++) dots[0][t] = dots[1][t] = splat_int(0);
    #pragma clang loop unroll(full)
    for (int c = 0; c < 8; c++) {
        const bytes w = load_weights(type, &parts, v, c);
    #pragma clang loop unroll(full)
        for (size_t t = 0; t < tokens; t++) {
            bytes four = activation_quad(load_activations(quants + t * x->quant_stride), c);
            __m256i products = dot_pairs(is_signed(type), w, four);
            pairs[t] = c % run == 0 ? products : _mm256_add_epi16(pairs[t], products);
            if (c % run == run - 1) dots[c / span][t] += add_pairs(pairs[t]);
        }
    }
    const block_scales scales = load_scales(type, &parts, v);
    #pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
        const sk_block *of = x->blocks + (token + t) * x->block_stride + block;
        floats exact[2];
        int32_t offset = span == 8 ? of->offset : of->half_offsets[0];
        exact[0] = to_floats(dots[0][t] + sk_compensation(zero_point(type), offset));
        exact[1] = to_floats(dots[1][t] + sk_compensation(zero_point(type), of->half_offsets[1]));
        floats sum = sums[t][v];
        if (scale_columns == SK_BLOCK_COLUMNS) sum = add_whole(type, &scales, exact[0], exact[1], of, sum);
        else for (int half = 0; half < 2; half++) sum = add_half(type, &scales, half, exact[half], of, sum);
        sums[t][v] = add_minimum(type, scales.minimum, of->scaled_sum, of->half_sums, sum);
    }
}
