#include <string.h>

#include "repo/wire.h"
#include "support/test.h"

TEST(an_error_keeps_code_message_and_hint)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(dits_error_freep) dits_error *back = NULL;
    CLEANUP(dits_error_freep)
    dits_error *err = error_wrap(
        error_hint(error_new(DITS_E_LOCKED, "it is locked"), "Wait."),
        "cannot push");
    CHECK_OK(wire_error_encode(err, &bytes));
    back = wire_error_decode(wire_error_status(err), buf_slice(&bytes));
    CHECK(dits_error_code(back) == DITS_E_LOCKED);
    CHECK(strcmp(dits_error_message(back), "cannot push: it is locked") == 0);
    CHECK(strcmp(dits_error_hint(back), "Wait.") == 0);
}

static bool is_taken_for(int status, const char *body, enum dits_code code)
{
    CLEANUP(dits_error_freep)
    dits_error *err = wire_error_decode(status, slice_of_text(body));
    return dits_error_code(err) == code;
}

TEST(what_is_no_error_of_ours_is_told_by_its_status)
{
    CHECK(is_taken_for(404, "<html>", DITS_E_NOT_FOUND));
    CHECK(is_taken_for(401, "", DITS_E_DENIED));
    CHECK(is_taken_for(403, "x", DITS_E_DENIED));
    CHECK(is_taken_for(409, "", DITS_E_CONFLICT));
    CHECK(is_taken_for(299, "", DITS_E_NETWORK));
    CHECK(is_taken_for(500, "", DITS_E_IO));
}

TEST(a_hint_cannot_move_the_cursor)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(dits_error_freep) dits_error *back = NULL;
    CLEANUP(dits_error_freep)
    dits_error *err = error_hint(error_new(DITS_E_IO, "x"), "\033[2J");
    CHECK_OK(wire_error_encode(err, &bytes));
    back = wire_error_decode(500, buf_slice(&bytes));
    CHECK(dits_error_hint(back) == NULL);
}
