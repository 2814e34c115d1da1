/*
 * server/authorize.h - who asks, and whether they may
 *
 * Each of these leaves the answer empty, or fills in why not.
 */
#ifndef SERVER_AUTHORIZE_H
#define SERVER_AUTHORIZE_H

#include "server/request.h"

/* What those cost who try what they may not. */
enum { AUTHORIZE_REFUSED_COST = 50 };

/* 429: from this address, by this account or with this token come too many. */
MUST_USE dits_error *authorize_rate(struct request *request, unsigned cost);

/* By its token; else 401, the same whatever is wrong with it. */
MUST_USE dits_error *authorize_token(struct request *request);

/* Of the server itself; else 403. */
MUST_USE dits_error *authorize_admin(struct request *request);

/*
 * `name` of a repository: 404 where there is none or it may not be read, 403
 * where `writes` and that is not allowed.
 */
MUST_USE dits_error *authorize_repository(struct request *request,
                                          const char *name, bool writes);

/* Whether who asks may do `action`; a role of the account goes to `out_role`.
 */
MUST_USE dits_error *authorize_decide(struct request *request,
                                      const struct server_id *repository,
                                      enum access_action action,
                                      struct access_answer *out,
                                      enum access_role *out_role);

#endif
