// Compares every kernel of the NEON table with the portable one, bit for bit, and what the portable one gives on ARM with
// what it gives elsewhere. scripts/test-neon builds and runs it on an emulated processor: no Swift is needed there.
//  none     expects a processor that lacks the instructions
//  digest   prints what the portable table's results amount to, on any processor
//  <digest> compares

#include "compare.h"

static void test_all(void) {
    test_products();
    test_rows();
    test_attention();
}

static int refuses(void) {
    if (neon) printf("the NEON kernels claim to run on a processor without dot products\n");
    return neon != NULL;
}

int main(int count, char **arguments) {
    const char *wanted = count > 1 ? arguments[1] : "";
    char found[17];
    sk_reset_float_environment();
    portable = sk_kernels_for(SK_PORTABLE);
    neon = strcmp(wanted, "digest") == 0 ? portable : sk_kernels_for(SK_NEON);
    if (strcmp(wanted, "none") == 0) return refuses();
    if (!neon) {
        printf("this processor lacks the dot products of ARMv8.2\n");
        return 1;
    }
    test_all();
    snprintf(found, sizeof found, "%016llx", (unsigned long long)digest);
    if (neon == portable) return puts(found) < 0;
    if (strcmp(wanted, found) == 0) passed++;
    else failed++, printf("the portable kernels give other bits here: %s instead of %s\n", found, wanted);
    printf("%u passed, %u failed\n", passed, failed);
    return failed > 0;
}
