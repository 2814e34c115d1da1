/*
 * repo/side_file.h - what is around the content of a small file in .dits
 *
 * Eight bytes of magic, a version, four zeros; the content; a checksum of all
 * that. The same for each file that can be made anew when it is damaged.
 */
#ifndef REPO_SIDE_FILE_H
#define REPO_SIDE_FILE_H

#include "base/buf.h"
#include "base/cursor.h"

struct side_file {
    uint8_t magic[8];
    uint32_t version;
    const char *what; /* for messages: "map" */
};

/* What stands before the content, into the empty `out`; and what behind. */
MUST_USE dits_error *side_file_begin(const struct side_file *file,
                                     struct buf *out);
MUST_USE dits_error *side_file_end(struct buf *out);

/*
 * Give `folder` such a file in one step, but not durably: for what is looked
 * for anew when it is lost.
 */
MUST_USE dits_error *side_file_swap(const char *folder, const char *name,
                                    struct slice bytes);

/* `out` goes over the content. Errors: CORRUPT, UNSUPPORTED. */
MUST_USE dits_error *side_file_open(const struct side_file *file,
                                    struct slice bytes, struct cursor *out);

#endif
