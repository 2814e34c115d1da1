#include <dits/bisect.h>
#include <dits/operation.h>

#include "support/drawing.h"
#include "support/test.h"
#include "support/work_files.h"

static dits_error *make(struct drawing *drawing)
{
    static const char letters[] = "abcde";
    char parent[2] = "";
    TRY(temp_repo_make(&drawing->temp));
    for (size_t i = 0; letters[i] != '\0'; i++) {
        if (!work_write(&drawing->temp, "f", (char[]){letters[i], '\0'}))
            return error_new(DITS_E_IO, "cannot write");
        TRY(draw(drawing, letters[i], parent, "f"));
        parent[0] = letters[i];
    }
    return NULL;
}

static dits_error *start(struct drawing *drawing,
                         struct dits_bisect_status *out)
{
    static const char *const goods[] = {"main~4"};
    const struct dits_bisect_start_options options = {
        .bad = "main", .goods = goods, .good_count = 1};
    return dits_bisect_start(drawing->temp.repo, &options, out);
}

static dits_error *mark(struct drawing *drawing, enum dits_bisect_mark what,
                        enum dits_bisect_outcome *out)
{
    struct dits_bisect_status status = {0};
    dits_error *err =
        dits_bisect_mark(drawing->temp.repo, what, NULL, 0, &status);
    *out = status.outcome;
    dits_bisect_status_release(&status);
    return err;
}

TEST(steps_lead_to_the_first_bad_commit_and_can_be_undone)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    struct dits_bisect_status status = {0};
    struct dits_switch_result back = {.files_written = 0};
    enum dits_bisect_outcome outcome = 0;
    uint64_t undone = 0;
    bool is_active = false;
    CHECK_OK(make(&drawing));
    CHECK_OK(start(&drawing, &status));
    CHECK(status.outcome == DITS_BISECT_TESTING);
    CHECK(dits_oid_equal(&status.commit, &drawing.ids['c']));
    dits_bisect_status_release(&status);
    CHECK(work_is(&drawing.temp, "f", "c"));
    CHECK_OK(mark(&drawing, DITS_BISECT_GOOD, &outcome));
    CHECK(outcome == DITS_BISECT_TESTING && work_is(&drawing.temp, "f", "d"));
    CHECK_OK(dits_undo(drawing.temp.repo, 0, &undone));
    CHECK(work_is(&drawing.temp, "f", "c"));
    CHECK_OK(mark(&drawing, DITS_BISECT_BAD, &outcome));
    CHECK(work_is(&drawing.temp, "f", "b"));
    CHECK_OK(mark(&drawing, DITS_BISECT_GOOD, &outcome));
    CHECK(outcome == DITS_BISECT_FOUND);
    CHECK_OK(dits_bisect_reset(drawing.temp.repo, NULL, &back, &is_active));
    CHECK(is_active && work_is(&drawing.temp, "f", "e"));
    CHECK_OK(dits_bisect_reset(drawing.temp.repo, NULL, &back, &is_active));
    CHECK(!is_active);
    CHECK_FAILS(DITS_E_NOT_FOUND, mark(&drawing, DITS_BISECT_GOOD, &outcome));
}
