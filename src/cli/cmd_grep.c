/*
 * dits grep - find lines in files
 */
#include <inttypes.h>
#include <string.h>

#include <dits/grep.h>

#include "cli/color.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/paths.h"
#include "cli/revisions.h"

struct grep_args {
    bool ignore_case;
    bool invert;
    bool words;
    bool numbers;
    bool names;
    bool names_without;
    bool count;
    bool fixed;
    bool extended;
    bool basic;
    bool as_text;
    bool skip_binary;
    bool only_matching;
    bool cached;
    bool untracked;
    bool quiet;
    struct cli_list patterns;
    struct cli_number before;
    struct cli_number after;
    struct cli_number context;
    struct cli_list operands;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("PATTERN", struct grep_args, operands,
                 "what to find, unless '-e' says it; then REV, commits to "
                 "search instead of the work tree"),
    CLI_PATHS("PATH", struct grep_args, paths, "only these files"),
    CLI_SWITCH('i', "ignore-case", struct grep_args, ignore_case,
               "take upper and lower case for the same"),
    CLI_SWITCH('v', "invert-match", struct grep_args, invert,
               "show the lines that do not match"),
    CLI_SWITCH('w', "word-regexp", struct grep_args, words,
               "match whole words only"),
    CLI_SWITCH('n', "line-number", struct grep_args, numbers,
               "show the numbers of lines"),
    CLI_SWITCH('l', "files-with-matches", struct grep_args, names,
               "show only the names of files that match"),
    CLI_SWITCH(0, "name-only", struct grep_args, names, "the same",
               .flags = CLI_HIDDEN),
    CLI_SWITCH('L', "files-without-match", struct grep_args, names_without,
               "show only the names of files that do not match"),
    CLI_SWITCH('c', "count", struct grep_args, count,
               "show only how many lines of each file match"),
    CLI_SWITCH('o', "only-matching", struct grep_args, only_matching,
               "show only the parts of lines that match"),
    CLI_SWITCH('F', "fixed-strings", struct grep_args, fixed,
               "PATTERN is a text, not a regular expression"),
    CLI_SWITCH('E', "extended-regexp", struct grep_args, extended,
               "PATTERN is an extended regular expression of POSIX"),
    CLI_SWITCH('G', "basic-regexp", struct grep_args, basic,
               "PATTERN is a basic one; the default"),
    CLI_STRINGS('e', NULL, "PATTERN", struct grep_args, patterns,
                "find PATTERN, which may start with '-'; repeated: any of "
                "them"),
    CLI_NUMBER('A', "after-context", "NUM", struct grep_args, after,
               "also show NUM lines after each"),
    CLI_NUMBER('B', "before-context", "NUM", struct grep_args, before,
               "also show NUM lines before each"),
    CLI_NUMBER('C', "context", "NUM", struct grep_args, context,
               "also show NUM lines before and after each; '-2' is short for "
               "'-C 2'",
               .flags = CLI_DIGITS),
    CLI_SWITCH('a', "text", struct grep_args, as_text,
               "take binary files for text"),
    CLI_SWITCH('I', NULL, struct grep_args, skip_binary,
               "leave binary files out"),
    CLI_SWITCH(0, "cached", struct grep_args, cached,
               "search what is staged, not the work tree"),
    CLI_SWITCH(0, "untracked", struct grep_args, untracked,
               "search untracked files, too"),
    CLI_SWITCH('q', "quiet", struct grep_args, quiet,
               "show nothing: the exit status says whether something matches"),
    CLI_END,
};

static const char help[] =
    "Shows lines of tracked files that match PATTERN: of the work tree below\n"
    "the current folder, of what is staged, or of commits. Of a binary file\n"
    "only whether it matches is told. The exit status is 0 when something was\n"
    "found, and 1 when not.\n";

/* What the printing of one search carries along. */
struct printing {
    struct cli *cli;
    const struct grep_args *args;
    bool has_context;
    bool has_hits;
    bool has_lines;   /* something was printed before */
    bool starts_file; /* the next line is the first of its file */
};

/* ":" after a hit, "-" after a line of context. */
static void print_mark(const struct cli *cli, char mark)
{
    fprintf(cli->out, "%s%c%s", color(cli, COLOR_CYAN), mark,
            color(cli, COLOR_RESET));
}

/* "HEAD:reel/a.txt" */
static dits_error *put_name(const struct cli *cli,
                            const struct dits_grep_event *event,
                            struct buf *out)
{
    CLEANUP(buf_release) struct buf path = {0};
    if (event->revision != NULL)
        TRY(buf_printf(out, "%s:", event->revision));
    TRY(path_relative(dits_repo_prefix(cli->repo), event->path, &path));
    return path_quote(buf_text(&path), false, out);
}

static dits_error *print_name(const struct cli *cli,
                              const struct dits_grep_event *event)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(put_name(cli, event, &name));
    fprintf(cli->out, "%s%s%s", color(cli, COLOR_MAGENTA), buf_text(&name),
            color(cli, COLOR_RESET));
    return NULL;
}

static void print_bytes(const struct cli *cli, const char *bytes, size_t size)
{
    (void)fwrite(bytes, 1, size, cli->out); /* failures show at the end */
}

static void print_span(const struct cli *cli,
                       const struct dits_grep_event *event,
                       const struct dits_grep_span *span)
{
    fprintf(cli->out, "%s%s", color(cli, COLOR_BOLD), color(cli, COLOR_RED));
    print_bytes(cli, event->line + span->start, span->size);
    fputs(color(cli, COLOR_RESET), cli->out);
}

static void print_text(const struct cli *cli,
                       const struct dits_grep_event *event)
{
    size_t at = 0;
    for (size_t i = 0; i < event->span_count; i++) {
        const struct dits_grep_span *span = &event->spans[i];
        print_bytes(cli, event->line + at, span->start - at);
        print_span(cli, event, span);
        at = span->start + span->size;
    }
    print_bytes(cli, event->line + at, event->size - at);
}

static dits_error *print_head(const struct printing *printing,
                              const struct dits_grep_event *event)
{
    const struct cli *cli = printing->cli;
    char mark = event->kind == DITS_GREP_HIT ? ':' : '-';
    TRY(print_name(cli, event));
    print_mark(cli, mark);
    if (!printing->args->numbers)
        return NULL;
    fprintf(cli->out, "%s%" PRIu64 "%s", color(cli, COLOR_GREEN), event->number,
            color(cli, COLOR_RESET));
    print_mark(cli, mark);
    return NULL;
}

static dits_error *print_line(struct printing *printing,
                              const struct dits_grep_event *event)
{
    const struct cli *cli = printing->cli;
    bool has_gap = printing->has_context && printing->has_lines &&
                   printing->starts_file;
    if (has_gap || event->kind == DITS_GREP_GAP)
        fprintf(cli->out, "%s--%s\n", color(cli, COLOR_CYAN),
                color(cli, COLOR_RESET));
    printing->starts_file = false;
    if (event->kind == DITS_GREP_GAP)
        return NULL;
    printing->has_lines = true;
    if (printing->args->only_matching) {
        for (size_t i = 0; i < event->span_count; i++) {
            TRY(print_head(printing, event));
            print_span(cli, event, &event->spans[i]);
            fputc('\n', cli->out);
        }
        return NULL;
    }
    TRY(print_head(printing, event));
    print_text(cli, event);
    fputc('\n', cli->out);
    return NULL;
}

/* What a file's name is worth once all of it was searched. */
static dits_error *print_file(const struct printing *printing,
                              const struct dits_grep_event *event)
{
    const struct cli *cli = printing->cli;
    const struct grep_args *args = printing->args;
    CLEANUP(buf_release) struct buf name = {0};
    if (args->names || args->names_without) {
        if ((event->number > 0) != args->names)
            return NULL;
        TRY(print_name(cli, event));
        fputc('\n', cli->out);
    } else if (args->count && event->number > 0) {
        TRY(print_name(cli, event));
        print_mark(cli, ':');
        fprintf(cli->out, "%" PRIu64 "\n", event->number);
    } else if (event->is_binary && event->number > 0) {
        TRY(put_name(cli, event, &name));
        fprintf(cli->out, "Binary file %s matches\n", buf_text(&name));
    }
    return NULL;
}

static struct json json_event(const struct cli *cli,
                              const struct dits_grep_event *event)
{
    struct json json = json_begin(cli->out);
    json_string(&json, "revision", event->revision);
    json_string(&json, "path", event->path);
    return json;
}

static void json_line(const struct cli *cli,
                      const struct dits_grep_event *event)
{
    if (event->kind == DITS_GREP_GAP)
        return;
    struct json json = json_event(cli, event);
    json_u64(&json, "line", event->number);
    json_bool(&json, "match", event->kind == DITS_GREP_HIT);
    json_string(&json, "text", event->line);
    json_list_begin(&json, "columns");
    for (size_t i = 0; i < event->span_count; i++)
        json_list_u64(&json, event->spans[i].start + 1);
    json_list_end(&json);
    json_end(&json);
}

static void json_file(const struct printing *printing,
                      const struct dits_grep_event *event)
{
    const struct grep_args *args = printing->args;
    bool wants_name = args->names || args->names_without;
    bool is_told = wants_name
                       ? (event->number > 0) == args->names
                       : event->number > 0 && (args->count || event->is_binary);
    if (!is_told)
        return;
    struct json json = json_event(printing->cli, event);
    if (args->count && !wants_name)
        json_u64(&json, "count", event->number);
    json_bool(&json, "binary", event->is_binary);
    json_end(&json);
}

static dits_error *on_event(const struct dits_grep_event *event, void *payload)
{
    struct printing *printing = payload;
    const struct grep_args *args = printing->args;
    bool is_file = event->kind == DITS_GREP_FILE;
    if (is_file)
        printing->has_hits |= args->names_without ? event->number == 0
                                                  : event->number > 0;
    if (args->quiet)
        return NULL;
    if (printing->cli->json && is_file)
        json_file(printing, event);
    else if (printing->cli->json)
        json_line(printing->cli, event);
    else if (is_file)
        TRY(print_file(printing, event));
    else
        TRY(print_line(printing, event));
    printing->starts_file |= is_file;
    return NULL;
}

static void set_context(const struct grep_args *args,
                        struct dits_grep_options *out)
{
    out->before = args->before.is_given ? args->before.value
                                        : args->context.value;
    out->after = args->after.is_given ? args->after.value : args->context.value;
    if (args->only_matching) {
        out->before = 0;
        out->after = 0;
    }
}

static dits_error *find_operands(struct cli *cli, const struct grep_args *args,
                                 struct cli_list *out_patterns,
                                 struct revision_args *out_revisions)
{
    struct cli_list rest = args->operands;
    *out_patterns = args->patterns;
    if (out_patterns->count == 0) {
        if (rest.count == 0)
            return cli_usage(cli, "PATTERN is missing");
        *out_patterns = (struct cli_list){.items = rest.items, .count = 1};
        rest.items++;
        rest.count--;
    }
    return revisions_split(cli, &rest, &args->paths, out_revisions);
}

static dits_error *check_usage(struct cli *cli, const struct grep_args *args,
                               const struct revision_args *revisions)
{
    if (args->fixed + args->extended + args->basic > 1)
        return cli_usage(cli, "'-F', '-E' and '-G' exclude each other");
    if (args->cached && args->untracked)
        return cli_usage(cli,
                         "'--cached' and '--untracked' exclude each other");
    if ((args->cached || args->untracked) && revisions->count > 0)
        return cli_usage(cli, "'%s' and revisions exclude each other",
                         args->cached ? "--cached" : "--untracked");
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct grep_args *args = data;
    struct cli_list patterns = {0};
    struct revision_args revisions = {0};
    bool names = args->names || args->names_without;
    TRY(find_operands(cli, args, &patterns, &revisions));
    TRY(check_usage(cli, args, &revisions));
    struct dits_grep_options wanted = {
        .patterns = patterns.items,
        .pattern_count = patterns.count,
        .syntax = args->fixed      ? DITS_GREP_FIXED
                  : args->extended ? DITS_GREP_EXTENDED
                                   : DITS_GREP_BASIC,
        .ignore_case = args->ignore_case,
        .words = args->words,
        .invert = args->invert,
        .revisions = revisions.revisions,
        .revision_count = revisions.count,
        .staged = args->cached,
        .untracked = args->untracked,
        .paths = revisions.paths,
        .as_text = args->as_text,
        .skip_binary = args->skip_binary,
        .files_only = names || args->quiet,
        .first_only = args->quiet && !args->names_without,
        .no_lines = names || args->count || args->quiet,
        .spans = cli->colors || cli->json || args->only_matching,
    };
    set_context(args, &wanted);
    struct printing printing = {
        .cli = cli,
        .args = args,
        .has_context = wanted.before > 0 || wanted.after > 0,
    };
    TRY(dits_grep(cli->repo, &wanted, on_event, &printing));
    if (!printing.has_hits)
        cli->status = CLI_FAILED;
    return NULL;
}

const struct cli_command cmd_grep = {
    .name = "grep",
    .summary = "find lines in files",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct grep_args),
    .run = run,
};
