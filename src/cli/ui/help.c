/*
 * All keys there are.
 */
#include "cli/ui/ui.h"

static const char text[] =
    "\033[1mMoving\033[m\n"
    "  j k, arrows          one line\n"
    "  Ctrl-D Ctrl-U        half a screen\n"
    "  Space, Page Down     a screen down; Ctrl-B, Page Up: up\n"
    "  g G, Home End        the first, the last\n"
    "  / n N                search; the next, the one before\n"
    "  Enter, l, right      open what is chosen\n"
    "  q, h, left, Esc      back; q in a view leaves\n"
    "  1 2 3 4, Tab         the views\n"
    "  r                    read again\n"
    "  Ctrl-L               draw again\n"
    "  Ctrl-C               stop what is being done\n"
    "  Ctrl-Z               suspend\n"
    "\n"
    "\033[1mGoing back\033[m\n"
    "  z                    undo the last operation\n"
    "  Z                    redo what was undone\n"
    "\n"
    "\033[1mHistory\033[m\n"
    "  a                    of all branches and tags, or of HEAD\n"
    "\n"
    "\033[1mChanges\033[m\n"
    "  s                    stage the file; with a conflict: as it is\n"
    "  u                    unstage it\n"
    "  S U                  stage all, unstage all\n"
    "  x                    discard the change, after a question\n"
    "  c                    commit: an editor asks for the message\n"
    "  o t b                a conflict: take ours, theirs, or both\n"
    "  p                    put all changes away in a stash\n"
    "\n"
    "\033[1mBranches, tags, stashes\033[m\n"
    "  s                    switch to it\n"
    "  a p d                a stash: apply, pop, drop it\n"
    "\n"
    "\033[1mOperations\033[m\n"
    "  u                    undo the chosen one, after a question\n";

static dits_error *load(struct cli *cli, struct ui_view *view)
{
    (void)cli;
    page_release(&view->page);
    return page_add(&view->page, text, PAGE_NONE);
}

static const struct ui_view_class class = {
    .title = "Help",
    .keys = " q back",
    .load = load,
    .free = ui_page_view_free,
};

dits_error *ui_help_new(struct ui_view **out)
{
    return ui_page_view_new(&class, out);
}
