/*
 * dits blame - who changed each line of a text last
 */
#include <inttypes.h>
#include <string.h>

#include <dits/blame.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commit_text.h"
#include "cli/date.h"
#include "cli/environment.h"
#include "cli/ids.h"
#include "cli/json.h"
#include "cli/paths.h"
#include "cli/revisions.h"
#include "screen/width.h"

struct blame_args {
    bool ignore_space;
    bool is_short;
    bool email;
    bool whole_ids;
    bool names;
    bool numbers;
    bool porcelain;
    const char *date;
    struct cli_list ranges;
    struct cli_list operands;
    struct cli_list paths;
};

static const struct cli_option options[] = {
    CLI_OPERANDS("REV", struct blame_args, operands,
                 "the version to tell of; default: the work tree's. Then FILE"),
    CLI_PATHS("FILE", struct blame_args, paths, "the file"),
    CLI_STRINGS('L', NULL, "RANGE", struct blame_args, ranges,
                "only these lines: '10,20', '10,+5', '/PATTERN/,+5'; may be "
                "repeated"),
    CLI_SWITCH('w', NULL, struct blame_args, ignore_space,
               "changes of white space alone are none"),
    CLI_SWITCH('s', NULL, struct blame_args, is_short,
               "leave out author and date"),
    CLI_SWITCH('e', "show-email", struct blame_args, email,
               "show mail addresses in place of names"),
    CLI_SWITCH('l', NULL, struct blame_args, whole_ids, "show whole ids"),
    CLI_SWITCH('f', "show-name", struct blame_args, names,
               "always show what the file was called"),
    CLI_SWITCH('n', "show-number", struct blame_args, numbers,
               "show the numbers that lines had"),
    CLI_SWITCH(0, "porcelain", struct blame_args, porcelain,
               "print it for programs, in git's format"),
    CLI_STRING(0, "date", "FORMAT", struct blame_args, date,
               "show dates so: 'iso', 'relative', 'short', 'unix' ...",
               .choices = date_format_names),
    CLI_END,
};

static const char help[] =
    "Shows each line of a text file with the commit that it came with, when\n"
    "that was made and by whom. Lines are followed through merges, and "
    "through\n"
    "renames. '^' marks what is so since the first commit.\n";

enum { RELATIVE_WIDTH = 22 }; /* git's column for "4 years, 11 months ago" */

static const struct dits_person nobody = {
    .name = "Not Committed Yet",
    .email = "not.committed.yet",
};

/* What the printing of one file needs to know of all lines. */
struct printing {
    struct cli *cli;
    const struct blame_args *args;
    const dits_blame *blame;
    const char *path; /* as the user named it, from the top */
    struct date_style dates;
    size_t id_digits;
    size_t author_width;
    size_t name_width;
    int line_digits;
    int origin_digits;
    bool shows_names;
};

static void blame_freep(dits_blame **blame)
{
    dits_blame_free(*blame);
}

static int digits_of(uint64_t number)
{
    int digits = 1;
    for (; number >= 10; number /= 10)
        digits++;
    return digits;
}

static struct dits_person author_of(const struct printing *printing,
                                    const struct dits_blame_line *line)
{
    if (line->commit != NULL)
        return *dits_commit_author(line->commit);
    struct dits_person person = nobody;
    person.time = printing->cli->now;
    person.offset_minutes = printing->dates.local_minutes;
    return person;
}

static dits_error *put_author(const struct printing *printing,
                              const struct dits_blame_line *line,
                              struct buf *out)
{
    struct dits_person person = author_of(printing, line);
    return printing->args->email ? buf_printf(out, "<%s>", person.email)
                                 : buf_put_text(out, person.name);
}

static bool is_same_commit(const struct dits_blame_line *a,
                           const struct dits_blame_line *b)
{
    if (a->commit == NULL || b->commit == NULL)
        return a->commit == b->commit;
    return dits_oid_equal(dits_commit_id(a->commit), dits_commit_id(b->commit));
}

/* A digit more than the shortest that is unique: '^' may take its place. */
static dits_error *measure_id(struct printing *printing,
                              const struct dits_blame_line *line)
{
    char id[DITS_OID_HEX_SIZE] = {0};
    if (line->commit == NULL)
        return NULL;
    TRY(id_short(printing->cli, dits_commit_id(line->commit), id));
    if (strlen(id) + 1 > printing->id_digits)
        printing->id_digits = strlen(id) + 1;
    return NULL;
}

static dits_error *measure_line(struct printing *printing,
                                const struct dits_blame_line *line)
{
    CLEANUP(buf_release) struct buf author = {0};
    size_t name_width = width_of(line->path);
    TRY(put_author(printing, line, &author));
    size_t author_width = width_of(buf_text(&author));
    if (author_width > printing->author_width)
        printing->author_width = author_width;
    if (name_width > printing->name_width)
        printing->name_width = name_width;
    printing->shows_names |= strcmp(line->path, printing->path) != 0;
    if (digits_of(line->number) > printing->line_digits)
        printing->line_digits = digits_of(line->number);
    if (digits_of(line->origin_number) > printing->origin_digits)
        printing->origin_digits = digits_of(line->origin_number);
    return measure_id(printing, line);
}

static dits_error *measure(struct printing *printing)
{
    struct dits_blame_line last = {0};
    printing->shows_names = printing->args->names;
    printing->id_digits = 8;
    for (size_t i = 0; i < dits_blame_count(printing->blame); i++) {
        struct dits_blame_line line = dits_blame_line_at(printing->blame, i);
        bool is_known = i > 0 && is_same_commit(&line, &last) &&
                        line.path == last.path;
        last = line;
        if (!is_known) {
            TRY(measure_line(printing, &line));
            continue;
        }
        if (digits_of(line.number) > printing->line_digits)
            printing->line_digits = digits_of(line.number);
        if (digits_of(line.origin_number) > printing->origin_digits)
            printing->origin_digits = digits_of(line.origin_number);
    }
    if (printing->args->whole_ids)
        printing->id_digits = DITS_OID_HEX_SIZE - 1;
    return NULL;
}

static bool is_root(const struct dits_blame_line *line)
{
    return line->commit != NULL && dits_commit_parent_count(line->commit) == 0;
}

static void print_id(const struct printing *printing,
                     const struct dits_blame_line *line)
{
    char id[DITS_OID_HEX_SIZE] = {0};
    const struct dits_oid none = {{0}};
    int digits = (int)printing->id_digits;
    dits_oid_hex(line->commit != NULL ? dits_commit_id(line->commit) : &none,
                 id);
    if (is_root(line))
        fprintf(printing->cli->out, "^%.*s", digits - 1, id);
    else
        fprintf(printing->cli->out, "%.*s", digits, id);
}

static void print_padding(FILE *out, size_t from, size_t to)
{
    for (; from < to; from++)
        fputc(' ', out);
}

static dits_error *print_who(const struct printing *printing,
                             const struct dits_blame_line *line)
{
    CLEANUP(buf_release) struct buf author = {0};
    char date[DATE_TEXT_SIZE] = {0};
    FILE *out = printing->cli->out;
    struct dits_person person = author_of(printing, line);
    TRY(put_author(printing, line, &author));
    date_format(&printing->dates, person.time, person.offset_minutes, date);
    fprintf(out, " (%s", buf_text(&author));
    print_padding(out, width_of(buf_text(&author)), printing->author_width);
    fprintf(out, " %10s", date);
    if (printing->dates.format == DATE_RELATIVE)
        print_padding(out, strlen(date), RELATIVE_WIDTH);
    return NULL;
}

static dits_error *print_line(const struct printing *printing,
                              const struct dits_blame_line *line)
{
    FILE *out = printing->cli->out;
    print_id(printing, line);
    if (printing->shows_names) {
        fprintf(out, " %s", line->path);
        print_padding(out, width_of(line->path), printing->name_width);
    }
    if (printing->args->numbers)
        fprintf(out, " %*" PRIu64, printing->origin_digits,
                line->origin_number);
    if (!printing->args->is_short)
        TRY(print_who(printing, line));
    fprintf(out, " %*" PRIu64 ") ", printing->line_digits, line->number);
    (void)fwrite(line->text, 1, line->size, out); /* failures show at the end */
    fputc('\n', out);
    return NULL;
}

static void print_person(FILE *out, const char *role,
                         const struct dits_person *person)
{
    int minutes = person->offset_minutes;
    char sign = minutes < 0 ? '-' : '+';
    if (minutes < 0)
        minutes = -minutes;
    fprintf(out, "%s %s\n%s-mail <%s>\n%s-time %" PRId64 "\n%s-tz %c%02d%02d\n",
            role, person->name, role, person->email, role, person->time, role,
            sign, minutes / 60, minutes % 60);
}

static dits_error *print_summary(const struct printing *printing,
                                 const struct dits_blame_line *line)
{
    CLEANUP(buf_release) struct buf subject = {0};
    if (line->commit == NULL)
        TRY(buf_printf(&subject, "Version of %s from %s", line->path,
                       line->path));
    else
        TRY(commit_subject(dits_commit_message(line->commit), &subject));
    fprintf(printing->cli->out, "summary %s\n", buf_text(&subject));
    return NULL;
}

/* What the groups before have said of the commit, and of its paths. */
static void look_back(const struct printing *printing, size_t index,
                      bool *out_seen, bool *out_has_paths)
{
    struct dits_blame_line line = dits_blame_line_at(printing->blame, index);
    for (size_t i = 0; i < dits_blame_count(printing->blame); i++) {
        struct dits_blame_line other = dits_blame_line_at(printing->blame, i);
        if (!is_same_commit(&line, &other))
            continue;
        *out_seen |= i < index;
        *out_has_paths |= strcmp(line.path, other.path) != 0;
    }
}

static dits_error *print_details(const struct printing *printing, size_t index)
{
    FILE *out = printing->cli->out;
    struct dits_blame_line line = dits_blame_line_at(printing->blame, index);
    struct dits_person author = author_of(printing, &line);
    bool is_seen = false;
    bool has_paths = false;
    look_back(printing, index, &is_seen, &has_paths);
    if (!is_seen) {
        print_person(out, "author", &author);
        print_person(out, "committer",
                     line.commit != NULL ? dits_commit_committer(line.commit)
                                         : &author);
        TRY(print_summary(printing, &line));
        if (is_root(&line))
            fputs("boundary\n", out);
    }
    if (is_seen && !has_paths)
        return NULL;
    if (line.previous_path != NULL) {
        char id[DITS_OID_HEX_SIZE] = {0};
        dits_oid_hex(&line.previous, id);
        fprintf(out, "previous %s ", id);
        TRY(path_print(out, line.previous_path));
        fputc('\n', out);
    }
    fputs("filename ", out);
    TRY(path_print(out, line.path));
    fputc('\n', out);
    return NULL;
}

/* How many lines from `index` on are neighbours also where they come from. */
static size_t group_size(const dits_blame *blame, size_t index)
{
    struct dits_blame_line first = dits_blame_line_at(blame, index);
    size_t size = 1;
    for (; index + size < dits_blame_count(blame); size++) {
        struct dits_blame_line line = dits_blame_line_at(blame, index + size);
        if (!is_same_commit(&first, &line) ||
            strcmp(first.path, line.path) != 0 ||
            line.number != first.number + size ||
            line.origin_number != first.origin_number + size)
            break;
    }
    return size;
}

static dits_error *print_porcelain(const struct printing *printing)
{
    const struct dits_oid none = {{0}};
    FILE *out = printing->cli->out;
    size_t count = dits_blame_count(printing->blame);
    for (size_t i = 0, end = 0; i < count; i++) {
        struct dits_blame_line line = dits_blame_line_at(printing->blame, i);
        char id[DITS_OID_HEX_SIZE] = {0};
        bool is_first = i == end;
        dits_oid_hex(line.commit != NULL ? dits_commit_id(line.commit) : &none,
                     id);
        fprintf(out, "%s %" PRIu64 " %" PRIu64, id, line.origin_number,
                line.number);
        if (is_first) {
            end = i + group_size(printing->blame, i);
            fprintf(out, " %zu", end - i);
        }
        fputc('\n', out);
        if (is_first)
            TRY(print_details(printing, i));
        fputc('\t', out);
        (void)fwrite(line.text, 1, line.size, out); /* shows at the end */
        fputc('\n', out);
    }
    return NULL;
}

static dits_error *print_json(const struct printing *printing,
                              const struct dits_blame_line *line)
{
    CLEANUP(text_free) char *text = NULL;
    const struct dits_oid none = {{0}};
    struct dits_person author = author_of(printing, line);
    TRY(text_copy_part(line->text, line->size, &text));
    struct json json = json_begin(printing->cli->out);
    json_u64(&json, "line", line->number);
    json_oid(&json, "commit",
             line->commit != NULL ? dits_commit_id(line->commit) : &none);
    json_string(&json, "path", line->path);
    json_u64(&json, "origin_line", line->origin_number);
    json_person(&json, "author", &author);
    json_string(&json, "text", text);
    json_end(&json);
    return NULL;
}

static dits_error *print_all(struct printing *printing)
{
    if (printing->args->porcelain && !printing->cli->json)
        return print_porcelain(printing);
    TRY(measure(printing));
    for (size_t i = 0; i < dits_blame_count(printing->blame); i++) {
        struct dits_blame_line line = dits_blame_line_at(printing->blame, i);
        TRY(printing->cli->json ? print_json(printing, &line)
                                : print_line(printing, &line));
    }
    return NULL;
}

/* "REV -- FILE", "REV FILE", "FILE". */
static dits_error *find_operands(struct cli *cli, const struct blame_args *args,
                                 struct dits_blame_options *out)
{
    const struct cli_list *operands = &args->operands;
    size_t revisions = operands->count;
    if (args->paths.count > 1)
        return cli_usage(cli, "unexpected '%s'", args->paths.items[1]);
    if (args->paths.count == 1)
        out->path = args->paths.items[0];
    else if (revisions > 0)
        out->path = operands->items[--revisions];
    else
        return cli_usage(cli, "FILE is missing");
    if (revisions > 1)
        return cli_usage(cli, "more than one revision");
    if (revisions == 1)
        out->revision = operands->items[0];
    return NULL;
}

static dits_error *run(struct cli *cli, const void *data)
{
    const struct blame_args *args = data;
    CLEANUP(blame_freep) dits_blame *blame = NULL;
    struct dits_blame_options wanted = {
        .ranges = args->ranges.items,
        .range_count = args->ranges.count,
        .ignore_space = args->ignore_space,
    };
    struct printing printing = {
        .cli = cli,
        .args = args,
        .dates = {.format = DATE_ISO,
                  .now = cli->now,
                  .local_minutes = cli->environment->utc_offset_minutes},
    };
    if (args->date != NULL &&
        !date_format_find(args->date, &printing.dates.format))
        return cli_usage(cli, "there is no date format '%s'", args->date);
    TRY(find_operands(cli, args, &wanted));
    TRY(dits_blame_new(cli->repo, &wanted, &blame));
    printing.blame = blame;
    printing.path = dits_blame_path(blame);
    return print_all(&printing);
}

const struct cli_command cmd_blame = {
    .name = "blame",
    .summary = "show which commit each line of a text comes from",
    .help = help,
    .group = CLI_GROUP_LOOK,
    .flags = CLI_NEEDS_REPO | CLI_PAGED | CLI_JSON,
    .options = options,
    .args_size = sizeof(struct blame_args),
    .run = run,
};
