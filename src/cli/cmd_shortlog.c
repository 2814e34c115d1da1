/*
 * dits shortlog - commits by those who made them
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <dits/commit.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commit_text.h"
#include "cli/json.h"
#include "cli/revisions.h"

struct shortlog_args {
    bool summary;
    bool numbered;
    bool email;
    bool committer;
    bool all;
    const char *since;
    const char *until;
    struct cli_list operands;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct shortlog_args, operands,
                 "which commits: 'main', 'v1..main', '^v1'; default: HEAD"),
    CLI_PATHS("PATH", struct shortlog_args, paths,
              "only commits that change one of these"),
    CLI_SWITCH('s', "summary", struct shortlog_args, summary,
               "only how many commits each one made"),
    CLI_SWITCH('n', "numbered", struct shortlog_args, numbered,
               "those with the most commits first, not by name"),
    CLI_SWITCH('e', "email", struct shortlog_args, email,
               "show mail addresses, and tell people apart by them too"),
    CLI_SWITCH('c', "committer", struct shortlog_args, committer,
               "by who made the commits, not who wrote the changes"),
    CLI_SWITCH(0, "all", struct shortlog_args, all,
               "commits of every branch and tag"),
    CLI_STRING(0, "since", "DATE", struct shortlog_args, since,
               "only commits after DATE: '2026-11-23', '2 weeks ago'"),
    CLI_STRING(0, "until", "DATE", struct shortlog_args, until,
               "only commits before DATE"),
    CLI_END,
};

static const char help[] =
    "Lists commits by author, each with the first line of its message, oldest\n"
    "first. 'A..B' means: those of B that A does not have.\n";

/* The commits of one person. Owns its texts. */
struct group {
    char *name;
    char *email; /* NULL: not told apart by it */
    uint64_t count;
    char **subjects; /* newest first; none are kept for a summary */
    size_t subject_count;
    size_t capacity;
};

/* Sorted by name and mail while commits are added. */
struct groups {
    const struct shortlog_args *args;
    struct group *items;
    size_t count;
    size_t capacity;
};

static void group_release(struct group *group)
{
    mem_free(group->name);
    mem_free(group->email);
    for (size_t i = 0; i < group->subject_count; i++)
        mem_free(group->subjects[i]);
    mem_free(group->subjects);
}

static void groups_release(struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++)
        group_release(&groups->items[i]);
    mem_free(groups->items);
}

static int compare_names(const struct group *group,
                         const struct dits_person *person)
{
    int order = strcmp(group->name, person->name);
    if (order != 0 || group->email == NULL)
        return order;
    return strcmp(group->email, person->email);
}

static size_t lower_bound(const struct groups *groups,
                          const struct dits_person *person)
{
    size_t low = 0;
    size_t high = groups->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_names(&groups->items[middle], person) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static dits_error *insert(struct groups *groups, size_t at,
                          const struct dits_person *person)
{
    CLEANUP(group_release) struct group group = {0};
    struct group *items = array_grown(groups->items, groups->count,
                                      &groups->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    groups->items = items;
    TRY(text_copy(person->name, &group.name));
    if (groups->args->email)
        TRY(text_copy(person->email, &group.email));
    memmove(&items[at + 1], &items[at], (groups->count - at) * sizeof(*items));
    items[at] = MOVE(group);
    groups->count++;
    return NULL;
}

/* Without a "[PATCH 1/2]" before it, as git has it. */
static dits_error *keep_subject(struct group *group, const char *message)
{
    CLEANUP(buf_release) struct buf subject = {0};
    TRY(commit_subject(message, &subject));
    const char *text = buf_text(&subject);
    const char *close = strchr(text, ']');
    if (text_starts_with(text, "[PATCH") && close != NULL)
        text = close + 1;
    text += strspn(text, " \t");
    char **subjects = array_grown(group->subjects, group->subject_count,
                                  &group->capacity, sizeof(*subjects));
    if (subjects == NULL)
        return error_nomem();
    group->subjects = subjects;
    TRY(text_copy(text[0] != '\0' ? text : "<none>",
                  &subjects[group->subject_count]));
    group->subject_count++;
    return NULL;
}

static dits_error *add_commit(const dits_commit *commit, void *payload)
{
    struct groups *groups = payload;
    const struct dits_person *person = groups->args->committer
                                           ? dits_commit_committer(commit)
                                           : dits_commit_author(commit);
    size_t at = lower_bound(groups, person);
    if (at == groups->count || compare_names(&groups->items[at], person) != 0)
        TRY(insert(groups, at, person));
    struct group *group = &groups->items[at];
    group->count++;
    return groups->args->summary
               ? NULL
               : keep_subject(group, dits_commit_message(commit));
}

static int most_first(const void *a, const void *b)
{
    const struct group *left = a;
    const struct group *right = b;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    int order = strcmp(left->name, right->name);
    if (order != 0 || left->email == NULL)
        return order;
    return strcmp(left->email, right->email);
}

static void print_who(FILE *out, const struct group *group)
{
    fputs(group->name, out);
    if (group->email != NULL)
        fprintf(out, " <%s>", group->email);
}

static void print_json(FILE *out, const struct group *group, bool summary)
{
    struct json json = json_begin(out);
    json_string(&json, "name", group->name);
    json_string(&json, "email", group->email);
    json_u64(&json, "commits", group->count);
    if (!summary) {
        json_list_begin(&json, "subjects");
        for (size_t i = group->subject_count; i > 0; i--)
            json_list_string(&json, group->subjects[i - 1]);
        json_list_end(&json);
    }
    json_end(&json);
}

static void print_group(const struct cli *cli, const struct group *group,
                        bool summary)
{
    FILE *out = cli->out;
    if (cli->json) {
        print_json(out, group, summary);
        return;
    }
    if (summary) {
        fprintf(out, "%6" PRIu64 "\t", group->count);
        print_who(out, group);
        fputc('\n', out);
        return;
    }
    print_who(out, group);
    fprintf(out, " (%" PRIu64 "):\n", group->count);
    for (size_t i = group->subject_count; i > 0; i--)
        fprintf(out, "      %s\n", group->subjects[i - 1]);
    fputc('\n', out);
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct shortlog_args *args = data;
    CLEANUP(groups_release) struct groups groups = {.args = args};
    struct revision_args revisions = {0};
    TRY(revisions_split(cli, &args->operands, &args->paths, &revisions));
    const struct dits_log_options wanted = {
        .revisions = revisions.revisions,
        .revision_count = revisions.count,
        .all = args->all,
        .paths = revisions.paths,
        .since = args->since,
        .until = args->until,
    };
    TRY(dits_log(cli->repo, &wanted, add_commit, &groups));
    if (args->numbered && groups.count > 0)
        qsort(groups.items, groups.count, sizeof(*groups.items), most_first);
    for (size_t i = 0; i < groups.count; i++)
        print_group(cli, &groups.items[i], args->summary);
    return NULL;
}

const struct cli_command cmd_shortlog = {
    .name = "shortlog",
    .summary = "list commits by those who made them",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct shortlog_args),
    .run = run,
};
