#include <dits/notes.h>

#include <dits/operation.h>
#include <string.h>

#include "base/text.h"
#include "support/drawing.h"
#include "support/mem_fault.h"
#include "support/test.h"

static void notes_freep(dits_notes **notes)
{
    dits_notes_free(*notes);
    *notes = NULL;
}

static dits_error *set(struct drawing *drawing, const char *text,
                       enum dits_note_mode mode)
{
    const struct dits_note_options options = {
        .text = text, .mode = mode, .action = "add"};
    struct dits_note_result result = {0};
    return dits_note_set(drawing->temp.repo, &options, &result);
}

/* Whether the note on `letter` is `wanted`; NULL: there is none. */
static bool note_is(struct drawing *drawing, char letter, const char *wanted)
{
    CLEANUP(notes_freep) dits_notes *notes = NULL;
    CLEANUP(text_free) char *text = NULL;
    if (!test_ok(dits_notes_open(drawing->temp.repo, NULL, &notes), "open",
                 __FILE__, __LINE__))
        return false;
    if (notes != NULL &&
        !test_ok(dits_notes_find(notes, &drawing->ids[(int)letter], &text),
                 "find", __FILE__, __LINE__))
        return false;
    if (wanted == NULL || text == NULL)
        return wanted == NULL && text == NULL;
    return strcmp(text, wanted) == 0;
}

static dits_error *make(struct drawing *drawing)
{
    TRY(temp_repo_make(&drawing->temp));
    TRY(draw(drawing, 'a', "", "f"));
    return draw(drawing, 'b', "a", "f");
}

TEST(a_note_is_added_changed_and_removed)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    static const char *const head[] = {"HEAD"};
    CHECK_OK(make(&drawing));
    CHECK(note_is(&drawing, 'b', NULL));
    CHECK_OK(set(&drawing, " one \n\n", DITS_NOTE_ADD));
    CHECK(note_is(&drawing, 'b', " one\n") && note_is(&drawing, 'a', NULL));
    CHECK_FAILS(DITS_E_EXISTS, set(&drawing, "two", DITS_NOTE_ADD));
    CHECK_OK(set(&drawing, "two", DITS_NOTE_APPEND));
    CHECK(note_is(&drawing, 'b', " one\n\ntwo\n"));
    CHECK_OK(set(&drawing, "three", DITS_NOTE_REPLACE));
    CHECK(note_is(&drawing, 'b', "three\n"));
    CHECK_OK(dits_notes_remove(drawing.temp.repo, NULL, head, 1, false));
    CHECK(note_is(&drawing, 'b', NULL));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_notes_remove(drawing.temp.repo, NULL, head, 1, false));
    CHECK_OK(dits_notes_remove(drawing.temp.repo, NULL, head, 1, true));
}

TEST(each_change_is_one_operation)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    uint64_t undone = 0;
    CHECK_OK(make(&drawing));
    CHECK_OK(set(&drawing, "one", DITS_NOTE_ADD));
    CHECK_OK(set(&drawing, "one", DITS_NOTE_REPLACE)); /* changes nothing */
    CHECK_OK(set(&drawing, "", DITS_NOTE_REPLACE));
    CHECK(note_is(&drawing, 'b', NULL));
    CHECK_OK(dits_undo(drawing.temp.repo, 0, &undone));
    CHECK(note_is(&drawing, 'b', "one\n"));
    CHECK_OK(dits_undo(drawing.temp.repo, 0, &undone));
    CHECK(note_is(&drawing, 'b', NULL));
    CHECK_OK(dits_redo(drawing.temp.repo, &undone));
    CHECK(note_is(&drawing, 'b', "one\n"));
}

static dits_error *count(const struct dits_oid *note,
                         const struct dits_oid *commit, void *payload)
{
    (void)note;
    (void)commit;
    ++*(unsigned *)payload;
    return NULL;
}

TEST(refs_keep_notes_apart)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CLEANUP(notes_freep) dits_notes *notes = NULL;
    struct dits_note_result result = {0};
    struct dits_note_options options = {
        .ref = "notes/x", .commit = "HEAD~1", .text = "t", .action = "add"};
    unsigned seen = 0;
    CHECK_OK(make(&drawing));
    CHECK_OK(dits_note_set(drawing.temp.repo, &options, &result));
    CHECK(dits_oid_equal(&result.commit, &drawing.ids['a']));
    CHECK_OK(dits_notes_open(drawing.temp.repo, "x", &notes));
    CHECK(notes != NULL && note_is(&drawing, 'a', NULL));
    CHECK_OK(dits_notes_each(notes, count, &seen));
    CHECK(seen == 1);
    CHECK_FAILS(DITS_E_INVALID,
                dits_notes_open(drawing.temp.repo, "a b", &notes));
}

TEST(every_failed_allocation_is_an_error)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CHECK_OK(make(&drawing));
    CHECK_OK(set(&drawing, "one", DITS_NOTE_ADD));
    for (unsigned nth = 1;; nth++) {
        mem_fault_arm(nth);
        dits_error *err = set(&drawing, "two", DITS_NOTE_APPEND);
        bool reached = mem_fault_disarm();
        if (!reached) {
            CHECK_OK(err);
            break;
        }
        if (err != NULL)
            CHECK_FAILS(DITS_E_NOMEM, err);
        else
            CHECK_OK(set(&drawing, "one", DITS_NOTE_REPLACE));
    }
    CHECK(note_is(&drawing, 'b', "one\n\ntwo\n"));
}
