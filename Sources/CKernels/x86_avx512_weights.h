// Included inside the target region of x86_avx512vnni.c: what a packed block of each integer type holds.

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

// How much the unsigned weights are too large.
SK_INLINE int excess(uint32_t type) {
    if (type == SK_Q8_0 || sk_has_table(type)) return 128;
    return type == SK_Q3_K ? 4 : type == SK_Q4_0 ? 8 : type == SK_Q5_0 ? 16 : type == SK_Q6_K ? 32 : 0;
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
