/*
 * Bringing back what is damaged: packs are written anew with what is whole in
 * them, and what is lost comes back from files of the work tree that are still
 * what was stored, and from what is staged. Storing such a file again, cut the
 * same way, makes the very chunks that are gone. Nothing is removed and no ref
 * moves.
 */
#include <string.h>

#include "base/dir.h"
#include "object/asset.h"
#include "repo/fsck.h"
#include "repo/index.h"
#include "repo/linked.h"
#include "repo/worktree.h"
#include "store/verify.h"

struct repair {
    struct fsck *fsck;
    struct store_writer *writer;
    struct dir top;
    struct dir_place place; /* for the files of the work tree */
};

static void repair_release(struct repair *repair)
{
    dir_place_release(&repair->place);
    dir_close(&repair->top);
    store_writer_free(repair->writer);
}

static struct asset_store_options options_of(const struct repair *repair)
{
    const dits_context *context = repair->fsck->repo->context;
    return (struct asset_store_options){
        .context = context,
        .writer = repair->writer,
        .threads = context_threads(context),
    };
}

/* Store the file or symlink that is at `path` now. */
static dits_error *store_path(struct repair *repair, const char *path,
                              struct dits_oid *out)
{
    struct asset_store_options options = options_of(repair);
    struct asset_info info = {0};
    struct fs_stat stat = {0};
    const char *name = NULL;
    bool found = false;
    *out = (struct dits_oid){0};
    TRY(worktree_stat(&repair->place, path, &stat, &found));
    if (found)
        TRY(worktree_enter(&repair->place, path, &name, &found));
    if (!found || (stat.kind != FS_REGULAR && stat.kind != FS_SYMLINK))
        return NULL;
    if (stat.kind == FS_SYMLINK) {
        CLEANUP(buf_release) struct buf target = {0};
        TRY(dir_read_symlink(&repair->place.dir, name, &target));
        return asset_store_bytes(&options, target.data, target.size, out,
                                 &info);
    }
    CLEANUP(fs_close) struct fs_file file = {0};
    TRY(dir_open_file(&repair->place.dir, name, &file, NULL));
    return asset_store_file(&options, &file, stat.size, out, &info);
}

/* Try one path for one asset. A file that cannot be read is no candidate. */
static dits_error *try_path(struct repair *repair, const char *path,
                            const struct dits_oid *asset, bool *done)
{
    struct dits_oid id = {0};
    if (*done || path[0] == '\0' || !worktree_is_safe_path(path))
        return NULL;
    dits_error *err = store_path(repair, path, &id);
    if (dits_error_has(err, DITS_E_CONFLICT) ||
        dits_error_has(err, DITS_E_DENIED) ||
        dits_error_has(err, DITS_E_NOT_FOUND)) {
        log_debug(repair->fsck->repo->context, "cannot salvage from '%s': %s",
                  path, dits_error_message(err));
        dits_error_free(err);
        return NULL;
    }
    TRY(err);
    *done = dits_oid_equal(&id, asset);
    return NULL;
}

/* Where the file may be now: where it was found, and where it is staged. */
static dits_error *salvage_asset(struct repair *repair,
                                 const struct index *index,
                                 const struct fsck_need *need)
{
    bool done = false;
    TRY(context_check(repair->fsck->repo->context));
    TRY(try_path(repair, need->path, &need->asset, &done));
    for (size_t i = 0; i < index_count(index) && !done; i++)
        if (dits_oid_equal(&index_at(index, i)->asset, &need->asset))
            TRY(try_path(repair, index_at(index, i)->path, &need->asset,
                         &done));
    return NULL;
}

/* The trees of what is staged are often those of the newest commit. */
static dits_error *salvage_trees(struct repair *repair, struct index *index)
{
    const struct fsck *fsck = repair->fsck;
    struct dits_oid tree = {0};
    bool wanted = false;
    for (size_t i = 0; i < fsck->damage_count; i++)
        wanted |= fsck->damages[i].kind == CHUNK_TREE;
    if (!wanted)
        return NULL;
    index_set_tree(index, &(struct dits_oid){0});
    return index_write_tree(index, repair->writer, &tree);
}

static dits_error *report_chunk(struct fsck *fsck,
                                const struct fsck_damage *damage)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    char hex[DITS_OID_HEX_SIZE] = {0};
    dits_error *err =
        store_read(fsck->repo->store, damage->kind, &damage->id, &bytes);
    if (err != NULL) {
        dits_error_free(err); /* still damaged, as was told before */
        return NULL;
    }
    dits_oid_hex(&damage->id, hex);
    fsck->result.repaired++;
    return fsck_report(fsck, DITS_FSCK_REPAIRED, &damage->id,
                       "%s %.12s is whole again", chunk_kind_name(damage->kind),
                       hex);
}

/* Whether the pack is damaged still, among what `again` found. */
static bool is_damaged_still(const struct fsck *again, const char *pack)
{
    for (size_t i = 0; i < again->pack_count; i++)
        if (strcmp(again->packs[i].name, pack) == 0)
            return true;
    return false;
}

static dits_error *report_repaired(struct fsck *fsck)
{
    CLEANUP(fsck_release)
    struct fsck again = {.repo = fsck->repo, .options = fsck->options};
    for (size_t i = 0; i < fsck->damage_count; i++)
        if (fsck->damages[i].is_found ||
            id_set_has(&fsck->seen, &fsck->damages[i].id))
            TRY(report_chunk(fsck, &fsck->damages[i]));
    if (fsck->pack_count > 0)
        TRY(fsck_packs(&again, false));
    for (size_t i = 0; i < fsck->pack_count; i++) {
        if (is_damaged_still(&again, fsck->packs[i].name))
            continue;
        fsck->result.repaired++;
        TRY(fsck_report(fsck, DITS_FSCK_REPAIRED, NULL,
                        "what is whole of pack %.12s was written anew",
                        fsck->packs[i].name));
    }
    return NULL;
}

/* From the files of one work tree. */
static dits_error *salvage_from(dits_repo *view, void *payload)
{
    struct repair *repair = payload;
    CLEANUP(index_freep) struct index *index = NULL;
    struct fsck *fsck = repair->fsck;
    const char *missing = NULL;
    TRY(linked_look(view, &missing));
    if (missing != NULL)
        return NULL;
    TRY(index_open(view, &index));
    TRY(worktree_open(view, &repair->top));
    repair->place.root = &repair->top;
    for (size_t i = 0; i < fsck->need_count; i++)
        TRY(salvage_asset(repair, index, &fsck->needs[i]));
    TRY(salvage_trees(repair, index));
    dir_place_release(&repair->place);
    dir_close(&repair->top);
    return NULL;
}

static dits_error *salvage(struct repair *repair)
{
    struct fsck *fsck = repair->fsck;
    TRY(store_writer_begin(fsck->repo->store, &repair->writer));
    TRY(linked_each_view(fsck->repo, salvage_from, repair));
    return store_writer_commit(repair->writer);
}

dits_error *fsck_repair(struct fsck *fsck)
{
    struct repair repair = {.fsck = fsck};
    struct store_repair_result packs = {0};
    if (fsck->damage_count == 0 && fsck->pack_count == 0)
        return NULL;
    TRY(store_repair(fsck->repo->store, &packs));
    dits_error *err = salvage(&repair);
    repair_release(&repair);
    TRY(err);
    return report_repaired(fsck);
}
