// AVX2 with FMA and F16C: products of packed matrices, eight rows in a vector and two vectors to a group.

#if defined(__x86_64__)

    #include "ahead.h"
    #include "attention_query.h"
    #include "elementwise.h"
    #include "tables.h"

    #pragma STDC FP_CONTRACT OFF
    #pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

    #include "x86_common.h"
    #include "x86_avx2_weights.h"

// The largest number of tokens that share one reading of the weights: 8 sums leave 8 registers to work in.
enum { tile_tokens = 4, tile_groups = 1, widest = 4, lone_groups = 4 };

SK_INLINE __m256 signed_dot(const uint32_t type, __m256i dot, int32_t offset) {
    if (excess(type)) dot = _mm256_add_epi32(dot, _mm256_set1_epi32(sk_owed(excess(type), offset)));
    return _mm256_cvtepi32_ps(dot);
}

// One block of eight rows for each token: sums += dot * scale + minimum.
SK_INLINE void multiply_block(const uint32_t type, const int halves, const size_t tokens, const sk_parts *parts, size_t half,
                              const int8_t *const *quants, const sk_block *const *blocks, size_t block, __m256 *sums) {
    const __m256i ones = _mm256_set1_epi16(1);
    const int span = halves || sk_has_half_scales(type) ? 4 : 8;
    const int run = sums_in_16_bits(type) < span ? sums_in_16_bits(type) : span;
    __m256i dots[2][tile_tokens], narrow_sums[tile_tokens];
    #pragma clang loop unroll(full)
    for (int c = 0; c < 8; c++) {
        __m256i w = load_weights(type, parts, half, c), magnitude = is_signed(type) ? _mm256_abs_epi8(w) : w;
    #pragma clang loop unroll(full)
        for (size_t t = 0; t < tokens; t++) {
            int32_t four;
            memcpy(&four, quants[t] + block * SK_BLOCK_COLUMNS + 4 * c, 4);
            __m256i x = _mm256_set1_epi32(four);
            __m256i products = _mm256_maddubs_epi16(magnitude, is_signed(type) ? _mm256_sign_epi8(x, w) : x);
            narrow_sums[t] = c % run == 0 ? products : _mm256_add_epi16(narrow_sums[t], products);
            if (c % run != run - 1) continue;
            __m256i wide = _mm256_madd_epi16(narrow_sums[t], ones);
            dots[c / span][t] = c % span < run ? wide : _mm256_add_epi32(dots[c / span][t], wide);
        }
    }
    __m256 scale, zero = _mm256_setzero_ps(), minimum[2] = {zero, zero}, sub[2] = {zero, zero};
    load_scales(type, parts, half, &scale, minimum, sub);
    #pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
        const sk_block *x = blocks[t] + block;
        for (int i = 0; i < 2 && halves; i++) {
            __m256 own = sk_has_half_scales(type) ? _mm256_mul_ps(scale, sub[i]) : scale;
            __m256 dot = signed_dot(type, dots[i][t], x->half_offsets[i]);
            sums[t] = _mm256_fmadd_ps(dot, _mm256_mul_ps(own, _mm256_set1_ps(x->scales[i])), sums[t]);
        }
        if (!halves) {
            __m256 dot = signed_dot(type, dots[0][t], sk_has_half_scales(type) ? x->half_offsets[0] : x->offset);
            if (sk_has_half_scales(type))  // all below 2^24, so no rounding happens
                dot = _mm256_fmadd_ps(
                    signed_dot(type, dots[1][t], x->half_offsets[1]), sub[1], _mm256_mul_ps(dot, sub[0]));
            sums[t] = _mm256_fmadd_ps(dot, _mm256_mul_ps(scale, _mm256_set1_ps(x->scales[0])), sums[t]);
        }
        sums[t] = add_minimum(type, minimum, x, sums[t]);
    }
}

SK_INLINE void put_rows(const sk_matrix *m, size_t group, __m256 first, __m256 second, float *out) {
    float lanes[SK_GROUP_ROWS];
    _mm256_storeu_ps(lanes, first);
    _mm256_storeu_ps(lanes + 8, second);
    memcpy(out + group * SK_GROUP_ROWS, lanes, sk_rows_in_group(m, group) * sizeof(float));
}

SK_INLINE void multiply_tile(const uint32_t type, const int halves, const size_t groups, const size_t tokens,
                             const sk_matrix *m, size_t index, const sk_activations *x, size_t token, sk_ahead ahead,
                             float *out, size_t out_stride) {
    (void)groups;  // always one here
    const uint8_t *unit = m->data + index * m->group_bytes;
    const int8_t *quants[tile_tokens];
    const sk_block *blocks[tile_tokens];
    __m256 sums[2][tile_tokens];
    for (size_t t = 0; t < tokens; t++) {
        quants[t] = x->quants + (token + t) * x->quant_stride;
        blocks[t] = x->blocks + (token + t) * x->block_stride;
        sums[0][t] = sums[1][t] = _mm256_setzero_ps();
    }
    const size_t per_unit = sk_blocks_in_unit(type);
    for (size_t block = 0; block < m->columns / SK_BLOCK_COLUMNS; block += per_unit, unit += sk_unit_bytes(type)) {
    #pragma clang loop unroll(disable)
        for (size_t i = 0; i < per_unit; i++) {
            sk_parts parts = sk_block_in_unit(type, unit, i);
            sk_fetch_ahead(&parts, ahead);
            for (size_t half = 0; half < 2; half++)
                multiply_block(type, halves, tokens, &parts, half, quants, blocks, block + i, sums[half]);
        }
    }
    for (size_t t = 0; t < tokens; t++) put_rows(m, index, sums[0][t], sums[1][t], out + (token + t) * out_stride);
}

SK_INLINE __m256 load_floats(const uint32_t type, const uint8_t *data, size_t column, size_t half) {
    size_t at = column * SK_GROUP_ROWS + half * 8;
    if (type == SK_F32) return _mm256_loadu_ps((const float *)data + at);
    __m128i halves = _mm_loadu_si128((const __m128i *)(data + at * 2));
    if (type == SK_F16) return _mm256_cvtph_ps(halves);
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(halves), 16));
}

// One chain per output is four cycles a column; several groups or tokens at once keep the multipliers busy.
SK_INLINE void floats_tile(const uint32_t type, const size_t groups, const size_t tokens, const sk_matrix *m, size_t first,
                           const float *x, size_t stride, float *out, size_t out_stride) {
    const uint8_t *data = m->data + first * m->group_bytes;
    __m256 sums[4][2][widest];
    for (size_t g = 0; g < groups; g++)
        for (size_t t = 0; t < tokens; t++) sums[g][0][t] = sums[g][1][t] = _mm256_setzero_ps();
    for (size_t column = 0; column < m->columns; column++) {
    #pragma clang loop unroll(full)
        for (size_t g = 0; g < groups; g++)
            for (size_t half = 0; half < 2; half++) {
                __m256 w = load_floats(type, data + g * m->group_bytes, column, half);
    #pragma clang loop unroll(full)
                for (size_t t = 0; t < tokens; t++)
                    sums[g][half][t] = _mm256_fmadd_ps(w, _mm256_set1_ps(x[t * stride + column]), sums[g][half][t]);
            }
    }
    for (size_t g = 0; g < groups; g++)
        for (size_t t = 0; t < tokens; t++) put_rows(m, first + g, sums[g][0][t], sums[g][1][t], out + t * out_stride);
}

    #include "dispatch.h"

SK_INLINE void multiply_type(const uint32_t type, const int halves, const sk_matrix *m, size_t first, size_t groups,
                             const sk_activations *x, size_t tokens, float *out, size_t out_stride) {
    multiply_tiles(type, halves, m, first, groups, x, tokens, out, out_stride);
}

    #include "multiply_table.h"

// For peak_table.h: one step of a sum of products, and the operations in it.
typedef __m256i bytes_vector;
typedef __m256 floats_vector;
enum { bytes_step_operations = 8 * 4 * 2, floats_step_operations = 8 * 2 };
SK_INLINE __m256i bytes_step(__m256i sum, __m256i w) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(w, w), _mm256_set1_epi16(1)));
}
SK_INLINE __m256 floats_step(__m256 sum, __m256 w) { return _mm256_fmadd_ps(w, w, sum); }

    #include "elementwise_table.h"
    #include "peak_table.h"
    #include "x86_avx2_attention.h"
    #include "attention_soften.h"
    #include "attention_tile.h"

const sk_kernels sk_avx2 = {
    quantize, remainder, multiply, multiply_floats, rms_norm, rope_adjacent, rope_halves, swiglu, add,
    store_key, store_value, attend, fold, finish, exponentials, peak_bytes, peak_floats,
};

    #pragma clang attribute pop

#endif
