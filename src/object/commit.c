#include "object/commit.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/object.h"
#include "object/person.h"

enum {
    MAX_PARENTS = 1024,
    MAX_HEADERS = 1024 * 1024, /* bytes of extra headers */
};

void commit_release(struct commit *commit)
{
    mem_free(commit->parents);
    person_release(&commit->author);
    person_release(&commit->committer);
    mem_free(commit->message);
    buf_release(&commit->extra_headers);
    buf_release(&commit->signature);
    *commit = (struct commit){0};
}

/* Extra headers are pairs of a UTF-8 name and any bytes. */
static dits_error *check_headers(struct slice headers, enum dits_code code)
{
    struct cursor in = cursor_over(headers.data, headers.size);
    while (cursor_left(&in) > 0) {
        struct slice name = {0};
        struct slice value = {0};
        TRY(object_take_bytes(&in, MAX_HEADERS, &name));
        TRY(object_take_bytes(&in, MAX_HEADERS, &value));
        if (name.size == 0 || !text_is_utf8(name.data, name.size))
            return error_new(code, "a header of a commit has no proper name");
    }
    return NULL;
}

static dits_error *check_bounds(const struct commit *commit)
{
    if (commit->parent_count > MAX_PARENTS)
        return error_new(DITS_E_LIMIT, "a commit of %zu parents",
                         commit->parent_count);
    if (commit->extra_headers.size > MAX_HEADERS)
        return error_new(DITS_E_LIMIT, "headers of %zu bytes in a commit",
                         commit->extra_headers.size);
    return check_headers(buf_slice(&commit->extra_headers), DITS_E_INVALID);
}

/* Where it comes from: the tree and the parents. */
static dits_error *encode_links(const struct commit *commit, struct buf *out)
{
    TRY(buf_put(out, commit->tree.hash, OID_SIZE));
    TRY(buf_put_varint(out, commit->parent_count));
    for (size_t i = 0; i < commit->parent_count; i++)
        TRY(buf_put(out, commit->parents[i].hash, OID_SIZE));
    return NULL;
}

dits_error *commit_encode(const struct commit *commit, struct buf *out)
{
    struct slice message =
        slice_of_text(commit->message != NULL ? commit->message : "");
    TRY(check_bounds(commit));
    TRY(message_check(message, DITS_E_INVALID));
    TRY(object_begin(out, CHUNK_COMMIT));
    TRY(encode_links(commit, out));
    TRY(person_encode(&commit->author, out));
    TRY(person_encode(&commit->committer, out));
    TRY(object_put_bytes(out, message.data, message.size));
    TRY(object_put_bytes(out, commit->extra_headers.data,
                         commit->extra_headers.size));
    TRY(signature_encode(&commit->signature, out));
    return object_end(out);
}

static dits_error *decode_parents(struct cursor *in, struct commit *commit)
{
    uint64_t count = 0;
    TRY(cursor_varint(in, &count));
    if (count > MAX_PARENTS || count > cursor_left(in) / OID_SIZE)
        return error_new(DITS_E_CORRUPT, "a commit of %" PRIu64 " parents",
                         count);
    if (count == 0)
        return NULL;
    commit->parents = mem_new_array(struct dits_oid, (size_t)count);
    if (commit->parents == NULL)
        return error_nomem();
    while (commit->parent_count < count)
        TRY(cursor_oid(in, &commit->parents[commit->parent_count++]));
    return NULL;
}

static dits_error *decode_headers(struct cursor *in, struct commit *commit)
{
    struct slice headers = {0};
    TRY(object_take_bytes(in, MAX_HEADERS, &headers));
    TRY(check_headers(headers, DITS_E_CORRUPT));
    if (headers.size == 0)
        return NULL;
    return buf_put(&commit->extra_headers, headers.data, headers.size);
}

static dits_error *decode_payload(struct cursor *in, struct commit *commit)
{
    TRY(cursor_oid(in, &commit->tree));
    TRY(decode_parents(in, commit));
    TRY(person_decode(in, &commit->author));
    TRY(person_decode(in, &commit->committer));
    TRY(message_decode(in, &commit->message));
    TRY(decode_headers(in, commit));
    TRY(signature_decode(in, &commit->signature));
    return cursor_end(in);
}

dits_error *commit_decode(struct slice bytes, struct commit *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    struct cursor in = {0};
    TRY(object_open(CHUNK_COMMIT, bytes, &in));
    TRY(decode_payload(&in, &commit));
    *out = MOVE(commit);
    return NULL;
}

dits_error *commit_store(struct store_writer *writer,
                         const struct commit *commit, struct dits_oid *out_id)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(commit_encode(commit, &bytes));
    return store_writer_put(writer, CHUNK_COMMIT, bytes.data, bytes.size,
                            out_id);
}

dits_error *commit_load(struct store *store, const struct dits_oid *id,
                        struct commit *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY_CONTEXT(store_read(store, CHUNK_COMMIT, id, &bytes),
                "cannot read a commit");
    return commit_decode(buf_slice(&bytes), out);
}
