/*
 * dits describe - name a commit by the nearest tag
 */
#include <inttypes.h>

#include <dits/refs.h>
#include <dits/worktree.h>

#include "base/buf.h"
#include "cli/command.h"
#include "cli/json.h"

struct describe_args {
    bool tags;
    bool all;
    bool is_long;
    bool always;
    bool exact;
    bool first_parent;
    struct cli_number digits;
    struct cli_number candidates;
    const char *dirty;
    struct cli_list matches;
    struct cli_list excludes;
    struct cli_list revisions;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct describe_args, revisions,
                 "what to describe; default: HEAD"),
    CLI_SWITCH(0, "tags", struct describe_args, tags,
               "use also tags without a message"),
    CLI_SWITCH(0, "all", struct describe_args, all,
               "use every tag and branch, as 'tags/v1' or 'heads/main'"),
    CLI_SWITCH(0, "long", struct describe_args, is_long,
               "always print the count and the id, also for a tag itself"),
    CLI_SWITCH(0, "always", struct describe_args, always,
               "print a short id where there is no name"),
    CLI_NUMBER(0, "abbrev", "NUM", struct describe_args, digits,
               "print NUM digits of the id, or more; 0: only the name"),
    CLI_OPTIONAL(0, "dirty", "MARK", struct describe_args, dirty,
                 "describe HEAD, and append MARK, '-dirty', when tracked files "
                 "were changed",
                 .implied = "-dirty"),
    CLI_SWITCH(0, "exact-match", struct describe_args, exact,
               "only a name that the commit itself has"),
    CLI_STRINGS(0, "match", "PATTERN", struct describe_args, matches,
                "only names that match PATTERN, such as 'v[0-9]*'"),
    CLI_STRINGS(0, "exclude", "PATTERN", struct describe_args, excludes,
                "no names that match PATTERN"),
    CLI_NUMBER(0, "candidates", "NUM", struct describe_args, candidates,
               "choose among NUM names, 10 by default; 0: as --exact-match"),
    CLI_SWITCH(0, "first-parent", struct describe_args, first_parent,
               "follow only the first parent of merges"),
    CLI_END,
};

static const char help[] =
    "Prints the nearest tag in the history of REV, and if it is not REV's "
    "own,\n"
    "how many commits lie between and REV's short id: 'v1-3-g1f3b464'. That is "
    "a\n"
    "revision again, as long as it is the only one. Only tags with a message\n"
    "count, unless '--tags' or '--all' say otherwise.\n";

/* Append "-3-g1f3b464", where it belongs. */
static dits_error *put_suffix(const struct cli *cli,
                              const struct describe_args *args,
                              const struct dits_description *description,
                              struct buf *out)
{
    char id[DITS_OID_HEX_SIZE] = {0};
    uint64_t digits = args->digits.is_given ? args->digits.value : 7;
    bool has_id = digits > 0 && (description->distance > 0 || args->is_long);
    if (description->name == NULL && digits == 0)
        dits_oid_hex(&description->commit, id);
    else if (description->name == NULL || has_id)
        TRY(dits_oid_abbreviate_to(cli->repo, &description->commit, digits,
                                   id));
    if (description->name == NULL)
        return buf_put_text(out, id);
    if (!has_id)
        return NULL;
    return buf_printf(out, "-%" PRIu64 "-g%s", description->distance, id);
}

static dits_error *note_change(const struct dits_status_entry *entry,
                               void *payload)
{
    (void)entry;
    *(bool *)payload = true;
    return NULL;
}

static dits_error *is_changed(const struct cli *cli, bool *out)
{
    const struct dits_status_options wanted = {.hide_untracked = true};
    return dits_status(cli->repo, &wanted, note_change, out);
}

static void print_json(const struct cli *cli, const char *text,
                       const struct dits_description *description)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "description", text);
    json_oid(&json, "commit", &description->commit);
    json_string(&json, "name", description->name);
    json_u64(&json, "distance", description->distance);
    json_end(&json);
}

static dits_error *describe(const struct cli *cli,
                            const struct describe_args *args,
                            const char *revision, const char *mark)
{
    CLEANUP(dits_description_release) struct dits_description found = {0};
    CLEANUP(buf_release) struct buf text = {0};
    const struct dits_describe_options wanted = {
        .tags = args->tags,
        .all = args->all,
        .exact = args->exact ||
                 (args->candidates.is_given && args->candidates.value == 0),
        .always = args->always,
        .first_parent = args->first_parent,
        .candidates = args->candidates.value,
        .matches = args->matches.items,
        .match_count = args->matches.count,
        .excludes = args->excludes.items,
        .exclude_count = args->excludes.count,
    };
    TRY(dits_describe(cli->repo, revision, &wanted, &found));
    if (found.name != NULL)
        TRY(buf_put_text(&text, found.name));
    TRY(put_suffix(cli, args, &found, &text));
    TRY(buf_put_text(&text, mark));
    if (cli->json)
        print_json(cli, buf_text(&text), &found);
    else
        fprintf(cli->out, "%s\n", buf_text(&text));
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct describe_args *args = data;
    bool changed = false;
    if (args->is_long && args->digits.is_given && args->digits.value == 0)
        return cli_usage(cli, "'--long' and '--abbrev=0' exclude each other");
    if (args->dirty != NULL && args->revisions.count > 0)
        return cli_usage(cli, "'--dirty' describes HEAD, not '%s'",
                         args->revisions.items[0]);
    if (args->dirty != NULL)
        TRY(is_changed(cli, &changed));
    if (args->revisions.count == 0)
        return describe(cli, args, NULL, changed ? args->dirty : "");
    for (size_t i = 0; i < args->revisions.count; i++)
        TRY(describe(cli, args, args->revisions.items[i], ""));
    return NULL;
}

const struct cli_command cmd_describe = {
    .name = "describe",
    .summary = "name a commit by the nearest tag",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct describe_args),
    .run = run,
};
