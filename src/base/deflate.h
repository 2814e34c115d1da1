/*
 * base/deflate.h - deflate (RFC 1951), and its encoder as a fixed function
 *
 * The only module that knows zlib. Inflating is standard; deflating is used to
 * make again, bit for bit, what another program's zlib once made. So it counts
 * which encoder this is, and that it gets its bytes in the same pieces.
 */
#ifndef BASE_DEFLATE_H
#define BASE_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* What is still to be read, and the room for what comes out. Both move on. */
struct deflate_io {
    const uint8_t *in;
    size_t in_size;
    uint8_t *out;
    size_t out_size;
};

/* Of more bytes, after `sum`; 0 and 1 are those of none. */
uint32_t deflate_crc32(uint32_t sum, const void *data, size_t size);
uint32_t deflate_adler32(uint32_t sum, const void *data, size_t size);

struct inflater;

MUST_USE dits_error *inflater_new(struct inflater **out);
void inflater_free(struct inflater *inflater);
void inflater_freep(struct inflater **inflater);

/*
 * Go on until the input is used up, the output is full or the stream ends,
 * which leaves the bytes behind it. Errors: CORRUPT, NOMEM.
 */
MUST_USE dits_error *inflater_run(struct inflater *inflater,
                                  struct deflate_io *io, bool *out_ended);

/* How a stream is coded. The numbers are zlib's, and on disk. */
struct deflate_params {
    uint8_t level;  /* 1 to 9 */
    uint8_t memory; /* "memLevel": 8 or 9 */
};

bool deflate_params_valid(struct deflate_params params);

/*
 * The encoders that streams are known to come back from. Values are on disk.
 * Encoder 1 is that of zlib 1.2.13 to 1.3.1.
 */
enum deflate_encoder {
    DEFLATE_NO_ENCODER = 0,
    DEFLATE_ZLIB = 1,
};

/*
 * Which of them this program has: judged by the version of the library and by
 * what it makes of known bytes, as other libraries go by the same name. Takes
 * about a millisecond. Errors: NOMEM.
 */
MUST_USE dits_error *deflate_find_encoder(enum deflate_encoder *out);

struct deflater;

/* Raw deflate, window of 32 KiB, default strategy. */
MUST_USE dits_error *deflater_new(struct deflate_params params,
                                  struct deflater **out);
void deflater_free(struct deflater *deflater);
void deflater_freep(struct deflater **deflater);

/*
 * The same, the other way round. `finish`: there is no more input than this,
 * which must stay true in further calls; the stream ends in one of them.
 */
MUST_USE dits_error *deflater_run(struct deflater *deflater,
                                  struct deflate_io *io, bool finish,
                                  bool *out_ended);

#endif
