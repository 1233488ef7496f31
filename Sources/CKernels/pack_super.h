#pragma once

// Packing of types with blocks of 256 columns.

#include "pack_rows.h"

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
        words bits[8];
        gather_bits(rows, quad, 16, bits);
        for (size_t i = 0; i < 8; i++) put(sk_block_in_unit(type, unit, i).high, 16 * quad, bits + i, 16);
    }
}

// Sixteen scales of 16 columns, out of words of four for each quad of rows. Q3_K's are 32 too large and change their sign.
SK_INLINE void put_half_scales(uint32_t type, const uint8_t *unit, const words scales[4][4]) {
    for (size_t part = 0; part < 4; part++) {
        bytes split[4];
        split_bytes(scales[part], split);
        for (size_t i = 0; i < 4; i++) {
            if (type == SK_Q3_K) split[i] = 32 - split[i];
            put(sk_block_in_unit(type, unit, 2 * part + i / 2).subscale, SK_GROUP_ROWS * (i % 2), split + i, 16);
        }
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
            gather_pairs(rows, quad, 128 + 16 * at, word);
            for (size_t i = 0; i < 4; i++)
                put(sk_block_in_unit(SK_Q6_K, unit, at / 2 * 4 + i).high, 64 * (at % 2) + 16 * quad, word + i, 16);
        }
        gather(rows, quad, 192, word);
        for (size_t i = 0; i < 4; i++) scales[i][quad] = word[i];
    }
    put_half_scales(SK_Q6_K, unit, scales);
}

// Q2_K: [pairs of 4-bit scales and minima: 16][quants: 64][scale][minimum] of 256 columns.
SK_INLINE void pack_q2(const uint8_t *unit, const sk_rows *rows) {
    words scales[4][4];
    put_halves(sk_block_in_unit(SK_Q2_K, unit, 0).scale, rows, 80);
    put_halves(sk_block_in_unit(SK_Q2_K, unit, 0).minimum, rows, 82);
    for (size_t quad = 0; quad < 4; quad++) {
        words word[4];
        for (size_t at = 0; at < 4; at++) {
            gather_pairs(rows, quad, 16 + 16 * at, word);
            for (size_t i = 0; i < 4; i++)
                put(sk_block_in_unit(SK_Q2_K, unit, at / 2 * 4 + i).quants, 64 * (at % 2) + 16 * quad, word + i, 16);
        }
        gather(rows, quad, 0, word);
        for (size_t i = 0; i < 4; i++) scales[i][quad] = word[i];
    }
    put_half_scales(SK_Q2_K, unit, scales);
}

// The 6-bit scales of Q3_K: the low nibbles are in 8 bytes, the upper pairs of bits in 4.
SK_INLINE void gather_q3_scales(const sk_rows *rows, size_t quad, words scales[4][4]) {
    words high = gather_word(rows, quad, 104);
    for (size_t i = 0; i < 4; i++) {
        words low = gather_word(rows, quad, 96 + 4 * (i % 2));
        scales[i][quad] = (low >> 4 * (i / 2) & 0x0f0f0f0f) | (high >> 2 * i & 0x03030303) << 4;
    }
}

// Q3_K: [third bits: 32][two lower bits: 64][6-bit scales, 32 too large: 12][scale] of 256 columns.
SK_INLINE void pack_q3(const uint8_t *unit, const sk_rows *rows) {
    words scales[4][4];
    sk_parts first = sk_block_in_unit(SK_Q3_K, unit, 0);
    put_halves(first.scale, rows, 108);
    for (size_t row = 0; row < SK_GROUP_ROWS; row++) {
        uint8_t top = first.scale[2 * row + 1] ^ 0x80;
        put(first.scale, 2 * row + 1, &top, 1);
    }
    for (size_t quad = 0; quad < 4; quad++) {
        words bits[8], pairs[4][4];
        gather_bits(rows, quad, 0, bits);
        for (size_t at = 0; at < 4; at++) gather_pairs(rows, quad, 32 + 16 * at, pairs[at]);
        for (size_t i = 0; i < 8; i++) {
            words of[8];  // columns 4c..4c+3
            for (size_t c = 0; c < 8; c++) {
                words low = pairs[i / 4 * 2 + c / 4][i % 4] >> 2 * (c % 4) & 0x03030303;
                of[c] = low | (bits[i] >> c & 0x01010101) << 2;
            }
            for (size_t v = 0; v < 3; v++) {
                words rest = v < 2 ? (of[6 + v] & 0x03030303) << 6 : (of[6] & 0x04040404) << 4 | (of[7] & 0x04040404) << 5;
                words packed = of[v] | of[3 + v] << 3 | rest;
                put(sk_block_in_unit(SK_Q3_K, unit, i).quants, 64 * v + 16 * quad, &packed, 16);
            }
        }
        gather_q3_scales(rows, quad, scales);
    }
    put_half_scales(SK_Q3_K, unit, scales);
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
