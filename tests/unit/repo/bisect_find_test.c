#include "repo/bisect_find.h"

#include "support/drawing.h"
#include "support/mem_fault.h"
#include "support/test.h"

/* a--b--c--d--e--f--g, and s beside c and d, merged by e. */
static dits_error *make(struct drawing *drawing)
{
    TRY(temp_repo_make(&drawing->temp));
    TRY(draw(drawing, 'a', "", "f"));
    TRY(draw(drawing, 'b', "a", "f"));
    TRY(draw(drawing, 'c', "b", "f"));
    TRY(draw(drawing, 's', "b", "s"));
    TRY(draw(drawing, 'd', "c", "f"));
    TRY(draw(drawing, 'e', "ds", "f"));
    TRY(draw(drawing, 'f', "e", "f"));
    return draw(drawing, 'g', "f", "g");
}

/* The letter to test in lower case, or that found in upper case. */
static dits_error *ask(struct drawing *drawing, char bad, const char *goods,
                       const char *skips, char *out)
{
    struct bisect_question question = {.bad = drawing->ids[(int)bad]};
    struct dits_bisect_status status = {0};
    dits_error *err = NULL;
    for (; *goods != '\0' && err == NULL; goods++)
        err = bisect_ids_add(&question.goods, &drawing->ids[(int)*goods]);
    for (; *skips != '\0' && err == NULL; skips++)
        err = bisect_ids_add(&question.skips, &drawing->ids[(int)*skips]);
    if (err == NULL)
        err = bisect_find(drawing->temp.repo, &question, &status);
    *out = drawing_letter(drawing, &status.commit);
    if (status.outcome == DITS_BISECT_FOUND)
        *out = (char)(*out - 'a' + 'A');
    if (status.outcome == DITS_BISECT_SKIPPED)
        *out = (char)('0' + status.candidate_count);
    dits_bisect_status_release(&status);
    bisect_ids_release(&question.goods);
    bisect_ids_release(&question.skips);
    return err;
}

static char answer(struct drawing *drawing, char bad, const char *goods,
                   const char *skips)
{
    char letter = '!';
    if (!test_ok(ask(drawing, bad, goods, skips, &letter), goods, __FILE__,
                 __LINE__))
        return '!';
    return letter;
}

TEST(the_middle_is_tested_and_the_last_one_is_found)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CHECK_OK(make(&drawing));
    CHECK(answer(&drawing, 'g', "a", "") == 'd');
    CHECK(answer(&drawing, 'g', "d", "") == 'e');
    CHECK(answer(&drawing, 'e', "ds", "") == 'E');
    CHECK(answer(&drawing, 'c', "b", "") == 'C');
}

TEST(what_is_skipped_is_not_tested)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CHECK_OK(make(&drawing));
    char letter = answer(&drawing, 'g', "a", "d");
    CHECK(letter != 'd' && letter >= 'a' && letter <= 's');
    CHECK(answer(&drawing, 'd', "b", "c") == '2');
}

TEST(every_failed_allocation_is_an_error)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    char letter = 0;
    CHECK_OK(make(&drawing));
    CHECK_OK(ask(&drawing, 'g', "a", "d", &letter));
    for (unsigned nth = 1;; nth++) {
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err = ask(&drawing, 'g', "a", "d", &letter);
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(mem_fault_live() == live);
    }
}
