/*
 * tests/unit/support/drawing.h - a history drawn by letters
 *
 * Each commit has a letter as its message and its parents given by letters.
 * Commits are a minute apart.
 */
#ifndef SUPPORT_DRAWING_H
#define SUPPORT_DRAWING_H

#include "support/temp_repo.h"

struct drawing {
    struct temp_repo temp;
    struct dits_oid ids[128]; /* by letter */
};

void drawing_release(struct drawing *drawing);

/*
 * The commit `letter` on `parents`, with `text` in `file` (NULL: nothing new);
 * main leads to it afterwards.
 */
MUST_USE dits_error *draw_text(struct drawing *drawing, char letter,
                               const char *parents, const char *file,
                               const char *text);

/* The same with the letter as the text. */
MUST_USE dits_error *draw(struct drawing *drawing, char letter,
                          const char *parents, const char *file);

MUST_USE dits_error *branch_at(struct drawing *drawing, const char *name,
                               char letter);

/* `message` NULL: a plain tag. */
MUST_USE dits_error *tag_at(struct drawing *drawing, const char *name,
                            char letter, const char *message);

/* The letter of a commit, '?' when there is none. */
char drawing_letter(const struct drawing *drawing, const struct dits_oid *id);

#endif
