/*
 * A decoder that does what it should not, in many ways: each is a shell script
 * that has the socket as its standard input, as the real one has.
 */
#include "picture/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "picture/helper.h"
#include "support/memory_source.h"
#include "support/test.h"

static const struct message_request request = {
    .source_size = 16,
    .memory_bytes = 1,
    .cpu_seconds = 1,
    .width = 4,
    .height = 4,
    .time_count = 1,
};

/* What the scripts say, as printf has it. */
#define PICTURE                                         \
    "\\4\\0\\0\\0\\30\\0\\0\\0\\1\\0\\0\\0\\1\\0\\0\\0" \
    "\\5\\0\\0\\0\\0\\0\\0\\0\\31\\0\\0\\0\\0\\0\\0\\0"
#define PIXELS "\\5\\0\\0\\0\\3\\0\\0\\0abc"
#define DONE "\\10\\0\\0\\0\\0\\0\\0\\0"
#define READ(offset, size)                                                     \
    "\\3\\0\\0\\0\\14\\0\\0\\0" offset "\\0\\0\\0\\0\\0\\0\\0" size "\\0\\0\\" \
    "0"

/* A script in a folder of its own. */
struct script {
    char folder[64];
    char path[80];
};

/* Bytes of the request, which every script takes first. */
static size_t request_size(void)
{
    CLEANUP(buf_release) struct buf message = {0};
    dits_error_free(message_request_put(&message, &request));
    return message.size;
}

static bool script_make(struct script *script, const char *text)
{
    (void)snprintf(script->folder, sizeof(script->folder),
                   "/tmp/dits-session-XXXXXX");
    if (mkdtemp(script->folder) == NULL)
        return false;
    (void)snprintf(script->path, sizeof(script->path), "%s/decoder",
                   script->folder);
    FILE *file = fopen(script->path, "w");
    if (file == NULL)
        return false;
    (void)fprintf(file,
                  "#!/bin/sh\ndd bs=%zu count=1 iflag=fullblock status=none "
                  ">/dev/null\n%s\n",
                  request_size(), text);
    return fclose(file) == 0 && chmod(script->path, 0755) == 0;
}

static void script_remove(struct script *script)
{
    if (script->path[0] != '\0')
        (void)unlink(script->path);
    if (script->folder[0] != '\0')
        (void)rmdir(script->folder);
}

static dits_error *run_over(const char *text, uint64_t wait_ms,
                            struct memory_source *source, struct reply *reply)
{
    CLEANUP(script_remove) struct script script = {0};
    if (!script_make(&script, text))
        return error_new(DITS_E_IO, "cannot make the script");
    const struct session_options options = {.decoder = script.path,
                                            .wait_ms = wait_ms};
    TRY(reply_init(reply, &request));
    return session_run(&options, &source->base, &request, reply);
}

static dits_error *run(const char *text)
{
    CLEANUP(reply_release) struct reply reply = {0};
    struct memory_source source = memory_source_over("0123456789abcdef", 16);
    return run_over(text, 0, &source, &reply);
}

static bool says(dits_error *err, const char *text)
{
    CLEANUP(dits_error_freep) dits_error *owned = err;
    return owned != NULL && strstr(dits_error_message(owned), text) != NULL;
}

TEST(a_picture_is_taken)
{
    CLEANUP(reply_release) struct reply reply = {0};
    struct memory_source source = memory_source_over("0123456789abcdef", 16);
    CHECK_OK(
        run_over("printf '" PICTURE PIXELS DONE "' >&0", 0, &source, &reply));
    CHECK(memcmp(reply.pictures[0].pixels, "abc", 3) == 0);
    CHECK(reply.pictures[0].time.num == 5 && reply.pictures[0].time.den == 25);
    CHECK(source.reads == 0);
}

TEST(the_file_is_read_for_it)
{
    CLEANUP(reply_release) struct reply reply = {0};
    struct memory_source source = memory_source_over("0123456789abcdef", 16);
    CHECK_OK(run_over(
        "printf '" READ(
            "\\15", "\\3") "' >&0\n"
                           "dd bs=1 count=8 status=none >/dev/null\n"
                           "bytes=$(dd bs=1 count=3 status=none)\n"
                           "printf '" PICTURE "\\5\\0\\0\\0\\3\\0\\0\\0%s" DONE
                           "' \"$bytes\" >&0",
        0, &source, &reply));
    CHECK(memcmp(reply.pictures[0].pixels, "def", 3) == 0);
    CHECK(source.reads == 1);
}

TEST(bytes_past_the_end_are_refused)
{
    CHECK_FAILS(DITS_E_CORRUPT,
                run("printf '" READ("\\16", "\\3") "' >&0; cat >/dev/null"));
    CHECK_FAILS(DITS_E_CORRUPT,
                run("printf '" READ("\\21", "\\1") "' >&0; cat >/dev/null"));
}

TEST(a_file_that_cannot_be_read_says_why)
{
    CLEANUP(reply_release) struct reply reply = {0};
    struct memory_source source = memory_source_over("0123456789abcdef", 16);
    source.fail_at = 1;
    CHECK_FAILS(DITS_E_IO, run_over("printf '" READ("\\0", "\\1") "' >&0; cat",
                                    0, &source, &reply));
}

TEST(reading_without_end_ends)
{
    CHECK_FAILS(DITS_E_LIMIT,
                run("exec 3<&0; cat <&3 >/dev/null &\n"
                    "while printf '" READ("\\0", "\\1") "' >&0; do :; done"));
}

TEST(garbage_is_refused)
{
    CHECK_FAILS(DITS_E_CORRUPT, run("head -c 100 /dev/zero >&0"));
    CHECK_FAILS(DITS_E_CORRUPT, run("echo 'Usage: decode [OPTION]...' >&0"));
    CHECK_FAILS(DITS_E_CORRUPT, run("printf '" PICTURE PIXELS PIXELS "' >&0"));
    CHECK_FAILS(DITS_E_CORRUPT, run("printf '" DONE "' >&0"));
    CHECK_FAILS(DITS_E_CORRUPT,
                run("printf '\\5\\0\\0\\0\\377\\377\\377\\377' >&0"));
}

TEST(how_it_died_is_told)
{
    CHECK(says(run("exit 3"), "gave no answer"));
    CHECK(says(run("printf '" PICTURE "' >&0"), "gave no answer"));
    CHECK(says(run("kill -SEGV $$"), "crashed"));
    CHECK(says(run("kill -ABRT $$"), "crashed"));
    CHECK(says(run("kill -SYS $$"), "sandbox forbids"));
    CHECK_FAILS(DITS_E_LIMIT, run("kill -XCPU $$"));
    CHECK_FAILS(DITS_E_CORRUPT, run("kill -SEGV $$"));
}

TEST(silence_ends)
{
    CLEANUP(reply_release) struct reply reply = {0};
    CLEANUP(reply_release) struct reply other = {0};
    struct memory_source source = memory_source_over("0123456789abcdef", 16);
    CHECK_FAILS(DITS_E_LIMIT, run_over("kill -STOP $$", 50, &source, &reply));
    CHECK_FAILS(DITS_E_LIMIT, run_over("printf '" PICTURE "' >&0\n"
                                       "kill -STOP $$",
                                       200, &source, &other));
}

TEST(one_that_lives_on_is_stopped)
{
    CLEANUP(reply_release) struct reply reply = {0};
    struct memory_source source = memory_source_over("0123456789abcdef", 16);
    CHECK_OK(run_over("printf '" PICTURE PIXELS DONE "' >&0\n"
                      "kill -STOP $$",
                      0, &source, &reply));
    CHECK(says(run("exec <&- >&- 2>&-; kill -STOP $$"), "gave no answer"));
}

TEST(who_cancels_does_not_wait)
{
    CLEANUP(reply_release) struct reply reply = {0};
    CLEANUP(script_remove) struct script script = {0};
    struct memory_source source = memory_source_over("0123456789abcdef", 16);
    const struct dits_context_options none = {0};
    dits_context *context = NULL;
    CHECK(script_make(&script, "kill -STOP $$"));
    CHECK_OK(dits_context_new(&none, &context));
    CHECK_OK(reply_init(&reply, &request));
    const struct session_options options = {.context = context,
                                            .decoder = script.path};
    dits_context_cancel(context);
    dits_error *err = session_run(&options, &source.base, &request, &reply);
    dits_context_free(context);
    CHECK_FAILS(DITS_E_CANCELLED, err);
}

TEST(without_a_decoder_there_is_a_hint)
{
    CLEANUP(reply_release) struct reply reply = {0};
    struct memory_source source = memory_source_over("0123456789abcdef", 16);
    const struct session_options options = {.decoder = "/nowhere/dits-decode"};
    CHECK_OK(reply_init(&reply, &request));
    dits_error *err = session_run(&options, &source.base, &request, &reply);
    bool has_hint = err != NULL && dits_error_hint(err) != NULL;
    CHECK_FAILS(DITS_E_UNSUPPORTED, err);
    CHECK(has_hint);
}

TEST(it_has_no_environment_and_no_other_file)
{
    CLEANUP(reply_release) struct reply reply = {0};
    struct memory_source source = memory_source_over("0123456789abcdef", 16);
    CHECK(setenv("DITS_TEST_SECRET", "x", 1) == 0);
    CHECK_OK(
        run_over("[ -z \"$DITS_TEST_SECRET\" ] || exit 1\n"
                 "for fd in 3 4 5 6 7 8 9; do\n"
                 "    [ ! -e /proc/self/fd/$fd ] || [ $fd = 3 ] || exit 1\n"
                 "done\n"
                 "printf '" PICTURE PIXELS DONE "' >&0",
                 0, &source, &reply));
}
