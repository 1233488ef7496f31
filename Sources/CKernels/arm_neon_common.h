// Included inside the target region of arm_neon.c: quantization, and what goes into the KV cache.

SK_INLINE float32x4_t load_halves(const void *source) {
    return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16((const uint16_t *)source)));
}

// The largest magnitude of 16 columns, compared as bits, so that a NaN wins.
SK_INLINE uint32_t largest_of_half(const float32x4_t v[4]) {
    uint32x4_t largest = vdupq_n_u32(0);
    for (int i = 0; i < 4; i++)
        largest = vmaxq_u32(largest, vandq_u32(vreinterpretq_u32_f32(v[i]), vdupq_n_u32(0x7fffffff)));
    return vmaxvq_u32(largest);
}

static void quantize(const float *x, size_t columns, size_t scale_columns, int8_t *quants, sk_block *blocks) {
    for (; columns > 0; columns -= SK_BLOCK_COLUMNS, x += SK_BLOCK_COLUMNS, quants += SK_BLOCK_COLUMNS, blocks++) {
        float32x4_t v[8];
        int sums[2];
        for (int i = 0; i < 8; i++) v[i] = vld1q_f32(x + 4 * i);
        uint32_t largest[2] = {largest_of_half(v), largest_of_half(v + 4)};
        if (scale_columns == SK_BLOCK_COLUMNS)
            largest[0] = largest[1] = largest[0] > largest[1] ? largest[0] : largest[1];
        for (int half = 0; half < 2; half++) {
            float inverse = sk_choose_scale(sk_float_of_bits(largest[half]), blocks->scales + half);
            int32x4_t q[4];
            for (int i = 0; i < 4; i++) q[i] = vcvtnq_s32_f32(vmulq_n_f32(v[4 * half + i], inverse));
            int16x8_t low = vcombine_s16(vqmovn_s32(q[0]), vqmovn_s32(q[1]));
            int16x8_t high = vcombine_s16(vqmovn_s32(q[2]), vqmovn_s32(q[3]));
            vst1q_s8(quants + SK_HALF_COLUMNS * half, vcombine_s8(vqmovn_s16(low), vqmovn_s16(high)));
            sums[half] = vaddvq_s16(vaddq_s16(low, high));
        }
        sk_note_sums(blocks, scale_columns, sums[0], sums[1]);
    }
}

// Four singles to halves, to nearest even, clamped; NaN stays.
SK_INLINE uint16x4_t narrow(float32x4_t x) {
    float32x4_t clamped = vmaxq_f32(vdupq_n_f32(-65504.0f), vminq_f32(vdupq_n_f32(65504.0f), x));
    return vreinterpret_u16_f16(vcvt_f16_f32(clamped));
}

static void store_key(const float *key, size_t head_dim, uint32_t element, void *block, size_t position) {
    float *singles = (float *)block + position;
    uint16_t *halves = (uint16_t *)block + position, lanes[4];
    size_t i = 0;
    if (element == SK_Q8_0) {
        sk_store_quantized_key(quantize, key, head_dim, block, position);
        return;
    }
    if (element == SK_F32) {
        for (; i < head_dim; i++) singles[i * SK_KV_POSITIONS] = key[i];
        return;
    }
    for (; i + 4 <= head_dim; i += 4) {
        vst1_u16(lanes, narrow(vld1q_f32(key + i)));
        for (size_t lane = 0; lane < 4; lane++) halves[(i + lane) * SK_KV_POSITIONS] = lanes[lane];
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
    for (; i + 4 <= head_dim; i += 4) vst1_u16(halves + i, narrow(vld1q_f32(value + i)));
    for (; i < width; i++) halves[i] = i < head_dim ? sk_narrow(value[i]) : 0;
}
