// The packed layout: how big it is, and how a file's rows get there. It is the same on every machine.

#include "group.h"

#pragma STDC FP_CONTRACT OFF

sk_matrix sk_matrix_layout(uint32_t type, size_t rows, size_t columns) {
    sk_matrix m = {.rows = rows, .columns = columns, .type = type};
    if (!sk_is_quantized(type)) m.group_bytes = columns * SK_GROUP_ROWS * (type == SK_F32 ? 4 : 2);
    else m.group_bytes = columns / (sk_is_super(type) ? 256 : SK_BLOCK_COLUMNS) * sk_unit_bytes(type);
    m.group_bytes = (m.group_bytes + 63) / 64 * 64;
    return m;
}

static uint32_t word(const uint8_t *bytes) {
    uint32_t value;
    memcpy(&value, bytes, 4);
    return value;
}

// The parts of a packed block are found for reading; this writes them.
static void put(const uint8_t *part, size_t at, const void *source, size_t count) {
    memcpy((uint8_t *)(uintptr_t)part + at, source, count);
}

static void put_word(const uint8_t *vectors, size_t vector, size_t row, uint32_t value) {
    put(vectors, 64 * vector + 4 * row, &value, 4);
}

// The fifth bits come as one mask by column; the packed form wants bit c of byte k for column 4c+k.
static uint32_t spread_mask(uint32_t mask) {
    uint32_t bytes = 0;
    for (int k = 0; k < 4; k++) {
        uint32_t x = mask >> k & 0x11111111;
        x = (x | x >> 3) & 0x03030303;
        x = (x | x >> 6) & 0x000f000f;
        bytes |= ((x | x >> 12) & 0xff) << 8 * k;
    }
    return bytes;
}

// Q4_0, Q4_1, Q5_0, Q5_1, Q8_0: a file block is [scale][minimum][fifth bits][quants] of 32 columns.
static void pack_simple(uint32_t type, const uint8_t *group, size_t row, size_t block, const uint8_t *source) {
    sk_parts p = sk_block_at(type, group, block);
    put(p.scale, row * 2, source, 2);
    source += 2;
    if (sk_has_minimum(type)) {
        put(p.minimum, row * 2, source, 2);
        source += 2;
    }
    if (sk_has_fifth_bit(type)) {
        put_word(p.high, 0, row, spread_mask(word(source)));
        source += 4;
    }
    for (size_t c = 0; c < sk_quant_bytes(type) / 64; c++) put_word(p.quants, c, row, word(source + 4 * c));
}

// The 6-bit scale and minimum of 32 columns, out of the 12 bytes that hold eight of each.
static void unpack_scales(const uint8_t *packed, size_t i, uint8_t *scale, uint8_t *minimum) {
    if (i < 4) {
        *scale = packed[i] & 63;
        *minimum = packed[i + 4] & 63;
    } else {
        *scale = (uint8_t)((packed[i + 4] & 15) | packed[i - 4] >> 6 << 4);
        *minimum = (uint8_t)(packed[i + 4] >> 4 | packed[i] >> 6 << 4);
    }
}

// Four columns of each half of a 32-column block, out of 32 bytes that hold it in their low or high nibbles.
static uint32_t nibbles(const uint8_t *source, size_t c, int shift) {
    return (word(source + 4 * c) >> shift & 0x0f0f0f0f) | (word(source + 16 + 4 * c) >> shift & 0x0f0f0f0f) << 4;
}

// Q4_K, Q5_K: [scale][minimum][12 bytes of 6-bit pairs][fifth bits: 32][quants: 128] of 256 columns.
static void pack_super(uint32_t type, const uint8_t *group, size_t row, size_t super, const uint8_t *source) {
    const uint8_t *high = source + 16, *quants = high + (type == SK_Q5_K ? 32 : 0);
    for (size_t i = 0; i < 8; i++) {
        sk_parts p = sk_block_at(type, group, super * 8 + i);
        uint8_t scale, minimum;
        unpack_scales(source + 4, i, &scale, &minimum);
        put(p.scale, row * 2, source, 2);
        put(p.minimum, row * 2, source + 2, 2);
        put(p.subscale, row, &scale, 1);
        put(p.subminimum, row, &minimum, 1);
        for (size_t c = 0; c < 4; c++) put_word(p.quants, c, row, nibbles(quants + i / 2 * 32, c, i % 2 ? 4 : 0));
        if (type != SK_Q5_K) continue;
        uint32_t bits = 0;
        for (size_t c = 0; c < 8; c++) bits |= (word(high + 4 * c) >> i & 0x01010101) << c;
        put_word(p.high, 0, row, bits);
    }
}

// Q6_K: [low nibbles: 128][upper bits: 64][int8 scales: 16][scale], in two halves of 128 columns.
static void pack_q6(const uint8_t *group, size_t row, size_t super, const uint8_t *source) {
    for (size_t i = 0; i < 8; i++) {
        sk_parts p = sk_block_at(SK_Q6_K, group, super * 8 + i);
        size_t part = i % 4;
        const uint8_t *low = source + i / 4 * 64 + part % 2 * 32, *high = source + 128 + i / 4 * 32;
        put(p.scale, row * 2, source + 208, 2);
        for (size_t half = 0; half < 2; half++) {
            put(p.subscale, half * SK_GROUP_ROWS + row, source + 192 + i * 2 + half, 1);
            uint32_t bits = 0;
            for (size_t j = 0; j < 4; j++) bits |= (word(high + half * 16 + 4 * j) >> 2 * part & 0x03030303) << 2 * j;
            put_word(p.high, half, row, bits);
        }
        for (size_t c = 0; c < 4; c++) put_word(p.quants, c, row, nibbles(low, c, part < 2 ? 0 : 4));
    }
}

// Columns [first, last) of one row of floats.
static void pack_floats(const sk_matrix *m, uint8_t *group, size_t row, size_t first, size_t last, const uint8_t *source) {
    for (size_t i = first; i < last && m->type == SK_F32; i++) memcpy(group + (i * SK_GROUP_ROWS + row) * 4, source + i * 4, 4);
    for (size_t i = first; i < last && m->type != SK_F32; i++) memcpy(group + (i * SK_GROUP_ROWS + row) * 2, source + i * 2, 2);
}

void sk_pack(const sk_matrix *m, size_t index, const uint8_t *source, uint8_t *data) {
    uint8_t *group = data + index * m->group_bytes;
    size_t rows = sk_rows_in_group(m, index), bytes = sk_row_bytes(m->type, m->columns);
    // A step is a few floats or what files store together. Steps outside, rows inside: the group is written in order.
    size_t columns = !sk_is_quantized(m->type) ? 16 : sk_is_super(m->type) ? 256 : SK_BLOCK_COLUMNS;
    if (rows < SK_GROUP_ROWS) memset(group, 0, m->group_bytes);
    source += index * SK_GROUP_ROWS * bytes;
    for (size_t first = 0, step = 0; first < m->columns; first += columns, step++)
        for (size_t row = 0; row < rows; row++) {
            const uint8_t *from = source + row * bytes, *block = from + sk_row_bytes(m->type, columns) * step;
            size_t last = m->columns - first < columns ? m->columns : first + columns;
            if (!sk_is_quantized(m->type)) pack_floats(m, group, row, first, last, from);
            else if (m->type == SK_Q6_K) pack_q6(group, row, step, block);
            else if (sk_is_super(m->type)) pack_super(m->type, group, row, step, block);
            else pack_simple(m->type, group, row, step, block);
        }
}

void sk_unpack_row(const sk_matrix *m, size_t row, float *out) {
    const uint8_t *group = m->data + row / SK_GROUP_ROWS * m->group_bytes;
    size_t lane = row % SK_GROUP_ROWS;
    if (!sk_is_quantized(m->type)) {
        for (size_t i = 0; i < m->columns; i++) out[i] = sk_load(group, i * SK_GROUP_ROWS + lane, m->type);
        return;
    }
    sk_group_block b;
    for (size_t block = 0; block < m->columns / SK_BLOCK_COLUMNS; block++, out += SK_BLOCK_COLUMNS) {
        sk_read_block(m, group, block, &b);
        for (size_t i = 0; i < SK_BLOCK_COLUMNS; i++)
            out[i] = b.scale[lane] * (float)(b.weights[lane][i] * b.subscale[i / 16][lane]) + b.minimum[lane];
    }
}
