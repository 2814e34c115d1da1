#include "cli/command_line.h"

#include <string.h>

dits_error *command_line_join(const char *const *argv, struct buf *out)
{
    TRY(buf_put_text(out, "dits"));
    for (; *argv != NULL; argv++) {
        bool is_plain = **argv != '\0' &&
                        strpbrk(*argv, " \t\n'\"\\$`*?") == NULL;
        if (is_plain) {
            TRY(buf_printf(out, " %s", *argv));
            continue;
        }
        TRY(buf_put_text(out, " '"));
        for (const char *at = *argv; *at != '\0'; at++)
            TRY(*at == '\'' ? buf_put_text(out, "'\\''")
                            : buf_put_u8(out, (uint8_t)*at));
        TRY(buf_put_text(out, "'"));
    }
    return NULL;
}
