#pragma once

// AVX2 with FMA and F16C: eight lanes.

#include "x86.h"

enum { lanes = 8 };

#include "vectors.h"

SK_INLINE floats splat(float x) { return _mm256_set1_ps(x); }
SK_INLINE floats multiply_add(floats a, floats b, floats sum) { return _mm256_fmadd_ps(a, b, sum); }
SK_INLINE floats subtract_product(floats a, floats b, floats sum) { return _mm256_fnmadd_ps(a, b, sum); }
SK_INLINE floats larger(floats a, floats b) { return _mm256_max_ps(a, b); }
SK_INLINE floats to_floats(ints x) { return _mm256_cvtepi32_ps((__m256i)x); }
SK_INLINE ints to_ints(floats x) { return (ints)_mm256_cvtps_epi32(x); }

SK_INLINE float largest_lane(floats x) {
    return largest_of_four(_mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1)));
}

SK_INLINE float sum_lanes(const floats x[2]) {
    floats eight = x[0] + x[1];
    return sum_four(_mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1)));
}

SK_INLINE __m128i sum_to_four(ints x) {
    return _mm_add_epi32(_mm256_castsi256_si128((__m256i)x), _mm256_extracti128_si256((__m256i)x, 1));
}

SK_INLINE __m128i largest_to_four(ints x) {
    return _mm_max_epi32(_mm256_castsi256_si128((__m256i)x), _mm256_extracti128_si256((__m256i)x, 1));
}

SK_INLINE void sum_of_each(ints a, ints b, int32_t sums[2]) { sum_fours(sum_to_four(a), sum_to_four(b), sums); }
SK_INLINE void largest_of_each(ints a, ints b, int32_t largest[2]) {
    largest_of_fours(largest_to_four(a), largest_to_four(b), largest);
}

SK_INLINE floats load_f16(const void *source) { return _mm256_cvtph_ps(_mm_loadu_si128(source)); }

SK_INLINE void store_f16(void *to, floats x) {
    floats clamped = _mm256_max_ps(splat(-65504.0f), _mm256_min_ps(splat(65504.0f), x));
    _mm_storeu_si128(to, _mm256_cvtps_ph(clamped, _MM_FROUND_TO_NEAREST_INT));
}

SK_INLINE void store_i8(int8_t *to, const ints x[4]) {
    __m256i low = _mm256_packs_epi32((__m256i)x[0], (__m256i)x[1]), high = _mm256_packs_epi32((__m256i)x[2], (__m256i)x[3]);
    const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    _mm256_storeu_si256((void *)to, _mm256_permutevar8x32_epi32(_mm256_packs_epi16(low, high), order));
}

SK_INLINE void load_sixteen_i8(const void *source, ints x[2]) {
    x[0] = load_i8(source);
    x[1] = load_i8((const int8_t *)source + 8);
}

SK_INLINE void store_rows(float *to, const floats rows[2], size_t count) { memcpy(to, rows, count * sizeof(float)); }

SK_INLINE bytes shift_right(bytes x, int by) {
    typedef uint16_t pairs __attribute__((vector_size(32)));
    return by < 0 ? (bytes)((pairs)x << (uint16_t)-by) : (bytes)((pairs)x >> (uint16_t)by);
}

SK_INLINE bytes load_table(const int8_t table[16]) {
    return (bytes)_mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)table));
}

SK_INLINE bytes lookup(bytes table, bytes index) { return (bytes)_mm256_shuffle_epi8((__m256i)table, (__m256i)index); }

// A product takes signed weights as they are.
enum { signed_zero_point = 0 };

// Sums of two products in 16 bits: of |w| and x with the sign of w where weights are signed.
SK_INLINE __m256i dot_pairs(const int is_signed, bytes weights, bytes x) {
    if (!is_signed) return _mm256_maddubs_epi16((__m256i)weights, (__m256i)x);
    return _mm256_maddubs_epi16(_mm256_abs_epi8((__m256i)weights), _mm256_sign_epi8((__m256i)x, (__m256i)weights));
}

SK_INLINE ints add_pairs(__m256i pairs) { return (ints)_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)); }

SK_INLINE ints dot_quads(const int is_signed, ints sum, bytes weights, bytes x) {
    return sum + add_pairs(dot_pairs(is_signed, weights, x));
}

typedef struct {
    const int8_t *quants;
} activations;

SK_INLINE activations load_activations(const int8_t *quants) { return (activations){quants}; }

SK_INLINE bytes activation_quad(activations x, int c) {
    int32_t four;
    memcpy(&four, x.quants + 4 * c, 4);
    return (bytes)splat_int(four);
}

SK_INLINE ints dot(const int is_signed, ints sum, bytes weights, activations x, int c) {
    return dot_quads(is_signed, sum, weights, activation_quad(x, c));
}
