/*
 * cli/suggest.h - the name that was probably meant
 *
 *     struct suggestion best = suggestion_for("comit");
 *     suggestion_offer(&best, "commit");
 *     if (best.name != NULL) ...
 */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>
#include <stdint.h>

struct suggestion {
    const char *typed;
    const char *name; /* the nearest one offered, or NULL: none is near */
    size_t distance;
};

struct suggestion suggestion_for(const char *typed);

/* `name` is borrowed. Of equally near names the first one stays. */
void suggestion_offer(struct suggestion *best, const char *name);

#endif
