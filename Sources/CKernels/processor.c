// What the system tells about the processor, and its floating-point mode.

#if defined(__linux__)
    #define _GNU_SOURCE
    #include <sched.h>
#endif

#include "CKernels.h"

#if defined(__x86_64__)
    #include <immintrin.h>
#endif

void sk_reset_float_environment(void) {
#if defined(__x86_64__)
    _mm_setcsr(0x1f80);  // the default: exceptions masked, to nearest, no FTZ, no DAZ
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, xzr");
#endif
}

void sk_evict(const void *start, size_t bytes) {
    enum { LINE_BYTES = 64 };
    const char *at = start;
    for (size_t i = 0; i < bytes; i += LINE_BYTES) {
#if defined(__x86_64__)
        _mm_clflush(at + i);
#elif defined(__aarch64__)
        __asm__ volatile("dc civac, %0" : : "r"(at + i) : "memory");
#endif
    }
#if defined(__x86_64__)
    _mm_mfence();
#elif defined(__aarch64__)
    __asm__ volatile("dsb ish" : : : "memory");
#endif
}

size_t sk_available_cores(void) {
#if defined(__linux__)
    uint64_t mask[128] = {0};  // the kernel's largest set
    size_t count = 0;
    if (sched_getaffinity(0, sizeof mask, (cpu_set_t *)mask) != 0) return 1;
    for (size_t i = 0; i < 128; i++) count += (size_t)__builtin_popcountll(mask[i]);
    return count > 0 ? count : 1;
#else
    return 1;
#endif
}
