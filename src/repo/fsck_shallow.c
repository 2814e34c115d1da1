/*
 * Where the history was cut (repo/shallow.h): what the boundary names must be
 * there, and parents that are missing elsewhere are damage. A boundary that
 * cannot be read is made anew from the commits that lack a parent.
 */
#include <inttypes.h>

#include "repo/fsck.h"
#include "repo/shallow.h"

dits_error *fsck_shallow_open(struct fsck *fsck)
{
    static const struct oid_map nothing = {0};
    CLEANUP(dits_error_freep) dits_error *err = shallow_refresh(fsck->repo);
    if (!fsck_is_damage(err))
        return MOVE(err);
    fsck->result.damaged++;
    fsck->guesses_cuts = dits_error_has(err, DITS_E_CORRUPT);
    TRY(shallow_pin(fsck->repo, &nothing));
    return fsck_report(fsck, DITS_FSCK_DAMAGE, NULL,
                       "where the history was cut: %s",
                       dits_error_message(dits_error_cause(err)));
}

static dits_error *has_parents(struct fsck *fsck, const struct commit *commit,
                               bool *out)
{
    *out = true;
    for (size_t i = 0; i < commit->parent_count && *out; i++)
        TRY(store_find(fsck->repo->store, &commit->parents[i], out, NULL));
    return NULL;
}

dits_error *fsck_shallow_commit(struct fsck *fsck, const struct commit *commit,
                                bool *out_is_cut)
{
    char hex[OID_HEX_SIZE] = {0};
    bool whole = false;
    TRY(shallow_has(fsck->repo, &fsck->commit, out_is_cut));
    if (!*out_is_cut && !fsck->guesses_cuts)
        return NULL;
    TRY(has_parents(fsck, commit, &whole));
    if (fsck->guesses_cuts) {
        *out_is_cut = !whole;
        return whole ? NULL
                     : oid_map_add(&fsck->cuts, &fsck->commit, NULL, NULL);
    }
    if (!whole)
        return NULL;
    dits_oid_hex(&fsck->commit, hex);
    return fsck_report(fsck, DITS_FSCK_NOTE, &fsck->commit,
                       "the history is cut at commit %.12s, whose parents are "
                       "stored; import them again to follow them",
                       hex);
}

/* Commits of the boundary that are stored, into `fsck->cuts`. */
static dits_error *keep_stored(struct fsck *fsck)
{
    const struct oid_map *commits = NULL;
    TRY(shallow_commits(fsck->repo, &commits));
    for (size_t i = 0; i < commits->count; i++) {
        char hex[OID_HEX_SIZE] = {0};
        bool found = false;
        TRY(store_find(fsck->repo->store, &commits->ids[i], &found, NULL));
        if (found) {
            TRY(oid_map_add(&fsck->cuts, &commits->ids[i], NULL, NULL));
            continue;
        }
        fsck->has_idle_cuts = true;
        dits_oid_hex(&commits->ids[i], hex);
        TRY(fsck_report(fsck, DITS_FSCK_NOTE, &commits->ids[i],
                        "the history is cut at commit %.12s, which is not "
                        "stored",
                        hex));
    }
    return NULL;
}

dits_error *fsck_shallow_close(struct fsck *fsck)
{
    if (!fsck->guesses_cuts)
        TRY(keep_stored(fsck));
    if (fsck->cuts.count == 0)
        return NULL;
    return fsck_report(fsck, DITS_FSCK_NOTE, NULL,
                       "the history is shallow: it is cut at %zu commits",
                       fsck->cuts.count);
}

dits_error *fsck_shallow_repair(struct fsck *fsck)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    if (!fsck->guesses_cuts && !fsck->has_idle_cuts)
        return NULL;
    TRY(repo_lock_work(fsck->repo, &lock));
    TRY(shallow_save(fsck->repo, &fsck->cuts));
    TRY(shallow_pin(fsck->repo, NULL));
    fsck->result.repaired += fsck->guesses_cuts;
    return fsck_report(fsck, DITS_FSCK_REPAIRED, NULL,
                       "where the history was cut is written anew");
}
