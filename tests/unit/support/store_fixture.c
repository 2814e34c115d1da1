#include "support/store_fixture.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"

static void count_warning(enum dits_log_level level, const char *message,
                          void *payload)
{
    struct store_fixture *f = payload;
    (void)message;
    if (level == DITS_LOG_WARN)
        f->warnings++;
}

dits_error *store_fixture_make(struct store_fixture *f)
{
    struct dits_context_options options = {.log = count_warning, .payload = f};
    bool in_memory = !f->on_disk && access("/dev/shm", W_OK) == 0;
    strcpy(f->folder,
           in_memory ? "/dev/shm/dits-test-XXXXXX" : "/tmp/dits-test-XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        return error_new(DITS_E_IO, "no folder for the test");
    TRY(dits_context_new(&options, &f->context));
    TRY(store_create(f->context, f->folder));
    return store_open(f->context, f->folder, &f->store);
}

static int remove_entry(const char *path, const struct stat *stat, int type,
                        struct FTW *ftw)
{
    (void)stat;
    (void)type;
    (void)ftw;
    return remove(path);
}

void store_fixture_release(struct store_fixture *f)
{
    store_close(f->store);
    dits_context_free(f->context);
    if (f->folder[0] != '\0')
        (void)nftw(f->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

dits_error *store_fixture_reopen(struct store_fixture *f)
{
    store_close(f->store);
    f->store = NULL;
    return store_open(f->context, f->folder, &f->store);
}

static dits_error *count_name(const char *name, void *payload)
{
    size_t *count = payload;
    (void)name;
    (*count)++;
    return NULL;
}

size_t store_fixture_count(const struct store_fixture *f, const char *name)
{
    CLEANUP(text_free) char *path = NULL;
    size_t count = 0;
    dits_error *err = fs_join(f->folder, name, &path);
    if (err == NULL)
        err = fs_list(path, count_name, &count);
    dits_error_free(err);
    return count;
}

static dits_error *remove_name(const char *name, void *payload)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(payload, name, &path));
    return fs_remove(path);
}

dits_error *store_fixture_empty(const struct store_fixture *f, const char *name)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(f->folder, name, &path));
    return fs_list(path, remove_name, path);
}

void fill_random(void *out, size_t size, uint64_t seed)
{
    uint8_t *bytes = out;
    uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
    for (size_t i = 0; i < size; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes[i] = (uint8_t)(state >> 32);
    }
}
