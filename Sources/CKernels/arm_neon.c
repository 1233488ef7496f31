// NEON with the dot products of ARMv8.2: products of packed matrices, four rows in a vector and four vectors to a group.

#if defined(__aarch64__)

    #include <arm_neon.h>

    #include "ahead.h"
    #include "attention_query.h"
    #include "elementwise.h"
    #include "quantized_cache.h"
    #include "tables.h"

    #pragma STDC FP_CONTRACT OFF
    #pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

// Vectors to a group, and the largest number of tokens that share one reading of the weights: 16 sums leave 16 registers.
enum { vectors = 4, vector_rows = 4, tile_tokens = 4, tile_groups = 1, widest = 4, lone_groups = 2 };

    #include "arm_neon_common.h"
    #include "arm_neon_weights.h"

// Sixteen columns of four rows.
SK_INLINE int32x4_t dot_half(int32x4_t sum, const int8x16_t *w, int8x16_t q) {
    sum = vdotq_laneq_s32(sum, w[0], q, 0);
    sum = vdotq_laneq_s32(sum, w[1], q, 1);
    sum = vdotq_laneq_s32(sum, w[2], q, 2);
    return vdotq_laneq_s32(sum, w[3], q, 3);
}

// The block's dot product of signed weights, exact in every type.
SK_INLINE int32x4_t block_dot(const uint32_t type, const int8x16_t w[8], const int32x4_t sub[2], const int8_t *quants,
                              const sk_block *x) {
    int8x16_t q0 = vld1q_s8(quants), q1 = vld1q_s8(quants + 16);
    if (sk_has_half_scales(type)) {
        int32x4_t first = dot_half(vdupq_n_s32(sk_owed(excess(type), x->half_offsets[0])), w, q0);
        int32x4_t second = dot_half(vdupq_n_s32(sk_owed(excess(type), x->half_offsets[1])), w + 4, q1);
        return vmlaq_s32(vmulq_s32(first, sub[0]), second, sub[1]);
    }
    return dot_half(dot_half(vdupq_n_s32(sk_owed(excess(type), x->offset)), w, q0), w + 4, q1);
}

// sum += dot * scale * d, where 16 columns share a d.
SK_INLINE float32x4_t add_halves(const uint32_t type, const int8x16_t w[8], float32x4_t scale, const int32x4_t sub[2],
                                 const int8_t *quants, const sk_block *x, float32x4_t sum) {
    for (int half = 0; half < 2; half++) {
        int32x4_t start = vdupq_n_s32(sk_owed(excess(type), x->half_offsets[half]));
        int32x4_t dot = dot_half(start, w + 4 * half, vld1q_s8(quants + SK_HALF_COLUMNS * half));
        float32x4_t own = sk_has_half_scales(type) ? vmulq_f32(scale, vcvtq_f32_s32(sub[half])) : scale;
        sum = vfmaq_f32(sum, vcvtq_f32_s32(dot), vmulq_n_f32(own, x->scales[half]));
    }
    return sum;
}

// One block of four rows for each token: sums += dot * scale * d + minimum * d * sum of quants.
SK_INLINE void multiply_block(const uint32_t type, const int halves, const size_t tokens, const sk_parts *parts, size_t v,
                              const int8_t *const *quants, const sk_block *const *blocks, size_t block, float32x4_t *sums) {
    int8x16_t w[8];
    int32x4_t sub[2] = {vdupq_n_s32(0), vdupq_n_s32(0)};
    float32x4_t scale, minimum[2] = {vdupq_n_f32(0), vdupq_n_f32(0)};
    load_weights(type, parts, v, w);
    load_scales(type, parts, v, &scale, minimum, sub);
    #pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
        const int8_t *q = quants[t] + block * SK_BLOCK_COLUMNS;
        const sk_block *x = blocks[t] + block;
        if (halves) sums[t] = add_halves(type, w, scale, sub, q, x, sums[t]);
        else sums[t] = vfmaq_f32(sums[t], vcvtq_f32_s32(block_dot(type, w, sub, q, x)), vmulq_n_f32(scale, x->scales[0]));
        sums[t] = add_minimum(type, minimum, x, sums[t]);
    }
}

SK_INLINE void put_rows(const sk_matrix *m, size_t group, const float32x4_t sums[vectors], float *out) {
    float lanes[SK_GROUP_ROWS];
    for (size_t v = 0; v < vectors; v++) vst1q_f32(lanes + vector_rows * v, sums[v]);
    memcpy(out + group * SK_GROUP_ROWS, lanes, sk_rows_in_group(m, group) * sizeof(float));
}

SK_INLINE void multiply_tile(const uint32_t type, const int halves, const size_t groups, const size_t tokens,
                             const sk_matrix *m, size_t index, const sk_activations *x, size_t token, sk_ahead ahead,
                             float *out, size_t out_stride) {
    (void)groups;  // always one here
    const uint8_t *unit = m->data + index * m->group_bytes;
    const int8_t *quants[tile_tokens];
    const sk_block *blocks[tile_tokens];
    float32x4_t sums[vectors][tile_tokens];
    for (size_t t = 0; t < tokens; t++) {
        quants[t] = x->quants + (token + t) * x->quant_stride;
        blocks[t] = x->blocks + (token + t) * x->block_stride;
        for (size_t v = 0; v < vectors; v++) sums[v][t] = vdupq_n_f32(0);
    }
    const size_t per_unit = sk_blocks_in_unit(type);
    for (size_t block = 0; block < m->columns / SK_BLOCK_COLUMNS; block += per_unit, unit += sk_unit_bytes(type)) {
    #pragma clang loop unroll(disable)
        for (size_t i = 0; i < per_unit; i++) {
            sk_parts parts = sk_block_in_unit(type, unit, i);
            sk_fetch_ahead(&parts, ahead);
    #pragma clang loop unroll(full)
            for (size_t v = 0; v < vectors; v++)
                multiply_block(type, halves, tokens, &parts, v, quants, blocks, block + i, sums[v]);
        }
    }
    for (size_t t = 0; t < tokens; t++) {
        float32x4_t rows[vectors];
        for (size_t v = 0; v < vectors; v++) rows[v] = sums[v][t];
        put_rows(m, index, rows, out + (token + t) * out_stride);
    }
}

SK_INLINE float32x4_t load_floats(const uint32_t type, const uint8_t *data, size_t column, size_t v) {
    size_t at = column * SK_GROUP_ROWS + vector_rows * v;
    if (type == SK_F32) return vld1q_f32((const float *)data + at);
    if (type == SK_F16) return load_halves(data + 2 * at);
    return vreinterpretq_f32_u32(vshlq_n_u32(vmovl_u16(vld1_u16((const uint16_t *)data + at)), 16));
}

// One chain per output is four cycles a column; several groups or tokens at once keep the multipliers busy.
SK_INLINE void floats_tile(const uint32_t type, const size_t groups, const size_t tokens, const sk_matrix *m, size_t first,
                           const float *x, size_t stride, float *out, size_t out_stride) {
    const uint8_t *data = m->data + first * m->group_bytes;
    float32x4_t sums[widest][vectors];  // of a token or of a group, whichever there are several of
    for (size_t i = 0; i < groups * tokens; i++)
        for (size_t v = 0; v < vectors; v++) sums[i][v] = vdupq_n_f32(0);
    for (size_t column = 0; column < m->columns; column++) {
    #pragma clang loop unroll(full)
        for (size_t g = 0; g < groups; g++)
            for (size_t v = 0; v < vectors; v++) {
                float32x4_t w = load_floats(type, data + g * m->group_bytes, column, v);
    #pragma clang loop unroll(full)
                for (size_t t = 0; t < tokens; t++)
                    sums[g * tokens + t][v] = vfmaq_n_f32(sums[g * tokens + t][v], w, x[t * stride + column]);
            }
    }
    for (size_t g = 0; g < groups; g++)
        for (size_t t = 0; t < tokens; t++) put_rows(m, first + g, sums[g * tokens + t], out + t * out_stride);
}

    #include "dispatch.h"

SK_INLINE void multiply_type(const uint32_t type, const int halves, const sk_matrix *m, size_t first, size_t groups,
                             const sk_activations *x, size_t tokens, float *out, size_t out_stride) {
    multiply_tiles(type, halves, m, first, groups, x, tokens, out, out_stride);
}

    #include "multiply_table.h"

// For peak_table.h: one step of a sum of products, and the operations in it.
typedef int32x4_t bytes_vector;
typedef float32x4_t floats_vector;
enum { bytes_step_operations = 4 * 4 * 2, floats_step_operations = 4 * 2 };
SK_INLINE int32x4_t bytes_step(int32x4_t sum, int32x4_t w) {
    return vdotq_s32(sum, vreinterpretq_s8_s32(w), vreinterpretq_s8_s32(w));
}
SK_INLINE float32x4_t floats_step(float32x4_t sum, float32x4_t w) { return vfmaq_f32(sum, w, w); }

    #include "elementwise_table.h"
    #include "peak_table.h"
    #include "arm_neon_attention.h"
    #include "attention_soften.h"
    #include "attention_tile.h"

const sk_kernels sk_neon = {
    quantize, remainder, multiply, multiply_floats, rms_norm, rope_adjacent, rope_halves, swiglu, add,
    store_key, store_value, attend, fold, finish, exponentials, peak_bytes, peak_floats,
};

    #pragma clang attribute pop

#endif
