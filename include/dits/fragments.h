/*
 * dits/fragments.h - any range of fragments of a clip, as a file
 *
 * A fragmented MP4 or CMAF file (ISO/IEC 14496-12, 8.8; ISO/IEC 23000-19) is a
 * movie box and then fragments, each with its own index and media data. From
 * one that is on disk or stored, this makes files of some of its fragments
 * without copying any media: what is served is the movie, patched, and the
 * fragments where they lie, their indexes patched while they are read. Such a
 * file can be read at any place, for instance to answer a request for a range
 * of bytes.
 */
#ifndef DITS_FRAGMENTS_H
#define DITS_FRAGMENTS_H

#include <dits/media.h>

DITS_BEGIN_DECLS

/*
 * A clip and where its fragments are. Immutable: any thread may ask it, and
 * read files made of it, one thread for each of these. Memory: about 100 bytes
 * a fragment with one track, 40 for each further track.
 */
typedef struct dits_fragments dits_fragments;

struct dits_fragments_info {
    const char *path;   /* as it was asked for */
    uint64_t size;      /* bytes */
    uint64_t init_size; /* bytes before the first fragment */
    size_t count;       /* fragments */
    size_t track_count;
    size_t leader;         /* track by which fragments are chosen */
    bool has_own_samples;  /* the movie box has samples, before all fragments */
    bool is_cut;           /* the file ends in the middle of a fragment, which
                              is not counted, or goes on with damage */
    uint32_t sidx_entries; /* references of its segment indexes, */
    uint32_t sidx_wrong;   /* and those that lead to no fragment */
    uint32_t tfra_entries; /* the same of 'mfra' */
    uint32_t tfra_wrong;
};

/* Times are seconds, as shown once edit lists are applied. */
struct dits_fragment {
    uint64_t offset;            /* of its 'moof' */
    uint64_t size;              /* with its media data */
    uint32_t sequence_number;   /* as the file has it */
    size_t part_count;          /* tracks in it */
    struct dits_rational start; /* of the leading track, if it is in there, */
    struct dits_rational duration; /* else of the first one that is */
    bool is_sync;                  /* decoding that one can start with it */
    bool is_usable; /* false: damaged, or with samples outside of itself */
};

/* One track in one fragment. */
struct dits_fragment_part {
    size_t track; /* index, in the order of the movie box */
    uint64_t track_id;
    struct dits_rational time_base;
    int64_t decode_time; /* ticks: of the first sample, before edits */
    int64_t duration;    /* ticks */
    uint32_t samples;
    bool is_sync; /* decoding can start with the first */
};

/*
 * Open `path` of the disk; no repository is needed. The caller frees `*out`.
 *
 * Errors: UNSUPPORTED (no movie with fragments), NOT_FOUND, DENIED, INVALID
 * (not a regular file), CORRUPT, LIMIT (more than a million fragments, or
 * boxes too large), CANCELLED.
 */
DITS_API DITS_MUST_USE dits_error *dits_fragments_open(const char *path,
                                                       dits_fragments **out);

/*
 * The same of a stored version: `path` and `revision` as of dits_file_open().
 * The repository outlives it.
 */
DITS_API DITS_MUST_USE dits_error *dits_fragments_open_stored(
    dits_repo *repo, const char *revision, const char *path,
    dits_fragments **out);
DITS_API void dits_fragments_free(dits_fragments *fragments);

/* Borrowed. */
DITS_API const struct dits_fragments_info *dits_fragments_get_info(
    const dits_fragments *fragments);

/* Fragment `index`, from 0, which exists; and a part of it. */
DITS_API void dits_fragments_at(const dits_fragments *fragments, size_t index,
                                struct dits_fragment *out);
DITS_API void dits_fragments_part_at(const dits_fragments *fragments,
                                     size_t index, size_t part,
                                     struct dits_fragment_part *out);

/*
 * The fragments that show the time from `from` up to `to`, in seconds: from
 * `*out_first` to `*out_last` - 1. The first is one with which decoding can
 * start, so it may begin earlier. A `den` of 0 is no bound.
 *
 * Errors: NOT_FOUND (nothing is shown then), INVALID (`from` is not before
 * `to`).
 */
DITS_API DITS_MUST_USE dits_error *dits_fragments_find(
    const dits_fragments *fragments, struct dits_rational from,
    struct dits_rational to, size_t *out_first, size_t *out_last);

/*
 * What may stay as it is in the clip. The zero value makes a file in its own
 * right: fragments are numbered from 1, decoding starts at time 0 with all
 * tracks as much apart as they are, and 'sidx' and 'mfra' lead to each
 * fragment.
 */
struct dits_fragment_file_options {
    bool keep_times;   /* decode times as in the clip */
    bool keep_numbers; /* sequence numbers as in the clip */
    bool no_tables;    /* neither 'sidx' nor 'mfra' */
};

/* One thread at a time. */
typedef struct dits_fragment_file dits_fragment_file;

/*
 * A file of the fragments `first` to `last` - 1. If that is all of them and
 * nothing has to change (keep_times; keep_numbers, or numbers from 1 on), it is
 * the clip itself, byte for byte. Samples that the movie box itself has belong
 * to a range that begins with the first fragment. `options` may be NULL. The
 * caller frees `*out`; `fragments` outlives it. Costs a look at each fragment
 * of the range in memory, and no reading of media.
 *
 * Errors: INVALID (no such range), UNSUPPORTED (a fragment has samples outside
 * of itself, or the edit list holds for the whole only), CORRUPT, LIMIT.
 */
DITS_API DITS_MUST_USE dits_error *dits_fragment_file_open(
    const dits_fragments *fragments, size_t first, size_t last,
    const struct dits_fragment_file_options *options, dits_fragment_file **out);
DITS_API void dits_fragment_file_free(dits_fragment_file *file);

/* Bytes. */
DITS_API uint64_t dits_fragment_file_size(const dits_fragment_file *file);

/*
 * Exactly `size` bytes at `offset`. Cost: O(log n) in the number of fragments,
 * and reading what is asked for, with a 'moof' where its bytes are.
 *
 * Errors: INVALID past the end; CORRUPT; CONFLICT (a file of the disk became
 * shorter); LIMIT (a field cannot hold its new value).
 */
DITS_API DITS_MUST_USE dits_error *dits_fragment_file_read_at(
    dits_fragment_file *file, uint64_t offset, size_t size, void *out);

DITS_END_DECLS

#endif
