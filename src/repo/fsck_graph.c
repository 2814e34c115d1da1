/*
 * From the roots to the chunks. What is whole is gone into once; what is not
 * is gone into for every commit and path that leads to it, so that each is
 * named.
 */
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "object/asset_reader.h"
#include "object/commit.h"
#include "object/tree_cursor.h"
#include "repo/fsck.h"
#include "repo/index.h"
#include "repo/linked.h"
#include "repo/obliteration.h"
#include "repo/reach.h"

/* Bytes of a file that are read at once. */
enum { READ_BYTES = 2 * 1024 * 1024 };

/* The error that says most: the innermost one. */
static const char *reason_of(const dits_error *err)
{
    while (dits_error_cause(err) != NULL)
        err = dits_error_cause(err);
    return dits_error_message(err);
}

/* Name a damaged object. `err` (NULL: it is not there) is taken over. */
static dits_error *tell(struct fsck *fsck, enum chunk_kind kind,
                        const struct dits_oid *id, dits_error *err)
{
    CLEANUP(dits_error_freep) dits_error *cause = err;
    const char *name = chunk_kind_name(kind);
    char hex[DITS_OID_HEX_SIZE] = {0};
    dits_oid_hex(id, hex);
    if (fsck_find_damage(fsck, id) == NULL)
        TRY(fsck_add_damage(fsck, id, kind, NULL));
    struct fsck_damage *damage = fsck_find_damage(fsck, id);
    fsck->result.damaged += !damage->is_found;
    damage->is_found = true;
    if (damage->pack != NULL)
        return fsck_report(fsck, DITS_FSCK_DAMAGE, id,
                           "%s %.12s of pack %.12s is damaged", name, hex,
                           damage->pack);
    if (cause == NULL || dits_error_has(cause, DITS_E_NOT_FOUND))
        return fsck_report(fsck, DITS_FSCK_DAMAGE, id, "%s %.12s is missing",
                           name, hex);
    return fsck_report(fsck, DITS_FSCK_DAMAGE, id, "%s %.12s: %s", name, hex,
                       reason_of(cause));
}

/* Whether it was checked before and found whole. */
static bool is_known_whole(const struct fsck *fsck, const struct dits_oid *id)
{
    return id_set_has(&fsck->seen, id) && !id_set_has(&fsck->bad, id);
}

static dits_error *remember(struct fsck *fsck, const struct dits_oid *id,
                            bool whole)
{
    TRY(id_set_add(&fsck->seen, id, NULL));
    return whole ? NULL : id_set_add(&fsck->bad, id, NULL);
}

/* One file on the way. */
struct file_check {
    struct fsck *fsck;
    bool whole;
    struct buf segments; /* ids of those gone into, in order */
};

static dits_error *on_segment(const struct dits_oid *segment, bool *descend,
                              void *payload)
{
    struct file_check *check = payload;
    *descend = !is_known_whole(check->fsck, segment);
    if (*descend)
        TRY(buf_put(&check->segments, segment->hash, OID_SIZE));
    return remember(check->fsck, segment, true);
}

/* A chunk with a damaged copy may have a whole one, too. */
static dits_error *has_chunk(struct fsck *fsck, const struct dits_oid *id,
                             bool *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    if (!id_set_has(&fsck->damaged, id))
        return store_find(fsck->repo->store, id, out, NULL);
    dits_error *err = store_read(fsck->repo->store, CHUNK_DATA, id, &bytes);
    bool is_away = dits_error_has(err, DITS_E_OFFLINE);
    *out = err == NULL || is_away;
    if (err == NULL ||
        !(is_away || fsck_is_damage(err) || dits_error_has(err, DITS_E_GONE)))
        return err;
    dits_error_free(err); /* told of by the caller */
    return NULL;
}

/* What was removed on purpose is not missing. */
static dits_error *is_obliterated(struct fsck *fsck, const struct dits_oid *id,
                                  bool *out)
{
    dits_error *err = obliteration_explain(id, fsck->repo->dits_dir);
    *out = dits_error_has(err, DITS_E_GONE);
    if (!*out)
        return err;
    dits_error_free(err); /* that was the question */
    fsck->obliterated++;
    return NULL;
}

static dits_error *on_chunk(const struct chunk_ref *chunk, void *payload)
{
    struct file_check *check = payload;
    struct fsck *fsck = check->fsck;
    bool found = false;
    if (is_known_whole(fsck, &chunk->id))
        return NULL;
    TRY(has_chunk(fsck, &chunk->id, &found));
    if (!found)
        TRY(is_obliterated(fsck, &chunk->id, &found));
    TRY(remember(fsck, &chunk->id, found));
    if (found)
        return NULL;
    check->whole = false;
    return tell(fsck, CHUNK_DATA, &chunk->id, NULL);
}

/* What was gone into for a file that is not whole is not taken for whole. */
static dits_error *distrust_segments(struct file_check *check)
{
    struct cursor in = cursor_over(check->segments.data, check->segments.size);
    while (cursor_left(&in) > 0) {
        struct dits_oid id = {0};
        TRY(cursor_oid(&in, &id));
        TRY(remember(check->fsck, &id, false));
    }
    return NULL;
}

/* The bytes of the whole file against its hash. */
static dits_error *check_content(struct fsck *fsck, const struct dits_oid *id,
                                 struct asset *asset, bool *whole)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(asset_reader_release) struct asset_reader reader = {0};
    const struct asset_info *info = asset_get_info(asset);
    struct hash hash;
    struct dits_oid content = {0};
    void *at = NULL;
    TRY(asset_reader_init(&reader, asset));
    TRY(buf_extend(&bytes, READ_BYTES, &at));
    hash_begin(&hash);
    for (uint64_t offset = 0; offset < info->size;) {
        uint64_t left = info->size - offset;
        size_t size = left < READ_BYTES ? (size_t)left : READ_BYTES;
        TRY(context_check(fsck->repo->context));
        TRY(asset_reader_read(&reader, offset, size, at));
        hash_update(&hash, at, size);
        progress_add(&fsck->progress, size, 0, buf_text(&fsck->path));
        offset += size;
    }
    hash_finish(&hash, &content);
    *whole = dits_oid_equal(&content, &info->content);
    if (*whole)
        return NULL;
    return tell(fsck, CHUNK_ASSET, id,
                error_new(DITS_E_CORRUPT,
                          "its chunks do not give the file it stands for"));
}

/* The lists and chunks of an opened file. */
static dits_error *check_lists(struct fsck *fsck, const struct dits_oid *id,
                               struct asset *asset, bool *whole)
{
    struct file_check check = {.fsck = fsck, .whole = true};
    struct asset_mark mark = {on_segment, on_chunk, &check};
    dits_error *err = asset_mark(asset, &mark);
    if (err != NULL && fsck_is_damage(err)) {
        /* The segment that was gone into last is the one. */
        struct dits_oid segment = *id;
        size_t size = check.segments.size;
        if (size >= OID_SIZE)
            memcpy(segment.hash, check.segments.data + size - OID_SIZE,
                   OID_SIZE);
        check.whole = false;
        err = tell(fsck, CHUNK_LIST, &segment, err);
    }
    if (err == NULL && !check.whole)
        err = distrust_segments(&check);
    buf_release(&check.segments);
    *whole = check.whole;
    return err;
}

/*
 * What was obliterated cannot be read, and need not be; what is on a disk that
 * is away is not lost for that.
 */
static dits_error *unless_gone(dits_error *err)
{
    if (!dits_error_has(err, DITS_E_GONE) &&
        !dits_error_has(err, DITS_E_OFFLINE))
        return err;
    dits_error_free(err); /* it is counted */
    return NULL;
}

static dits_error *check_asset(struct fsck *fsck, const struct dits_oid *id,
                               bool *whole)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    bool is_first = !id_set_has(&fsck->seen, id);
    *whole = is_known_whole(fsck, id);
    if (*whole)
        return NULL;
    fsck->result.files += is_first;
    dits_error *err = asset_open(fsck->repo->store, id, &asset);
    if (err != NULL && !fsck_is_damage(err))
        return err;
    if (err != NULL) {
        TRY(tell(fsck, CHUNK_ASSET, id, err));
    } else {
        TRY(check_lists(fsck, id, asset, whole));
        if (*whole && fsck->options->full &&
            asset_get_info(asset)->chunk_count > 1)
            TRY(unless_gone(check_content(fsck, id, asset, whole)));
    }
    if (!*whole && is_first)
        TRY(fsck_add_need(fsck, id));
    return remember(fsck, id, *whole);
}

static dits_error *check_folder(struct fsck *fsck, const struct dits_oid *tree,
                                unsigned depth, bool *whole);

/* An entry of a folder whose path has `length` bytes. */
static dits_error *check_entry(struct fsck *fsck, const struct tree_item *item,
                               unsigned depth, bool *whole)
{
    size_t length = fsck->path.size;
    bool entry_whole = false;
    if (length > 0)
        TRY(buf_put_u8(&fsck->path, '/'));
    TRY(buf_put(&fsck->path, item->name, item->length));
    if (item->mode == TREE_FOLDER)
        TRY(check_folder(fsck, item->id, depth + 1, &entry_whole));
    else
        TRY(check_asset(fsck, item->id, &entry_whole));
    *whole = *whole && entry_whole;
    fsck->path.size = length;
    if (fsck->path.data != NULL)
        fsck->path.data[length] = 0;
    return NULL;
}

/* Into the node at the cursor, or past it when it is damaged. */
static dits_error *enter_node(struct fsck *fsck, struct tree_cursor *cursor,
                              bool *whole)
{
    struct dits_oid id = *tree_cursor_item(cursor)->id;
    dits_error *err = tree_cursor_descend(cursor);
    if (err == NULL)
        return remember(fsck, &id, true);
    if (!fsck_is_damage(err))
        return err;
    *whole = false;
    TRY(remember(fsck, &id, false));
    TRY(tell(fsck, CHUNK_TREE, &id, err));
    return tree_cursor_next(cursor);
}

static dits_error *check_items(struct fsck *fsck, const struct dits_oid *tree,
                               unsigned depth, bool *whole)
{
    CLEANUP(tree_cursor_release) struct tree_cursor cursor = {0};
    dits_error *err = tree_cursor_open(fsck->repo->store, tree, &cursor);
    while (err == NULL && tree_cursor_item(&cursor) != NULL) {
        if (tree_cursor_level(&cursor) > 0) {
            err = enter_node(fsck, &cursor, whole);
        } else {
            TRY(check_entry(fsck, tree_cursor_item(&cursor), depth, whole));
            err = tree_cursor_next(&cursor);
        }
    }
    if (err == NULL || !fsck_is_damage(err))
        return err;
    *whole = false;
    return tell(fsck, CHUNK_TREE, tree, err);
}

/* Recursion is bounded by the depth of paths. */
static dits_error *check_folder(struct fsck *fsck, const struct dits_oid *tree,
                                unsigned depth, bool *whole)
{
    *whole = is_known_whole(fsck, tree);
    if (*whole)
        return NULL;
    *whole = true;
    if (depth >= TREE_MAX_DEPTH)
        return error_new(DITS_E_LIMIT, "more than %d folders within each other",
                         TREE_MAX_DEPTH);
    TRY(context_check(fsck->repo->context));
    TRY(check_items(fsck, tree, depth, whole));
    return remember(fsck, tree, *whole);
}

/* Commits that are still to be checked: their ids, one behind the other. */
static dits_error *queue_commit(struct fsck *fsck, struct buf *queue,
                                const struct dits_oid *id)
{
    bool is_new = false;
    TRY(id_set_add(&fsck->seen, id, &is_new));
    return is_new ? buf_put(queue, id->hash, OID_SIZE) : NULL;
}

static dits_error *check_commit(struct fsck *fsck, struct buf *queue)
{
    CLEANUP(commit_release) struct commit commit = {0};
    bool whole = true;
    bool is_cut = false;
    queue->size -= OID_SIZE;
    memcpy(fsck->commit.hash, queue->data + queue->size, OID_SIZE);
    dits_error *err = commit_load(fsck->repo->store, &fsck->commit, &commit);
    if (err != NULL && fsck_is_damage(err))
        return tell(fsck, CHUNK_COMMIT, &fsck->commit, err);
    TRY(err);
    fsck->result.commits++;
    progress_add(&fsck->progress, 0, 1, NULL);
    TRY(check_folder(fsck, &commit.tree, 0, &whole));
    TRY(fsck_shallow_commit(fsck, &commit, &is_cut));
    for (size_t i = 0; i < commit.parent_count && !is_cut; i++)
        TRY(queue_commit(fsck, queue, &commit.parents[i]));
    return NULL;
}

static dits_error *check_commits(struct fsck *fsck, const struct dits_oid *id)
{
    CLEANUP(buf_release) struct buf queue = {0};
    TRY(queue_commit(fsck, &queue, id));
    while (queue.size > 0)
        TRY(check_commit(fsck, &queue));
    fsck->commit = (struct dits_oid){0};
    return NULL;
}

static dits_error *check_root(enum chunk_kind kind, const struct dits_oid *id,
                              void *payload);

static dits_error *check_tag(struct fsck *fsck, const struct dits_oid *id)
{
    CLEANUP(tag_release) struct tag tag = {0};
    bool is_new = false;
    TRY(id_set_add(&fsck->seen, id, &is_new));
    if (!is_new)
        return NULL;
    dits_error *err = tag_load(fsck->repo->store, id, &tag);
    if (err != NULL && fsck_is_damage(err))
        return tell(fsck, CHUNK_TAG, id, err);
    TRY(err);
    return check_root(tag.target_kind, &tag.target, fsck);
}

static dits_error *check_root(enum chunk_kind kind, const struct dits_oid *id,
                              void *payload)
{
    struct fsck *fsck = payload;
    bool whole = true;
    switch (kind) {
    case CHUNK_COMMIT:
        return check_commits(fsck, id);
    case CHUNK_TAG:
        return check_tag(fsck, id);
    case CHUNK_TREE:
        return check_folder(fsck, id, 0, &whole);
    case CHUNK_ASSET:
        return check_asset(fsck, id, &whole);
    case CHUNK_DATA:
    case CHUNK_LIST:
        break;
    }
    return tell(fsck, kind, id,
                error_new(DITS_E_CORRUPT, "it cannot be led to by a name"));
}

/* What is staged, with its paths. */
static dits_error *check_index(dits_repo *view, void *payload)
{
    struct fsck *fsck = payload;
    CLEANUP(index_freep) struct index *index = NULL;
    TRY(index_open(view, &index));
    for (size_t i = 0; i < index_count(index); i++) {
        const struct index_entry *entry = index_at(index, i);
        bool whole = true;
        buf_clear(&fsck->path);
        TRY(buf_put_text(&fsck->path, entry->path));
        TRY(check_asset(fsck, &entry->asset, &whole));
    }
    buf_clear(&fsck->path);
    return NULL;
}

/* Damage in what names the roots does not end the check. */
static dits_error *survive(struct fsck *fsck, const char *what, dits_error *err)
{
    CLEANUP(dits_error_freep) dits_error *cause = err;
    if (cause == NULL || !fsck_is_damage(cause))
        return MOVE(cause);
    fsck->result.damaged++;
    buf_clear(&fsck->path);
    fsck->commit = (struct dits_oid){0};
    return fsck_report(fsck, DITS_FSCK_DAMAGE, NULL, "%s: %s", what,
                       reason_of(cause));
}

dits_error *fsck_graph(struct fsck *fsck)
{
    progress_begin(&fsck->progress, fsck->repo->context, "checking commits", 0,
                   0);
    dits_error *err = survive(fsck, "refs and logs",
                              reach_each_name(fsck->repo, check_root, fsck));
    if (err == NULL)
        err = survive(fsck, "the index",
                      linked_each_view(fsck->repo, check_index, fsck));
    progress_end(&fsck->progress);
    return err;
}
