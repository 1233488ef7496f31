// How a file's rows get into the packed layout. Rows are taken four at a time, as vectors of four words that are transposed:
// plain vector code for the registers that every processor of an architecture has, near the speed of a copy.

#include "group.h"

typedef uint32_t words __attribute__((vector_size(16)));
typedef uint16_t halves __attribute__((vector_size(16)));
typedef uint8_t bytes __attribute__((vector_size(16)));

// The 16 rows of a group, at the columns that come next. Rows beyond the matrix stand still on zeros.
typedef struct {
    const uint8_t *row[SK_GROUP_ROWS];
    size_t stride[SK_GROUP_ROWS];
} sk_rows;

static const uint8_t zeros[256];

// The parts of a packed block are found for reading; this writes them.
SK_INLINE void put(const uint8_t *part, size_t at, const void *source, size_t count) {
    memcpy((uint8_t *)(uintptr_t)part + at, source, count);
}

SK_INLINE words load(const uint8_t *source) {
    words value;
    memcpy(&value, source, 16);
    return value;
}

// 16 bytes at `offset` of the rows of a quad: out[c] is word c of each.
SK_INLINE void gather(const sk_rows *rows, size_t quad, size_t offset, words out[4]) {
    const uint8_t *const *row = rows->row + 4 * quad;
    words a = load(row[0] + offset), b = load(row[1] + offset), c = load(row[2] + offset), d = load(row[3] + offset);
    words ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    out[0] = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    out[1] = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    ab = __builtin_shufflevector(a, b, 2, 6, 3, 7), cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    out[2] = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    out[3] = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

// One word of the rows of a quad.
SK_INLINE words gather_word(const sk_rows *rows, size_t quad, size_t offset) {
    uint32_t word[4];
    for (size_t i = 0; i < 4; i++) memcpy(word + i, rows->row[4 * quad + i] + offset, 4);
    return (words){word[0], word[1], word[2], word[3]};
}

// Two bytes of each row.
SK_INLINE void put_halves(const uint8_t *part, const sk_rows *rows, size_t offset) {
    for (size_t row = 0; row < SK_GROUP_ROWS; row++) put(part, 2 * row, rows->row[row] + offset, 2);
}

// The low and the high halves of a word of each row.
SK_INLINE void put_both_halves(const uint8_t *low, const uint8_t *high, const words word[4]) {
    for (size_t i = 0; i < 2; i++) {
        halves a = (halves)word[2 * i], b = (halves)word[2 * i + 1];
        halves even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
        halves odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
        put(low, 16 * i, &even, 16);
        put(high, 16 * i, &odd, 16);
    }
}

SK_INLINE bytes even_bytes(bytes a, bytes b) {
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

SK_INLINE bytes odd_bytes(bytes a, bytes b) {
    return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

// The four bytes of a word of each row, apart: out[i] is byte i of all rows.
SK_INLINE void split_bytes(const words word[4], bytes out[4]) {
    bytes a = (bytes)word[0], b = (bytes)word[1], c = (bytes)word[2], d = (bytes)word[3];
    bytes even = even_bytes(a, b), even2 = even_bytes(c, d), odd = odd_bytes(a, b), odd2 = odd_bytes(c, d);
    out[0] = even_bytes(even, even2);
    out[1] = even_bytes(odd, odd2);
    out[2] = odd_bytes(even, even2);
    out[3] = odd_bytes(odd, odd2);
}

// Exchanges the bits of `a` that `mask`, shifted left, selects with those of `b` under the mask.
SK_INLINE void exchange(words *a, words *b, int shift, uint32_t mask) {
    words t = ((*a >> shift) ^ *b) & mask;
    *b ^= t;
    *a ^= t << shift;
}

// The fifth bits of a row come as one mask by column; the packed form wants bit c of byte k for column 4c+k.
SK_INLINE words spread_mask(words mask) {
    words spread = {0};
    for (int k = 0; k < 4; k++) {
        words x = mask >> k & 0x11111111;
        x = (x | x >> 3) & 0x03030303;
        x = (x | x >> 6) & 0x000f000f;
        spread |= ((x | x >> 12) & 0xff) << 8 * k;
    }
    return spread;
}

// Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, IQ4_NL: a file block is [scale][minimum][fifth bits][quants] of 32 columns.
SK_INLINE void pack_block(uint32_t type, sk_parts p, const sk_rows *rows) {
    size_t high = sk_has_minimum(type) ? 4 : 2, quants = high + (sk_has_fifth_bit(type) ? 4 : 0);
    put_halves(p.scale, rows, 0);
    if (sk_has_minimum(type)) put_halves(p.minimum, rows, 2);
    for (size_t quad = 0; quad < 4; quad++) {
        words word[4];
        for (size_t first = 0; first < sk_quant_bytes(type) / 64; first += 4) {
            gather(rows, quad, quants + 4 * first, word);
            for (size_t c = 0; c < 4; c++) put(p.quants, 64 * (first + c) + 16 * quad, word + c, 16);
        }
        if (!sk_has_fifth_bit(type)) continue;
        word[0] = spread_mask(gather_word(rows, quad, high));
        put(p.high, 16 * quad, word, 16);
    }
}

// 32 bytes of each row hold a block of 32 columns in their low nibbles and another in their high ones.
SK_INLINE void pack_nibbles(sk_parts low, sk_parts high, const sk_rows *rows, size_t quad, size_t offset) {
    const uint32_t mask = 0x0f0f0f0f;
    words first[4], second[4];
    gather(rows, quad, offset, first);
    gather(rows, quad, offset + 16, second);
    for (size_t c = 0; c < 4; c++) {
        words of_low = (first[c] & mask) | (second[c] & mask) << 4;
        words of_high = (first[c] >> 4 & mask) | (second[c] & ~mask);
        put(low.quants, 64 * c + 16 * quad, &of_low, 16);
        put(high.quants, 64 * c + 16 * quad, &of_high, 16);
    }
}

// The 6-bit scales and minima of eight blocks, out of the 12 bytes that hold them after the scale and the minimum of all.
SK_INLINE void pack_k_scales(uint32_t type, const uint8_t *unit, const sk_rows *rows) {
    words head[4], of[4][4];
    for (size_t quad = 0; quad < 4; quad++) {
        words word[4];
        gather(rows, quad, 0, word);
        head[quad] = word[0];
        of[0][quad] = word[1] & 0x3f3f3f3f;
        of[1][quad] = (word[3] & 0x0f0f0f0f) | (word[1] >> 6 & 0x03030303) << 4;
        of[2][quad] = word[2] & 0x3f3f3f3f;
        of[3][quad] = (word[3] >> 4 & 0x0f0f0f0f) | (word[2] >> 6 & 0x03030303) << 4;
    }
    sk_parts p = sk_block_in_unit(type, unit, 0);
    put_both_halves(p.scale, p.minimum, head);
    for (size_t part = 0; part < 4; part++) {
        bytes split[4];
        split_bytes(of[part], split);
        for (size_t i = 0; i < 4; i++) {
            p = sk_block_in_unit(type, unit, part % 2 * 4 + i);
            put(part < 2 ? p.subscale : p.subminimum, 0, split + i, 16);
        }
    }
}

// Q4_K, Q5_K: [scale][minimum][12 bytes of 6-bit pairs][fifth bits: 32][quants: 128] of 256 columns.
SK_INLINE void pack_k(uint32_t type, const uint8_t *unit, const sk_rows *rows) {
    pack_k_scales(type, unit, rows);
    for (size_t quad = 0; quad < 4; quad++) {
        for (size_t i = 0; i < 8; i += 2)
            pack_nibbles(
                sk_block_in_unit(type, unit, i), sk_block_in_unit(type, unit, i + 1), rows, quad,
                (type == SK_Q5_K ? 48 : 16) + 16 * i);
        if (type != SK_Q5_K) continue;
        // Bit i of byte 4c+k belongs to block i; there it is bit c of byte k.
        words bits[8];
        gather(rows, quad, 16, bits);
        gather(rows, quad, 32, bits + 4);
        for (size_t i = 0; i < 4; i++) exchange(bits + i, bits + i + 4, 4, 0x0f0f0f0f);
        for (size_t i = 0; i < 4; i++) exchange(bits + i + i / 2 * 2, bits + i + i / 2 * 2 + 2, 2, 0x33333333);
        for (size_t i = 0; i < 8; i += 2) exchange(bits + i, bits + i + 1, 1, 0x55555555);
        for (size_t i = 0; i < 8; i++) put(sk_block_in_unit(type, unit, i).high, 16 * quad, bits + i, 16);
    }
}

// Q6_K: [low nibbles: 128][upper bits: 64][int8 scales: 16][scale], in two halves of 128 columns.
SK_INLINE void pack_q6(const uint8_t *unit, const sk_rows *rows) {
    words scales[4][4];
    put_halves(sk_block_in_unit(SK_Q6_K, unit, 0).scale, rows, 208);
    for (size_t quad = 0; quad < 4; quad++) {
        words word[4];
        for (size_t at = 0; at < 4; at++) {
            size_t i = at / 2 * 4 + at % 2;
            pack_nibbles(
                sk_block_in_unit(SK_Q6_K, unit, i), sk_block_in_unit(SK_Q6_K, unit, i + 2), rows, quad, 32 * at);
        }
        for (size_t at = 0; at < 4; at++) {
            // Bits 2i, 2i+1 of byte 4j+k belong to block i of four; there they are bits 2j, 2j+1 of byte k.
            gather(rows, quad, 128 + 16 * at, word);
            for (size_t i = 0; i < 2; i++) exchange(word + i, word + i + 2, 4, 0x0f0f0f0f);
            for (size_t i = 0; i < 4; i += 2) exchange(word + i, word + i + 1, 2, 0x33333333);
            for (size_t i = 0; i < 4; i++)
                put(sk_block_in_unit(SK_Q6_K, unit, at / 2 * 4 + i).high, 64 * (at % 2) + 16 * quad, word + i, 16);
        }
        gather(rows, quad, 192, word);
        for (size_t i = 0; i < 4; i++) scales[i][quad] = word[i];
    }
    for (size_t part = 0; part < 4; part++) {
        bytes split[4];
        split_bytes(scales[part], split);
        for (size_t i = 0; i < 4; i++)
            put(sk_block_in_unit(SK_Q6_K, unit, 2 * part + i / 2).subscale, SK_GROUP_ROWS * (i % 2), split + i, 16);
    }
}

// IQ4_XS: [scale][upper bits of 6-bit scales: 2][lower ones: 4][quants: 128] of 256 columns; scales are 32 too large.
SK_INLINE void pack_iq4(const uint8_t *unit, const sk_rows *rows) {
    words scales[2][4];
    put_halves(sk_block_in_unit(SK_IQ4_XS, unit, 0).scale, rows, 0);
    for (size_t quad = 0; quad < 4; quad++) {
        words word[4], high = gather_word(rows, quad, 0) >> 16, low = gather_word(rows, quad, 4);
        scales[0][quad] = scales[1][quad] = (words){0};
        for (size_t i = 0; i < 8; i++) {
            gather(rows, quad, 8 + 16 * i, word);
            for (size_t c = 0; c < 4; c++)
                put(sk_block_in_unit(SK_IQ4_XS, unit, i).quants, 64 * c + 16 * quad, word + c, 16);
            scales[i / 4][quad] |= ((low >> 4 * i & 15) | (high >> 2 * i & 3) << 4) << 8 * (i % 4);
        }
    }
    for (size_t i = 0; i < 8; i++) {
        bytes split[4];
        split_bytes(scales[i / 4], split);
        split[i % 4] -= 32;
        put(sk_block_in_unit(SK_IQ4_XS, unit, i).subscale, 0, split + i % 4, 16);
    }
}

// Columns of eight 2-byte floats, or four of 4 bytes, of all rows.
SK_INLINE void pack_singles(uint8_t *out, const sk_rows *rows) {
    for (size_t quad = 0; quad < 4; quad++) {
        words word[4];
        gather(rows, quad, 0, word);
        for (size_t c = 0; c < 4; c++) memcpy(out + 64 * c + 16 * quad, word + c, 16);
    }
}

SK_INLINE void pack_shorts(uint8_t *out, const sk_rows *rows) {
    for (size_t half = 0; half < 2; half++) {
        words first[4], second[4];
        gather(rows, 2 * half, 0, first);
        gather(rows, 2 * half + 1, 0, second);
        for (size_t c = 0; c < 4; c++) {
            halves a = (halves)first[c], b = (halves)second[c];
            halves even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
            halves odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
            memcpy(out + 64 * c + 16 * half, &even, 16);
            memcpy(out + 64 * c + 32 + 16 * half, &odd, 16);
        }
    }
}

SK_INLINE void advance(sk_rows *rows) {
    for (size_t row = 0; row < SK_GROUP_ROWS; row++) rows->row[row] += rows->stride[row];
}

SK_INLINE void pack_floats(const sk_matrix *m, sk_rows *rows, uint8_t *group, size_t width) {
    size_t step = 16 / width, column = 0, row = 0;
    for (; column + step <= m->columns; column += step, advance(rows)) {
        uint8_t *out = group + column * SK_GROUP_ROWS * width;
        if (width == 4) pack_singles(out, rows);
        else pack_shorts(out, rows);
    }
    for (size_t rest = 0; column + rest < m->columns; rest++)
        for (row = 0; row < SK_GROUP_ROWS; row++)
            memcpy(group + ((column + rest) * SK_GROUP_ROWS + row) * width, rows->row[row] + rest * width, width);
}

SK_INLINE void pack_quants(uint32_t type, const sk_matrix *m, sk_rows *rows, uint8_t *group) {
    size_t columns = sk_blocks_in_unit(type) * SK_BLOCK_COLUMNS;
    for (size_t first = 0; first < m->columns; first += columns, group += sk_unit_bytes(type), advance(rows)) {
        if (type == SK_Q6_K) pack_q6(group, rows);
        else if (type == SK_IQ4_XS) pack_iq4(group, rows);
        else if (sk_is_super(type)) pack_k(type, group, rows);
        else pack_block(type, sk_block_in_unit(type, group, 0), rows);
    }
}

void sk_pack(const sk_matrix *m, size_t index, const uint8_t *source, uint8_t *data) {
    uint8_t *group = data + index * m->group_bytes;
    size_t row_bytes = sk_row_bytes(m->type, m->columns), count = sk_rows_in_group(m, index);
    size_t step = !sk_is_quantized(m->type) ? 16 : sk_row_bytes(m->type, sk_blocks_in_unit(m->type) * SK_BLOCK_COLUMNS);
    sk_rows rows;
    source += index * SK_GROUP_ROWS * row_bytes;
    for (size_t row = 0; row < SK_GROUP_ROWS; row++) {
        rows.row[row] = row < count ? source + row * row_bytes : zeros;
        rows.stride[row] = row < count ? step : 0;
    }
    switch (m->type) {
    case SK_F32: return pack_floats(m, &rows, group, 4);
    case SK_Q4_0: return pack_quants(SK_Q4_0, m, &rows, group);
    case SK_Q4_1: return pack_quants(SK_Q4_1, m, &rows, group);
    case SK_Q5_0: return pack_quants(SK_Q5_0, m, &rows, group);
    case SK_Q5_1: return pack_quants(SK_Q5_1, m, &rows, group);
    case SK_Q8_0: return pack_quants(SK_Q8_0, m, &rows, group);
    case SK_Q4_K: return pack_quants(SK_Q4_K, m, &rows, group);
    case SK_Q5_K: return pack_quants(SK_Q5_K, m, &rows, group);
    case SK_Q6_K: return pack_quants(SK_Q6_K, m, &rows, group);
    case SK_IQ4_NL: return pack_quants(SK_IQ4_NL, m, &rows, group);
    case SK_IQ4_XS: return pack_quants(SK_IQ4_XS, m, &rows, group);
    default: return pack_floats(m, &rows, group, 2);
    }
}
