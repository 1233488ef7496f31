#pragma once

// What goes into a block of the KV cache.

#include "quantized_cache.h"

static void store_key(const float *key, size_t head_dim, uint32_t element, void *block, size_t position) {
    float *singles = (float *)block + position;
    uint16_t *halves = (uint16_t *)block + position, row[lanes];
    size_t i = 0;
    if (element == SK_Q8_0) {
        sk_store_quantized_key(quantize, key, head_dim, block, position);
        return;
    }
    if (element == SK_F32) {
        for (; i < head_dim; i++) singles[i * SK_KV_POSITIONS] = key[i];
        return;
    }
    for (; i + lanes <= head_dim; i += lanes) {
        store_f16(row, load_floats(key + i));
        for (size_t lane = 0; lane < lanes; lane++) halves[(i + lane) * SK_KV_POSITIONS] = row[lane];
    }
    for (; i < head_dim; i++) halves[i * SK_KV_POSITIONS] = sk_narrow(key[i]);
}

static void store_value(const float *value, size_t value_dim, uint32_t element, void *block, size_t position) {
    size_t width = (value_dim + 15) / 16 * 16, i = 0;
    float *singles = (float *)block + position * width;
    uint16_t *halves = (uint16_t *)block + position * width;
    if (element == SK_Q8_0) {
        sk_store_quantized_value(quantize, value, value_dim, block, position);
        return;
    }
    if (element == SK_F32) {
        memcpy(singles, value, value_dim * sizeof(float));
        memset(singles + value_dim, 0, (width - value_dim) * sizeof(float));
        return;
    }
    for (; i + lanes <= value_dim; i += lanes) store_f16(halves + i, load_floats(value + i));
    for (; i < width; i++) halves[i] = i < value_dim ? sk_narrow(value[i]) : 0;
}
