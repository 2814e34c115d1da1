#include "cli/events.h"

#include "base/buf.h"
#include "cli/json.h"
#include "cli/paths.h"

static void print_json(const struct cli *cli,
                       const struct dits_path_event *event)
{
    const char action[] = {event->action, '\0'};
    struct json json = json_begin(cli->out);
    json_string(&json, "action", action);
    json_string(&json, "path", event->path);
    if (event->old_path != NULL)
        json_string(&json, "old_path", event->old_path);
    json_end(&json);
}

/* As git words it: Renaming a to b; add 'x'; rm 'y'. */
dits_error *event_print(const struct dits_path_event *event, void *payload)
{
    const struct event_printer *printer = payload;
    const struct cli *cli = printer->cli;
    FILE *out = cli->out;
    if (cli->json) {
        print_json(cli, event);
        return NULL;
    }
    if (event->old_path != NULL) {
        fputs("Renaming ", out);
        TRY(path_print(out, event->old_path));
        fputs(" to ", out);
        TRY(path_print(out, event->path));
        fputc('\n', out);
        return NULL;
    }
    const char *word = event->action == 'D' ? printer->words->removed
                                            : printer->words->added;
    if (word != NULL) {
        CLEANUP(buf_release) struct buf text = {0};
        TRY(path_quote(event->path, false, &text));
        fprintf(out, "%s '%s'\n", word, buf_text(&text));
    }
    return NULL;
}
