// Which table a processor can run.

#include "tables.h"

#if defined(__aarch64__) && defined(__linux__)
    #include <sys/auxv.h>
#endif

#if defined(__x86_64__)
// These ask for the processor and for the system that must save its registers.
static int has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

static int has_avx512vnni(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vnni");
}
#elif defined(__aarch64__)
static int has_dot_products(void) {
    #if defined(__ARM_FEATURE_DOTPROD)
    return 1;
    #elif defined(__linux__)
    return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
    #else
    return 0;
    #endif
}
#endif

const sk_kernels *sk_kernels_for(sk_isa isa) {
    switch (isa) {
    case SK_PORTABLE: return &sk_portable;
#if defined(__x86_64__)
    case SK_AVX2: return has_avx2() ? &sk_avx2 : NULL;
    case SK_AVX512VNNI: return has_avx512vnni() ? &sk_avx512vnni : NULL;
#elif defined(__aarch64__)
    case SK_NEON: return has_dot_products() ? &sk_neon : NULL;
#endif
    default: return NULL;
    }
}
