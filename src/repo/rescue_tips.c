#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/oid_map.h"
#include "object/commit.h"
#include "repo/refs.h"
#include "repo/rescue.h"

/* What is known of each commit, by its number. */
struct seen_commit {
    int64_t time;
    bool is_stored;
    bool is_parent; /* of a stored commit, or led to by a ref */
};

struct search {
    dits_repo *repo;
    struct oid_map numbers;
    struct seen_commit *commits;
    size_t capacity;
};

static void search_release(struct search *search)
{
    oid_map_release(&search->numbers);
    mem_free(search->commits);
}

static dits_error *note(struct search *search, const struct dits_oid *id,
                        struct seen_commit **out)
{
    size_t number = 0;
    bool is_new = false;
    struct seen_commit *commits =
        array_grown(search->commits, search->numbers.count, &search->capacity,
                    sizeof(*commits));
    if (commits == NULL)
        return error_nomem();
    search->commits = commits;
    TRY(oid_map_add(&search->numbers, id, &number, &is_new));
    *out = &search->commits[number];
    return NULL;
}

static dits_error *note_commit(struct search *search, const struct dits_oid *id,
                               const struct commit *commit)
{
    struct seen_commit *seen = NULL;
    TRY(note(search, id, &seen));
    seen->is_stored = true;
    seen->time = commit->committer.time;
    for (size_t i = 0; i < commit->parent_count; i++) {
        TRY(note(search, &commit->parents[i], &seen));
        seen->is_parent = true;
    }
    return NULL;
}

static dits_error *see_chunk(const struct dits_oid *id,
                             const struct chunk_place *place, void *payload)
{
    struct search *search = payload;
    CLEANUP(commit_release) struct commit commit = {0};
    if (place->kind != CHUNK_COMMIT)
        return NULL;
    TRY(context_check(search->repo->context));
    dits_error *err = commit_load(search->repo->store, id, &commit);
    if (err == NULL)
        return note_commit(search, id, &commit);
    if (dits_error_code(err) == DITS_E_NOMEM)
        return err;
    dits_error_free(err); /* nothing can be had from it */
    return NULL;
}

/* A ref's own commit is no tip to be recovered, nor is what lies before it. */
static dits_error *see_ref(const char *name, const struct dits_oid *id,
                           void *payload)
{
    struct search *search = payload;
    struct seen_commit *seen = NULL;
    (void)name;
    TRY(note(search, id, &seen));
    seen->is_parent = true;
    return NULL;
}

/* What tag objects lead to. */
static dits_error *see_tag(const struct dits_oid *id,
                           const struct chunk_place *place, void *payload)
{
    struct search *search = payload;
    CLEANUP(tag_release) struct tag tag = {0};
    if (place->kind != CHUNK_TAG)
        return NULL;
    dits_error *err = tag_load(search->repo->store, id, &tag);
    if (err == NULL)
        return see_ref(tag.name, &tag.target, payload);
    if (dits_error_code(err) == DITS_E_NOMEM)
        return err;
    dits_error_free(err); /* nothing can be had from it */
    return NULL;
}

static int newest_first(const void *a, const void *b)
{
    const struct rescue_tip *left = a;
    const struct rescue_tip *right = b;
    if (left->time != right->time)
        return left->time > right->time ? -1 : 1;
    return oid_compare(&left->id, &right->id);
}

static dits_error *take_tips(const struct search *search,
                             struct rescue_tips *out)
{
    size_t count = 0;
    for (size_t i = 0; i < search->numbers.count; i++)
        count += search->commits[i].is_stored && !search->commits[i].is_parent;
    if (count == 0)
        return NULL;
    out->tips = mem_new_array(struct rescue_tip, count);
    if (out->tips == NULL)
        return error_nomem();
    for (size_t i = 0; i < search->numbers.count; i++) {
        const struct seen_commit *seen = &search->commits[i];
        if (seen->is_stored && !seen->is_parent)
            out->tips[out->count++] = (struct rescue_tip){
                .id = search->numbers.ids[i], .time = seen->time};
    }
    qsort(out->tips, out->count, sizeof(out->tips[0]), newest_first);
    return NULL;
}

dits_error *rescue_tips_find(dits_repo *repo, struct rescue_tips *out)
{
    CLEANUP(search_release) struct search search = {.repo = repo};
    TRY(store_each(repo->store, see_chunk, &search));
    TRY(store_each(repo->store, see_tag, &search));
    TRY(refs_each(repo, "", see_ref, &search));
    return take_tips(&search, out);
}

void rescue_tips_release(struct rescue_tips *tips)
{
    mem_free(tips->tips);
    *tips = (struct rescue_tips){0};
}
