/*
 * An import of the newest commits alone. Git lists descendants before their
 * ancestors, so that the depth of a commit, the least of all ways to it, is
 * known when its own line comes.
 */
#include <string.h>

#include "base/array.h"
#include "repo/git_import.h"
#include "repo/git_text.h"

/* A line of `rev-list --parents`: git has commits of thousands of parents. */
enum { LINE_BYTES = 1 << 20 };

static dits_error *set_depth(struct git_depths *depths,
                             const struct dits_oid *id, uint64_t depth)
{
    size_t number = 0;
    bool is_new = false;
    uint64_t *items = array_grown(depths->items, depths->numbers.count,
                                  &depths->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    depths->items = items;
    TRY(oid_map_add(&depths->numbers, id, &number, &is_new));
    if (is_new || depths->items[number] > depth)
        depths->items[number] = depth;
    return NULL;
}

/* 0: too far. */
static uint64_t depth_of(const struct git_depths *depths,
                         const struct dits_oid *id)
{
    size_t number = 0;
    return oid_map_find(&depths->numbers, id, &number) ? depths->items[number]
                                                       : 0;
}

bool git_import_is_within(const struct git_import *import,
                          const struct dits_oid *id, bool *out_is_last)
{
    uint64_t most = import->options->depth;
    uint64_t depth = most == 0 ? 0 : depth_of(&import->depths, id);
    *out_is_last = most > 0 && depth == most;
    return most == 0 || depth > 0;
}

typedef dits_error *line_fn(struct git_import *import, const char *line);

static dits_error *each_line(struct git_import *import,
                             const char *const *arguments, line_fn *fn)
{
    CLEANUP(process_stop) struct process process = {0};
    CLEANUP(buf_release) struct buf line = {0};
    bool found = false;
    TRY(git_start(&import->place, arguments, &process));
    TRY(git_import_put_tips(import, &process));
    TRY(process_line(&process, LINE_BYTES, &line, &found));
    while (found) {
        TRY(context_check(import->repo->context));
        TRY(fn(import, buf_text(&line)));
        TRY(process_line(&process, LINE_BYTES, &line, &found));
    }
    return git_finish(&process, "cannot list git's commits");
}

static dits_error *take_tip(struct git_import *import, const char *line)
{
    struct dits_oid id = {0};
    if (!git_id_parse(slice_of_text(line), import->place.id_size, &id))
        return error_new(DITS_E_CORRUPT, "git lists a commit as '%s'", line);
    return set_depth(&import->depths, &id, 1);
}

/* "ID PARENT PARENT…" */
static dits_error *pass_on(struct git_import *import, const char *line)
{
    size_t id_size = import->place.id_size;
    struct dits_oid id = {0};
    size_t length = strcspn(line, " ");
    if (!git_id_parse(slice_of(line, length), id_size, &id))
        return error_new(DITS_E_CORRUPT, "git lists a commit as '%s'", line);
    uint64_t depth = depth_of(&import->depths, &id);
    if (depth == 0 || depth >= import->options->depth)
        return NULL;
    for (line += length; *line == ' '; line += length) {
        struct dits_oid parent = {0};
        line++;
        length = strcspn(line, " ");
        if (git_id_parse(slice_of(line, length), id_size, &parent))
            TRY(set_depth(&import->depths, &parent, depth + 1));
    }
    return NULL;
}

dits_error *git_import_measure(struct git_import *import)
{
    static const char *const tips[] = {"rev-list", "--no-walk", "--stdin",
                                       NULL};
    static const char *const all[] = {"rev-list", "--topo-order", "--parents",
                                      "--stdin", NULL};
    if (import->options->depth == 0 || import->ref_count == 0)
        return NULL;
    TRY(each_line(import, tips, take_tip));
    return each_line(import, all, pass_on);
}
