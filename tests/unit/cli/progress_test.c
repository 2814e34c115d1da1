#include "cli/progress.h"

#include <string.h>

#include "screen/width.h"
#include "support/test.h"

static bool drawn_is(const struct dits_progress *report,
                     const struct progress_rate *rate, size_t columns,
                     const char *wanted)
{
    CLEANUP(buf_release) struct buf out = {0};
    dits_error *err = progress_draw(report, rate, columns, &out);
    bool same = err == NULL && strcmp(buf_text(&out), wanted) == 0 &&
                width_of(buf_text(&out)) <= columns;
    if (!same)
        fprintf(stderr, "'%s'\n", buf_text(&out));
    dits_error_free(err);
    return same;
}

static const struct dits_progress adding = {
    .task = "adding",
    .item = "reel/take-2.mov",
    .done_bytes = 912300000,
    .total_bytes = 2000000000,
};
static const struct progress_rate rate = {
    .bytes_per_second = 310000000, .seconds_left = 4, .has_end = true};

TEST(a_bar_tells_how_far_how_fast_and_how_long)
{
    CHECK(drawn_is(&adding, &rate, 100,
                   "adding  45% [#########           ] 912.3 MB of 2.0 GB, "
                   "310.0 MB/s, 4 s left  reel/take-2.mov"));
}

TEST(a_narrow_terminal_gets_less)
{
    CHECK(drawn_is(&adding, &rate, 79,
                   "adding  45% [#########           ] 912.3 MB of 2.0 GB, "
                   "310.0 MB/s, 4 s left"));
    CHECK(drawn_is(&adding, &rate, 60,
                   "adding 912.3 MB of 2.0 GB, 310.0 MB/s, 4 s left  "
                   "\xe2\x80\xa6"
                   "take-2.mov"));
    CHECK(drawn_is(&adding, &rate, 10, "\xe2\x80\xa6 4 s left"));
}

TEST(what_is_not_known_is_left_out)
{
    const struct dits_progress items = {
        .task = "checking", .done_items = 1234, .total_items = 0};
    const struct progress_rate none = {0};
    CHECK(drawn_is(&items, &none, 80, "checking 1,234"));
}

TEST(nothing_is_drawn_without_a_terminal)
{
    CLEANUP(progress_freep) struct progress *progress = NULL;
    char text[64] = {0};
    FILE *out = fmemopen(text, sizeof(text), "w");
    CHECK(out != NULL);
    CHECK_OK(progress_new(out, &progress));
    progress_update(progress, &adding, 0);
    progress_update(progress, &adding, 10000);
    fclose(out);
    CHECK(text[0] == '\0');
}
