// How fast each kernel is, on data in the caches. Billions of elements a second: floats of a row, products of a weight and
// an activation, products of a query and the keys and values of a block. A rate is that of the fastest of some runs.

#define _POSIX_C_SOURCE 200809L  // for the clock of a thread

#include <time.h>

#include "check.h"
#include "quantized_cache.h"

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// Runs `body`, which is `elements` elements of work, for some milliseconds, some times.
#define RATE(elements, body, ...)                                                            \
    do {                                                                                     \
        double best = 1e9;                                                                   \
        size_t rounds = 1;                                                                   \
        for (int run = 0; run < 12;) {                                                       \
            double start = now();                                                            \
            for (size_t i = 0; i < rounds; i++) body;                                        \
            double taken = now() - start;                                                    \
            if (taken < 1.5e-3) {                                                            \
                rounds *= 2;                                                                 \
                continue;                                                                    \
            }                                                                                \
            if (taken / (double)rounds < best) best = taken / (double)rounds;                \
            run++;                                                                           \
        }                                                                                    \
        char label[80];                                                                      \
        snprintf(label, sizeof label, __VA_ARGS__);                                          \
        printf("%-40s %12.0f ns %9.3f G/s\n", label, best * 1e9, (double)(elements) / best * 1e-9); \
    } while (0)

static void rate_rows(void) {
    enum { count = 2048, heads = 32, pairs = 32 };
    float *x = allocate(count * 4), *y = allocate(count * 4), *out = allocate(count * 4);
    int8_t *quants = allocate(count);
    sk_block *blocks = allocate(count / 32 * sizeof(sk_block));
    fill(x, count, 3);
    fill(y, count, 1);
    RATE(count, tested->quantize(x, count, 32, quants, blocks), "quantize by 32");
    RATE(count, tested->quantize(x, count, 16, quants, blocks), "quantize by 16");
    RATE(count, tested->remainder(x, count, quants, blocks, out), "remainder");
    RATE(count, tested->reaches(blocks, count / 32, out), "reaches");
    RATE(count, tested->squares(x, count, out, out + 1), "squares");
    RATE(count, tested->rms_norm(x, y, count, 1e-5f, out), "rms_norm");
    RATE(count, tested->swiglu(x, y, count, out), "swiglu");
    RATE(count, tested->exponentials(x, count, out), "exponentials");
    RATE(count, tested->rope_adjacent(out, heads, 64, y, y + pairs, pairs), "rope_adjacent");
    RATE(count, tested->rope_halves(out, heads, 64, y, y + pairs, pairs), "rope_halves");
    memset(y, 0, count * 4);  // so that the sum stays finite
    RATE(count, tested->add(out, y, count), "add");
    release("rates", x), release("rates", y), release("rates", out), release("rates", quants), release("rates", blocks);
}

static void rate_products(void) {
    const size_t tokens[] = {1, 2, 4, 8, 64};
    for (size_t i = 0; i < element_count; i++) {
        const int quantized = sk_is_quantized(elements[i].type);
        for (size_t scale_columns = 32; scale_columns >= (quantized ? 16 : 32); scale_columns /= 2) {
            product p = random_product(elements[i].type, 512, 1024, 64, scale_columns, -1);
            float *out = allocate(64 * p.out_stride * sizeof(float));
            for (size_t t = 0; t < 5; t++) {
                p.tokens = tokens[t];
                RATE(512 * 1024 * p.tokens, multiply(tested, &p, 0, 32, out), "multiply %s by %zu, %zu tokens",
                     elements[i].name, scale_columns, p.tokens);
            }
            release("rates", out);
            release_product(&p);
        }
    }
}

static void rate_attention(size_t head_dim, uint32_t type, const char *name) {
    enum { most = 12 };
    const size_t bytes = SK_KV_POSITIONS * 128 * 4, stride = sk_partial_stride(head_dim), counts[] = {1, 2, 3, 4, 12};
    uint8_t *keys = allocate(bytes), *values = allocate(bytes);
    float *x = allocate((most + 1) * 128 * 4), *partials = allocate(most * stride * 4), *out = allocate(head_dim * 4);
    sk_activations a = {
        allocate(most * head_dim), allocate(most * head_dim / 32 * sizeof(sk_block)), head_dim, head_dim / 32, 32,
    };
    fill(x, most * 128, 1);
    for (size_t i = 0; i < most; i++)
        portable->quantize(x + i * head_dim, head_dim, 32, a.quants + i * head_dim, a.blocks + i * head_dim / 32);
    for (size_t i = 0; i < SK_KV_POSITIONS; i++) {
        tested->store_key(x + 17 * i, head_dim, type, keys, i);
        tested->store_value(x + 13 * i, head_dim, type, values, i);
    }
    RATE(head_dim, tested->store_key(x, head_dim, type, keys, 7), "store_key %s %zu", name, head_dim);
    RATE(head_dim, tested->store_value(x, head_dim, type, values, 7), "store_value %s %zu", name, head_dim);
    for (size_t i = 0; i < 5; i++) {
        sk_queries queries = {
            .data = x, .token_stride = counts[i] * head_dim, .head_stride = head_dim, .tokens = 1, .heads = counts[i],
            .head_dim = head_dim, .value_dim = head_dim, .first_position = 70, .scale = 0.1f, .element = type,
            .quantized = a,
        };
        RATE(2 * head_dim * SK_KV_POSITIONS * counts[i], tested->attend(&queries, keys, values, 0, partials),
             "attend %s %zu, %zu queries", name, head_dim, counts[i]);
    }
    RATE(head_dim, tested->fold(partials, partials + stride, head_dim), "fold %zu", head_dim);
    RATE(head_dim, tested->finish(partials, head_dim, out), "finish %zu", head_dim);
    release("rates", keys), release("rates", values), release("rates", x);
    release("rates", partials), release("rates", out);
    release("rates", a.quants), release("rates", a.blocks);
}

void print_rates(void) {
    rate_rows();
    for (size_t head_dim = 64; head_dim <= 128; head_dim *= 2) {
        rate_attention(head_dim, SK_F32, "F32");
        rate_attention(head_dim, SK_F16, "F16");
        rate_attention(head_dim, SK_Q8_0, "Q8_0");
    }
    rate_products();
    RATE(tested->peak_bytes(1000), tested->peak_bytes(1000), "peak_bytes");
    RATE(tested->peak_floats(1000), tested->peak_floats(1000), "peak_floats");
}
