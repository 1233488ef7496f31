// Included inside the target region of arm_neon.c: quantization, and what goes into the KV cache.

SK_INLINE float32x4_t load_halves(const void *source) {
    return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16((const uint16_t *)source)));
}

SK_INLINE uint32_t square_sum(int16x8_t a, int16x8_t b) {
    int32x4_t sums = vmlal_s16(vmull_s16(vget_low_s16(a), vget_low_s16(a)), vget_high_s16(a), vget_high_s16(a));
    sums = vmlal_s16(vmlal_s16(sums, vget_low_s16(b), vget_low_s16(b)), vget_high_s16(b), vget_high_s16(b));
    return (uint32_t)vaddvq_s32(sums);
}

static void quantize(const float *x, size_t columns, int8_t *quants, sk_block *blocks) {
    for (; columns > 0; columns -= SK_BLOCK_COLUMNS, x += SK_BLOCK_COLUMNS, quants += SK_BLOCK_COLUMNS, blocks++) {
        float32x4_t v[8];
        uint32x4_t largest = vdupq_n_u32(0);
        int16x8_t q[4];
        for (int i = 0; i < 8; i++) {
            v[i] = vld1q_f32(x + 4 * i);
            largest = vmaxq_u32(largest, vandq_u32(vreinterpretq_u32_f32(v[i]), vdupq_n_u32(0x7fffffff)));
        }
        float a = sk_float_of_bits(vmaxvq_u32(largest));
        int zero = a < 1e-30f;
        float inverse = zero ? 0.0f : 127.0f / a;
        for (int i = 0; i < 4; i++) {
            int32x4_t low = vcvtnq_s32_f32(vmulq_n_f32(v[2 * i], inverse));
            int32x4_t high = vcvtnq_s32_f32(vmulq_n_f32(v[2 * i + 1], inverse));
            q[i] = vcombine_s16(vqmovn_s32(low), vqmovn_s32(high));
        }
        vst1q_s8(quants, vcombine_s8(vqmovn_s16(q[0]), vqmovn_s16(q[1])));
        vst1q_s8(quants + 16, vcombine_s8(vqmovn_s16(q[2]), vqmovn_s16(q[3])));
        int first = vaddvq_s16(vaddq_s16(q[0], q[1])), second = vaddvq_s16(vaddq_s16(q[2], q[3]));
        blocks->scale = zero ? 0.0f : a / 127.0f;
        blocks->scaled_sum = blocks->scale * (float)(first + second);
        blocks->offset = -8 * (first + second);
        blocks->half_offsets[0] = -32 * first;
        blocks->half_offsets[1] = -32 * second;
        blocks->square_sum = square_sum(q[0], q[1]);
        uint32_t last = square_sum(q[2], q[3]);
        if (last > blocks->square_sum) blocks->square_sum = last;
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
