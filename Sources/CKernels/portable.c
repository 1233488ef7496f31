// The definition of every kernel, in plain C for any processor. Other tables must give the same bits.

#include "elementwise.h"
#include "group.h"
#include "portable_attention.h"
#include "tables.h"

#pragma STDC FP_CONTRACT OFF

static void quantize(const float *x, size_t columns, size_t scale_columns, int8_t *quants, sk_block *blocks) {
    const float magic = 0x1.8p23f;
    for (; columns > 0; columns -= SK_BLOCK_COLUMNS, x += SK_BLOCK_COLUMNS, quants += SK_BLOCK_COLUMNS, blocks++) {
        uint32_t largest[2] = {0, 0};  // compared as bits, so that a NaN wins and shows in the result
        for (int i = 0; i < SK_BLOCK_COLUMNS; i++) {
            uint32_t magnitude = sk_bits_of_float(x[i]) & 0x7fffffff, *of = largest + i / SK_HALF_COLUMNS;
            if (magnitude > *of) *of = magnitude;
        }
        if (scale_columns == SK_BLOCK_COLUMNS)
            largest[0] = largest[1] = largest[0] > largest[1] ? largest[0] : largest[1];
        int sums[2] = {0, 0};
        float scales[2];
        for (int half = 0; half < 2; half++) {
            float inverse = sk_choose_scale(sk_float_of_bits(largest[half]), scales + half);
            for (int i = SK_HALF_COLUMNS * half; i < SK_HALF_COLUMNS * (half + 1); i++) {
                // The product is a rounded float before the sum rounds it to an integer, to nearest even.
                float scaled = x[i] * inverse;
                quants[i] = (int8_t)(int32_t)(sk_bits_of_float(scaled + magic) - sk_bits_of_float(magic));
                sums[half] += quants[i];
            }
        }
        *blocks = sk_describe_block(scale_columns, scales, sums[0], sums[1]);
    }
}

enum { tile = 8 };

// One block of one row and one token onto the sum of those before.
static float add_block(const sk_group_block *b, size_t row, const int8_t *q, const sk_block *x, size_t scale_columns,
                       float sum) {
    int32_t dots[2] = {0, 0};
    for (int i = 0; i < SK_BLOCK_COLUMNS; i++) dots[i / SK_HALF_COLUMNS] += b->weights[row][i] * q[i];
    if (scale_columns == SK_BLOCK_COLUMNS) {
        int32_t dot = b->subscale[0][row] * dots[0] + b->subscale[1][row] * dots[1];
        return __builtin_fmaf((float)dot, b->scale[row] * x->scales[0], sum);
    }
    for (int half = 0; half < 2; half++) {
        float scale = b->scale[row] * (float)b->subscale[half][row];
        sum = __builtin_fmaf((float)dots[half], scale * x->scales[half], sum);
    }
    return sum;
}

static void multiply_tile(const sk_matrix *m, size_t group, const sk_activations *x, size_t token, size_t tokens,
                          float acc[tile][SK_GROUP_ROWS]) {
    const uint8_t *data = m->data + group * m->group_bytes;
    sk_group_block b;
    for (size_t block = 0; block < m->columns / SK_BLOCK_COLUMNS; block++) {
        sk_read_block(m, data, block, &b);
        for (size_t t = 0; t < tokens; t++) {
            const int8_t *q = x->quants + (token + t) * x->quant_stride + block * SK_BLOCK_COLUMNS;
            const sk_block *xb = x->blocks + (token + t) * x->block_stride + block;
            for (size_t row = 0; row < SK_GROUP_ROWS; row++) {
                acc[t][row] = add_block(&b, row, q, xb, x->scale_columns, acc[t][row]);
                if (!sk_has_minimum(m->type)) continue;
                int halves = sk_has_half_minima(m->type);
                acc[t][row] = __builtin_fmaf(b.minimum[0][row], halves ? xb->half_sums[0] : xb->scaled_sum, acc[t][row]);
                if (halves) acc[t][row] = __builtin_fmaf(b.minimum[1][row], xb->half_sums[1], acc[t][row]);
            }
        }
    }
}

static void multiply_floats_tile(const sk_matrix *m, size_t group, const float *x, size_t stride, size_t tokens,
                                 float acc[tile][SK_GROUP_ROWS]) {
    const uint8_t *data = m->data + group * m->group_bytes;
    for (size_t column = 0; column < m->columns; column++)
        for (size_t row = 0; row < SK_GROUP_ROWS; row++) {
            float w = sk_load(data, column * SK_GROUP_ROWS + row, m->type);
            for (size_t t = 0; t < tokens; t++) acc[t][row] = __builtin_fmaf(w, x[t * stride + column], acc[t][row]);
        }
}

static void multiply_any(const sk_matrix *m, size_t first, size_t groups, const sk_activations *x, const float *floats,
                         size_t stride, size_t tokens, float *out, size_t out_stride) {
    for (size_t group = first; group < first + groups; group++)
        for (size_t token = 0; token < tokens; token += tile) {
            float acc[tile][SK_GROUP_ROWS] = {0};
            size_t count = tokens - token < tile ? tokens - token : tile;
            if (x) multiply_tile(m, group, x, token, count, acc);
            else multiply_floats_tile(m, group, floats + token * stride, stride, count, acc);
            for (size_t t = 0; t < count; t++)
                memcpy(out + (token + t) * out_stride + group * SK_GROUP_ROWS, acc[t],
                       sk_rows_in_group(m, group) * sizeof(float));
        }
}

static void multiply(const sk_matrix *m, size_t first, size_t groups, const sk_activations *x, size_t tokens, float *out,
                     size_t out_stride) {
    multiply_any(m, first, groups, x, NULL, 0, tokens, out, out_stride);
}

static void multiply_floats(const sk_matrix *m, size_t first, size_t groups, const float *x, size_t stride, size_t tokens,
                            float *out, size_t out_stride) {
    multiply_any(m, first, groups, NULL, x, stride, tokens, out, out_stride);
}

static void store(void *block, size_t index, uint32_t element, float value) {
    uint16_t half = sk_narrow(value);
    if (element == SK_F32) memcpy((float *)block + index, &value, 4);
    else memcpy((uint16_t *)block + index, &half, 2);
}

static void store_key(const float *key, size_t head_dim, uint32_t element, void *block, size_t position) {
    if (element == SK_Q8_0) sk_store_quantized_key(quantize, key, head_dim, block, position);
    else for (size_t i = 0; i < head_dim; i++) store(block, i * SK_KV_POSITIONS + position, element, key[i]);
}

static void store_value(const float *value, size_t value_dim, uint32_t element, void *block, size_t position) {
    size_t width = (value_dim + 15) / 16 * 16;
    if (element == SK_Q8_0) sk_store_quantized_value(quantize, value, value_dim, block, position);
    else for (size_t i = 0; i < width; i++) store(block, position * width + i, element, i < value_dim ? value[i] : 0.0f);
}

// A vector of one lane, as peak.h wants to have it.
typedef int32_t ints, bytes;
typedef float floats;
enum { dot_operations = 2, multiply_add_operations = 2 };

SK_INLINE ints dot_quads(const int is_signed, ints sum, bytes weight, bytes x) {
    (void)is_signed;
    return sum + (int8_t)weight * (int8_t)x;
}

SK_INLINE floats multiply_add(floats a, floats b, floats sum) { return __builtin_fmaf(a, b, sum); }

#include "peak.h"

const sk_kernels sk_portable = SK_KERNELS;
