#include "repo/bisect_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/oid.h"
#include "base/text.h"
#include "object/asset.h"
#include "object/commit.h"
#include "object/tree.h"
#include "repo/head_tree.h"
#include "repo/identity.h"
#include "repo/ref_name.h"

enum { TEXT_MAX = 16 << 20 };

static const struct dits_oid none = {0};

void bisect_state_release(struct bisect_state *state)
{
    bisect_ids_release(&state->question.goods);
    bisect_ids_release(&state->question.skips);
    mem_free(state->start);
    mem_free(state->bad_term);
    mem_free(state->good_term);
    buf_release(&state->names);
    mem_free(state->name_items);
    buf_release(&state->log);
    *state = (struct bisect_state){0};
}

static dits_error *see_ref(const char *full_name, const struct dits_oid *value,
                           void *payload)
{
    struct bisect_state *state = payload;
    const char *name = full_name + strlen(REF_BISECT);
    if (strcmp(name, "state") == 0) {
        state->is_active = true;
        state->commit = *value;
    } else if (strcmp(name, "bad") == 0) {
        state->has_bad = true;
        state->question.bad = *value;
    } else if (text_starts_with(name, "good-")) {
        return bisect_ids_add(&state->question.goods, value);
    } else if (text_starts_with(name, "skip-")) {
        return bisect_ids_add(&state->question.skips, value);
    }
    return NULL;
}

static dits_error *damaged(const char *name)
{
    return error_hint(error_new(DITS_E_CORRUPT,
                                "the state of the bisection is damaged: %s",
                                name),
                      "End it with 'dits bisect reset'.");
}

static dits_error *read_text(dits_repo *repo, const struct dits_oid *tree,
                             const char *name, struct buf *out)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    struct tree_entry entry = {0};
    bool found = false;
    void *room = NULL;
    TRY(tree_find(repo->store, tree, name, &entry, &found));
    if (!found || entry.mode != TREE_FILE)
        return damaged(name);
    TRY(asset_open(repo->store, &entry.id, &asset));
    uint64_t size = asset_get_info(asset)->size;
    if (size > TEXT_MAX)
        return damaged(name);
    TRY(buf_extend(out, (size_t)size, &room));
    TRY(asset_read_at(asset, 0, (size_t)size, room));
    return text_is_utf8(out->data, out->size) ? NULL : damaged(name);
}

/* The first two lines. */
static dits_error *split_terms(const struct buf *text,
                               struct bisect_state *state)
{
    const char *bad = buf_text(text);
    const char *newline = strchr(bad, '\n');
    if (newline == NULL)
        return damaged("TERMS");
    TRY(text_copy_part(bad, (size_t)(newline - bad), &state->bad_term));
    const char *good = newline + 1;
    return text_copy_part(good, strcspn(good, "\n"), &state->good_term);
}

dits_error *bisect_state_add_path(struct bisect_state *state, const char *path)
{
    return buf_put(&state->names, path, strlen(path) + 1);
}

dits_error *bisect_state_set_paths(struct bisect_state *state)
{
    size_t count = 0;
    for (size_t i = 0; i < state->names.size; i++)
        count += state->names.data[i] == 0;
    if (count == 0)
        return NULL;
    state->name_items = mem_new_array(const char *, count);
    if (state->name_items == NULL)
        return error_nomem();
    const char *at = buf_text(&state->names);
    for (size_t i = 0; i < count; i++, at += strlen(at) + 1)
        state->name_items[i] = at;
    state->question.paths =
        (struct dits_paths){.items = state->name_items, .count = count};
    return NULL;
}

static dits_error *split_names(const struct buf *text,
                               struct bisect_state *state)
{
    for (const char *at = buf_text(text); *at != '\0';) {
        size_t length = strcspn(at, "\n");
        TRY(buf_put(&state->names, at, length));
        TRY(buf_put_u8(&state->names, 0));
        at += length + (at[length] == '\n');
    }
    return bisect_state_set_paths(state);
}

static dits_error *read_texts(dits_repo *repo, struct bisect_state *state)
{
    CLEANUP(buf_release) struct buf start = {0};
    CLEANUP(buf_release) struct buf terms = {0};
    CLEANUP(buf_release) struct buf names = {0};
    struct dits_oid tree = {0};
    TRY(head_tree_of(repo, &state->commit, &tree));
    TRY(read_text(repo, &tree, "LOG", &state->log));
    TRY(read_text(repo, &tree, "NAMES", &names));
    TRY(read_text(repo, &tree, "START", &start));
    TRY(read_text(repo, &tree, "TERMS", &terms));
    TRY(text_copy(buf_text(&start), &state->start));
    TRY(split_terms(&terms, state));
    return split_names(&names, state);
}

dits_error *bisect_state_read(dits_repo *repo, struct bisect_state *out)
{
    CLEANUP(bisect_state_release) struct bisect_state state = {0};
    TRY(refs_each(repo, REF_BISECT, see_ref, &state));
    if (state.is_active)
        TRY(read_texts(repo, &state));
    *out = MOVE(state);
    return NULL;
}

static dits_error *move_ref(struct operation *operation, const char *name,
                            const struct dits_oid *before,
                            const struct dits_oid *after)
{
    CLEANUP(buf_release) struct buf full = {0};
    TRY(buf_printf(&full, REF_BISECT "%s", name));
    return operation_set_ref(operation, buf_text(&full), before, after,
                             "bisect");
}

/* A ref for each id: those that only one of the two has are moved. */
static dits_error *move_ids(struct operation *operation, const char *front,
                            const struct bisect_ids *before,
                            const struct bisect_ids *after, bool removes)
{
    const struct bisect_ids *from = removes ? before : after;
    const struct bisect_ids *other = removes ? after : before;
    for (size_t i = 0; i < from->count; i++) {
        CLEANUP(buf_release) struct buf name = {0};
        const struct dits_oid *id = &from->items[i];
        char hex[OID_HEX_SIZE] = "";
        if (bisect_ids_have(other, id))
            continue;
        dits_oid_hex(id, hex);
        TRY(buf_printf(&name, "%s%s", front, hex));
        TRY(move_ref(operation, buf_text(&name), removes ? id : &none,
                     removes ? &none : id));
    }
    return NULL;
}

static dits_error *put_text(dits_repo *repo, struct operation *operation,
                            struct tree_builder *builder, const char *name,
                            const struct buf *text)
{
    const struct asset_store_options how = {
        .context = repo->context,
        .writer = operation_writer(operation),
        .threads = 1,
    };
    struct tree_entry entry = {.name = name, .mode = TREE_FILE};
    struct asset_info info = {0};
    TRY(asset_store_bytes(&how, buf_text(text), text->size, &entry.id, &info));
    return tree_builder_add(builder, &entry);
}

static dits_error *put_names(const struct bisect_state *state, struct buf *out)
{
    for (size_t i = 0; i < state->question.paths.count; i++)
        TRY(buf_printf(out, "%s\n", state->question.paths.items[i]));
    return NULL;
}

static dits_error *write_tree(dits_repo *repo, struct operation *operation,
                              const struct bisect_state *state,
                              struct dits_oid *out)
{
    CLEANUP(tree_builder_freep) struct tree_builder *builder = NULL;
    CLEANUP(buf_release) struct buf names = {0};
    CLEANUP(buf_release) struct buf start = {0};
    CLEANUP(buf_release) struct buf terms = {0};
    TRY(put_names(state, &names));
    TRY(buf_put_text(&start, state->start));
    TRY(buf_printf(&terms, "%s\n%s\n", state->bad_term, state->good_term));
    TRY(tree_builder_new(operation_writer(operation), &builder));
    TRY(put_text(repo, operation, builder, "LOG", &state->log));
    TRY(put_text(repo, operation, builder, "NAMES", &names));
    TRY(put_text(repo, operation, builder, "START", &start));
    TRY(put_text(repo, operation, builder, "TERMS", &terms));
    return tree_builder_finish(builder, out);
}

static dits_error *store_state(dits_repo *repo, struct operation *operation,
                               const struct bisect_state *state,
                               struct dits_oid *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    *out = none;
    if (!state->is_active)
        return NULL;
    TRY(write_tree(repo, operation, state, &commit.tree));
    TRY(identity_find_any(repo, &commit.author));
    TRY(person_copy(&commit.author, &commit.committer));
    TRY(text_copy("The state of 'dits bisect'\n", &commit.message));
    return commit_store(operation_writer(operation), &commit, out);
}

dits_error *bisect_state_write(dits_repo *repo, struct operation *operation,
                               const struct bisect_state *before,
                               const struct bisect_state *after)
{
    struct dits_oid commit = {0};
    TRY(store_state(repo, operation, after, &commit));
    for (int removes = 1; removes >= 0; removes--) {
        TRY(move_ids(operation, "good-", &before->question.goods,
                     &after->question.goods, removes));
        TRY(move_ids(operation, "skip-", &before->question.skips,
                     &after->question.skips, removes));
    }
    TRY(move_ref(operation, "bad", &before->question.bad,
                 &after->question.bad));
    return move_ref(operation, "state", &before->commit, &commit);
}
