/*
 * media/facts.h - what is known of a track or a file, by name
 *
 * A list of (name, value) in the order in which they were found. Names are
 * lower-case words with dots: "colour.primaries", "hdr.mastering.max_luminance"
 * (docs/formats/media-facts.md lists them). A name that comes again makes a
 * list. Strings are valid UTF-8, whatever the file holds.
 */
#ifndef MEDIA_FACTS_H
#define MEDIA_FACTS_H

#include <stdbool.h>

#include "base/buf.h"

enum fact_type { FACT_TEXT, FACT_INTEGER, FACT_RATIONAL, FACT_TRUTH };

struct fact {
    char *name;
    enum fact_type type;
    bool is_location; /* says where something was filmed */
    char *text;       /* of FACT_TEXT */
    int64_t number;   /* integer, numerator, or truth */
    int64_t divisor;  /* of FACT_RATIONAL; never 0 */
};

/* Owns all it points to. Zero is empty. Bounded by LIMIT_FACTS. */
struct media_facts {
    size_t count;
    struct fact *list;
    size_t capacity;
};

void facts_release(struct media_facts *facts);

/*
 * Each adds one fact. Past the limits the fact is left out, without an error.
 * Text: at most LIMIT_TEXT bytes are kept; bytes that are no UTF-8 become
 * U+FFFD, NUL ends it. Errors: NOMEM.
 */
MUST_USE dits_error *facts_add_text(struct media_facts *facts, const char *name,
                                    struct slice text);
MUST_USE dits_error *facts_add_word(struct media_facts *facts, const char *name,
                                    const char *text);
MUST_USE dits_error *facts_add_integer(struct media_facts *facts,
                                       const char *name, int64_t number);
MUST_USE dits_error *facts_add_rational(struct media_facts *facts,
                                        const char *name, int64_t number,
                                        int64_t divisor);
MUST_USE dits_error *facts_add_truth(struct media_facts *facts,
                                     const char *name, bool truth);

/* The fact that was added last says where something was filmed. */
void facts_mark_location(struct media_facts *facts);

/* The first of that name, or NULL. */
const struct fact *facts_find(const struct media_facts *facts,
                              const char *name);

#endif
