/*
 * repo/scrub_row.h - how far the checking of packs came, in meta.db
 */
#ifndef REPO_SCRUB_ROW_H
#define REPO_SCRUB_ROW_H

#include "repo/repo.h"
#include "store/scrub.h"

/* Zero: never begun. */
struct scrub_row {
    uint64_t cycle;  /* rounds that have ended */
    int64_t started; /* the round that goes on; 0: none does */
    int64_t ended;   /* the last round; 0: none has */
    struct store_scrub_place place;
    struct store_scrub_totals totals; /* of the round; packs are not kept */
    uint64_t last_damages;
};

/* A row that is damaged is none: checking begins anew. */
MUST_USE dits_error *scrub_row_load(dits_repo *repo, struct scrub_row *out);
MUST_USE dits_error *scrub_row_save(dits_repo *repo,
                                    const struct scrub_row *row);

#endif
