// Included inside the target region of arm_neon.c: what a packed block of each integer type holds, for four of its rows.

// Columns 4c..4c+3 of four rows for each c. Those of fewer than eight bits are unsigned and below 64, so a signed product
// takes them as they are; the block's offset takes out what they are too large. A table's values are signed.
SK_INLINE void load_weights(const uint32_t type, const sk_parts *parts, size_t v, int8x16_t w[8]) {
    const uint8_t *quants = parts->quants + 16 * v;
    uint8x16_t u[8], high[2] = {0};
    if (type == SK_Q8_0) {
        for (size_t c = 0; c < 8; c++) w[c] = vld1q_s8((const int8_t *)quants + 64 * c);
        return;
    }
    for (size_t c = 0; c < 8 && type == SK_Q2_K; c++)
        u[c] = vandq_u8(vshlq_u8(vld1q_u8(quants + 64 * (c / 4)), vdupq_n_s8((int8_t)(-2 * (int)(c % 4)))), vdupq_n_u8(3));
    for (size_t c = 0; c < 3 && type == SK_Q3_K; c++) {
        uint8x16_t packed = vld1q_u8(quants + 64 * c), last = vld1q_u8(quants + 128);
        u[c] = vandq_u8(packed, vdupq_n_u8(7));
        u[c + 3] = vandq_u8(vshrq_n_u8(packed, 3), vdupq_n_u8(7));
        uint8x16_t third = vshlq_u8(last, vdupq_n_s8((int8_t)(-4 - (int)c)));
        if (c < 2) u[c + 6] = vorrq_u8(vshrq_n_u8(packed, 6), vandq_u8(third, vdupq_n_u8(4)));
    }
    for (size_t c = 0; c < 4 && type != SK_Q2_K && type != SK_Q3_K; c++) {
        uint8x16_t packed = vld1q_u8(quants + 64 * c);
        u[c] = vandq_u8(packed, vdupq_n_u8(15));
        u[c + 4] = vshrq_n_u8(packed, 4);
    }
    if (sk_has_fifth_bit(type) || type == SK_Q6_K) high[0] = vld1q_u8(parts->high + 16 * v);
    if (type == SK_Q6_K) high[1] = vld1q_u8(parts->high + 64 + 16 * v);
    // A shift by a negative number goes right.
    for (int c = 0; c < 8 && sk_has_fifth_bit(type); c++)
        u[c] = vorrq_u8(u[c], vandq_u8(vshlq_u8(high[0], vdupq_n_s8((int8_t)(4 - c))), vdupq_n_u8(16)));
    for (int c = 0; c < 8 && type == SK_Q6_K; c++)
        u[c] = vorrq_u8(u[c], vandq_u8(vshlq_u8(high[c / 4], vdupq_n_s8((int8_t)(4 - 2 * (c % 4)))), vdupq_n_u8(48)));
    const int8x16_t table = vld1q_s8(sk_table);
    for (int c = 0; c < 8; c++) w[c] = sk_has_table(type) ? vqtbl1q_s8(table, u[c]) : vreinterpretq_s8_u8(u[c]);
}

// Four bytes as integers.
SK_INLINE uint32x4_t load_bytes(const uint8_t *source) {
    uint32_t four;
    memcpy(&four, source, 4);
    return vmovl_u16(vget_low_u16(vmovl_u8(vreinterpret_u8_u32(vdup_n_u32(four)))));
}

SK_INLINE int32x4_t load_signed_bytes(const uint8_t *source) {
    uint32_t four;
    memcpy(&four, source, 4);
    return vmovl_s16(vget_low_s16(vmovl_s8(vreinterpret_s8_u32(vdup_n_u32(four)))));
}

// The FP32 scale and minimum of four rows of a block, where the type has them also the scales and minima of its halves.
SK_INLINE void load_scales(const uint32_t type, const sk_parts *parts, size_t v, float32x4_t *scale, float32x4_t minimum[2],
                           int32x4_t sub[2]) {
    *scale = load_halves(parts->scale + 8 * v);
    if (sk_has_minimum(type)) *minimum = load_halves(parts->minimum + 8 * v);
    if (type == SK_Q4_K || type == SK_Q5_K) {
        *scale = vmulq_f32(*scale, vcvtq_f32_u32(load_bytes(parts->subscale + 4 * v)));
        *minimum = vmulq_f32(*minimum, vcvtq_f32_u32(load_bytes(parts->subminimum + 4 * v)));
    } else if (type == SK_Q2_K) {
        const float32x4_t whole = minimum[0];
        for (size_t i = 0; i < 2; i++) {
            uint32x4_t both = load_bytes(parts->subscale + SK_GROUP_ROWS * i + 4 * v);
            sub[i] = vreinterpretq_s32_u32(vandq_u32(both, vdupq_n_u32(15)));
            minimum[i] = vmulq_f32(whole, vcvtq_f32_u32(vshrq_n_u32(both, 4)));
        }
    } else if (sk_has_half_scales(type)) {
        sub[0] = load_signed_bytes(parts->subscale + 4 * v);
        sub[1] = load_signed_bytes(parts->subscale + SK_GROUP_ROWS + 4 * v);
    } else if (type == SK_IQ4_XS) {
        *scale = vmulq_f32(*scale, vcvtq_f32_s32(load_signed_bytes(parts->subscale + 4 * v)));
    }
}

// How much the weights of a type are too large.
SK_INLINE int excess(uint32_t type) {
    return type == SK_Q3_K ? 4 : type == SK_Q4_0 ? 8 : type == SK_Q5_0 ? 16 : type == SK_Q6_K ? 32 : 0;
}

// The minima's share of a block; those of K types count downwards.
SK_INLINE float32x4_t add_minimum(const uint32_t type, const float32x4_t minimum[2], const sk_block *x, float32x4_t sum) {
    if (sk_has_half_minima(type)) {
        sum = vfmsq_f32(sum, minimum[0], vdupq_n_f32(x->half_sums[0]));
        return vfmsq_f32(sum, minimum[1], vdupq_n_f32(x->half_sums[1]));
    }
    if (type == SK_Q4_K || type == SK_Q5_K) return vfmsq_f32(sum, minimum[0], vdupq_n_f32(x->scaled_sum));
    return sk_has_minimum(type) ? vfmaq_f32(sum, minimum[0], vdupq_n_f32(x->scaled_sum)) : sum;
}
