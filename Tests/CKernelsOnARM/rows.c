// What works on one row of floats: quantization, norms, rotations, activations.

#include "compare.h"

static void test_quantize(size_t columns, size_t scale_columns, float limit) {
    size_t blocks = columns / SK_BLOCK_COLUMNS;
    float *x = allocate(columns * sizeof(float)), *rest[2];
    int8_t *quants[2];
    sk_block *scales[2];
    fill(x, columns, limit);
    for (size_t i = 0; i < 32 && limit == 127; i++) x[i] = (float)i - 15.5f;  // between two integers: to the even one
    if (limit == 127) x[3] = -127;
    for (size_t i = 32; i < 64 && i < columns; i++) x[i] = i % 2 ? 0.0f : -0.0f;
    for (size_t i = 64; i < 96 && i < columns; i++) x[i] = random_float(0x1p-126f);
    for (int i = 0; i < 2; i++) {
        quants[i] = allocate(columns);
        scales[i] = allocate(blocks * sizeof(sk_block));
        rest[i] = allocate(columns * sizeof(float));
        (i ? neon : portable)->quantize(x, columns, scale_columns, quants[i], scales[i]);
        (i ? neon : portable)->remainder(x, columns, quants[0], scales[0], rest[i]);
    }
    check("quantize", "quants", quants[0], quants[1], columns);
    check("quantize", "scales", scales[0], scales[1], blocks * sizeof(sk_block));
    check("remainder", "", rest[0], rest[1], columns * sizeof(float));
    for (int i = 0; i < 2; i++) free(quants[i]), free(scales[i]), free(rest[i]);
    free(x);
}

enum { longest = 1600 };

// Runs `body` with `kernels` being each table and `out` starting as a copy of x, and compares what is in `out` then.
#define COMPARE(what, count, body)                                              \
    do {                                                                        \
        static float results[2][longest];                                       \
        for (int table = 0; table < 2; table++) {                               \
            const sk_kernels *kernels = table ? neon : portable;                \
            float *out = results[table];                                        \
            memcpy(out, x, sizeof results[table]);                              \
            body;                                                               \
        }                                                                       \
        check(what, #count, results[0], results[1], sizeof results[0]);         \
    } while (0)

static void test_elementwise(size_t count) {
    static float x[longest], y[longest], bits[longest];
    fill(x, longest, 20);
    fill(y, longest, 1);
    for (size_t i = 0; i < longest; i++) {  // every finite magnitude
        uint32_t word = (uint32_t)(random_bits() >> 20);
        bits[i] = sk_float_of_bits((word >> 23 & 255) == 255 ? word & 0xff7fffff : word);
    }
    bits[0] = __builtin_inff();
    bits[1] = -__builtin_inff();
    COMPARE("rms_norm", count, kernels->rms_norm(x, y, count, 1e-5f, out));
    COMPARE("rms_norm in place", count, kernels->rms_norm(out, y, count, 1e-5f, out));
    COMPARE("swiglu", count, kernels->swiglu(x, y, count, out));
    COMPARE("swiglu in place", count, kernels->swiglu(out, y, count, out));
    COMPARE("add", count, kernels->add(out, y, count));
    COMPARE("exponentials", count, kernels->exponentials(x, count, out));
    COMPARE("exponentials of any magnitude", count, kernels->exponentials(bits, count, out));
}

static void test_rope(size_t heads, size_t stride, size_t pairs) {
    static float x[longest], cosines[longest], sines[longest];
    fill(x, longest, 5);
    fill(cosines, longest, 1);
    fill(sines, longest, 1);
    COMPARE("rope_adjacent", pairs, kernels->rope_adjacent(out, heads, stride, cosines, sines, pairs));
    COMPARE("rope_halves", pairs, kernels->rope_halves(out, heads, stride, cosines, sines, pairs));
}

void test_rows(void) {
    const float limits[] = {1, 127, 1e30f, 3e38f, 1e-29f, 1.03e-30f, 9e-31f};
    const size_t counts[] = {1, 15, 16, 33, 576, longest};
    for (size_t i = 0; i < 7; i++)
        for (size_t columns = 32; columns <= 864; columns *= 3) {
            test_quantize(columns, SK_BLOCK_COLUMNS, limits[i]);
            test_quantize(columns, SK_HALF_COLUMNS, limits[i]);
        }
    for (size_t i = 0; i < 6; i++) test_elementwise(counts[i]);
    test_rope(1, 64, 32);
    test_rope(3, 80, 20);
    test_rope(2, 7, 3);
    test_rope(9, 128, 64);
}
