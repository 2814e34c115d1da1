#include "cli/manual.h"

#include <string.h>

#include "base/fs.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/report.h"

enum { PAGE_MAX = 1 << 20 };

/* Text in which nothing is markup. */
static dits_error *put_plain(const char *text, struct buf *out)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\*_<#", *text) != NULL)
            TRY(buf_put_u8(out, '\\'));
        TRY(buf_put_u8(out, (uint8_t)*text));
    }
    return NULL;
}

static dits_error *put_bold(const char *text, struct buf *out)
{
    TRY(buf_put_u8(out, '*'));
    TRY(put_plain(text, out));
    return buf_put_u8(out, '*');
}

static dits_error *put_option(const struct cli_option *option, struct buf *out)
{
    CLEANUP(buf_release) struct buf form = {0};
    bool is_operand = option->kind >= CLI_KIND_OPERAND;
    if (is_operand)
        TRY(buf_put_text(&form, option->name));
    else
        TRY(help_option(option, &form));
    TRY(put_bold(buf_text(&form), out));
    TRY(buf_put_text(out, "\n\t"));
    TRY(put_plain(option->help, out));
    return buf_put_text(out, "\n\n");
}

static dits_error *put_options(const struct cli_option *options,
                               struct buf *out)
{
    for (const struct cli_option *o = options; o->kind != CLI_KIND_END; o++)
        if (!(o->flags & CLI_HIDDEN))
            TRY(put_option(o, out));
    return NULL;
}

static dits_error *put_command_options(const struct cli_program *program,
                                       const struct cli_command *command,
                                       struct buf *out)
{
    if (command == NULL)
        return put_options(front_options, out);
    TRY(put_options(command->options, out));
    if (command->flags & CLI_JSON)
        TRY(buf_put_text(out,
                         "*--json*\n\tprint one JSON object per line\n\n"));
    return buf_printf(out,
                      "*-h*, *--help*\n\tlist the options; show the whole "
                      "help\n\nThe options of all commands are in *%s*(1).\n",
                      program->name);
}

static dits_error *put_group(const struct cli_program *program,
                             enum cli_group group, struct buf *out)
{
    bool has_title = false;
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++) {
        if ((*c)->group != group)
            continue;
        if (!has_title)
            TRY(buf_printf(out, "## %s\n\n", help_group_title(group)));
        has_title = true;
        TRY(buf_printf(out, "*%s-%s*(1)\n\t", program->name, (*c)->name));
        TRY(put_plain((*c)->summary, out));
        TRY(buf_put_text(out, "\n\n"));
    }
    return NULL;
}

static dits_error *put_commands(const struct cli_program *program,
                                struct buf *out)
{
    for (int group = 0; group < CLI_GROUP_COUNT; group++)
        TRY(put_group(program, (enum cli_group)group, out));
    return NULL;
}

/*
 * The help is paragraphs of lines; an indented line is an example and stays as
 * it is, between the marks that scdoc has for it.
 */
static dits_error *put_description(const char *help, struct buf *out)
{
    bool in_example = false;
    while (*help != '\0') {
        size_t length = strcspn(help, "\n");
        CLEANUP(buf_release) struct buf line = {0};
        bool is_example = help[0] == ' ';
        if (is_example != in_example)
            TRY(buf_put_text(out, "```\n"));
        in_example = is_example;
        TRY(buf_put(&line, help, length));
        TRY(is_example ? buf_put_text(out, buf_text(&line) + 4)
                       : put_plain(buf_text(&line), out));
        TRY(buf_put_u8(out, '\n'));
        help += length + (help[length] == '\n');
    }
    return in_example ? buf_put_text(out, "```\n") : NULL;
}

static dits_error *put_synopsis(const struct cli_program *program,
                                const struct cli_command *command,
                                struct buf *out)
{
    CLEANUP(buf_release) struct buf synopsis = {0};
    if (command == NULL)
        return buf_printf(out, "*%s* [OPTIONS] COMMAND [ARGUMENTS]\n",
                          program->name);
    TRY(help_synopsis(program, command, &synopsis));
    TRY(put_plain(buf_text(&synopsis), out));
    return buf_put_u8(out, '\n');
}

static dits_error *put_mark(const struct cli_program *program,
                            const struct cli_command *command, const char *mark,
                            struct buf *out)
{
    if (strcmp(mark, "@SYNOPSIS@") == 0)
        return put_synopsis(program, command, out);
    if (strcmp(mark, "@OPTIONS@") == 0)
        return put_command_options(program, command, out);
    if (strcmp(mark, "@COMMANDS@") == 0 && command == NULL)
        return put_commands(program, out);
    if (strcmp(mark, "@DESCRIPTION@") == 0 && command != NULL)
        return put_description(command->help, out);
    if (strcmp(mark, "@SUMMARY@") == 0 && command != NULL) {
        TRY(buf_printf(out, "%s-%s - ", program->name, command->name));
        TRY(put_plain(command->summary, out));
        return buf_put_u8(out, '\n');
    }
    return error_new(DITS_E_INVALID, "there is no mark '%s'", mark);
}

dits_error *manual_expand(const struct cli_program *program,
                          const struct cli_command *command, const char *page,
                          struct buf *out)
{
    while (*page != '\0') {
        size_t length = strcspn(page, "\n");
        CLEANUP(buf_release) struct buf line = {0};
        TRY(buf_put(&line, page, length));
        if (length > 2 && page[0] == '@' && page[length - 1] == '@')
            TRY(put_mark(program, command, buf_text(&line), out));
        else
            TRY(buf_printf(out, "%s\n", buf_text(&line)));
        page += length + (page[length] == '\n');
    }
    return NULL;
}

static dits_error *print_page(const struct cli_program *program,
                              const char *name, const char *path)
{
    CLEANUP(buf_release) struct buf page = {0};
    CLEANUP(buf_release) struct buf whole = {0};
    const struct cli_command *command = program_find(program, name);
    if (command == NULL && strcmp(name, program->name) != 0)
        return error_new(DITS_E_NOT_FOUND, "there is no command '%s'", name);
    TRY(fs_read_all(path, PAGE_MAX, &page));
    TRY(manual_expand(program, command, buf_text(&page), &whole));
    fputs(buf_text(&whole), stdout);
    return NULL;
}

int manual_main(const struct cli_program *program, int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s-manual COMMAND PAGE\n", program->name);
        return CLI_USAGE;
    }
    CLEANUP(dits_error_freep)
    dits_error *err = print_page(program, argv[1], argv[2]);
    if (err != NULL)
        report_error(stderr, program->name, err, false);
    return err != NULL ? CLI_FAILED : CLI_OK;
}
