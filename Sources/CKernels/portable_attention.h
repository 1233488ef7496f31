#pragma once

// Attention over one block of the cache, one query at a time: the definition, for any processor and any element.

#include "quantized_cache.h"

#pragma STDC FP_CONTRACT OFF

SK_INLINE float score(const sk_queries *queries, size_t row, const float *q, const uint8_t *keys, size_t position) {
    float score = 0;
    if (queries->element != SK_Q8_0) {
        for (size_t d = 0; d < queries->head_dim; d++)
            score = __builtin_fmaf(q[d], sk_load(keys, d * SK_KV_POSITIONS + position, queries->element), score);
        return score * queries->scale;
    }
    const int8_t *quants = queries->quantized.quants + row * queries->quantized.quant_stride;
    const sk_block *block = queries->quantized.blocks + row * queries->quantized.block_stride;
    for (size_t d = 0; d < queries->head_dim; d += SK_BLOCK_COLUMNS, keys += SK_CACHED_BYTES, block++) {
        int32_t dot = 0;
        for (size_t i = 0; i < SK_BLOCK_COLUMNS; i++)
            dot += (int8_t)keys[i / 4 * SK_CACHED_QUAD + 4 * position + i % 4] * quants[d + i];
        float scale = sk_load(keys + SK_CACHED_QUANTS, position, SK_F16);
        score = __builtin_fmaf((float)dot, scale * block->scales[0], score);
    }
    return score * queries->scale;
}

// One step of the chain that sums element `d` of the values.
SK_INLINE float add_value(uint32_t element, const uint8_t *values, size_t width, size_t position, size_t d, float p,
                          float sum) {
    if (element != SK_Q8_0) return __builtin_fmaf(p, sk_load(values, position * width + d, element), sum);
    values += d / SK_BLOCK_COLUMNS * SK_CACHED_BYTES;
    float scale = sk_load(values + SK_CACHED_QUANTS, position, SK_F16);
    return __builtin_fmaf(p * scale, (float)(int8_t)values[position * SK_BLOCK_COLUMNS + d % SK_BLOCK_COLUMNS], sum);
}

SK_INLINE void attend_one(const sk_queries *queries, size_t row, const float *q, const void *keys, const void *values,
                             int lower, int upper, float *partial) {
    size_t width = (queries->value_dim + 15) / 16 * 16;
    float p[SK_KV_POSITIONS], lanes[16] = {0}, maximum = -__builtin_inff();
    for (int j = lower; j < upper; j++) {
        p[j] = score(queries, row, q, keys, (size_t)j);
        maximum = maximum > p[j] ? maximum : p[j];
    }
    for (int j = lower; j < upper; j++) {
        p[j] = sk_exp(p[j] - maximum);
        lanes[j % 16] += p[j];
    }
    partial[0] = maximum + 0.0f;  // one zero only
    partial[1] = sk_fold_lanes(lanes);
    for (size_t d = 0; d < width; d++) {
        float v = 0;
        for (int j = lower; j < upper; j++) v = add_value(queries->element, values, width, (size_t)j, d, p[j], v);
        partial[SK_PARTIAL_HEADER + d] = v;
    }
}

static void attend(const sk_queries *queries, const void *keys, const void *values, int64_t block, float *partials) {
    for (size_t row = 0; row < queries->tokens * queries->heads; row++) {
        size_t token = row / queries->heads, head = row % queries->heads;
        int lower, upper;
        sk_visible(queries, token, block, &lower, &upper);
        const float *q = queries->data + token * queries->token_stride + head * queries->head_stride;
        attend_one(queries, row, q, keys, values, lower, upper, partials + row * sk_partial_stride(queries->value_dim));
    }
}
