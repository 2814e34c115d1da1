#include "repo/grep_order.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/pool.h"

void grep_records_release(struct grep_records *records)
{
    mem_free(records->items);
    mem_free(records->spans);
    buf_release(&records->text);
    *records = (struct grep_records){0};
}

static void clear(struct grep_records *records)
{
    records->count = 0;
    records->span_count = 0;
    buf_clear(&records->text);
}

static dits_error *add(struct grep_records *records,
                       const struct grep_record *record)
{
    struct grep_record *items = array_grown(records->items, records->count,
                                            &records->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    records->items = items;
    records->items[records->count++] = *record;
    return NULL;
}

static dits_error *add_span(struct grep_records *records,
                            const struct dits_grep_span *span)
{
    struct dits_grep_span *spans =
        array_grown(records->spans, records->span_count,
                    &records->span_capacity, sizeof(*spans));
    if (spans == NULL)
        return error_nomem();
    records->spans = spans;
    records->spans[records->span_count++] = *span;
    return NULL;
}

dits_error *grep_records_add(struct grep_records *records,
                             const struct grep_line *line)
{
    const struct grep_record record = {
        .kind = line->kind,
        .number = line->number,
        .offset = records->text.size,
        .size = line->text.size,
        .first_span = records->span_count,
        .span_count = line->span_count,
    };
    TRY(buf_put(&records->text, line->text.data, line->text.size));
    TRY(buf_put_u8(&records->text, 0));
    for (size_t i = 0; i < line->span_count; i++)
        TRY(add_span(records, &line->spans[i]));
    return add(records, &record);
}

dits_error *grep_records_add_file(struct grep_records *records,
                                  const struct grep_result *result)
{
    const struct grep_record record = {
        .kind = DITS_GREP_FILE,
        .number = result->hits,
        .is_binary = result->is_binary,
        .offset = records->text.size,
    };
    TRY(buf_put_u8(&records->text, 0));
    return add(records, &record);
}

void grep_order_init(struct grep_order *order, grep_tell_fn *tell,
                     void *payload)
{
    *order = (struct grep_order){.tell = tell, .payload = payload};
    (void)pthread_mutex_init(&order->mutex, NULL);
    (void)pthread_cond_init(&order->moved, NULL);
}

void grep_order_release(struct grep_order *order)
{
    for (size_t i = 0; i < GREP_ORDER_AHEAD; i++)
        grep_records_release(&order->slots[i].records);
    (void)pthread_cond_destroy(&order->moved);
    (void)pthread_mutex_destroy(&order->mutex);
}

void grep_order_stop(struct grep_order *order)
{
    POOL_LOCKED(&order->mutex);
    order->stopped = true;
    (void)pthread_cond_broadcast(&order->moved);
}

bool grep_order_take(struct grep_order *order, size_t *out_item)
{
    POOL_LOCKED(&order->mutex);
    if (order->stopped || order->next >= order->count)
        return false;
    *out_item = order->next++;
    while (!order->stopped && *out_item >= order->turn + GREP_ORDER_AHEAD)
        (void)pthread_cond_wait(&order->moved, &order->mutex);
    return !order->stopped;
}

/* With the lock held. It is given away while the caller's function runs. */
static dits_error *tell(struct grep_order *order, size_t item,
                        const struct grep_records *records)
{
    order->is_telling = true;
    (void)pthread_mutex_unlock(&order->mutex);
    dits_error *err = order->tell(item, records, order->payload);
    (void)pthread_mutex_lock(&order->mutex);
    order->is_telling = false;
    order->stopped |= err != NULL;
    (void)pthread_cond_broadcast(&order->moved);
    return err;
}

dits_error *grep_order_flush(struct grep_order *order, size_t item,
                             struct grep_records *records)
{
    POOL_LOCKED(&order->mutex);
    while (!order->stopped && (order->turn != item || order->is_telling))
        (void)pthread_cond_wait(&order->moved, &order->mutex);
    dits_error *err = order->stopped ? NULL : tell(order, item, records);
    clear(records);
    return err;
}

/* Whoever finishes the file whose turn it is tells of all that are done. */
static dits_error *tell_done(struct grep_order *order)
{
    while (!order->stopped && !order->is_telling) {
        size_t item = order->turn;
        struct grep_slot *slot = &order->slots[item % GREP_ORDER_AHEAD];
        if (!slot->is_done)
            return NULL;
        CLEANUP(grep_records_release)
        struct grep_records records = MOVE(slot->records);
        slot->is_done = false;
        TRY(tell(order, item, &records));
        order->turn++;
        (void)pthread_cond_broadcast(&order->moved);
    }
    return NULL;
}

dits_error *grep_order_finish(struct grep_order *order, size_t item,
                              struct grep_records *records)
{
    POOL_LOCKED(&order->mutex);
    struct grep_slot *slot = &order->slots[item % GREP_ORDER_AHEAD];
    grep_records_release(&slot->records);
    slot->records = MOVE(*records);
    slot->is_done = true;
    return tell_done(order);
}
