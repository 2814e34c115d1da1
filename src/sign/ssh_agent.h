/*
 * sign/ssh_agent.h - a running ssh-agent, which has keys that we have not
 *
 * The protocol is draft-miller-ssh-agent. The platform's code is
 * ssh_agent_posix.c.
 */
#ifndef SIGN_SSH_AGENT_H
#define SIGN_SSH_AGENT_H

#include "base/context.h"
#include "base/cursor.h"

/*
 * Have the key sign, which may ask a person: the value of a signature,
 * appended.
 *
 * Errors: NOT_FOUND (no agent at `socket`), DENIED (it does not have the key,
 * or refuses), CORRUPT (not an agent's answer), CANCELLED.
 */
MUST_USE dits_error *ssh_agent_sign(const dits_context *context,
                                    const char *socket, struct slice key,
                                    struct slice to_sign, struct buf *out);

/* What an agent answered; for its fuzz target. */
MUST_USE dits_error *ssh_agent_read_answer(struct slice answer,
                                           struct buf *out);

#endif
