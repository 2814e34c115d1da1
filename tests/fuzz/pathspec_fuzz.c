/* Two path arguments of any bytes; the third line is matched against them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "repo/pathspec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Cut the line that starts at `at`; gives the next one. */
static char *cut(char *at)
{
    char *end = strchr(at, '\n');
    if (end == NULL)
        return at + strlen(at);
    *end = '\0';
    return end + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pathspec *pathspec = NULL;
    char *text = NULL;
    dits_error *err = text_copy_part((const char *)data, size, &text);
    if (err == NULL) {
        char *second = cut(text);
        char *path = cut(second);
        const char *const items[] = {text, second};
        struct dits_paths paths = {.items = items, .count = 2};
        err = pathspec_new("/work", "a/b", &paths, &pathspec);
        if (err == NULL) {
            bool matches = pathspec_matches(pathspec, path, false);
            pathspec_note(pathspec, path);
            if (matches && !pathspec_may_be_below(pathspec, ""))
                abort();
        }
    }
    pathspec_free(pathspec);
    text_free(&text);
    dits_error_free(err);
    return 0;
}
