/*
 * tests/unit/support/memory_source.h - bytes in memory as a source
 */
#ifndef SUPPORT_MEMORY_SOURCE_H
#define SUPPORT_MEMORY_SOURCE_H

#include "base/buf.h"
#include "base/source.h"

/* `base` is what parsers get. Reads are counted; one may be made to fail. */
struct memory_source {
    struct source base;
    struct slice bytes; /* borrowed */
    unsigned reads;
    unsigned fail_at; /* the read, from 1, that fails with IO; 0: none */
};

struct memory_source memory_source_over(const void *bytes, size_t size);

#endif
