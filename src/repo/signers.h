/*
 * repo/signers.h - who may sign: ssh-keygen's file of allowed signers
 *
 * Lines of principals, options and a public key (ssh-keygen(1)). Keys of
 * authorities (cert-authority) are passed over: certificates are not known.
 */
#ifndef REPO_SIGNERS_H
#define REPO_SIGNERS_H

#include "base/buf.h"

#define SIGNERS_FILE_MAX ((size_t)4 << 20) /* bytes */

/* What is asked of the file. */
struct signers_question {
    struct slice key; /* a public key, as a blob */
    const char *name_space;
    int64_t time;           /* when it was signed */
    int32_t offset_minutes; /* the zone of times in the file that name none */
};

/*
 * The principals of the first line that allows it, appended; or else, for
 * people, why the key is not allowed. INVALID, with the line's number, when the
 * file is malformed.
 */
MUST_USE dits_error *signers_find(struct slice text,
                                  const struct signers_question *question,
                                  bool *out_found, struct buf *out);

#endif
