#include "repo/unfinished.h"

#include <dits/operation.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/ref_name.h"
#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

/* A rebase with everything that there can be. */
static dits_error *make_work(const struct dits_oid *start,
                             struct unfinished *out)
{
    *out = (struct unfinished){.kind = UNFINISHED_REBASE,
                               .start = *start,
                               .other = *start,
                               .onto = *start,
                               .step_count = 2,
                               .mainline = 1,
                               .add_origin = true};
    TRY(text_copy("refs/heads/main", &out->branch));
    TRY(text_copy("a step\n", &out->message));
    out->steps = mem_new_array(struct dits_oid, 2);
    if (out->steps == NULL)
        return error_nomem();
    out->steps[0].hash[0] = 1;
    out->steps[1].hash[0] = 2;
    return NULL;
}

static bool is_same(const struct unfinished *a, const struct unfinished *b)
{
    return a->kind == b->kind && dits_oid_equal(&a->start, &b->start) &&
           dits_oid_equal(&a->other, &b->other) &&
           dits_oid_equal(&a->onto, &b->onto) &&
           strcmp(a->branch, b->branch) == 0 &&
           a->step_count == b->step_count &&
           memcmp(a->steps, b->steps, a->step_count * OID_SIZE) == 0 &&
           a->mainline == b->mainline && a->add_origin == b->add_origin &&
           a->no_commit == b->no_commit;
}

TEST(what_was_put_aside_is_among_the_headers)
{
    static const struct dits_oid start = {.hash = {0xab}};
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(unfinished_release) struct unfinished found = {0};
    CLEANUP(buf_release) struct buf headers = {0};
    CHECK_OK(make_work(&start, &work));
    work.autostash.hash[0] = 7;
    CHECK_OK(unfinished_encode(&work, &headers));
    CHECK_OK(unfinished_decode(buf_slice(&headers), &found));
    CHECK(is_same(&work, &found));
    CHECK(dits_oid_equal(&work.autostash, &found.autostash));
}

static dits_error *begin(struct temp_repo *temp, const struct unfinished *work)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(operation_begin(temp->repo, "merge", &operation));
    TRY(operation_set_unfinished(operation, work));
    return operation_commit(operation);
}

TEST(what_is_unfinished_is_read_back_and_undone)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(unfinished_release) struct unfinished found = {0};
    struct dits_oid commit = {0};
    bool is_there = true;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &commit));
    CHECK_OK(unfinished_is_there(temp.repo, &is_there));
    CHECK(!is_there);
    CHECK_OK(make_work(&commit, &work));
    CHECK_OK(begin(&temp, &work));
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK_OK(unfinished_read(temp.repo, &found));
    CHECK(is_same(&work, &found) && strcmp(found.message, "a step\n") == 0);
    CHECK(!unfinished_has_conflicts(&found));
    CHECK_FAILS(DITS_E_CONFLICT, unfinished_refuse(temp.repo, "merge"));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK_OK(unfinished_refuse(temp.repo, "merge"));
}

TEST(headers_are_as_documented)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(unfinished_release) struct unfinished found = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    struct dits_oid start = {{0xab}};
    CHECK_OK(make_work(&start, &work));
    CHECK_OK(unfinished_encode(&work, &bytes));
    CHECK_OK(doc_dump_read("unfinished", 1, &shown));
    CHECK(slice_equal(buf_slice(&shown), buf_slice(&bytes)));
    CHECK_OK(unfinished_decode(buf_slice(&shown), &found));
    CHECK(is_same(&work, &found));
}

TEST(headers_that_are_cut_off_are_refused)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    struct dits_oid start = {{0xab}};
    CHECK_OK(make_work(&start, &work));
    CHECK_OK(unfinished_encode(&work, &bytes));
    for (size_t size = 0; size < bytes.size; size++) {
        CLEANUP(unfinished_release) struct unfinished found = {0};
        struct slice part = {bytes.data, size};
        dits_error *err = unfinished_decode(part, &found);
        /* Between two headers what is there is whole. */
        CHECK(err == NULL || dits_error_has(err, DITS_E_CORRUPT));
        CHECK(err != NULL || found.kind == UNFINISHED_REBASE);
        dits_error_free(err);
    }
}

TEST(kinds_and_values_that_cannot_be_are_refused)
{
    static const struct {
        const char *bytes;
        size_t size;
        enum dits_code code;
    } cases[] = {
        {"\4kind\1\0", 7, DITS_E_UNSUPPORTED},
        {"\4kind\1\11", 7, DITS_E_UNSUPPORTED},
        {"\4kind\2\1\1", 8, DITS_E_CORRUPT},
        {"\4kind\1\1\5start\1\1", 15, DITS_E_CORRUPT},
        {"\4kind\1\1\6branch\4main", 19, DITS_E_CORRUPT},
        {"\4kind\1\1\5steps\1\1", 15, DITS_E_CORRUPT},
        {"\5other\0", 7, DITS_E_CORRUPT},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(unfinished_release) struct unfinished work = {0};
        struct slice headers = {(const uint8_t *)cases[i].bytes, cases[i].size};
        CHECK_FAILS(cases[i].code, unfinished_decode(headers, &work));
    }
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    struct dits_oid start = {{0xab}};
    CHECK_OK(make_work(&start, &work));
    CHECK_OK(unfinished_encode(&work, &bytes));
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct unfinished found = {0};
        mem_fault_arm(nth);
        dits_error *err = unfinished_decode(buf_slice(&bytes), &found);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        unfinished_release(&found);
        CHECK(mem_fault_live() == live);
    }
}
