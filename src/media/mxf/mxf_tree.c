#include "media/mxf/mxf_tree.h"

#include <stdio.h>

#include "base/be.h"
#include "media/limits.h"
#include "media/mxf/mxf_state.h"

static void put_name(const uint8_t *key, char *text, size_t size)
{
    static const char *const partitions[] = {
        "header partition", "body partition", "footer partition"};
    if (mxf_key_is_partition(key))
        (void)snprintf(text, size, "%s", partitions[key[13] - 2]);
    else if (mxf_key_is_primer(key))
        (void)snprintf(text, size, "primer");
    else if (mxf_key_is_index(key))
        (void)snprintf(text, size, "index table segment");
    else if (mxf_key_is_random_index(key))
        (void)snprintf(text, size, "random index pack");
    else if (mxf_key_is_fill(key))
        (void)snprintf(text, size, "fill");
    else if (mxf_key_is_encrypted(key))
        (void)snprintf(text, size, "encrypted essence");
    else if (mxf_key_is_essence(key))
        (void)snprintf(text, size, "essence %08x", be32_load(key + 12));
    else if (mxf_key_is_set(key))
        (void)snprintf(text, size, "set %02x", key[14]);
    else
        (void)snprintf(text, size, "%08x.%08x", be32_load(key + 8),
                       be32_load(key + 12));
}

static dits_error *emit_gap(uint64_t offset, uint64_t size, media_node_fn *fn,
                            void *payload)
{
    struct media_node node = {
        .name = "no KLV",
        .offset = offset,
        .size = size,
        .is_damaged = true,
    };
    return size == 0 ? NULL : fn(&node, payload);
}

/* Partitions are flat: what follows one belongs to it until the next. */
static dits_error *emit(const struct mxf_klv *klv, media_node_fn *fn,
                        void *payload)
{
    char name[40] = "";
    put_name(klv->key, name, sizeof(name));
    struct media_node node = {
        .name = name,
        .offset = klv->offset,
        .size = klv->header_size + klv->size,
        .header_size = klv->header_size,
        .depth = mxf_key_is_partition(klv->key) ||
                         mxf_key_is_random_index(klv->key)
                     ? 0
                     : 1,
        .is_damaged = klv->is_cut,
    };
    return fn(&node, payload);
}

static void window_releasep(struct window *window)
{
    window_release(window);
}

dits_error *mxf_tree_walk(struct media_file *file, media_node_fn *fn,
                          void *payload)
{
    CLEANUP(window_releasep) struct window window = {.source = file->source};
    uint64_t offset = 0;
    bool found = true;
    for (uint32_t i = 0; i < LIMIT_NODES && found; i++) {
        struct mxf_klv klv = {0};
        uint64_t skipped = 0;
        TRY(mxf_klv_find(&window, offset, &klv, &skipped, &found));
        TRY(emit_gap(offset, skipped, fn, payload));
        if (!found)
            return NULL;
        TRY(emit(&klv, fn, payload));
        offset = mxf_klv_end(&klv);
    }
    return NULL;
}
