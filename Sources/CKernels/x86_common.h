// Included inside the target region of each x86 file: 256-bit code that both sets share.

#include <immintrin.h>

#include "quantized_cache.h"

// Rounds to the integer nearest, as the environment says; the block's sums come from the rounded integers.
static void quantize(const float *x, size_t columns, int8_t *quants, sk_block *blocks) {
    const __m256i magnitude = _mm256_set1_epi32(0x7fffffff);
    for (; columns > 0; columns -= SK_BLOCK_COLUMNS, x += SK_BLOCK_COLUMNS, quants += SK_BLOCK_COLUMNS, blocks++) {
        __m256 v[4];
        __m256i largest = _mm256_setzero_si256(), q[4];
        for (int i = 0; i < 4; i++) {
            v[i] = _mm256_loadu_ps(x + 8 * i);
            largest = _mm256_max_epu32(largest, _mm256_and_si256(_mm256_castps_si256(v[i]), magnitude));
        }
        __m128i m = _mm_max_epu32(_mm256_castsi256_si128(largest), _mm256_extracti128_si256(largest, 1));
        m = _mm_max_epu32(m, _mm_shuffle_epi32(m, 0x4e));
        m = _mm_max_epu32(m, _mm_shuffle_epi32(m, 0xb1));
        float a = _mm_cvtss_f32(_mm_castsi128_ps(m));
        int zero = a < 1e-30f;
        float inverse = zero ? 0.0f : 127.0f / a;
        for (int i = 0; i < 4; i++) q[i] = _mm256_cvtps_epi32(_mm256_mul_ps(v[i], _mm256_set1_ps(inverse)));
        __m256i words[2] = {_mm256_packs_epi32(q[0], q[1]), _mm256_packs_epi32(q[2], q[3])};
        __m256i bytes = _mm256_packs_epi16(words[0], words[1]);
        bytes = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
        _mm256_storeu_si256((__m256i *)quants, bytes);
        // Sums of the first and the last 16 columns, then of their squares.
        __m256i sums = _mm256_hadd_epi32(_mm256_add_epi32(q[0], q[1]), _mm256_add_epi32(q[2], q[3]));
        __m256i squares = _mm256_hadd_epi32(_mm256_madd_epi16(words[0], words[0]), _mm256_madd_epi16(words[1], words[1]));
        sums = _mm256_hadd_epi32(sums, squares);
        __m128i halves = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
        int first = _mm_cvtsi128_si32(halves), second = _mm_extract_epi32(halves, 1);
        halves = _mm_max_epu32(halves, _mm_srli_epi64(halves, 32));
        blocks->scale = zero ? 0.0f : a / 127.0f;
        blocks->scaled_sum = blocks->scale * (float)(first + second);
        blocks->offset = -8 * (first + second);
        blocks->half_offsets[0] = -32 * first;
        blocks->half_offsets[1] = -32 * second;
        blocks->square_sum = (uint32_t)_mm_extract_epi32(halves, 2);
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
