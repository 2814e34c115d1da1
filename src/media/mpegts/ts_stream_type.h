/*
 * media/mpegts/ts_stream_type.h - what a program map says of one stream
 *
 * The stream type (ISO/IEC 13818-1, table 2-34, and what industry bodies
 * assigned) and the descriptors of the stream give the codec.
 */
#ifndef MEDIA_MPEGTS_TS_STREAM_TYPE_H
#define MEDIA_MPEGTS_TS_STREAM_TYPE_H

#include "media/media.h"

/* How the payload of the packets is cut. */
enum ts_form {
    TS_FORM_PES = 0,
    TS_FORM_SECTIONS,
};

enum ts_form ts_stream_form(uint8_t stream_type);

/* One after the other; each: tag, length, body. */
struct ts_descriptor {
    uint8_t tag;
    struct slice body;
};

/* False at the end; what is cut off does not count. */
bool ts_descriptor_next(struct slice *rest, struct ts_descriptor *out);

/* The format identifier of the registration descriptor; 0: there is none. */
uint32_t ts_registration(struct slice descriptors);

/*
 * Fill in kind, codec, framing, language and facts of `track`. `program` is the
 * registration of the program the stream belongs to. Errors: NOMEM.
 */
MUST_USE dits_error *ts_stream_describe(struct media_track *track,
                                        uint8_t stream_type, uint32_t program,
                                        struct slice descriptors);

/* For a stream of which only the PES stream id is known. */
void ts_stream_guess(struct media_track *track, uint8_t stream_id);

#endif
