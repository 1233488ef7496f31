// What works on one row of floats: quantization, norms, rotations, activations.

#include "check.h"

static void test_quantize(size_t columns, size_t scale_columns, float limit) {
    size_t blocks = columns / SK_BLOCK_COLUMNS;
    float *x = allocate(columns * sizeof(float)), *rest[2], *reaches[2];
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
        (i ? tested : portable)->quantize(x, columns, scale_columns, quants[i], scales[i]);
        (i ? tested : portable)->remainder(x, columns, quants[0], scales[0], rest[i]);
        reaches[i] = allocate(blocks * sizeof(float));
        (i ? tested : portable)->reaches(scales[0], blocks, reaches[i]);
    }
    check("quantize", "quants", quants[0], quants[1], columns);
    check("quantize", "scales", scales[0], scales[1], blocks * sizeof(sk_block));
    check("remainder", "", rest[0], rest[1], columns * sizeof(float));
    check("reaches", "", reaches[0], reaches[1], blocks * sizeof(float));
    for (int i = 0; i < 2; i++) {
        release("quantize", quants[i]);
        release("quantize", scales[i]);
        release("remainder", rest[i]);
        release("reaches", reaches[i]);
    }
    release("quantize", x);
}

// Runs `body` with `kernels` being each table and `out` starting as a copy of `size` floats of x, and compares what is in
// `out` then.
#define COMPARE(what, size, body)                                               \
    do {                                                                        \
        float *results[2];                                                      \
        for (int table = 0; table < 2; table++) {                               \
            const sk_kernels *kernels = table ? tested : portable;              \
            float *out = results[table] = allocate((size) * sizeof(float));     \
            memcpy(out, x, (size) * sizeof(float));                             \
            body;                                                               \
        }                                                                       \
        check(what, #size, results[0], results[1], (size) * sizeof(float));     \
        for (int table = 0; table < 2; table++) release(what, results[table]);  \
    } while (0)

// The squares of a row and what its norm says of them: where an element is not finite, that too.
static void test_squares(const float *x, const float *weight, size_t count) {
    float found[2][3], *out = allocate(count * sizeof(float));
    for (int table = 0; table < 2; table++) {
        const sk_kernels *kernels = table ? tested : portable;
        kernels->squares(x, count, found[table], found[table] + 1);
        found[table][2] = kernels->rms_norm(x, weight, count, 1e-5f, out);
        for (int i = 0; i < 3; i++)
            if (found[table][i] != found[table][i]) found[table][i] = -1;  // any NaN
    }
    float *kept[2] = {allocate(sizeof found[0]), allocate(sizeof found[0])};
    for (int table = 0; table < 2; table++) memcpy(kept[table], found[table], sizeof found[0]);
    check("squares", "", kept[0], kept[1], sizeof found[0]);
    release("squares", kept[0]), release("squares", kept[1]), release("squares", out);
}

static void test_elementwise(size_t count) {
    const size_t bytes = count * sizeof(float);
    float *x = allocate(bytes), *y = allocate(bytes), *bits = allocate(bytes);
    fill(x, count, 20);
    fill(y, count, 1);
    for (size_t i = 0; i < count; i++) {  // every finite magnitude
        uint32_t word = (uint32_t)(random_bits() >> 20);
        bits[i] = sk_float_of_bits((word >> 23 & 255) == 255 ? word & 0xff7fffff : word);
    }
    bits[0] = __builtin_inff();
    bits[count - 1] = -__builtin_inff();
    test_squares(x, y, count);
    test_squares(bits, y, count);
    COMPARE("rms_norm", count, kernels->rms_norm(x, y, count, 1e-5f, out));
    COMPARE("rms_norm in place", count, kernels->rms_norm(out, y, count, 1e-5f, out));
    COMPARE("swiglu", count, kernels->swiglu(x, y, count, out));
    COMPARE("swiglu in place", count, kernels->swiglu(out, y, count, out));
    COMPARE("add", count, kernels->add(out, y, count));
    COMPARE("exponentials", count, kernels->exponentials(x, count, out));
    COMPARE("exponentials of any magnitude", count, kernels->exponentials(bits, count, out));
    release("elementwise", x);
    release("elementwise", y);
    release("elementwise", bits);
}

// Between the heads lie floats that are not rotated.
static void check_rest(const char *what, const float *x, const float *out, size_t heads, size_t stride, size_t pairs) {
    for (size_t head = 0; head + 1 < heads; head++)
        for (size_t i = head * stride + 2 * pairs; i < (head + 1) * stride; i++)
            if (x[i] != out[i]) failed++, printf("%s: rotates element %zu too\n", what, i);
}

static void test_rope(size_t heads, size_t stride, size_t pairs) {
    const size_t count = (heads - 1) * stride + 2 * pairs;
    float *x = allocate(count * sizeof(float)), *cosines = allocate(pairs * 4), *sines = allocate(pairs * 4);
    fill(x, count, 5);
    fill(cosines, pairs, 1);
    fill(sines, pairs, 1);
    COMPARE("rope_adjacent", count, kernels->rope_adjacent(out, heads, stride, cosines, sines, pairs);
            check_rest("rope_adjacent", x, out, heads, stride, pairs));
    COMPARE("rope_halves", count, kernels->rope_halves(out, heads, stride, cosines, sines, pairs);
            check_rest("rope_halves", x, out, heads, stride, pairs));
    release("rope", x);
    release("rope", cosines);
    release("rope", sines);
}

void test_rows(void) {
    const float limits[] = {1, 127, 1e30f, 3e38f, 1e-29f, 1.03e-30f, 9e-31f};
    const size_t counts[] = {1, 15, 16, 33, 576, 1600};
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
