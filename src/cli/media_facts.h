/*
 * cli/media_facts.h - the facts of a file or a track, in order of their names
 */
#ifndef CLI_MEDIA_FACTS_H
#define CLI_MEDIA_FACTS_H

#include <dits/media.h>

#include "base/buf.h"
#include "cli/json.h"

/* In place of a track: those of the file. */
#define FACTS_OF_FILE ((size_t)-1)

/* Borrows from the media. Facts of one name keep their order. */
struct media_fact_list {
    struct dits_media_fact *items;
    bool *is_shown; /* already, in some other place */
    size_t count;
    size_t left_out; /* that say where something was filmed */
};

/* `track` or FACTS_OF_FILE. Locations are left out unless wanted. */
MUST_USE dits_error *media_facts_read(const dits_media *media, size_t track,
                                      bool with_location,
                                      struct media_fact_list *out);
void media_facts_release(struct media_fact_list *facts);

/* How many there are of a name, and the first. */
size_t media_facts_find(const struct media_fact_list *facts, const char *name,
                        const struct dits_media_fact **out);

/*
 * The values of a name as text, joined by commas; "" when there is none. It
 * counts as shown from then on.
 */
MUST_USE dits_error *media_facts_take(struct media_fact_list *facts,
                                      const char *name, struct buf *out);

/* The same of a number: {0, 0} when there is none. */
struct dits_rational media_facts_ratio(const struct media_fact_list *facts,
                                       const char *name);

/* Append the value as people read it. Long texts are cut. */
MUST_USE dits_error *media_fact_put(const struct dits_media_fact *fact,
                                    struct buf *out);

/*
 * Whether it is said in other words elsewhere or interests only who works on
 * the container itself: left to '--verbose'.
 */
bool media_facts_is_quiet(const char *name);

/* All of them as members of an object; a repeated name is a list. */
void media_facts_json(const struct media_fact_list *facts, struct json *json);

#endif
