#pragma once

// Norms, rotations and activations in plain C, 16 lanes at a time. Each instruction set compiles its own copy: the loops have
// fixed lengths and no aliases, so the compiler turns them into its vectors without changing an operation.

#include "scalar.h"

#pragma STDC FP_CONTRACT OFF

// Before a loop over groups of 16 lanes: the lanes are the vector. The compiler would else transpose eight groups at a time.
#define SK_LANES_INSIDE _Pragma("clang loop vectorize(disable)")

static void squares(const float *x, size_t count, float *largest, float *sum) {
    float lanes[16] = {0};
    uint32_t magnitudes[16] = {0}, magnitude = 0;  // compared as bits, so that a NaN wins
    size_t i = 0;
    SK_LANES_INSIDE
    for (; i + 16 <= count; i += 16)
        for (size_t lane = 0; lane < 16; lane++) {
            uint32_t bits = sk_bits_of_float(x[i + lane]) & 0x7fffffff;
            magnitudes[lane] = bits > magnitudes[lane] ? bits : magnitudes[lane];
            lanes[lane] = __builtin_fmaf(x[i + lane], x[i + lane], lanes[lane]);
        }
    for (size_t lane = 0; i + lane < count; lane++) {
        uint32_t bits = sk_bits_of_float(x[i + lane]) & 0x7fffffff;
        magnitudes[lane] = bits > magnitudes[lane] ? bits : magnitudes[lane];
        lanes[lane] = __builtin_fmaf(x[i + lane], x[i + lane], lanes[lane]);
    }
    for (size_t lane = 0; lane < 16; lane++) magnitude = magnitudes[lane] > magnitude ? magnitudes[lane] : magnitude;
    *largest = sk_float_of_bits(magnitude) * sk_float_of_bits(magnitude);
    *sum = sk_fold_lanes(lanes);
}

static float rms_norm(const float *x, const float *weight, size_t count, float epsilon, float *out) {
    float largest, sum;
    squares(x, count, &largest, &sum);
    size_t i = 0;
    float mean = sum / (float)count;
    float scale = 1.0f / __builtin_sqrtf(mean + epsilon);
    SK_LANES_INSIDE
    for (i = 0; i + 16 <= count; i += 16) {
        float y[16];
        for (size_t lane = 0; lane < 16; lane++) y[lane] = (x[i + lane] * scale) * weight[i + lane];
        memcpy(out + i, y, sizeof y);
    }
    for (; i < count; i++) out[i] = (x[i] * scale) * weight[i];
    return largest / sum;
}

SK_INLINE void sk_rotate(float *first, float *second, float cosine, float sine) {
    float a = *first, b = *second;
    *first = __builtin_fmaf(a, cosine, -(b * sine));
    *second = __builtin_fmaf(a, sine, b * cosine);
}

static void rope_adjacent(float *x, size_t heads, size_t head_stride, const float *cosines, const float *sines,
                                size_t pairs) {
    for (size_t head = 0; head < heads; head++, x += head_stride)
        for (size_t i = 0; i < pairs; i++) sk_rotate(x + 2 * i, x + 2 * i + 1, cosines[i], sines[i]);
}

static void rope_halves(float *x, size_t heads, size_t head_stride, const float *cosines, const float *sines,
                              size_t pairs) {
    for (size_t head = 0; head < heads; head++, x += head_stride) {
        size_t i = 0;
        SK_LANES_INSIDE
        for (; i + 16 <= pairs; i += 16) {
            float a[16], b[16];
            memcpy(a, x + i, sizeof a);
            memcpy(b, x + pairs + i, sizeof b);
            for (size_t lane = 0; lane < 16; lane++) sk_rotate(a + lane, b + lane, cosines[i + lane], sines[i + lane]);
            memcpy(x + i, a, sizeof a);
            memcpy(x + pairs + i, b, sizeof b);
        }
        for (; i < pairs; i++) sk_rotate(x + i, x + pairs + i, cosines[i], sines[i]);
    }
}

SK_INLINE float sk_swiglu_one(float gate, float up) { return (gate / (1.0f + sk_exp(-gate))) * up; }

static void swiglu(const float *gate, const float *up, size_t count, float *out) {
    size_t i = 0;
    SK_LANES_INSIDE
    for (; i + 16 <= count; i += 16) {
        float y[16];
        for (size_t lane = 0; lane < 16; lane++) y[lane] = sk_swiglu_one(gate[i + lane], up[i + lane]);
        memcpy(out + i, y, sizeof y);
    }
    for (; i < count; i++) out[i] = sk_swiglu_one(gate[i], up[i]);
}

static void add(float *x, const float *y, size_t count) {
    size_t i = 0;
    SK_LANES_INSIDE
    for (; i + 16 <= count; i += 16) {
        float sum[16];
        for (size_t lane = 0; lane < 16; lane++) sum[lane] = x[i + lane] + y[i + lane];
        memcpy(x + i, sum, sizeof sum);
    }
    for (; i < count; i++) x[i] += y[i];
}

static void remainder(const float *x, size_t columns, const int8_t *quants, const sk_block *blocks, float *out) {
    SK_LANES_INSIDE
    for (size_t i = 0; i < columns; i += 16) {
        float y[16], scale = blocks[i / SK_BLOCK_COLUMNS].scales[i / SK_HALF_COLUMNS % 2];
        for (size_t lane = 0; lane < 16; lane++) y[lane] = __builtin_fmaf(-scale, (float)quants[i + lane], x[i + lane]);
        memcpy(out + i, y, sizeof y);
    }
}

static void reaches(const sk_block *blocks, size_t count, float *out) {
    for (size_t i = 0; i < count; i++)
        out[i] = blocks[i].scales[0] > blocks[i].scales[1] ? blocks[i].scales[0] : blocks[i].scales[1];
}

static void exponentials(const float *x, size_t count, float *out) {
    size_t i = 0;
    SK_LANES_INSIDE
    for (; i + 16 <= count; i += 16) {
        float y[16];
        for (size_t lane = 0; lane < 16; lane++) y[lane] = sk_exp(x[i + lane]);
        memcpy(out + i, y, sizeof y);
    }
    for (; i < count; i++) out[i] = sk_exp(x[i]);
}

static void fold(float *into, const float *partial, size_t value_dim) {
    if (partial[1] == 0) return;
    if (into[1] == 0) {
        memcpy(into, partial, sk_partial_stride(value_dim) * sizeof(float));
        return;
    }
    float maximum = into[0] > partial[0] ? into[0] : partial[0];
    float a = sk_exp(into[0] - maximum), b = sk_exp(partial[0] - maximum);
    into[0] = maximum;
    into[1] = __builtin_fmaf(into[1], a, partial[1] * b);
    into += SK_PARTIAL_HEADER;
    partial += SK_PARTIAL_HEADER;
    SK_LANES_INSIDE
    for (size_t i = 0; i < value_dim; i += 16) {
        float v[16];
        for (size_t lane = 0; lane < 16; lane++) v[lane] = __builtin_fmaf(into[i + lane], a, partial[i + lane] * b);
        memcpy(into + i, v, sizeof v);
    }
}

static void finish(const float *partial, size_t value_dim, float *out) {
    float sum = partial[1];
    for (size_t i = 0; i < value_dim; i++) out[i] = partial[SK_PARTIAL_HEADER + i] / sum;
}
