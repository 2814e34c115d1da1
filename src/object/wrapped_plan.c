#include "object/wrapped_plan.h"

#include "base/mem.h"
#include "media/limits.h"
#include "media/wrap/deflate_match.h"
#include "media/wrap/wrap.h"

_Static_assert(LIMIT_WRAP_MEMBERS <= WRAPPED_MAX_MEMBERS &&
                   LIMIT_WRAP_PLAIN <= WRAPPED_MAX_PLAIN,
               "what is unpacked can be stored");

enum {
    /* A file is made by one program: so many foreign streams are enough. */
    MAX_MISSES = 16,
    /* A file of which less is packed is better cut as what it mostly is. */
    MIN_SHARE = 16,
};

static void add_member(struct wrapped *wrapped,
                       const struct wrap_member *member,
                       struct deflate_params params)
{
    struct wrapped_member *added = &wrapped->members[wrapped->count];
    *added = (struct wrapped_member){
        .params = params,
        .plain_size = member->plain_size,
        .coded_size = member->coded_size,
        .offset = member->offset,
        .skeleton_offset = member->offset - wrapped->coded_size,
    };
    if (wrapped->count > 0)
        added->plain_offset = added[-1].plain_offset + added[-1].plain_size;
    wrapped->coded_size += member->coded_size;
    wrapped->count++;
}

/* Find out how each member was packed. */
static dits_error *match_members(const dits_context *context,
                                 struct source *source, const struct wrap *wrap,
                                 struct wrapped *wrapped)
{
    struct deflate_params params = {0};
    unsigned misses = 0;
    for (size_t i = 0; i < wrap->count && misses < MAX_MISSES; i++) {
        const struct wrap_member *member = &wrap->members[i];
        bool found = false;
        if (member->method != WRAP_DEFLATE || member->plain_size == 0)
            continue;
        TRY(deflate_match(context, source, member, &params, &found));
        if (found)
            add_member(wrapped, member, params);
        misses = found ? 0 : misses + 1;
    }
    return NULL;
}

static dits_error *may_be_packed(struct source *source, bool *out)
{
    uint8_t head[4] = {0};
    *out = false;
    if (source->size < sizeof(head))
        return NULL;
    TRY(source->read_at(source, 0, sizeof(head), head));
    *out = wrap_may_be(head, sizeof(head));
    return NULL;
}

dits_error *wrapped_plan(const dits_context *context, struct source *source,
                         struct wrapped *out)
{
    CLEANUP(wrap_release) struct wrap wrap = {0};
    CLEANUP(wrapped_release) struct wrapped wrapped = {0};
    enum deflate_encoder encoder = DEFLATE_NO_ENCODER;
    bool may_be = false;
    TRY(may_be_packed(source, &may_be));
    if (!may_be)
        return NULL;
    TRY(deflate_find_encoder(&encoder));
    if (encoder == DEFLATE_NO_ENCODER)
        return NULL;
    TRY(wrap_open(source, &wrap));
    if (wrap.kind == WRAP_NONE)
        return NULL;
    wrapped.encoder = (uint8_t)encoder;
    wrapped.members = mem_new_array(struct wrapped_member, wrap.count);
    if (wrapped.members == NULL)
        return error_nomem();
    TRY(match_members(context, source, &wrap, &wrapped));
    if (wrapped.coded_size >= source->size / MIN_SHARE)
        *out = MOVE(wrapped);
    return NULL;
}
