/*
 * repo/tiers.h - where the packs of a repository are: the store's locator
 *
 * The rows of meta.db say it (repo/pack_copies.h). Where those are lost, the
 * folders of tiers themselves say what is in them.
 */
#ifndef REPO_TIERS_H
#define REPO_TIERS_H

#include "repo/repo.h"

/* Tell the store whom to ask; then, if there are tiers, ask. */
void tiers_attach(dits_repo *repo);
MUST_USE dits_error *tiers_locate(dits_repo *repo);

/* Files of packs that were given up go, where their disks are there. */
MUST_USE dits_error *tiers_remove_retired(dits_repo *repo);

/*
 * Enter what is in the folders of tiers and in no row: after the database was
 * lost. `*out_count`: packs.
 */
MUST_USE dits_error *tiers_adopt(dits_repo *repo, uint64_t *out_count);

#endif
