#include "object/weave_queue.h"

#include <stdio.h>
#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

/* What was handed on: "STREAM:BYTES " for each run, '+' before one with flags.
 */
struct heard {
    char text[128];
    size_t used;
};

static dits_error *hear(void *payload, int stream, unsigned flags,
                        const uint8_t *bytes, size_t size)
{
    struct heard *heard = payload;
    heard->used += (size_t)snprintf(heard->text + heard->used,
                                    sizeof(heard->text) - heard->used,
                                    "%s%d:%.*s ", flags != 0 ? "+" : "", stream,
                                    (int)size, (const char *)bytes);
    return NULL;
}

static dits_error *add(struct weave_queue *queue, int stream, uint32_t track,
                       const char *text)
{
    struct queued_run run = {
        .stream = stream, .track = track, .size = strlen(text)};
    return weave_queue_add(queue, run, (const uint8_t *)text);
}

TEST(nothing_passes_what_is_held_back)
{
    CLEANUP(weave_queue_release) struct weave_queue queue = {0};
    struct heard heard = {0};
    CHECK_OK(add(&queue, 0, 0, "ab"));
    CHECK_OK(add(&queue, -1, 7, "cd"));
    CHECK_OK(add(&queue, 2, 0, "ef"));
    CHECK_OK(weave_queue_flush(&queue, hear, &heard));
    CHECK(strcmp(heard.text, "0:ab ") == 0);
    CHECK(weave_queue_held(&queue, 7) == 2 && weave_queue_held(&queue, 1) == 0);

    CHECK_OK(weave_queue_resolve(&queue, 7, 2, 3, 1));
    CHECK_OK(weave_queue_flush(&queue, hear, &heard));
    CHECK(strcmp(heard.text, "0:ab +3:cd 2:ef ") == 0);
    CHECK(queue.count == 0 && queue.bytes.size == 0);
}

TEST(a_held_run_may_belong_to_two_streams)
{
    CLEANUP(weave_queue_release) struct weave_queue queue = {0};
    struct heard heard = {0};
    CHECK_OK(add(&queue, -1, 7, "abc"));
    CHECK_OK(add(&queue, 0, 0, "-"));
    CHECK_OK(add(&queue, -1, 7, "de"));
    CHECK_OK(weave_queue_resolve(&queue, 7, 1, 1, 0));
    CHECK_OK(weave_queue_flush(&queue, hear, &heard));
    CHECK(strcmp(heard.text, "1:a ") == 0);

    /* Across what lies between; only where it begins has the flags. */
    CHECK_OK(weave_queue_resolve(&queue, 7, 3, 2, 1));
    CHECK(weave_queue_held(&queue, 7) == 1);
    CHECK_OK(weave_queue_resolve(&queue, 7, 1, 1, 1));
    CHECK_OK(weave_queue_flush(&queue, hear, &heard));
    CHECK(strcmp(heard.text, "1:a +2:bc 0:- 2:d +1:e ") == 0);
}

TEST(tracks_wait_for_themselves_alone)
{
    CLEANUP(weave_queue_release) struct weave_queue queue = {0};
    struct heard heard = {0};
    CHECK_OK(add(&queue, -1, 1, "a"));
    CHECK_OK(add(&queue, -1, 2, "b"));
    CHECK_OK(weave_queue_resolve(&queue, 2, 1, 5, 0));
    CHECK_OK(weave_queue_flush(&queue, hear, &heard));
    CHECK(heard.used == 0);
    CHECK_OK(weave_queue_resolve(&queue, 1, 1, 4, 0));
    CHECK_OK(weave_queue_flush(&queue, hear, &heard));
    CHECK(strcmp(heard.text, "4:a 5:b ") == 0);
}

/* Hold back many runs, then cut each in two. */
static dits_error *split_runs(void)
{
    CLEANUP(weave_queue_release) struct weave_queue queue = {0};
    for (unsigned i = 0; i < 20; i++)
        TRY(add(&queue, -1, 1, "ab"));
    for (unsigned i = 0; i < 40; i++)
        TRY(weave_queue_resolve(&queue, 1, 1, (int)(i % 2), 0));
    return NULL;
}

TEST(running_out_of_memory_loses_none)
{
    size_t live = mem_fault_live();
    for (unsigned nth = 1;; nth++) {
        mem_fault_arm(nth);
        dits_error *err = split_runs();
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            break;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(mem_fault_live() == live);
    }
}
