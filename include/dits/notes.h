/*
 * dits/notes.h - texts about commits, written later
 *
 * Notes are versioned themselves: a ref below "refs/notes/" leads to the newest
 * commit of them. `ref` is such a name, also without its front ("review"), and
 * NULL is "refs/notes/commits". `commit` is a revision; NULL: HEAD.
 */
#ifndef DITS_NOTES_H
#define DITS_NOTES_H

#include <dits/commit.h>

DITS_BEGIN_DECLS

/* The notes of one ref, as they were when it was read. */
typedef struct dits_notes dits_notes;

/*
 * `*out` is NULL when there are none at all. Errors: INVALID (a name), CORRUPT.
 */
DITS_API DITS_MUST_USE dits_error *dits_notes_open(dits_repo *repo,
                                                   const char *ref,
                                                   dits_notes **out);
DITS_API void dits_notes_free(dits_notes *notes); /* NULL is allowed */

/* The note on a commit; NULL: none. To be freed with dits_free(). */
DITS_API DITS_MUST_USE dits_error *dits_notes_find(
    const dits_notes *notes, const struct dits_oid *commit, char **out);

/* Sorted by commit. `note` is the id of the text. */
typedef dits_error *dits_note_fn(const struct dits_oid *note,
                                 const struct dits_oid *commit, void *payload);
DITS_API DITS_MUST_USE dits_error *dits_notes_each(const dits_notes *notes,
                                                   dits_note_fn *fn,
                                                   void *payload);

enum dits_note_mode {
    DITS_NOTE_ADD = 0, /* EXISTS when there is one */
    DITS_NOTE_REPLACE = 1,
    DITS_NOTE_APPEND = 2, /* as a paragraph of its own */
};

struct dits_note_options {
    const char *ref;
    const char *commit;
    const char *text; /* cleaned as messages are; empty removes the note */
    enum dits_note_mode mode;
    const char *action; /* for the log of the notes: "add", "copy" */
};

struct dits_note_result {
    struct dits_oid commit;
    bool is_removed;  /* nothing was left of the text */
    bool is_replaced; /* there was another one */
};

/* Errors: EXISTS, NOT_FOUND (a revision), INVALID (a name, a text). */
DITS_API DITS_MUST_USE dits_error *dits_note_set(
    dits_repo *repo, const struct dits_note_options *options,
    struct dits_note_result *out);

/*
 * Remove the notes on these commits, all in one operation. NOT_FOUND, and
 * nothing is removed, where there is none, unless that is ignored.
 */
DITS_API DITS_MUST_USE dits_error *dits_notes_remove(dits_repo *repo,
                                                     const char *ref,
                                                     const char *const *commits,
                                                     size_t count,
                                                     bool ignore_missing);

DITS_END_DECLS

#endif
