#include "cli/findings.h"

#include "cli/color.h"
#include "cli/json.h"
#include "cli/paths.h"
#include "cli/progress.h"

static const char *level_name(enum dits_fsck_level level)
{
    static const char *const names[] = {
        [DITS_FSCK_NOTE] = "note",
        [DITS_FSCK_DAMAGE] = "damage",
        [DITS_FSCK_REPAIRED] = "repaired",
    };
    return names[level];
}

static void print_json(FILE *out, const struct dits_fsck_finding *finding)
{
    struct json json = json_begin(out);
    json_string(&json, "level", level_name(finding->level));
    json_string(&json, "what", finding->what);
    json_string(&json, "object", finding->object);
    json_string(&json, "path", finding->path);
    json_string(&json, "commit", finding->commit);
    json_end(&json);
}

dits_error *finding_print(const struct dits_fsck_finding *finding,
                          void *payload)
{
    struct cli *cli = payload;
    static const enum color colors[] = {
        [DITS_FSCK_NOTE] = COLOR_DIM,
        [DITS_FSCK_DAMAGE] = COLOR_RED,
        [DITS_FSCK_REPAIRED] = COLOR_GREEN,
    };
    progress_hide(cli->progress);
    if (cli->json) {
        print_json(cli->out, finding);
        return NULL;
    }
    if (finding->level == DITS_FSCK_NOTE && cli->quiet)
        return NULL;
    fprintf(cli->out, "%s%s:%s %s\n", color(cli, colors[finding->level]),
            level_name(finding->level), color(cli, COLOR_RESET), finding->what);
    if (finding->path != NULL) {
        fputs("  touches ", cli->out);
        TRY(path_print(cli->out, finding->path));
        if (finding->commit != NULL)
            fprintf(cli->out, " of commit %.12s", finding->commit);
        fputc('\n', cli->out);
    } else if (finding->commit != NULL) {
        fprintf(cli->out, "  touches commit %.12s\n", finding->commit);
    }
    return NULL;
}
