/*
 * store/ingest_flow.h - one file through several workers
 *
 * The file is taken in blocks. Of each block a worker reads, hashes and scans
 * all it can alone; only choosing the cuts, which needs the cuts before, and
 * telling the caller of the chunks are done in order.
 */
#ifndef STORE_INGEST_FLOW_H
#define STORE_INGEST_FLOW_H

#include "store/ingest.h"

/* Like ingest_file(). */
MUST_USE dits_error *ingest_flow_run(const struct ingest *ingest,
                                     const struct fs_file *file, uint64_t size,
                                     struct ingest_result *out);

#endif
