/*
 * media/media.h - a media file as tracks of samples
 *
 * One interface over all containers. A format is a row in the table of
 * formats.c; opening a file gives its tracks, what is known of each, and two
 * ways to walk it: samples (in decode order, with times) and spans (in file
 * order, which is how the file is taken apart for storage).
 *
 * Files are hostile. Whatever they hold, opening succeeds with what could be
 * understood and a list of problems, or fails with UNSUPPORTED because the
 * bytes are not of the format at all. Memory, work and depth are bounded by
 * media/limits.h; nothing is allocated on the word of the file.
 */
#ifndef MEDIA_MEDIA_H
#define MEDIA_MEDIA_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/source.h"
#include "media/facts.h"

enum media_kind {
    MEDIA_OTHER = 0,
    MEDIA_VIDEO,
    MEDIA_AUDIO,
    MEDIA_SUBTITLE, /* text to read, and closed captions */
    MEDIA_TIMECODE,
    MEDIA_CHAPTERS,
    MEDIA_METADATA, /* timed metadata of cameras */
    MEDIA_IMAGE,    /* a still: a frame of a sequence, an item of HEIF */
};

/* How the bytes of a sample are laid out: what the splitter has to know. */
enum media_framing {
    MEDIA_OPAQUE = 0,     /* one piece */
    MEDIA_NAL_LENGTH,     /* AVC, HEVC, VVC: each NAL after its length */
    MEDIA_NAL_START_CODE, /* the same in a byte stream (Annex B) */
    MEDIA_OBU,            /* AV1, low-overhead */
    MEDIA_PRORES,         /* size and 'icpf' before each frame */
    MEDIA_PRORES_BARE,    /* without them: Matroska */
    MEDIA_ADTS,           /* AAC, each frame after its header */
    MEDIA_PCM,            /* `sample_bytes` each, `big_endian` or not */
};

/* Presentation and decode times are ticks of num/den seconds. */
struct media_time_base {
    uint32_t num; /* 0: unknown */
    uint32_t den;
};

/*
 * How samples are packed in the file, where that can be undone for a look at
 * their codec. They are stored as they are: the track is opaque.
 */
struct media_packing {
    enum {
        MEDIA_PLAIN = 0,
        MEDIA_STRIPPED, /* each sample lacks `front` */
        MEDIA_ZLIB,
    } form;
    enum media_framing framing; /* of the samples once they are unpacked */
    uint8_t nal_length_size;
    struct buf front;
};

/* Strings are never NULL; "" is unknown. Owned by the media_file. */
struct media_track {
    uint64_t id; /* what the container calls it: track id, PID, number */
    enum media_kind kind;
    enum media_framing framing;
    char codec[24];    /* ffmpeg's name: "h264", "prores", "pcm_s24le"; "" */
    char tag[24];      /* the container's: "avc1", "V_PRORES", … */
    char language[12]; /* ISO 639-2, or BCP 47 as the file has it */
    struct media_time_base time_base;
    uint32_t clock;          /* times of other clocks say nothing beside it */
    bool intra_only;         /* every sample is a sync sample by its codec */
    bool is_encrypted;       /* the samples are, by common encryption */
    bool is_external;        /* samples are in another file: no spans */
    uint8_t nal_length_size; /* of MEDIA_NAL_LENGTH */
    uint8_t sample_bytes;    /* of MEDIA_PCM: of one channel, 1 to 8 */
    bool big_endian;         /* of MEDIA_PCM */
    uint64_t sample_count;
    int64_t start;          /* presentation time of the first sample, edited;
                               MEDIA_NO_TIME: unknown */
    int64_t duration;       /* presentation duration, edited; < 0 unknown */
    uint32_t width, height; /* pixels, as coded and cropped; 0 unknown */
    uint32_t sample_rate;   /* Hz */
    uint32_t channels;
    struct media_packing packing;
    struct buf config;        /* codec configuration: avcC, hvcC, ASC, … */
    struct media_facts facts; /* all else that is known of the track */
};

#define MEDIA_NO_TIME INT64_MIN

enum media_sync {
    MEDIA_SYNC_NO = 0,
    MEDIA_SYNC_YES,     /* decoding can start here */
    MEDIA_SYNC_PARTIAL, /* open group: leading pictures cannot be shown */
};

struct media_sample {
    uint64_t number; /* from 0, in decode order */
    uint64_t offset; /* in the file, of its first byte */
    uint32_t size;   /* bytes, also when they are not in one piece */
    enum media_sync sync;
    int64_t dts; /* in the track's time base, before edit lists */
    int64_t pts;
    int64_t duration;     /* < 0 unknown */
    uint32_t description; /* which of the track's sample descriptions */
};

enum { MEDIA_SPAN_SAMPLE = 1, MEDIA_SPAN_SYNC = 2 };

/*
 * Bytes of one track, side by side in the file. A span may hold a whole
 * sample, a part of one (transport streams), or, where samples have a constant
 * size and are sync (PCM), many. MEDIA_SPAN_SAMPLE: it begins with the first
 * byte of a sample; MEDIA_SPAN_SYNC: that one is a sync sample.
 */
struct media_span {
    uint64_t offset;
    uint64_t size;  /* at least 1 */
    uint32_t track; /* index in media_file.tracks */
    uint8_t flags;
};

/* Something wrong with the file, and where. */
struct media_problem {
    uint64_t offset;
    char where[64]; /* "moov/trak[1]/mdia/minf/stbl/stsz" */
    char text[128];
};

#define MEDIA_MAX_PROBLEMS 64

/* One element of the structure: a box, an EBML element, a KLV, a chunk. */
struct media_node {
    const char *name; /* printable; borrowed for the call */
    uint64_t offset;
    uint64_t size; /* with its header */
    uint32_t header_size;
    unsigned depth;
    bool is_damaged; /* clamped, cut off, or not understood */
};
typedef dits_error *media_node_fn(const struct media_node *node, void *payload);

struct media_file;

/* An iterator over samples or spans: private to the format. */
struct media_walk;

/* What a format does. All but `probe` get a file that `open` made. */
struct media_format {
    const char *name; /* "isobmff", "matroska", "mpeg-ts", … */

    bool is_indexed; /* samples are walked without reading what is between */

    /* By the first bytes alone. */
    bool (*probe)(struct slice head, uint64_t file_size);

    /*
     * Read the structure; fill in `file` (container, tracks, facts, problems,
     * and `state`). Errors: UNSUPPORTED (not this format), IO and others of
     * the source, NOMEM, CANCELLED. Damage is a problem, not an error.
     */
    dits_error *(*open)(struct media_file *file);
    void (*close)(struct media_file *file); /* frees `state` */

    /* Spans ascend, do not overlap, and lie within the file. */
    dits_error *(*spans)(struct media_file *file, struct media_walk **out);
    dits_error *(*next_span)(struct media_walk *walk, struct media_span *out,
                             bool *out_found);

    /* Samples of one track in decode order. */
    dits_error *(*samples)(struct media_file *file, uint32_t track,
                           struct media_walk **out);
    dits_error *(*next_sample)(struct media_walk *walk,
                               struct media_sample *out, bool *out_found);
    void (*end_walk)(struct media_walk *walk); /* NULL is allowed */

    /* Depth first, in file order. */
    dits_error *(*tree)(struct media_file *file, media_node_fn *fn,
                        void *payload);
};

/* An opened file. One thread at a time; walks are independent of each other. */
struct media_file {
    const struct media_format *format;
    struct source *source; /* borrowed */
    char container[24];    /* "mp4", "mov", "matroska", "webm", "mxf", … */
    size_t track_count;
    struct media_track *tracks;
    struct media_facts facts; /* of the file: brands, title, camera, … */
    size_t problem_count;     /* all that were met; the first are kept */
    struct media_problem problems[MEDIA_MAX_PROBLEMS];
    void *state; /* the format's own */
};

/*
 * Recognise and open. `*out` is NULL, without an error, when no format knows
 * the file. Errors: IO and others of the source, NOMEM, CANCELLED.
 */
MUST_USE dits_error *media_open(struct source *source, struct media_file **out);
void media_close(struct media_file *file); /* NULL is allowed */
void media_closep(struct media_file **file);

/* The same by a format of one's choice: for tests and fuzzing. */
MUST_USE dits_error *media_open_as(const struct media_format *format,
                                   struct source *source,
                                   struct media_file **out);

/* All formats, most specific first. */
const struct media_format *const *media_formats(size_t *out_count);

/* --- for formats --- */

/* Append a zeroed track. LIMIT past LIMIT_TRACKS. Moves the array. */
MUST_USE dits_error *media_add_track(struct media_file *file,
                                     struct media_track **out);

/* Keep a problem; without memory for none needed. Text as of errors. */
void media_add_problem(struct media_file *file, uint64_t offset,
                       const char *where, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

#endif
