#pragma once

// NEON with the dot products of ARMv8.2: four lanes.

#include <arm_neon.h>

enum { lanes = 4 };

#include "vectors.h"

SK_INLINE floats splat(float x) { return vdupq_n_f32(x); }
SK_INLINE floats multiply_add(floats a, floats b, floats sum) { return vfmaq_f32(sum, a, b); }
SK_INLINE floats subtract_product(floats a, floats b, floats sum) { return vfmsq_f32(sum, a, b); }
SK_INLINE floats larger(floats a, floats b) { return vmaxq_f32(a, b); }
SK_INLINE floats to_floats(ints x) { return vcvtq_f32_s32(x); }
SK_INLINE ints to_ints(floats x) { return vcvtnq_s32_f32(x); }

SK_INLINE float largest_lane(floats x) { return vmaxvq_f32(x); }

SK_INLINE float sum_lanes(const floats x[4]) {
    floats four = (x[0] + x[2]) + (x[1] + x[3]);
    float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
    return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}

SK_INLINE void sum_of_each(ints a, ints b, int32_t sums[2]) {
    sums[0] = vaddvq_s32(a);
    sums[1] = vaddvq_s32(b);
}

SK_INLINE void largest_of_each(ints a, ints b, int32_t largest[2]) {
    largest[0] = vmaxvq_s32(a);
    largest[1] = vmaxvq_s32(b);
}

SK_INLINE floats load_f16(const void *source) { return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(source))); }

SK_INLINE void store_f16(void *to, floats x) {
    floats clamped = vmaxq_f32(splat(-65504.0f), vminq_f32(splat(65504.0f), x));
    vst1_u16(to, vreinterpret_u16_f16(vcvt_f16_f32(clamped)));
}

SK_INLINE void store_i8(int8_t *to, const ints x[8]) {
    for (size_t half = 0; half < 2; half++, x += 4) {
        int16x8_t low = vcombine_s16(vqmovn_s32(x[0]), vqmovn_s32(x[1]));
        int16x8_t high = vcombine_s16(vqmovn_s32(x[2]), vqmovn_s32(x[3]));
        vst1q_s8(to + 16 * half, vcombine_s8(vqmovn_s16(low), vqmovn_s16(high)));
    }
}

SK_INLINE void load_sixteen_i8(const void *source, ints x[4]) {
    int8x16_t all = vld1q_s8(source);
    int16x8_t low = vmovl_s8(vget_low_s8(all)), high = vmovl_s8(vget_high_s8(all));
    x[0] = vmovl_s16(vget_low_s16(low));
    x[1] = vmovl_s16(vget_high_s16(low));
    x[2] = vmovl_s16(vget_low_s16(high));
    x[3] = vmovl_s16(vget_high_s16(high));
}

SK_INLINE void store_rows(float *to, const floats rows[4], size_t count) { memcpy(to, rows, count * sizeof(float)); }

SK_INLINE bytes shift_right(bytes x, int by) { return by < 0 ? x << (uint8_t)-by : x >> (uint8_t)by; }

SK_INLINE bytes load_table(const int8_t table[16]) { return load_bytes(table); }
SK_INLINE bytes lookup(bytes table, bytes index) { return vqtbl1q_u8(table, index); }

// A product takes signed weights as they are, and unsigned ones below 128.
enum { signed_zero_point = 0 };

SK_INLINE ints dot_quads(const int is_signed, ints sum, bytes weights, bytes x) {
    (void)is_signed;
    return vdotq_s32(sum, (int8x16_t)weights, (int8x16_t)x);
}

typedef struct {
    int8x16_t half[2];
} activations;

SK_INLINE activations load_activations(const int8_t *quants) {
    return (activations){{vld1q_s8(quants), vld1q_s8(quants + 16)}};
}

SK_INLINE ints dot(const int is_signed, ints sum, bytes weights, activations x, int c) {
    const int8x16_t w = (int8x16_t)weights, q = x.half[c / 4];
    (void)is_signed;
    switch (c % 4) {
    case 0: return vdotq_laneq_s32(sum, w, q, 0);
    case 1: return vdotq_laneq_s32(sum, w, q, 1);
    case 2: return vdotq_laneq_s32(sum, w, q, 2);
    default: return vdotq_laneq_s32(sum, w, q, 3);
    }
}
