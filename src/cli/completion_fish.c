/*
 * A `complete` line for each option, and one for the operands of a command.
 */
#include <stdio.h>

#include "cli/completion.h"

static const char head[] =
    "# fish completion for @NAME@; made by '@NAME@ completion fish'\n"
    "\n"
    "function __@NAME@_command\n"
    "    set -l words (commandline -opc)\n"
    "    set -l skip 0\n"
    "    for word in $words[2..-1]\n"
    "        if test $skip -eq 1\n"
    "            set skip 0\n"
    "        else if test \"$word\" = -C\n"
    "            set skip 1\n"
    "        else if not string match -q -- '-*' $word\n"
    "            echo $word\n"
    "            return 0\n"
    "        end\n"
    "    end\n"
    "    return 1\n"
    "end\n"
    "function __@NAME@_is\n"
    "    test (__@NAME@_command) = $argv[1]\n"
    "end\n"
    "function __@NAME@_words\n"
    "    @NAME@ completion --words=$argv[1] 2>/dev/null\n"
    "end\n"
    "\n"
    "complete -c @NAME@ -n 'not __@NAME@_command' -f\n";

static dits_error *put_quoted(const char *text, struct buf *out)
{
    TRY(buf_put_u8(out, '\''));
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            TRY(buf_put_u8(out, '\\'));
        TRY(buf_put_u8(out, (uint8_t)*text));
    }
    return buf_put_u8(out, '\'');
}

/* -a '…' for what fits, and -f or -F for files. */
static dits_error *put_words(const struct cli_option *option,
                             const char *value_name, struct buf *out)
{
    static const char *const words[] = {
        [WORDS_NONE] = " -f",
        [WORDS_FILES] = " -F",
        [WORDS_FOLDERS] = " -f -a '(__fish_complete_directories)'",
        [WORDS_BRANCHES] = " -f -a '(__@NAME@_words branches)'",
        [WORDS_TAGS] = " -f -a '(__@NAME@_words tags)'",
        [WORDS_REVISIONS] = " -F -a '(__@NAME@_words revisions)'",
        [WORDS_REMOTES] = " -F -a '(__@NAME@_words remotes)'",
        [WORDS_KEYS] = " -f -a '(__@NAME@_words keys)'",
        [WORDS_COMMANDS] = " -f -a '(__@NAME@_words commands)'",
    };
    if (option->choices == NULL)
        return buf_put_text(out, words[completion_words_for(value_name)]);
    TRY(buf_put_text(out, " -f -a '"));
    for (size_t i = 0; option->choices[i] != NULL; i++)
        TRY(buf_printf(out, "%s%s", i > 0 ? " " : "", option->choices[i]));
    return buf_put_u8(out, '\'');
}

static dits_error *put_option(const char *condition,
                              const struct cli_option *option, struct buf *out)
{
    TRY(buf_printf(out, "complete -c @NAME@ -n '%s'", condition));
    if (option->letter != 0)
        TRY(buf_printf(out, " -s %c", option->letter));
    if (option->name != NULL)
        TRY(buf_printf(out, " -l %s", option->name));
    if (option->kind != CLI_KIND_SWITCH && option->kind != CLI_KIND_OPTIONAL)
        TRY(buf_put_text(out, " -r"));
    if (option->kind != CLI_KIND_SWITCH)
        TRY(put_words(option, option->value_name, out));
    TRY(buf_put_text(out, " -d "));
    TRY(put_quoted(option->help, out));
    return buf_put_u8(out, '\n');
}

static dits_error *put_rows(const char *condition,
                            const struct cli_option *options, struct buf *out)
{
    for (const struct cli_option *o = options; o->kind != CLI_KIND_END; o++)
        if (o->kind < CLI_KIND_OPERAND && !(o->flags & CLI_HIDDEN))
            TRY(put_option(condition, o, out));
    return NULL;
}

/* The first operand stands for all: fish does not count them. */
static dits_error *put_operands(const char *condition,
                                const struct cli_option *options,
                                struct buf *out)
{
    const struct cli_option *o = options;
    while (o->kind != CLI_KIND_END && o->kind < CLI_KIND_OPERAND)
        o++;
    TRY(buf_printf(out, "complete -c @NAME@ -n '%s'", condition));
    TRY(o->kind != CLI_KIND_END ? put_words(o, o->name, out)
                                : buf_put_text(out, " -f"));
    return buf_put_u8(out, '\n');
}

static dits_error *put_command(const struct cli_command *command,
                               struct buf *out)
{
    char condition[64] = {0};
    (void)snprintf(condition, sizeof(condition), "__@NAME@_is %s",
                   command->name);
    TRY(buf_printf(out,
                   "\ncomplete -c @NAME@ -n 'not __@NAME@_command' -a %s -d ",
                   command->name));
    TRY(put_quoted(command->summary, out));
    TRY(buf_put_u8(out, '\n'));
    TRY(put_operands(condition, command->options, out));
    TRY(put_rows(condition, command->options, out));
    if (command->flags & CLI_JSON)
        TRY(buf_printf(out,
                       "complete -c @NAME@ -n '%s' -l json -d 'print one JSON "
                       "object per line'\n",
                       condition));
    return buf_printf(out,
                      "complete -c @NAME@ -n '%s' -l help -d 'show the whole "
                      "help and exit'\n",
                      condition);
}

dits_error *completion_fish(const struct cli_program *program, struct buf *out)
{
    TRY(buf_put_text(out, head));
    TRY(put_rows("not __@NAME@_command", front_options, out));
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++)
        TRY(put_command(*c, out));
    return NULL;
}
