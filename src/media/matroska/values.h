/*
 * media/matroska/values.h - values of elements as facts
 */
#ifndef MEDIA_MATROSKA_VALUES_H
#define MEDIA_MATROSKA_VALUES_H

#include "media/matroska/ebml.h"
#include "media/media.h"

MUST_USE dits_error *value_text(struct window *window,
                                const struct ebml_element *element,
                                struct media_facts *facts, const char *name);
MUST_USE dits_error *value_hex(struct window *window,
                               const struct ebml_element *element,
                               struct media_facts *facts, const char *name);
MUST_USE dits_error *value_integer(struct window *window,
                                   const struct ebml_element *element,
                                   struct media_facts *facts, const char *name);
MUST_USE dits_error *value_truth(struct window *window,
                                 const struct ebml_element *element,
                                 struct media_facts *facts, const char *name);

/* A float to six places, as a rational in lowest terms. */
MUST_USE dits_error *value_float(struct media_facts *facts, const char *name,
                                 double value);

/* Nanoseconds since 2001, as ISO 8601 (RFC 8794, 7.6). */
MUST_USE dits_error *value_date(struct media_facts *facts, const char *name,
                                int64_t ns);

/* num/den in lowest terms; nothing where `den` is 0. */
MUST_USE dits_error *value_ratio(struct media_facts *facts, const char *name,
                                 uint64_t num, uint64_t den);

/* The fraction with at most `max` below that is nearest to num/den. */
void value_nearest(uint64_t num, uint64_t den, uint64_t max, uint64_t *out_num,
                   uint64_t *out_den);

#endif
