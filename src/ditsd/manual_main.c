/*
 * The build's tool for the manual pages of `ditsd`.
 */
#include "cli/manual.h"
#include "ditsd/program.h"

int main(int argc, char **argv)
{
    return manual_main(&ditsd_program, argc, argv);
}
