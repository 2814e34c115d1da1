#include "cli/media_print.h"

bool media_style_has(const struct media_style *style, size_t track)
{
    return !style->has_track || style->track == track;
}

/* 0 stands for unknown. */
static void put_number(struct json *json, const char *name, uint64_t value)
{
    if (value > 0)
        json_u64(json, name, value);
    else
        json_string(json, name, NULL);
}

static void put_word(struct json *json, const char *name, const char *value)
{
    json_string(json, name, value[0] != '\0' ? value : NULL);
}

static void put_ratio(struct json *json, const char *name,
                      struct dits_rational ratio)
{
    json_ratio(json, name, ratio.num, ratio.den);
}

static dits_error *put_facts(struct json *json, const dits_media *media,
                             size_t track, const struct media_style *style,
                             size_t *out_left_out)
{
    CLEANUP(media_facts_release) struct media_fact_list facts = {0};
    TRY(media_facts_read(media, track, style->with_location, &facts));
    json_object_begin(json, "facts");
    media_facts_json(&facts, json);
    json_object_end(json);
    *out_left_out += facts.left_out;
    return NULL;
}

static dits_error *put_track(struct json *json, const dits_media *media,
                             size_t index, const struct media_style *style,
                             size_t *out_left_out)
{
    const struct dits_media_track *track = dits_media_track_at(media, index);
    json_list_object_begin(json);
    json_u64(json, "number", index + 1);
    json_u64(json, "id", track->id);
    json_string(json, "kind", dits_media_kind_name(track->kind));
    put_word(json, "codec", track->codec);
    put_word(json, "tag", track->tag);
    put_word(json, "language", track->language);
    put_ratio(json, "time_base", track->time_base);
    put_ratio(json, "start", track->start);
    put_ratio(json, "duration", track->duration);
    json_u64(json, "samples", track->sample_count);
    put_number(json, "width", track->width);
    put_number(json, "height", track->height);
    put_number(json, "sample_rate", track->sample_rate);
    put_number(json, "channels", track->channels);
    json_bool(json, "encrypted", track->is_encrypted);
    json_bool(json, "external", track->is_external);
    json_bool(json, "intra_only", track->is_intra);
    TRY(put_facts(json, media, index, style, out_left_out));
    json_object_end(json);
    return NULL;
}

static dits_error *put_tracks(struct json *json, const dits_media *media,
                              const struct media_style *style,
                              size_t *out_left_out)
{
    size_t count = dits_media_get_info(media)->track_count;
    json_list_begin(json, "tracks");
    for (size_t i = 0; i < count; i++)
        if (media_style_has(style, i))
            TRY(put_track(json, media, i, style, out_left_out));
    json_list_end(json);
    return NULL;
}

/* Each fact of a chapter is repeated in the order of chapters. */
static dits_error *put_chapters(struct json *json, const dits_media *media)
{
    CLEANUP(media_facts_release) struct media_fact_list facts = {0};
    const struct dits_media_fact *starts = NULL;
    const struct dits_media_fact *ends = NULL;
    const struct dits_media_fact *titles = NULL;
    TRY(media_facts_read(media, FACTS_OF_FILE, false, &facts));
    size_t count = media_facts_find(&facts, "chapter.start", &starts);
    size_t end_count = media_facts_find(&facts, "chapter.end", &ends);
    size_t title_count = media_facts_find(&facts, "chapter.title", &titles);
    json_list_begin(json, "chapters");
    for (size_t i = 0; i < count; i++) {
        json_list_object_begin(json);
        json_ratio(json, "start", starts[i].number, starts[i].divisor);
        if (end_count == count)
            json_ratio(json, "end", ends[i].number, ends[i].divisor);
        if (title_count == count)
            json_string(json, "title", titles[i].text);
        json_object_end(json);
    }
    json_list_end(json);
    return NULL;
}

static void put_problems(struct json *json, const dits_media *media)
{
    const struct dits_media_info *info = dits_media_get_info(media);
    json_list_begin(json, "problems");
    for (size_t i = 0; i < info->problem_count; i++) {
        struct dits_media_problem problem = {0};
        dits_media_problem_at(media, i, &problem);
        json_list_object_begin(json);
        json_u64(json, "offset", problem.offset);
        json_string(json, "where", problem.where);
        json_string(json, "text", problem.text);
        json_object_end(json);
    }
    json_list_end(json);
    json_u64(json, "problems_met", info->problems_met);
}

static void put_storage(struct json *json, const dits_media *media)
{
    const struct dits_media_storage *storage = dits_media_get_storage(media);
    if (!storage->is_stored) {
        json_string(json, "stored", NULL);
        return;
    }
    json_object_begin(json, "stored");
    json_string(json, "form", storage->form);
    json_string(json, "chunker", storage->chunker);
    json_u64(json, "chunks", storage->chunk_count);
    json_u64(json, "streams", storage->stream_count);
    json_string(json, "reason", storage->reason);
    json_object_end(json);
}

dits_error *media_json_print(const struct cli *cli, const dits_media *media,
                             const struct media_style *style, const char *name)
{
    const struct dits_media_info *info = dits_media_get_info(media);
    struct json json = json_begin(cli->out);
    size_t left_out = 0;
    json_string(&json, "file", name);
    json_string(&json, "container", info->container);
    json_u64(&json, "size", info->size);
    put_ratio(&json, "duration", info->duration);
    TRY(put_tracks(&json, media, style, &left_out));
    TRY(put_facts(&json, media, FACTS_OF_FILE, style, &left_out));
    TRY(put_chapters(&json, media));
    put_problems(&json, media);
    json_u64(&json, "locations_left_out", left_out);
    put_storage(&json, media);
    json_end(&json);
    return NULL;
}
