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
