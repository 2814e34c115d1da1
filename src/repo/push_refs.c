/* Which refs of the other side shall be what. */
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/history.h"
#include "repo/push.h"
#include "repo/ref_name.h"
#include "repo/revision_resolve.h"

void push_item_release(struct push_item *item)
{
    mem_free(item->source);
    mem_free(item->target);
    mem_free(item->reason);
}

bool push_is_due(const struct push_item *item)
{
    return item->change != DITS_REF_UNCHANGED &&
           item->change != DITS_REF_REJECTED &&
           item->change != DITS_REF_REFUSED;
}

/* --- what is asked for --- */

/* What a source means. */
struct source {
    struct buf name; /* full, or as it was given */
    struct revision_object object;
};

static void source_release(struct source *source)
{
    buf_release(&source->name);
}

static dits_error *find_source(dits_repo *repo, const char *text,
                               struct source *out)
{
    static const char *const prefixes[] = {"", "refs/", REF_TAGS, REF_BRANCHES};
    CLEANUP(refs_head_release) struct refs_head head = {0};
    bool found = false;
    if (strcmp(text, REF_HEAD) == 0 || strcmp(text, "@") == 0) {
        TRY(refs_head_read(repo, &head));
        if (head.branch != NULL)
            text = head.branch;
    }
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        buf_clear(&out->name);
        TRY(buf_printf(&out->name, "%s%s", prefixes[i], text));
        if (strcmp(text, REF_HEAD) == 0 ||
            !ref_name_is_full(buf_text(&out->name)))
            continue;
        TRY(refs_read(repo, buf_text(&out->name), &out->object.id, &found));
        if (found)
            return revision_resolve(repo, buf_text(&out->name),
                                    DITS_REVISION_ANY, &out->object);
    }
    buf_clear(&out->name);
    TRY(buf_put_text(&out->name, text));
    dits_error *err =
        revision_resolve(repo, text, DITS_REVISION_COMMIT, &out->object);
    return err != NULL
               ? error_wrap(err, "src refspec %s does not match any", text)
               : NULL;
}

/* A short target is what there is by that name, or of its source's kind. */
static dits_error *find_target(const struct pushing *pushing,
                               const char *target, const char *source,
                               struct buf *out)
{
    static const char *const prefixes[] = {REF_TAGS, REF_BRANCHES};
    if (text_starts_with(target, REF_ALL))
        return buf_put_text(out, target);
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        buf_clear(out);
        TRY(buf_printf(out, "%s%s", prefixes[i], target));
        if (transport_refs_find(&pushing->refs, buf_text(out)) != NULL)
            return NULL;
    }
    buf_clear(out);
    bool is_tag = source != NULL && text_starts_with(source, REF_TAGS);
    return buf_printf(out, "%s%s", is_tag ? REF_TAGS : REF_BRANCHES, target);
}

static dits_error *add_item(struct pushing *pushing, struct push_item *item)
{
    size_t number = 0;
    if (name_map_find(&pushing->targets, item->target, &number))
        return dits_oid_equal(&pushing->items[number].after, &item->after)
                   ? NULL
                   : error_new(DITS_E_INVALID,
                               "dst refspec %s receives from more than one src",
                               item->target);
    if (!ref_name_is_full(item->target))
        return error_new(DITS_E_INVALID, "'%s' is not a valid ref name",
                         item->target);
    struct push_item *items = array_grown(pushing->items, pushing->count,
                                          &pushing->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    pushing->items = items;
    TRY(name_map_add(&pushing->targets, item->target, NULL, NULL));
    pushing->items[pushing->count++] = MOVE(*item);
    return NULL;
}

static dits_error *add(struct pushing *pushing, const char *source,
                       const char *target, bool force)
{
    CLEANUP(push_item_release) struct push_item item = {.force = force};
    CLEANUP(source_release) struct source from = {0};
    CLEANUP(buf_release) struct buf to = {0};
    struct revision_object commit = {0};
    TRY(find_source(pushing->repo, source, &from));
    commit = from.object;
    TRY(revision_peel_tags(pushing->repo, &commit));
    if (commit.kind != CHUNK_COMMIT)
        return error_new(DITS_E_INVALID, "'%s' leads to no commit", source);
    if (target == NULL || target[0] == '\0')
        target = buf_text(&from.name);
    if (!text_starts_with(target, REF_ALL) &&
        strcmp(target, buf_text(&from.name)) == 0)
        return error_hint(
            error_new(DITS_E_INVALID,
                      "'%s' is not a branch or tag: where shall it go?",
                      source),
            "Say '%s:BRANCH'.", source);
    TRY(find_target(pushing, target, buf_text(&from.name), &to));
    item.after = from.object.id;
    item.kind = from.object.kind;
    item.commit = commit.id;
    TRY(buf_take_text(&from.name, &item.source));
    TRY(buf_take_text(&to, &item.target));
    return add_item(pushing, &item);
}

static dits_error *add_removal(struct pushing *pushing, const char *target)
{
    CLEANUP(push_item_release) struct push_item item = {0};
    CLEANUP(buf_release) struct buf to = {0};
    TRY(find_target(pushing, target, NULL, &to));
    TRY(text_copy("(delete)", &item.source));
    TRY(buf_take_text(&to, &item.target));
    return add_item(pushing, &item);
}

struct matching {
    struct pushing *pushing;
    const struct refspec *spec;
};

static dits_error *add_match(const char *full_name, const struct dits_oid *id,
                             void *payload)
{
    const struct matching *matching = payload;
    CLEANUP(buf_release) struct buf target = {0};
    bool matches = false;
    (void)id;
    TRY(refspec_map(matching->spec, full_name, &target, &matches));
    if (!matches)
        return NULL;
    return add(matching->pushing, full_name,
               target.size > 0 ? buf_text(&target) : full_name,
               matching->spec->force || matching->pushing->options->force);
}

static dits_error *add_spec(struct pushing *pushing, const char *text)
{
    CLEANUP(refspec_release) struct refspec spec = {0};
    if (pushing->options->remove)
        return add_removal(pushing, text);
    TRY(refspec_parse_push(text, &spec));
    struct matching matching = {.pushing = pushing, .spec = &spec};
    if (spec.is_pattern)
        return refs_each(pushing->repo, REF_ALL, add_match, &matching);
    if (spec.source[0] == '\0')
        return add_removal(pushing, spec.target);
    return add(pushing, spec.source, spec.target,
               spec.force || pushing->options->force);
}

static dits_error *no_upstream(const struct pushing *pushing,
                               const char *branch)
{
    const char *remote = pushing->remote.name != NULL ? pushing->remote.name
                                                      : pushing->remote.url;
    return error_hint(
        error_new(DITS_E_INVALID,
                  "The current branch %s has no upstream branch.", branch),
        "To push the current branch and set the remote as upstream, use "
        "'dits push --set-upstream %s %s'.",
        remote, branch);
}

/* As git's push.default "simple". */
static dits_error *add_current(struct pushing *pushing)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    CLEANUP(tracking_release) struct tracking tracking = {0};
    TRY(refs_head_read(pushing->repo, &head));
    if (head.branch == NULL)
        return error_hint(
            error_new(DITS_E_INVALID, "You are not currently on a branch."),
            "Say what shall go where: 'dits push REMOTE HEAD:BRANCH'.");
    const char *branch = ref_name_short(head.branch);
    TRY(tracking_find(pushing->repo, branch, &tracking));
    bool is_other = tracking.remote != NULL && pushing->remote.name != NULL &&
                    strcmp(tracking.remote, pushing->remote.name) != 0;
    if (is_other) /* to a third place, under its own name */
        return add(pushing, head.branch, head.branch, pushing->options->force);
    if (tracking.remote == NULL || pushing->remote.name == NULL)
        return no_upstream(pushing, branch);
    if (strcmp(tracking.merge, head.branch) != 0)
        return error_hint(
            error_new(DITS_E_INVALID,
                      "The upstream branch of your current branch does not "
                      "match the name of your current branch."),
            "Say 'dits push %s HEAD:%s' or 'dits push %s HEAD'.",
            tracking.remote, ref_name_short(tracking.merge), tracking.remote);
    return add(pushing, head.branch, tracking.merge, pushing->options->force);
}

static dits_error *add_all(struct pushing *pushing)
{
    const struct dits_push_options *options = pushing->options;
    for (size_t i = 0; i < options->refspec_count; i++)
        TRY(add_spec(pushing, options->refspecs[i]));
    if (options->all_branches)
        TRY(add_spec(pushing, REF_BRANCHES "*:" REF_BRANCHES "*"));
    if (options->all_tags)
        TRY(add_spec(pushing, REF_TAGS "*:" REF_TAGS "*"));
    if (options->refspec_count > 0 || options->all_branches ||
        options->all_tags)
        return NULL;
    return add_current(pushing);
}

/* --- what may be --- */

static dits_error *reject(struct push_item *item, const char *reason)
{
    item->change = DITS_REF_REJECTED;
    return text_copy(reason, &item->reason);
}

/* Where it was when it was last seen; zero: it was not there. */
static dits_error *last_seen(const struct pushing *pushing, const char *target,
                             struct dits_oid *out)
{
    bool found = false;
    for (size_t i = 0; i < pushing->remote.fetch.count && !found; i++) {
        CLEANUP(buf_release) struct buf name = {0};
        bool matches = false;
        TRY(refspec_map(&pushing->remote.fetch.items[i], target, &name,
                        &matches));
        if (matches && name.size > 0)
            TRY(refs_read(pushing->repo, buf_text(&name), out, &found));
    }
    if (!found)
        *out = (struct dits_oid){0};
    return NULL;
}

/* `*out_leased`: it may be moved anywhere, if it is what is expected. */
static dits_error *find_lease(const struct pushing *pushing,
                              const struct push_item *item, bool *out_leased,
                              struct dits_oid *out)
{
    const struct dits_push_options *options = pushing->options;
    *out_leased = options->lease;
    TRY(last_seen(pushing, item->target, out));
    for (size_t i = 0; i < options->lease_count; i++) {
        const char *lease = options->leases[i];
        size_t length = strcspn(lease, ":");
        const char *name = ref_name_short(item->target);
        if (strlen(name) != length || strncmp(name, lease, length) != 0)
            continue;
        *out_leased = true;
        if (lease[length] == '\0')
            return NULL;
        *out = (struct dits_oid){0};
        if (lease[length + 1] == '\0')
            return NULL;
        return dits_revision_resolve(pushing->repo, lease + length + 1,
                                     DITS_REVISION_ANY, out);
    }
    return NULL;
}

static dits_error *judge_move(const struct pushing *pushing,
                              struct push_item *item, bool may_force)
{
    bool forward = false;
    bool is_tag = text_starts_with(item->target, REF_TAGS);
    bool is_known = known_has(&pushing->known, &item->before);
    item->change = DITS_REF_FORCED;
    if (is_tag)
        return may_force ? NULL : reject(item, "already exists");
    if (is_known)
        TRY(history_contains(pushing->repo, &item->commit, &item->before,
                             &forward));
    if (forward)
        item->change = DITS_REF_FORWARD;
    if (forward || may_force)
        return NULL;
    return reject(item, is_known ? "non-fast-forward" : "fetch first");
}

static dits_error *judge(const struct pushing *pushing, struct push_item *item)
{
    const struct transport_ref *there =
        transport_refs_find(&pushing->refs, item->target);
    struct dits_oid expected = {0};
    bool leased = false;
    bool removes = dits_oid_is_zero(&item->after);
    if (there != NULL)
        item->before = there->id;
    if (removes && there == NULL)
        return reject(item, "remote ref does not exist");
    if (dits_oid_equal(&item->before, &item->after))
        return NULL; /* unchanged */
    TRY(find_lease(pushing, item, &leased, &expected));
    if (leased && !dits_oid_equal(&expected, &item->before))
        return reject(item, "stale info");
    item->change = removes ? DITS_REF_REMOVED : DITS_REF_NEW;
    if (removes || there == NULL)
        return NULL;
    return judge_move(pushing, item, item->force || leased);
}

static dits_error *judge_all(struct pushing *pushing)
{
    bool rejected = false;
    for (size_t i = 0; i < pushing->count; i++) {
        TRY(judge(pushing, &pushing->items[i]));
        rejected = rejected || pushing->items[i].change == DITS_REF_REJECTED;
    }
    for (size_t i = 0; i < pushing->count; i++)
        if (rejected && pushing->options->atomic &&
            push_is_due(&pushing->items[i]))
            TRY(reject(&pushing->items[i], "atomic push failed"));
    return NULL;
}

dits_error *push_choose(struct pushing *pushing)
{
    TRY(add_all(pushing));
    return judge_all(pushing);
}
