#include "cli/command_line.h"

#include <string.h>

#include "support/test.h"

static bool joined_is(const char *const *words, const char *wanted)
{
    CLEANUP(buf_release) struct buf out = {0};
    dits_error *err = command_line_join(words, &out);
    bool same = err == NULL && strcmp(buf_text(&out), wanted) == 0;
    dits_error_free(err);
    return same;
}

TEST(words_are_quoted_for_a_shell)
{
    const char *const plain[] = {"add", "-A", "a.mov", NULL};
    const char *const quoted[] = {"commit", "-m", "it's done", "", NULL};
    CHECK(joined_is(plain, "dits add -A a.mov"));
    CHECK(joined_is(quoted, "dits commit -m 'it'\\''s done' ''"));
}
