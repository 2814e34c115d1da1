#include "store/pending.h"

#include "base/le.h"
#include "base/mem.h"

enum { FIRST_SLOTS = 64 };

/* Ids are hashes: any of their bits are as good as others. */
static uint32_t slot_of(const struct pending *pending,
                        const struct dits_oid *id)
{
    uint32_t mask = pending->slot_count - 1;
    uint32_t slot = le32_load(id->hash + 4) & mask;
    while (pending->slots[slot] != 0) {
        const struct frame *row =
            &pending->frames.rows[pending->slots[slot] - 1];
        if (dits_oid_equal(&row->id, id))
            break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

const struct frame *pending_find(const struct pending *pending,
                                 const struct dits_oid *id)
{
    if (pending->slot_count == 0)
        return NULL;
    uint32_t row = pending->slots[slot_of(pending, id)];
    return row == 0 ? NULL : &pending->frames.rows[row - 1];
}

/* Keep half of the slots free. */
static dits_error *grow(struct pending *pending)
{
    if (pending->slot_count > 2 * pending->frames.count)
        return NULL;
    uint32_t count = pending->slot_count == 0 ? FIRST_SLOTS
                                              : 4 * pending->slot_count;
    uint32_t *slots = mem_new_array(uint32_t, count);
    if (slots == NULL)
        return error_nomem();
    mem_free(pending->slots);
    pending->slots = slots;
    pending->slot_count = count;
    for (uint32_t i = 0; i < pending->frames.count; i++)
        slots[slot_of(pending, &pending->frames.rows[i].id)] = i + 1;
    return NULL;
}

dits_error *pending_add(struct pending *pending, const struct frame *frame)
{
    TRY(grow(pending));
    TRY(frame_list_add(&pending->frames, frame));
    pending->slots[slot_of(pending, &frame->id)] = pending->frames.count;
    return NULL;
}

void pending_release(struct pending *pending)
{
    frame_list_release(&pending->frames);
    mem_free(pending->slots);
    *pending = (struct pending){0};
}
