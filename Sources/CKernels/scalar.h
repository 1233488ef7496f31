#pragma once

// Scalar building blocks that every table shares. They are inlined, so they take the instructions of the file that uses them.

#include <string.h>

#include "CKernels.h"

#pragma STDC FP_CONTRACT OFF

#define SK_INLINE static inline __attribute__((always_inline, unused))

SK_INLINE float sk_float_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

SK_INLINE uint32_t sk_bits_of_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

// IEEE half to single, exact.
SK_INLINE float sk_widen(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, rest = half & 0x7fff;
    if (rest >= 0x7c00) return sk_float_of_bits(sign | 0x7f800000 | (rest & 0x3ff) << 13);
    if (rest >= 0x0400) return sk_float_of_bits(sign | ((rest << 13) + (112u << 23)));
    float magnitude = (float)rest * 0x1p-24f;
    return sk_float_of_bits(sign | sk_bits_of_float(magnitude));
}

// Single to IEEE half, to nearest even, clamped to the largest finite half.
SK_INLINE uint16_t sk_narrow(float value) {
    uint32_t bits = sk_bits_of_float(value), sign = bits >> 16 & 0x8000, rest = bits & 0x7fffffff;
    if (rest > 0x7f800000) return (uint16_t)(sign | 0x7e00);
    if (rest >= 0x477fe000) return (uint16_t)(sign | 0x7bff);
    // Adding 0.5 puts the half's last place of a subnormal at the single's last place.
    if (rest < 0x38800000) return (uint16_t)(sign | (sk_bits_of_float(sk_float_of_bits(rest) + 0.5f) & 0x7ff));
    return (uint16_t)(sign | (rest - (112u << 23) + 0xfff + (rest >> 13 & 1)) >> 13);
}

// A stored float of any width.
SK_INLINE float sk_load(const void *data, size_t index, uint32_t type) {
    const uint8_t *bytes = data;
    uint16_t half;
    float value;
    if (type == SK_F32) {
        memcpy(&value, bytes + 4 * index, 4);
        return value;
    }
    memcpy(&half, bytes + 2 * index, 2);
    return type == SK_BF16 ? sk_float_of_bits((uint32_t)half << 16) : sk_widen(half);
}

// exp(x) to 2e-7: 0 below -87.3, x clamped at 88; exact for 0; NaN stays NaN.
// x = n ln 2 + r by Cody and Waite, then Taylor's polynomial of degree 7 on |r| <= ln 2 / 2.
SK_INLINE float sk_exp(float x) {
    const float magic = 0x1.8p23f;  // adding it rounds to an integer in the low bits
    float clamped = 88.0f < x ? 88.0f : x;
    float shifted = __builtin_fmaf(clamped, 0x1.715476p0f, magic);
    float n = shifted - magic;
    float r = __builtin_fmaf(n, -0x1.62e430p-1f, clamped);
    r = __builtin_fmaf(n, 0x1.05c610p-29f, r);
    float p = 0x1.a01a02p-13f;
    p = __builtin_fmaf(p, r, 0x1.6c16c2p-10f);
    p = __builtin_fmaf(p, r, 0x1.111112p-7f);
    p = __builtin_fmaf(p, r, 0x1.555556p-5f);
    p = __builtin_fmaf(p, r, 0x1.555556p-3f);
    p = __builtin_fmaf(p, r, 0.5f);
    p = __builtin_fmaf(p, r, 1.0f);
    p = __builtin_fmaf(p, r, 1.0f);
    float power = sk_float_of_bits((sk_bits_of_float(shifted) - sk_bits_of_float(magic) + 127) << 23);
    return x < -87.3f ? 0.0f : p * power;
}

// Lanes 8, 4, 2, 1 apart added together.
SK_INLINE float sk_fold_lanes(float lanes[16]) {
    for (int width = 8; width > 0; width /= 2)
        for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
    return lanes[0];
}

// The scale of values up to `largest`, and its inverse, which turns them into quants.
SK_INLINE float sk_choose_scale(float largest, float *scale) {
    int zero = largest < 1e-30f;
    *scale = zero ? 0.0f : largest / 127.0f;
    return zero ? 0.0f : 127.0f / largest;
}

// A block of quants with these scales and sums of each 16.
SK_INLINE sk_block sk_describe_block(size_t scale_columns, const float scales[2], int first, int second) {
    return (sk_block){
        .scales = {scales[0], scales[1]},
        .scaled_sum = scale_columns == SK_BLOCK_COLUMNS
            ? scales[0] * (float)(first + second)
            : __builtin_fmaf(scales[1], (float)second, scales[0] * (float)first),
        .offset = -8 * (first + second),
        .half_offsets = {-8 * first, -8 * second},
        .half_sums = {scales[0] * (float)first, scales[1] * (float)second},
    };
}

// Where the rows of a group's last, incomplete vector end.
SK_INLINE size_t sk_rows_in_group(const sk_matrix *m, size_t group) {
    size_t left = m->rows - group * SK_GROUP_ROWS;
    return left < SK_GROUP_ROWS ? left : SK_GROUP_ROWS;
}

// The positions [lower, upper) of a block that query token `token` sees.
SK_INLINE void sk_visible(const sk_queries *q, size_t token, int64_t block, int *lower, int *upper) {
    int64_t start = block * SK_KV_POSITIONS, end = q->first_position + (int64_t)token + 1 - start;
    int64_t begin = q->window > 0 ? end - q->window : 0;
    *lower = (int)(begin < 0 ? 0 : begin > SK_KV_POSITIONS ? SK_KV_POSITIONS : begin);
    *upper = (int)(end < 0 ? 0 : end > SK_KV_POSITIONS ? SK_KV_POSITIONS : end);
}
