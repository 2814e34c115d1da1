/*
 * cli/ui/file.h - one file of a change: what differs, what it is, how it looks
 */
#ifndef CLI_UI_FILE_H
#define CLI_UI_FILE_H

#include <dits/diff.h>

#include "cli/ui/ui.h"

/* Texts are copied. */
struct ui_file_wish {
    struct dits_diff_side from;
    struct dits_diff_side to;
    const char *path;
    const char *old_path; /* before a rename, or NULL */
    bool is_untracked;    /* only on the disk: there is nothing to compare */
};

/* Opens the page. */
MUST_USE dits_error *ui_file_open(struct ui *ui,
                                  const struct ui_file_wish *wish);

#endif
