#include "sign/ssh_agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/pool.h"
#include "sign/ssh_key.h"
#include "support/test.h"

/* An agent of one answer. */
struct fake {
    char folder[32];
    char path[48];
    int listening;
    const void *answer;
    size_t size;
    struct buf request;
};

static void fake_release(struct fake *fake)
{
    if (fake->listening > 0)
        (void)close(fake->listening);
    (void)unlink(fake->path);
    (void)rmdir(fake->folder);
    buf_release(&fake->request);
}

static bool fake_start(struct fake *fake)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(fake->folder, "/tmp/dits-agent-XXXXXX");
    if (mkdtemp(fake->folder) == NULL)
        return false;
    snprintf(fake->path, sizeof(fake->path), "%s/s", fake->folder);
    strcpy(address.sun_path, fake->path);
    fake->listening = socket(AF_UNIX, SOCK_STREAM, 0);
    return bind(fake->listening, (const struct sockaddr *)&address,
                sizeof(address)) == 0 &&
           listen(fake->listening, 1) == 0;
}

/* Reads some of the request, answers and hangs up. */
static dits_error *serve(unsigned worker, void *payload)
{
    struct fake *fake = payload;
    char block[4096];
    (void)worker;
    int fd = accept(fake->listening, NULL, NULL);
    ssize_t got = read(fd, block, sizeof(block));
    dits_error *err = got > 0 ? buf_put(&fake->request, block, (size_t)got)
                              : NULL;
    if (fake->size > 0 && write(fd, fake->answer, fake->size) < 0)
        err = err != NULL ? err : error_new(DITS_E_IO, "cannot answer");
    (void)close(fd);
    return err;
}

static dits_error *ask(struct fake *fake, struct buf *out)
{
    struct pool_set here = {{0}};
    struct pool *pool = NULL;
    dits_context *context = NULL;
    TRY(dits_context_new(NULL, &context));
    pool_here(&here);
    dits_error *err = pool_start(1, &here, serve, fake, &pool);
    if (err == NULL)
        err = ssh_agent_sign(context, fake->path, slice_of_text("key"),
                             slice_of_text("what"), out);
    dits_error *served = pool_join(pool);
    dits_context_free(context);
    if (err == NULL)
        return served;
    dits_error_free(served);
    return err;
}

TEST(the_request_and_the_answer_are_of_the_protocol)
{
    static const char answer[] = "\0\0\0\x07\x0e\0\0\0\x02hi";
    static const char request[] =
        "\0\0\0\x14\x0d\0\0\0\x03key\0\0\0\x04what\0\0\0\0";
    CLEANUP(fake_release) struct fake fake = {.answer = answer, .size = 11};
    CLEANUP(buf_release) struct buf value = {0};
    CHECK(fake_start(&fake));
    CHECK_OK(ask(&fake, &value));
    CHECK(strcmp(buf_text(&value), "hi") == 0);
    CHECK(slice_equal(buf_slice(&fake.request),
                      slice_of(request, sizeof(request) - 1)));
}

TEST(an_agent_that_refuses_or_fails_is_told)
{
    static const struct {
        const char *answer;
        size_t size;
        enum dits_code code;
    } answers[] = {
        {"\0\0\0\x01\x05", 5, DITS_E_DENIED},
        {"\0\0\0\x07\x0e\0\0\0\x02", 9, DITS_E_CORRUPT},
        {"\0\0\0\0", 4, DITS_E_CORRUPT},
        {"\x7f\0\0\0", 4, DITS_E_CORRUPT},
        {"", 0, DITS_E_CORRUPT},
    };
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        CLEANUP(fake_release)
        struct fake fake = {.answer = answers[i].answer,
                            .size = answers[i].size};
        CLEANUP(buf_release) struct buf value = {0};
        CHECK(fake_start(&fake));
        CHECK_FAILS(answers[i].code, ask(&fake, &value));
    }
}

TEST(where_no_agent_is_none_answers)
{
    CLEANUP(buf_release) struct buf value = {0};
    dits_context *context = NULL;
    char longer[200];
    memset(longer, 'a', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    CHECK_OK(dits_context_new(NULL, &context));
    dits_error *none = ssh_agent_sign(context, "/nowhere", (struct slice){0},
                                      (struct slice){0}, &value);
    dits_error *too_long = ssh_agent_sign(context, longer, (struct slice){0},
                                          (struct slice){0}, &value);
    dits_context_free(context);
    CHECK_FAILS(DITS_E_NOT_FOUND, none);
    CHECK_FAILS(DITS_E_NOT_FOUND, too_long);
}
