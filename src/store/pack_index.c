#include "store/pack_index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/le.h"
#include "base/mem.h"

#define INDEX_VERSION 1u
#define NAME_CONTEXT "dits 2026-11 pack v1 name"

enum {
    AT_VERSION = 8,
    AT_FANOUT_BITS = 10,
    AT_RESERVED = 11,
    AT_COUNT = 12,
    AT_FRAMES_END = 16,
    AT_NAME = 24,
    AT_CHECKSUM = 56,
    /* In an entry, after the id. */
    AT_OFFSET = 32,
    AT_PLAIN_SIZE = 36,
    AT_STORED_SIZE = 40,
    AT_KIND = 44,
    AT_CODEC = 45,
    AT_FLAGS = 46,

    MAGIC_SIZE = 8,
    FULL_PAGE_SIZE = PACK_INDEX_PAGE_ENTRIES * PACK_INDEX_ENTRY_SIZE +
                     PACK_INDEX_CHECKSUM_SIZE,
    ENTRIES_PER_BUCKET = 4,
};

static const uint8_t magic[MAGIC_SIZE] = {0x8d, 'D',  'P',  'I',
                                          '\r', '\n', 0x1a, '\n'};

/* Header, fan-out and its checksum: what is there twice. */
static size_t head_size(unsigned fanout_bits)
{
    return PACK_INDEX_HEADER_SIZE + ((size_t)4 << fanout_bits) +
           PACK_INDEX_CHECKSUM_SIZE;
}

static uint32_t page_count(uint32_t count)
{
    return (count + PACK_INDEX_PAGE_ENTRIES - 1) / PACK_INDEX_PAGE_ENTRIES;
}

static size_t pages_size(uint32_t count)
{
    return (size_t)count * PACK_INDEX_ENTRY_SIZE +
           (size_t)page_count(count) * PACK_INDEX_CHECKSUM_SIZE;
}

static uint32_t bucket_of(const struct dits_oid *id, unsigned bits)
{
    uint32_t top = (uint32_t)id->hash[0] << 8 | id->hash[1];
    return top >> (16 - bits);
}

static bool checksum_holds(const uint8_t *bytes, size_t size)
{
    return le64_load(bytes + size) == hash_checksum(bytes, size);
}

/* Counts up to and including each bucket: must not fall, and end at `count`. */
static bool fanout_rises(const uint8_t *fanout, unsigned bits, uint32_t count)
{
    uint32_t before = 0;
    for (size_t i = 0; i < (size_t)1 << bits; i++) {
        uint32_t now = le32_load(fanout + 4 * i);
        if (now < before)
            return false;
        before = now;
    }
    return before == count;
}

/* Read one copy of the head, at `bytes`; `left` bytes are there. */
static dits_error *parse_head(const uint8_t *bytes, size_t left,
                              struct pack_index *out)
{
    if (left < PACK_INDEX_HEADER_SIZE ||
        memcmp(bytes, magic, MAGIC_SIZE) != 0 ||
        !checksum_holds(bytes, AT_CHECKSUM))
        return error_new(DITS_E_CORRUPT, "the start of the index is damaged");
    unsigned version = le16_load(bytes + AT_VERSION);
    if (version != INDEX_VERSION)
        return error_new(DITS_E_UNSUPPORTED, "a pack index of version %u",
                         version);

    struct pack_index index = {
        .fanout = bytes + PACK_INDEX_HEADER_SIZE,
        .count = le32_load(bytes + AT_COUNT),
        .fanout_bits = bytes[AT_FANOUT_BITS],
        .frames_end = le64_load(bytes + AT_FRAMES_END),
    };
    memcpy(index.name.hash, bytes + AT_NAME, OID_SIZE);
    if (index.fanout_bits > PACK_INDEX_MAX_FANOUT_BITS || index.count == 0 ||
        index.frames_end < PACK_HEADER_SIZE ||
        index.frames_end > PACK_MAX_BYTES)
        return error_new(DITS_E_CORRUPT, "the index is out of bounds");
    if (left < head_size(index.fanout_bits) ||
        !checksum_holds(index.fanout, (size_t)4 << index.fanout_bits) ||
        !fanout_rises(index.fanout, index.fanout_bits, index.count))
        return error_new(DITS_E_CORRUPT, "the fan-out is damaged");
    *out = index;
    return NULL;
}

/* The copy at the end: its place depends on the bits, which are few. */
static dits_error *parse_second_head(const uint8_t *bytes, size_t size,
                                     struct pack_index *out)
{
    for (unsigned bits = 0; bits <= PACK_INDEX_MAX_FANOUT_BITS; bits++) {
        size_t length = head_size(bits);
        if (length > size ||
            memcmp(bytes + size - length, magic, MAGIC_SIZE) != 0)
            continue;
        struct pack_index index = {0};
        CLEANUP(dits_error_freep)
        dits_error *err = parse_head(bytes + size - length, length, &index);
        if (err != NULL || index.fanout_bits != bits)
            continue;
        *out = index;
        return NULL;
    }
    return error_new(DITS_E_CORRUPT, "both copies of the start are damaged");
}

dits_error *pack_index_parse(const uint8_t *bytes, size_t size,
                             struct pack_index *out)
{
    struct pack_index index = {0};
    dits_error *err = parse_head(bytes, size, &index);
    if (dits_error_has(err, DITS_E_CORRUPT)) {
        dits_error_free(err); /* the other copy decides */
        err = parse_second_head(bytes, size, &index);
    }
    TRY(err);

    size_t head = head_size(index.fanout_bits);
    if (size != 2 * head + pages_size(index.count))
        return error_new(DITS_E_CORRUPT, "%" PRIu32 " chunks in %zu bytes",
                         index.count, size);
    index.pages = bytes + head;
    index.states = mem_new_array(struct page_state, page_count(index.count));
    if (index.states == NULL)
        return error_nomem();
    *out = index;
    return NULL;
}

void pack_index_release(struct pack_index *index)
{
    mem_free(index->states);
    *index = (struct pack_index){0};
}

/* The entry's bytes. NULL: its page is damaged. */
static const uint8_t *entry_at(const struct pack_index *index, uint32_t i)
{
    uint32_t page = i / PACK_INDEX_PAGE_ENTRIES;
    const uint8_t *bytes = index->pages + (size_t)page * FULL_PAGE_SIZE;
    atomic_bool *verified = &index->states[page].verified;
    if (!atomic_load_explicit(verified, memory_order_relaxed)) {
        uint32_t left = index->count - page * PACK_INDEX_PAGE_ENTRIES;
        uint32_t here =
            left < PACK_INDEX_PAGE_ENTRIES ? left : PACK_INDEX_PAGE_ENTRIES;
        if (!checksum_holds(bytes, (size_t)here * PACK_INDEX_ENTRY_SIZE))
            return NULL;
        atomic_store_explicit(verified, true, memory_order_relaxed);
    }
    return bytes +
           (size_t)(i % PACK_INDEX_PAGE_ENTRIES) * PACK_INDEX_ENTRY_SIZE;
}

static dits_error *damaged_page(uint32_t i)
{
    return error_new(DITS_E_CORRUPT, "page %u of the index is damaged",
                     (unsigned)(i / PACK_INDEX_PAGE_ENTRIES));
}

static void decode_entry(const uint8_t *bytes, struct frame *out)
{
    memcpy(out->id.hash, bytes, OID_SIZE);
    out->offset = le32_load(bytes + AT_OFFSET);
    out->plain_size = le32_load(bytes + AT_PLAIN_SIZE);
    out->stored_size = le32_load(bytes + AT_STORED_SIZE);
    out->kind = bytes[AT_KIND];
    out->codec = bytes[AT_CODEC];
    out->flags = bytes[AT_FLAGS];
}

dits_error *pack_index_at(const struct pack_index *index, uint32_t i,
                          struct frame *out)
{
    struct frame frame = {0};
    const uint8_t *entry = entry_at(index, i);
    if (entry == NULL)
        return damaged_page(i);
    decode_entry(entry, &frame);
    TRY(frame_check(&frame));
    if (frame.offset < PACK_HEADER_SIZE ||
        frame.offset + frame_span(&frame) > index->frames_end)
        return error_new(
            DITS_E_CORRUPT,
            "chunk %" PRIu32 " of the index lies outside of the pack", i);
    *out = frame;
    return NULL;
}

dits_error *pack_index_verify(const uint8_t *bytes, size_t size)
{
    CLEANUP(pack_index_release) struct pack_index index = {0};
    TRY(pack_index_parse(bytes, size, &index));
    size_t head = head_size(index.fanout_bits);
    if (memcmp(bytes, bytes + size - head, head) != 0)
        return error_new(DITS_E_CORRUPT, "one copy of the start is damaged");

    struct dits_oid before = {0};
    for (uint32_t i = 0; i < index.count; i++) {
        struct frame frame = {0};
        TRY(pack_index_at(&index, i, &frame));
        if (oid_compare(&before, &frame.id) > 0)
            return error_new(DITS_E_CORRUPT, "the index is out of order");
        before = frame.id;
    }
    return NULL;
}

dits_error *pack_index_lower_bound(const struct pack_index *index,
                                   const struct dits_oid *id, uint32_t *out)
{
    uint32_t bucket = bucket_of(id, index->fanout_bits);
    uint32_t low =
        bucket == 0 ? 0 : le32_load(index->fanout + 4 * (size_t)(bucket - 1));
    uint32_t high = le32_load(index->fanout + 4 * (size_t)bucket);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const uint8_t *entry = entry_at(index, middle);
        if (entry == NULL)
            return damaged_page(middle);
        if (memcmp(entry, id->hash, OID_SIZE) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *out = low;
    return NULL;
}

dits_error *pack_index_find(const struct pack_index *index,
                            const struct dits_oid *id, bool *out_found,
                            struct frame *out)
{
    uint32_t i = 0;
    *out_found = false;
    TRY(pack_index_lower_bound(index, id, &i));
    if (i >= index->count)
        return NULL;
    const uint8_t *entry = entry_at(index, i);
    if (entry == NULL)
        return damaged_page(i);
    if (memcmp(entry, id->hash, OID_SIZE) != 0)
        return NULL;
    TRY(pack_index_at(index, i, out));
    *out_found = true;
    return NULL;
}

static int compare_frames(const void *a, const void *b)
{
    const struct frame *x = a;
    const struct frame *y = b;
    int order = oid_compare(&x->id, &y->id);
    return order != 0 ? order
                      : (x->offset > y->offset) - (x->offset < y->offset);
}

static unsigned choose_fanout_bits(uint32_t count)
{
    unsigned bits = 0;
    while (bits < PACK_INDEX_MAX_FANOUT_BITS &&
           count >> (bits + 1) >= ENTRIES_PER_BUCKET)
        bits++;
    return bits;
}

static void encode_entry(const struct frame *frame, uint8_t *out)
{
    memcpy(out, frame->id.hash, OID_SIZE);
    le32_store(out + AT_OFFSET, frame->offset);
    le32_store(out + AT_PLAIN_SIZE, frame->plain_size);
    le32_store(out + AT_STORED_SIZE, frame->stored_size);
    out[AT_KIND] = frame->kind;
    out[AT_CODEC] = frame->codec;
    out[AT_FLAGS] = frame->flags;
    out[AT_FLAGS + 1] = 0;
}

/* All pages; `out_name` is the hash of their entries. */
static void encode_pages(const struct frame *frames, uint32_t count,
                         uint8_t *out, struct dits_oid *out_name)
{
    struct hash hash;
    hash_begin_derived(&hash, NAME_CONTEXT);
    for (uint32_t i = 0; i < count;) {
        uint8_t *start = out;
        for (uint32_t k = 0; k < PACK_INDEX_PAGE_ENTRIES && i < count; k++) {
            encode_entry(&frames[i++], out);
            out += PACK_INDEX_ENTRY_SIZE;
        }
        size_t size = (size_t)(out - start);
        hash_update(&hash, start, size);
        le64_store(out, hash_checksum(start, size));
        out += PACK_INDEX_CHECKSUM_SIZE;
    }
    hash_finish(&hash, out_name);
}

static void encode_head(const struct pack_index *index,
                        const struct frame *frames, uint8_t *out)
{
    memcpy(out, magic, MAGIC_SIZE);
    le16_store(out + AT_VERSION, INDEX_VERSION);
    out[AT_FANOUT_BITS] = (uint8_t)index->fanout_bits;
    out[AT_RESERVED] = 0;
    le32_store(out + AT_COUNT, index->count);
    le64_store(out + AT_FRAMES_END, index->frames_end);
    memcpy(out + AT_NAME, index->name.hash, OID_SIZE);
    le64_store(out + AT_CHECKSUM, hash_checksum(out, AT_CHECKSUM));

    uint8_t *fanout = out + PACK_INDEX_HEADER_SIZE;
    size_t buckets = (size_t)1 << index->fanout_bits;
    uint32_t i = 0;
    for (size_t bucket = 0; bucket < buckets; bucket++) {
        while (i < index->count &&
               bucket_of(&frames[i].id, index->fanout_bits) <= bucket)
            i++;
        le32_store(fanout + 4 * bucket, i);
    }
    le64_store(fanout + 4 * buckets, hash_checksum(fanout, 4 * buckets));
}

dits_error *pack_index_build(struct frame *frames, uint32_t count,
                             uint64_t frames_end, struct dits_oid *name,
                             struct buf *out)
{
    struct pack_index index = {
        .count = count,
        .fanout_bits = choose_fanout_bits(count),
        .frames_end = frames_end,
    };
    size_t head = head_size(index.fanout_bits);
    size_t pages = pages_size(count);
    void *at = NULL;
    TRY(buf_extend(out, 2 * head + pages, &at));

    qsort(frames, count, sizeof(*frames), compare_frames);
    uint8_t *bytes = at;
    encode_pages(frames, count, bytes + head, &index.name);
    if (dits_oid_is_zero(name))
        *name = index.name;
    index.name = *name;
    encode_head(&index, frames, bytes);
    memcpy(bytes + head + pages, bytes, head);
    return NULL;
}
