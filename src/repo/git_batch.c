#include "repo/git_batch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "repo/git_text.h"

enum { LINE_BYTES = 256 };

dits_error *git_batch_begin(const struct git_place *place,
                            struct git_batch *out)
{
    static const char *const arguments[] = {"cat-file", "--batch", NULL};
    out->id_size = place->id_size;
    TRY(digest_new(place->id_size == GIT_SHA1_BYTES ? DIGEST_SHA1
                                                    : DIGEST_SHA256,
                   &out->digest));
    return git_start(place, arguments, &out->process);
}

void git_batch_end(struct git_batch *batch)
{
    process_stop(&batch->process);
    digest_free(batch->digest);
    *batch = (struct git_batch){0};
}

dits_error *git_batch_ask(struct git_batch *batch, const struct dits_oid *id)
{
    char hex[OID_HEX_SIZE];
    git_id_hex(id, batch->id_size, hex);
    hex[2 * batch->id_size] = '\n';
    return process_put(&batch->process, hex, 2 * batch->id_size + 1);
}

static const char *name_of(const struct git_batch *batch,
                           char hex[OID_HEX_SIZE])
{
    git_id_hex(&batch->now, batch->id_size, hex);
    return hex;
}

static dits_error *damaged(const struct git_batch *batch, const char *how)
{
    char hex[OID_HEX_SIZE];
    return error_hint(error_new(DITS_E_CORRUPT, "git's object %s %s",
                                name_of(batch, hex), how),
                      "See 'git fsck' in that repository.");
}

/* Git gave up: it has said why. */
static dits_error *cut_off(struct git_batch *batch)
{
    char hex[OID_HEX_SIZE];
    char what[LINE_BYTES];
    (void)snprintf(what, sizeof(what), "git cannot read its object %s",
                   name_of(batch, hex));
    return error_hint(git_failed(&batch->process, DITS_E_CORRUPT, what),
                      "See 'git fsck' in that repository.");
}

/* "ID TYPE SIZE" */
static dits_error *parse_answer(struct git_batch *batch, const char *line,
                                const char *type, uint64_t *out_size)
{
    size_t skipped = 2 * batch->id_size + 1;
    size_t length = strlen(type);
    if (strlen(line) < skipped)
        return damaged(batch, "cannot be read");
    if (strcmp(line + skipped, "missing") == 0)
        return damaged(batch, "is missing");
    if (strncmp(line + skipped, type, length) != 0 ||
        line[skipped + length] != ' ' ||
        !text_to_u64(line + skipped + length + 1, out_size)) {
        CLEANUP(buf_release) struct buf how = {0};
        TRY(buf_printf(&how, "is no %s", type));
        return damaged(batch, buf_text(&how));
    }
    return NULL;
}

dits_error *git_batch_next(struct git_batch *batch, const struct dits_oid *id,
                           const char *type, uint64_t *out_size)
{
    CLEANUP(buf_release) struct buf line = {0};
    char head[LINE_BYTES];
    bool found = false;
    batch->now = *id;
    TRY(process_line(&batch->process, LINE_BYTES, &line, &found));
    if (!found)
        return cut_off(batch);
    TRY(parse_answer(batch, buf_text(&line), type, out_size));
    batch->left = *out_size;
    int length = snprintf(head, sizeof(head), "%s %" PRIu64, type, *out_size);
    digest_add(batch->digest, head, (size_t)length + 1); /* with the NUL */
    return NULL;
}

/* All was read: the newline behind it, and whether it was right. */
static dits_error *check(struct git_batch *batch)
{
    struct dits_oid seen = {0};
    char newline = '\0';
    size_t got = 0;
    TRY(process_read(&batch->process, 1, &newline, &got));
    if (got == 0 || newline != '\n')
        return cut_off(batch);
    digest_finish(batch->digest, seen.hash);
    if (!dits_oid_equal(&seen, &batch->now))
        return damaged(batch, "is damaged");
    return NULL;
}

dits_error *git_batch_read(struct git_batch *batch, size_t size, void *out,
                           size_t *out_size)
{
    *out_size = 0;
    if (batch->left == 0)
        return check(batch);
    if (size > batch->left)
        size = (size_t)batch->left;
    TRY(process_read(&batch->process, size, out, out_size));
    if (*out_size == 0)
        return cut_off(batch);
    digest_add(batch->digest, out, *out_size);
    batch->left -= *out_size;
    return NULL;
}

dits_error *git_batch_take(struct git_batch *batch, const struct dits_oid *id,
                           const char *type, size_t max, struct buf *out)
{
    uint64_t size = 0;
    void *at = NULL;
    size_t got = 0;
    buf_clear(out);
    TRY(git_batch_next(batch, id, type, &size));
    if (size > max)
        return damaged(batch, "is too large");
    TRY(buf_extend(out, (size_t)size, &at));
    uint8_t *bytes = at;
    do {
        TRY(git_batch_read(batch, (size_t)batch->left, bytes, &got));
        bytes += got;
    } while (got > 0);
    return NULL;
}
