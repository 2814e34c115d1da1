#include "repo/revision_ids.h"

#include <string.h>

#include "store/store.h"

enum { MAX_CANDIDATES = 64, LISTED = 10 };

static bool can_be(enum chunk_kind kind, enum dits_revision_kind wanted)
{
    if (wanted == DITS_REVISION_ANY)
        return true;
    return kind == CHUNK_COMMIT || kind == CHUNK_TAG ||
           (wanted == DITS_REVISION_TREE && kind == CHUNK_TREE);
}

static dits_error *describe(dits_repo *repo, const struct dits_oid *id,
                            struct buf *out)
{
    struct chunk_place place = {0};
    bool found = false;
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(id, hex);
    TRY(store_find(repo->store, id, &found, &place));
    return buf_printf(out, "%s%.16s (%s)", out->size > 0 ? ", " : "", hex,
                      chunk_kind_name(place.kind));
}

static dits_error *ambiguous(dits_repo *repo, const char *text,
                             const struct dits_oid *ids, size_t count)
{
    CLEANUP(buf_release) struct buf list = {0};
    for (size_t i = 0; i < count && i < LISTED; i++)
        TRY(describe(repo, &ids[i], &list));
    return error_hint(error_new(DITS_E_CONFLICT,
                                "more than one object starts with '%s'", text),
                      "Give more digits: %s%s.", buf_text(&list),
                      count > LISTED ? ", and more" : "");
}

/* Keep what can be `wanted`, unless that leaves nothing. */
static dits_error *narrow(dits_repo *repo, enum dits_revision_kind wanted,
                          struct dits_oid *ids, size_t *count)
{
    struct dits_oid fitting[MAX_CANDIDATES];
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        struct chunk_place place = {0};
        bool found = false;
        TRY(store_find(repo->store, &ids[i], &found, &place));
        if (found && can_be(place.kind, wanted))
            fitting[kept++] = ids[i];
    }
    if (kept == 0)
        return NULL;
    memcpy(ids, fitting, kept * sizeof(fitting[0]));
    *count = kept;
    return NULL;
}

dits_error *revision_find_abbreviated(dits_repo *repo, const char *text,
                                      enum dits_revision_kind wanted,
                                      struct dits_oid *out, bool *out_found)
{
    struct dits_oid prefix = {0};
    struct dits_oid ids[MAX_CANDIDATES];
    size_t digits = strlen(text);
    size_t count = 0;
    *out_found = false;
    if (digits < REVISION_MIN_DIGITS || digits >= OID_HEX_SIZE ||
        !oid_parse_prefix(text, digits, &prefix))
        return NULL;
    TRY(store_find_prefix(repo->store, &prefix, digits, ids, MAX_CANDIDATES,
                          &count));
    if (count > 1)
        TRY(narrow(repo, wanted, ids, &count));
    if (count > 1)
        return ambiguous(repo, text, ids, count);
    *out_found = count == 1;
    if (count == 1)
        *out = ids[0];
    return NULL;
}

dits_error *dits_oid_abbreviate(dits_repo *repo, const struct dits_oid *id,
                                char out[DITS_OID_HEX_SIZE])
{
    return dits_oid_abbreviate_to(repo, id, REVISION_SHORT_DIGITS, out);
}

dits_error *dits_oid_abbreviate_to(dits_repo *repo, const struct dits_oid *id,
                                   uint64_t wanted, char out[DITS_OID_HEX_SIZE])
{
    struct dits_oid ids[MAX_CANDIDATES];
    size_t count = 0;
    size_t digits = wanted < REVISION_MIN_DIGITS ? REVISION_MIN_DIGITS
                    : wanted < OID_HEX_SIZE      ? (size_t)wanted
                                                 : OID_HEX_SIZE - 1;
    TRY(store_find_prefix(repo->store, id, digits, ids, MAX_CANDIDATES,
                          &count));
    for (size_t i = 0; i < count; i++) {
        while (digits < OID_HEX_SIZE - 1 && !dits_oid_equal(&ids[i], id) &&
               oid_has_prefix(&ids[i], id, digits))
            digits++;
    }
    if (count == MAX_CANDIDATES) /* there may be others that are closer */
        digits = OID_HEX_SIZE - 1;
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(id, hex);
    hex[digits] = '\0';
    memcpy(out, hex, digits + 1);
    return NULL;
}
