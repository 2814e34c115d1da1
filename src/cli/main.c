/*
 * The program `dits`.
 */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return argc > 0 ? cli_main((const char *const *)argv + 1) : CLI_USAGE;
}
