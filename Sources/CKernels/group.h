#pragma once

// The scalar reading of a packed group: what each byte of the planes means.

#include "scalar.h"

SK_INLINE int sk_is_quantized(uint32_t type) { return type != SK_F32 && type != SK_F16 && type != SK_BF16; }
// Eight blocks of 32 columns share a scale.
SK_INLINE int sk_is_super(uint32_t type) {
    return type == SK_Q2_K || type == SK_Q3_K || type == SK_Q4_K || type == SK_Q5_K || type == SK_Q6_K || type == SK_IQ4_XS;
}
SK_INLINE int sk_has_fifth_bit(uint32_t type) { return type == SK_Q5_0 || type == SK_Q5_1 || type == SK_Q5_K; }
SK_INLINE int sk_has_table(uint32_t type) { return type == SK_IQ4_NL || type == SK_IQ4_XS; }
// A subscale for each 16 columns.
SK_INLINE int sk_has_half_scales(uint32_t type) { return type == SK_Q2_K || type == SK_Q3_K || type == SK_Q6_K; }
SK_INLINE int sk_has_minimum(uint32_t type) {
    return type == SK_Q4_1 || type == SK_Q5_1 || type == SK_Q2_K || type == SK_Q4_K || type == SK_Q5_K;
}
SK_INLINE int sk_has_half_minima(uint32_t type) { return type == SK_Q2_K; }  // a minimum for each 16 columns

// What corrects the dot product of activations and weights of which `zero_point`, a multiple of 8 or 4, stands for 0: by the
// activations' offset.
SK_INLINE int32_t sk_compensation(int zero_point, int32_t offset) {
    return zero_point == 4 ? offset >> 1 : offset * (zero_point / 8);
}

// Bytes of a row as files store it.
SK_INLINE size_t sk_row_bytes(uint32_t type, size_t columns) {
    switch (type) {
    case SK_F32: return columns * 4;
    case SK_Q4_0: return columns / 32 * 18;
    case SK_Q4_1: return columns / 32 * 20;
    case SK_Q5_0: return columns / 32 * 22;
    case SK_Q5_1: return columns / 32 * 24;
    case SK_Q8_0: return columns / 32 * 34;
    case SK_Q2_K: return columns / 256 * 84;
    case SK_Q3_K: return columns / 256 * 110;
    case SK_Q4_K: return columns / 256 * 144;
    case SK_Q5_K: return columns / 256 * 176;
    case SK_Q6_K: return columns / 256 * 210;
    case SK_IQ4_NL: return columns / 32 * 18;
    case SK_IQ4_XS: return columns / 256 * 136;
    default: return columns * 2;
    }
}

// Bytes of a packed block of 16 rows by 32 columns, and of the unit that repeats: a block, or eight with common scales.
SK_INLINE size_t sk_quant_bytes(uint32_t type) {
    return type == SK_Q8_0 ? 512 : type == SK_Q2_K ? 128 : type == SK_Q3_K ? 192 : 256;
}
SK_INLINE size_t sk_high_bytes(uint32_t type) { return sk_has_fifth_bit(type) ? 64 : type == SK_Q6_K ? 128 : 0; }
SK_INLINE size_t sk_scale_bytes(uint32_t type) { return sk_has_minimum(type) ? 64 : 32; }
SK_INLINE size_t sk_subscale_bytes(uint32_t type) { return type == SK_IQ4_XS ? 16 : 32; }
SK_INLINE size_t sk_block_bytes(uint32_t type) {
    size_t scales = sk_is_super(type) ? sk_subscale_bytes(type) : sk_scale_bytes(type);
    return sk_quant_bytes(type) + sk_high_bytes(type) + scales;
}
SK_INLINE size_t sk_unit_bytes(uint32_t type) {
    return sk_is_super(type) ? sk_scale_bytes(type) + 8 * sk_block_bytes(type) : sk_block_bytes(type);
}

// Where the parts of a packed block are; those that a type lacks point nowhere useful.
typedef struct {
    const uint8_t *quants, *high, *scale, *minimum, *subscale, *subminimum;
} sk_parts;

SK_INLINE size_t sk_blocks_in_unit(uint32_t type) { return sk_is_super(type) ? 8 : 1; }

SK_INLINE sk_parts sk_block_in_unit(uint32_t type, const uint8_t *unit, size_t index) {
    sk_parts p = {.quants = unit};
    if (sk_is_super(type)) p.quants = unit + sk_scale_bytes(type) + index * sk_block_bytes(type);
    p.high = p.quants + sk_quant_bytes(type);
    p.subscale = p.high + sk_high_bytes(type);
    p.subminimum = p.subscale + SK_GROUP_ROWS;
    p.scale = sk_is_super(type) ? unit : p.subscale;
    p.minimum = p.scale + 32;
    return p;
}

SK_INLINE sk_parts sk_block_at(uint32_t type, const uint8_t *group, size_t block) {
    size_t count = sk_blocks_in_unit(type);
    return sk_block_in_unit(type, group + block / count * sk_unit_bytes(type), block % count);
}

// What the indices of the IQ4 types stand for.
static const int8_t sk_table[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

// 16 rows of 32 columns: weight = scale * subscale * w + minimum, where subscale is not 1 only for types that have one
// for each 16 columns.
typedef struct {
    int8_t weights[SK_GROUP_ROWS][SK_BLOCK_COLUMNS];
    float scale[SK_GROUP_ROWS], minimum[2][SK_GROUP_ROWS];
    int32_t subscale[2][SK_GROUP_ROWS];
} sk_group_block;

SK_INLINE void sk_read_scales(uint32_t type, const sk_parts *parts, sk_group_block *b) {
    for (size_t row = 0; row < SK_GROUP_ROWS; row++) {
        float scale = sk_load(parts->scale, row, SK_F16), minimum = 0;
        if (sk_has_minimum(type)) minimum = sk_load(parts->minimum, row, SK_F16);
        b->minimum[0][row] = b->minimum[1][row] = minimum;
        b->subscale[0][row] = b->subscale[1][row] = 1;
        for (int half = 0; half < 2 && sk_has_half_scales(type); half++) {
            uint8_t byte = parts->subscale[SK_GROUP_ROWS * half + row];
            b->subscale[half][row] = type == SK_Q2_K ? byte & 15 : (int8_t)byte;
            if (type == SK_Q2_K) b->minimum[half][row] = -(minimum * (float)(byte >> 4));
        }
        if (type == SK_IQ4_XS) scale = scale * (float)(int8_t)parts->subscale[row];
        if (type == SK_Q4_K || type == SK_Q5_K) {
            scale = scale * (float)parts->subscale[row];
            b->minimum[0][row] = b->minimum[1][row] = -(minimum * (float)parts->subminimum[row]);
        }
        b->scale[row] = scale;
    }
}

SK_INLINE int sk_read_weight(uint32_t type, const sk_parts *parts, size_t row, size_t column) {
    size_t c = column / 4, at = 4 * row + column % 4;
    if (type == SK_Q8_0) return (int8_t)parts->quants[c * 64 + at];
    if (type == SK_Q2_K) return parts->quants[c / 4 * 64 + at] >> 2 * (c % 4) & 3;
    if (type == SK_Q3_K && c < 6) return (parts->quants[c % 3 * 64 + at] >> c / 3 * 3 & 7) - 4;
    if (type == SK_Q3_K) return (parts->quants[(c - 6) * 64 + at] >> 6 | (parts->quants[128 + at] >> (c - 2) & 4)) - 4;
    int w = parts->quants[c % 4 * 64 + at] >> (c < 4 ? 0 : 4) & 15;
    if (sk_has_table(type)) return sk_table[w];
    if (sk_has_fifth_bit(type)) w |= (parts->high[at] >> c & 1) << 4;
    if (type == SK_Q6_K) w |= (parts->high[c / 4 * 64 + at] >> 2 * (c % 4) & 3) << 4;
    return w - (type == SK_Q4_0 ? 8 : type == SK_Q5_0 ? 16 : type == SK_Q6_K ? 32 : 0);
}

SK_INLINE void sk_read_block(const sk_matrix *m, const uint8_t *group, size_t block, sk_group_block *b) {
    sk_parts parts = sk_block_at(m->type, group, block);
    sk_read_scales(m->type, &parts, b);
    for (size_t row = 0; row < SK_GROUP_ROWS; row++)
        for (size_t column = 0; column < SK_BLOCK_COLUMNS; column++)
            b->weights[row][column] = (int8_t)sk_read_weight(m->type, &parts, row, column);
}
