/*
 * media/isobmff/sync.h - where decoding can start
 *
 * ISO/IEC 14496-12, 8.6.2 (stss) and 10.4 (groups of random access points);
 * 'stps' after the QuickTime File Format.
 */
#ifndef MEDIA_ISOBMFF_SYNC_H
#define MEDIA_ISOBMFF_SYNC_H

#include "media/isobmff/sample_table.h"

/* How far the tables were looked through: what it takes to come back. */
struct sync_place {
    uint32_t sync;
    uint32_t partial;
    uint32_t group; /* the row after the current one */
    bool in_group;
    uint64_t group_end; /* the sample after it */
};

/* The fields are for sync.c alone, but `place` may be kept and put back. */
struct sync_cursor {
    const struct sample_table *table;
    struct table_reader sync;
    struct table_reader partial;
    struct table_reader groups;
    struct sync_place place;
};

void sync_cursor_open(struct sync_cursor *cursor,
                      const struct sample_table *table);
void sync_cursor_release(struct sync_cursor *cursor);

/* Numbers ascend from call to call. */
MUST_USE dits_error *sync_cursor_at(struct sync_cursor *cursor, uint64_t number,
                                    enum media_sync *out);

#endif
