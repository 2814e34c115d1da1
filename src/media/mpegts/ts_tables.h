/*
 * media/mpegts/ts_tables.h - programs and their streams
 *
 * The program association and program map tables (ISO/IEC 13818-1, 2.4.4) and
 * the service description table (ETSI EN 300 468, 5.2.3).
 */
#ifndef MEDIA_MPEGTS_TS_TABLES_H
#define MEDIA_MPEGTS_TS_TABLES_H

#include "media/mpegts/ts_state.h"

/*
 * Read the tables of the packets in [from, end): adds programs, and a track for
 * each stream that is new. With `any_checksum`, sections are believed whose
 * checksum is wrong. Errors: of the source, NOMEM.
 */
MUST_USE dits_error *ts_tables_read(struct media_file *file, uint64_t from,
                                    uint64_t end, bool any_checksum);

/* Numbers and names of programs, as facts of the file. */
MUST_USE dits_error *ts_tables_add_facts(struct media_file *file);

#endif
