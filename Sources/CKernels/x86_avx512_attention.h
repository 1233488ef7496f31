// Included inside the target region of x86_avx512vnni.c: scores and value sums of up to four queries.

enum { vectors = SK_KV_POSITIONS / 16 };

SK_INLINE __m512 load_cached(const uint32_t element, const void *block, size_t index) {
    if (element == SK_F32) return _mm512_loadu_ps((const float *)block + index);
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)((const uint16_t *)block + index)));
}

// Keys become unsigned by +128; the block's offset takes out what the query's sum owes for it.
SK_INLINE void quantized_scores(const int count, const sk_queries *queries, const uint8_t *keys, ptrdiff_t ahead,
                                 one_query *tile) {
    const int span = count > 2 ? 2 : vectors;  // more sums and dots than these do not fit the registers
    for (int first = 0; first < vectors; first += span) {
        const uint8_t *block = keys + 64 * (size_t)first;
        const uint8_t *scales = keys + SK_CACHED_QUANTS + 32 * (size_t)first;
        __m512 sums[tile_queries][vectors];
        for (int i = 0; i < count; i++)
            for (int v = 0; v < span; v++) sums[i][v] = _mm512_setzero_ps();
        for (size_t d = 0; d < queries->head_dim; d += SK_BLOCK_COLUMNS, block += SK_CACHED_BYTES, scales += SK_CACHED_BYTES) {
            __m512i dots[tile_queries][vectors], k[vectors];
            for (int i = 0; i < count; i++)
                for (int v = 0; v < span; v++)
                    dots[i][v] = _mm512_set1_epi32(tile[i].blocks[d / SK_BLOCK_COLUMNS].offset * 16);
    #pragma clang loop unroll(full)
            for (size_t c = 0; c < SK_BLOCK_COLUMNS / 4; c++) {
                if (ahead) fetch(block + c * SK_CACHED_QUAD, ahead, span);
                for (int v = 0; v < span; v++)
                    k[v] = _mm512_xor_si512(_mm512_loadu_si512(block + c * SK_CACHED_QUAD + 64 * (size_t)v),
                                            _mm512_set1_epi8(-128));
                for (int i = 0; i < count; i++) {
                    int32_t four;
                    memcpy(&four, tile[i].quants + d + 4 * c, 4);
                    for (int v = 0; v < span; v++) dots[i][v] = _mm512_dpbusd_epi32(dots[i][v], k[v], _mm512_set1_epi32(four));
                }
            }
            for (int v = 0; v < span; v++) {
                __m512 scale = load_halves(scales + 32 * (size_t)v);
                for (int i = 0; i < count; i++) {
                    __m512 both = _mm512_mul_ps(scale, _mm512_set1_ps(tile[i].blocks[d / SK_BLOCK_COLUMNS].scales[0]));
                    sums[i][v] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots[i][v]), both, sums[i][v]);
                }
            }
        }
        for (int i = 0; i < count; i++)
            for (int v = 0; v < span; v++)
                _mm512_storeu_ps(tile[i].p + 16 * (first + v), _mm512_mul_ps(sums[i][v], _mm512_set1_ps(queries->scale)));
    }
}

SK_INLINE void scores(const uint32_t element, const int count, const sk_queries *queries, const void *keys, ptrdiff_t ahead,
                      one_query *tile) {
    if (element == SK_Q8_0) {
        quantized_scores(count, queries, keys, ahead, tile);
        return;
    }
    const size_t bytes = element == SK_F32 ? 4 : 2;
    __m512 sums[tile_queries][vectors];
    for (int i = 0; i < count; i++)
        for (int v = 0; v < vectors; v++) sums[i][v] = _mm512_setzero_ps();
    for (size_t d = 0; d < queries->head_dim; d++) {
        __m512 k[vectors];
        if (ahead) fetch((const uint8_t *)keys + d * SK_KV_POSITIONS * bytes, ahead, vectors * (int)bytes / 4);
        for (int v = 0; v < vectors; v++) k[v] = load_cached(element, keys, d * SK_KV_POSITIONS + 16 * (size_t)v);
        for (int i = 0; i < count; i++) {
            __m512 q = _mm512_set1_ps(tile[i].query[d]);
            for (int v = 0; v < vectors; v++) sums[i][v] = _mm512_fmadd_ps(q, k[v], sums[i][v]);
        }
    }
    for (int i = 0; i < count; i++)
        for (int v = 0; v < vectors; v++)
            _mm512_storeu_ps(tile[i].p + 16 * v, _mm512_mul_ps(sums[i][v], _mm512_set1_ps(queries->scale)));
}

// Continues the value sums of `count` queries over positions [lower, upper), `wide` vectors of the head at a time.
SK_INLINE void weigh(const uint32_t element, const int count, const int wide, size_t d, size_t width, const void *values,
                     ptrdiff_t ahead, one_query *tile, int lower, int upper) {
    const size_t bytes = element == SK_F32 ? 4 : 2;
    __m512 sums[tile_queries][4];
    for (int i = 0; i < count; i++)
        for (int v = 0; v < wide; v++) sums[i][v] = _mm512_loadu_ps(tile[i].partial + SK_PARTIAL_HEADER + d + 16 * (size_t)v);
    for (int j = lower; j < upper; j++) {
        __m512 x[4];
        if (ahead) fetch((const uint8_t *)values + ((size_t)j * width + d) * bytes, ahead, wide * (int)bytes / 4);
        for (int v = 0; v < wide; v++) x[v] = load_cached(element, values, (size_t)j * width + d + 16 * (size_t)v);
        for (int i = 0; i < count; i++)
            for (int v = 0; v < wide; v++) sums[i][v] = _mm512_fmadd_ps(_mm512_set1_ps(tile[i].p[j]), x[v], sums[i][v]);
    }
    for (int i = 0; i < count; i++)
        for (int v = 0; v < wide; v++) _mm512_storeu_ps(tile[i].partial + SK_PARTIAL_HEADER + d + 16 * (size_t)v, sums[i][v]);
}

// The same for `wide` vectors, 1 or 4, of one or two blocks of quantized values.
SK_INLINE void weigh_quantized(const int count, const int wide, size_t d, const uint8_t *values, ptrdiff_t ahead,
                               one_query *tile, int lower, int upper) {
    const uint8_t *block = values + d / SK_BLOCK_COLUMNS * SK_CACHED_BYTES;
    const int blocks = (wide + 1) / 2;
    float weights[tile_queries][2][SK_KV_POSITIONS];
    __m512 sums[tile_queries][4];
    for (int b = 0; b < blocks; b++)
        for (int v = 0; v < vectors; v++) {
            __m512 scale = load_halves(block + b * SK_CACHED_BYTES + SK_CACHED_QUANTS + 32 * v);
            for (int i = 0; i < count; i++)
                _mm512_storeu_ps(weights[i][b] + 16 * v, _mm512_mul_ps(_mm512_loadu_ps(tile[i].p + 16 * v), scale));
        }
    for (int i = 0; i < count; i++)
        for (int v = 0; v < wide; v++) sums[i][v] = _mm512_loadu_ps(tile[i].partial + SK_PARTIAL_HEADER + d + 16 * (size_t)v);
    block += d % SK_BLOCK_COLUMNS;
    for (int j = lower; j < upper; j++) {
        __m512 x[4];
        for (int b = 0; b < blocks && ahead && j % 2 == 0; b++)
            fetch(block + b * SK_CACHED_BYTES + j * SK_BLOCK_COLUMNS, ahead, 1);
        for (int v = 0; v < wide; v++) {
            const uint8_t *quants = block + v / 2 * SK_CACHED_BYTES + j * SK_BLOCK_COLUMNS + v % 2 * 16;
            x[v] = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)quants)));
        }
        for (int i = 0; i < count; i++)
            for (int v = 0; v < wide; v++)
                sums[i][v] = _mm512_fmadd_ps(_mm512_set1_ps(weights[i][v / 2][j]), x[v], sums[i][v]);
    }
    for (int i = 0; i < count; i++)
        for (int v = 0; v < wide; v++) _mm512_storeu_ps(tile[i].partial + SK_PARTIAL_HEADER + d + 16 * (size_t)v, sums[i][v]);
}

SK_INLINE void weigh_all(const uint32_t element, const int count, size_t width, const void *values, ptrdiff_t ahead,
                         one_query *tile, int lower, int upper) {
    size_t d = 0;
    if (lower >= upper) return;
    if (element == SK_Q8_0) {
        for (; d + 64 <= width; d += 64) weigh_quantized(count, 4, d, values, ahead, tile, lower, upper);
        for (; d < width; d += 16) weigh_quantized(count, 1, d, values, ahead, tile, lower, upper);
        return;
    }
    for (; d + 64 <= width; d += 64) weigh(element, count, 4, d, width, values, ahead, tile, lower, upper);
    for (; d < width; d += 16) weigh(element, count, 1, d, width, values, ahead, tile, lower, upper);
}

// exp of what is not above 0, as sk_exp.
SK_INLINE __m512 exponential(__m512 x) {
    const __m512 magic = _mm512_set1_ps(0x1.8p23f), one = _mm512_set1_ps(1.0f);
    __m512 shifted = _mm512_fmadd_ps(x, _mm512_set1_ps(0x1.715476p0f), magic), n = _mm512_sub_ps(shifted, magic);
    __m512 r = _mm512_fmadd_ps(n, _mm512_set1_ps(-0x1.62e430p-1f), x);
    r = _mm512_fmadd_ps(n, _mm512_set1_ps(0x1.05c610p-29f), r);
    __m512 p = _mm512_fmadd_ps(_mm512_set1_ps(0x1.a01a02p-13f), r, _mm512_set1_ps(0x1.6c16c2p-10f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0x1.111112p-7f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0x1.555556p-5f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0x1.555556p-3f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.5f));
    p = _mm512_fmadd_ps(p, r, one);
    p = _mm512_fmadd_ps(p, r, one);
    // The magic number's bits above the last nine are shifted out.
    __m512i power = _mm512_slli_epi32(_mm512_add_epi32(_mm512_castps_si512(shifted), _mm512_set1_epi32(127)), 23);
    __mmask16 large = _mm512_cmp_ps_mask(x, _mm512_set1_ps(-87.3f), _CMP_GE_OQ);
    return _mm512_maskz_mul_ps(large, p, _mm512_castsi512_ps(power));
}

SK_INLINE void soften(one_query *query) {
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512 least = _mm512_set1_ps(-__builtin_inff());
    __m512 p[vectors], largest = least, sum = _mm512_setzero_ps();
    __mmask16 seen[vectors];
    for (int v = 0; v < vectors; v++) {
        __m512i position = _mm512_add_epi32(lanes, _mm512_set1_epi32(16 * v));
        seen[v] = _mm512_cmpge_epi32_mask(position, _mm512_set1_epi32(query->lower)) &
                  _mm512_cmplt_epi32_mask(position, _mm512_set1_epi32(query->upper));
        p[v] = _mm512_loadu_ps(query->p + 16 * v);
        largest = _mm512_mask_max_ps(largest, seen[v], largest, p[v]);
    }
    float maximum = _mm512_reduce_max_ps(largest);
    for (int v = 0; v < vectors; v++) {
        p[v] = _mm512_maskz_mov_ps(seen[v], exponential(_mm512_sub_ps(p[v], _mm512_set1_ps(maximum))));
        _mm512_storeu_ps(query->p + 16 * v, p[v]);
        sum = _mm512_add_ps(sum, p[v]);
    }
    __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(sum), _mm512_extractf32x8_ps(sum, 1));
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    query->partial[0] = maximum + 0.0f;
    query->partial[1] = _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
}
