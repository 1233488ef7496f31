// How a file's rows get into the packed layout.

#include "pack_super.h"

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
        if (type == SK_Q2_K) pack_q2(group, rows);
        else if (type == SK_Q3_K) pack_q3(group, rows);
        else if (type == SK_Q6_K) pack_q6(group, rows);
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
    case SK_Q2_K: return pack_quants(SK_Q2_K, m, &rows, group);
    case SK_Q3_K: return pack_quants(SK_Q3_K, m, &rows, group);
    case SK_Q4_K: return pack_quants(SK_Q4_K, m, &rows, group);
    case SK_Q5_K: return pack_quants(SK_Q5_K, m, &rows, group);
    case SK_Q6_K: return pack_quants(SK_Q6_K, m, &rows, group);
    case SK_IQ4_NL: return pack_quants(SK_IQ4_NL, m, &rows, group);
    case SK_IQ4_XS: return pack_quants(SK_IQ4_XS, m, &rows, group);
    default: return pack_floats(m, &rows, group, 2);
    }
}
