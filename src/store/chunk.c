#include "base/hash.h"
#include "store/store.h"

struct kind {
    const char *name;
    const char *context; /* of BLAKE3's derive-key mode; NULL: plain */
};

/* The contexts are part of the format and never change. */
static const struct kind kinds[CHUNK_KIND_COUNT] = {
    [CHUNK_DATA] = {"data", NULL},
    [CHUNK_ASSET] = {"asset", "dits 2026-11 object v1 asset"},
    [CHUNK_LIST] = {"list", "dits 2026-11 object v1 list"},
    [CHUNK_TREE] = {"tree", "dits 2026-11 object v1 tree"},
    [CHUNK_COMMIT] = {"commit", "dits 2026-11 object v1 commit"},
    [CHUNK_TAG] = {"tag", "dits 2026-11 object v1 tag"},
};

const char *chunk_kind_name(enum chunk_kind kind)
{
    return (size_t)kind < CHUNK_KIND_COUNT ? kinds[kind].name : "unknown";
}

void chunk_id(enum chunk_kind kind, const void *data, size_t size,
              struct dits_oid *out)
{
    if (kinds[kind].context == NULL) {
        hash_bytes(data, size, out);
        return;
    }
    struct hash hash;
    hash_begin_derived(&hash, kinds[kind].context);
    hash_update(&hash, data, size);
    hash_finish(&hash, out);
}
