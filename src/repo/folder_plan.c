#include "repo/folder_plan.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/folder_find.h"

enum { GROUPS = 3 /* of a pattern: all, stem, version */ };

void folder_plan_release(struct folder_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        mem_free(plan->files[i].source);
        mem_free(plan->files[i].path);
    }
    mem_free(plan->files);
    *plan = (struct folder_plan){0};
}

/* --- names --- */

static void free_regex(regex_t **regex)
{
    if (*regex != NULL)
        regfree(*regex);
    mem_free(*regex);
}

static dits_error *compile(const char *pattern, regex_t **out)
{
    char why[128] = "";
    CLEANUP(text_free) char *memory = mem_new_array(char, sizeof(regex_t));
    if (memory == NULL)
        return error_nomem();
    regex_t *regex = (void *)memory;
    int status = regcomp(regex, pattern, REG_EXTENDED);
    if (status != 0) {
        (void)regerror(status, regex, why, sizeof(why));
        return error_new(DITS_E_INVALID, "the pattern '%s' is wrong: %s",
                         pattern, why);
    }
    memory = NULL;
    *out = regex;
    if (regex->re_nsub < GROUPS - 1)
        return error_hint(
            error_new(DITS_E_INVALID, "the pattern '%s' has no two groups",
                      pattern),
            "The first is the stem of a name, the second the version, as in "
            "'^(.*)-([0-9]+)'.");
    return NULL;
}

static struct version_span span_of(const regmatch_t *match)
{
    if (match->rm_so < 0)
        return (struct version_span){0};
    return (struct version_span){
        .start = (size_t)match->rm_so,
        .length = (size_t)(match->rm_eo - match->rm_so)};
}

static void apply(const regex_t *regex, struct folder_file *file)
{
    regmatch_t match[GROUPS] = {{0}};
    version_name_set(file->base, (struct version_span){0},
                     (struct version_span){0}, &file->name);
    file->name.stem = file->name.sure_stem = file->name.extension;
    if (regexec(regex, file->base, GROUPS, match, 0) != 0 ||
        match[1].rm_so < 0 || match[1].rm_so == match[1].rm_eo)
        return;
    struct version_span stem = span_of(&match[1]);
    struct version_span version = span_of(&match[2]);
    version_name_set(file->base, stem, version, &file->name);
    if (file->name.extension < stem.start + stem.length ||
        file->name.extension < version.start + version.length)
        file->name.extension = strlen(file->base);
}

static dits_error *parse_names(struct folder_plan *plan, const char *pattern)
{
    CLEANUP(free_regex) regex_t *regex = NULL;
    if (pattern != NULL)
        TRY(compile(pattern, &regex));
    for (size_t i = 0; i < plan->count; i++) {
        struct folder_file *file = &plan->files[i];
        file->base = path_base_name(file->source);
        if (regex != NULL)
            apply(regex, file);
        else
            version_name_parse(file->base, &file->name);
    }
    return NULL;
}

/* --- groups --- */

static int compare_part(const char *a, size_t a_length, const char *b,
                        size_t b_length)
{
    for (size_t i = 0; i < a_length && i < b_length; i++) {
        int x = text_lower((unsigned char)a[i]);
        int y = text_lower((unsigned char)b[i]);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a_length > b_length) - (a_length < b_length);
}

/* Folder, stem, extension: those of one group have all of them. */
static int compare_stems(const struct folder_file *a, size_t a_stem,
                         const struct folder_file *b, size_t b_stem)
{
    size_t a_folder = (size_t)(a->base - a->source);
    size_t b_folder = (size_t)(b->base - b->source);
    size_t shorter = a_folder < b_folder ? a_folder : b_folder;
    int order = memcmp(a->source, b->source, shorter);
    if (order == 0)
        order = (a_folder > b_folder) - (a_folder < b_folder);
    if (order == 0)
        order = compare_part(a->base + a->name.start, a_stem - a->name.start,
                             b->base + b->name.start, b_stem - b->name.start);
    if (order == 0)
        order = compare_part(
            a->base + a->name.extension, strlen(a->base + a->name.extension),
            b->base + b->name.extension, strlen(b->base + b->name.extension));
    return order;
}

static int by_sure_stem(const void *a, const void *b)
{
    const struct folder_file *x = a;
    const struct folder_file *y = b;
    return compare_stems(x, x->name.sure_stem, y, y->name.sure_stem);
}

static int by_time(const struct folder_file *a, const struct folder_file *b)
{
    if (a->stat.mtime_ns != b->stat.mtime_ns)
        return a->stat.mtime_ns < b->stat.mtime_ns ? -1 : 1;
    return strcmp(a->source, b->source);
}

static int by_stem_and_time(const void *a, const void *b)
{
    const struct folder_file *x = a;
    const struct folder_file *y = b;
    int order = compare_stems(x, x->name.stem, y, y->name.stem);
    return order != 0 ? order : by_time(x, y);
}

static int by_stem_and_version(const void *a, const void *b)
{
    const struct folder_file *x = a;
    const struct folder_file *y = b;
    int order = compare_stems(x, x->name.stem, y, y->name.stem);
    if (order == 0)
        order = version_name_compare(&x->name, &y->name);
    return order != 0 ? order : by_time(x, y);
}

/* Whether a file's stem without its maybes is, surely, that of another. */
static bool has_sure_sibling(const struct folder_plan *plan,
                             const struct folder_file *file)
{
    size_t low = 0;
    size_t high = plan->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct folder_file *other = &plan->files[middle];
        int order =
            compare_stems(other, other->name.sure_stem, file, file->name.stem);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static void free_flags(bool **flags)
{
    mem_free(*flags);
}

/* A plain number is a mark where there is a file of that name without one. */
static dits_error *settle_maybes(struct folder_plan *plan)
{
    CLEANUP(free_flags) bool *doubted = mem_new_array(bool, plan->count);
    if (doubted == NULL)
        return error_nomem();
    qsort(plan->files, plan->count, sizeof(*plan->files), by_sure_stem);
    for (size_t i = 0; i < plan->count; i++)
        doubted[i] = plan->files[i].name.maybe > 0 &&
                     !has_sure_sibling(plan, &plan->files[i]);
    for (size_t i = 0; i < plan->count; i++)
        if (doubted[i])
            version_name_doubt(&plan->files[i].name);
    return NULL;
}

/* Of one group, whose files lie from `first` to before `end`. */
static dits_error *name_group(struct folder_plan *plan, size_t first,
                              size_t end)
{
    const struct folder_file *oldest = &plan->files[first];
    for (size_t i = first; i < end; i++) {
        CLEANUP(buf_release) struct buf path = {0};
        struct folder_file *file = &plan->files[i];
        file->version = i - first + 1;
        file->versions = end - first;
        TRY(buf_put(&path, oldest->source,
                    (size_t)(oldest->base - oldest->source)));
        if (end - first == 1) { /* it keeps its name */
            TRY(buf_put_text(&path, oldest->base));
        } else {
            TRY(buf_put(&path, oldest->base + oldest->name.start,
                        oldest->name.stem - oldest->name.start));
            TRY(buf_put_text(&path, oldest->base + oldest->name.extension));
        }
        TRY(buf_take_text(&path, &file->path));
    }
    return NULL;
}

static dits_error *make_groups(struct folder_plan *plan, bool time_alone)
{
    qsort(plan->files, plan->count, sizeof(*plan->files),
          time_alone ? by_stem_and_time : by_stem_and_version);
    for (size_t first = 0, end = 0; first < plan->count; first = end) {
        const struct folder_file *file = &plan->files[first];
        end = first + 1;
        while (end < plan->count &&
               compare_stems(file, file->name.stem, &plan->files[end],
                             plan->files[end].name.stem) == 0)
            end++;
        TRY(name_group(plan, first, end));
    }
    return NULL;
}

/* --- commits --- */

/* The next version of a group; a heap of them by time. */
struct next {
    size_t *items;
    size_t count;
};

static bool comes_first(const struct folder_plan *plan, size_t a, size_t b)
{
    return by_time(&plan->files[a], &plan->files[b]) < 0;
}

static void sink(const struct folder_plan *plan, struct next *next, size_t at)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= next->count)
            return;
        if (child + 1 < next->count &&
            comes_first(plan, next->items[child + 1], next->items[child]))
            child++;
        if (!comes_first(plan, next->items[child], next->items[at]))
            return;
        size_t kept = next->items[at];
        next->items[at] = next->items[child];
        next->items[child] = kept;
        at = child;
    }
}

static void free_items(struct next *next)
{
    mem_free(next->items);
}

/* Within a group in its order, between groups by time. */
static dits_error *number_commits(struct folder_plan *plan)
{
    CLEANUP(free_items)
    struct next next = {.items = mem_new_array(size_t, plan->count + 1)};
    if (next.items == NULL)
        return error_nomem();
    for (size_t i = 0; i < plan->count; i++) {
        plan->files[i].commit = 1;
        if (plan->files[i].versions == 1)
            plan->commits = 1;
        else if (plan->files[i].version == 1)
            next.items[next.count++] = i;
    }
    for (size_t i = next.count; i-- > 0;)
        sink(plan, &next, i);
    while (next.count > 0) {
        size_t *first = &next.items[0];
        struct folder_file *file = &plan->files[*first];
        file->commit = ++plan->commits;
        if (file->version < file->versions)
            ++*first;
        else
            *first = next.items[--next.count];
        sink(plan, &next, 0);
    }
    return NULL;
}

/* The first commit in the order of time, as all others have one file. */
static int by_commit(const void *a, const void *b)
{
    const struct folder_file *x = a;
    const struct folder_file *y = b;
    if (x->commit != y->commit)
        return x->commit < y->commit ? -1 : 1;
    return by_time(x, y);
}

dits_error *folder_plan_make(const dits_context *context,
                             const struct dir *folder,
                             const struct dits_import_folder_options *options,
                             struct folder_plan *out)
{
    CLEANUP(folder_plan_release) struct folder_plan plan = {0};
    TRY(folder_find(context, folder, &plan));
    if (plan.count == 0)
        return error_new(DITS_E_CONFLICT, "there is no file in it");
    TRY(parse_names(&plan, options->pattern));
    TRY(settle_maybes(&plan));
    TRY(make_groups(&plan, options->by_time));
    TRY(number_commits(&plan));
    qsort(plan.files, plan.count, sizeof(*plan.files), by_commit);
    *out = MOVE(plan);
    return NULL;
}
