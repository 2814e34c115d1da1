#include "cli/secret.h"

#include <string.h>
#include <unistd.h>

#include "base/crypt.h"
#include "support/mem_fault.h"
#include "support/test.h"

/* Let standard input be `text`. */
static bool give(const char *text)
{
    int ends[2] = {-1, -1};
    size_t size = strlen(text);
    bool ok = pipe(ends) == 0 && write(ends[1], text, size) == (ssize_t)size &&
              dup2(ends[0], STDIN_FILENO) == STDIN_FILENO;
    (void)close(ends[0]);
    (void)close(ends[1]);
    return ok;
}

static bool reads(const char *text, const char *wanted)
{
    CLEANUP(crypt_buf_wipe) struct buf secret = {0};
    if (!give(text))
        return false;
    dits_error *err = secret_read(10, &secret);
    bool same = err == NULL && strcmp(buf_text(&secret), wanted) == 0;
    dits_error_free(err);
    return same;
}

TEST(one_line_is_read_without_its_end)
{
    CHECK(reads("open\n", "open"));
    CHECK(reads("open", "open"));
    CHECK(reads("open\r\n", "open"));
    CHECK(reads("o p\te n\nmore\n", "o p\te n"));
    CHECK(reads("0123456789\n", "0123456789"));
    CHECK(reads("\n", ""));
    CHECK(reads("", ""));
}

TEST(what_is_too_long_is_refused)
{
    CLEANUP(crypt_buf_wipe) struct buf secret = {0};
    CHECK(give("0123456789a\n"));
    CHECK_FAILS(DITS_E_LIMIT, secret_read(10, &secret));
}

TEST(without_a_terminal_nobody_is_asked)
{
    CLEANUP(crypt_buf_wipe) struct buf secret = {0};
    CHECK(give("open\nopen\n"));
    CHECK_FAILS(DITS_E_INVALID, secret_ask("Password", 10, &secret));
}

TEST(a_failed_allocation_is_told)
{
    CLEANUP(crypt_buf_wipe) struct buf secret = {0};
    CHECK(give("open\n"));
    mem_fault_arm(1);
    CHECK_FAILS(DITS_E_NOMEM, secret_read(10, &secret));
    CHECK(mem_fault_disarm());
}
