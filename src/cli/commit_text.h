/*
 * cli/commit_text.h - a commit as log and show print it
 */
#ifndef CLI_COMMIT_TEXT_H
#define CLI_COMMIT_TEXT_H

#include <dits/commit.h>
#include <dits/notes.h>

#include "base/buf.h"
#include "cli/date.h"
#include "cli/decorations.h"

enum commit_form {
    COMMIT_MEDIUM,
    COMMIT_ONELINE,
    COMMIT_SHORT,  /* no date */
    COMMIT_FULL,   /* author and committer */
    COMMIT_FULLER, /* and both dates */
    COMMIT_TEMPLATE,
};

struct commit_style {
    enum commit_form form;
    const char *template; /* of COMMIT_TEMPLATE: text with %-conversions */
    struct date_style dates;
    bool abbreviates;
    bool signatures; /* are checked and shown, but in templates */
    struct decorations decorations; /* none are shown when empty */
    dits_notes *notes;              /* none are shown when NULL */
};

/* Free what the style holds. */
void commit_style_release(struct commit_style *style);

/* The names of the forms, then NULL; "format:TEXT" is taken beside them. */
extern const char *const commit_form_names[];

/* `name` as in --format=NAME. INVALID when it is none of these. */
MUST_USE dits_error *commit_style_set(struct commit_style *style,
                                      const char *name);

/* Append the commit; it ends with a newline, and has no empty line at the end.
 */
MUST_USE dits_error *commit_text_put(const struct cli *cli,
                                     const struct commit_style *style,
                                     const dits_commit *commit,
                                     struct buf *out);

/* Print one JSON object with everything. */
MUST_USE dits_error *commit_text_json(const struct cli *cli,
                                      const struct commit_style *style,
                                      const dits_commit *commit);

/* Append the first paragraph as one line. */
MUST_USE dits_error *commit_subject(const char *message, struct buf *out);

/* The expansion of a template. */
MUST_USE dits_error *commit_template_put(const struct cli *cli,
                                         const struct commit_style *style,
                                         const dits_commit *commit,
                                         struct buf *out);

#endif
