// Included inside the target region of each x86 file: 256-bit code that both sets share.

#include <immintrin.h>

#include "quantized_cache.h"

// The largest magnitudes of the first and of the last 16 columns, as bits; where 32 share a scale, the larger for both.
SK_INLINE void largest_of_halves(const __m256 v[4], size_t scale_columns, float largest[2]) {
    const __m256i magnitude = _mm256_set1_epi32(0x7fffffff);
    __m128i of[2];
    for (int half = 0; half < 2; half++) {
        __m256i a = _mm256_and_si256(_mm256_castps_si256(v[2 * half]), magnitude);
        a = _mm256_max_epu32(a, _mm256_and_si256(_mm256_castps_si256(v[2 * half + 1]), magnitude));
        of[half] = _mm_max_epu32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
    }
    __m128i both = _mm_max_epu32(_mm_unpacklo_epi64(of[0], of[1]), _mm_unpackhi_epi64(of[0], of[1]));
    both = _mm_max_epu32(both, _mm_shuffle_epi32(both, 0xb1));
    if (scale_columns == SK_BLOCK_COLUMNS) both = _mm_max_epu32(both, _mm_shuffle_epi32(both, 0x4e));
    largest[0] = sk_float_of_bits((uint32_t)_mm_cvtsi128_si32(both));
    largest[1] = sk_float_of_bits((uint32_t)_mm_extract_epi32(both, 2));
}

// Rounds to the integer nearest, as the environment says; the block's sums come from the rounded integers.
static void quantize(const float *x, size_t columns, size_t scale_columns, int8_t *quants, sk_block *blocks) {
    for (; columns > 0; columns -= SK_BLOCK_COLUMNS, x += SK_BLOCK_COLUMNS, quants += SK_BLOCK_COLUMNS, blocks++) {
        __m256 v[4];
        __m256i q[4];
        float largest[2];
        for (int i = 0; i < 4; i++) v[i] = _mm256_loadu_ps(x + 8 * i);
        largest_of_halves(v, scale_columns, largest);
        for (int half = 0; half < 2; half++) {
            __m256 inverse = _mm256_set1_ps(sk_choose_scale(largest[half], blocks->scales + half));
            for (int i = 2 * half; i < 2 * half + 2; i++) q[i] = _mm256_cvtps_epi32(_mm256_mul_ps(v[i], inverse));
        }
        __m256i bytes = _mm256_packs_epi16(_mm256_packs_epi32(q[0], q[1]), _mm256_packs_epi32(q[2], q[3]));
        bytes = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
        _mm256_storeu_si256((__m256i *)quants, bytes);
        __m256i sums = _mm256_hadd_epi32(_mm256_add_epi32(q[0], q[1]), _mm256_add_epi32(q[2], q[3]));
        sums = _mm256_hadd_epi32(sums, sums);
        __m128i halves = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
        sk_note_sums(blocks, scale_columns, _mm_cvtsi128_si32(halves), _mm_extract_epi32(halves, 1));
    }
}

// Eight singles to halves, to nearest even, clamped; NaN stays.
SK_INLINE __m128i narrow(__m256 x) {
    __m256 clamped = _mm256_max_ps(_mm256_set1_ps(-65504.0f), _mm256_min_ps(_mm256_set1_ps(65504.0f), x));
    return _mm256_cvtps_ph(clamped, _MM_FROUND_TO_NEAREST_INT);
}

static void store_key(const float *key, size_t head_dim, uint32_t element, void *block, size_t position) {
    float *singles = (float *)block + position;
    uint16_t *halves = (uint16_t *)block + position, lanes[8];
    size_t i = 0;
    if (element == SK_Q8_0) {
        sk_store_quantized_key(quantize, key, head_dim, block, position);
        return;
    }
    if (element == SK_F32) {
        for (; i < head_dim; i++) singles[i * SK_KV_POSITIONS] = key[i];
        return;
    }
    for (; i + 8 <= head_dim; i += 8) {
        _mm_storeu_si128((__m128i *)lanes, narrow(_mm256_loadu_ps(key + i)));
        for (size_t lane = 0; lane < 8; lane++) halves[(i + lane) * SK_KV_POSITIONS] = lanes[lane];
    }
    for (; i < head_dim; i++) halves[i * SK_KV_POSITIONS] = sk_narrow(key[i]);
}

static void store_value(const float *value, size_t head_dim, uint32_t element, void *block, size_t position) {
    size_t width = (head_dim + 15) / 16 * 16, i = 0;
    float *singles = (float *)block + position * width;
    uint16_t *halves = (uint16_t *)block + position * width;
    if (element == SK_Q8_0) {
        sk_store_quantized_value(quantize, value, head_dim, block, position);
        return;
    }
    if (element == SK_F32) {
        memcpy(singles, value, head_dim * sizeof(float));
        memset(singles + head_dim, 0, (width - head_dim) * sizeof(float));
        return;
    }
    for (; i + 8 <= head_dim; i += 8) _mm_storeu_si128((__m128i *)(halves + i), narrow(_mm256_loadu_ps(value + i)));
    for (; i < width; i++) halves[i] = i < head_dim ? sk_narrow(value[i]) : 0;
}
