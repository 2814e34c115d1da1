#include "cli/completion.h"

#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

struct args {
    const char *branch;
    bool all;
};

static const struct cli_option options[] = {
    CLI_OPERAND("BRANCH", struct args, branch, "the branch"),
    CLI_SWITCH('a', "all", struct args, all, "all of it"),
    CLI_END,
};

static const struct cli_command command = {
    .name = "try",
    .summary = "try it",
    .help = "Tries it.\n",
    .options = options,
    .args_size = sizeof(struct args),
};

static const struct cli_command *const commands[] = {&command, NULL};
static const struct cli_program program = {
    .name = "other", .summary = "Tries.", .commands = commands};

static bool has(const struct buf *script, const char *text)
{
    return strstr(buf_text(script), text) != NULL;
}

TEST(a_script_is_about_the_program_alone)
{
    for (const char *const *shell = completion_shells; *shell != NULL;
         shell++) {
        CLEANUP(buf_release) struct buf script = {0};
        CHECK_OK(completion_script(&program, *shell, &script));
        CHECK(has(&script, "other completion --words="));
        CHECK(has(&script, "try"));
        CHECK(has(&script, "all"));
        CHECK(!has(&script, "dits"));
        CHECK(!has(&script, "@NAME@"));
    }
}

TEST(every_failed_allocation_is_told)
{
    for (unsigned n = 1;; n++) {
        CLEANUP(buf_release) struct buf script = {0};
        mem_fault_arm(n);
        dits_error *err = completion_script(&program, "bash", &script);
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
