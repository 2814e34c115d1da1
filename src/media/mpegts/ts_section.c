#include "media/mpegts/ts_section.h"

#include "base/be.h"

enum { STUFFING = 0xff };

void ts_section_release(struct ts_section *section)
{
    buf_release(&section->bytes);
    section->is_open = false;
}

void ts_section_split(struct slice payload, bool is_start,
                      struct slice *out_older, struct slice *out_newer)
{
    *out_older = payload;
    *out_newer = (struct slice){0};
    if (!is_start || payload.size == 0)
        return;
    size_t pointer = payload.data[0];
    size_t left = payload.size - 1;
    size_t older = pointer < left ? pointer : left;
    *out_older = slice_of(payload.data + 1, older);
    *out_newer = slice_of(payload.data + 1 + older, left - older);
}

void ts_section_begin(struct ts_section *section)
{
    buf_clear(&section->bytes);
    section->is_open = true;
}

size_t ts_section_size(const uint8_t *header)
{
    return TS_SECTION_HEADER + (be16_load(header + 1) & 0xfffu);
}

static dits_error *take(struct ts_section *section, struct slice *payload,
                        size_t up_to)
{
    size_t missing = up_to - section->bytes.size;
    size_t size = missing < payload->size ? missing : payload->size;
    if (size > 0)
        TRY(buf_put(&section->bytes, payload->data, size));
    *payload = slice_of(payload->data + size, payload->size - size);
    return NULL;
}

dits_error *ts_section_feed(struct ts_section *section, struct slice *payload,
                            struct slice *out_whole)
{
    struct buf *bytes = &section->bytes;
    *out_whole = (struct slice){0};
    if (!section->is_open || payload->size == 0 ||
        (bytes->size == 0 && payload->data[0] == STUFFING)) {
        section->is_open = section->is_open && bytes->size > 0;
        *payload = (struct slice){0};
        return NULL;
    }
    if (bytes->size < TS_SECTION_HEADER)
        TRY(take(section, payload, TS_SECTION_HEADER));
    if (bytes->size < TS_SECTION_HEADER)
        return NULL;
    size_t size = ts_section_size(bytes->data);
    if (size > bytes->size)
        TRY(take(section, payload, size));
    if (bytes->size < size)
        return NULL;
    *out_whole = buf_slice(bytes);
    section->is_open = false;
    return NULL;
}

bool ts_section_is_intact(struct slice section)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < section.size; i++) {
        crc ^= (uint32_t)section.data[i] << 24;
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc << 1 ^ (crc >> 31 != 0 ? 0x04c11db7u : 0);
    }
    return crc == 0;
}
