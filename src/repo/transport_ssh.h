/*
 * repo/transport_ssh.h - a repository on another machine, through ssh
 *
 * Runs ssh, or what core.sshCommand or DITS_SSH_COMMAND says, and there
 * `dits serve --stdio`.
 */
#ifndef REPO_TRANSPORT_SSH_H
#define REPO_TRANSPORT_SSH_H

#include "repo/ssh_address.h"
#include "repo/transport.h"

/* Borrowed for the call. */
struct ssh_target {
    const char *url;     /* for messages */
    const char *command; /* for a shell; NULL: "ssh" */
    const char *task;
};

/* `address` is taken over. */
MUST_USE dits_error *transport_open_ssh(const dits_context *context,
                                        struct ssh_address *address,
                                        const struct ssh_target *target,
                                        struct transport **out);

#endif
