/* No text makes the parser of dates trouble, and what it takes is sensible. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "repo/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct date now = {.time = 1795451400, .offset_minutes = 60};
    CLEANUP(text_free) char *text = NULL;
    struct date date = {0};
    dits_error *err = text_copy_part((const char *)data, size, &text);
    if (err == NULL)
        err = date_parse(text, &now, &date);
    if (err == NULL)
        assert(date.offset_minutes >= -18 * 60 &&
               date.offset_minutes <= 18 * 60);
    dits_error_free(err);
    return 0;
}
