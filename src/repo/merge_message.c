#include "repo/merge_message.h"

#include <string.h>

#include "base/text.h"
#include "repo/ref_name.h"

static dits_error *has_ref(dits_repo *repo, const char *folder,
                           const char *name, bool *out)
{
    CLEANUP(buf_release) struct buf full = {0};
    struct dits_oid id = {0};
    TRY(buf_printf(&full, "%s%s", folder, name));
    return refs_read(repo, buf_text(&full), &id, out);
}

/* Into the main branch goes without saying. */
static bool goes_without_saying(const char *branch)
{
    return strcmp(branch, REF_BRANCHES "main") == 0 ||
           strcmp(branch, REF_BRANCHES "master") == 0;
}

static dits_error *name_sides(dits_repo *repo, const char *target,
                              const struct refs_head *head, struct buf *out)
{
    bool is_branch = false;
    bool is_tag = false;
    TRY(has_ref(repo, REF_BRANCHES, target, &is_branch));
    TRY(has_ref(repo, REF_TAGS, target, &is_tag));
    const char *what = is_tag ? "tag" : is_branch ? "branch" : "commit";
    TRY(buf_printf(out, "Merge %s '%s'", what, target));
    if (head->branch == NULL || !goes_without_saying(head->branch))
        TRY(buf_printf(out, " into %s",
                       head->branch != NULL ? ref_name_short(head->branch)
                                            : "HEAD"));
    return buf_put_text(out, "\n");
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
