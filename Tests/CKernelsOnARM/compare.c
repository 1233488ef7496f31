#include "compare.h"

const sk_kernels *portable, *neon;
unsigned passed, failed;
uint64_t digest = 0xcbf29ce484222325;

// The random numbers of Marsaglia's "Xorshift RNGs" (2003), the same in every run.
uint64_t random_bits(void) {
    static uint64_t state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

size_t random_below(size_t end) { return (random_bits() >> 16) % end; }

float random_float(float limit) { return ((float)(random_bits() >> 40) * 0x1p-23f - 1) * limit; }

void fill(float *x, size_t count, float limit) {
    for (size_t i = 0; i < count; i++) x[i] = random_float(limit);
}

void *allocate(size_t bytes) {
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!memory) abort();
    memset(memory, 0x5a, bytes);  // a finite float that no kernel computes: what must not be written shows
    return memory;
}

void check(const char *what, const char *how, const void *expected, const void *found, size_t bytes) {
    const uint8_t *a = expected, *b = found;
    size_t at = 0;
    for (size_t i = 0; i < bytes; i++) digest = (digest ^ a[i]) * 0x100000001b3;
    while (at < bytes && a[at] == b[at]) at++;
    if (at == bytes) passed++;
    else failed++;
    if (at < bytes && failed <= 20) printf("%s %s: differs at byte %zu of %zu\n", what, how, at, bytes);
}
