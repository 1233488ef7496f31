#pragma once

// What a packed block of each integer type holds, for `lanes` of its rows: number v of the group's vectors.

#include "group.h"

// Weights that are bytes with a sign; those of the other types are unsigned, and smaller.
SK_INLINE int is_signed(uint32_t type) { return type == SK_Q8_0 || sk_has_table(type); }

// Signed bytes as the products of this instruction set take them.
SK_INLINE bytes from_signed(bytes w) { return signed_zero_point ? w ^ signed_zero_point : w; }

// What stands for a weight of 0.
SK_INLINE int zero_point(uint32_t type) {
    if (is_signed(type)) return signed_zero_point;
    return type == SK_Q3_K ? 4 : type == SK_Q4_0 ? 8 : type == SK_Q5_0 ? 16 : type == SK_Q6_K ? 32 : 0;
}

// Columns 4c..4c+3 of each row.
SK_INLINE bytes load_weights(const uint32_t type, const sk_parts *parts, size_t v, int c) {
    const uint8_t *quants = parts->quants + 4 * lanes * v, *high = parts->high + 4 * lanes * v;
    if (type == SK_Q8_0) return from_signed(load_bytes(quants + 64 * c));
    if (type == SK_Q2_K) return shift_right(load_bytes(quants + 64 * (c / 4)), 2 * (c % 4)) & 3;
    if (type == SK_Q3_K && c < 6) return shift_right(load_bytes(quants + 64 * (c % 3)), c / 3 * 3) & 7;
    if (type == SK_Q3_K) {
        bytes third = shift_right(load_bytes(quants + 128), c - 2) & 4;
        return (shift_right(load_bytes(quants + 64 * (c - 6)), 6) & 3) | third;
    }
    bytes w = shift_right(load_bytes(quants + 64 * (c % 4)), c < 4 ? 0 : 4) & 15;
    if (sk_has_table(type)) return lookup(from_signed(load_table(sk_table)), w);
    if (sk_has_fifth_bit(type)) return w | (shift_right(load_bytes(high), c - 4) & 16);
    if (type == SK_Q6_K) return w | (shift_right(load_bytes(high + 64 * (c / 4)), 2 * (c % 4) - 4) & 48);
    return w;
}

// All columns of a block. Those of Q3_K that share bytes come one after the other, so that fewer registers hold them.
SK_INLINE void load_block(const uint32_t type, const sk_parts *parts, size_t v, bytes w[8]) {
    #pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
        const int c = type == SK_Q3_K ? 3 * i % 8 : i;
        w[c] = load_weights(type, parts, v, c);
    }
}

// The FP32 scale and minimum of each row of a block; where the type has them, the scales and minima of its halves.
typedef struct {
    floats scale, minimum[2], sub[2];
} block_scales;

SK_INLINE block_scales load_scales(const uint32_t type, const sk_parts *parts, size_t v) {
    const uint8_t *sub = parts->subscale + lanes * v;
    block_scales s = {.scale = load_f16(parts->scale + 2 * lanes * v)};
    if (sk_has_minimum(type)) s.minimum[0] = load_f16(parts->minimum + 2 * lanes * v);
    if (type == SK_Q4_K || type == SK_Q5_K) {
        s.scale *= to_floats(load_u8(sub));
        s.minimum[0] *= to_floats(load_u8(parts->subminimum + lanes * v));
    }
    if (type == SK_IQ4_XS) s.scale *= to_floats(load_i8(sub));
    const floats whole = s.minimum[0];
    for (size_t half = 0; half < 2 && sk_has_half_scales(type); half++) {
        if (type != SK_Q2_K) {
            s.sub[half] = to_floats(load_i8(sub + SK_GROUP_ROWS * half));
            continue;
        }
        ints both = load_u8(sub + SK_GROUP_ROWS * half);
        s.sub[half] = to_floats(both & 15);
        s.minimum[half] = whole * to_floats(both >> 4);
    }
    return s;
}

// The minima's share of a block; those of K types count downwards.
SK_INLINE floats add_minimum(const uint32_t type, const floats minimum[2], float scaled_sum, const float half_sums[2],
                             floats sum) {
    if (sk_has_half_minima(type)) {
        sum = subtract_product(minimum[0], splat(half_sums[0]), sum);
        return subtract_product(minimum[1], splat(half_sums[1]), sum);
    }
    if (type == SK_Q4_K || type == SK_Q5_K) return subtract_product(minimum[0], splat(scaled_sum), sum);
    return sk_has_minimum(type) ? multiply_add(minimum[0], splat(scaled_sum), sum) : sum;
}

// Whether the two halves of a block need a dot product each.
SK_INLINE int has_half_dots(uint32_t type, size_t scale_columns) {
    return scale_columns == SK_HALF_COLUMNS || sk_has_half_scales(type);
}

// The dot product of a half of a block onto the sum of those before: dot * scale * d, where 16 columns share a d.
SK_INLINE floats add_half(const uint32_t type, const block_scales *s, int half, floats dot, const sk_block *x, floats sum) {
    floats own = sk_has_half_scales(type) ? s->scale * s->sub[half] : s->scale;
    return multiply_add(dot, own * splat(x->scales[half]), sum);
}

// That of a whole block, or those of both halves where they have scales of their own, onto the sum of those before.
SK_INLINE floats add_whole(const uint32_t type, const block_scales *s, floats dot, floats second, const sk_block *x,
                           floats sum) {
    // All below 2^24, so no rounding happens.
    if (sk_has_half_scales(type)) dot = multiply_add(second, s->sub[1], dot * s->sub[0]);
    return multiply_add(dot, s->scale * splat(x->scales[0]), sum);
}
