#include "repo/bisect_state.h"

#include <string.h>

#include "base/text.h"
#include "support/drawing.h"
#include "support/test.h"

static dits_error *write(struct drawing *drawing,
                         const struct bisect_state *before,
                         const struct bisect_state *after)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(operation_begin(drawing->temp.repo, "bisect", &operation));
    TRY(bisect_state_write(drawing->temp.repo, operation, before, after));
    return operation_commit(operation);
}

TEST(what_was_written_is_read_back_and_removed)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CLEANUP(bisect_state_release) struct bisect_state none = {0};
    CLEANUP(bisect_state_release) struct bisect_state state = {0};
    CLEANUP(bisect_state_release) struct bisect_state read = {0};
    CHECK_OK(temp_repo_make(&drawing.temp));
    CHECK_OK(draw(&drawing, 'a', "", "f"));
    state.is_active = true;
    state.question.bad = drawing.ids['a'];
    CHECK_OK(bisect_ids_add(&state.question.goods, &drawing.ids['a']));
    CHECK_OK(text_copy("refs/heads/main", &state.start));
    CHECK_OK(text_copy("new", &state.bad_term));
    CHECK_OK(text_copy("old", &state.good_term));
    CHECK_OK(bisect_state_add_path(&state, "a b"));
    CHECK_OK(bisect_state_add_path(&state, "c"));
    CHECK_OK(bisect_state_set_paths(&state));
    CHECK_OK(buf_put_text(&state.log, "start\n"));
    CHECK_OK(write(&drawing, &none, &state));
    CHECK_OK(bisect_state_read(drawing.temp.repo, &read));
    CHECK(read.is_active && read.has_bad && read.question.goods.count == 1);
    CHECK(strcmp(read.start, "refs/heads/main") == 0);
    CHECK(strcmp(read.bad_term, "new") == 0);
    CHECK(strcmp(read.good_term, "old") == 0);
    CHECK(read.question.paths.count == 2);
    CHECK(strcmp(read.question.paths.items[0], "a b") == 0);
    CHECK(strcmp(buf_text(&read.log), "start\n") == 0);
    CHECK_OK(write(&drawing, &read, &none));
    bisect_state_release(&read);
    CHECK_OK(bisect_state_read(drawing.temp.repo, &read));
    CHECK(!read.is_active && !read.has_bad);
}
