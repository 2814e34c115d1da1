#include "repo/describe_names.h"

#include <string.h>

#include "base/array.h"
#include "base/glob.h"
#include "base/mem.h"
#include "base/text.h"
#include "object/commit.h"
#include "repo/ref_name.h"
#include "repo/revision_resolve.h"

void describe_names_release(struct describe_names *names)
{
    for (size_t i = 0; i < names->commits.count; i++)
        mem_free(names->names[i].text);
    mem_free(names->names);
    oid_map_release(&names->commits);
    *names = (struct describe_names){0};
}

const struct describe_name *describe_names_find(
    const struct describe_names *names, const struct dits_oid *commit)
{
    size_t number = 0;
    if (!oid_map_find(&names->commits, commit, &number) ||
        names->names[number].text == NULL)
        return NULL;
    return &names->names[number];
}

struct reading {
    dits_repo *repo;
    const struct dits_describe_options *options;
    struct describe_names *names;
};

static bool matches_any(const char *const *patterns, size_t count,
                        const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (glob_match(patterns[i], name, 0))
            return true;
    }
    return false;
}

static bool is_wanted(const struct dits_describe_options *options,
                      const char *full_name)
{
    const char *name = ref_name_short(full_name);
    bool is_tag = text_starts_with(full_name, REF_TAGS);
    if (!is_tag && !(options->all && text_starts_with(full_name, REF_BRANCHES)))
        return false;
    return (options->match_count == 0 ||
            matches_any(options->matches, options->match_count, name)) &&
           !matches_any(options->excludes, options->exclude_count, name);
}

/* Tags with a message first, of these the newest; else the first one stays. */
static bool is_better(const struct describe_name *known,
                      enum describe_rank rank, int64_t time)
{
    if (known->text == NULL || known->rank < rank)
        return true;
    return known->rank == DESCRIBE_ANNOTATED && rank == DESCRIBE_ANNOTATED &&
           known->time < time;
}

static dits_error *keep(struct describe_names *names,
                        const struct dits_oid *commit,
                        const struct describe_name *name)
{
    CLEANUP(text_free) char *text = NULL;
    size_t number = 0;
    bool is_new = false;
    struct describe_name *items = array_grown(
        names->names, names->commits.count, &names->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    names->names = items;
    TRY(text_copy(name->text, &text));
    TRY(oid_map_add(&names->commits, commit, &number, &is_new));
    struct describe_name *known = &names->names[number];
    if (!is_better(known, name->rank, name->time))
        return NULL;
    mem_free(known->text);
    *known = *name;
    known->text = MOVE(text);
    return NULL;
}

/* The time of the tag that the ref leads to, and what is behind it. */
static dits_error *follow(dits_repo *repo, struct revision_object *object,
                          struct describe_name *name)
{
    CLEANUP(tag_release) struct tag tag = {0};
    if (object->kind != CHUNK_TAG)
        return NULL;
    TRY(tag_load(repo->store, &object->id, &tag));
    name->rank = DESCRIBE_ANNOTATED;
    name->time = tag.tagger.time;
    return revision_peel_tags(repo, object);
}

static dits_error *see_ref(const char *full_name, const struct dits_oid *value,
                           void *payload)
{
    const struct reading *reading = payload;
    CLEANUP(text_free) char *text = NULL;
    struct describe_name name = {0};
    struct revision_object object = {.id = *value};
    struct chunk_place place = {0};
    bool found = false;
    if (!is_wanted(reading->options, full_name))
        return NULL;
    TRY(store_find(reading->repo->store, value, &found, &place));
    object.kind = place.kind;
    if (text_starts_with(full_name, REF_TAGS))
        name.rank = DESCRIBE_PLAIN;
    TRY_CONTEXT(follow(reading->repo, &object, &name), "cannot read '%s'",
                ref_name_short(full_name));
    if (!found || object.kind != CHUNK_COMMIT)
        return NULL;
    TRY(text_copy(reading->options->all ? full_name + strlen(REF_ALL)
                                        : ref_name_short(full_name),
                  &text));
    name.text = text;
    return keep(reading->names, &object.id, &name);
}

dits_error *describe_names_read(dits_repo *repo,
                                const struct dits_describe_options *options,
                                struct describe_names *out)
{
    CLEANUP(describe_names_release) struct describe_names names = {0};
    struct reading reading = {
        .repo = repo, .options = options, .names = &names};
    TRY(refs_each(repo, REF_ALL, see_ref, &reading));
    *out = MOVE(names);
    return NULL;
}
