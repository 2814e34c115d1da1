/*
 * repo/ssh_address.h - where a repository on another machine lies
 */
#ifndef REPO_SSH_ADDRESS_H
#define REPO_SSH_ADDRESS_H

#include <stdbool.h>

#include "base/buf.h"

/* Owns its texts. */
struct ssh_address {
    char *host; /* perhaps with a user before it */
    char *port; /* digits; NULL: the usual one */
    char *path;
};

void ssh_address_release(struct ssh_address *address);

/*
 * "ssh://[user@]host[:port]/path" (a path that begins with "/~" counts from a
 * home folder) or "[user@]host:path". `*out_is` is false for anything else.
 *
 * Errors: INVALID (no host, no path, or one of them could be taken for an
 * option, or for what it is not).
 */
MUST_USE dits_error *ssh_address_parse(const char *url, bool *out_is,
                                       struct ssh_address *out);

/* What is to be run there: "dits serve --stdio 'path'", for a shell. */
MUST_USE dits_error *ssh_address_command(const struct ssh_address *address,
                                         struct buf *out);

#endif
