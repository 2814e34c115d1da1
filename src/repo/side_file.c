#include "repo/side_file.h"

#include <string.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/text.h"

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

static dits_error *write_new(const char *path, struct slice bytes)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    TRY(fs_open(path, FS_CREATE_NEW, &file));
    return fs_write_at(&file, 0, bytes.data, bytes.size);
}

dits_error *side_file_swap(const char *folder, const char *name,
                           struct slice bytes)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf fresh = {0};
    TRY(fs_join(folder, name, &path));
    TRY(buf_printf(&fresh, "%s.new", path));
    /* Left by a crash, or of another one at this moment: whatever gets the name
     * is whole or is not believed, and the other one will fail. */
    if (fs_exists(buf_text(&fresh)))
        TRY(fs_remove(buf_text(&fresh)));
    dits_error *err = write_new(buf_text(&fresh), bytes);
    if (err == NULL)
        err = fs_rename(buf_text(&fresh), path);
    if (err != NULL)
        dits_error_free(fs_remove(buf_text(&fresh)));
    return err;
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
