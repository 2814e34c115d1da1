/*
 * media/mxf/mxf_klv.h - key, length and value
 *
 * SMPTE ST 336: a key of 16 bytes, a length in BER, the value. All of an MXF
 * file (SMPTE ST 377-1) is a chain of these, behind a run-in of at most 64 KiB.
 */
#ifndef MEDIA_MXF_MXF_KLV_H
#define MEDIA_MXF_MXF_KLV_H

#include <stdbool.h>

#include "media/window.h"

enum { MXF_KEY_BYTES = 16 };

struct mxf_klv {
    uint8_t key[MXF_KEY_BYTES];
    uint64_t offset;
    uint32_t header_size; /* of key and length */
    uint64_t value;       /* its offset */
    uint64_t size;        /* of the value, as far as the file has it */
    bool is_cut;          /* it claims more than that */
};

/* A KLV in memory: `*out_size` bytes of key and length; 0: it is none. */
size_t mxf_klv_header(struct slice bytes, uint64_t *out_value_size);

/* The one at `offset`; `*out_found` is false at the end and for other bytes. */
MUST_USE dits_error *mxf_klv_read(struct window *window, uint64_t offset,
                                  struct mxf_klv *out, bool *out_found);

/*
 * The same, or the first one behind what is none. False when none comes before
 * LIMIT_RESYNC. `*out_skipped` is the size of what was stepped over.
 */
MUST_USE dits_error *mxf_klv_find(struct window *window, uint64_t offset,
                                  struct mxf_klv *out, uint64_t *out_skipped,
                                  bool *out_found);

/* The end of `klv`. */
uint64_t mxf_klv_end(const struct mxf_klv *klv);

/* What a key says that it is. Versions (byte 8) do not matter. */
bool mxf_key_is_partition(const uint8_t *key);
bool mxf_key_is_primer(const uint8_t *key);
bool mxf_key_is_set(const uint8_t *key); /* of header metadata */
bool mxf_key_is_index(const uint8_t *key);
bool mxf_key_is_random_index(const uint8_t *key);
bool mxf_key_is_essence(const uint8_t *key);
bool mxf_key_is_encrypted(const uint8_t *key); /* SMPTE ST 429-6 */
bool mxf_key_is_fill(const uint8_t *key);

#endif
