#include "repo/side_file.h"

#include <string.h>

#include "base/hash.h"

dits_error *side_file_begin(const struct side_file *file, struct buf *out)
{
    TRY(buf_put(out, file->magic, sizeof(file->magic)));
    TRY(buf_put_le32(out, file->version));
    return buf_put_le32(out, 0);
}

dits_error *side_file_end(struct buf *out)
{
    return buf_put_le64(out, hash_checksum(out->data, out->size));
}

dits_error *side_file_open(const struct side_file *file, struct slice bytes,
                           struct cursor *out)
{
    uint64_t checksum = 0;
    uint32_t version = 0;
    uint32_t reserved = 0;
    if (bytes.size < sizeof(file->magic) + sizeof(checksum) ||
        memcmp(bytes.data, file->magic, sizeof(file->magic)) != 0)
        return error_new(DITS_E_CORRUPT, "the %s is something else",
                         file->what);
    size_t size = bytes.size - sizeof(checksum);
    struct cursor end = cursor_over(bytes.data + size, sizeof(checksum));
    TRY(cursor_le64(&end, &checksum));
    if (checksum != hash_checksum(bytes.data, size))
        return error_new(DITS_E_CORRUPT, "the %s has a wrong checksum",
                         file->what);
    *out = cursor_over(bytes.data, size);
    TRY(cursor_skip(out, sizeof(file->magic)));
    TRY(cursor_le32(out, &version));
    TRY(cursor_le32(out, &reserved));
    if (version != file->version || reserved != 0)
        return error_new(DITS_E_UNSUPPORTED, "the %s has version %u",
                         file->what, version);
    return NULL;
}
