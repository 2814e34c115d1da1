#include "media/mxf/mxf_names.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/be.h"

enum {
    TAG_START = 0x1501,
    TAG_BASE = 0x1502,
    TAG_DROP = 0x1503,
    TAG_COMPONENTS = 0x1001,
    TAG_TRACKS = 0x4403,
    TAG_SEQUENCE = 0x4803,
    TAG_TRACK_NAME = 0x4802,
    TAG_PACKAGE_UID = 0x4401,
    TAG_PACKAGE_NAME = 0x4402,
};

enum form { FORM_TEXT, FORM_UUID, FORM_TIME, FORM_UMID, FORM_VERSION };

struct name_row {
    uint16_t tag;
    enum form form;
    const char *fact;
};

/* ST 377-1, annex A: the identification set. */
static const struct name_row identification[] = {
    {0x3c01, FORM_TEXT, "tag.company_name"},
    {0x3c02, FORM_TEXT, "tag.product_name"},
    {0x3c03, FORM_VERSION, "tag.product_version_num"},
    {0x3c04, FORM_TEXT, "tag.product_version"},
    {0x3c05, FORM_UUID, "tag.product_uid"},
    {0x3c06, FORM_TIME, "tag.modification_date"},
    {0x3c07, FORM_VERSION, "tag.toolkit_version_num"},
    {0x3c08, FORM_TEXT, "tag.application_platform"},
    {0x3c09, FORM_UUID, "tag.generation_uid"},
    {0x3c0a, FORM_UUID, "tag.uid"},
    {0, FORM_TEXT, NULL},
};

static const struct name_row material[] = {
    {TAG_PACKAGE_UID, FORM_UMID, "tag.material_package_umid"},
    {TAG_PACKAGE_NAME, FORM_TEXT, "tag.material_package_name"},
    {0x4405, FORM_TIME, "creation_time"},
    {0, FORM_TEXT, NULL},
};

static const struct name_row source[] = {
    {TAG_PACKAGE_UID, FORM_UMID, "tag.file_package_umid"},
    {TAG_PACKAGE_NAME, FORM_TEXT, "tag.file_package_name"},
    {0, FORM_TEXT, NULL},
};

static const struct name_row track_names[] = {
    {TAG_TRACK_NAME, FORM_TEXT, "tag.track_name"},
    {0, FORM_TEXT, NULL},
};

/* Sixteen bytes as hexadecimal with hyphens. */
static dits_error *put_uuid(struct slice value, struct buf *out)
{
    if (value.size != 16)
        return NULL;
    for (size_t i = 0; i < value.size; i++) {
        bool is_hyphen = i == 4 || i == 6 || i == 8 || i == 10;
        TRY(buf_printf(out, "%s%02x", is_hyphen ? "-" : "", value.data[i]));
    }
    return NULL;
}

static dits_error *put_umid(struct slice value, struct buf *out)
{
    if (value.size != 32)
        return NULL;
    TRY(buf_put_text(out, "0x"));
    for (size_t i = 0; i < value.size; i++)
        TRY(buf_printf(out, "%02X", value.data[i]));
    return NULL;
}

/* ST 377-1, 4.3: the last byte counts quarters of 16 ms: 4 ms each. */
static dits_error *put_time(struct slice value, struct buf *out)
{
    const uint8_t *at = value.data;
    if (value.size != 8 || be64_load(at) == 0)
        return NULL;
    return buf_printf(out, "%04u-%02u-%02uT%02u:%02u:%02u.%06uZ", be16_load(at),
                      at[2], at[3], at[4], at[5], at[6], 4000u * at[7]);
}

/* Five numbers: major, minor, patch, build, release. */
static dits_error *put_version(struct slice value, struct buf *out)
{
    if (value.size != 10)
        return NULL;
    for (size_t i = 0; i < 5; i++)
        TRY(buf_printf(out, "%s%u", i == 0 ? "" : ".",
                       be16_load(value.data + 2 * i)));
    return NULL;
}

static dits_error *add_name(struct media_facts *facts, const char *fact,
                            enum form form, struct slice value)
{
    CLEANUP(buf_release) struct buf text = {0};
    if (form == FORM_UUID)
        TRY(put_uuid(value, &text));
    else if (form == FORM_UMID)
        TRY(put_umid(value, &text));
    else if (form == FORM_VERSION)
        TRY(put_version(value, &text));
    else if (form == FORM_TIME)
        TRY(put_time(value, &text));
    else
        TRY(mxf_text(value, &text));
    if (text.size == 0)
        return NULL;
    return facts_add_text(facts, fact, buf_slice(&text));
}

static dits_error *add_names(struct mxf_sets *sets, const struct mxf_set *set,
                             const struct name_row *rows,
                             struct media_facts *facts)
{
    for (; rows->fact != NULL; rows++)
        TRY(add_name(facts, rows->fact, rows->form,
                     mxf_sets_get(sets, set, rows->tag)));
    return NULL;
}

/*
 * SMPTE ST 12-1: with drop frame, the first numbers of each minute but every
 * tenth are left out: two at 30 a second, four at 60.
 */
static void put_timecode(char *text, size_t size, uint64_t frame, uint64_t base,
                         bool is_drop)
{
    uint64_t dropped = base / 15;
    uint64_t minute = 60 * base - dropped;
    uint64_t ten_minutes = 10 * minute + dropped;
    if (is_drop && base % 30 == 0) {
        uint64_t tens = frame / ten_minutes;
        uint64_t rest = frame % ten_minutes;
        uint64_t minutes = rest < dropped ? 0 : (rest - dropped) / minute;
        frame += 9 * dropped * tens + dropped * minutes;
    }
    uint64_t seconds = frame / base;
    (void)snprintf(text, size,
                   "%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64 "%c%02" PRIu64,
                   seconds / 3600 % 24, seconds / 60 % 60, seconds % 60,
                   is_drop ? ';' : ':', frame % base);
}

static dits_error *add_timecode(struct media_file *file, struct mxf_sets *sets,
                                const struct mxf_set *set)
{
    uint64_t start = mxf_sets_number(sets, set, TAG_START, UINT64_MAX);
    uint64_t base = mxf_sets_number(sets, set, TAG_BASE, 0);
    bool is_drop = mxf_sets_number(sets, set, TAG_DROP, 0) != 0;
    char text[32] = "";
    if (start > INT32_MAX || base == 0 || base > 1000 ||
        facts_find(&file->facts, "timecode") != NULL)
        return NULL;
    put_timecode(text, sizeof(text), start, base, is_drop);
    return facts_add_word(&file->facts, "timecode", text);
}

/* The time codes of a package: a track's sequence, or its first component. */
static dits_error *add_timecodes(struct media_file *file, struct mxf_sets *sets,
                                 const struct mxf_set *package)
{
    struct slice list = mxf_sets_references(sets, package, TAG_TRACKS);
    const struct mxf_set *track = NULL;
    while (mxf_sets_next(sets, &list, &track)) {
        if (track == NULL)
            continue;
        const struct mxf_set *set =
            mxf_sets_resolve(sets, mxf_sets_get(sets, track, TAG_SEQUENCE));
        struct slice parts = {0};
        if (set != NULL && set->type == MXF_SET_SEQUENCE) {
            parts = mxf_sets_references(sets, set, TAG_COMPONENTS);
            set = NULL;
            (void)mxf_sets_next(sets, &parts, &set);
        }
        if (set != NULL && set->type == MXF_SET_TIMECODE)
            TRY(add_timecode(file, sets, set));
    }
    return NULL;
}

/* The material package's time code is the one that is shown. */
dits_error *mxf_names_of_file(struct media_file *file, struct mxf_sets *sets)
{
    for (size_t i = 0; i < sets->count; i++) {
        const struct mxf_set *set = &sets->list[i];
        if (set->type == MXF_SET_IDENTIFICATION)
            TRY(add_names(sets, set, identification, &file->facts));
        if (set->type != MXF_SET_MATERIAL_PACKAGE)
            continue;
        TRY(add_names(sets, set, material, &file->facts));
        TRY(add_timecodes(file, sets, set));
    }
    for (size_t i = 0; i < sets->count; i++)
        if (sets->list[i].type == MXF_SET_SOURCE_PACKAGE)
            TRY(add_timecodes(file, sets, &sets->list[i]));
    return NULL;
}

dits_error *mxf_names_of_track(struct mxf_sets *sets,
                               const struct mxf_set *package,
                               const struct mxf_set *set,
                               struct media_track *track)
{
    TRY(add_names(sets, package, source, &track->facts));
    return add_names(sets, set, track_names, &track->facts);
}
