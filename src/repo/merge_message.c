#include "repo/merge_message.h"

#include <string.h>

#include "base/text.h"
#include "object/commit.h"
#include "repo/ref_name.h"

static dits_error *read_ref(dits_repo *repo, const char *before,
                            const char *name, size_t length,
                            struct dits_oid *out, bool *out_found)
{
    CLEANUP(buf_release) struct buf full = {0};
    TRY(buf_printf(&full, "%s%.*s", before, (int)length, name));
    return refs_read(repo, buf_text(&full), out, out_found);
}

/*
 * The ref of a folder ("refs/heads/") that the first bytes of `name` stand for:
 * "cut", "heads/cut" or "refs/heads/cut".
 */
static dits_error *find_ref(dits_repo *repo, const char *folder,
                            const char *name, size_t length,
                            struct dits_oid *out, bool *out_found)
{
    *out_found = false;
    if (length == 0)
        return NULL;
    TRY(read_ref(repo, folder, name, length, out, out_found));
    if (!*out_found && text_starts_with(name, folder + strlen(REF_ALL)))
        TRY(read_ref(repo, REF_ALL, name, length, out, out_found));
    if (!*out_found && text_starts_with(name, folder))
        TRY(read_ref(repo, "", name, length, out, out_found));
    return NULL;
}

/*
 * "cut~2" and "cut^^" are an early part of the branch "cut": how much of
 * `target` its name is, 0 where it is written otherwise. "cut~0" is all of it.
 */
static size_t branch_part(const char *target, bool *out_early)
{
    size_t length = strlen(target);
    while (length > 0 && target[length - 1] == '^')
        length--;
    *out_early = target[length] != '\0';
    if (*out_early)
        return length;
    const char *tilde = strrchr(target, '~');
    if (tilde == NULL || tilde[1 + strspn(tilde + 1, "0123456789")] != '\0')
        return 0;
    *out_early = tilde[1] == '\0' || tilde[1 + strspn(tilde + 1, "0")] != '\0';
    return (size_t)(tilde - target);
}

/* "branch 'cut'" */
static dits_error *name_target(dits_repo *repo, const char *target,
                               struct buf *out)
{
    struct dits_oid id = {0};
    size_t length = strlen(target);
    bool found = false;
    bool is_early = false;
    TRY(find_ref(repo, REF_TAGS, target, length, &id, &found));
    if (found)
        return buf_printf(out, "tag '%s'", target);
    TRY(find_ref(repo, REF_BRANCHES, target, length, &id, &found));
    bool is_remote = false;
    if (!found)
        TRY(find_ref(repo, REF_REMOTES, target, length, &id, &is_remote));
    if (is_remote)
        return buf_printf(out, "remote-tracking branch '%s'", target);
    if (!found) {
        length = branch_part(target, &is_early);
        TRY(find_ref(repo, REF_BRANCHES, target, length, &id, &found));
    }
    if (!found)
        return buf_printf(out, "commit '%s'", target);
    return buf_printf(out, "branch '%.*s'%s", (int)length, target,
                      is_early ? " (early part)" : "");
}

/* Into the main branch goes without saying. */
static bool goes_without_saying(const char *branch)
{
    return strcmp(branch, REF_BRANCHES "main") == 0 ||
           strcmp(branch, REF_BRANCHES "master") == 0;
}

/* What a tag says of itself goes with it into the history. */
static dits_error *put_tag_message(dits_repo *repo, const char *target,
                                   struct buf *out)
{
    CLEANUP(tag_release) struct tag tag = {0};
    struct chunk_place place = {0};
    struct dits_oid id = {0};
    bool found = false;
    TRY(find_ref(repo, REF_TAGS, target, strlen(target), &id, &found));
    if (found)
        TRY(store_find(repo->store, &id, &found, &place));
    if (!found || place.kind != CHUNK_TAG)
        return NULL;
    TRY(tag_load(repo->store, &id, &tag));
    return buf_printf(out, "\n%s", tag.message);
}

static dits_error *name_sides(dits_repo *repo, const char *target,
                              const struct refs_head *head, struct buf *out)
{
    TRY(buf_put_text(out, "Merge "));
    TRY(name_target(repo, target, out));
    if (head->branch == NULL || !goes_without_saying(head->branch))
        TRY(buf_printf(out, " into %s",
                       head->branch != NULL ? ref_name_short(head->branch)
                                            : "HEAD"));
    TRY(buf_put_text(out, "\n"));
    return put_tag_message(repo, target, out);
}

/* One of the squashed commits, its message set in. */
static dits_error *put_commit(const dits_commit *commit, void *payload)
{
    struct buf *out = payload;
    const struct dits_person *author = dits_commit_author(commit);
    char hex[DITS_OID_HEX_SIZE] = "";
    dits_oid_hex(dits_commit_id(commit), hex);
    TRY(buf_printf(out, "\ncommit %s\nAuthor: %s <%s>\n\n", hex, author->name,
                   author->email));
    for (const char *line = dits_commit_message(commit); *line != '\0';) {
        size_t length = strcspn(line, "\n");
        TRY(buf_printf(out, "%s%.*s\n", length > 0 ? "    " : "", (int)length,
                       line));
        line += length + (line[length] != '\0');
    }
    return NULL;
}

static dits_error *list_commits(dits_repo *repo, const struct refs_head *head,
                                const struct dits_oid *other, struct buf *out)
{
    char after[DITS_OID_HEX_SIZE] = "";
    char before[DITS_OID_HEX_SIZE + 1] = "^";
    const char *const revisions[] = {after, before};
    dits_oid_hex(other, after);
    dits_oid_hex(&head->commit, before + 1);
    struct dits_log_options options = {
        .revisions = revisions,
        .revision_count = dits_oid_is_zero(&head->commit) ? 1 : 2,
    };
    TRY(buf_put_text(out, "Squashed commit of the following:\n"));
    return dits_log(repo, &options, put_commit, out);
}

dits_error *merge_message(dits_repo *repo,
                          const struct dits_merge_options *options,
                          const struct refs_head *head,
                          const struct dits_oid *other, char **out)
{
    CLEANUP(buf_release) struct buf text = {0};
    if (options->message != NULL)
        return text_copy(options->message, out);
    if (options->squash)
        TRY(list_commits(repo, head, other, &text));
    else
        TRY(name_sides(repo, options->target, head, &text));
    return buf_take_text(&text, out);
}
