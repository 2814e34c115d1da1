/*
 * media/captions.h - closed captions as a list of texts with times
 *
 * CEA-608-E (line 21): two fields of two channels each. They come in samples
 * of their own (QuickTime 'c608'), or as cc_data of ATSC A/53 in messages of
 * video. Of CEA-708 only the 608 pairs in it are read.
 */
#ifndef MEDIA_CAPTIONS_H
#define MEDIA_CAPTIONS_H

#include "media/cues.h"

enum { CAPTION_ROWS = 15, CAPTION_COLUMNS = 32, CAPTION_CHANNELS = 4 };

/* A screen of characters: Unicode, 0 where there is nothing. */
struct caption_screen {
    uint16_t cells[CAPTION_ROWS][CAPTION_COLUMNS];
};

enum caption_style {
    CAPTION_POP_ON,
    CAPTION_ROLL_UP,
    CAPTION_PAINT_ON,
    CAPTION_TEXT
};

struct caption_channel {
    struct caption_screen shown, hidden;
    enum caption_style style;
    unsigned row, column, roll_rows;
    int64_t since; /* when `shown` appeared */
};

/* A decoder. Zero is new. Memory comes with the first pair of bytes. */
struct captions {
    struct caption_channel *channels; /* CAPTION_CHANNELS */
    uint8_t current[2];               /* the channel of each field */
    uint16_t last[2];                 /* controls are sent twice */
    unsigned wanted; /* channel 1 to 4 whose cues are kept; 0: channel 1 */
};

void captions_release(struct captions *captions);

/* One pair of bytes of field 0 or 1, shown at `time`. */
MUST_USE dits_error *captions_feed(struct captions *captions, unsigned field,
                                   const uint8_t pair[2], int64_t time,
                                   struct cue_list *out);

/* A sample of 'c608': boxes 'cdat' and 'cdt2'; of 'c708': 'ccdp'. */
MUST_USE dits_error *captions_feed_boxes(struct captions *captions,
                                         struct slice sample, int64_t time,
                                         struct cue_list *out);

/* cc_data() of ATSC A/53 part 4, 6.2.3, from its first byte of flags on. */
MUST_USE dits_error *captions_feed_a53(struct captions *captions,
                                       struct slice cc_data, int64_t time,
                                       struct cue_list *out);

/* What is still shown ends at `time`. */
MUST_USE dits_error *captions_finish(struct captions *captions, int64_t time,
                                     struct cue_list *out);

#endif
