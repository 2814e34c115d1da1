/*
 * repo/compare.h - tracked files whose stat data says too little
 */
#ifndef REPO_COMPARE_H
#define REPO_COMPARE_H

#include "repo/scan.h"

/*
 * Read the doubtful files of a scan. For each of its entries: what the index
 * should remember of the file when its content is the same; mode 0 when not.
 */
struct compared {
    struct index_entry *fresh;
    size_t count;
};

MUST_USE dits_error *compare_doubtful(dits_repo *repo,
                                      const struct scan_result *scan,
                                      struct compared *out);
void compared_release(struct compared *compared);

/*
 * Let the index on disk remember the newer stat data, so that the next command
 * need not read those files. Done only when nobody else works here; nothing
 * that fails matters.
 */
void compared_keep(dits_repo *repo, const struct scan_result *scan,
                   const struct compared *compared);

#endif
