/*
 * Names of tags: what ffmpeg calls the types of 'udta' and 'ilst'.
 */
#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/isobmff/describe_parts.h"

/* In the types, '@' stands for the sign of copyright, 0xa9. */
static const struct {
    char type[5];
    const char *key;
} rows[] = {
    {"@ART", "artist"},
    {"@alb", "album"},
    {"@arg", "arranger"},
    {"@ark", "arranger"},
    {"@aut", "author"},
    {"@chp", "chapter"},
    {"@cmt", "comment"},
    {"@com", "composer"},
    {"@cpy", "copyright"},
    {"@day", "date"},
    {"@des", "description"},
    {"@dir", "director"},
    {"@dis", "disclaimer"},
    {"@ed1", "edit_date"},
    {"@enc", "encoder"},
    {"@fmt", "original_format"},
    {"@gen", "genre"},
    {"@grp", "grouping"},
    {"@hst", "host_computer"},
    {"@inf", "comment"},
    {"@isr", "isrc"},
    {"@lab", "label"},
    {"@lyr", "lyrics"},
    {"@mak", "make"},
    {"@mal", "make"},
    {"@mod", "model"},
    {"@nam", "title"},
    {"@ope", "original_artist"},
    {"@phg", "recording_copyright"},
    {"@prd", "producer"},
    {"@prf", "performers"},
    {"@req", "playback_requirements"},
    {"@src", "original_source"},
    {"@st3", "subtitle"},
    {"@swr", "encoder"},
    {"@too", "encoder"},
    {"@trk", "track"},
    {"@url", "URL"},
    {"@wrn", "warning"},
    {"@wrt", "composer"},
    {"@xyz", "location"},
    {"FIRM", "firmware"},
    {"aART", "album_artist"},
    {"akID", "account_type"},
    {"albm", "album"},
    {"apID", "account_id"},
    {"auth", "author"},
    {"catg", "category"},
    {"cpil", "compilation"},
    {"cprt", "copyright"},
    {"desc", "description"},
    {"disk", "disc"},
    {"dscp", "description"},
    {"egid", "episode_uid"},
    {"gnre", "genre"},
    {"hdvd", "hd_video"},
    {"keyw", "keywords"},
    {"kywd", "keywords"},
    {"ldes", "synopsis"},
    {"manu", "make"},
    {"modl", "model"},
    {"name", "name"},
    {"pcst", "podcast"},
    {"perf", "performer"},
    {"pgap", "gapless_playback"},
    {"purd", "purchase_date"},
    {"rtng", "rating"},
    {"soaa", "sort_album_artist"},
    {"soal", "sort_album"},
    {"soar", "sort_artist"},
    {"soco", "sort_composer"},
    {"sonm", "sort_name"},
    {"sosn", "sort_show"},
    {"stik", "media_type"},
    {"titl", "title"},
    {"tmpo", "tmpo"},
    {"trkn", "track"},
    {"tven", "episode_id"},
    {"tves", "episode_sort"},
    {"tvnn", "network"},
    {"tvsh", "show"},
    {"tvsn", "season_number"},
    {"yrrc", "date"},
};

const char *tag_key(uint32_t type)
{
    uint32_t sought = type >> 24 == 0xa9 ? (type & 0xffffff) | '@' << 24 : type;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (be32_load((const uint8_t *)rows[i].type) == sought)
            return rows[i].key;
    return NULL;
}

dits_error *describe_tag(const struct described *to, const char *key,
                         struct slice text)
{
    char name[160] = "";
    if (text.size == 0 || text.data[0] == 0)
        return NULL;
    bool is_plain = strcmp(key, "title") == 0 || strcmp(key, "encoder") == 0;
    (void)snprintf(name, sizeof(name), "%s%s", is_plain ? "" : "tag.", key);
    size_t before = to->facts->count;
    TRY(facts_add_text(to->facts, name, text));
    if (to->facts->count > before && strstr(key, "location") != NULL)
        facts_mark_location(to->facts);
    return NULL;
}

/* Four characters, the first of which may be the sign of copyright. */
dits_error *describe_user(const struct described *to, uint32_t type,
                          size_t size)
{
    char text[5] = "";
    char name[24] = "";
    fourcc_text(type, text);
    bool is_copyright = type >> 24 == 0xa9;
    (void)snprintf(name, sizeof(name), "user.%s%s",
                   is_copyright ? "\xc2\xa9" : "", text + is_copyright);
    return facts_add_integer(to->facts, name, (int64_t)size);
}
