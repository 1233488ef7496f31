// Included inside the target region of x86_avx2.c: scores and value sums of up to four queries, 16 lanes at a time.

SK_INLINE __m256 load_cached(const uint32_t element, const void *block, size_t index) {
    if (element == SK_F32) return _mm256_loadu_ps((const float *)block + index);
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)((const uint16_t *)block + index)));
}

// Sixteen positions of eight lanes twice; |key| times the query with the key's sign, as for weights.
SK_INLINE void quantized_scores(const int count, const sk_queries *queries, const uint8_t *keys, ptrdiff_t ahead,
                                 one_query *tile) {
    const __m256i ones = _mm256_set1_epi16(1);
    for (size_t j = 0; j < SK_KV_POSITIONS; j += 16) {
        const uint8_t *block = keys;
        __m256 sums[tile_queries][2];
        for (int i = 0; i < count; i++) sums[i][0] = sums[i][1] = _mm256_setzero_ps();
        for (size_t d = 0; d < queries->head_dim; d += SK_BLOCK_COLUMNS, block += SK_CACHED_BYTES) {
            __m256i dots[tile_queries][2];
            for (int i = 0; i < count; i++) dots[i][0] = dots[i][1] = _mm256_setzero_si256();
            for (size_t c = 0; c < SK_BLOCK_COLUMNS / 4; c++) {
                if (ahead) fetch(block + c * SK_CACHED_QUAD + 4 * j, ahead, 1);
                for (size_t v = 0; v < 2; v++) {
                    __m256i k = _mm256_loadu_si256((const __m256i *)(block + c * SK_CACHED_QUAD + 4 * j + 32 * v));
                    __m256i magnitude = _mm256_abs_epi8(k);
                    for (int i = 0; i < count; i++) {
                        int32_t four;
                        memcpy(&four, tile[i].quants + d + 4 * c, 4);
                        __m256i pairs = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(_mm256_set1_epi32(four), k));
                        dots[i][v] = _mm256_add_epi32(dots[i][v], _mm256_madd_epi16(pairs, ones));
                    }
                }
            }
            for (size_t v = 0; v < 2; v++) {
                __m256 scale = load_halves(block + SK_CACHED_QUANTS + 2 * (j + 8 * v));
                for (int i = 0; i < count; i++) {
                    __m256 both = _mm256_mul_ps(scale, _mm256_set1_ps(tile[i].blocks[d / SK_BLOCK_COLUMNS].scales[0]));
                    sums[i][v] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots[i][v]), both, sums[i][v]);
                }
            }
        }
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < 2; v++)
                _mm256_storeu_ps(tile[i].p + j + 8 * v, _mm256_mul_ps(sums[i][v], _mm256_set1_ps(queries->scale)));
    }
}

SK_INLINE void scores(const uint32_t element, const int count, const sk_queries *queries, const void *keys, ptrdiff_t ahead,
                      one_query *tile) {
    const size_t bytes = element == SK_F32 ? 4 : 2;
    if (element == SK_Q8_0) {
        quantized_scores(count, queries, keys, ahead, tile);
        return;
    }
    for (size_t j = 0; j < SK_KV_POSITIONS; j += 16) {
        __m256 sums[tile_queries][2];
        for (int i = 0; i < count; i++) sums[i][0] = sums[i][1] = _mm256_setzero_ps();
        for (size_t d = 0; d < queries->head_dim; d++) {
            if (ahead && j * bytes % 64 == 0) fetch((const uint8_t *)keys + (d * SK_KV_POSITIONS + j) * bytes, ahead, 1);
            __m256 first = load_cached(element, keys, d * SK_KV_POSITIONS + j);
            __m256 second = load_cached(element, keys, d * SK_KV_POSITIONS + j + 8);
            for (int i = 0; i < count; i++) {
                __m256 q = _mm256_set1_ps(tile[i].query[d]);
                sums[i][0] = _mm256_fmadd_ps(q, first, sums[i][0]);
                sums[i][1] = _mm256_fmadd_ps(q, second, sums[i][1]);
            }
        }
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < 2; v++)
                _mm256_storeu_ps(tile[i].p + j + 8 * v, _mm256_mul_ps(sums[i][v], _mm256_set1_ps(queries->scale)));
    }
}

SK_INLINE void weigh_quantized(const int count, size_t d, const uint8_t *values, ptrdiff_t ahead,
                               one_query *tile, int lower, int upper) {
    const uint8_t *block = values + d / SK_BLOCK_COLUMNS * SK_CACHED_BYTES;
    float weights[tile_queries][SK_KV_POSITIONS];
    __m256 sums[tile_queries][2];
    for (size_t j = 0; j < SK_KV_POSITIONS; j += 8) {
        __m256 scale = load_halves(block + SK_CACHED_QUANTS + 2 * j);
        for (int i = 0; i < count; i++)
            _mm256_storeu_ps(weights[i] + j, _mm256_mul_ps(_mm256_loadu_ps(tile[i].p + j), scale));
    }
    for (int i = 0; i < count; i++)
        for (size_t v = 0; v < 2; v++) sums[i][v] = _mm256_loadu_ps(tile[i].partial + SK_PARTIAL_HEADER + d + 8 * v);
    block += d % SK_BLOCK_COLUMNS;
    for (int j = lower; j < upper; j++) {
        if (ahead && d % SK_BLOCK_COLUMNS == 0 && j % 2 == 0) fetch(block + j * SK_BLOCK_COLUMNS, ahead, 1);
        __m256 first = load_signed_bytes(block + j * SK_BLOCK_COLUMNS);
        __m256 second = load_signed_bytes(block + j * SK_BLOCK_COLUMNS + 8);
        for (int i = 0; i < count; i++) {
            __m256 weight = _mm256_set1_ps(weights[i][j]);
            sums[i][0] = _mm256_fmadd_ps(weight, first, sums[i][0]);
            sums[i][1] = _mm256_fmadd_ps(weight, second, sums[i][1]);
        }
    }
    for (int i = 0; i < count; i++)
        for (size_t v = 0; v < 2; v++) _mm256_storeu_ps(tile[i].partial + SK_PARTIAL_HEADER + d + 8 * v, sums[i][v]);
}

SK_INLINE void weigh_all(const uint32_t element, const int count, size_t width, const void *values, ptrdiff_t ahead,
                         one_query *tile, int lower, int upper) {
    const size_t bytes = element == SK_F32 ? 4 : 2;
    if (element == SK_Q8_0) {
        for (size_t d = 0; d < width && lower < upper; d += 16) weigh_quantized(count, d, values, ahead, tile, lower, upper);
        return;
    }
    for (size_t d = 0; d < width && lower < upper; d += 16) {
        __m256 sums[tile_queries][2];
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < 2; v++) sums[i][v] = _mm256_loadu_ps(tile[i].partial + SK_PARTIAL_HEADER + d + 8 * v);
        for (int j = lower; j < upper; j++) {
            if (ahead && d * bytes % 64 == 0) fetch((const uint8_t *)values + ((size_t)j * width + d) * bytes, ahead, 1);
            __m256 first = load_cached(element, values, (size_t)j * width + d);
            __m256 second = load_cached(element, values, (size_t)j * width + d + 8);
            for (int i = 0; i < count; i++) {
                __m256 p = _mm256_set1_ps(tile[i].p[j]);
                sums[i][0] = _mm256_fmadd_ps(p, first, sums[i][0]);
                sums[i][1] = _mm256_fmadd_ps(p, second, sums[i][1]);
            }
        }
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < 2; v++) _mm256_storeu_ps(tile[i].partial + SK_PARTIAL_HEADER + d + 8 * v, sums[i][v]);
    }
}
