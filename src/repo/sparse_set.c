#include "repo/sparse_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/ignore.h"
#include "repo/worktree.h"

struct sparse_set {
    enum dits_sparse_mode mode;
    char **patterns;
    size_t count;
    size_t capacity;
    struct ignore_rules *rules; /* of DITS_SPARSE_PATTERNS */
};

static const char *const mode_names[] = {
    [DITS_SPARSE_ALL] = "all",
    [DITS_SPARSE_CONE] = "cone",
    [DITS_SPARSE_PATTERNS] = "patterns",
};

enum { MODE_COUNT = sizeof(mode_names) / sizeof(mode_names[0]) };

void sparse_set_free(struct sparse_set *set)
{
    if (set == NULL)
        return;
    for (size_t i = 0; i < set->count; i++)
        mem_free(set->patterns[i]);
    mem_free(set->patterns);
    ignore_rules_free(set->rules);
    mem_free(set);
}

void sparse_set_freep(struct sparse_set **set)
{
    sparse_set_free(*set);
}

/* A pattern is one line of text, a cone the path of a folder. */
static dits_error *check_pattern(enum dits_sparse_mode mode,
                                 const char *pattern, size_t length)
{
    bool is_line = length > 0 && memchr(pattern, '\n', length) == NULL &&
                   text_is_utf8(pattern, length);
    if (!is_line)
        return error_new(DITS_E_INVALID, "a pattern is one line of UTF-8");
    if (mode == DITS_SPARSE_CONE && !worktree_is_safe_path(pattern))
        return error_new(DITS_E_INVALID, "'%s' cannot be a folder", pattern);
    return NULL;
}

static dits_error *add_pattern(struct sparse_set *set, const char *pattern,
                               size_t length)
{
    CLEANUP(text_free) char *copy = NULL;
    TRY(text_copy_part(pattern, length, &copy));
    TRY(check_pattern(set->mode, copy, length));
    char **patterns = array_grown(set->patterns, set->count, &set->capacity,
                                  sizeof(*patterns));
    if (patterns == NULL)
        return error_nomem();
    set->patterns = patterns;
    set->patterns[set->count++] = MOVE(copy);
    return NULL;
}

static int compare_cones(const void *a, const void *b)
{
    char *const *left = a;
    char *const *right = b;
    return path_compare(*left, *right);
}

/* In order, none within another: so one search finds what holds a path. */
static void settle_cones(struct sparse_set *set)
{
    size_t kept = 0;
    if (set->count > 1)
        qsort(set->patterns, set->count, sizeof(*set->patterns), compare_cones);
    for (size_t i = 0; i < set->count; i++) {
        char *cone = set->patterns[i];
        if (kept > 0 && path_is_within(cone, set->patterns[kept - 1]))
            mem_free(cone);
        else
            set->patterns[kept++] = cone;
    }
    set->count = kept;
}

static dits_error *make_rules(struct sparse_set *set)
{
    CLEANUP(buf_release) struct buf lines = {0};
    for (size_t i = 0; i < set->count; i++)
        TRY(buf_printf(&lines, "%s\n", set->patterns[i]));
    return ignore_rules_parse(buf_text(&lines), lines.size, &set->rules);
}

static dits_error *check_size(const struct sparse_set *set)
{
    size_t size = 0;
    for (size_t i = 0; i < set->count; i++)
        size += strlen(set->patterns[i]) + 1;
    if (size > SPARSE_TEXT_MAX / 2)
        return error_new(DITS_E_LIMIT, "a sparse set of %zu bytes", size);
    return NULL;
}

static dits_error *finish(struct sparse_set *set)
{
    TRY(check_size(set));
    if (set->mode == DITS_SPARSE_CONE)
        settle_cones(set);
    return set->mode == DITS_SPARSE_PATTERNS ? make_rules(set) : NULL;
}

dits_error *sparse_set_new(enum dits_sparse_mode mode,
                           const struct dits_paths *patterns,
                           struct sparse_set **out)
{
    CLEANUP(sparse_set_freep)
    struct sparse_set *set = mem_new(struct sparse_set);
    if (set == NULL)
        return error_nomem();
    set->mode = mode;
    for (size_t i = 0; i < patterns->count; i++)
        TRY(add_pattern(set, patterns->items[i], strlen(patterns->items[i])));
    TRY(finish(set));
    *out = MOVE(set);
    return NULL;
}

/* Cut a line, with its newline, off the front. False: there is none. */
static bool take_line(struct slice *text, struct slice *out)
{
    const uint8_t *end = text->size > 0 ? memchr(text->data, '\n', text->size)
                                        : NULL;
    if (end == NULL)
        return false;
    *out = slice_of(text->data, (size_t)(end - text->data));
    *text = slice_of(end + 1, text->size - out->size - 1);
    return true;
}

static bool find_mode(struct slice name, enum dits_sparse_mode *out)
{
    for (size_t i = 0; i < MODE_COUNT; i++) {
        *out = (enum dits_sparse_mode)i;
        if (slice_equal(name, slice_of_text(mode_names[i])))
            return true;
    }
    return false;
}

static dits_error *malformed(void)
{
    return error_new(DITS_E_CORRUPT, "the sparse set is malformed");
}

/* There is one text for each set. */
static dits_error *check_text(const struct sparse_set *set, struct slice text)
{
    CLEANUP(buf_release) struct buf again = {0};
    TRY(sparse_set_format(set, &again));
    return slice_equal(buf_slice(&again), text) ? NULL : malformed();
}

static dits_error *parse_lines(struct sparse_set *set, struct slice text)
{
    struct slice line = {0};
    while (take_line(&text, &line))
        TRY(add_pattern(set, (const char *)line.data, line.size));
    return text.size == 0 ? finish(set) : malformed();
}

dits_error *sparse_set_parse(struct slice text, struct sparse_set **out)
{
    CLEANUP(sparse_set_freep)
    struct sparse_set *set = mem_new(struct sparse_set);
    struct slice rest = text;
    struct slice name = {0};
    if (set == NULL)
        return error_nomem();
    if (!take_line(&rest, &name) || !find_mode(name, &set->mode) ||
        (set->mode == DITS_SPARSE_ALL && rest.size > 0))
        return malformed();
    dits_error *err = parse_lines(set, rest);
    if (dits_error_has(err, DITS_E_INVALID) ||
        dits_error_has(err, DITS_E_LIMIT)) {
        dits_error_free(err); /* said in other words */
        return malformed();
    }
    TRY(err);
    TRY(check_text(set, text));
    *out = MOVE(set);
    return NULL;
}

dits_error *sparse_set_format(const struct sparse_set *set, struct buf *out)
{
    TRY(buf_printf(out, "%s\n", mode_names[set->mode]));
    for (size_t i = 0; i < set->count; i++)
        TRY(buf_printf(out, "%s\n", set->patterns[i]));
    return NULL;
}

enum dits_sparse_mode sparse_set_mode(const struct sparse_set *set)
{
    return set->mode;
}

struct dits_paths sparse_set_patterns(const struct sparse_set *set)
{
    return (struct dits_paths){.items = (const char *const *)set->patterns,
                               .count = set->count};
}

/* The first cone that does not sort before `path`. */
static size_t lower_bound(const struct sparse_set *set, const char *path)
{
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (path_compare(set->patterns[middle], path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * Only the neighbours of `path` can be of its folder, or hold it: what sorts
 * between a folder and something below it lies below that folder itself.
 */
static bool is_in_cone(const struct sparse_set *set, const char *path)
{
    const char *name = path_base_name(path);
    size_t folder = (size_t)(name - path); /* with its '/' */
    if (folder == 0)
        return true;
    size_t at = lower_bound(set, path);
    if (at < set->count && strncmp(set->patterns[at], path, folder) == 0)
        return true;
    if (at == 0)
        return false;
    const char *before = set->patterns[at - 1];
    return path_is_within(path, before) || strncmp(before, path, folder) == 0;
}

/* What no pattern speaks of is as the folder that it lies in. */
static dits_error *matches(const struct ignore_rules *rules, const char *path,
                           bool *out)
{
    CLEANUP(text_free) char *part = NULL;
    enum ignore_verdict verdict = ignore_rules_match(rules, path, false);
    if (verdict == IGNORE_SILENT && strchr(path, '/') != NULL)
        TRY(text_copy(path, &part));
    while (verdict == IGNORE_SILENT && part != NULL) {
        char *slash = strrchr(part, '/');
        if (slash == NULL)
            break;
        *slash = '\0';
        verdict = ignore_rules_match(rules, part, true);
    }
    *out = verdict == IGNORE_YES;
    return NULL;
}

dits_error *sparse_set_has(const struct sparse_set *set, const char *path,
                           bool *out)
{
    *out = true;
    if (set->mode == DITS_SPARSE_PATTERNS)
        return matches(set->rules, path, out);
    if (set->mode == DITS_SPARSE_CONE)
        *out = is_in_cone(set, path);
    return NULL;
}
