#include "media/isobmff/sync.h"

#include "base/be.h"

void sync_cursor_open(struct sync_cursor *cursor,
                      const struct sample_table *table)
{
    *cursor = (struct sync_cursor){
        .table = table,
        .sync = {.table = &table->sync},
        .partial = {.table = &table->partial},
        .groups = {.table = &table->groups},
    };
}

void sync_cursor_release(struct sync_cursor *cursor)
{
    table_reader_release(&cursor->sync);
    table_reader_release(&cursor->partial);
    table_reader_release(&cursor->groups);
}

/* Whether sample `number` is listed from row `*row` on. Lists begin at 1. */
static dits_error *is_listed(struct table_reader *list, uint32_t *row,
                             uint64_t number, bool *out)
{
    const uint8_t *at = NULL;
    *out = false;
    while (*row < list->table->count) {
        TRY(table_row(list, *row, &at));
        uint64_t listed = be32_load(at);
        *out = listed == number + 1;
        if (listed > number)
            return NULL;
        (*row)++;
    }
    return NULL;
}

static dits_error *is_grouped(struct sync_cursor *cursor, uint64_t number,
                              bool *out)
{
    struct sync_place *place = &cursor->place;
    const uint8_t *row = NULL;
    while (number >= place->group_end &&
           place->group < cursor->table->groups.count) {
        TRY(table_row(&cursor->groups, place->group, &row));
        place->group_end += be32_load(row);
        place->in_group = be32_load(row + 4) != 0;
        place->group++;
    }
    *out = place->in_group && number < place->group_end;
    return NULL;
}

dits_error *sync_cursor_at(struct sync_cursor *cursor, uint64_t number,
                           enum media_sync *out)
{
    struct sync_place *place = &cursor->place;
    bool is_partial = false;
    bool is_sync = !cursor->table->has_sync;
    *out = MEDIA_SYNC_YES;
    if (is_sync)
        return NULL;
    TRY(is_listed(&cursor->sync, &place->sync, number, &is_sync));
    if (!is_sync)
        TRY(is_listed(&cursor->partial, &place->partial, number, &is_partial));
    if (!is_sync && !is_partial)
        TRY(is_grouped(cursor, number, &is_partial));
    if (!is_sync)
        *out = is_partial ? MEDIA_SYNC_PARTIAL : MEDIA_SYNC_NO;
    return NULL;
}
