#pragma once

#include "CKernels.h"

extern const sk_kernels sk_portable;
#if defined(__x86_64__)
extern const sk_kernels sk_avx2, sk_avx512vnni;
#elif defined(__aarch64__)
extern const sk_kernels sk_neon;
#endif

// A table of the functions of these names that a file has.
#define SK_KERNELS                                                                                                        \
    {                                                                                                                     \
        quantize, remainder, multiply, multiply_floats, reaches, squares, rms_norm, rope_adjacent, rope_halves, swiglu,    \
            add, store_key, store_value, attend, fold, finish, exponentials, peak_bytes, peak_floats,                                     \
    }
