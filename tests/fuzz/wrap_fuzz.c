/*
 * Packed files: members ascend, lie inside the file and do not overlap; what
 * a match says comes back bit for bit.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "media/wrap/deflate_match.h"
#include "media/wrap/plain_reader.h"
#include "media/wrap/recoder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * More than this is not matched, and only one input in eight: a match takes a
 * hundred times as long as all else.
 */
enum { MAX_PLAIN = 16384, MAX_MATCHES = 1, MATCH_EVERY = 8 };

struct bytes {
    struct source source;
    const uint8_t *data;
};

static dits_error *read_at(struct source *self, uint64_t offset, size_t size,
                           void *out)
{
    const struct bytes *bytes = (const struct bytes *)self;
    assert(offset <= self->size && size <= self->size - offset);
    memcpy(out, bytes->data + offset, size);
    return NULL;
}

static dits_error *fill(void *payload, size_t size, uint8_t *out)
{
    size_t got = 0;
    TRY(plain_reader_read(payload, size, out, &got));
    assert(got == size);
    return NULL;
}

static dits_error *check_again(struct bytes *bytes,
                               const struct wrap_member *member,
                               struct deflate_params params)
{
    CLEANUP(plain_reader_release) struct plain_reader plain = {0};
    CLEANUP(recoder_release) struct recoder recoder = {0};
    uint8_t made[128];
    uint64_t done = 0;
    size_t size = 0;
    TRY(plain_reader_init(&plain, &bytes->source, member->offset,
                          member->coded_size));
    TRY(recoder_init(&recoder, params, member->plain_size, fill, &plain));
    do {
        TRY(recoder_read(&recoder, sizeof(made), made, &size));
        assert(size <= member->coded_size - done);
        assert(memcmp(made, bytes->data + member->offset + done, size) == 0);
        done += size;
    } while (size == sizeof(made));
    assert(done == member->coded_size);
    return NULL;
}

static dits_error *match(struct bytes *bytes, const struct wrap *wrap)
{
    struct deflate_params params = {0};
    unsigned matches = 0;
    for (size_t i = 0; i < wrap->count && matches < MAX_MATCHES; i++) {
        const struct wrap_member *member = &wrap->members[i];
        bool found = false;
        if (member->method != WRAP_DEFLATE || member->plain_size > MAX_PLAIN)
            continue;
        TRY(deflate_match(NULL, &bytes->source, member, &params, &found));
        if (found)
            TRY(check_again(bytes, member, params));
        matches++;
    }
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(wrap_release) struct wrap wrap = {0};
    struct bytes bytes = {.source = {.size = size, .read_at = read_at},
                          .data = data};
    CLEANUP(dits_error_freep)
    dits_error *err = wrap_open(&bytes.source, &wrap);
    uint64_t end = 0;
    assert(err == NULL);
    for (size_t i = 0; i < wrap.count; i++) {
        const struct wrap_member *member = &wrap.members[i];
        assert(member->offset >= end && member->offset <= size);
        assert(member->coded_size <= size - member->offset);
        end = member->offset + member->coded_size;
    }
    if (size % MATCH_EVERY == 1)
        err = match(&bytes, &wrap);
    assert(err == NULL);
    return 0;
}
