#pragma once

// AVX-512 with VNNI: 16 lanes.

#include "x86.h"

enum { lanes = 16 };

#include "vectors.h"

SK_INLINE floats splat(float x) { return _mm512_set1_ps(x); }
SK_INLINE floats multiply_add(floats a, floats b, floats sum) { return _mm512_fmadd_ps(a, b, sum); }
SK_INLINE floats subtract_product(floats a, floats b, floats sum) { return _mm512_fnmadd_ps(a, b, sum); }
SK_INLINE floats larger(floats a, floats b) { return _mm512_max_ps(a, b); }
SK_INLINE floats to_floats(ints x) { return _mm512_cvtepi32_ps((__m512i)x); }
SK_INLINE ints to_ints(floats x) { return (ints)_mm512_cvtps_epi32(x); }

SK_INLINE float largest_lane(floats x) { return _mm512_reduce_max_ps(x); }

SK_INLINE float sum_lanes(const floats x[1]) {
    __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(x[0]), _mm512_extractf32x8_ps(x[0], 1));
    return sum_four(_mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1)));
}

SK_INLINE __m128i sum_to_four(ints x) {
    __m256i eight = _mm256_add_epi32(_mm512_castsi512_si256((__m512i)x), _mm512_extracti64x4_epi64((__m512i)x, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
}

SK_INLINE __m128i largest_to_four(ints x) {
    __m256i eight = _mm256_max_epi32(_mm512_castsi512_si256((__m512i)x), _mm512_extracti64x4_epi64((__m512i)x, 1));
    return _mm_max_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
}

SK_INLINE void sum_of_each(ints a, ints b, int32_t sums[2]) { sum_fours(sum_to_four(a), sum_to_four(b), sums); }
SK_INLINE void largest_of_each(ints a, ints b, int32_t largest[2]) {
    largest_of_fours(largest_to_four(a), largest_to_four(b), largest);
}

SK_INLINE floats load_f16(const void *source) { return _mm512_cvtph_ps(_mm256_loadu_si256(source)); }

SK_INLINE void store_f16(void *to, floats x) {
    floats clamped = _mm512_max_ps(splat(-65504.0f), _mm512_min_ps(splat(65504.0f), x));
    _mm256_storeu_si256(to, _mm512_cvtps_ph(clamped, _MM_FROUND_TO_NEAREST_INT));
}

SK_INLINE void store_i8(int8_t *to, const ints x[2]) {
    __m512i shorts = _mm512_packs_epi32((__m512i)x[0], (__m512i)x[1]), quads = _mm512_packs_epi16(shorts, shorts);
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 0, 0, 0, 0, 0, 0, 0, 0);
    _mm256_storeu_si256((void *)to, _mm512_castsi512_si256(_mm512_permutexvar_epi32(order, quads)));
}

SK_INLINE void load_sixteen_i8(const void *source, ints x[1]) { x[0] = load_i8(source); }

SK_INLINE void store_rows(float *to, const floats rows[1], size_t count) {
    _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), rows[0]);
}

SK_INLINE bytes shift_right(bytes x, int by) {
    typedef uint16_t pairs __attribute__((vector_size(64)));
    return by < 0 ? (bytes)((pairs)x << (uint16_t)-by) : (bytes)((pairs)x >> (uint16_t)by);
}

SK_INLINE bytes load_table(const int8_t table[16]) {
    return (bytes)_mm512_broadcast_i32x4(_mm_loadu_si128((const void *)table));
}

SK_INLINE bytes lookup(bytes table, bytes index) { return (bytes)_mm512_shuffle_epi8((__m512i)table, (__m512i)index); }

// A product takes unsigned weights: signed ones are made larger by 128.
enum { signed_zero_point = 128 };

SK_INLINE ints dot_quads(const int is_signed, ints sum, bytes weights, bytes x) {
    (void)is_signed;
    return (ints)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)weights, (__m512i)x);
}

typedef struct {
    const int8_t *quants;
} activations;

SK_INLINE activations load_activations(const int8_t *quants) { return (activations){quants}; }

SK_INLINE ints dot(const int is_signed, ints sum, bytes weights, activations x, int c) {
    int32_t four;
    memcpy(&four, x.quants + 4 * c, 4);
    return dot_quads(is_signed, sum, weights, (bytes)splat_int(four));
}
