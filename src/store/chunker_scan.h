/*
 * store/chunker_scan.h - the first test for candidates, in its variants
 *
 * All variants find the same places. Only the test of 4 bytes is vectorised:
 * one place in 4096 passes it.
 */
#ifndef STORE_CHUNKER_SCAN_H
#define STORE_CHUNKER_SCAN_H

#include <stddef.h>
#include <stdint.h>

/* word * SCAN_FACTOR >= SCAN_THRESHOLD: never so for a word of 0. */
#define SCAN_FACTOR 0x9e3779b1u
#define SCAN_THRESHOLD 0xfff00000u

/*
 * The first byte i of [from, to) whose word data[i - 3, i] passes; `to` when
 * there is none. from >= 3 must hold.
 */
typedef size_t scan_fn(const uint8_t *data, size_t from, size_t to);

size_t scan_portable(const uint8_t *data, size_t from, size_t to);

struct scan_variant {
    const char *name;
    scan_fn *scan;
    int (*supported)(void); /* by this processor */
};

/* The variants for this machine, fastest first; the last is portable. */
const struct scan_variant *scan_variants(size_t *out_count);

/* The first that is supported. */
scan_fn *scan_best(void);

#endif
