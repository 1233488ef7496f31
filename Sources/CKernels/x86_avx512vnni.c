// AVX-512 with VNNI: products of packed matrices, one vector lane for each of 16 rows.

#if defined(__x86_64__)

    #include "ahead.h"
    #include "attention_query.h"
    #include "elementwise.h"
    #include "tables.h"

    #pragma STDC FP_CONTRACT OFF
    #pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c"))), \
                                 apply_to = function)

    #include "x86_common.h"

// Tokens that share one reading of the weights: fewer than a panel takes of integers, and of floats.
enum { tile_tokens = 4, widest = 8, lone_groups = 4 };

// Unsigned weights of a block of 32 columns: vector c holds columns 4c..4c+3 of each row.
SK_INLINE void load_weights(const uint32_t type, const sk_parts *parts, __m512i w[8]) {
    const __m512i nibble = _mm512_set1_epi8(15), fifth = _mm512_set1_epi8(16), upper = _mm512_set1_epi8(48);
    if (type == SK_Q8_0) {
        for (int c = 0; c < 8; c++)
            w[c] = _mm512_xor_si512(_mm512_loadu_si512(parts->quants + c * 64), _mm512_set1_epi8(-128));
        return;
    }
    if (type == SK_Q2_K) {
        for (int c = 0; c < 8; c++) {
            __m512i packed = _mm512_loadu_si512(parts->quants + c / 4 * 64);
            w[c] = _mm512_and_si512(_mm512_srli_epi16(packed, (unsigned)(2 * (c % 4))), _mm512_set1_epi8(3));
        }
        return;
    }
    if (type == SK_Q3_K) {
        const __m512i seven = _mm512_set1_epi8(7), third = _mm512_set1_epi8(4);
        __m512i last = _mm512_loadu_si512(parts->quants + 128);
        for (int c = 0; c < 3; c++) {
            __m512i packed = _mm512_loadu_si512(parts->quants + c * 64);
            w[c] = _mm512_and_si512(packed, seven);
            w[c + 3] = _mm512_and_si512(_mm512_srli_epi16(packed, 3), seven);
            if (c == 2) continue;
            w[c + 6] = _mm512_and_si512(_mm512_srli_epi16(packed, 6), _mm512_set1_epi8(3));
            w[c + 6] = _mm512_ternarylogic_epi32(w[c + 6], _mm512_srli_epi16(last, (unsigned)c + 4), third, 0xf8);
        }
        return;
    }
    for (int c = 0; c < 4; c++) {
        __m512i packed = _mm512_loadu_si512(parts->quants + c * 64);
        w[c] = _mm512_and_si512(packed, nibble);
        w[c + 4] = _mm512_and_si512(_mm512_srli_epi16(packed, 4), nibble);
    }
    if (sk_has_table(type)) {
        __m512i table = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)sk_table));
        table = _mm512_xor_si512(table, _mm512_set1_epi8(-128));
        for (int c = 0; c < 8; c++) w[c] = _mm512_shuffle_epi8(table, w[c]);
    }
    for (int c = 0; c < 8 && sk_has_fifth_bit(type); c++) {
        __m512i high = _mm512_loadu_si512(parts->high);
        __m512i bit = c < 4 ? _mm512_slli_epi16(high, 4 - (unsigned)c) : _mm512_srli_epi16(high, (unsigned)c - 4);
        w[c] = _mm512_ternarylogic_epi32(w[c], bit, fifth, 0xf8);  // w | (bit & fifth)
    }
    for (int c = 0; c < 8 && type == SK_Q6_K; c++) {
        __m512i high = _mm512_loadu_si512(parts->high + c / 4 * 64);
        unsigned shift = (unsigned)(2 * (c % 4));
        __m512i bits = shift < 4 ? _mm512_slli_epi16(high, 4 - shift) : _mm512_srli_epi16(high, shift - 4);
        w[c] = _mm512_ternarylogic_epi32(w[c], bits, upper, 0xf8);
    }
}

SK_INLINE __m512 load_halves(const uint8_t *source) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)source));
}

SK_INLINE __m512 load_bytes(const uint8_t *source) {
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)source)));
}

SK_INLINE __m512 load_signed_bytes(const uint8_t *source) {
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)source)));
}

// The FP32 scale and minimum of each row of a block, where the type has them also the scales and minima of its halves.
SK_INLINE void load_scales(const uint32_t type, const sk_parts *parts, __m512 *scale, __m512 minimum[2], __m512 sub[2]) {
    *scale = load_halves(parts->scale);
    if (sk_has_minimum(type)) *minimum = load_halves(parts->minimum);
    if (type == SK_Q4_K || type == SK_Q5_K) {
        *scale = _mm512_mul_ps(*scale, load_bytes(parts->subscale));
        *minimum = _mm512_mul_ps(*minimum, load_bytes(parts->subminimum));
    } else if (sk_has_half_scales(type)) {
        for (int i = 0; i < 2 && type != SK_Q2_K; i++) sub[i] = load_signed_bytes(parts->subscale + SK_GROUP_ROWS * i);
        __m512 whole = minimum[0];
        for (int i = 0; i < 2 && type == SK_Q2_K; i++) {
            __m512i both = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)parts->subscale + i));
            sub[i] = _mm512_cvtepi32_ps(_mm512_and_si512(both, _mm512_set1_epi32(15)));
            minimum[i] = _mm512_mul_ps(whole, _mm512_cvtepi32_ps(_mm512_srli_epi32(both, 4)));
        }
    } else if (type == SK_IQ4_XS) {
        *scale = _mm512_mul_ps(*scale, load_signed_bytes(parts->subscale));
    }
}

SK_INLINE __m512i dot(__m512i sum, const __m512i *w, const int8_t *q, int count) {
    for (int c = 0; c < count; c++) {
        int32_t four;
        memcpy(&four, q + 4 * c, 4);
        sum = _mm512_dpbusd_epi32(sum, w[c], _mm512_set1_epi32(four));
    }
    return sum;
}

// How much the unsigned weights are too large.
SK_INLINE int excess(uint32_t type) {
    if (type == SK_Q8_0 || sk_has_table(type)) return 128;
    return type == SK_Q3_K ? 4 : type == SK_Q4_0 ? 8 : type == SK_Q5_0 ? 16 : type == SK_Q6_K ? 32 : 0;
}

SK_INLINE __m512i start(const uint32_t type, int32_t offset) {
    return excess(type) ? _mm512_set1_epi32(sk_owed(excess(type), offset)) : _mm512_setzero_si512();
}

SK_INLINE __m512 half_dot(const uint32_t type, const __m512i w[8], const int8_t *q, const sk_block *x, int half) {
    return _mm512_cvtepi32_ps(dot(start(type, x->half_offsets[half]), w + 4 * half, q + SK_HALF_COLUMNS * half, 4));
}

// The block's dot product of signed weights, as a float: exact in every type.
SK_INLINE __m512 block_dot(const uint32_t type, const __m512i w[8], const __m512 sub[2], const int8_t *q, const sk_block *x) {
    if (!sk_has_half_scales(type)) return _mm512_cvtepi32_ps(dot(start(type, x->offset), w, q, 8));
    // All below 2^24, so no rounding happens.
    return _mm512_fmadd_ps(half_dot(type, w, q, x, 1), sub[1], _mm512_mul_ps(half_dot(type, w, q, x, 0), sub[0]));
}

// The minima's share of a block; those of K types count downwards.
SK_INLINE __m512 add_minimum(const uint32_t type, const __m512 minimum[2], float scaled_sum, const float half_sums[2],
                             __m512 sum) {
    if (sk_has_half_minima(type)) {
        sum = _mm512_fnmadd_ps(minimum[0], _mm512_set1_ps(half_sums[0]), sum);
        return _mm512_fnmadd_ps(minimum[1], _mm512_set1_ps(half_sums[1]), sum);
    }
    if (type == SK_Q4_K || type == SK_Q5_K) return _mm512_fnmadd_ps(minimum[0], _mm512_set1_ps(scaled_sum), sum);
    return sk_has_minimum(type) ? _mm512_fmadd_ps(minimum[0], _mm512_set1_ps(scaled_sum), sum) : sum;
}

// One block for each token: sums += dot * scale * d + minimum * d * sum of quants.
SK_INLINE void multiply_block(const uint32_t type, const int halves, const size_t tokens, const sk_parts *parts,
                              const sk_activations *x, size_t token, size_t block, __m512 *sums) {
    __m512i w[8];
    __m512 scale, zero = _mm512_setzero_ps(), minimum[2] = {zero, zero}, sub[2] = {zero, zero};
    load_weights(type, parts, w);
    load_scales(type, parts, &scale, minimum, sub);
    #pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
        const int8_t *q = x->quants + (token + t) * x->quant_stride + block * SK_BLOCK_COLUMNS;
        const sk_block *xb = x->blocks + (token + t) * x->block_stride + block;
        for (int i = 0; i < 2 && halves; i++) {
            __m512 own = sk_has_half_scales(type) ? _mm512_mul_ps(scale, sub[i]) : scale;
            __m512 factor = _mm512_mul_ps(own, _mm512_set1_ps(xb->scales[i]));
            sums[t] = _mm512_fmadd_ps(half_dot(type, w, q, xb, i), factor, sums[t]);
        }
        if (!halves) {
            __m512 factor = _mm512_mul_ps(scale, _mm512_set1_ps(xb->scales[0]));
            sums[t] = _mm512_fmadd_ps(block_dot(type, w, sub, q, xb), factor, sums[t]);
        }
        sums[t] = add_minimum(type, minimum, xb->scaled_sum, xb->half_sums, sums[t]);
    }
}

SK_INLINE void multiply_tile(const uint32_t type, const int halves, const size_t tokens, const sk_matrix *m, size_t index,
                             const sk_activations *x, size_t token, sk_ahead ahead, float *out, size_t out_stride) {
    const uint8_t *unit = m->data + index * m->group_bytes;
    const size_t per_unit = sk_blocks_in_unit(type), blocks = m->columns / SK_BLOCK_COLUMNS;
    __m512 sums[tile_tokens];
    for (size_t t = 0; t < tokens; t++) sums[t] = _mm512_setzero_ps();
    for (size_t block = 0; block < blocks; block += per_unit, unit += sk_unit_bytes(type)) {
    #pragma clang loop unroll(disable)
        for (size_t i = 0; i < per_unit; i++) {
            sk_parts parts = sk_block_in_unit(type, unit, i);
            sk_fetch_ahead(type, &parts, block + i, ahead);
            if (tokens < 4) sk_fetch_further(type, &parts);
            multiply_block(type, halves, tokens, &parts, x, token, block + i, sums);
        }
    }
    __mmask16 rows = (__mmask16)((1u << sk_rows_in_group(m, index)) - 1);
    out += token * out_stride + index * SK_GROUP_ROWS;
    for (size_t t = 0; t < tokens; t++) _mm512_mask_storeu_ps(out + t * out_stride, rows, sums[t]);
}

SK_INLINE __m512 load_floats(const uint32_t type, const uint8_t *data, size_t column) {
    if (type == SK_F32) return _mm512_loadu_ps((const float *)data + column * SK_GROUP_ROWS);
    __m256i halves = _mm256_loadu_si256((const __m256i *)data + column);
    if (type == SK_F16) return _mm512_cvtph_ps(halves);
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}

// One chain per output is four cycles a column; several groups or tokens at once keep the multipliers busy.
SK_INLINE void floats_tile(const uint32_t type, const size_t groups, const size_t tokens, const sk_matrix *m, size_t first,
                           const float *x, size_t stride, float *out, size_t out_stride) {
    const uint8_t *data = m->data + first * m->group_bytes;
    __m512 sums[4][widest];
    for (size_t g = 0; g < groups; g++)
        for (size_t t = 0; t < tokens; t++) sums[g][t] = _mm512_setzero_ps();
    for (size_t column = 0; column < m->columns; column++) {
    #pragma clang loop unroll(full)
        for (size_t g = 0; g < groups; g++) {
            __m512 w = load_floats(type, data + g * m->group_bytes, column);
    #pragma clang loop unroll(full)
            for (size_t t = 0; t < tokens; t++)
                sums[g][t] = _mm512_fmadd_ps(w, _mm512_set1_ps(x[t * stride + column]), sums[g][t]);
        }
    }
    for (size_t g = 0; g < groups; g++) {
        __mmask16 rows = (__mmask16)((1u << sk_rows_in_group(m, first + g)) - 1);
        for (size_t t = 0; t < tokens; t++)
            _mm512_mask_storeu_ps(out + t * out_stride + (first + g) * SK_GROUP_ROWS, rows, sums[g][t]);
    }
}

    #include "dispatch.h"
    #include "x86_avx512_panel.h"
    #include "multiply_table.h"

// For peak_table.h: one step of a sum of products, and the operations in it.
typedef __m512i bytes_vector;
typedef __m512 floats_vector;
enum { bytes_step_operations = 16 * 4 * 2, floats_step_operations = 16 * 2 };
SK_INLINE __m512i bytes_step(__m512i sum, __m512i w) { return _mm512_dpbusd_epi32(sum, w, w); }
SK_INLINE __m512 floats_step(__m512 sum, __m512 w) { return _mm512_fmadd_ps(w, w, sum); }

    #include "elementwise_table.h"
    #include "peak_table.h"
    #include "x86_avx512_attention.h"
    #include "attention_tile.h"

const sk_kernels sk_avx512vnni = {
    quantize, remainder, multiply, multiply_floats, rms_norm, rope_adjacent, rope_halves, swiglu, add,
    store_key, store_value, attend, fold, finish, exponentials, peak_bytes, peak_floats,
};

    #pragma clang attribute pop

#endif
