/* An ignore file of any bytes; its last line is a path matched against it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "repo/ignore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ignore_rules *rules = NULL;
    char *path = NULL;
    size_t start = size;
    while (start > 0 && data[start - 1] != '\n')
        start--;
    dits_error *err =
        text_copy_part((const char *)data + start, size - start, &path);
    if (err == NULL)
        err = ignore_rules_parse(data, start, &rules);
    if (err == NULL) {
        (void)ignore_rules_match(rules, path, false);
        (void)ignore_rules_match(rules, path, true);
    }
    ignore_rules_free(rules);
    text_free(&path);
    dits_error_free(err);
    return 0;
}
