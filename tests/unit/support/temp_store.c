#include "support/temp_store.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

dits_error *temp_store_open(struct temp_store *out)
{
    struct dits_context_options options = {.threads = 2};
    (void)snprintf(out->path, sizeof(out->path), "%s", "/tmp/dits-test-XXXXXX");
    if (mkdtemp(out->path) == NULL)
        return error_new(DITS_E_IO, "cannot make a folder for a test");
    TRY(dits_context_new(&options, &out->context));
    TRY(store_create(out->context, out->path));
    TRY(store_open(out->context, out->path, &out->store));
    return store_writer_begin(out->store, &out->writer);
}

dits_error *temp_store_publish(struct temp_store *temp)
{
    return store_writer_commit(temp->writer);
}

static int remove_one(const char *path, const struct stat *info, int type,
                      struct FTW *ftw)
{
    (void)info;
    (void)type;
    (void)ftw;
    return remove(path);
}

void temp_store_release(struct temp_store *temp)
{
    store_writer_free(temp->writer);
    store_close(temp->store);
    dits_context_free(temp->context);
    if (temp->path[0] != '\0')
        (void)nftw(temp->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void temp_bytes(uint64_t seed, void *out, size_t size)
{
    uint8_t *bytes = out;
    uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (size_t i = 0; i < size; i++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
        bytes[i] = (uint8_t)(state >> 56);
    }
}
