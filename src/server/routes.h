/*
 * server/routes.h - the table of all that a server answers
 *
 * What has no row does not exist. Specified in docs/protocol/server.md.
 */
#ifndef SERVER_ROUTES_H
#define SERVER_ROUTES_H

#include "server/request.h"

enum route_who {
    ROUTE_ANYBODY,
    ROUTE_LOCAL,      /* on this host, without a token */
    ROUTE_SIGNED_IN,  /* with a token */
    ROUTE_OBSERVER,   /* on this host; or who may administer the server */
    ROUTE_REPOSITORY, /* who may read it; or write, if that is the call */
};

struct route {
    const char *method; /* GET serves HEAD too; "*": the call decides */
    const char *path;   /* "…/" at its end: all below it */
    enum route_who who;
    unsigned cost;     /* of a request, in those of the cheapest */
    const char *audit; /* what it does is called so in the log; NULL: nothing */
    bool takes_json;   /* and refuses all else */
    dits_error *(*answer)(struct request *request);
};

extern const struct route routes[];
extern const size_t route_count;

dits_error *route_account(struct request *request);
dits_error *route_health(struct request *request);
dits_error *route_hello(struct request *request);
dits_error *route_login(struct request *request);
dits_error *route_logout(struct request *request);
dits_error *route_metrics(struct request *request);
dits_error *route_ready(struct request *request);
dits_error *route_repos(struct request *request);
dits_error *route_repository(struct request *request);
dits_error *route_setup(struct request *request);

#endif
