#include <string.h>

#include "repo/index.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

struct peeked {
    struct buf paths; /* each with a blank behind it */
    struct index_mark mark;
    bool follows;
};

static void peeked_release(struct peeked *peeked)
{
    buf_release(&peeked->paths);
}

static dits_error *join(const char *path, void *payload)
{
    struct peeked *peeked = payload;
    return buf_printf(&peeked->paths, "%s ", path);
}

static dits_error *mark(const struct temp_repo *temp, struct index_mark *out)
{
    CLEANUP(index_freep) struct index *index = NULL;
    TRY(index_open(temp->repo, &index));
    index_mark_of(index, out);
    return NULL;
}

static dits_error *peek(const struct temp_repo *temp,
                        const struct index_mark *known, struct peeked *out)
{
    return index_peek(temp->repo, known, join, out, &out->mark, &out->follows);
}

TEST(an_index_that_is_as_it_was_follows_itself)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(peeked_release) struct peeked peeked = {0};
    struct index_mark known = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_stage(&temp, "a", "1"));
    CHECK_OK(temp_repo_stage(&temp, "b", "1"));
    CHECK_OK(mark(&temp, &known));
    CHECK(known.generation == 1 && known.journal_size > 0);
    CHECK_OK(peek(&temp, &known, &peeked));
    CHECK(peeked.follows && peeked.paths.size == 0);
    CHECK(memcmp(&peeked.mark, &known, sizeof(known)) == 0);
}

TEST(paths_of_the_journal_are_told)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(peeked_release) struct peeked first = {0};
    CLEANUP(peeked_release) struct peeked second = {0};
    struct index_mark fresh = {0};
    struct index_mark later = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_stage(&temp, "a", "1"));
    CHECK_OK(mark(&temp, &fresh));
    CHECK(fresh.journal_size == 0);
    CHECK_OK(temp_repo_stage(&temp, "b", "1"));
    CHECK_OK(mark(&temp, &later));
    CHECK_OK(temp_repo_stage(&temp, "c", "1"));
    CHECK_OK(temp_repo_stage(&temp, "a", NULL));
    CHECK_OK(peek(&temp, &fresh, &first));
    CHECK(first.follows && strcmp(buf_text(&first.paths), "b c a ") == 0);
    CHECK_OK(peek(&temp, &later, &second));
    CHECK(second.follows && strcmp(buf_text(&second.paths), "c a ") == 0);
}

TEST(a_tree_is_known_once_it_was_written)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(peeked_release) struct peeked peeked = {0};
    struct index_mark known = {0};
    struct dits_oid commit = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "1", &commit));
    CHECK_OK(mark(&temp, &known));
    CHECK_OK(peek(&temp, &known, &peeked));
    CHECK(peeked.follows);
    CHECK(dits_oid_equal(&peeked.mark.tree, &known.tree));
}

TEST(another_journal_or_another_file_does_not_follow)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(peeked_release) struct peeked peeked = {0};
    struct index_mark known = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_stage(&temp, "a", "1"));
    CHECK_OK(temp_repo_stage(&temp, "b", "1"));
    CHECK_OK(mark(&temp, &known));
    known.journal_checksum ^= 1;
    CHECK_OK(peek(&temp, &known, &peeked));
    CHECK(!peeked.follows);
    known.journal_checksum ^= 1;
    known.inode++;
    CHECK_OK(peek(&temp, &known, &peeked));
    CHECK(!peeked.follows);
    CHECK_OK(peek(&temp, &(struct index_mark){0}, &peeked));
    CHECK(!peeked.follows);
}

TEST(without_a_file_there_is_no_mark)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(peeked_release) struct peeked peeked = {0};
    struct index_mark known = {.generation = 1};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(mark(&temp, &known));
    CHECK(known.generation == 0);
    CHECK_FAILS(DITS_E_NOT_FOUND, peek(&temp, &known, &peeked));
}

TEST(a_failed_allocation_leaves_nothing_behind)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct index_mark known = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_stage(&temp, "a", "1"));
    CHECK_OK(mark(&temp, &known));
    CHECK_OK(temp_repo_stage(&temp, "b", "1"));
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct peeked peeked = {0};
        mem_fault_arm(nth);
        dits_error *err = peek(&temp, &known, &peeked);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        peeked_release(&peeked);
        CHECK(mem_fault_live() == live);
    }
}
