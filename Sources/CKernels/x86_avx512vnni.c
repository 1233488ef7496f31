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
    #include "x86_avx512_weights.h"

// Tokens that share one reading of integer weights, in fewer than make a panel, groups that share one of their activations,
// and tokens that share one of floats.
enum { tile_tokens = 4, tile_groups = 2, widest = 8, lone_groups = 4 };

// What a block of 16 rows holds for as long as tokens pass by.
typedef struct {
    __m512i weights[8];
    __m512 scale, minimum[2], sub[2];
} tile_weights;

// Products of `count` times four columns onto `sums`; groups share each activation that is loaded.
SK_INLINE void add_dots(const size_t groups, const tile_weights *w, const int8_t *q, int first, int count, __m512i *sums) {
    #pragma clang loop unroll(full)
    for (int c = first; c < first + count; c++) {
        int32_t four;
        memcpy(&four, q + 4 * c, 4);
        for (size_t g = 0; g < groups; g++)
            sums[g] = _mm512_dpbusd_epi32(sums[g], w[g].weights[c], _mm512_set1_epi32(four));
    }
}

SK_INLINE __m512i start(const uint32_t type, int32_t offset) {
    return excess(type) ? _mm512_set1_epi32(sk_owed(excess(type), offset)) : _mm512_setzero_si512();
}

// The dot products of signed weights of half a block, as floats.
SK_INLINE void half_dots(const uint32_t type, const size_t groups, const tile_weights *w, const int8_t *q, const sk_block *x,
                         int half, __m512 *result) {
    __m512i sums[tile_groups];
    for (size_t g = 0; g < groups; g++) sums[g] = start(type, x->half_offsets[half]);
    add_dots(groups, w, q, 4 * half, 4, sums);
    for (size_t g = 0; g < groups; g++) result[g] = _mm512_cvtepi32_ps(sums[g]);
}

// The same of a whole block, subscales in them: exact in every type.
SK_INLINE void block_dots(const uint32_t type, const size_t groups, const tile_weights *w, const int8_t *q,
                          const sk_block *x, __m512 *result) {
    if (!sk_has_half_scales(type)) {
        __m512i sums[tile_groups];
        for (size_t g = 0; g < groups; g++) sums[g] = start(type, x->offset);
        add_dots(groups, w, q, 0, 8, sums);
        for (size_t g = 0; g < groups; g++) result[g] = _mm512_cvtepi32_ps(sums[g]);
        return;
    }
    __m512 first[tile_groups], second[tile_groups];
    half_dots(type, groups, w, q, x, 0, first);
    half_dots(type, groups, w, q, x, 1, second);
    // All below 2^24, so no rounding happens.
    for (size_t g = 0; g < groups; g++)
        result[g] = _mm512_fmadd_ps(second[g], w[g].sub[1], _mm512_mul_ps(first[g], w[g].sub[0]));
}

// One block of each group for each token: sums += dot * scale * d + minimum * d * sum of quants.
SK_INLINE void multiply_block(const uint32_t type, const int halves, const size_t groups, const size_t tokens,
                              const tile_weights *w, const sk_activations *x, size_t token, size_t block,
                              __m512 (*sums)[tile_groups]) {
    #pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
        const int8_t *q = x->quants + (token + t) * x->quant_stride + block * SK_BLOCK_COLUMNS;
        const sk_block *xb = x->blocks + (token + t) * x->block_stride + block;
        __m512 products[tile_groups];
        for (int i = 0; i < 2 && halves; i++) {
            half_dots(type, groups, w, q, xb, i, products);
            for (size_t g = 0; g < groups; g++) {
                __m512 own = sk_has_half_scales(type) ? _mm512_mul_ps(w[g].scale, w[g].sub[i]) : w[g].scale;
                __m512 factor = _mm512_mul_ps(own, _mm512_set1_ps(xb->scales[i]));
                sums[t][g] = _mm512_fmadd_ps(products[g], factor, sums[t][g]);
            }
        }
        if (!halves) block_dots(type, groups, w, q, xb, products);
        for (size_t g = 0; g < groups; g++) {
            if (!halves) {
                __m512 factor = _mm512_mul_ps(w[g].scale, _mm512_set1_ps(xb->scales[0]));
                sums[t][g] = _mm512_fmadd_ps(products[g], factor, sums[t][g]);
            }
            sums[t][g] = add_minimum(type, w[g].minimum, xb->scaled_sum, xb->half_sums, sums[t][g]);
        }
    }
}

SK_INLINE void multiply_tile(const uint32_t type, const int halves, const size_t groups, const size_t tokens,
                             const sk_matrix *m, size_t index, const sk_activations *x, size_t token, sk_ahead ahead,
                             float *out, size_t out_stride) {
    const uint8_t *unit = m->data + index * m->group_bytes;
    const size_t per_unit = sk_blocks_in_unit(type), blocks = m->columns / SK_BLOCK_COLUMNS;
    __m512 sums[tile_tokens][tile_groups];
    for (size_t t = 0; t < tokens; t++)
        for (size_t g = 0; g < groups; g++) sums[t][g] = _mm512_setzero_ps();
    for (size_t block = 0; block < blocks; block += per_unit, unit += sk_unit_bytes(type)) {
    #pragma clang loop unroll(disable)
        for (size_t i = 0; i < per_unit; i++) {
            tile_weights w[tile_groups];
            for (size_t g = 0; g < groups; g++) {
                sk_parts parts = sk_block_in_unit(type, unit + g * m->group_bytes, i);
                sk_fetch_ahead(&parts, ahead);
                if (tokens < 4) sk_fetch_further(type, &parts);
                w[g].minimum[0] = w[g].minimum[1] = w[g].sub[0] = w[g].sub[1] = _mm512_setzero_ps();
                load_weights(type, &parts, w[g].weights);
                load_scales(type, &parts, &w[g].scale, w[g].minimum, w[g].sub);
            }
            multiply_block(type, halves, groups, tokens, w, x, token, block + i, sums);
        }
    }
    for (size_t g = 0; g < groups; g++) {
        __mmask16 rows = (__mmask16)((1u << sk_rows_in_group(m, index + g)) - 1);
        float *to = out + token * out_stride + (index + g) * SK_GROUP_ROWS;
        for (size_t t = 0; t < tokens; t++) _mm512_mask_storeu_ps(to + t * out_stride, rows, sums[t][g]);
    }
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
