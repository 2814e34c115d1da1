#include "cli/program.h"

#include "support/test.h"

static const struct cli_command first = {.name = "first"};
static const struct cli_command second = {.name = "second"};
static const struct cli_command *const commands[] = {&first, &second, NULL};

TEST(a_command_is_found_by_its_whole_name)
{
    const struct cli_program program = {.commands = commands};
    CHECK(program_find(&program, "first") == &first);
    CHECK(program_find(&program, "second") == &second);
    CHECK(program_find(&program, "secon") == NULL);
    CHECK(program_find(&program, "") == NULL);
}
