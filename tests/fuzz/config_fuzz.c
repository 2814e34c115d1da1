/* No configuration file makes trouble, and what was set is read back. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "repo/config_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Setting one key in a file that was read keeps it readable. */
static dits_error *set_one(struct slice text, const char *key,
                           const char *value)
{
    CLEANUP(config_file_release) struct config_file file = {0};
    CLEANUP(buf_release) struct buf edited = {0};
    TRY(config_file_edit("fuzz", text, key, value, &edited));
    dits_error *err =
        config_file_parse("fuzz", edited.data, edited.size, &file);
    assert(err == NULL || dits_error_code(err) == DITS_E_NOMEM);
    TRY(err);
    const char *found = config_file_find(&file, key);
    assert(value == NULL ? found == NULL : strcmp(found, value) == 0);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(config_file_release) struct config_file file = {0};
    struct slice text = slice_of(data, size);
    dits_error *err = config_file_parse("fuzz", data, size, &file);
    if (err != NULL) {
        dits_error_free(err);
        return 0;
    }
    dits_error_free(set_one(text, "core.format", " 1 # \"\\\n\t"));
    if (file.count == 0)
        return 0;
    const struct config_entry *entry = &file.entries[file.count / 2];
    dits_error_free(set_one(text, entry->key, entry->value));
    dits_error_free(set_one(text, entry->key, NULL));
    return 0;
}
