#include "repo/git_lfs.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/oid.h"
#include "base/text.h"

#define VERSION_LINE "version https://git-lfs.github.com/spec/v1\n"
#define OID_LINE "oid sha256:"
#define SIZE_LINE "size "

enum { READ_BYTES = 1 << 20, HEX_DIGITS = GIT_LFS_HEX_SIZE - 1 };

/* Reads `word` off the front of `text`. */
static bool take(struct slice *text, const char *word)
{
    size_t length = strlen(word);
    if (text->size < length || memcmp(text->data, word, length) != 0)
        return false;
    *text = slice_of(text->data + length, text->size - length);
    return true;
}

static bool take_digest(struct slice *text, struct git_lfs_pointer *out)
{
    struct dits_oid digest = {0};
    if (text->size < HEX_DIGITS)
        return false;
    memcpy(out->hex, text->data, HEX_DIGITS);
    out->hex[HEX_DIGITS] = '\0';
    *text = slice_of(text->data + HEX_DIGITS, text->size - HEX_DIGITS);
    if (!oid_parse(out->hex, &digest))
        return false;
    dits_oid_hex(&digest, out->hex); /* lower case, as the store has it */
    return true;
}

static bool take_size(struct slice *text, uint64_t *out)
{
    char digits[24] = {0};
    size_t count = 0;
    while (count < text->size && count + 1 < sizeof(digits) &&
           text->data[count] != '\n')
        count++;
    memcpy(digits, text->data, count);
    *text = slice_of(text->data + count, text->size - count);
    return text_to_u64(digits, out);
}

/* Its lines are in this order; others belong to extensions. */
bool git_lfs_parse(struct slice text, struct git_lfs_pointer *out)
{
    return text.size < GIT_LFS_POINTER_MAX && take(&text, VERSION_LINE) &&
           take(&text, OID_LINE) && take_digest(&text, out) &&
           take(&text, "\n" SIZE_LINE) && take_size(&text, &out->size) &&
           (text.size == 0 || (take(&text, "\n") && text.size == 0));
}

dits_error *git_lfs_encode(const struct git_lfs_pointer *pointer,
                           struct buf *out)
{
    return buf_printf(out,
                      VERSION_LINE OID_LINE "%s\n" SIZE_LINE "%" PRIu64 "\n",
                      pointer->hex, pointer->size);
}

void git_lfs_set_digest(struct git_lfs_pointer *pointer,
                        const uint8_t digest[DIGEST_SHA256_BYTES])
{
    struct dits_oid id = {0};
    memcpy(id.hash, digest, DIGEST_SHA256_BYTES);
    dits_oid_hex(&id, pointer->hex);
}

dits_error *git_lfs_path(const char *folder,
                         const struct git_lfs_pointer *pointer, struct buf *out)
{
    return buf_printf(out, "%s/objects/%.2s/%.2s/%s", folder, pointer->hex,
                      pointer->hex + 2, pointer->hex);
}

static dits_error *hash_file(const dits_context *context, struct digest *sha256,
                             const struct fs_file *file, uint64_t size,
                             struct git_lfs_pointer *out)
{
    CLEANUP(buf_release) struct buf room = {0};
    uint8_t digest[DIGEST_SHA256_BYTES] = {0};
    void *bytes = NULL;
    TRY(buf_extend(&room, READ_BYTES, &bytes));
    for (uint64_t at = 0; at < size;) {
        size_t got = 0;
        TRY(context_check(context));
        TRY(fs_read_some(file, at, READ_BYTES, bytes, &got));
        if (got == 0)
            break;
        digest_add(sha256, bytes, got);
        at += got;
    }
    digest_finish(sha256, digest);
    git_lfs_set_digest(out, digest);
    return NULL;
}

dits_error *git_lfs_open(const dits_context *context, struct digest *sha256,
                         const char *folder,
                         const struct git_lfs_pointer *pointer,
                         struct fs_file *out, enum git_lfs_state *out_state)
{
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    struct git_lfs_pointer seen = {0};
    struct fs_stat stat = {0};
    *out_state = GIT_LFS_MISSING;
    TRY(git_lfs_path(folder, pointer, &path));
    if (!fs_exists(buf_text(&path)))
        return NULL;
    TRY(fs_open(buf_text(&path), FS_READ, &file));
    TRY(fs_stat_file(&file, &stat));
    *out_state = GIT_LFS_DAMAGED;
    if (stat.kind != FS_REGULAR || stat.size != pointer->size)
        return NULL;
    TRY(hash_file(context, sha256, &file, stat.size, &seen));
    if (strcmp(seen.hex, pointer->hex) != 0)
        return NULL;
    *out_state = GIT_LFS_GOOD;
    *out = MOVE(file);
    return NULL;
}
