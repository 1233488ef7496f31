#pragma once

// What the multipliers do while all operands stay in registers.

#if defined(__x86_64__)
    #define SK_VECTOR_REGISTER "x"
#elif defined(__aarch64__)
    #define SK_VECTOR_REGISTER "w"
#else
    #define SK_VECTOR_REGISTER "m"
#endif

// Each step is taken, though nobody reads its sum, and its product is not the last one's.
#define SK_TAKE_STEP(sum, w) __asm__ volatile("" : "+" SK_VECTOR_REGISTER(sum), "+" SK_VECTOR_REGISTER(w))

enum { peak_chains = 12 };  // enough to hide the latency of a step

static uint64_t peak_bytes(size_t rounds) {
    ints sums[peak_chains];
    bytes w;
    memset(&w, 0, sizeof w);
    memset(sums, 0, sizeof sums);
    for (size_t round = 0; round < rounds; round++) {
    #pragma clang loop unroll(full)
        for (size_t i = 0; i < peak_chains; i++) {
            sums[i] = dot_quads(0, sums[i], w, w);
            SK_TAKE_STEP(sums[i], w);
        }
    }
    return rounds * peak_chains * dot_operations;
}

static uint64_t peak_floats(size_t rounds) {
    floats sums[peak_chains], w;
    memset(&w, 0, sizeof w);
    memset(sums, 0, sizeof sums);
    for (size_t round = 0; round < rounds; round++) {
    #pragma clang loop unroll(full)
        for (size_t i = 0; i < peak_chains; i++) {
            sums[i] = multiply_add(w, w, sums[i]);
            SK_TAKE_STEP(sums[i], w);
        }
    }
    return rounds * peak_chains * multiply_add_operations;
}
