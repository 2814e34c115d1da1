#include "repo/ignore.h"

#include <pthread.h>
#include <string.h>

#include "base/mem.h"
#include "base/pool.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/rule_file.h"
#include "repo/unfinished.h"

/* A level and the chain that frees it. */
struct level_node {
    struct ignore_level level;
    struct level_node *next;
};

struct ignore {
    struct ignore_level beside; /* what stands beside conflicts */
    struct ignore_level base;
    struct ignore_level user;
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    struct level_node *levels;
    char *users; /* the file of core.excludesFile */
};

/* A missing file is no rules. */
static dits_error *load_path(const char *path, struct ignore_rules **out)
{
    CLEANUP(buf_release) struct buf text = {0};
    bool found = false;
    TRY_CONTEXT(rule_file_read(path, IGNORE_FILE_MAX, &text, &found),
                "cannot read ignore patterns");
    return found ? ignore_rules_parse(text.data, text.size, out) : NULL;
}

/* A pattern for this path alone; a newline cannot be written but as any. */
static dits_error *put_pattern(const char *path, const struct tree_entry *entry,
                               void *payload)
{
    struct buf *out = payload;
    (void)entry;
    TRY(buf_put_u8(out, '/'));
    for (const char *at = path; *at != '\0'; at++) {
        if (strchr("\\*?[ ", *at) != NULL)
            TRY(buf_put_u8(out, '\\'));
        TRY(buf_put_u8(out, *at == '\n' ? '?' : (uint8_t)*at));
    }
    return buf_put_u8(out, '\n');
}

/* Both sides of a conflict lie there for the user, not to be tracked. */
static dits_error *load_beside(dits_repo *repo, struct ignore_rules **out)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(buf_release) struct buf text = {0};
    TRY(unfinished_read(repo, &work));
    if (dits_oid_is_zero(&work.beside))
        return NULL;
    TRY(tree_walk(repo->store, &work.beside, put_pattern, &text));
    return ignore_rules_parse(text.data, text.size, out);
}

dits_error *ignore_new(dits_repo *repo, struct ignore **out)
{
    CLEANUP(ignore_freep) struct ignore *ignore = mem_new(struct ignore);
    CLEANUP(text_free) char *exclude = NULL;
    if (ignore == NULL)
        return error_nomem();
    ignore->mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    ignore->base.parent = &ignore->user;
    ignore->beside.parent = &ignore->base;

    const char *users = config_text(repo, "core.excludesfile");
    if (users != NULL) {
        TRY(config_expand_path(repo, users, &ignore->users));
        TRY(load_path(ignore->users, &ignore->user.rules));
    }
    ignore->user.source = ignore->users;
    ignore->base.source = ".dits/info/exclude";
    ignore->beside.source = "(conflicts)";
    TRY(fs_join(repo->dits_dir, "info/exclude", &exclude));
    TRY(load_path(exclude, &ignore->base.rules));
    TRY(load_beside(repo, &ignore->beside.rules));
    *out = MOVE(ignore);
    return NULL;
}

void ignore_free(struct ignore *ignore)
{
    if (ignore == NULL)
        return;
    while (ignore->levels != NULL) {
        struct level_node *next = ignore->levels->next;
        ignore_rules_free(ignore->levels->level.rules);
        mem_free(ignore->levels);
        ignore->levels = next;
    }
    mem_free(ignore->users);
    ignore_rules_free(ignore->beside.rules);
    ignore_rules_free(ignore->base.rules);
    ignore_rules_free(ignore->user.rules);
    mem_free(ignore);
}

void ignore_freep(struct ignore **ignore)
{
    ignore_free(*ignore);
}

const struct ignore_level *ignore_base(const struct ignore *ignore)
{
    return &ignore->beside;
}

/* The rules of one folder; NULL when it has none. */
static dits_error *load_folder(const struct dir *dir, struct ignore_rules **out)
{
    CLEANUP(buf_release) struct buf text = {0};
    bool found = false;
    TRY(rule_file_read_in(dir, IGNORE_FILE_NAME, IGNORE_FILE_MAX, &text,
                          &found));
    return found ? ignore_rules_parse(text.data, text.size, out) : NULL;
}

dits_error *ignore_enter(struct ignore *ignore,
                         const struct ignore_level *parent,
                         const struct dir *dir, const char *path,
                         const struct ignore_level **out)
{
    CLEANUP(ignore_rules_freep) struct ignore_rules *rules = NULL;
    *out = parent;
    TRY_CONTEXT(load_folder(dir, &rules), "cannot read ignore patterns in '%s'",
                path);
    if (rules == NULL)
        return NULL;

    struct level_node *node = mem_new(struct level_node);
    if (node == NULL)
        return error_nomem();
    size_t length = strlen(path);
    node->level = (struct ignore_level){
        .parent = parent,
        .rules = MOVE(rules),
        .folder_length = length + (length > 0),
    };
    POOL_LOCKED(&ignore->mutex);
    node->next = ignore->levels;
    ignore->levels = node;
    *out = &node->level;
    return NULL;
}

struct ignore_match ignore_find(const struct ignore_level *level,
                                const char *path, bool is_folder)
{
    for (; level != NULL; level = level->parent) {
        const struct pattern *pattern =
            level->rules == NULL
                ? NULL
                : ignore_rules_find(level->rules, path + level->folder_length,
                                    is_folder);
        if (pattern != NULL)
            return (struct ignore_match){level, pattern};
    }
    return (struct ignore_match){0};
}

bool ignore_is_ignored(const struct ignore_level *level, const char *path,
                       bool is_folder)
{
    const struct ignore_match match = ignore_find(level, path, is_folder);
    return match.pattern != NULL && !match.pattern->is_negated;
}
