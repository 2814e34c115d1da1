/*
 * Each version of the file is a suspect for some lines. It passes those on that
 * a parent has, too, and keeps the others. Newest commits come first, so that
 * lines that took different ways meet before their common ancestor is asked.
 */
#include <dits/blame.h>

#include <dits/refs.h>

#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/text.h"
#include "object/asset.h"
#include "repo/blame_file.h"
#include "repo/blame_range.h"
#include "repo/blame_suspect.h"
#include "repo/changes.h"
#include "repo/history.h"
#include "repo/lines.h"
#include "repo/obliteration.h"
#include "repo/pathspec.h"
#include "repo/refs.h"
#include "repo/similar.h"

/* Versions kept in memory until they are asked. */
enum { KEEP_BYTES = 1 << 20 };

/* What a suspect that kept lines is in the result. */
struct origin {
    struct dits_oid id; /* zero: not committed */
    dits_commit *commit;
    char *path;
    struct dits_oid previous;
    char *previous_path;
};

struct dits_blame {
    char *path;
    struct buf bytes;
    struct blame_text text;
    size_t *shown; /* lines asked for, from 0, rising */
    size_t count;
    struct origin *origins;
    size_t origin_count;
    size_t origin_capacity;
    size_t *origin_of; /* by line */
    size_t *origin_line;
};

struct blaming {
    dits_repo *repo;
    const struct dits_blame_options *options;
    struct dits_blame *blame;
    struct history history;
    struct history_queue queue;
    struct suspect *suspects;
    size_t count;
    size_t capacity;
    struct id_set gone; /* assets that were obliterated */
    size_t passed_over; /* versions that are such */
    size_t *map; /* for the version at hand: lines of the parent + 1; 0: none */
    size_t map_capacity;
    struct progress progress;
};

static void blaming_release(struct blaming *blaming)
{
    progress_end(&blaming->progress);
    for (size_t i = 0; i < blaming->count; i++)
        suspect_release(&blaming->suspects[i]);
    mem_free(blaming->suspects);
    id_set_release(&blaming->gone);
    mem_free(blaming->map);
    history_queue_release(&blaming->queue);
    history_release(&blaming->history);
}

void dits_blame_free(dits_blame *blame)
{
    if (blame == NULL)
        return;
    for (size_t i = 0; i < blame->origin_count; i++) {
        dits_commit_free(blame->origins[i].commit);
        mem_free(blame->origins[i].path);
        mem_free(blame->origins[i].previous_path);
    }
    mem_free(blame->origins);
    mem_free(blame->origin_of);
    mem_free(blame->origin_line);
    mem_free(blame->shown);
    blame_text_release(&blame->text);
    buf_release(&blame->bytes);
    mem_free(blame->path);
    mem_free(blame);
}

static void blame_freep(dits_blame **blame)
{
    dits_blame_free(*blame);
}

/*
 * The suspect for a version, a new one when it was not there. `lender`: one
 * whose bytes it gets; NULL: it has its own.
 */
static dits_error *suspect_for(struct blaming *blaming,
                               const struct ancestor *ancestor,
                               const struct suspect *lender,
                               struct suspect **out)
{
    CLEANUP(suspect_release) struct suspect made = {0};
    struct history_node *node = ancestor->node;
    for (size_t i = 0; i < blaming->count; i++) {
        *out = &blaming->suspects[i];
        if (suspect_is_for(*out, ancestor, lender))
            return NULL;
    }
    struct suspect *suspects = array_grown(blaming->suspects, blaming->count,
                                           &blaming->capacity,
                                           sizeof(*suspects));
    if (suspects == NULL)
        return error_nomem();
    blaming->suspects = suspects;
    TRY(suspect_make(ancestor, lender, &made));
    if ((node->flags & HISTORY_QUEUED) == 0)
        TRY(history_queue_put(&blaming->queue, node));
    node->flags |= HISTORY_QUEUED;
    *out = &suspects[blaming->count++];
    **out = MOVE(made);
    return NULL;
}

struct ancestors {
    struct ancestor *items;
    size_t count;
};

static void ancestors_release(struct ancestors *ancestors)
{
    for (size_t i = 0; i < ancestors->count; i++)
        mem_free(ancestors->items[i].path);
    mem_free(ancestors->items);
}

/* The content, or most of it, at a path of the parent that is gone since. */
static dits_error *find_rename(struct blaming *blaming,
                               const struct suspect *suspect,
                               struct ancestor *out)
{
    CLEANUP(change_list_release) struct change_list changes = {0};
    CLEANUP(index_freep) struct index *index = NULL;
    if (suspect->node == NULL) {
        TRY(index_open(blaming->repo, &index));
        TRY(change_list_of_index(blaming->repo, &out->node->tree, index, NULL,
                                 &changes));
    } else {
        TRY(change_list_of_trees(blaming->repo, &out->node->tree,
                                 &suspect->node->tree, NULL, &changes));
    }
    TRY(change_list_find_renames(&changes, false));
    TRY(similar_find_renames(blaming->repo, &changes, SIMILAR_MAX_SHOWN));
    for (size_t i = 0; i < changes.count; i++) {
        const struct change *change = &changes.items[i];
        if (change->old_path == NULL ||
            strcmp(change->path, suspect->path) != 0)
            continue;
        out->asset = change->before.id;
        return text_copy(change->old_path, &out->path);
    }
    return NULL;
}

static dits_error *find_same_path(struct blaming *blaming,
                                  const struct suspect *suspect,
                                  struct ancestor *out)
{
    TRY(history_load(&blaming->history, out->node));
    commit_release(&out->node->commit);
    TRY(blame_file_find(blaming->repo, &out->node->tree, suspect->path,
                        &out->asset));
    return dits_oid_is_zero(&out->asset) ? NULL
                                         : text_copy(suspect->path, &out->path);
}

static dits_error *make_ancestors(struct blaming *blaming,
                                  const struct suspect *suspect,
                                  struct ancestors *out)
{
    struct dits_oid head = {0};
    size_t count = suspect->node != NULL ? suspect->node->parent_count : 1;
    if (suspect->node == NULL)
        TRY(refs_head_commit(blaming->repo, &head));
    if (count == 0 || (suspect->node == NULL && dits_oid_is_zero(&head)))
        return NULL;
    out->items = mem_new_array(struct ancestor, count);
    if (out->items == NULL)
        return error_nomem();
    out->count = count;
    if (suspect->node == NULL)
        return history_get(&blaming->history, &head, &out->items[0].node);
    for (size_t i = 0; i < count; i++)
        out->items[i].node = suspect->node->parents[i];
    return NULL;
}

static bool is_whole(const struct suspect *suspect,
                     const struct ancestor *ancestor)
{
    return ancestor->path != NULL && suspect->node != NULL &&
           dits_oid_equal(&ancestor->asset, &suspect->asset);
}

/*
 * Find what the parents have. `*out_whole`: one of them has this very version,
 * and that one takes all lines. Renames are looked for where there is no file
 * of the name, and only then.
 */
static dits_error *find_ancestors(struct blaming *blaming,
                                  const struct suspect *suspect,
                                  struct ancestors *out,
                                  const struct ancestor **out_whole)
{
    TRY(make_ancestors(blaming, suspect, out));
    for (int renamed = 0; renamed < 2; renamed++) {
        for (size_t i = 0; i < out->count; i++) {
            struct ancestor *ancestor = &out->items[i];
            if (ancestor->path != NULL)
                continue;
            TRY(renamed ? find_rename(blaming, suspect, ancestor)
                        : find_same_path(blaming, suspect, ancestor));
            if (is_whole(suspect, ancestor)) {
                *out_whole = ancestor;
                return NULL;
            }
        }
    }
    return NULL;
}

/* All lines as they are; `is_lent`: not because the parent has them. */
static dits_error *pass_whole(struct blaming *blaming, struct suspect *suspect,
                              const struct ancestor *ancestor, bool is_lent)
{
    struct suspect *parent = NULL;
    TRY(suspect_for(blaming, ancestor, is_lent ? suspect : NULL, &parent));
    for (size_t i = 0; i < suspect->count; i++)
        TRY(suspect_add_pair(parent, suspect->pairs[i]));
    if (parent->bytes.size == 0)
        parent->bytes = MOVE(suspect->bytes);
    suspect->count = 0;
    return NULL;
}

static dits_error *read_version(struct blaming *blaming,
                                const struct dits_oid *asset, const char *path,
                                struct buf *out)
{
    if (out->size > 0 || dits_oid_is_zero(asset))
        return NULL;
    return blame_file_read(blaming->repo, asset, path, out);
}

static size_t count_lines(const struct buf *bytes)
{
    size_t count = bytes->size > 0 && bytes->data[bytes->size - 1] != '\n';
    for (size_t i = 0; i < bytes->size; i++)
        count += bytes->data[i] == '\n';
    return count;
}

/* Where the two versions go on being the same. */
struct mapping {
    size_t *map;
    size_t count; /* lines of the newer one */
    size_t old_at;
    size_t new_at;
};

static dits_error *map_hunk(const struct lines_hunk *hunk, void *payload)
{
    struct mapping *mapping = payload;
    size_t new_start = hunk->new_start - (hunk->new_count > 0);
    size_t old_start = hunk->old_start - (hunk->old_count > 0);
    while (mapping->new_at < new_start && mapping->new_at < mapping->count)
        mapping->map[mapping->new_at++] = ++mapping->old_at;
    mapping->new_at = new_start + hunk->new_count;
    mapping->old_at = old_start + hunk->old_count;
    return NULL;
}

static dits_error *make_map(struct blaming *blaming, const struct buf *before,
                            const struct buf *after)
{
    struct mapping mapping = {.count = count_lines(after)};
    if (mapping.count > blaming->map_capacity) {
        size_t *map = mem_resize(blaming->map, blaming->map_capacity,
                                 mapping.count, sizeof(*map));
        if (map == NULL)
            return error_nomem();
        blaming->map = map;
        blaming->map_capacity = mapping.count;
    }
    if (mapping.count == 0)
        return NULL;
    memset(blaming->map, 0, mapping.count * sizeof(*blaming->map));
    mapping.map = blaming->map;
    TRY(lines_hunks(&blaming->repo->lines, buf_slice(before), buf_slice(after),
                    blaming->options->ignore_space, map_hunk, &mapping));
    while (mapping.new_at < mapping.count)
        mapping.map[mapping.new_at++] = ++mapping.old_at;
    return NULL;
}

/* Lines that the parent has go there, the others stay. */
static dits_error *pass_mapped(struct blaming *blaming, struct suspect *suspect,
                               const struct ancestor *ancestor,
                               struct buf *bytes)
{
    struct suspect *parent = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < suspect->count; i++) {
        struct pair pair = suspect->pairs[i];
        size_t there = blaming->map[pair.here];
        if (there == 0) {
            suspect->pairs[kept++] = pair;
            continue;
        }
        if (parent == NULL)
            TRY(suspect_for(blaming, ancestor, NULL, &parent));
        pair.here = there - 1;
        TRY(suspect_add_pair(parent, pair));
    }
    suspect->count = kept;
    if (parent != NULL && parent->bytes.size == 0 && bytes->size <= KEEP_BYTES)
        parent->bytes = MOVE(*bytes);
    return NULL;
}

static dits_error *pass_to(struct blaming *blaming, struct suspect *suspect,
                           const struct ancestor *ancestor)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(read_version(blaming, &ancestor->asset, ancestor->path, &bytes));
    TRY(read_version(blaming, &suspect->asset, suspect->path, &suspect->bytes));
    TRY(make_map(blaming, &bytes, &suspect->bytes));
    return pass_mapped(blaming, suspect, ancestor, &bytes);
}

/*
 * What the parent had is not known, but perhaps what it had it from. Where the
 * bytes at hand have its hash, they are its own.
 */
static dits_error *pass_beyond(struct blaming *blaming, struct suspect *suspect,
                               const struct ancestor *ancestor)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    struct dits_oid hash = {0};
    TRY(read_version(blaming, &suspect->asset, suspect->path, &suspect->bytes));
    TRY(asset_open(blaming->repo->store, &ancestor->asset, &asset));
    hash_bytes(suspect->bytes.data, suspect->bytes.size, &hash);
    bool is_known = !suspect->is_lent &&
                    dits_oid_equal(&hash, &asset_get_info(asset)->content);
    blaming->passed_over += !is_known;
    return pass_whole(blaming, suspect, ancestor, !is_known);
}

static bool is_repeated(const struct ancestors *ancestors, size_t index)
{
    const struct ancestor *ancestor = &ancestors->items[index];
    for (size_t i = 0; i < index; i++) {
        if (ancestors->items[i].path != NULL &&
            dits_oid_equal(&ancestors->items[i].asset, &ancestor->asset))
            return true;
    }
    return false;
}

static dits_error *note_previous(struct suspect *suspect,
                                 const struct ancestor *ancestor)
{
    if (suspect->previous_path != NULL)
        return NULL;
    suspect->previous = ancestor->node->id;
    return text_copy(ancestor->path, &suspect->previous_path);
}

/* Those that can be read are asked first. */
static dits_error *pass_to_each(struct blaming *blaming,
                                struct suspect *suspect,
                                const struct ancestors *ancestors, bool gone)
{
    for (size_t i = 0; i < ancestors->count && suspect->count > 0; i++) {
        const struct ancestor *ancestor = &ancestors->items[i];
        if (ancestor->path == NULL || is_repeated(ancestors, i) ||
            id_set_has(&blaming->gone, &ancestor->asset) != gone)
            continue;
        TRY(note_previous(suspect, ancestor));
        TRY(gone ? pass_beyond(blaming, suspect, ancestor)
                 : pass_to(blaming, suspect, ancestor));
    }
    return NULL;
}

static dits_error *pass_on(struct blaming *blaming, struct suspect *suspect)
{
    CLEANUP(ancestors_release) struct ancestors ancestors = {0};
    const struct ancestor *whole = NULL;
    TRY(find_ancestors(blaming, suspect, &ancestors, &whole));
    if (whole != NULL)
        return pass_whole(blaming, suspect, whole, suspect->is_lent);
    TRY(pass_to_each(blaming, suspect, &ancestors, false));
    return pass_to_each(blaming, suspect, &ancestors, true);
}

/* What was not passed on is the suspect's own. */
static dits_error *settle(struct blaming *blaming, struct suspect *suspect)
{
    struct dits_blame *blame = blaming->blame;
    if (suspect->count == 0)
        return NULL;
    struct origin *origins = array_grown(blame->origins, blame->origin_count,
                                         &blame->origin_capacity,
                                         sizeof(*origins));
    if (origins == NULL)
        return error_nomem();
    blame->origins = origins;
    size_t number = blame->origin_count++;
    struct origin *origin = &origins[number];
    *origin = (struct origin){
        .path = suspect->is_lent ? MOVE(suspect->lender_path)
                                 : MOVE(suspect->path),
        .previous = suspect->previous,
        .previous_path = MOVE(suspect->previous_path),
    };
    for (size_t i = 0; i < suspect->count; i++) {
        blame->origin_of[suspect->pairs[i].final] = number;
        blame->origin_line[suspect->pairs[i].final] = suspect->pairs[i].here;
    }
    progress_add(&blaming->progress, 0, suspect->count, NULL);
    if (suspect_owner(suspect) == NULL)
        return NULL;
    origin->id = suspect_owner(suspect)->id;
    return dits_commit_load(blaming->repo, &origin->id, &origin->commit);
}

static dits_error *examine(struct blaming *blaming, struct suspect *suspect)
{
    TRY(context_check(blaming->repo->context));
    TRY(pass_on(blaming, suspect));
    return settle(blaming, suspect);
}

/* The suspects of a commit leave the list before they are examined. */
static dits_error *examine_node(struct blaming *blaming,
                                struct history_node *node)
{
    for (size_t i = 0; i < blaming->count;) {
        if (blaming->suspects[i].node != node) {
            i++;
            continue;
        }
        CLEANUP(suspect_release)
        struct suspect suspect = MOVE(blaming->suspects[i]);
        blaming->suspects[i] = blaming->suspects[--blaming->count];
        blaming->suspects[blaming->count] = (struct suspect){0};
        TRY(examine(blaming, &suspect));
    }
    return NULL;
}

/* The version that is asked about. */
static dits_error *start(struct blaming *blaming, const char *path,
                         struct suspect *out)
{
    struct dits_blame *blame = blaming->blame;
    const char *revision = blaming->options->revision;
    struct dits_oid id = {0};
    TRY(text_copy(path, &out->path));
    if (revision == NULL)
        return blame_file_read_disk(blaming->repo, path, &blame->bytes);
    TRY(dits_revision_resolve(blaming->repo, revision, DITS_REVISION_COMMIT,
                              &id));
    TRY(history_get(&blaming->history, &id, &out->node));
    TRY(history_load(&blaming->history, out->node));
    commit_release(&out->node->commit);
    TRY(blame_file_find(blaming->repo, &out->node->tree, path, &out->asset));
    if (dits_oid_is_zero(&out->asset))
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "no file '%s' in '%s'", path, revision),
            "See 'dits ls -r %s'.", revision);
    return blame_file_read(blaming->repo, &out->asset, path, &blame->bytes);
}

/* A file that nobody tracks has no history. */
static dits_error *check_tracked(struct blaming *blaming, const char *path)
{
    CLEANUP(index_freep) struct index *index = NULL;
    if (blaming->options->revision != NULL)
        return NULL;
    TRY(index_open(blaming->repo, &index));
    if (index_find(index, path) != NULL)
        return NULL;
    return error_hint(error_new(DITS_E_NOT_FOUND, "'%s' is not tracked", path),
                      "See 'dits ls', or name a revision that has it.");
}

static dits_error *mark_ranges(struct blaming *blaming, bool *wanted)
{
    const struct dits_blame_options *options = blaming->options;
    const struct blame_text *text = &blaming->blame->text;
    size_t from = 0;
    for (size_t i = 0; i < options->range_count; i++) {
        struct blame_range range = {0};
        TRY(blame_range_parse(options->ranges[i], text, from, &range));
        for (size_t line = range.first; line <= range.last; line++)
            wanted[line - 1] = true;
        from = range.last;
    }
    return NULL;
}

static void free_marks(bool **marks)
{
    mem_free(*marks);
}

/* The lines asked for, all of them laid to the charge of `suspect`. */
static dits_error *accuse(struct blaming *blaming, struct suspect *suspect)
{
    struct dits_blame *blame = blaming->blame;
    CLEANUP(free_marks) bool *wanted = NULL;
    size_t count = blame->text.count;
    if (count == 0 && blaming->options->range_count == 0)
        return NULL;
    wanted = mem_new_array(bool, count + 1);
    blame->shown = mem_new_array(size_t, count + 1);
    blame->origin_of = mem_new_array(size_t, count + 1);
    blame->origin_line = mem_new_array(size_t, count + 1);
    if (wanted == NULL || blame->shown == NULL || blame->origin_of == NULL ||
        blame->origin_line == NULL)
        return error_nomem();
    TRY(mark_ranges(blaming, wanted));
    for (size_t i = 0; i < count; i++) {
        if (!wanted[i] && blaming->options->range_count > 0)
            continue;
        blame->shown[blame->count++] = i;
        TRY(suspect_add_pair(suspect, (struct pair){.final = i, .here = i}));
    }
    return NULL;
}

static void warn_of_passed(const struct blaming *blaming, const char *path)
{
    if (blaming->passed_over > 0)
        log_warn(blaming->repo->context,
                 "%zu older version%s of '%s' %s obliterated: lines that came "
                 "with such a one are shown with the next",
                 blaming->passed_over, blaming->passed_over == 1 ? "" : "s",
                 path, blaming->passed_over == 1 ? "was" : "were");
}

static dits_error *run(struct blaming *blaming, const char *path)
{
    CLEANUP(suspect_release) struct suspect first = {0};
    struct dits_blame *blame = blaming->blame;
    struct history_node *node = NULL;
    TRY(obliteration_unreadable(blaming->repo, &blaming->gone));
    TRY(check_tracked(blaming, path));
    TRY(start(blaming, path, &first));
    TRY(blame_text_split(buf_slice(&blame->bytes), &blame->text));
    TRY(accuse(blaming, &first));
    TRY(buf_put(&first.bytes, blame->bytes.data, blame->bytes.size));
    progress_begin(&blaming->progress, blaming->repo->context,
                   "following lines", 0, blame->count);
    if (first.count > 0)
        TRY(examine(blaming, &first));
    while ((node = history_queue_take(&blaming->queue)) != NULL) {
        node->flags &= ~(unsigned)HISTORY_QUEUED;
        TRY(examine_node(blaming, node));
    }
    warn_of_passed(blaming, path);
    return NULL;
}

dits_error *dits_blame_new(dits_repo *repo,
                           const struct dits_blame_options *options,
                           dits_blame **out)
{
    CLEANUP(blame_freep) dits_blame *blame = mem_new(dits_blame);
    if (blame == NULL)
        return error_nomem();
    CLEANUP(blaming_release)
    struct blaming blaming = {.repo = repo,
                              .options = options,
                              .blame = blame,
                              .history = {.repo = repo}};
    TRY(pathspec_plain(repo->work_dir, repo->prefix, options->path,
                       &blame->path));
    TRY(run(&blaming, blame->path));
    *out = MOVE(blame);
    return NULL;
}

const char *dits_blame_path(const dits_blame *blame)
{
    return blame->path;
}

size_t dits_blame_count(const dits_blame *blame)
{
    return blame->count;
}

struct dits_blame_line dits_blame_line_at(const dits_blame *blame, size_t index)
{
    size_t line = blame->shown[index];
    const struct origin *origin = &blame->origins[blame->origin_of[line]];
    return (struct dits_blame_line){
        .number = line + 1,
        .text = (const char *)blame->text.lines[line].data,
        .size = blame->text.lines[line].size,
        .commit = origin->commit,
        .path = origin->path,
        .origin_number = blame->origin_line[line] + 1,
        .previous = origin->previous,
        .previous_path = origin->previous_path,
    };
}
