#include "repo/stash.h"

#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/ref_name.h"

/* Names of one length, so that their order is that of the numbers. */
#define NAME_FORMAT REF_STASH "%010" PRIu64

static const struct dits_oid none = {0};

void stash_entry_release(struct stash_entry *entry)
{
    mem_free(entry->ref);
    *entry = (struct stash_entry){0};
}

void stash_entries_release(struct stash_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        mem_free(entries->items[i].ref);
    mem_free(entries->items);
    *entries = (struct stash_entries){0};
}

static dits_error *add_entry(const char *full_name,
                             const struct dits_oid *value, void *payload)
{
    struct stash_entries *entries = payload;
    struct stash_entry *items = array_grown(entries->items, entries->count,
                                            &entries->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    entries->items = items;
    struct stash_entry *entry = &entries->items[entries->count];
    *entry = (struct stash_entry){.id = *value};
    TRY(text_copy(full_name, &entry->ref));
    entries->count++;
    return NULL;
}

dits_error *stash_list(dits_repo *repo, struct stash_entries *out)
{
    CLEANUP(stash_entries_release) struct stash_entries entries = {0};
    TRY(refs_each(repo, REF_STASH, add_entry, &entries));
    for (size_t i = 0; i < entries.count / 2; i++) {
        struct stash_entry *other = &entries.items[entries.count - 1 - i];
        struct stash_entry kept = entries.items[i];
        entries.items[i] = *other;
        *other = kept;
    }
    *out = MOVE(entries);
    return NULL;
}

dits_error *stash_find(dits_repo *repo, uint64_t number,
                       struct stash_entry *out)
{
    CLEANUP(stash_entries_release) struct stash_entries entries = {0};
    TRY(stash_list(repo, &entries));
    if (entries.count == 0)
        return error_hint(error_new(DITS_E_NOT_FOUND, "there is no stash"),
                          "'dits stash' makes one.");
    if (number >= entries.count)
        return error_hint(error_new(DITS_E_NOT_FOUND,
                                    "there is no stash@{%" PRIu64 "}", number),
                          "See 'dits stash list'.");
    *out = MOVE(entries.items[number]);
    return NULL;
}

dits_error *stash_load(dits_repo *repo, const struct dits_oid *id,
                       struct commit *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    TRY(commit_load(repo->store, id, &commit));
    if (commit.parent_count < 2 || commit.parent_count > 3)
        return error_new(DITS_E_CORRUPT, "a stash of %zu parents",
                         commit.parent_count);
    *out = MOVE(commit);
    return NULL;
}

static dits_error *next_name(dits_repo *repo, struct buf *out)
{
    CLEANUP(stash_entries_release) struct stash_entries entries = {0};
    uint64_t number = 0;
    TRY(stash_list(repo, &entries));
    if (entries.count > 0 &&
        !text_to_u64(entries.items[0].ref + strlen(REF_STASH), &number))
        return error_new(DITS_E_CORRUPT, "'%s' is no stash",
                         entries.items[0].ref);
    return buf_printf(out, NAME_FORMAT, number + 1);
}

dits_error *stash_add(struct operation *operation, const struct dits_oid *id)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(next_name(operation_repo(operation), &name));
    return operation_set_ref(operation, buf_text(&name), &none, id, "");
}

dits_error *stash_remove(struct operation *operation,
                         const struct stash_entry *entry)
{
    return operation_set_ref(operation, entry->ref, &entry->id, &none, "");
}

static dits_error *tell(dits_repo *repo, uint64_t number,
                        const struct dits_oid *id, dits_stash_fn *fn,
                        void *payload)
{
    CLEANUP(commit_release) struct commit commit = {0};
    TRY(stash_load(repo, id, &commit));
    size_t length = strlen(commit.message);
    if (length > 0)
        commit.message[length - 1] = '\0'; /* without its newline */
    const struct dits_stash stash = {
        .number = number,
        .id = *id,
        .base = commit.parents[0],
        .untracked = commit.parent_count > 2 ? commit.parents[2] : none,
        .time = commit.committer.time,
        .message = commit.message,
    };
    return fn(&stash, payload);
}

dits_error *dits_stash_each(dits_repo *repo, dits_stash_fn *fn, void *payload)
{
    CLEANUP(stash_entries_release) struct stash_entries entries = {0};
    TRY(stash_list(repo, &entries));
    for (size_t i = 0; i < entries.count; i++)
        TRY(tell(repo, i, &entries.items[i].id, fn, payload));
    return NULL;
}

dits_error *dits_stash_drop(dits_repo *repo, uint64_t number,
                            struct dits_oid *out_id)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(stash_entry_release) struct stash_entry entry = {0};
    TRY(operation_begin(repo, "stash", &operation));
    TRY(stash_find(repo, number, &entry));
    TRY(stash_remove(operation, &entry));
    TRY(operation_commit(operation));
    if (out_id != NULL)
        *out_id = entry.id;
    return NULL;
}

dits_error *dits_stash_clear(dits_repo *repo, uint64_t *out_count)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(stash_entries_release) struct stash_entries entries = {0};
    TRY(operation_begin(repo, "stash", &operation));
    TRY(stash_list(repo, &entries));
    for (size_t i = 0; i < entries.count; i++)
        TRY(stash_remove(operation, &entries.items[i]));
    TRY(operation_commit(operation));
    if (out_count != NULL)
        *out_count = entries.count;
    return NULL;
}
