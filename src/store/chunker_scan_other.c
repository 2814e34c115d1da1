/*
 * Processors without a vector variant.
 */
#include "store/chunker_scan.h"

static int always(void)
{
    return 1;
}

const struct scan_variant *scan_variants(size_t *out_count)
{
    static const struct scan_variant variants[] = {
        {"portable", scan_portable, always},
    };
    *out_count = 1;
    return variants;
}
