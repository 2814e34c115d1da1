/*
 * The script is one function over data: for each command its options, which
 * options take a value of which kind, and the kind of its operands.
 */
#include "cli/completion.h"

static const char head[] =
    "# bash completion for @NAME@; made by '@NAME@ completion bash'\n"
    "\n"
    "_@NAME@_words() {\n"
    "    case $1 in\n"
    "    files) compopt -o filenames; compgen -f -- \"$2\" ;;\n"
    "    folders) compopt -o filenames; compgen -d -- \"$2\" ;;\n"
    "    commands) compgen -W \"$_@NAME@_commands\" -- \"$2\" ;;\n"
    "    revisions)\n"
    "        compgen -W \"$(@NAME@ completion --words=revisions 2>/dev/null)\" "
    "-- \"$2\"\n"
    "        compopt -o filenames\n"
    "        compgen -f -- \"$2\"\n"
    "        ;;\n"
    "    branches|tags|remotes|keys)\n"
    "        compgen -W \"$(@NAME@ completion --words=\"$1\" 2>/dev/null)\" -- "
    "\"$2\"\n"
    "        ;;\n"
    "    =*) compgen -W \"${1#=}\" -- \"$2\" ;;\n"
    "    esac\n"
    "}\n"
    "\n";

static const char tail[] =
    "\n"
    "_@NAME@() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before='' command='' kind='' i\n"
    "    [ \"$COMP_CWORD\" -gt 0 ] && before=${COMP_WORDS[COMP_CWORD-1]}\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        case ${COMP_WORDS[i]} in\n"
    "        -C) i=$((i + 1)) ;;\n"
    "        -*) ;;\n"
    "        *) command=${COMP_WORDS[i]}; break ;;\n"
    "        esac\n"
    "    done\n"
    "    # Bash makes a word of its own of '=' in --name=value.\n"
    "    if [ \"$word\" = '=' ]; then\n"
    "        word=''\n"
    "    elif [ \"$before\" = '=' ]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    fi\n"
    "    if [ -z \"$command\" ]; then\n"
    "        kind=$(_@NAME@_value '' \"$before\")\n"
    "        if [ -n \"$kind\" ]; then\n"
    "            mapfile -t COMPREPLY < <(_@NAME@_words \"$kind\" \"$word\")\n"
    "        elif [[ $word == -* ]]; then\n"
    "            mapfile -t COMPREPLY < <(compgen -W \"$(_@NAME@_options '')\" "
    "-- \"$word\")\n"
    "        else\n"
    "            mapfile -t COMPREPLY < <(compgen -W \"$_@NAME@_commands\" -- "
    "\"$word\")\n"
    "        fi\n"
    "        return\n"
    "    fi\n"
    "    kind=$(_@NAME@_value \"$command\" \"$before\")\n"
    "    if [ -n \"$kind\" ]; then\n"
    "        mapfile -t COMPREPLY < <(_@NAME@_words \"$kind\" \"$word\")\n"
    "    elif [[ $word == -* ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$(_@NAME@_options "
    "\"$command\")\" -- \"$word\")\n"
    "    else\n"
    "        mapfile -t COMPREPLY < <(_@NAME@_words \"$(_@NAME@_operands "
    "\"$command\")\" \"$word\")\n"
    "    fi\n"
    "}\n"
    "complete -F _@NAME@ @NAME@\n";

static const char *words_name(enum completion_words words)
{
    static const char *const names[] = {
        [WORDS_NONE] = "",           [WORDS_FILES] = "files",
        [WORDS_FOLDERS] = "folders", [WORDS_BRANCHES] = "branches",
        [WORDS_TAGS] = "tags",       [WORDS_REVISIONS] = "revisions",
        [WORDS_KEYS] = "keys",       [WORDS_COMMANDS] = "commands",
        [WORDS_REMOTES] = "remotes",
    };
    return names[words];
}

static bool is_offered(const struct cli_option *option)
{
    return option->kind < CLI_KIND_OPERAND && !(option->flags & CLI_HIDDEN);
}

static dits_error *put_names(const struct cli_option *option, struct buf *out)
{
    if (option->letter != 0)
        TRY(buf_printf(out, " -%c", option->letter));
    return option->name != NULL ? buf_printf(out, " --%s", option->name) : NULL;
}

/* One line of the function that lists a command's options. */
static dits_error *put_options(const char *command,
                               const struct cli_option *options,
                               struct buf *out)
{
    TRY(buf_printf(out, "    '%s') echo '", command));
    for (const struct cli_option *o = options; o->kind != CLI_KIND_END; o++)
        if (is_offered(o))
            TRY(put_names(o, out));
    if (command[0] != '\0')
        TRY(buf_put_text(out, " --help --json"));
    return buf_put_text(out, "' ;;\n");
}

/* What fits: the kind of words, or '=' and the words themselves. */
static dits_error *put_fitting(const struct cli_option *option,
                               const char *value_name, struct buf *out)
{
    enum completion_words words = completion_words_for(value_name);
    if (option->choices == NULL)
        return buf_put_text(out,
                            words == WORDS_NONE ? "none" : words_name(words));
    TRY(buf_put_u8(out, '='));
    for (size_t i = 0; option->choices[i] != NULL; i++)
        TRY(buf_printf(out, "%s%s", i > 0 ? " " : "", option->choices[i]));
    return NULL;
}

/* "'log -n'|'log --max-count') …": the option before a value. */
static dits_error *put_value(const char *command,
                             const struct cli_option *option, struct buf *out)
{
    bool has_letter = option->letter != 0 && option->kind != CLI_KIND_OPTIONAL;
    TRY(buf_put_text(out, "    "));
    if (has_letter)
        TRY(buf_printf(out, "'%s -%c'%s", command, option->letter,
                       option->name != NULL ? "|" : ""));
    if (option->name != NULL)
        TRY(buf_printf(out, "'%s --%s'", command, option->name));
    TRY(buf_put_text(out, ") echo '"));
    TRY(put_fitting(option, option->value_name, out));
    return buf_put_text(out, "' ;;\n");
}

static dits_error *put_values(const char *command,
                              const struct cli_option *options, struct buf *out)
{
    for (const struct cli_option *o = options; o->kind != CLI_KIND_END; o++) {
        bool has_value = o->kind != CLI_KIND_SWITCH &&
                         (o->kind != CLI_KIND_OPTIONAL || o->name != NULL);
        if (is_offered(o) && has_value)
            TRY(put_value(command, o, out));
    }
    return NULL;
}

static dits_error *put_operands(const struct cli_command *command,
                                struct buf *out)
{
    const struct cli_option *o = command->options;
    while (o->kind != CLI_KIND_END && o->kind < CLI_KIND_OPERAND)
        o++;
    if (o->kind == CLI_KIND_END)
        return NULL;
    TRY(buf_printf(out, "    '%s') echo '", command->name));
    TRY(put_fitting(o, o->name, out));
    return buf_put_text(out, "' ;;\n");
}

static dits_error *put_option_table(const struct cli_program *program,
                                    struct buf *out)
{
    TRY(buf_put_text(out, "_@NAME@_options() {\n    case $1 in\n"));
    TRY(put_options("", front_options, out));
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++)
        TRY(put_options((*c)->name, (*c)->options, out));
    return buf_put_text(out, "    esac\n}\n\n");
}

static dits_error *put_value_table(const struct cli_program *program,
                                   struct buf *out)
{
    TRY(buf_put_text(out, "_@NAME@_value() {\n    case \"$1 $2\" in\n"));
    TRY(put_values("", front_options, out));
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++)
        TRY(put_values((*c)->name, (*c)->options, out));
    return buf_put_text(out, "    esac\n}\n\n");
}

static dits_error *put_operand_table(const struct cli_program *program,
                                     struct buf *out)
{
    TRY(buf_put_text(out, "_@NAME@_operands() {\n    case $1 in\n"));
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++)
        TRY(put_operands(*c, out));
    return buf_put_text(out, "    esac\n}\n");
}

dits_error *completion_bash(const struct cli_program *program, struct buf *out)
{
    TRY(buf_put_text(out, head));
    TRY(buf_put_text(out, "_@NAME@_commands='"));
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++)
        TRY(buf_printf(out, "%s%s", c != program->commands ? " " : "",
                       (*c)->name));
    TRY(buf_put_text(out, "'\n\n"));
    TRY(put_option_table(program, out));
    TRY(put_value_table(program, out));
    TRY(put_operand_table(program, out));
    return buf_put_text(out, tail);
}
