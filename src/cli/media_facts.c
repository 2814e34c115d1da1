#include "cli/media_facts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/format.h"

/* More of a text is not shown on a terminal. */
enum { MOST_TEXT = 160 };

static int compare_names(const void *a, const void *b)
{
    const struct dits_media_fact *left = a;
    const struct dits_media_fact *right = b;
    return strcmp(left->name, right->name);
}

static void read_fact(const dits_media *media, size_t track, size_t index,
                      struct dits_media_fact *out)
{
    if (track == FACTS_OF_FILE)
        dits_media_fact_at(media, index, out);
    else
        dits_media_track_fact_at(media, track, index, out);
}

/* Insertion by halves: facts of one name must keep their order. */
static void insert(struct media_fact_list *facts,
                   const struct dits_media_fact *fact)
{
    size_t low = 0;
    size_t high = facts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_names(&facts->items[middle], fact) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    memmove(&facts->items[low + 1], &facts->items[low],
            (facts->count - low) * sizeof(*facts->items));
    facts->items[low] = *fact;
    facts->count++;
}

dits_error *media_facts_read(const dits_media *media, size_t track,
                             bool with_location, struct media_fact_list *out)
{
    CLEANUP(media_facts_release) struct media_fact_list facts = {0};
    size_t count = track == FACTS_OF_FILE
                       ? dits_media_get_info(media)->fact_count
                       : dits_media_track_at(media, track)->fact_count;
    facts.items = mem_new_array(struct dits_media_fact, count + 1);
    facts.is_shown = mem_new_array(bool, count + 1);
    if (facts.items == NULL || facts.is_shown == NULL)
        return error_nomem();
    for (size_t i = 0; i < count; i++) {
        struct dits_media_fact fact = {0};
        read_fact(media, track, i, &fact);
        if (fact.is_location && !with_location)
            facts.left_out++;
        else
            insert(&facts, &fact);
    }
    *out = MOVE(facts);
    return NULL;
}

void media_facts_release(struct media_fact_list *facts)
{
    mem_free(facts->items);
    mem_free(facts->is_shown);
    *facts = (struct media_fact_list){0};
}

size_t media_facts_find(const struct media_fact_list *facts, const char *name,
                        const struct dits_media_fact **out)
{
    size_t low = 0;
    size_t high = facts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(facts->items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < facts->count && strcmp(facts->items[end].name, name) == 0)
        end++;
    *out = end > low ? &facts->items[low] : NULL;
    return end - low;
}

dits_error *media_facts_take(struct media_fact_list *facts, const char *name,
                             struct buf *out)
{
    const struct dits_media_fact *first = NULL;
    size_t count = media_facts_find(facts, name, &first);
    buf_clear(out);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            TRY(buf_put_text(out, ", "));
        TRY(media_fact_put(&first[i], out));
        facts->is_shown[(size_t)(first - facts->items) + i] = true;
    }
    return NULL;
}

struct dits_rational media_facts_ratio(const struct media_fact_list *facts,
                                       const char *name)
{
    const struct dits_media_fact *fact = NULL;
    struct dits_rational ratio = {0, 0};
    if (media_facts_find(facts, name, &fact) == 0)
        return ratio;
    if (fact->type == DITS_FACT_RATIONAL)
        ratio = (struct dits_rational){fact->number, fact->divisor};
    else if (fact->type == DITS_FACT_INTEGER)
        ratio = (struct dits_rational){fact->number, 1};
    return ratio;
}

/* One line, without what could play tricks on the terminal. */
static dits_error *put_text(const char *text, struct buf *out)
{
    char size[FORMAT_SIZE] = {0};
    size_t length = strlen(text);
    if (length > MOST_TEXT && text[0] == '<')
        return buf_printf(out, "(%s of XML)", format_size(length, size));
    size_t shown = length < MOST_TEXT ? length : MOST_TEXT;
    while (shown > 0 && ((unsigned char)text[shown] & 0xc0) == 0x80)
        shown--;
    for (size_t i = 0; i < shown; i++) {
        unsigned char c = (unsigned char)text[i];
        TRY(buf_put_u8(out, c < 0x20 || c == 0x7f ? ' ' : c));
    }
    return shown < length ? buf_put_text(out, "…") : NULL;
}

dits_error *media_fact_put(const struct dits_media_fact *fact, struct buf *out)
{
    switch (fact->type) {
    case DITS_FACT_TEXT:
        return put_text(fact->text, out);
    case DITS_FACT_INTEGER:
        return buf_printf(out, "%" PRId64, fact->number);
    case DITS_FACT_RATIONAL:
        if (fact->number % fact->divisor == 0)
            return buf_printf(out, "%" PRId64, fact->number / fact->divisor);
        return buf_printf(out, "%.6g",
                          (double)fact->number / (double)fact->divisor);
    case DITS_FACT_TRUTH:
        break;
    }
    return buf_put_text(out, fact->number != 0 ? "yes" : "no");
}

bool media_facts_is_quiet(const char *name)
{
    static const char *const beginnings[] = {
        "bit_rate",
        "brand.",
        "chapter.",
        "disposition.",
        "duration",
        "mpegts.",
        "muxing_application",
        "pcr.",
        "program.",
        "segment.uuid",
        "start_time",
        "tag.BPS",
        "tag.DURATION",
        "tag.ENCODER",
        "tag.NUMBER_OF_",
        "tag._STATISTICS_",
        "tag.compatible_brands",
        "tag.major_brand",
        "tag.minor_version",
        "timescale",
        "writing_application",
    };
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
        if (text_starts_with(name, beginnings[i]))
            return true;
    return strcmp(name, "program") == 0;
}

static void put_item(struct json *json, const struct dits_media_fact *fact)
{
    switch (fact->type) {
    case DITS_FACT_TEXT:
        json_list_string(json, fact->text);
        break;
    case DITS_FACT_INTEGER:
        json_list_i64(json, fact->number);
        break;
    case DITS_FACT_RATIONAL:
        json_list_ratio(json, fact->number, fact->divisor);
        break;
    case DITS_FACT_TRUTH:
        json_list_bool(json, fact->number != 0);
        break;
    }
}

static void put_member(struct json *json, const struct dits_media_fact *fact)
{
    switch (fact->type) {
    case DITS_FACT_TEXT:
        json_string(json, fact->name, fact->text);
        break;
    case DITS_FACT_INTEGER:
        json_i64(json, fact->name, fact->number);
        break;
    case DITS_FACT_RATIONAL:
        json_ratio(json, fact->name, fact->number, fact->divisor);
        break;
    case DITS_FACT_TRUTH:
        json_bool(json, fact->name, fact->number != 0);
        break;
    }
}

void media_facts_json(const struct media_fact_list *facts, struct json *json)
{
    for (size_t i = 0; i < facts->count;) {
        const struct dits_media_fact *first = NULL;
        size_t count = media_facts_find(facts, facts->items[i].name, &first);
        if (first == NULL)
            return; /* its own name is always found */
        if (count == 1) {
            put_member(json, first);
        } else {
            json_list_begin(json, first->name);
            for (size_t k = 0; k < count; k++)
                put_item(json, &first[k]);
            json_list_end(json);
        }
        i += count;
    }
}
