// Included inside the target region of x86_avx2.c: what a packed block of each integer type holds, for eight of its rows.

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
