/*
 * The build's tool for the manual pages of `dits`.
 */
#include "cli/commands.h"
#include "cli/manual.h"

int main(int argc, char **argv)
{
    return manual_main(&dits_program, argc, argv);
}
