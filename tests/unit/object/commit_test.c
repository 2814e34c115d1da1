#include "object/commit.h"

#include <string.h>

#include "object/object.h"
#include "support/mem_fault.h"
#include "support/test.h"

static char ada[] = "Ada";
static char mail[] = "ada@example.org";
static char message[] = "cut the intro\n";
static struct dits_oid parents[2] = {{{1}}, {{2}}};

static struct commit sample(void)
{
    struct person person = {ada, mail, 1790000000, 120};
    return (struct commit){
        .tree = {{9}},
        .parents = parents,
        .parent_count = 2,
        .author = person,
        .committer = person,
        .message = message,
    };
}

static struct tag sample_tag(void)
{
    struct person person = {ada, mail, -5, -30};
    return (struct tag){
        .target = {{3}},
        .target_kind = CHUNK_COMMIT,
        .name = ada,
        .tagger = person,
        .message = message,
    };
}

TEST(a_commit_comes_back_whole)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(commit_release) struct commit back = {0};
    CLEANUP(buf_release) struct buf again = {0};
    struct commit commit = sample();
    uint8_t header[] = {3, 'k', 'e', 'y', 2, 0xff, 0};
    uint8_t signature[] = {1, 2, 3};
    commit.extra_headers = (struct buf){.data = header, .size = sizeof(header)};
    commit.signature =
        (struct buf){.data = signature, .size = sizeof(signature)};
    CHECK_OK(commit_encode(&commit, &bytes));
    CHECK_OK(commit_decode(buf_slice(&bytes), &back));
    CHECK(back.parent_count == 2 && back.parents[1].hash[0] == 2);
    CHECK(strcmp(back.author.name, ada) == 0);
    CHECK(strcmp(back.committer.email, mail) == 0);
    CHECK(back.author.time == 1790000000 && back.author.offset_minutes == 120);
    CHECK(strcmp(back.message, message) == 0);
    CHECK(back.extra_headers.size == sizeof(header));
    CHECK(back.signature.size == sizeof(signature));
    CHECK_OK(commit_encode(&back, &again));
    CHECK(slice_equal(buf_slice(&bytes), buf_slice(&again)));
}

TEST(texts_that_cannot_be_stored_are_refused)
{
    static char bad[][8] = {"a<b", "a>b", "a\nb", "\xff"};
    CLEANUP(buf_release) struct buf bytes = {0};
    for (size_t i = 0; i < 4; i++) {
        struct commit commit = sample();
        commit.author.name = bad[i];
        buf_clear(&bytes);
        CHECK_FAILS(DITS_E_INVALID, commit_encode(&commit, &bytes));
        commit = sample();
        commit.committer.email = bad[i];
        buf_clear(&bytes);
        CHECK_FAILS(DITS_E_INVALID, commit_encode(&commit, &bytes));
    }
    struct commit commit = sample();
    commit.message = ada;
    buf_clear(&bytes);
    CHECK_FAILS(DITS_E_INVALID, commit_encode(&commit, &bytes));
    commit.message = NULL;
    commit.author.time = INT64_MAX;
    buf_clear(&bytes);
    CHECK_FAILS(DITS_E_INVALID, commit_encode(&commit, &bytes));
    commit.author.time = 0;
    uint8_t header[] = {3, 'k'};
    commit.extra_headers = (struct buf){.data = header, .size = sizeof(header)};
    buf_clear(&bytes);
    dits_error *err = commit_encode(&commit, &bytes);
    CHECK(err != NULL);
    dits_error_free(err);
}

/* Decode the first `size` bytes with the length in the header set to fit. */
static dits_error *decode_cut(const struct buf *bytes, size_t size,
                              bool is_commit)
{
    CLEANUP(buf_release) struct buf cut = {0};
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(tag_release) struct tag tag = {0};
    TRY(buf_put(&cut, bytes->data, size));
    TRY(object_end(&cut));
    return is_commit ? commit_decode(buf_slice(&cut), &commit)
                     : tag_decode(buf_slice(&cut), &tag);
}

TEST(every_truncation_is_refused)
{
    CLEANUP(buf_release) struct buf commit = {0};
    CLEANUP(buf_release) struct buf tag = {0};
    struct commit source = sample();
    struct tag tag_source = sample_tag();
    CHECK_OK(commit_encode(&source, &commit));
    CHECK_OK(tag_encode(&tag_source, &tag));
    for (size_t size = OBJECT_HEADER_SIZE; size < commit.size; size++)
        CHECK_FAILS(DITS_E_CORRUPT, decode_cut(&commit, size, true));
    for (size_t size = OBJECT_HEADER_SIZE; size < tag.size; size++)
        CHECK_FAILS(DITS_E_CORRUPT, decode_cut(&tag, size, false));
    CHECK_OK(buf_put_u8(&commit, 0));
    CHECK_OK(buf_put_u8(&tag, 0));
    CHECK_FAILS(DITS_E_CORRUPT, decode_cut(&commit, commit.size, true));
    CHECK_FAILS(DITS_E_CORRUPT, decode_cut(&tag, tag.size, false));
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf tag_bytes = {0};
    struct commit source = sample();
    struct tag tag_source = sample_tag();
    CHECK_OK(commit_encode(&source, &bytes));
    CHECK_OK(tag_encode(&tag_source, &tag_bytes));
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct commit commit = {0};
        struct tag tag = {0};
        mem_fault_arm(nth);
        dits_error *err = commit_decode(buf_slice(&bytes), &commit);
        if (err == NULL)
            err = tag_decode(buf_slice(&tag_bytes), &tag);
        reached = mem_fault_disarm();
        commit_release(&commit);
        tag_release(&tag);
        CHECK(mem_fault_live() == live || err != NULL);
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        CHECK(mem_fault_live() == live);
    }
}

TEST(a_tag_comes_back_whole)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(tag_release) struct tag back = {0};
    struct tag tag = sample_tag();
    CHECK_OK(tag_encode(&tag, &bytes));
    CHECK_OK(tag_decode(buf_slice(&bytes), &back));
    CHECK(strcmp(back.name, ada) == 0 && back.target_kind == CHUNK_COMMIT);
    CHECK(back.tagger.time == -5 && back.tagger.offset_minutes == -30);
    tag.name = NULL;
    buf_clear(&bytes);
    CHECK_FAILS(DITS_E_INVALID, tag_encode(&tag, &bytes));
}
