/*
 * dits/media.h - a video or sound file as tracks of samples
 *
 * What is in a file of the disk or in a stored version, whatever its
 * container. Files may be damaged or hostile: they open with what could be
 * understood, and with a list of problems.
 */
#ifndef DITS_MEDIA_H
#define DITS_MEDIA_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

enum dits_media_kind {
    DITS_MEDIA_OTHER = 0,
    DITS_MEDIA_VIDEO = 1,
    DITS_MEDIA_AUDIO = 2,
    DITS_MEDIA_SUBTITLE = 3, /* closed captions, too */
    DITS_MEDIA_TIMECODE = 4,
    DITS_MEDIA_CHAPTERS = 5,
    DITS_MEDIA_METADATA = 6, /* timed metadata of cameras */
    DITS_MEDIA_IMAGE = 7,
};

/* `den` is 0 where the value is unknown. In lowest terms, `den` positive. */
struct dits_rational {
    int64_t num;
    int64_t den;
};

enum dits_fact_type {
    DITS_FACT_TEXT = 0,
    DITS_FACT_INTEGER = 1,
    DITS_FACT_RATIONAL = 2,
    DITS_FACT_TRUTH = 3,
};

/* Something that is known, by name. A name that comes again makes a list. */
struct dits_media_fact {
    const char *name; /* "colour.primaries"; docs/formats/media-facts/ */
    enum dits_fact_type type;
    bool is_location; /* says where something was filmed */
    const char *text; /* UTF-8; NULL unless of DITS_FACT_TEXT */
    int64_t number;   /* integer, numerator, or truth */
    int64_t divisor;  /* of DITS_FACT_RATIONAL; never 0 */
};

/* Strings are "" where nothing is known. Times are seconds. */
struct dits_media_track {
    uint64_t id; /* the container's: track id, PID, number */
    enum dits_media_kind kind;
    const char *codec;    /* "h264", "prores", "pcm_s24le" */
    const char *tag;      /* the container's name of it: "avc1" */
    const char *language; /* ISO 639-2 or BCP 47 */
    struct dits_rational time_base;
    struct dits_rational start;    /* of its first sample; `den` 0: unknown */
    struct dits_rational duration; /* as presented */
    uint64_t sample_count;
    uint32_t width; /* pixels; 0: unknown */
    uint32_t height;
    uint32_t sample_rate; /* Hz */
    uint32_t channels;
    bool is_encrypted;
    bool is_external; /* its samples are in another file */
    bool is_intra;    /* decoding can start at every sample */
    size_t fact_count;
};

/* Something wrong with the file, and where. */
struct dits_media_problem {
    uint64_t offset;
    const char *where; /* "moov/trak[1]/mdia/minf/stbl/stsz" */
    const char *text;
};

struct dits_media_info {
    const char *path;      /* as it was asked for */
    uint64_t size;         /* bytes */
    const char *container; /* "mp4", "mov", "matroska", "mxf" */
    struct dits_rational duration;
    size_t track_count;
    size_t fact_count;     /* of the file */
    size_t problem_count;  /* that are kept */
    uint64_t problems_met; /* all of them */
};

/* How a stored version is kept. */
struct dits_media_storage {
    bool is_stored;      /* false: a file of the disk, and nothing else known */
    const char *form;    /* "whole", "flat", "woven", "wrapped" */
    const char *chunker; /* "small", "media", "large" */
    uint64_t chunk_count;
    size_t stream_count; /* of a woven file */
    const char *reason;  /* why it is not woven; NULL: not told */
};

/* One thread at a time. What the functions hand out is borrowed from it. */
typedef struct dits_media dits_media;

/*
 * The media file `path` of the disk; no repository is needed. `*out` is NULL,
 * without an error, when the file is of no format that is known. The caller
 * frees `*out`; `context` outlives it.
 *
 * Errors: NOT_FOUND, DENIED, INVALID (not a regular file), CANCELLED.
 */
DITS_API DITS_MUST_USE dits_error *dits_media_open(const dits_context *context,
                                                   const char *path,
                                                   dits_media **out);

/*
 * The same of a stored version: `path` and `revision` as of dits_file_open().
 * The repository outlives it.
 */
DITS_API DITS_MUST_USE dits_error *dits_media_open_stored(dits_repo *repo,
                                                          const char *revision,
                                                          const char *path,
                                                          dits_media **out);
DITS_API void dits_media_free(dits_media *media);

DITS_API const struct dits_media_info *dits_media_get_info(
    const dits_media *media);
DITS_API const struct dits_media_storage *dits_media_get_storage(
    const dits_media *media);
DITS_API const struct dits_media_track *dits_media_track_at(
    const dits_media *media, size_t index);
DITS_API void dits_media_problem_at(const dits_media *media, size_t index,
                                    struct dits_media_problem *out);

/* Of the file, or of a track, in the order in which they were found. */
DITS_API void dits_media_fact_at(const dits_media *media, size_t index,
                                 struct dits_media_fact *out);
DITS_API void dits_media_track_fact_at(const dits_media *media, size_t track,
                                       size_t index,
                                       struct dits_media_fact *out);

/* "video", "audio", "subtitle", … Never NULL. */
DITS_API const char *dits_media_kind_name(enum dits_media_kind kind);

enum dits_media_sync {
    DITS_SYNC_NO = 0,
    DITS_SYNC_YES = 1,     /* decoding can start here */
    DITS_SYNC_PARTIAL = 2, /* open group: leading pictures cannot be shown */
};

/* The offset of what is outside of any file, by what the container says. */
#define DITS_MEDIA_NO_OFFSET UINT64_MAX

struct dits_media_sample {
    uint64_t number; /* from 0, in decode order */
    uint64_t offset; /* in the file, or DITS_MEDIA_NO_OFFSET */
    uint32_t size;   /* bytes */
    enum dits_media_sync sync;
    int64_t dts; /* ticks of the track's time base, before edits */
    int64_t pts;
    int64_t duration; /* < 0: unknown */
};

/* In all that follows an error ends the walk and is what the walk returns. */
typedef dits_error *dits_media_sample_fn(const struct dits_media_sample *sample,
                                         void *payload);

/* The samples of a track in decode order. */
DITS_API DITS_MUST_USE dits_error *dits_media_each_sample(
    dits_media *media, size_t track, dits_media_sample_fn *fn, void *payload);

/* Where decoding can start, and how sure that is. */
struct dits_media_keyframe {
    uint64_t number; /* of the sample */
    uint64_t offset;
    uint32_t size;
    int64_t pts;               /* ticks, before edits */
    struct dits_rational time; /* seconds, the same */
    bool is_partial;
    const char *source;  /* "index", "codec", "scan" */
    unsigned confidence; /* 0 to 100 */
};

typedef dits_error *dits_media_keyframe_fn(
    const struct dits_media_keyframe *keyframe, void *payload);

DITS_API DITS_MUST_USE dits_error *dits_media_each_keyframe(
    dits_media *media, size_t track, dits_media_keyframe_fn *fn, void *payload);

/* An element of the structure: a box, an EBML element, a KLV. */
struct dits_media_node {
    const char *name;
    uint64_t offset;
    uint64_t size; /* with its header */
    uint32_t header_size;
    unsigned depth;
    bool is_damaged;
};

typedef dits_error *dits_media_node_fn(const struct dits_media_node *node,
                                       void *payload);

/* Depth first, in file order. */
DITS_API DITS_MUST_USE dits_error *dits_media_each_node(dits_media *media,
                                                        dits_media_node_fn *fn,
                                                        void *payload);

/* A chunk of a stored version, and what of a track is in it. */
struct dits_media_part {
    uint64_t
        chunk; /* its number, from 0, as dits_file_each_chunk() gives them */
    struct dits_oid id;
    uint32_t size; /* bytes of the chunk */
    size_t track;
    uint64_t samples;          /* that lie in it, wholly or in part */
    uint64_t syncs;            /* of those, where decoding can start */
    struct dits_rational from; /* seconds: the first that is presented */
    struct dits_rational to;   /* where the last one ends */
};

typedef dits_error *dits_media_part_fn(const struct dits_media_part *part,
                                       void *payload);

/*
 * Which chunks hold which time of which track: track by track, by chunk. Chunks
 * without samples are left out. `track` is one of them, or DITS_MEDIA_ALL.
 * INVALID for a file that is not stored; LIMIT when the map would be too large.
 */
#define DITS_MEDIA_ALL ((size_t)-1)
DITS_API DITS_MUST_USE dits_error *dits_media_each_part(dits_media *media,
                                                        size_t track,
                                                        dits_media_part_fn *fn,
                                                        void *payload);

DITS_END_DECLS

#endif
