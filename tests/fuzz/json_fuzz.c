/* What is read is asked for all that it has. */
#include <stdint.h>
#include <stdlib.h>

#include "net/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct json_value *value, int depth)
{
    int64_t number = 0;
    bool flag = false;
    int kinds = (json_text(value) != NULL) + json_number(value, &number) +
                json_flag(value, &flag) + (json_count(value) > 0);
    if (kinds > 1 || depth > JSON_MAX_DEPTH)
        abort();
    for (size_t i = 0; i < json_count(value); i++)
        look(json_item(value, i), depth + 1);
    const struct json_value *member = json_member(value, "a");
    if (member != NULL)
        look(member, depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct json_value *value = NULL;
    dits_error *err = json_read(slice_of(data, size), 4096, &value);
    if ((err == NULL) != (value != NULL))
        abort();
    look(value, 0);
    json_free(value);
    dits_error_free(err);
    return 0;
}
