/*
 * The program `ditsd`.
 */
#include "cli/cli.h"
#include "ditsd/program.h"

int main(int argc, char **argv)
{
    return argc > 0 ? cli_main(&ditsd_program, (const char *const *)argv + 1)
                    : CLI_USAGE;
}
