/*
 * Objects of git, whatever they hold, can be stored here; what is written of a
 * commit is what it was. The first byte chooses the kind.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "object/tree.h"
#include "repo/git_commit.h"
#include "repo/git_lfs.h"
#include "repo/git_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Only what is too large may be refused. */
static void must_fit(dits_error *err)
{
    assert(err == NULL || dits_error_has(err, DITS_E_LIMIT));
    dits_error_free(err);
}

static dits_error *try_commit(struct slice bytes)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(buf_release) struct buf stored = {0};
    CLEANUP(buf_release) struct buf line = {0};
    struct git_commit parsed = {0};
    struct slice kept = {0};
    TRY(git_commit_parse(bytes, GIT_SHA1_BYTES, &parsed));
    for (size_t i = 0; i < parsed.parent_count; i++)
        (void)git_commit_parent(&parsed, GIT_SHA1_BYTES, i);
    TRY(git_commit_decode(&parsed, &commit));
    must_fit(commit_encode(&commit, &stored));
    TRY(git_person_put(&commit.author, &line));
    if (!git_header_find(&commit, GIT_HEADER_AUTHOR, &kept))
        kept = buf_slice(&line);
    assert(slice_equal(kept, parsed.author));
    if (!git_header_find(&commit, GIT_HEADER_MESSAGE, &kept))
        kept = slice_of_text(commit.message);
    assert(slice_equal(kept, parsed.message));
    return NULL;
}

static dits_error *try_tag(struct slice bytes)
{
    CLEANUP(tag_release) struct tag tag = {.target_kind = CHUNK_COMMIT};
    CLEANUP(buf_release) struct buf stored = {0};
    CLEANUP(buf_release) struct buf line = {0};
    struct git_tag parsed = {0};
    TRY(git_tag_parse(bytes, GIT_SHA1_BYTES, &parsed));
    TRY(git_tag_decode(&parsed, &tag));
    tag.target_kind = CHUNK_COMMIT;
    must_fit(tag_encode(&tag, &stored));
    return git_tagger_put(&tag, &line);
}

static dits_error *try_tree(struct slice bytes)
{
    while (bytes.size > 0) {
        struct git_entry entry = {0};
        TRY(git_entry_next(&bytes, GIT_SHA1_BYTES, &entry));
        assert(memchr(entry.name.data, '\0', entry.name.size + 1) ==
               entry.name.data + entry.name.size);
        (void)tree_name_is_valid((const char *)entry.name.data,
                                 entry.name.size);
    }
    return NULL;
}

static dits_error *try_pointer(struct slice bytes)
{
    CLEANUP(buf_release) struct buf text = {0};
    struct git_lfs_pointer pointer = {0};
    struct git_lfs_pointer again = {0};
    if (!git_lfs_parse(bytes, &pointer))
        return NULL;
    TRY(git_lfs_encode(&pointer, &text));
    assert(git_lfs_parse(buf_slice(&text), &again));
    assert(strcmp(pointer.hex, again.hex) == 0 && pointer.size == again.size);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct slice bytes = slice_of(data + 1, size - 1);
    switch (data[0]) {
    case 'c':
        dits_error_free(try_commit(bytes));
        break;
    case 't':
        dits_error_free(try_tag(bytes));
        break;
    case 'l':
        dits_error_free(try_pointer(bytes));
        break;
    default:
        dits_error_free(try_tree(bytes));
        break;
    }
    return 0;
}
