#include "cli/completion.h"

#include <string.h>

enum completion_words completion_words_for(const char *value_name)
{
    static const struct {
        const char *name;
        enum completion_words words;
    } known[] = {
        {"PATH", WORDS_FILES},       {"FILE", WORDS_FILES},
        {"DIR", WORDS_FOLDERS},      {"BRANCH", WORDS_BRANCHES},
        {"TAG", WORDS_TAGS},         {"REV", WORDS_REVISIONS},
        {"REMOTE", WORDS_REMOTES},   {"KEY", WORDS_KEYS},
        {"COMMAND", WORDS_COMMANDS},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (value_name != NULL && strcmp(known[i].name, value_name) == 0)
            return known[i].words;
    return WORDS_NONE;
}

const char *const completion_shells[] = {"bash", "zsh", "fish", NULL};

static dits_error *put_script(const struct cli_program *program,
                              const char *shell, struct buf *out)
{
    if (strcmp(shell, "bash") == 0)
        return completion_bash(program, out);
    return strcmp(shell, "zsh") == 0 ? completion_zsh(program, out)
                                     : completion_fish(program, out);
}

dits_error *completion_script(const struct cli_program *program,
                              const char *shell, struct buf *out)
{
    static const char mark[] = "@NAME@";
    CLEANUP(buf_release) struct buf script = {0};
    TRY(put_script(program, shell, &script));
    const char *at = buf_text(&script);
    for (const char *next = strstr(at, mark); next != NULL;
         next = strstr(at, mark)) {
        TRY(buf_put(out, at, (size_t)(next - at)));
        TRY(buf_put_text(out, program->name));
        at = next + sizeof(mark) - 1;
    }
    return buf_put_text(out, at);
}

void completion_commands(const struct cli_program *program, FILE *out)
{
    for (const struct cli_command *const *c = program->commands; *c != NULL;
         c++)
        fprintf(out, "%s\n", (*c)->name);
}
