#pragma once

// Keys and values kept in Q8_0, as CKernels.h describes: what every table shares.

#include "scalar.h"

#pragma STDC FP_CONTRACT OFF

enum {
    SK_CACHED_QUANTS = SK_BLOCK_COLUMNS * SK_KV_POSITIONS,               // bytes before the scales of 32 elements
    SK_CACHED_BYTES = SK_CACHED_QUANTS + SK_KV_POSITIONS * 2,            // and with them
    SK_CACHED_QUAD = 4 * SK_KV_POSITIONS,                                // four elements of a key, all positions
};

typedef void (*sk_quantizer)(const float *x, size_t columns, size_t scale_columns, int8_t *quants, sk_block *blocks);

// Up to 32 elements and zeros behind them; the scale as it is stored. Clamped to what the largest half can scale.
SK_INLINE uint16_t sk_quantize_cached(sk_quantizer quantize, const float *x, size_t count, int8_t *quants) {
    const float limit = 127 * 65504.0f;
    float clamped[SK_BLOCK_COLUMNS];
    sk_block block;
    for (size_t i = 0; i < SK_BLOCK_COLUMNS; i++) {
        float value = i < count ? x[i] : 0;
        value = value > limit ? limit : value;
        clamped[i] = value < -limit ? -limit : value;
    }
    quantize(clamped, SK_BLOCK_COLUMNS, SK_BLOCK_COLUMNS, quants, &block);
    return sk_narrow(block.scales[0]);
}

SK_INLINE void sk_store_quantized_key(sk_quantizer quantize, const float *key, size_t head_dim, uint8_t *block,
                                      size_t position) {
    for (size_t d = 0; d < head_dim; d += SK_BLOCK_COLUMNS, block += SK_CACHED_BYTES) {
        int8_t quants[SK_BLOCK_COLUMNS];
        uint16_t scale = sk_quantize_cached(quantize, key + d, head_dim - d, quants);
        for (size_t c = 0; c < SK_BLOCK_COLUMNS / 4; c++)
            memcpy(block + c * SK_CACHED_QUAD + 4 * position, quants + 4 * c, 4);
        memcpy(block + SK_CACHED_QUANTS + 2 * position, &scale, 2);
    }
}

SK_INLINE void sk_store_quantized_value(sk_quantizer quantize, const float *value, size_t value_dim, uint8_t *block,
                                        size_t position) {
    for (size_t d = 0; d < value_dim; d += SK_BLOCK_COLUMNS, block += SK_CACHED_BYTES) {
        int8_t *quants = (int8_t *)block + position * SK_BLOCK_COLUMNS;
        uint16_t scale = sk_quantize_cached(quantize, value + d, value_dim - d, quants);
        memcpy(block + SK_CACHED_QUANTS + 2 * position, &scale, 2);
    }
}
