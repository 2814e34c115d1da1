#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/commit.h"
#include "repo/identity.h"
#include "repo/message.h"
#include "repo/operation.h"
#include "repo/ref_name.h"
#include "repo/revision_resolve.h"
#include "repo/sign.h"

static const struct dits_oid none = {0};

struct tag_walk {
    dits_repo *repo;
    dits_ref_fn *fn;
    void *payload;
};

/* Whether the ref leads to a tag object; then it is read. */
static dits_error *read_tag(dits_repo *repo, const struct dits_oid *id,
                            struct tag *out, bool *out_is_tag)
{
    struct chunk_place place = {0};
    bool found = false;
    TRY(store_find(repo->store, id, &found, &place));
    *out_is_tag = found && place.kind == CHUNK_TAG;
    return *out_is_tag ? tag_load(repo->store, id, out) : NULL;
}

static dits_error *report(const char *full_name, const struct dits_oid *value,
                          void *payload)
{
    const struct tag_walk *walk = payload;
    CLEANUP(tag_release) struct tag tag = {0};
    struct dits_ref ref = {.name = ref_name_short(full_name), .commit = *value};
    bool is_tag = false;
    TRY_CONTEXT(read_tag(walk->repo, value, &tag, &is_tag),
                "cannot read tag '%s'", ref.name);
    if (is_tag) {
        struct revision_object object = {.id = *value, .kind = CHUNK_TAG};
        TRY(revision_peel_tags(walk->repo, &object));
        ref.commit = object.id;
        ref.tag = *value;
        ref.tag_message = tag.message;
    }
    return walk->fn(&ref, walk->payload);
}

dits_error *dits_tag_each(dits_repo *repo, dits_ref_fn *fn, void *payload)
{
    struct tag_walk walk = {.repo = repo, .fn = fn, .payload = payload};
    return refs_each(repo, REF_TAGS, report, &walk);
}

static dits_error *store_object(dits_repo *repo, struct operation *operation,
                                const struct dits_tag_options *options,
                                const struct revision_object *target,
                                struct dits_oid *out)
{
    CLEANUP(tag_release)
    struct tag tag = {.target = target->id, .target_kind = target->kind};
    const struct sign_wish wish = {.sign = options->sign,
                                   .key = options->signing_key};
    TRY(message_clean(options->message, &tag.message));
    if (tag.message[0] == '\0')
        return error_hint(error_new(DITS_E_INVALID, "the message is empty"),
                          "Say what the tag stands for, or leave it out.");
    TRY(text_copy(options->name, &tag.name));
    TRY(identity_find(repo, &tag.tagger));
    TRY(sign_tag(repo, &wish, &tag));
    return tag_store(operation_writer(operation), &tag, out);
}

dits_error *dits_tag_create(dits_repo *repo,
                            const struct dits_tag_options *options)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct revision_object object = {0};
    struct dits_oid before = {0};
    struct dits_oid after = {0};
    bool found = false;
    const char *target = options->target != NULL ? options->target : REF_HEAD;
    TRY(ref_name_of_tag(options->name, &full_name));
    if (options->message == NULL && options->sign == DITS_SIGN_YES)
        return error_new(DITS_E_INVALID, "a tag without a message has no room "
                                         "for a signature");
    TRY(operation_begin(repo, "tag", &operation));
    TRY(refs_read(repo, buf_text(&full_name), &before, &found));
    if (found && !options->force)
        return error_hint(error_new(DITS_E_EXISTS,
                                    "there is a tag '%s' already",
                                    options->name),
                          "Choose another name, or use --force to move it.");
    TRY(revision_resolve(repo, target, DITS_REVISION_COMMIT, &object));
    after = object.id;
    if (options->message != NULL)
        TRY(store_object(repo, operation, options, &object, &after));
    TRY(operation_set_ref(operation, buf_text(&full_name), &before, &after,
                          "tag: created"));
    return operation_commit(operation);
}

dits_error *dits_tag_delete(dits_repo *repo, const char *name,
                            struct dits_oid *out_commit)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct dits_oid before = {0};
    bool found = false;
    TRY(ref_name_of_tag(name, &full_name));
    TRY(operation_begin(repo, "tag", &operation));
    TRY(refs_read(repo, buf_text(&full_name), &before, &found));
    if (!found)
        return error_hint(error_new(DITS_E_NOT_FOUND, "no tag '%s'", name),
                          "See 'dits tag'.");
    TRY(operation_set_ref(operation, buf_text(&full_name), &before, &none,
                          "tag: deleted"));
    TRY(operation_commit(operation));
    if (out_commit != NULL)
        *out_commit = before;
    return NULL;
}
