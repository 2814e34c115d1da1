/*
 * A function for each command that hands its table to zsh's _arguments.
 */
#include <stdio.h>

#include "cli/completion.h"

static const char head[] =
    "#compdef @NAME@\n"
    "# zsh completion for @NAME@; made by '@NAME@ completion zsh'\n"
    "\n"
    "_@NAME@_ask() {\n"
    "    local -a words\n"
    "    words=(${(f)\"$(@NAME@ completion --words=$1 2>/dev/null)\"})\n"
    "    compadd -a words\n"
    "}\n"
    "_@NAME@_branches() { _@NAME@_ask branches }\n"
    "_@NAME@_tags() { _@NAME@_ask tags }\n"
    "_@NAME@_remotes() { _@NAME@_ask remotes }\n"
    "_@NAME@_keys() { _@NAME@_ask keys }\n"
    "_@NAME@_revisions() { _@NAME@_ask revisions; _files }\n"
    "\n";

/* Text in single quotes, where a colon or bracket would end a part. */
static dits_error *put_quoted(const char *text, struct buf *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            TRY(buf_put_text(out, "'\\''"));
        else if (*text == ':' || *text == '[' || *text == ']' || *text == '\\')
            TRY(buf_printf(out, "\\%c", *text));
        else
            TRY(buf_put_u8(out, (uint8_t)*text));
    }
    return NULL;
}

/* ":message:action" for a value or an operand. */
static dits_error *put_action(const struct cli_option *option,
                              const char *value_name, struct buf *out)
{
    static const char *const actions[] = {
        [WORDS_NONE] = " ",
        [WORDS_FILES] = "_files",
        [WORDS_FOLDERS] = "_files -/",
        [WORDS_BRANCHES] = "_@NAME@_branches",
        [WORDS_TAGS] = "_@NAME@_tags",
        [WORDS_REVISIONS] = "_@NAME@_revisions",
        [WORDS_REMOTES] = "_@NAME@_remotes",
        [WORDS_KEYS] = "_@NAME@_keys",
        [WORDS_COMMANDS] = "_@NAME@_commands",
    };
    TRY(buf_printf(out, ":%s:", value_name));
    if (option->choices == NULL)
        return buf_put_text(out, actions[completion_words_for(value_name)]);
    TRY(buf_put_u8(out, '('));
    for (size_t i = 0; option->choices[i] != NULL; i++)
        TRY(buf_printf(out, "%s%s", i > 0 ? " " : "", option->choices[i]));
    return buf_put_u8(out, ')');
}

/* One spelling of an option: '-n+[help]:NUM: '. */
static dits_error *put_spelling(const struct cli_option *option,
                                const char *spelling, const char *joint,
                                struct buf *out)
{
    bool repeats = option->kind == CLI_KIND_STRINGS;
    TRY(buf_printf(out, "        '%s%s%s[", repeats ? "*" : "", spelling,
                   joint));
    TRY(put_quoted(option->help, out));
    TRY(buf_put_u8(out, ']'));
    if (option->kind == CLI_KIND_OPTIONAL)
        TRY(buf_put_u8(out, ':'));
    if (option->kind != CLI_KIND_SWITCH)
        TRY(put_action(option, option->value_name, out));
    return buf_put_text(out, "' \\\n");
}

static dits_error *put_option(const struct cli_option *option, struct buf *out)
{
    char spelling[64] = {'-', option->letter, '\0'};
    bool has_value = option->kind != CLI_KIND_SWITCH;
    if (option->letter != 0)
        TRY(put_spelling(option, spelling, has_value ? "+" : "", out));
    if (option->name == NULL)
        return NULL;
    (void)snprintf(spelling, sizeof(spelling), "--%s", option->name);
    const char *joint = option->kind == CLI_KIND_OPTIONAL ? "=-" : "=";
    return put_spelling(option, spelling, has_value ? joint : "", out);
}

static dits_error *put_operand(const struct cli_option *operand,
                               struct buf *out)
{
    bool repeats = operand->kind == CLI_KIND_OPERANDS;
    if (operand->kind == CLI_KIND_PATHS)
        return NULL; /* what precedes it offers files too */
    TRY(buf_put_text(out, repeats ? "        '*" : "        '"));
    if (operand->kind == CLI_KIND_OPTIONAL_OPERAND)
        TRY(buf_put_u8(out, ':'));
    TRY(put_action(operand, operand->name, out));
    return buf_put_text(out, "' \\\n");
}

static dits_error *put_rows(const struct cli_option *options, struct buf *out)
{
    for (const struct cli_option *o = options; o->kind != CLI_KIND_END; o++) {
        if (o->flags & CLI_HIDDEN)
            continue;
        TRY(o->kind < CLI_KIND_OPERAND ? put_option(o, out)
                                       : put_operand(o, out));
    }
    return NULL;
}

static dits_error *put_command(const struct cli_command *command,
                               struct buf *out)
{
    TRY(buf_printf(out, "_@NAME@_command_%s() {\n    _arguments -s -S \\\n",
                   command->name));
    TRY(put_rows(command->options, out));
    if (command->flags & CLI_JSON)
        TRY(buf_put_text(
            out, "        '--json[print one JSON object per line]' \\\n"));
    return buf_put_text(
        out, "        '--help[show the whole help and exit]'\n}\n\n");
}

static const char tail[] = "        '1:command:_@NAME@_commands' \\\n"
                           "        '*::argument:->command'\n"
                           "    [[ $state == command ]] || return\n"
                           "    local name=_@NAME@_command_$line[1]\n"
                           "    (( $+functions[$name] )) && $name\n"
                           "}\n"
                           "\n"
                           "if [[ $funcstack[1] == _@NAME@ ]]; then\n"
                           "    _@NAME@ \"$@\"\n"
                           "else\n"
                           "    compdef _@NAME@ @NAME@\n"
                           "fi\n";

static dits_error *put_command_list(const struct cli_program *program,
                                    struct buf *out)
{
    TRY(buf_put_text(out, "_@NAME@_commands() {\n    local -a list\n"
                          "    list=(\n"));
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++) {
        TRY(buf_printf(out, "        '%s:", (*c)->name));
        TRY(put_quoted((*c)->summary, out));
        TRY(buf_put_text(out, "'\n"));
    }
    return buf_put_text(out, "    )\n    _describe command list\n}\n\n");
}

dits_error *completion_zsh(const struct cli_program *program, struct buf *out)
{
    TRY(buf_put_text(out, head));
    TRY(put_command_list(program, out));
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++)
        TRY(put_command(*c, out));
    TRY(buf_put_text(out, "_@NAME@() {\n"
                          "    local curcontext=$curcontext state line\n"
                          "    _arguments -C -s \\\n"));
    TRY(put_rows(front_options, out));
    return buf_put_text(out, tail);
}
