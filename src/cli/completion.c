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
