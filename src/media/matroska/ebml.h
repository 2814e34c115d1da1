/*
 * media/matroska/ebml.h - elements of EBML (RFC 8794)
 *
 * An element is an id, a size and as many bytes. They are read where they lie;
 * an element that says it is longer than what holds it is cut at that end.
 */
#ifndef MEDIA_MATROSKA_EBML_H
#define MEDIA_MATROSKA_EBML_H

#include <stdbool.h>

#include "media/window.h"

struct ebml_element {
    uint32_t id;          /* with its marker bit */
    uint32_t header_size; /* id and size */
    uint64_t offset;
    uint64_t body;
    uint64_t end;    /* of its bytes, as far as there are any */
    bool is_unknown; /* no size: what follows says where it ends */
    bool is_cut;     /* it claims more than there is */
};

/* The bytes of an element that are still to be read. */
struct ebml_list {
    struct window *window;
    uint64_t at;
    uint64_t end;
};

/*
 * A number of variable size (RFC 8794, 4) at the start of `bytes`: how many
 * bytes it takes, 0 if there is none. `keep_marker` for ids.
 */
unsigned ebml_vint(struct slice bytes, bool keep_marker, uint64_t *out);

/* `out_found` is false where `at` holds no header. */
MUST_USE dits_error *ebml_element_at(struct window *window, uint64_t at,
                                     uint64_t end, struct ebml_element *out,
                                     bool *out_found);

struct ebml_list ebml_children(struct window *window,
                               const struct ebml_element *element);

/* Ends, without an error, at the end or where no header can be read. */
MUST_USE dits_error *ebml_next(struct ebml_list *list, struct ebml_element *out,
                               bool *out_found);

/*
 * Values. Numbers that are longer than 8 bytes, floats of odd sizes and
 * payloads past LIMIT_PAYLOAD read as 0 and as no bytes.
 */
MUST_USE dits_error *ebml_uint(struct window *window,
                               const struct ebml_element *element,
                               uint64_t *out);
MUST_USE dits_error *ebml_int(struct window *window,
                              const struct ebml_element *element, int64_t *out);
MUST_USE dits_error *ebml_float(struct window *window,
                                const struct ebml_element *element,
                                double *out);
MUST_USE dits_error *ebml_bytes(struct window *window,
                                const struct ebml_element *element,
                                struct buf *out);

#endif
