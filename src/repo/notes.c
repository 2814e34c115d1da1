#include <dits/notes.h>

#include <dits/refs.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/asset.h"
#include "object/tree_edit.h"
#include "repo/head_tree.h"
#include "repo/identity.h"
#include "repo/message.h"
#include "repo/operation.h"
#include "repo/ref_name.h"

#define DEFAULT_REF REF_NOTES "commits"

enum { NOTE_MAX = 16 << 20 }; /* bytes of one text */

struct dits_notes {
    dits_repo *repo; /* borrowed */
    struct dits_oid tree;
};

static dits_error *full_name_of(const char *ref, char **out)
{
    static const char *const fronts[] = {REF_NOTES, "notes/"};
    CLEANUP(buf_release) struct buf name = {0};
    if (ref == NULL)
        return text_copy(DEFAULT_REF, out);
    for (size_t i = 0; i < 2; i++) {
        if (text_starts_with(ref, fronts[i])) {
            ref += strlen(fronts[i]);
            break;
        }
    }
    if (!ref_name_is_valid(ref))
        return ref_name_error(ref, "notes");
    TRY(buf_printf(&name, REF_NOTES "%s", ref));
    return buf_take_text(&name, out);
}

dits_error *dits_notes_open(dits_repo *repo, const char *ref, dits_notes **out)
{
    CLEANUP(text_free) char *name = NULL;
    struct dits_oid commit = {0};
    struct dits_oid tree = {0};
    bool found = false;
    TRY(full_name_of(ref, &name));
    TRY(refs_read(repo, name, &commit, &found));
    *out = NULL;
    if (!found)
        return NULL;
    TRY_CONTEXT(head_tree_of(repo, &commit, &tree), "cannot read '%s'", name);
    dits_notes *notes = mem_new(dits_notes);
    if (notes == NULL)
        return error_nomem();
    *notes = (struct dits_notes){.repo = repo, .tree = tree};
    *out = notes;
    return NULL;
}

void dits_notes_free(dits_notes *notes)
{
    mem_free(notes);
}

/* The text at `commit`; NULL: none. */
static dits_error *read_note(dits_repo *repo, const struct dits_oid *tree,
                             const struct dits_oid *commit, char **out)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(buf_release) struct buf text = buf_limited(NOTE_MAX);
    struct tree_entry entry = {0};
    char hex[OID_HEX_SIZE] = "";
    bool found = false;
    void *room = NULL;
    *out = NULL;
    dits_oid_hex(commit, hex);
    TRY(tree_find(repo->store, tree, hex, &entry, &found));
    if (!found || entry.mode == TREE_FOLDER)
        return NULL;
    TRY(asset_open(repo->store, &entry.id, &asset));
    uint64_t size = asset_get_info(asset)->size;
    if (size > NOTE_MAX)
        return error_new(DITS_E_LIMIT, "the note on %.12s is too large", hex);
    TRY(buf_extend(&text, (size_t)size, &room));
    TRY(asset_read_at(asset, 0, (size_t)size, room));
    if (!text_is_utf8(text.data, text.size))
        return error_new(DITS_E_CORRUPT, "the note on %.12s is no text", hex);
    return buf_take_text(&text, out);
}

dits_error *dits_notes_find(const dits_notes *notes,
                            const struct dits_oid *commit, char **out)
{
    return read_note(notes->repo, &notes->tree, commit, out);
}

struct note_walk {
    dits_note_fn *fn;
    void *payload;
};

/* What has another name is no note, and not ours. */
static dits_error *see_entry(const char *path, const struct tree_entry *entry,
                             void *payload)
{
    const struct note_walk *walk = payload;
    struct dits_oid commit = {0};
    return oid_parse(path, &commit)
               ? walk->fn(&entry->id, &commit, walk->payload)
               : NULL;
}

dits_error *dits_notes_each(const dits_notes *notes, dits_note_fn *fn,
                            void *payload)
{
    struct note_walk walk = {.fn = fn, .payload = payload};
    return tree_walk(notes->repo->store, &notes->tree, see_entry, &walk);
}

/* One change of the notes of a ref. */
struct noting {
    dits_repo *repo;
    struct operation *operation;
    char *ref;
    struct dits_oid before; /* commit; zero: none */
    struct dits_oid tree;
};

static void noting_release(struct noting *noting)
{
    operation_free(noting->operation);
    mem_free(noting->ref);
}

static dits_error *begin(struct noting *noting, const char *ref)
{
    bool found = false;
    TRY(full_name_of(ref, &noting->ref));
    TRY(operation_begin(noting->repo, "notes", &noting->operation));
    TRY(refs_read(noting->repo, noting->ref, &noting->before, &found));
    return head_tree_of(noting->repo, &noting->before, &noting->tree);
}

static dits_error *change_entry(struct noting *noting,
                                const struct dits_oid *commit,
                                const struct dits_oid *note)
{
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(commit, hex);
    struct tree_change change = {
        .entry = {.name = hex, .mode = TREE_FILE},
        .is_removal = note == NULL,
    };
    if (note != NULL)
        change.entry.id = *note;
    struct dits_oid after = {0};
    TRY(tree_edit(noting->repo->store, operation_writer(noting->operation),
                  &noting->tree, &change, 1, &after));
    noting->tree = after;
    return NULL;
}

static dits_error *fill_commit(const struct noting *noting, const char *action,
                               struct commit *out)
{
    CLEANUP(buf_release) struct buf message = {0};
    TRY(buf_printf(&message, "Notes added by 'dits notes %s'\n", action));
    TRY(buf_take_text(&message, &out->message));
    TRY(identity_find(noting->repo, &out->author));
    TRY(person_copy(&out->author, &out->committer));
    out->tree = noting->tree;
    if (dits_oid_is_zero(&noting->before))
        return NULL;
    out->parents = mem_new_array(struct dits_oid, 1);
    if (out->parents == NULL)
        return error_nomem();
    out->parents[0] = noting->before;
    out->parent_count = 1;
    return NULL;
}

/* Where the tree stayed the same nothing is recorded. */
static dits_error *publish(struct noting *noting, const char *action)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(buf_release) struct buf message = {0};
    struct dits_oid tree = {0};
    struct dits_oid id = {0};
    TRY(head_tree_of(noting->repo, &noting->before, &tree));
    if (dits_oid_equal(&tree, &noting->tree))
        return NULL;
    TRY(fill_commit(noting, action, &commit));
    TRY(commit_store(operation_writer(noting->operation), &commit, &id));
    TRY(buf_printf(&message, "notes: %s", action));
    TRY(operation_set_ref(noting->operation, noting->ref, &noting->before, &id,
                          buf_text(&message)));
    return operation_commit(noting->operation);
}

static dits_error *find_commit(dits_repo *repo, const char *revision,
                               struct dits_oid *out)
{
    return dits_revision_resolve(repo, revision != NULL ? revision : "HEAD",
                                 DITS_REVISION_COMMIT, out);
}

static dits_error *exists(const struct dits_oid *commit)
{
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(commit, hex);
    return error_hint(
        error_new(DITS_E_EXISTS, "there is a note on %.12s already", hex),
        "Use 'dits notes append' to add to it, or -f to replace "
        "it.");
}

/* The old text, a gap, and the new one. */
static dits_error *join_texts(const char *old, const char *text,
                              const struct dits_note_options *options,
                              char **out)
{
    CLEANUP(buf_release) struct buf joined = {0};
    if (options->mode == DITS_NOTE_APPEND && old != NULL)
        TRY(buf_printf(&joined, "%s\n", old));
    TRY(buf_put_text(&joined, text));
    return message_clean(buf_text(&joined), out);
}

static dits_error *store_text(struct noting *noting, const char *text,
                              struct dits_oid *out)
{
    const struct asset_store_options how = {
        .context = noting->repo->context,
        .writer = operation_writer(noting->operation),
        .threads = 1,
    };
    struct asset_info info = {0};
    return asset_store_bytes(&how, text, strlen(text), out, &info);
}

dits_error *dits_note_set(dits_repo *repo,
                          const struct dits_note_options *options,
                          struct dits_note_result *out)
{
    CLEANUP(noting_release) struct noting noting = {.repo = repo};
    CLEANUP(text_free) char *old = NULL;
    CLEANUP(text_free) char *text = NULL;
    struct dits_note_result result = {0};
    struct dits_oid note = {0};
    TRY(begin(&noting, options->ref));
    TRY(find_commit(repo, options->commit, &result.commit));
    TRY(read_note(repo, &noting.tree, &result.commit, &old));
    if (old != NULL && options->mode == DITS_NOTE_ADD)
        return exists(&result.commit);
    TRY(join_texts(old, options->text, options, &text));
    result.is_removed = text[0] == '\0';
    result.is_replaced = old != NULL && options->mode == DITS_NOTE_REPLACE;
    if (!result.is_removed)
        TRY(store_text(&noting, text, &note));
    TRY(change_entry(&noting, &result.commit,
                     result.is_removed ? NULL : &note));
    TRY(publish(&noting, options->action));
    *out = result;
    return NULL;
}

static dits_error *remove_one(struct noting *noting, const char *revision,
                              bool ignore_missing)
{
    CLEANUP(text_free) char *old = NULL;
    struct dits_oid commit = {0};
    char hex[OID_HEX_SIZE] = "";
    TRY(find_commit(noting->repo, revision, &commit));
    TRY(read_note(noting->repo, &noting->tree, &commit, &old));
    if (old != NULL)
        return change_entry(noting, &commit, NULL);
    dits_oid_hex(&commit, hex);
    return ignore_missing
               ? NULL
               : error_new(DITS_E_NOT_FOUND, "%.12s has no note", hex);
}

dits_error *dits_notes_remove(dits_repo *repo, const char *ref,
                              const char *const *commits, size_t count,
                              bool ignore_missing)
{
    CLEANUP(noting_release) struct noting noting = {.repo = repo};
    TRY(begin(&noting, ref));
    for (size_t i = 0; i < count; i++)
        TRY(remove_one(&noting, commits[i], ignore_missing));
    return publish(&noting, "remove");
}
