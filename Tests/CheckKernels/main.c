// Compares every kernel of a table with the portable one, bit for bit, looks at the bounds of all that they write, and can
// measure them. It needs no Swift, so that scripts/test-neon can run it on an emulated processor, too.
//  check-kernels ISA           portable, avx2, avx512vnni or neon
//  check-kernels ISA DIGEST    also compares the digest of what the portable table gives here with that given elsewhere
// With STAGECOACH_KERNEL_RATES=1 it prints the rates of the kernels after that. The exit status is 0 where all is equal, 1
// where something differs, 2 where this processor lacks the instructions.

#include "check.h"

static const char *const names[] = {
    [SK_PORTABLE] = "portable", [SK_AVX2] = "avx2", [SK_AVX512VNNI] = "avx512vnni", [SK_NEON] = "neon",
};

static const sk_kernels *table_named(const char *name) {
    for (int isa = SK_PORTABLE; isa <= SK_NEON; isa++)
        if (strcmp(name, names[isa]) == 0) return sk_kernels_for((sk_isa)isa);
    return NULL;
}

int main(int count, char **arguments) {
    const char *name = count > 1 ? arguments[1] : "", *wanted = count > 2 ? arguments[2] : NULL;
    const char *rates = getenv("STAGECOACH_KERNEL_RATES");
    char found[17];
    sk_reset_float_environment();
    portable = sk_kernels_for(SK_PORTABLE);
    tested = table_named(name);
    if (!tested) {
        printf("this processor has no instruction set \"%s\"\n", name);
        return 2;
    }
    test_products();
    test_rows();
    test_attention();
    snprintf(found, sizeof found, "%016llx", (unsigned long long)digest);
    if (wanted && strcmp(wanted, found) == 0) passed++;
    else if (wanted) failed++, printf("the portable kernels give other bits here: %s instead of %s\n", found, wanted);
    if (rates && strcmp(rates, "1") == 0) print_rates();
    printf("%s: %u passed, %u failed, digest %s\n", name, passed, failed, found);
    return failed > 0;
}
