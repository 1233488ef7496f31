// AVX2 with FMA and F16C: products of packed matrices, eight rows in a vector and two vectors to a group.

#if defined(__x86_64__)

    #include "ahead.h"
    #include "attention_query.h"
    #include "elementwise.h"
    #include "tables.h"

    #pragma STDC FP_CONTRACT OFF
    #pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

    #include "x86_common.h"

// The largest number of tokens that share one reading of the weights: 8 sums leave 8 registers to work in.
enum { tile_tokens = 4, widest = 4, lone_groups = 4 };

// Q8_0 and the IQ4 types have signed weights.
SK_INLINE int is_signed(uint32_t type) { return type == SK_Q8_0 || sk_has_table(type); }

// Columns 4c..4c+3 of eight rows: unsigned, but for those types.
SK_INLINE __m256i load_weights(const uint32_t type, const sk_parts *parts, size_t half, int c) {
    if (type == SK_Q8_0) return _mm256_loadu_si256((const __m256i *)(parts->quants + c * 64 + half * 32));
    if (type == SK_Q2_K || (type == SK_Q3_K && c < 6)) {
        int vector = type == SK_Q2_K ? c / 4 : c % 3, shift = type == SK_Q2_K ? 2 * (c % 4) : c / 3 * 3;
        __m256i packed = _mm256_loadu_si256((const __m256i *)(parts->quants + vector * 64 + half * 32));
        return _mm256_and_si256(_mm256_srli_epi16(packed, shift), _mm256_set1_epi8(type == SK_Q2_K ? 3 : 7));
    }
    if (type == SK_Q3_K) {
        __m256i packed = _mm256_loadu_si256((const __m256i *)(parts->quants + (c - 6) * 64 + half * 32));
        __m256i high = _mm256_loadu_si256((const __m256i *)(parts->quants + 128 + half * 32));
        packed = _mm256_and_si256(_mm256_srli_epi16(packed, 6), _mm256_set1_epi8(3));
        return _mm256_or_si256(packed, _mm256_and_si256(_mm256_srli_epi16(high, c - 2), _mm256_set1_epi8(4)));
    }
    __m256i packed = _mm256_loadu_si256((const __m256i *)(parts->quants + c % 4 * 64 + half * 32));
    __m256i w = _mm256_and_si256(c < 4 ? packed : _mm256_srli_epi16(packed, 4), _mm256_set1_epi8(15));
    if (sk_has_table(type)) {
        __m256i table = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)sk_table));
        w = _mm256_shuffle_epi8(table, w);
    } else if (sk_has_fifth_bit(type)) {
        __m256i high = _mm256_loadu_si256((const __m256i *)(parts->high + half * 32));
        high = c < 4 ? _mm256_slli_epi16(high, 4 - c) : _mm256_srli_epi16(high, c - 4);
        w = _mm256_or_si256(w, _mm256_and_si256(high, _mm256_set1_epi8(16)));
    } else if (type == SK_Q6_K) {
        __m256i high = _mm256_loadu_si256((const __m256i *)(parts->high + c / 4 * 64 + half * 32));
        int shift = 2 * (c % 4);
        high = shift < 4 ? _mm256_slli_epi16(high, 4 - shift) : _mm256_srli_epi16(high, shift - 4);
        w = _mm256_or_si256(w, _mm256_and_si256(high, _mm256_set1_epi8(48)));
    }
    return w;
}

// Sums of products of four bytes that fit 16 bits: this many before they must be widened (8 * 2 * 15 * 127 < 2^15).
SK_INLINE int sums_in_16_bits(uint32_t type) {
    return is_signed(type) ? 1 : type == SK_Q6_K ? 2 : sk_has_fifth_bit(type) ? 4 : 8;
}

SK_INLINE __m256 load_halves(const uint8_t *source) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)source));
}

SK_INLINE __m256 load_bytes(const uint8_t *source) {
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)source)));
}

SK_INLINE __m256 load_signed_bytes(const uint8_t *source) {
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)source)));
}

// How much the unsigned weights of a type are too large.
SK_INLINE int excess(uint32_t type) {
    return type == SK_Q3_K ? 4 : type == SK_Q4_0 ? 8 : type == SK_Q5_0 ? 16 : type == SK_Q6_K ? 32 : 0;
}

SK_INLINE __m256 signed_dot(const uint32_t type, __m256i dot, int32_t offset) {
    if (excess(type)) dot = _mm256_add_epi32(dot, _mm256_set1_epi32(sk_owed(excess(type), offset)));
    return _mm256_cvtepi32_ps(dot);
}

// The minima's share of a block; those of K types count downwards.
SK_INLINE __m256 add_minimum(const uint32_t type, const __m256 minimum[2], const sk_block *x, __m256 sum) {
    if (sk_has_half_minima(type)) {
        sum = _mm256_fnmadd_ps(minimum[0], _mm256_set1_ps(x->half_sums[0]), sum);
        return _mm256_fnmadd_ps(minimum[1], _mm256_set1_ps(x->half_sums[1]), sum);
    }
    if (type == SK_Q4_K || type == SK_Q5_K) return _mm256_fnmadd_ps(minimum[0], _mm256_set1_ps(x->scaled_sum), sum);
    return sk_has_minimum(type) ? _mm256_fmadd_ps(minimum[0], _mm256_set1_ps(x->scaled_sum), sum) : sum;
}

// The FP32 scale and minimum of eight rows of a block, where the type has them also the scales and minima of its halves.
SK_INLINE void load_scales(const uint32_t type, const sk_parts *parts, size_t half, __m256 *scale, __m256 minimum[2],
                           __m256 sub[2]) {
    *scale = load_halves(parts->scale + half * 16);
    if (sk_has_minimum(type)) minimum[0] = load_halves(parts->minimum + half * 16);
    if (type == SK_Q4_K || type == SK_Q5_K) {
        *scale = _mm256_mul_ps(*scale, load_bytes(parts->subscale + half * 8));
        minimum[0] = _mm256_mul_ps(minimum[0], load_bytes(parts->subminimum + half * 8));
    }
    if (type == SK_IQ4_XS) *scale = _mm256_mul_ps(*scale, load_signed_bytes(parts->subscale + half * 8));
    const __m256 whole = minimum[0];
    for (size_t i = 0; i < 2 && sk_has_half_scales(type); i++) {
        const uint8_t *from = parts->subscale + SK_GROUP_ROWS * i + half * 8;
        if (type != SK_Q2_K) {
            sub[i] = load_signed_bytes(from);
            continue;
        }
        __m256i both = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)from));
        sub[i] = _mm256_cvtepi32_ps(_mm256_and_si256(both, _mm256_set1_epi32(15)));
        minimum[i] = _mm256_mul_ps(whole, _mm256_cvtepi32_ps(_mm256_srli_epi32(both, 4)));
    }
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

SK_INLINE void multiply_tile(const uint32_t type, const int halves, const size_t tokens, const sk_matrix *m, size_t index,
                             const sk_activations *x, size_t token, sk_ahead ahead, float *out, size_t out_stride) {
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
            sk_fetch_ahead(type, &parts, block + i, ahead);
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
