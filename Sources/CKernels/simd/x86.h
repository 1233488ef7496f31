#pragma once

// The ends of sums and maxima across lanes, which are 128 bits wide in both x86 sets.

#include <immintrin.h>

#include "../scalar.h"

SK_INLINE float sum_four(__m128 x) {
    x = _mm_add_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_add_ss(x, _mm_movehdup_ps(x)));
}

SK_INLINE float largest_of_four(__m128 x) {
    x = _mm_max_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_max_ss(x, _mm_movehdup_ps(x)));
}

// Of two vectors at once.
SK_INLINE void sum_fours(__m128i a, __m128i b, int32_t sums[2]) {
    __m128i both = _mm_add_epi32(_mm_unpacklo_epi64(a, b), _mm_unpackhi_epi64(a, b));
    both = _mm_add_epi32(both, _mm_shuffle_epi32(both, 0xb1));
    sums[0] = _mm_cvtsi128_si32(both);
    sums[1] = _mm_extract_epi32(both, 2);
}

SK_INLINE void largest_of_fours(__m128i a, __m128i b, int32_t largest[2]) {
    __m128i both = _mm_max_epi32(_mm_unpacklo_epi64(a, b), _mm_unpackhi_epi64(a, b));
    both = _mm_max_epi32(both, _mm_shuffle_epi32(both, 0xb1));
    largest[0] = _mm_cvtsi128_si32(both);
    largest[1] = _mm_extract_epi32(both, 2);
}
