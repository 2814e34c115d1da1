#include "cli/graph.h"

#include <stdio.h>
#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

/* "M:AB" is a commit M with the parents A and B. */
static dits_error *draw(const char *const *commits, struct buf *out)
{
    CLEANUP(graph_freep) struct graph *graph = NULL;
    TRY(graph_new(false, &graph));
    for (; *commits != NULL; commits++) {
        struct dits_oid ids[8] = {{{0}}};
        size_t count = strlen(*commits) - 2;
        ids[7].hash[0] = (uint8_t) * *commits;
        for (size_t i = 0; i < count; i++)
            ids[i].hash[0] = (uint8_t)(*commits)[i + 2];
        TRY(graph_next(graph, &ids[7], ids, count));
        const char *name = *commits;
        while (graph_is_open(graph)) {
            TRY(graph_line(graph, out));
            TRY(buf_printf(out, "%.1s", name));
            while (out->data[out->size - 1] == ' ')
                out->data[--out->size] = '\0';
            TRY(buf_put_u8(out, '\n'));
            name = "";
        }
    }
    return NULL;
}

static bool drawn_is(const char *const *commits, const char *wanted)
{
    CLEANUP(buf_release) struct buf out = {0};
    dits_error *err = draw(commits, &out);
    bool same = err == NULL && strcmp(buf_text(&out), wanted) == 0;
    if (!same)
        fputs(buf_text(&out), stderr);
    dits_error_free(err);
    return same;
}

#define COMMITS(...)      \
    (const char *const[]) \
    {                     \
        __VA_ARGS__, NULL \
    }

TEST(a_straight_history_is_a_line)
{
    CHECK(drawn_is(COMMITS("C:B", "B:A", "A:"), "* C\n"
                                                "* B\n"
                                                "* A\n"));
}

TEST(a_merge_opens_and_its_base_closes)
{
    CHECK(drawn_is(COMMITS("M:AB", "B:O", "A:O", "O:"), "*   M\n"
                                                        "|\\\n"
                                                        "| * B\n"
                                                        "* | A\n"
                                                        "|/\n"
                                                        "* O\n"));
}

TEST(lanes_to_the_right_make_room)
{
    CHECK(drawn_is(COMMITS("X:O", "M:AB", "A:O", "B:O", "O:"), "* X\n"
                                                               "| *   M\n"
                                                               "| |\\\n"
                                                               "| * | A\n"
                                                               "|/ /\n"
                                                               "| * B\n"
                                                               "|/\n"
                                                               "* O\n"));
}

TEST(a_parent_far_to_the_left_is_reached_across_other_lines)
{
    CHECK(drawn_is(COMMITS("A:O", "B:P", "C:O", "B:P"), "* A\n"
                                                        "| * B\n"
                                                        "| | * C\n"
                                                        "| |/\n"
                                                        "|/|\n"
                                                        "| | * B\n"
                                                        "| |/\n"));
}

TEST(a_merge_of_what_is_drawn_already_joins_it)
{
    CHECK(drawn_is(COMMITS("T:B", "M:AB", "B:O", "A:O", "O:"), "* T\n"
                                                               "| * M\n"
                                                               "|/|\n"
                                                               "* | B\n"
                                                               "| * A\n"
                                                               "|/\n"
                                                               "* O\n"));
}

TEST(three_parents_open_one_after_the_other)
{
    CHECK(drawn_is(COMMITS("M:ABC", "A:", "B:", "C:"), "*     M\n"
                                                       "|\\\n"
                                                       "| |\\\n"
                                                       "* | | A\n"
                                                       " / /\n"
                                                       "* | B\n"
                                                       " /\n"
                                                       "* C\n"));
}

TEST(every_failed_allocation_is_told)
{
    for (unsigned n = 1;; n++) {
        CLEANUP(buf_release) struct buf out = {0};
        mem_fault_arm(n);
        dits_error *err = draw(COMMITS("M:AB", "B:O", "A:O", "O:"), &out);
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            break;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
