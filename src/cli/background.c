#include "cli/background.h"

#include <dits/maintenance.h>

#include "base/fs.h"
#include "base/text.h"

dits_error *background_gc(const struct cli *cli, const char *prune)
{
    CLEANUP(text_free) char *log = NULL;
    const char *arguments[] = {"gc", prune != NULL ? "--prune" : NULL, prune,
                               NULL};
    TRY(fs_join(dits_repo_dir(cli->repo), "gc.log", &log));
    return background_start(cli, log, arguments);
}

static dits_error *start_if_due(const struct cli *cli)
{
    struct dits_gc_status status = {0};
    TRY(dits_gc_status_get(cli->repo, &status));
    bool is_due = status.state != DITS_RUN_GOES_ON &&
                  status.auto_operations > 0 &&
                  status.operations >= status.auto_operations;
    dits_gc_status_release(&status);
    if (!is_due)
        return NULL;
    TRY(background_gc(cli, NULL));
    cli_note(cli, "a gc was started in the background; see 'dits gc --status'");
    return NULL;
}

void background_gc_auto(const struct cli *cli)
{
    dits_error *err = start_if_due(cli);
    if (err != NULL)
        cli_note(cli, "no gc was started: %s", dits_error_message(err));
    dits_error_free(err); /* what the command did is done */
}
