#include "base/process.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

static const char *const environment[] = {"PATH=/usr/bin:/bin", "WORD=kept",
                                          NULL};

static dits_error *start(dits_context *context, const char *script,
                         struct process *out)
{
    const char *const arguments[] = {"sh", "-c", script, NULL};
    return process_start(context, "/bin/sh", arguments, environment, out);
}

struct running {
    dits_context *context;
    struct process process;
};

static void running_release(struct running *running)
{
    process_stop(&running->process);
    dits_context_free(running->context);
}

static dits_error *run(const char *script, struct running *out)
{
    TRY(dits_context_new(NULL, &out->context));
    return start(out->context, script, &out->process);
}

TEST(what_is_written_comes_back)
{
    CLEANUP(running_release) struct running at = {0};
    char bytes[6] = {0};
    size_t got = 1;
    int status = 1;
    CHECK_OK(run("cat", &at));
    CHECK_OK(process_put(&at.process, "hello", 5));
    CHECK_OK(process_read_all(&at.process, 5, bytes));
    CHECK(strcmp(bytes, "hello") == 0);
    CHECK_OK(process_end_input(&at.process));
    CHECK_OK(process_read(&at.process, 1, bytes, &got));
    CHECK(got == 0);
    CHECK_OK(process_finish(&at.process, &status));
    CHECK(status == 0);
}

/* More than all pipes hold: each side has to go on while the other waits. */
TEST(much_flows_both_ways_at_once)
{
    CLEANUP(running_release) struct running at = {0};
    CLEANUP(buf_release) struct buf sent = {0};
    enum { LINES = 400000 };
    uint64_t seen = 0;
    CHECK_OK(run("cat", &at));
    for (unsigned i = 0; i < LINES; i++)
        CHECK_OK(buf_printf(&sent, "line %u\n", i));
    CHECK_OK(process_put(&at.process, sent.data, sent.size));
    while (seen < sent.size) {
        char bytes[8192];
        size_t got = 0;
        CHECK_OK(process_read(&at.process, sizeof(bytes), bytes, &got));
        CHECK(got > 0 && memcmp(bytes, sent.data + seen, got) == 0);
        seen += got;
    }
}

TEST(lines_are_read_one_by_one)
{
    CLEANUP(running_release) struct running at = {0};
    CLEANUP(buf_release) struct buf line = {0};
    bool found = false;
    CHECK_OK(run("echo one; echo; printf last", &at));
    CHECK_OK(process_line(&at.process, 100, &line, &found));
    CHECK(found && strcmp(buf_text(&line), "one") == 0);
    CHECK_OK(process_line(&at.process, 100, &line, &found));
    CHECK(found && line.size == 0);
    CHECK_OK(process_line(&at.process, 100, &line, &found));
    CHECK(found && strcmp(buf_text(&line), "last") == 0);
    CHECK_OK(process_line(&at.process, 100, &line, &found));
    CHECK(!found);
}

TEST(a_line_has_a_limit)
{
    CLEANUP(running_release) struct running at = {0};
    CLEANUP(buf_release) struct buf line = {0};
    bool found = false;
    CHECK_OK(run("echo 12345", &at));
    CHECK_FAILS(DITS_E_LIMIT, process_line(&at.process, 4, &line, &found));
}

TEST(status_and_complaints_are_kept)
{
    CLEANUP(running_release) struct running at = {0};
    const char *said = NULL;
    int status = 0;
    CHECK_OK(run("echo why >&2; exit 3", &at));
    CHECK_OK(process_finish(&at.process, &status));
    CHECK(status == 3);
    CHECK_OK(process_said(&at.process, &said));
    CHECK(strcmp(said, "why") == 0);
}

TEST(of_long_complaints_the_start_is_kept)
{
    CLEANUP(running_release) struct running at = {0};
    const char *said = NULL;
    int status = 0;
    CHECK_OK(run("seq 100000 >&2", &at));
    CHECK_OK(process_finish(&at.process, &status));
    CHECK_OK(process_said(&at.process, &said));
    CHECK(strncmp(said, "1\n2\n3\n", 6) == 0 && strlen(said) <= 4096);
}

TEST(a_signal_is_a_status)
{
    CLEANUP(running_release) struct running at = {0};
    int status = 0;
    CHECK_OK(run("kill -9 $$", &at));
    CHECK_OK(process_finish(&at.process, &status));
    CHECK(status == 128 + 9);
}

TEST(writing_to_one_that_ended_is_an_error_and_no_signal)
{
    CLEANUP(running_release) struct running at = {0};
    CLEANUP(buf_release) struct buf much = {0};
    void *bytes = NULL;
    CHECK_OK(run("exec 0<&-", &at));
    CHECK_OK(buf_extend(&much, 1 << 22, &bytes));
    CHECK_FAILS(DITS_E_NETWORK, process_write(&at.process, bytes, much.size));
}

TEST(what_it_printed_before_it_ended_is_read)
{
    CLEANUP(running_release) struct running at = {0};
    char bytes[4] = {0};
    CHECK_OK(run("printf 123; exec 0<&-", &at));
    for (int i = 0; i < 100; i++)
        CHECK_OK(process_put(&at.process, "question\n", 9));
    CHECK_OK(process_read_all(&at.process, 3, bytes));
    CHECK(strcmp(bytes, "123") == 0);
    CHECK_FAILS(DITS_E_NETWORK, process_read_all(&at.process, 1, bytes));
}

TEST(only_the_given_environment_is_there)
{
    CLEANUP(running_release) struct running at = {0};
    CLEANUP(buf_release) struct buf line = {0};
    bool found = false;
    CHECK_OK(run("echo \"$WORD$HOME\"", &at));
    CHECK_OK(process_line(&at.process, 100, &line, &found));
    CHECK(strcmp(buf_text(&line), "kept") == 0);
}

TEST(a_wait_can_be_cancelled)
{
    CLEANUP(running_release) struct running at = {0};
    char byte = 0;
    size_t got = 0;
    CHECK_OK(run("sleep 100", &at));
    dits_context_cancel(at.context);
    CHECK_FAILS(DITS_E_CANCELLED, process_read(&at.process, 1, &byte, &got));
}

TEST(a_program_that_is_not_there)
{
    CLEANUP(running_release) struct running at = {0};
    const char *const arguments[] = {"nothing", NULL};
    CHECK_OK(dits_context_new(NULL, &at.context));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                process_start(at.context, "/nowhere/nothing", arguments,
                              environment, &at.process));
}

TEST(failed_allocations_leave_nothing_behind)
{
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        CLEANUP(running_release) struct running at = {0};
        char bytes[4] = {0};
        CHECK_OK(run("cat", &at));
        mem_fault_arm(nth);
        dits_error *err = process_put(&at.process, "abc", 3);
        if (err == NULL)
            err = process_read_all(&at.process, 3, bytes);
        reached = mem_fault_disarm();
        CHECK(reached == dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
    }
    CHECK(mem_fault_live() == live);
}
