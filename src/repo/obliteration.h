/*
 * repo/obliteration.h - what was removed from all history on purpose
 *
 * Rows of meta.db say when, by whom, why, and which chunks: they are written
 * before the first chunk goes, and stay. Whoever reads such a chunk is told so
 * (DITS_E_GONE) and not that the store is damaged.
 */
#ifndef REPO_OBLITERATION_H
#define REPO_OBLITERATION_H

#include "object/commit.h"
#include "repo/id_set.h"
#include "repo/repo.h"

/* Ids, each once, that are kept in order. Zero is empty. */
struct id_list {
    struct id_set set;
    struct buf ids; /* of 32 bytes */
};

void id_list_release(struct id_list *list);
MUST_USE dits_error *id_list_add(struct id_list *list,
                                 const struct dits_oid *id);
size_t id_list_count(const struct id_list *list);
struct dits_oid id_list_at(const struct id_list *list, size_t i);

/* Note that these chunks of these assets are about to go. */
MUST_USE dits_error *obliteration_begin(dits_repo *repo,
                                        const struct person *who,
                                        const char *reason,
                                        const struct id_list *assets,
                                        const struct id_list *chunks,
                                        uint64_t *out_id);

/* One that was done: the `time` of `who` is when. */
struct obliteration {
    uint64_t id;
    const struct person *who;
    const char *reason;
};

/* Oldest first. What `fn` is given is borrowed for the call. */
typedef dits_error *obliteration_fn(const struct obliteration *done,
                                    void *payload);
MUST_USE dits_error *obliteration_each(dits_repo *repo, obliteration_fn *fn,
                                       void *payload);

/*
 * Note one that was done elsewhere, and is done for us, too: history comes
 * without these chunks. The id of `done` is not used.
 */
MUST_USE dits_error *obliteration_take_over(dits_repo *repo,
                                            const struct obliteration *done,
                                            const struct id_list *assets,
                                            const struct id_list *chunks);

/* All that were ever noted, there or not. */
MUST_USE dits_error *obliteration_all_assets(dits_repo *repo,
                                             struct id_set *out);
MUST_USE dits_error *obliteration_all_chunks(dits_repo *repo,
                                             struct id_set *out);

/* They are gone, and nothing is left of the row's work. */
MUST_USE dits_error *obliteration_finish(dits_repo *repo, uint64_t id);

/* The oldest that was begun and not finished. Absence is an answer. */
MUST_USE dits_error *obliteration_pending(dits_repo *repo, uint64_t *out_id,
                                          bool *out_found);
MUST_USE dits_error *obliteration_assets(dits_repo *repo, uint64_t id,
                                         struct id_list *out);
MUST_USE dits_error *obliteration_chunks(dits_repo *repo, uint64_t id,
                                         struct id_list *out);

/*
 * Assets that cannot be read because chunks of theirs were obliterated and did
 * not come back.
 */
MUST_USE dits_error *obliteration_unreadable(dits_repo *repo,
                                             struct id_set *out);

/* "it was obliterated on 2026-11-30 by Ada: why", of an asset that was. */
MUST_USE dits_error *obliteration_describe(dits_repo *repo,
                                           const struct dits_oid *asset,
                                           struct buf *out);

/*
 * DITS_E_GONE, saying when, by whom and why, if that chunk was obliterated. A
 * store_explain_fn; the payload is the path of the .dits folder.
 */
MUST_USE dits_error *obliteration_explain(const struct dits_oid *chunk,
                                          void *dits_dir);

#endif
