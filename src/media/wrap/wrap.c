#include "media/wrap/wrap.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "media/limits.h"
#include "media/wrap/gzip.h"
#include "media/wrap/zip.h"

/* So little is unpacked whatever the ratio: a sample of zeros is harmless. */
enum { ALWAYS_ALLOWED = 64 * 1024 };

void wrap_release(struct wrap *wrap)
{
    mem_free(wrap->members);
    *wrap = (struct wrap){0};
}

const char *wrap_kind_name(enum wrap_kind kind)
{
    static const char *const names[] = {
        [WRAP_NONE] = "",
        [WRAP_GZIP] = "gzip",
        [WRAP_ZIP] = "zip",
    };
    return names[kind];
}

static bool is_gzip(const uint8_t *head)
{
    return head[0] == 0x1f && head[1] == 0x8b && head[2] == 8;
}

static bool is_zip(const uint8_t *head)
{
    return memcmp(head, "PK\x03\x04", 4) == 0;
}

bool wrap_may_be(const void *head, size_t size)
{
    return size >= 4 && (is_gzip(head) || is_zip(head));
}

bool wrap_allows(uint64_t coded_size, uint64_t plain_size)
{
    return plain_size <= ALWAYS_ALLOWED ||
           plain_size / LIMIT_WRAP_RATIO <= coded_size;
}

dits_error *wrap_add(struct wrap *wrap, const struct wrap_member *member)
{
    struct wrap_member *members = array_grown(
        wrap->members, wrap->count, &wrap->capacity, sizeof(*members));
    if (members == NULL)
        return error_nomem();
    wrap->members = members;
    wrap->members[wrap->count++] = *member;
    if (member->method == WRAP_DEFLATE)
        wrap->plain_size += member->plain_size;
    return NULL;
}

dits_error *wrap_open(struct source *source, struct wrap *out)
{
    CLEANUP(wrap_release) struct wrap wrap = {0};
    uint8_t head[4] = {0};
    dits_error *err = NULL;
    if (source->size < sizeof(head))
        return NULL;
    TRY(source->read_at(source, 0, sizeof(head), head));
    if (is_gzip(head))
        err = gzip_open(source, &wrap);
    else if (is_zip(head))
        err = zip_open(source, &wrap);
    if (dits_error_has(err, DITS_E_CORRUPT)) {
        dits_error_free(err); /* an answer: it is not what it seemed */
        return NULL;
    }
    TRY(err);
    if (wrap.count > 0 && wrap.plain_size <= LIMIT_WRAP_PLAIN)
        *out = MOVE(wrap);
    return NULL;
}
