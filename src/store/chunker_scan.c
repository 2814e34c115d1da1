#include "store/chunker_scan.h"

#include "base/le.h"

size_t scan_portable(const uint8_t *data, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (le32_load(data + i - 3) * SCAN_FACTOR >= SCAN_THRESHOLD)
            return i;
    return to;
}

scan_fn *scan_best(void)
{
    size_t count = 0;
    const struct scan_variant *variants = scan_variants(&count);
    while (!variants->supported())
        variants++;
    return variants->scan;
}
