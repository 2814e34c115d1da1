/*
 * repo/offering.h - what a repository lets others have
 *
 * The answers to the questions of repo/transport.h, whoever carries them.
 */
#ifndef REPO_OFFERING_H
#define REPO_OFFERING_H

#include "repo/transport.h"

/* Branches, tags and notes that lead to commits, and HEAD. `out` is empty. */
MUST_USE dits_error *offering_refs(dits_repo *repo, struct transport_refs *out);

/* Which commits those lead to, or have behind them: an answer for each. */
MUST_USE dits_error *offering_has(dits_repo *repo, const struct dits_oid *ids,
                                  size_t count, bool *out);

/* What goes to who wishes so. */
MUST_USE dits_error *offering_plan(dits_repo *repo,
                                   const struct transport_wish *asked,
                                   struct bundle_list *out);

/*
 * The same for somebody who is not trusted: what is wished for has to be led
 * to by a ref, and of what both have only that counts which we have. CONFLICT:
 * a ref moved meanwhile.
 */
MUST_USE dits_error *offering_plan_checked(dits_repo *repo,
                                           const struct transport_wish *asked,
                                           struct bundle_list *out);

#endif
