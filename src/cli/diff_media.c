/* What differs between two versions of a media file, in an editor's words. */
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/color.h"
#include "cli/diff_text.h"
#include "cli/format.h"
#include "cli/media_facts.h"
#include "cli/time_text.h"

enum { MOST_STRETCHES = 20, MOST_VALUE = 120 };

/* What is told, line by line, and what the first line says of it all. */
struct story {
    const struct cli *cli;
    struct buf lines;
    char *before; /* containers, when they differ */
    char *after;
    size_t same_tracks;
    size_t other_tracks; /* changed, added, removed, not read */
    size_t facts;
    size_t stretches; /* of one track */
    size_t track;
};

static void release_story(struct story *story)
{
    buf_release(&story->lines);
    mem_free(story->before);
    mem_free(story->after);
}

/* "video track 1" */
static dits_error *put_track(struct story *story,
                             const struct dits_media_change *change)
{
    size_t track = change->new_track > 0 ? change->new_track
                                         : change->old_track;
    TRY(buf_printf(&story->lines, "  %s track %zu",
                   dits_media_kind_name(change->kind), track));
    if (change->new_track > 0 && change->old_track > 0 &&
        change->new_track != change->old_track)
        TRY(buf_printf(&story->lines, " (was %zu)", change->old_track));
    return buf_put_text(&story->lines, ": ");
}

static const char *moment(const struct dits_media_change *change,
                          struct dits_rational time, char out[TIME_TEXT_ROOM])
{
    return time_text(time, change->rate, false, out);
}

/* How long a stretch is. */
static const char *length(const struct dits_media_change *change,
                          struct dits_rational from, struct dits_rational to,
                          char out[TIME_TEXT_ROOM])
{
    struct dits_rational between = {0, 0};
    int64_t left = 0;
    int64_t right = 0;
    if (from.den != 0 && to.den != 0 &&
        !__builtin_mul_overflow(to.num, from.den, &left) &&
        !__builtin_mul_overflow(from.num, to.den, &right) &&
        !__builtin_sub_overflow(left, right, &between.num) &&
        __builtin_mul_overflow(from.den, to.den, &between.den))
        between.den = 0;
    return moment(change, between, out);
}

static dits_error *put_stretch(struct story *story,
                               const struct dits_media_change *change)
{
    char old_length[TIME_TEXT_ROOM] = {0};
    char new_length[TIME_TEXT_ROOM] = {0};
    char from[TIME_TEXT_ROOM] = {0};
    struct buf *lines = &story->lines;
    const char *place = change->is_head   ? "at the head"
                        : change->is_tail ? "at the tail"
                                          : NULL;
    length(change, change->old_from, change->old_to, old_length);
    length(change, change->new_from, change->new_to, new_length);
    if (change->action == DITS_MEDIA_REMOVED && place != NULL)
        return buf_printf(lines, "trimmed %s %s\n", old_length, place);
    if (change->action == DITS_MEDIA_ADDED && place != NULL)
        return buf_printf(lines, "longer by %s %s\n", new_length, place);
    if (change->action == DITS_MEDIA_REMOVED)
        return buf_printf(lines, "cut %s out at %s\n", old_length,
                          moment(change, change->old_from, from));
    if (change->action == DITS_MEDIA_ADDED)
        return buf_printf(lines, "inserted %s at %s\n", new_length,
                          moment(change, change->new_from, from));
    TRY(buf_printf(lines, "replaced %s at %s", old_length,
                   moment(change, change->new_from, from)));
    return strcmp(old_length, new_length) == 0
               ? buf_put_text(lines, "\n")
               : buf_printf(lines, " by %s\n", new_length);
}

static dits_error *put_samples(struct story *story,
                               const struct dits_media_change *change)
{
    if (story->track != change->new_track) {
        story->track = change->new_track;
        story->stretches = 0;
        story->same_tracks += change->action == DITS_MEDIA_SAME;
        story->other_tracks += change->action != DITS_MEDIA_SAME;
    }
    if (++story->stretches > MOST_STRETCHES)
        return story->stretches > MOST_STRETCHES + 1
                   ? NULL
                   : buf_put_text(&story->lines, "  and in more places\n");
    TRY(put_track(story, change));
    switch (change->action) {
    case DITS_MEDIA_SAME:
        return buf_put_text(&story->lines, "identical\n");
    case DITS_MEDIA_REPLACED:
        return buf_put_text(&story->lines, "replaced\n");
    case DITS_MEDIA_NOT_READ:
        return buf_put_text(&story->lines, "its content was not compared\n");
    case DITS_MEDIA_ADDED:
    case DITS_MEDIA_REMOVED:
    case DITS_MEDIA_CHANGED:
        break;
    }
    return put_stretch(story, change);
}

/* One line, cut, without what could play tricks on the terminal. */
static dits_error *put_value(struct story *story, const char *value)
{
    size_t size = strlen(value);
    size_t shown = size < MOST_VALUE ? size : MOST_VALUE;
    while (shown > 0 && ((unsigned char)value[shown] & 0xc0) == 0x80)
        shown--;
    for (size_t i = 0; i < shown; i++) {
        unsigned char c = (unsigned char)value[i];
        TRY(buf_put_u8(&story->lines, c < 0x20 || c == 0x7f ? ' ' : c));
    }
    return buf_put_text(&story->lines, shown < size ? "…" : "");
}

static dits_error *put_fact(struct story *story,
                            const struct dits_media_change *change)
{
    static const char *const verbs[] = {[DITS_MEDIA_ADDED] = "new",
                                        [DITS_MEDIA_REMOVED] = "lost",
                                        [DITS_MEDIA_CHANGED] = "changed"};
    if (!story->cli->verbose && media_facts_is_quiet(change->name))
        return NULL;
    story->facts++;
    if (change->new_track > 0)
        TRY(put_track(story, change));
    else
        TRY(buf_put_text(&story->lines, "  "));
    TRY(buf_printf(&story->lines, "%s %s", verbs[change->action],
                   change->name));
    if (change->is_location)
        return buf_put_text(&story->lines, "\n");
    if (change->before != NULL) {
        TRY(buf_put_u8(&story->lines, ' '));
        TRY(put_value(story, change->before));
    }
    if (change->after != NULL) {
        TRY(buf_put_text(&story->lines, change->before != NULL ? " -> " : " "));
        TRY(put_value(story, change->after));
    }
    return buf_put_u8(&story->lines, '\n');
}

static dits_error *put_change(const struct dits_media_change *change,
                              void *payload)
{
    struct story *story = payload;
    char before[TIME_TEXT_ROOM] = {0};
    char after[TIME_TEXT_ROOM] = {0};
    switch (change->subject) {
    case DITS_ABOUT_CONTAINER:
        TRY(text_copy(change->before, &story->before));
        return text_copy(change->after, &story->after);
    case DITS_ABOUT_DURATION:
        moment(change, change->old_to, before);
        moment(change, change->new_to, after);
        return strcmp(before, after) == 0
                   ? NULL
                   : buf_printf(&story->lines, "  duration: %s -> %s\n", before,
                                after);
    case DITS_ABOUT_TRACK:
        story->other_tracks++;
        TRY(put_track(story, change));
        return change->action == DITS_MEDIA_ADDED
                   ? buf_printf(&story->lines, "added, %s\n", change->after)
                   : buf_printf(&story->lines, "removed, %s\n", change->before);
    case DITS_ABOUT_SAMPLES:
        return put_samples(story, change);
    case DITS_ABOUT_START:
        story->facts++;
        TRY(put_track(story, change));
        return buf_printf(&story->lines, "starts at %s instead of %s\n",
                          time_text_seconds(change->new_from, after),
                          time_text_seconds(change->old_from, before));
    case DITS_ABOUT_FACT:
        break;
    }
    return put_fact(story, change);
}

static void print_summary(const struct story *story, FILE *out)
{
    bool is_same = story->other_tracks == 0 && story->same_tracks > 0;
    fputs("Media files differ", out);
    if (story->before != NULL)
        fprintf(out, ": %s from %s to %s", is_same ? "remuxed" : "changed",
                story->before, story->after);
    else if (is_same)
        fputs(story->facts > 0 ? ": metadata only" : ": structure only", out);
    fputs(is_same ? ", samples identical\n" : "\n", out);
}

dits_error *diff_media_print(const struct cli *cli, dits_diff *diff,
                             size_t index, FILE *out, bool *out_is_media)
{
    CLEANUP(release_story) struct story story = {.cli = cli};
    TRY(dits_diff_media(diff, index, put_change, &story, out_is_media));
    if (!*out_is_media)
        return NULL;
    print_summary(&story, out);
    fputs(buf_text(&story.lines), out);
    return NULL;
}

static void put_ratio(struct json *json, const char *name,
                      struct dits_rational ratio)
{
    if (ratio.den != 0)
        json_ratio(json, name, ratio.num, ratio.den);
}

/* As the list goes: it is begun by the first change. */
struct json_list {
    struct json *json;
    bool is_begun;
};

static dits_error *put_json(const struct dits_media_change *change,
                            void *payload)
{
    static const char *const subjects[] = {
        [DITS_ABOUT_CONTAINER] = "container",
        [DITS_ABOUT_DURATION] = "duration",
        [DITS_ABOUT_TRACK] = "track",
        [DITS_ABOUT_SAMPLES] = "samples",
        [DITS_ABOUT_START] = "start",
        [DITS_ABOUT_FACT] = "fact",
    };
    static const char *const actions[] = {
        [DITS_MEDIA_SAME] = "same",         [DITS_MEDIA_ADDED] = "added",
        [DITS_MEDIA_REMOVED] = "removed",   [DITS_MEDIA_CHANGED] = "changed",
        [DITS_MEDIA_REPLACED] = "replaced", [DITS_MEDIA_NOT_READ] = "not-read",
    };
    struct json_list *list = payload;
    struct json *json = list->json;
    if (!list->is_begun)
        json_list_begin(json, "media");
    list->is_begun = true;
    json_list_object_begin(json);
    json_string(json, "subject", subjects[change->subject]);
    json_string(json, "action", actions[change->action]);
    if (change->old_track > 0 || change->new_track > 0) {
        json_string(json, "kind", dits_media_kind_name(change->kind));
        json_u64(json, "old_track", change->old_track);
        json_u64(json, "new_track", change->new_track);
    }
    if (change->name != NULL)
        json_string(json, "name", change->name);
    if (change->before != NULL && !change->is_location)
        json_string(json, "before", change->before);
    if (change->after != NULL && !change->is_location)
        json_string(json, "after", change->after);
    put_ratio(json, "old_from", change->old_from);
    put_ratio(json, "old_to", change->old_to);
    put_ratio(json, "new_from", change->new_from);
    put_ratio(json, "new_to", change->new_to);
    json_object_end(json);
    return NULL;
}

dits_error *diff_media_json(dits_diff *diff, size_t index, struct json *json)
{
    struct json_list list = {.json = json};
    bool is_media = false;
    TRY(dits_diff_media(diff, index, put_json, &list, &is_media));
    if (is_media && !list.is_begun)
        json_list_begin(json, "media");
    if (is_media)
        json_list_end(json);
    else
        json_string(json, "media", NULL);
    return NULL;
}
