#include "media/matroska/info.h"

#include "media/matroska/ids.h"
#include "media/matroska/values.h"

static const struct {
    uint32_t id;
    const char *name;
} texts[] = {
    {ID_TITLE, "title"},
    {ID_MUXING_APP, "encoder"},
    {ID_WRITING_APP, "writing_application"},
    {ID_SEGMENT_FILENAME, "segment.filename"},
    {ID_PREV_FILENAME, "segment.previous_filename"},
    {ID_NEXT_FILENAME, "segment.next_filename"},
};

static const struct {
    uint32_t id;
    const char *name;
} uuids[] = {
    {ID_SEGMENT_UUID, "segment.uuid"},
    {ID_PREV_UUID, "segment.previous_uuid"},
    {ID_NEXT_UUID, "segment.next_uuid"},
};

static dits_error *info_text(struct media_file *file,
                             const struct ebml_element *child)
{
    struct window *window = &matroska_of(file)->window;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (texts[i].id == child->id)
            TRY(value_text(window, child, &file->facts, texts[i].name));
    for (size_t i = 0; i < sizeof(uuids) / sizeof(uuids[0]); i++)
        if (uuids[i].id == child->id)
            TRY(value_hex(window, child, &file->facts, uuids[i].name));
    return NULL;
}

struct info_times {
    uint64_t scale;  /* nanoseconds of a tick */
    double duration; /* ticks */
    int64_t date;
};

static dits_error *info_child(struct media_file *file,
                              const struct ebml_element *child,
                              struct info_times *times)
{
    struct window *window = &matroska_of(file)->window;
    switch (child->id) {
    case ID_TIMESTAMP_SCALE:
        return ebml_uint(window, child, &times->scale);
    case ID_DURATION:
        return ebml_float(window, child, &times->duration);
    case ID_DATE_UTC:
        return ebml_int(window, child, &times->date);
    default:
        return info_text(file, child);
    }
}

dits_error *info_read(struct media_file *file, const struct ebml_element *info)
{
    struct matroska *matroska = matroska_of(file);
    struct ebml_list list = ebml_children(&matroska->window, info);
    struct ebml_element child = {0};
    struct info_times times = {.scale = matroska->scale};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        TRY(info_child(file, &child, &times));
        TRY(ebml_next(&list, &child, &found));
    }
    if (times.scale > 0 && times.scale <= UINT32_MAX)
        matroska->scale = times.scale;
    if (times.date != 0)
        TRY(value_date(&file->facts, "creation_time", times.date));
    if (times.duration > 0)
        TRY(value_float(&file->facts, "duration",
                        times.duration * (double)matroska->scale / 1e9));
    return NULL;
}

struct attachment {
    struct ebml_element name;
    struct ebml_element type;
    struct ebml_element about;
    struct ebml_element data;
};

static dits_error *attachment_read(struct media_file *file,
                                   const struct ebml_element *attached)
{
    struct window *window = &matroska_of(file)->window;
    struct ebml_list list = ebml_children(window, attached);
    struct ebml_element child = {0};
    struct attachment is = {0};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_FILE_NAME)
            is.name = child;
        else if (child.id == ID_FILE_MEDIA_TYPE)
            is.type = child;
        else if (child.id == ID_FILE_DESCRIPTION)
            is.about = child;
        else if (child.id == ID_FILE_DATA)
            is.data = child;
        TRY(ebml_next(&list, &child, &found));
    }
    TRY(value_text(window, &is.name, &file->facts, "attachment.name"));
    TRY(value_text(window, &is.type, &file->facts, "attachment.type"));
    TRY(value_text(window, &is.about, &file->facts, "attachment.description"));
    return facts_add_integer(&file->facts, "attachment.size",
                             (int64_t)(is.data.end - is.data.body));
}

dits_error *attachments_read(struct media_file *file,
                             const struct ebml_element *attachments)
{
    struct ebml_list list =
        ebml_children(&matroska_of(file)->window, attachments);
    struct ebml_element child = {0};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_ATTACHED_FILE)
            TRY(attachment_read(file, &child));
        TRY(ebml_next(&list, &child, &found));
    }
    return NULL;
}
