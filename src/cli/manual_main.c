/*
 * The build's tool for manual pages: dits-manual COMMAND PAGE prints the page
 * with its marks replaced. COMMAND is "dits" for the overview.
 */
#include <string.h>

#include "base/fs.h"
#include "cli/commands.h"
#include "cli/manual.h"
#include "cli/report.h"

enum { PAGE_MAX = 1 << 20 };

static dits_error *print_page(const char *name, const char *path)
{
    CLEANUP(buf_release) struct buf page = {0};
    CLEANUP(buf_release) struct buf whole = {0};
    const struct cli_command *command = command_find(name);
    if (command == NULL && strcmp(name, "dits") != 0)
        return error_new(DITS_E_NOT_FOUND, "there is no command '%s'", name);
    TRY(fs_read_all(path, PAGE_MAX, &page));
    TRY(manual_expand(command, buf_text(&page), &whole));
    fputs(buf_text(&whole), stdout);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: dits-manual COMMAND PAGE\n", stderr);
        return CLI_USAGE;
    }
    CLEANUP(dits_error_freep) dits_error *err = print_page(argv[1], argv[2]);
    if (err != NULL)
        report_error(stderr, err, false);
    return err != NULL ? CLI_FAILED : CLI_OK;
}
