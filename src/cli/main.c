/*
 * The program `dits`.
 */
#include "cli/commands.h"

int main(int argc, char **argv)
{
    return argc > 0 ? cli_main(&dits_program, (const char *const *)argv + 1)
                    : CLI_USAGE;
}
