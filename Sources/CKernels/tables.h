#pragma once

#include "CKernels.h"

extern const sk_kernels sk_portable;
#if defined(__x86_64__)
extern const sk_kernels sk_avx2, sk_avx512vnni;
#elif defined(__aarch64__)
extern const sk_kernels sk_neon;
#endif
