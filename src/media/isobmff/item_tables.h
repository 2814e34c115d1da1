/*
 * media/isobmff/item_tables.h - what items are and what belongs to them
 *
 * ISO/IEC 14496-12, 8.11.6 (iinf); ISO/IEC 23008-12, 9.3 (iprp, ipco, ipma).
 */
#ifndef MEDIA_ISOBMFF_ITEM_TABLES_H
#define MEDIA_ISOBMFF_ITEM_TABLES_H

#include "media/isobmff/children.h"

struct item_info {
    uint32_t id;
    uint32_t type;
};

/* The properties of one item: indices of 1 or 2 bytes each. */
struct item_links {
    uint32_t id;
    uint32_t config; /* index from 1 of the one that configures a codec; 0 */
    bool is_wide;
    struct slice indices;
};

/* Borrows the payloads it was read from. Zero is empty. */
struct item_tables {
    struct item_info *infos; /* by id */
    size_t info_count;
    struct item_links *links; /* by id */
    size_t link_count;
    struct child *properties;
    size_t property_count;
};

void item_tables_release(struct item_tables *tables);

/* Payloads of 'iinf' and 'iprp'; what is damaged is left out. */
MUST_USE dits_error *item_tables_read(struct item_tables *tables,
                                      struct slice iinf, struct slice iprp);

/* 0: nobody knows that item. */
uint32_t item_tables_type(const struct item_tables *tables, uint32_t id);

/* NULL: the item has no properties. */
const struct item_links *item_tables_links(const struct item_tables *tables,
                                           uint32_t id);

/* Property `index` of the links; NULL past the last, or where it is not. */
const struct child *item_tables_property(const struct item_tables *tables,
                                         const struct item_links *links,
                                         size_t index);
size_t item_links_count(const struct item_links *links);

#endif
