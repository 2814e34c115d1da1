/*
 * media/riff/chunks.h - chunks of RIFF, IFF and Wave64
 *
 * A name, a size, as many bytes, and padding. The size of Wave64 counts its
 * header as well; its names are the first letters of GUIDs.
 */
#ifndef MEDIA_RIFF_CHUNKS_H
#define MEDIA_RIFF_CHUNKS_H

#include <stdbool.h>

#include "media/media.h"
#include "media/window.h"

enum chunk_style { CHUNK_RIFF, CHUNK_IFF, CHUNK_WAVE64 };

struct chunk {
    char name[5];
    uint64_t offset;
    uint64_t body;
    uint64_t end;  /* of its bytes, as far as there are any */
    uint64_t next; /* with padding */
    bool is_cut;   /* it claims more than there is */
};

struct chunks {
    struct window *window;
    enum chunk_style style;
    uint64_t at;
    uint64_t end;
};

/* Ends, without an error, at the end or where no header is. */
MUST_USE dits_error *chunks_next(struct chunks *chunks, struct chunk *out,
                                 bool *out_found);

bool chunk_is(const struct chunk *chunk, const char *name);

/*
 * Depth first: `enters` says whether a chunk holds chunks, and how many bytes
 * precede them.
 */
typedef bool chunk_enters_fn(const struct chunk *chunk, unsigned *out_skip);
MUST_USE dits_error *chunks_tree(struct media_file *file,
                                 enum chunk_style style,
                                 chunk_enters_fn *enters, media_node_fn *fn,
                                 void *payload);

/* A text chunk as a fact; spaces at its end do not count. */
MUST_USE dits_error *chunk_text(struct window *window,
                                const struct chunk *chunk,
                                struct media_facts *facts, const char *name);

#endif
