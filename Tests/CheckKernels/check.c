#include "check.h"

const sk_kernels *portable, *tested;
unsigned passed, failed;
uint64_t digest = 0xcbf29ce484222325;

const element elements[element_count] = {
    {SK_F32, "F32"},   {SK_F16, "F16"},   {SK_BF16, "BF16"}, {SK_Q4_0, "Q4_0"}, {SK_Q4_1, "Q4_1"},
    {SK_Q5_0, "Q5_0"}, {SK_Q5_1, "Q5_1"}, {SK_Q8_0, "Q8_0"}, {SK_Q2_K, "Q2_K"}, {SK_Q3_K, "Q3_K"},
    {SK_Q4_K, "Q4_K"}, {SK_Q5_K, "Q5_K"}, {SK_Q6_K, "Q6_K"}, {SK_IQ4_NL, "IQ4_NL"}, {SK_IQ4_XS, "IQ4_XS"},
};

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

// [size in bytes, 64][zone][memory][zone]
enum { header = 64, zone = 512, pattern = 0x5a };

static size_t size_of(const void *memory) {
    size_t bytes;
    memcpy(&bytes, (const uint8_t *)memory - zone - header, sizeof bytes);
    return bytes;
}

void *allocate(size_t bytes) {
    uint8_t *start = aligned_alloc(64, (header + 2 * zone + bytes + 63) / 64 * 64);
    if (!start) abort();
    memcpy(start, &bytes, sizeof bytes);
    memset(start + header, pattern, 2 * zone + bytes);
    return start + header + zone;
}

static void complain(const char *what, const char *how, const char *problem, size_t at, size_t bytes) {
    if (++failed <= 20) printf("%s %s: %s at byte %zu of %zu\n", what, how, problem, at, bytes);
}

// How many of `bytes` bytes still hold the pattern, from the first on.
static size_t untouched(const uint8_t *memory, size_t bytes) {
    size_t at = 0;
    while (at < bytes && memory[at] == pattern) at++;
    return at;
}

static int keeps_bounds(const char *what, const char *how, const void *memory) {
    const uint8_t *start = memory;
    const size_t bytes = size_of(memory), before = untouched(start - zone, zone), after = untouched(start + bytes, zone);
    if (before < zone) complain(what, how, "writes before its output", zone - before, bytes);
    if (after < zone) complain(what, how, "writes behind its output", bytes + after, bytes);
    return before == zone && after == zone;
}

void release(const char *what, void *memory) {
    keeps_bounds(what, "", memory);
    free((uint8_t *)memory - zone - header);
}

void check(const char *what, const char *how, const void *expected, const void *found, size_t bytes) {
    const uint8_t *a = expected, *b = found;
    size_t at = 0;
    for (size_t i = 0; i < bytes; i++) digest = (digest ^ a[i]) * 0x100000001b3;
    while (at < bytes && a[at] == b[at]) at++;
    if (at < bytes) complain(what, how, "differs", at, bytes);
    if (keeps_bounds(what, how, expected) && keeps_bounds(what, how, found) && at == bytes) passed++;
}

void check_untouched(const char *what, const char *how, const void *found, size_t bytes) {
    size_t at = untouched(found, bytes);
    if (at < bytes) complain(what, how, "writes between its rows", at, bytes);
    else passed++;
}
