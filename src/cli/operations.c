#include "cli/operations.h"

#include <inttypes.h>

#include "cli/date.h"
#include "cli/json.h"
#include "cli/paths.h"

void operation_json(FILE *out, const struct dits_operation *operation)
{
    char date[DATE_TEXT_SIZE] = {0};
    const struct date_style style = {.format = DATE_ISO_STRICT};
    date_format(&style, operation->time, 0, date);
    struct json json = json_begin(out);
    json_u64(&json, "id", operation->id);
    json_string(&json, "time", date);
    json_string(&json, "user", operation->user);
    json_string(&json, "kind", operation->kind);
    json_string(&json, "command", operation->command);
    json_u64(&json, "undoes", operation->undoes);
    json_bool(&json, "is_undone", operation->is_undone);
    json_bool(&json, "can_undo", operation->can_undo);
    json_string(&json, "worktree", operation->worktree);
    json_end(&json);
}

struct search {
    struct cli *cli;
    const char *what;
    uint64_t id;
};

static dits_error *tell_one(const struct dits_operation *operation,
                            void *payload)
{
    const struct search *search = payload;
    struct cli *cli = search->cli;
    if (operation->id != search->id)
        return NULL;
    if (cli->json) {
        operation_json(cli->out, operation);
        return NULL;
    }
    fprintf(cli->out, "%s operation %" PRIu64 ": ", search->what,
            operation->id);
    TRY(path_print(cli->out, operation->command));
    fputc('\n', cli->out);
    return NULL;
}

dits_error *operation_tell(struct cli *cli, const char *what, uint64_t id)
{
    struct search search = {.cli = cli, .what = what, .id = id};
    if (cli->quiet && !cli->json)
        return NULL;
    return dits_operation_each(cli->repo, tell_one, &search);
}
