#pragma once

#include <stddef.h>

// Allocations of this process so far, of all threads: every call of malloc and its kin, those of Swift's runtime included.
size_t malloc_count(void);
