#include "cli/commit_result.h"

#include <dits/refs.h>

#include "cli/commit_text.h"
#include "cli/format.h"
#include "cli/ids.h"

static void commit_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
}

static void head_release(struct dits_head *head)
{
    dits_head_release(head);
}

dits_error *commit_result_print(const struct cli *cli,
                                const struct dits_commit_result *result)
{
    CLEANUP(commit_freep) dits_commit *commit = NULL;
    CLEANUP(head_release) struct dits_head head = {0};
    CLEANUP(buf_release) struct buf subject = {0};
    char id[DITS_OID_HEX_SIZE] = {0};
    char count[FORMAT_SIZE] = {0};
    char before[FORMAT_SIZE] = {0};
    char after[FORMAT_SIZE] = {0};
    TRY(dits_commit_load(cli->repo, &result->id, &commit));
    TRY(dits_head_get(cli->repo, &head));
    TRY(commit_subject(dits_commit_message(commit), &subject));
    TRY(id_short(cli, &result->id, id));
    fprintf(cli->out, "[%s%s %s] %s\n",
            head.branch != NULL ? head.branch : "detached HEAD",
            result->is_root ? " (root-commit)" : "", id, buf_text(&subject));
    fprintf(cli->out, " %s file%s changed",
            format_count(result->files_changed, count),
            plural(result->files_changed));
    format_size(result->bytes_before, before);
    format_size(result->bytes_after, after);
    if (result->bytes_before > 0)
        fprintf(cli->out, ", %s -> %s", before, after);
    else if (result->bytes_after > 0)
        fprintf(cli->out, ", %s", after);
    fputc('\n', cli->out);
    return NULL;
}
