/*
 * dits watch - what happens in a repository
 */
#include <dits/events.h>

#include <inttypes.h>
#include <string.h>

#include "base/context.h"
#include "base/text.h"
#include "cli/color.h"
#include "cli/command.h"
#include "cli/date.h"
#include "cli/environment.h"
#include "cli/ids.h"
#include "cli/json.h"

enum { PAUSE_MS = 250, SHORT = 10 };

struct watch_args {
    const char *remote;
    const char *after;
    bool once;
    bool all;
};

static const struct cli_option options[] = {
    CLI_OPTIONAL_OPERAND("REMOTE", struct watch_args, remote,
                         "a remote or the path of a repository; default: this "
                         "one"),
    CLI_STRING(0, "after", "PLACE", struct watch_args, after,
               "begin after that event: its number, or its place as --json "
               "prints it"),
    CLI_SWITCH(0, "all", struct watch_args, all,
               "begin with the oldest event that is known"),
    CLI_SWITCH(0, "once", struct watch_args, once,
               "end when there are no more events, instead of waiting for "
               "some"),
    CLI_END,
};

static const char help[] =
    "Prints each branch, tag or note that is made, moved or removed, as it "
    "happens,\n"
    "until it is interrupted. Each event has a place: whoever begins after the "
    "last\n"
    "one that he saw misses nothing and sees nothing twice.\n"
    "\n"
    "Where events after that place are not known any more, it says so and goes "
    "on\n"
    "with what happens next: then look at all of it, with 'dits ls-remote'.\n";

struct watching {
    struct cli *cli;
    struct dits_event_place *place; /* of the event before */
};

static void print_json(const struct watching *watching,
                       const struct dits_event *event)
{
    char at[DITS_EVENT_PLACE_SIZE] = {0};
    struct dits_event_place place = *watching->place;
    struct json json = json_begin(watching->cli->out);
    place.number = event->number;
    dits_event_place_text(&place, at);
    json_string(&json, "place", at);
    json_i64(&json, "time", event->time);
    json_string(&json, "ref", event->ref);
    json_oid(&json, "before", &event->before);
    json_oid(&json, "after", &event->after);
    json_string(&json, "user", event->user);
    json_string(&json, "message", event->message);
    json_end(&json);
}

/* What it leads to may be known elsewhere only: the id is cut, not looked up.
 */
static void short_id(const struct dits_oid *id, char out[DITS_OID_HEX_SIZE])
{
    dits_oid_hex(id, out);
    out[SHORT] = '\0';
}

static void print_move(const struct cli *cli, const struct dits_event *event)
{
    char before[DITS_OID_HEX_SIZE] = {0};
    char after[DITS_OID_HEX_SIZE] = {0};
    short_id(&event->before, before);
    short_id(&event->after, after);
    if (dits_oid_is_zero(&event->before))
        fprintf(cli->out, "new %s", after);
    else if (dits_oid_is_zero(&event->after))
        fprintf(cli->out, "removed, was %s", before);
    else
        fprintf(cli->out, "%s..%s", before, after);
}

static dits_error *print_event(const struct dits_event *event, void *payload)
{
    const struct watching *watching = payload;
    struct cli *cli = watching->cli;
    const struct date_style style = {.format = DATE_ISO};
    char date[DATE_TEXT_SIZE] = {0};
    if (cli->json) {
        print_json(watching, event);
        return NULL;
    }
    date_format(&style, event->time, cli->environment->utc_offset_minutes,
                date);
    fprintf(cli->out, "%" PRIu64 "  %s  %s%s%s  ", event->number, date,
            color(cli, COLOR_YELLOW), event->ref, color(cli, COLOR_RESET));
    print_move(cli, event);
    fprintf(cli->out, "  %s", event->user);
    if (event->message[0] != '\0')
        fprintf(cli->out, "  %s", event->message);
    fputc('\n', cli->out);
    return NULL;
}

static void print_lost(const struct cli *cli,
                       const struct dits_event_place *place)
{
    char at[DITS_EVENT_PLACE_SIZE] = {0};
    dits_event_place_text(place, at);
    if (cli->json) {
        struct json json = json_begin(cli->out);
        json_bool(&json, "lost", true);
        json_string(&json, "place", at);
        json_end(&json);
        return;
    }
    cli_note(cli,
             "events after that place are not known any more: look at all "
             "of it, then go on after %s",
             at);
}

static dits_error *begin_at(struct cli *cli, const struct watch_args *args,
                            dits_events *events, struct dits_event_place *out)
{
    uint64_t number = 0;
    if (args->after != NULL && args->all)
        return cli_usage(cli, "'--after' and '--all' exclude each other");
    if (args->after != NULL && text_to_u64(args->after, &number)) {
        TRY(dits_events_range(events, NULL, out));
        out->number = number;
        return NULL;
    }
    if (args->after != NULL)
        return dits_event_place_parse(args->after, out);
    return args->all ? dits_events_range(events, out, NULL)
                     : dits_events_range(events, NULL, out);
}

static dits_error *read_events(struct cli *cli, dits_events *events,
                               struct dits_event_place *place)
{
    struct watching watching = {.cli = cli, .place = place};
    bool lost = false;
    TRY(dits_events_read(events, place, print_event, &watching, &lost));
    if (lost)
        print_lost(cli, place);
    fflush(cli->out);
    return NULL;
}

static dits_error *watch(struct cli *cli, const struct watch_args *args,
                         dits_events *events)
{
    struct dits_event_place place = {{0}, 0};
    TRY(begin_at(cli, args, events, &place));
    for (;;) {
        TRY(read_events(cli, events, &place));
        if (args->once)
            return NULL;
        TRY(context_pause(cli->context, PAUSE_MS));
    }
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct watch_args *args = data;
    dits_events *events = NULL;
    if (args->remote == NULL && cli->repo == NULL)
        return cli_usage(cli, "REMOTE is missing");
    TRY(dits_events_open(cli->context, cli->repo, args->remote, &events));
    dits_error *err = watch(cli, args, events);
    dits_events_free(events);
    return err;
}

const struct cli_command cmd_watch = {
    .name = "watch",
    .summary = "print what happens in a repository",
    .help = help,
    .group = CLI_GROUP_SHARE,
    .flags = CLI_WANTS_REPO | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct watch_args),
    .run = run,
};
