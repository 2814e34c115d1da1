#include "object/wrapped.h"

#include <inttypes.h>

#include "base/mem.h"

/* Three numbers of a byte or more, and the parameters. */
enum { MIN_MEMBER_BYTES = 5 };

/* No coded stream is longer: the format of files has this bound, too. */
#define MAX_CODED (UINT64_C(1) << 50)

void wrapped_release(struct wrapped *wrapped)
{
    mem_free(wrapped->members);
    *wrapped = (struct wrapped){0};
}

size_t wrapped_find(const struct wrapped *wrapped, uint64_t offset)
{
    size_t low = 0;
    size_t high = wrapped->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (wrapped->members[middle].offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

dits_error *wrapped_encode(const struct wrapped *wrapped, struct buf *out)
{
    uint64_t skeleton = 0;
    TRY(buf_put_u8(out, wrapped->encoder));
    TRY(buf_put_varint(out, wrapped->count));
    for (size_t i = 0; i < wrapped->count; i++) {
        const struct wrapped_member *member = &wrapped->members[i];
        TRY(buf_put_varint(out, member->skeleton_offset - skeleton));
        TRY(buf_put_varint(out, member->plain_size));
        TRY(buf_put_varint(out, member->coded_size));
        TRY(buf_put_u8(out, member->params.level));
        TRY(buf_put_u8(out, member->params.memory));
        skeleton = member->skeleton_offset;
    }
    return NULL;
}

/* What is not yet taken of the streams, and where the file is. */
struct rest {
    uint64_t skeleton;
    uint64_t plain;
    uint64_t offset;
};

static dits_error *parse_member(struct cursor *in, struct rest *rest,
                                struct wrapped_member *out)
{
    uint64_t before = 0;
    TRY(cursor_varint(in, &before));
    TRY(cursor_varint(in, &out->plain_size));
    TRY(cursor_varint(in, &out->coded_size));
    TRY(cursor_u8(in, &out->params.level));
    TRY(cursor_u8(in, &out->params.memory));
    if (!deflate_params_valid(out->params))
        return error_new(DITS_E_CORRUPT, "a member packed in an unknown way");
    if (before > rest->skeleton || out->plain_size > rest->plain)
        return error_new(DITS_E_CORRUPT, "a member beyond the streams");
    if (out->plain_size == 0 || out->coded_size == 0 ||
        out->coded_size > MAX_CODED)
        return error_new(DITS_E_CORRUPT, "a member of %" PRIu64 " bytes",
                         out->coded_size);
    rest->skeleton -= before;
    rest->plain -= out->plain_size;
    rest->offset += before;
    return NULL;
}

static dits_error *parse_members(struct cursor *in, struct rest *rest,
                                 size_t count, struct wrapped *wrapped)
{
    const struct rest all = *rest;
    for (size_t i = 0; i < count; i++) {
        struct wrapped_member *member = &wrapped->members[i];
        uint64_t plain_offset = all.plain - rest->plain;
        TRY(parse_member(in, rest, member));
        member->plain_offset = plain_offset;
        member->skeleton_offset = all.skeleton - rest->skeleton;
        member->offset = rest->offset;
        if (member->coded_size > MAX_CODED - wrapped->coded_size)
            return error_new(DITS_E_CORRUPT, "an asset is beyond 1 PiB");
        rest->offset += member->coded_size;
        wrapped->coded_size += member->coded_size;
    }
    if (rest->plain != 0)
        return error_new(DITS_E_CORRUPT, "members lack %" PRIu64 " bytes",
                         rest->plain);
    return NULL;
}

dits_error *wrapped_parse(struct cursor *in, uint64_t skeleton_size,
                          uint64_t plain_size, struct wrapped *out)
{
    CLEANUP(wrapped_release) struct wrapped wrapped = {0};
    struct rest rest = {.skeleton = skeleton_size, .plain = plain_size};
    uint64_t count = 0;
    TRY(cursor_u8(in, &wrapped.encoder));
    TRY(cursor_varint(in, &count));
    if (wrapped.encoder == DEFLATE_NO_ENCODER)
        return error_new(DITS_E_CORRUPT, "an asset packed by no encoder");
    if (plain_size > WRAPPED_MAX_PLAIN)
        return error_new(DITS_E_CORRUPT, "an asset unpacks to too much");
    if (count == 0 || count > WRAPPED_MAX_MEMBERS ||
        count > cursor_left(in) / MIN_MEMBER_BYTES)
        return error_new(DITS_E_CORRUPT, "an asset of %" PRIu64 " members",
                         count);
    wrapped.count = (size_t)count;
    wrapped.members = mem_new_array(struct wrapped_member, wrapped.count);
    if (wrapped.members == NULL)
        return error_nomem();
    TRY(parse_members(in, &rest, wrapped.count, &wrapped));
    *out = MOVE(wrapped);
    return NULL;
}
