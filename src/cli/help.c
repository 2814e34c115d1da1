#include "cli/help.h"

#include "cli/suggest.h"
#include "cli/table.h"

enum { WIDTH = 80 };

const char *help_group_title(enum cli_group group)
{
    static const char *const titles[] = {
        [CLI_GROUP_START] = "start a repository",
        [CLI_GROUP_WORK] = "work on files",
        [CLI_GROUP_LOOK] = "look at the state and the history",
        [CLI_GROUP_GROW] = "grow and mark the history",
        [CLI_GROUP_SHARE] = "work with other repositories",
        [CLI_GROUP_UNDO] = "go back",
        [CLI_GROUP_ADMIN] = "check, clean and measure",
        [CLI_GROUP_SERVE] = "set up and serve",
        [CLI_GROUP_WHO] = "who may do what, and what was done",
        [CLI_GROUP_HELP] = "find help",
    };
    return titles[group];
}

static bool is_shown_option(const struct cli_option *option)
{
    return option->kind < CLI_KIND_OPERAND && !(option->flags & CLI_HIDDEN);
}

static bool has_options(const struct cli_option *options)
{
    for (const struct cli_option *o = options; o->kind != CLI_KIND_END; o++)
        if (is_shown_option(o))
            return true;
    return false;
}

static dits_error *put_operand(const struct cli_option *operand,
                               struct buf *out)
{
    switch (operand->kind) {
    case CLI_KIND_OPERAND:
        return buf_printf(out, " %s", operand->name);
    case CLI_KIND_OPTIONAL_OPERAND:
        return buf_printf(out, " [%s]", operand->name);
    case CLI_KIND_OPERANDS:
        return buf_printf(out,
                          operand->flags & CLI_NEEDED ? " %s..." : " [%s...]",
                          operand->name);
    case CLI_KIND_PATHS:
        return buf_printf(out, " [-- %s...]", operand->name);
    case CLI_KIND_END:
    case CLI_KIND_SWITCH:
    case CLI_KIND_STRING:
    case CLI_KIND_OPTIONAL:
    case CLI_KIND_NUMBER:
    case CLI_KIND_STRINGS:
        break;
    }
    return NULL;
}

dits_error *help_synopsis(const struct cli_program *program,
                          const struct cli_command *command, struct buf *out)
{
    TRY(buf_printf(out, "%s %s", program->name, command->name));
    if (has_options(command->options))
        TRY(buf_put_text(out, " [OPTIONS]"));
    const struct cli_option *o = command->options;
    for (; o->kind != CLI_KIND_END; o++)
        if (!(o->flags & CLI_HIDDEN))
            TRY(put_operand(o, out));
    return NULL;
}

dits_error *help_option(const struct cli_option *option, struct buf *out)
{
    const char *value = option->value_name;
    if (option->letter != 0)
        TRY(buf_printf(out, "-%c", option->letter));
    if (option->name == NULL)
        return value != NULL ? buf_printf(out, " %s", value) : NULL;

    TRY(buf_printf(out, "%s--%s", option->letter != 0 ? ", " : "",
                   option->name));
    if (option->kind == CLI_KIND_OPTIONAL)
        return buf_printf(out, "[=%s]", value);
    return value != NULL ? buf_printf(out, "=%s", value) : NULL;
}

static dits_error *add_options(struct table *table,
                               const struct cli_option *options)
{
    for (const struct cli_option *o = options; o->kind != CLI_KIND_END; o++) {
        CLEANUP(buf_release) struct buf form = {0};
        if (!is_shown_option(o))
            continue;
        TRY(help_option(o, &form));
        /* Long names line up whether or not there is a short one. */
        TRY(table_add(table, "%s%s\t%s", o->letter == 0 ? "    " : "",
                      buf_text(&form), o->help));
    }
    return NULL;
}

static dits_error *print_options(const struct cli_command *command, FILE *out)
{
    CLEANUP(table_release)
    struct table table = {.columns = "ll", .indent = "  ", .wrap = WIDTH};
    const struct cli_option *o = command->options;
    for (; o->kind != CLI_KIND_END; o++)
        if (o->kind >= CLI_KIND_OPERAND && !(o->flags & CLI_HIDDEN))
            TRY(table_add(&table, "%s\t%s", o->name, o->help));
    TRY(add_options(&table, command->options));
    if (command->flags & CLI_JSON)
        TRY(table_add(&table, "    --json\tprint one JSON object per line"));
    if (table.rows.size > 0)
        fputc('\n', out);
    table_print(&table, out);
    return NULL;
}

static dits_error *print_synopsis(const struct cli_program *program,
                                  const struct cli_command *command, FILE *out)
{
    CLEANUP(buf_release) struct buf synopsis = {0};
    TRY(help_synopsis(program, command, &synopsis));
    fprintf(out, "usage: %s\n", buf_text(&synopsis));
    return NULL;
}

dits_error *help_print_usage(const struct cli_program *program,
                             const struct cli_command *command, FILE *out)
{
    TRY(print_synopsis(program, command, out));
    return print_options(command, out);
}

dits_error *help_print(const struct cli_program *program,
                       const struct cli_command *command, FILE *out)
{
    fprintf(out, "%s %s - %s\n\n", program->name, command->name,
            command->summary);
    TRY(print_synopsis(program, command, out));
    fprintf(out, "\n%s", command->help);
    TRY(print_options(command, out));
    fprintf(out, "\nThe whole manual: man %s-%s\n", program->name,
            command->name);
    return NULL;
}

static dits_error *print_group(const struct cli_program *program,
                               enum cli_group group, FILE *out)
{
    CLEANUP(table_release)
    struct table table = {.columns = "ll", .indent = "   "};
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++)
        if ((*c)->group == group)
            TRY(table_add(&table, "%-10s\t%s", (*c)->name, (*c)->summary));
    if (table.rows.size > 0)
        fprintf(out, "\n%s\n", help_group_title(group));
    table_print(&table, out);
    return NULL;
}

dits_error *help_print_overview(const struct cli_program *program, FILE *out)
{
    CLEANUP(table_release)
    struct table table = {.columns = "ll", .indent = "  ", .wrap = WIDTH};
    fprintf(out, "usage: %s [OPTIONS] COMMAND [ARGUMENTS]\n\n%s\n",
            program->name, program->summary);
    for (int i = 0; i < CLI_GROUP_COUNT; i++)
        TRY(print_group(program, (enum cli_group)i, out));
    fputs("\noptions of all commands\n", out);
    TRY(add_options(&table, front_options));
    table_print(&table, out);
    fprintf(out, "\n'%s help COMMAND' tells more about each.\n", program->name);
    return NULL;
}

dits_error *help_answer(const struct cli *cli, const char *name)
{
    const struct cli_program *program = cli->program;
    if (name == NULL)
        return help_print_overview(program, cli->out);

    const struct cli_command *command = program_find(program, name);
    if (command != NULL)
        return help_print(program, command, cli->out);

    struct suggestion best = suggestion_for(name);
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++)
        suggestion_offer(&best, (*c)->name);
    dits_error *err =
        error_new(DITS_E_NOT_FOUND, "there is no command '%s'", name);
    return best.name != NULL ? error_hint(err, "Did you mean '%s'?", best.name)
                             : error_hint(err, "See '%s help'.", program->name);
}
