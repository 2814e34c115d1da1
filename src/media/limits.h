/*
 * media/limits.h - how much of a hostile file is looked at
 *
 * Every bound of the media layer, in one place. They scale with the file where
 * honest files do.
 */
#ifndef MEDIA_LIMITS_H
#define MEDIA_LIMITS_H

#define LIMIT_TRACKS 1024u
#define LIMIT_DEPTH 32u            /* nesting of boxes, elements, sets */
#define LIMIT_NODES 4000000u       /* boxes or elements walked in one pass */
#define LIMIT_RUNS 4000000u        /* runs of samples of all fragments */
#define LIMIT_FRAGMENTS (1u << 20) /* of a file that is served in parts */
#define LIMIT_FRAGMENT_PARTS (4u << 20) /* tracks in all of those */
#define LIMIT_INDEX_BOXES 65536u        /* that say where fragments are */
#define LIMIT_ITEMS 65536u        /* stills of one file, and their pieces */
#define LIMIT_FACTS 4096u         /* of one track, or of the file */
#define LIMIT_CUES 1000000u       /* texts of one subtitle track */
#define LIMIT_TEXT 65536u         /* bytes of one text */
#define LIMIT_PAYLOAD (16u << 20) /* bytes of a header read into memory */
#define LIMIT_RESYNC (256u << 20) /* bytes searched for the next element */
#define LIMIT_FRONT 4096u         /* bytes that each frame lacks */
#define LIMIT_INFLATE (64u << 20) /* bytes of a compressed header */

/* Transport streams: what is read to open one, and programs of one. */
#define LIMIT_TS_HEAD (8u << 20)
#define LIMIT_TS_TAIL (4u << 20)
#define LIMIT_TS_PROGRAMS 256u

/* Of files that wrap others: gzip, zip. Past these, they stay as they are. */
#define LIMIT_WRAP_MEMBERS 65536u
#define LIMIT_WRAP_PLAIN (256u << 20) /* bytes of all members, unpacked */
#define LIMIT_WRAP_RATIO 200u         /* unpacked bytes for a packed one */

/*
 * Matroska: clusters stepped over for what stands behind them, and blocks
 * counted when a file is opened.
 */
#define LIMIT_HEADER_STEPS 65536u
#define LIMIT_OPEN_BLOCKS 16384u

/* MXF: sets of the header metadata, and bytes that are searched in them. */
#define LIMIT_MXF_SETS 65536u
#define LIMIT_MXF_WORK (256u << 20)
#define LIMIT_MXF_PARTITIONS 65536u
#define LIMIT_MXF_SEGMENTS 65536u
/* Strips or tiles of one picture. */
#define LIMIT_EXTENTS 65536u

/* Of keyframes.c: bytes read to check an index, and to do without one. */
#define LIMIT_PROBE (8u << 20)
#define LIMIT_SCAN (256u << 20)
#define LIMIT_KEYFRAMES (1u << 18)

/* Elementary streams up to so many bytes have their samples counted. */
#define LIMIT_COUNTED (256u << 20)

/* Of the samples: the start of the first of each track, found among spans. */
#define LIMIT_SAMPLE_HEAD (64u << 10)
#define LIMIT_HEAD_SPANS 20000u
#define LIMIT_EDITS 65536u    /* rows of an edit list that are applied */
#define LIMIT_TOTALLED 65536u /* runs of durations that are added up */

#endif
