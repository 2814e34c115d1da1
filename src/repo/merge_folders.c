/*
 * A file on one side, a folder of the same name on the other: the file is moved
 * aside, "cut~HEAD", and is a conflict.
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/merge_decide.h"

struct parting {
    const struct merge_rules *rules;
    const struct dits_oid *ours; /* tree */
    struct merge_outcomes *outcomes;
    char **paths; /* of files to move aside */
    size_t count;
    size_t capacity;
};

static void release_parting(struct parting *parting)
{
    for (size_t i = 0; i < parting->count; i++)
        mem_free(parting->paths[i]);
    mem_free(parting->paths);
}

static dits_error *note(struct parting *parting, const char *path)
{
    for (size_t i = 0; i < parting->count; i++)
        if (strcmp(parting->paths[i], path) == 0)
            return NULL;
    char **paths = array_grown(parting->paths, parting->count,
                               &parting->capacity, sizeof(char *));
    if (paths == NULL)
        return error_nomem();
    parting->paths = paths;
    TRY(text_copy(path, &parting->paths[parting->count]));
    parting->count++;
    return NULL;
}

static dits_error *find_ours(const struct parting *parting, const char *path,
                             struct tree_entry *out, bool *out_found)
{
    return tree_find(parting->rules->repo->store, parting->ours, path, out,
                     out_found);
}

static dits_error *is_file(const struct parting *parting, const char *path,
                           bool *out)
{
    const struct merge_outcome *outcome =
        merge_outcomes_find(parting->outcomes, path);
    struct tree_entry entry = {0};
    bool found = false;
    *out = outcome != NULL && outcome->file.mode != 0;
    if (outcome != NULL)
        return NULL;
    TRY(find_ours(parting, path, &entry, &found));
    *out = found && entry.mode != TREE_FOLDER;
    return NULL;
}

/* A new file: do the folders above it exist as files? */
static dits_error *check_above(struct parting *parting, const char *path,
                               const char *previous)
{
    CLEANUP(text_free) char *part = NULL;
    size_t folder = (size_t)(path_base_name(path) - path);
    if (previous != NULL && strncmp(previous, path, folder) == 0 &&
        strchr(previous + folder, '/') == NULL)
        return NULL; /* the one before was in the same folder */
    TRY(text_copy(path, &part));
    for (char *at = strchr(part, '/'); at != NULL; at = strchr(at + 1, '/')) {
        bool file = false;
        *at = '\0';
        TRY(is_file(parting, part, &file));
        if (file)
            return note(parting, part);
        *at = '/';
    }
    return NULL;
}

/* Whether anything stays in a folder of ours. */
struct remains {
    const struct parting *parting;
    const char *folder;
    bool any;
};

static dits_error *on_entry(const char *path, const struct tree_entry *entry,
                            void *payload)
{
    struct remains *remains = payload;
    CLEANUP(buf_release) struct buf whole = {0};
    (void)entry;
    TRY(buf_printf(&whole, "%s/%s", remains->folder, path));
    const struct merge_outcome *outcome =
        merge_outcomes_find(remains->parting->outcomes, buf_text(&whole));
    remains->any |= outcome == NULL || outcome->file.mode != 0;
    return NULL;
}

/* A new file: does a folder of its name stay? */
static dits_error *check_itself(struct parting *parting, const char *path)
{
    struct remains remains = {.parting = parting, .folder = path};
    struct tree_entry entry = {0};
    bool found = false;
    TRY(find_ours(parting, path, &entry, &found));
    if (!found || entry.mode != TREE_FOLDER)
        return NULL;
    TRY(tree_walk(parting->rules->repo->store, &entry.id, on_entry, &remains));
    return remains.any ? note(parting, path) : NULL;
}

static dits_error *find_all(struct parting *parting)
{
    const char *previous = NULL;
    for (size_t i = 0; i < parting->outcomes->count; i++) {
        const struct merge_outcome *outcome = &parting->outcomes->items[i];
        if (outcome->file.mode == 0 || outcome->here.mode != 0)
            continue;
        TRY(check_above(parting, outcome->path, previous));
        TRY(check_itself(parting, outcome->path));
        previous = outcome->path;
    }
    return NULL;
}

/* "cut~HEAD": with '_' for what would make folders, and a number if need be. */
static dits_error *name_aside(const struct parting *parting, const char *path,
                              const char *label, char **out)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(buf_printf(&name, "%s~%s", path, label));
    for (size_t i = strlen(path); i < name.size; i++)
        if (name.data[i] == '/')
            name.data[i] = '_';
    size_t length = name.size;
    for (unsigned number = 0;; number++) {
        struct tree_entry entry = {0};
        bool found = false;
        TRY(find_ours(parting, buf_text(&name), &entry, &found));
        if (!found &&
            !merge_outcomes_has_within(parting->outcomes, buf_text(&name)))
            return buf_take_text(&name, out);
        name.size = length;
        TRY(buf_printf(&name, "_%u", number));
    }
}

static dits_error *append(struct merge_outcomes *outcomes,
                          struct merge_outcome **out)
{
    struct merge_outcome *items = array_grown(
        outcomes->items, outcomes->count, &outcomes->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    outcomes->items = items;
    *out = &outcomes->items[outcomes->count++];
    return NULL;
}

/* A file of ours that the merge did not touch so far. */
static dits_error *touch(const struct parting *parting, const char *path,
                         struct merge_outcome *outcome)
{
    struct tree_entry entry = {0};
    bool found = false;
    TRY(find_ours(parting, path, &entry, &found));
    struct change_side side = change_side_of(&entry);
    outcome->here = side;
    outcome->result = side;
    outcome->file = side;
    outcome->stages[STAGE_OURS] = side;
    return text_copy(path, &outcome->path);
}

/*
 * Everything but the path and what is there goes to the new name. The file is
 * of the side that has no folder there; of one whose content is not in doubt
 * the other side has no part in the conflict.
 */
static dits_error *move_aside(struct parting *parting, const char *path)
{
    struct merge_outcomes *outcomes = parting->outcomes;
    struct merge_outcome *aside = NULL;
    struct merge_outcome *outcome = merge_outcomes_find(outcomes, path);
    size_t at = outcome != NULL ? (size_t)(outcome - outcomes->items)
                                : outcomes->count;
    if (outcome == NULL) {
        TRY(append(outcomes, &outcome));
        TRY(touch(parting, path, outcome));
    }
    bool ours = outcome->here.mode != 0;
    CLEANUP(text_free) char *name = NULL;
    CLEANUP(text_free) char *old_path = NULL;
    TRY(name_aside(parting, path,
                   parting->rules->labels[ours ? STAGE_OURS : STAGE_THEIRS],
                   &name));
    TRY(text_copy(path, &old_path));
    TRY(append(outcomes, &aside));
    outcome = &outcomes->items[at];
    *aside = (struct merge_outcome){
        .path = MOVE(name),
        .old_path = MOVE(old_path),
        .result = ours ? outcome->result : (struct change_side){0},
        .file = outcome->file,
        .kind = DITS_MERGE_FILE_FOLDER,
        .is_conflict = true,
        .is_told = true,
        .is_text = outcome->is_text,
        .is_whole = outcome->is_whole,
        .is_ours = ours,
    };
    if (outcome->is_conflict)
        memcpy(aside->stages, outcome->stages, sizeof(aside->stages));
    else
        aside->stages[ours ? STAGE_OURS : STAGE_THEIRS] = outcome->file;
    memset(outcome->stages, 0, sizeof(outcome->stages));
    outcome->result = (struct change_side){0};
    outcome->file = (struct change_side){0};
    outcome->is_conflict = false;
    outcome->is_told = false;
    return NULL;
}

static int compare_outcomes(const void *a, const void *b)
{
    const struct merge_outcome *left = a;
    const struct merge_outcome *right = b;
    return path_compare(left->path, right->path);
}

dits_error *merge_part_folders(const struct merge_rules *rules,
                               const struct dits_oid *ours,
                               struct merge_outcomes *outcomes)
{
    CLEANUP(release_parting)
    struct parting parting = {
        .rules = rules, .ours = ours, .outcomes = outcomes};
    TRY(find_all(&parting));
    for (size_t i = 0; i < parting.count; i++) {
        TRY(move_aside(&parting, parting.paths[i]));
        qsort(outcomes->items, outcomes->count, sizeof(*outcomes->items),
              compare_outcomes);
    }
    return NULL;
}
