// Included inside the target region of arm_neon.c: scores and value sums of up to four queries, 16 lanes at a time.

SK_INLINE float32x4_t load_cached(const uint32_t element, const void *block, size_t index) {
    if (element == SK_F32) return vld1q_f32((const float *)block + index);
    return load_halves((const uint16_t *)block + index);
}

// Four positions of four elements in a vector: the layout of packed weights.
SK_INLINE void quantized_scores(const int count, const sk_queries *queries, const uint8_t *keys, ptrdiff_t ahead,
                                 one_query *tile) {
    for (size_t j = 0; j < SK_KV_POSITIONS; j += 8) {
        const uint8_t *block = keys + 4 * j, *scales = keys + SK_CACHED_QUANTS + 2 * j;
        float32x4_t sums[tile_queries][2];
        for (int i = 0; i < count; i++) sums[i][0] = sums[i][1] = vdupq_n_f32(0);
        for (size_t d = 0; d < queries->head_dim; d += SK_BLOCK_COLUMNS, block += SK_CACHED_BYTES, scales += SK_CACHED_BYTES)
            for (size_t v = 0; v < 2; v++) {
                float32x4_t scale = load_halves(scales + 8 * v);
                int8x16_t k[8];
                for (size_t c = 0; c < 8; c++) k[c] = vld1q_s8((const int8_t *)block + c * SK_CACHED_QUAD + 16 * v);
                for (size_t c = 0; c < 8 && ahead && (j / 8 + v) % 4 == 0; c++) fetch(block + c * SK_CACHED_QUAD, ahead, 1);
                for (int i = 0; i < count; i++) {
                    const int8_t *q = tile[i].quants + d;
                    int32x4_t dot = dot_half(dot_half(vdupq_n_s32(0), k, vld1q_s8(q)), k + 4, vld1q_s8(q + 16));
                    float32x4_t both = vmulq_n_f32(scale, tile[i].blocks[d / SK_BLOCK_COLUMNS].scales[0]);
                    sums[i][v] = vfmaq_f32(sums[i][v], vcvtq_f32_s32(dot), both);
                }
            }
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < 2; v++) vst1q_f32(tile[i].p + j + 4 * v, vmulq_n_f32(sums[i][v], queries->scale));
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
        float32x4_t sums[tile_queries][4];
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < 4; v++) sums[i][v] = vdupq_n_f32(0);
        for (size_t d = 0; d < queries->head_dim; d++) {
            if (ahead && j * bytes % 64 == 0) fetch((const uint8_t *)keys + (d * SK_KV_POSITIONS + j) * bytes, ahead, 1);
            for (size_t v = 0; v < 4; v++) {
                float32x4_t k = load_cached(element, keys, d * SK_KV_POSITIONS + j + 4 * v);
                for (int i = 0; i < count; i++) sums[i][v] = vfmaq_n_f32(sums[i][v], k, tile[i].query[d]);
            }
        }
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < 4; v++) vst1q_f32(tile[i].p + j + 4 * v, vmulq_n_f32(sums[i][v], queries->scale));
    }
}

// Sixteen elements of the values from `d`.
SK_INLINE void weigh_quantized(const int count, size_t d, const uint8_t *values, ptrdiff_t ahead,
                               one_query *tile, int lower, int upper) {
    const uint8_t *block = values + d / SK_BLOCK_COLUMNS * SK_CACHED_BYTES;
    float weights[tile_queries][SK_KV_POSITIONS];
    float32x4_t sums[tile_queries][4];
    for (size_t j = 0; j < SK_KV_POSITIONS; j += 4) {
        float32x4_t scale = load_halves(block + SK_CACHED_QUANTS + 2 * j);
        for (int i = 0; i < count; i++) vst1q_f32(weights[i] + j, vmulq_f32(vld1q_f32(tile[i].p + j), scale));
    }
    for (int i = 0; i < count; i++)
        for (size_t v = 0; v < 4; v++) sums[i][v] = vld1q_f32(tile[i].partial + SK_PARTIAL_HEADER + d + 4 * v);
    for (int j = lower; j < upper; j++) {
        if (ahead && d % SK_BLOCK_COLUMNS == 0 && j % 2 == 0) fetch(block + j * SK_BLOCK_COLUMNS, ahead, 1);
        int8x16_t bytes = vld1q_s8((const int8_t *)block + d % SK_BLOCK_COLUMNS + j * SK_BLOCK_COLUMNS);
        int16x8_t low = vmovl_s8(vget_low_s8(bytes)), high = vmovl_s8(vget_high_s8(bytes));
        int32x4_t quants[4] = {vmovl_s16(vget_low_s16(low)), vmovl_s16(vget_high_s16(low)),
                               vmovl_s16(vget_low_s16(high)), vmovl_s16(vget_high_s16(high))};
        for (size_t v = 0; v < 4; v++) {
            float32x4_t x = vcvtq_f32_s32(quants[v]);
            for (int i = 0; i < count; i++) sums[i][v] = vfmaq_n_f32(sums[i][v], x, weights[i][j]);
        }
    }
    for (int i = 0; i < count; i++)
        for (size_t v = 0; v < 4; v++) vst1q_f32(tile[i].partial + SK_PARTIAL_HEADER + d + 4 * v, sums[i][v]);
}

SK_INLINE void weigh_all(const uint32_t element, const int count, size_t width, const void *values, ptrdiff_t ahead,
                         one_query *tile, int lower, int upper) {
    const size_t bytes = element == SK_F32 ? 4 : 2;
    if (element == SK_Q8_0) {
        for (size_t d = 0; d < width && lower < upper; d += 16) weigh_quantized(count, d, values, ahead, tile, lower, upper);
        return;
    }
    for (size_t d = 0; d < width && lower < upper; d += 16) {
        float32x4_t sums[tile_queries][4];
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < 4; v++) sums[i][v] = vld1q_f32(tile[i].partial + SK_PARTIAL_HEADER + d + 4 * v);
        for (int j = lower; j < upper; j++) {
            if (ahead && d * bytes % 64 == 0) fetch((const uint8_t *)values + ((size_t)j * width + d) * bytes, ahead, 1);
            for (size_t v = 0; v < 4; v++) {
                float32x4_t x = load_cached(element, values, (size_t)j * width + d + 4 * v);
                for (int i = 0; i < count; i++) sums[i][v] = vfmaq_n_f32(sums[i][v], x, tile[i].p[j]);
            }
        }
        for (int i = 0; i < count; i++)
            for (size_t v = 0; v < 4; v++) vst1q_f32(tile[i].partial + SK_PARTIAL_HEADER + d + 4 * v, sums[i][v]);
    }
}
