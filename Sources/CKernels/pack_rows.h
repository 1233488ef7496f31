#pragma once

// Reading the rows of a file four at a time, as vectors of four words that are transposed: plain vector code for the
// registers that every processor of an architecture has, near the speed of a copy.

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

// Bits 2i, 2i+1 of byte 4j+k of 16 bytes belong to block i of four; there they are bits 2j, 2j+1 of byte k.
SK_INLINE void gather_pairs(const sk_rows *rows, size_t quad, size_t offset, words pairs[4]) {
    gather(rows, quad, offset, pairs);
    for (size_t i = 0; i < 2; i++) exchange(pairs + i, pairs + i + 2, 4, 0x0f0f0f0f);
    for (size_t i = 0; i < 4; i += 2) exchange(pairs + i, pairs + i + 1, 2, 0x33333333);
}

// Bit i of byte 4c+k of 32 bytes belongs to block i of eight; there it is bit c of byte k.
SK_INLINE void gather_bits(const sk_rows *rows, size_t quad, size_t offset, words bits[8]) {
    gather(rows, quad, offset, bits);
    gather(rows, quad, offset + 16, bits + 4);
    for (size_t i = 0; i < 4; i++) exchange(bits + i, bits + i + 4, 4, 0x0f0f0f0f);
    for (size_t i = 0; i < 4; i++) exchange(bits + i + i / 2 * 2, bits + i + i / 2 * 2 + 2, 2, 0x33333333);
    for (size_t i = 0; i < 8; i += 2) exchange(bits + i, bits + i + 1, 1, 0x55555555);
}
