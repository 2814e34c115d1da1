/*
 * repo/index_stat.h - whether a file is as the index remembers it
 */
#ifndef REPO_INDEX_STAT_H
#define REPO_INDEX_STAT_H

#include "repo/index.h"

/*
 * Remember the stat data of a file whose content the entry is. `looked_ns` is
 * fs_now_ns() from before the content was read: a file changed so shortly
 * before that a further change might not show is not trusted.
 */
void index_stat_set(struct index_entry *entry, const struct fs_stat *stat,
                    int64_t looked_ns);

/* Whether `stat` proves, without reading, that the file is unchanged. */
bool index_stat_matches(const struct index_entry *entry,
                        const struct fs_stat *stat);

/* Whether the file changed so shortly before `now_ns` that another change at
 * the same moment would leave the same times. */
bool index_stat_is_unsettled(const struct index_entry *entry, int64_t now_ns);

/* How much later than `ctime_ns` a change shows for certain. */
int64_t index_stat_step(int64_t ctime_ns);

/*
 * Before a large file is read: wait the few milliseconds until what is learnt
 * of it can be trusted, rather than reading it again next time.
 */
void index_stat_wait(const struct fs_stat *stat);

/* The same for a file of any size: from then on each change shows. */
void index_stat_settle(const struct fs_stat *stat);

/* What `stat` would be stored as; TREE_FOLDER, or 0 for what cannot be. */
enum tree_mode index_stat_mode(const struct fs_stat *stat);

#endif
