#include "repo/version_name.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repo/version_date.h"
#include "support/test.h"

/* "v2 (1)" for people: E early, C copy, N number, D date, L letter, F late. */
static void spell(const char *name, const struct version_name *parsed,
                  char out[256])
{
    size_t at = (size_t)snprintf(out, 256, "%.*s%s", (int)parsed->stem, name,
                                 name + parsed->extension);
    for (size_t i = 0; i < parsed->count; i++) {
        const struct version_mark *mark = &parsed->marks[i];
        char kind = "E-CNDLF"[mark->kind];
        bool has_number = kind == 'N' || kind == 'C' || kind == 'D';
        at += (size_t)snprintf(out + at, 256 - at, " %s%c",
                               i < parsed->maybe ? "?" : "", kind);
        if (has_number)
            at +=
                (size_t)snprintf(out + at, 256 - at, "%" PRIu64, mark->number);
    }
}

static const struct {
    const char *name;
    const char *spelled;
} examples[] = {
    /* The classic. */
    {"final.mov", "final.mov"},
    {"final_v2.mov", "final.mov N2"},
    {"final_v2_REAL.mov", "final.mov N2 F"},
    {"final_v3 (1).mov", "final.mov N3 C2"},
    {"final_final.mov", "final.mov F"},
    {"final_FINAL_v2.mov", "final.mov F N2"},
    {"finalFINAL.mov", "final.mov F"},
    {"final2.mov", "final.mov N2"},
    {"Final 3.mov", "Final.mov N3"},
    {"finalv2.mov", "final.mov N2"},
    /* Numbers. */
    {"cut_v1.mov", "cut.mov N1"},
    {"cut_v02.mov", "cut.mov N2"},
    {"cut-V10.mov", "cut.mov N10"},
    {"cut.v003.mov", "cut.mov N3"},
    {"cut v 4.mov", "cut.mov N4"},
    {"cut_ver5.mov", "cut.mov N5"},
    {"cut_version_6.mov", "cut.mov N6"},
    {"cut version 7.mov", "cut.mov N7"},
    {"cut_rev3.mov", "cut.mov N3"},
    {"cut_rc1.mov", "cut.mov N1"},
    {"cut_v2b.mov", "cut.mov N2 L"},
    {"cut_v2.1.mov", "cut.mov N2 N1"},
    {"cut_v2-03.mov", "cut.mov N2 N3"},
    {"cut_02.mov", "cut.mov N2"},
    {"Trailer Edit 12.prproj", "Trailer Edit.prproj N12"},
    {"master_01.wav", "master.wav N1"},
    {"myFilmV2.mov", "myFilm.mov N2"},
    {"cut_v20240131.mov", "cut_v20240131.mov"},
    /* Numbers that may be no version. */
    {"shot_01.mov", "shot.mov ?N1"},
    {"clip 2.mov", "clip.mov ?N2"},
    {"scene_12_03.mov", "scene.mov ?N12 ?N3"},
    {"scene_12_v3.mov", "scene.mov ?N12 N3"},
    {"interview-3_final.mov", "interview.mov ?N3 F"},
    /* Numbers that are none. */
    {"IMG_1234.mov", "IMG_1234.mov"},
    {"A001_C002.mov", "A001_C002.mov"},
    {"frame.000123.exr", "frame.000123.exr"},
    {"film_2024.mov", "film_2024.mov"},
    {"nov2.mov", "nov2.mov"},
    {"canon_R5.mov", "canon_R5.mov"},
    {"take2.mov", "take2.mov"},
    {"h264.mov", "h264.mov"},
    {"clip_1080p.mov", "clip_1080p.mov"},
    {"2.mov", "2.mov"},
    {"007.mov", "007.mov"},
    /* Copies. */
    {"clip (1).mov", "clip.mov C2"},
    {"clip(2).mov", "clip.mov C3"},
    {"clip copy.mov", "clip.mov C1"},
    {"clip copy 2.mov", "clip.mov C1 N2"},
    {"clip - Copy.mov", "clip.mov C1"},
    {"clip - Copy (3).mov", "clip.mov C1 C4"},
    {"clip Kopie.mov", "clip.mov C1"},
    {"clip (copy).mov", "clip.mov C1"},
    {"clip [final].mov", "clip.mov F"},
    {"clip (final v2).mov", "clip.mov F N2"},
    {"clip (Berlin).mov", "clip (Berlin).mov"},
    {"clip (2024).mov", "clip (2024).mov"},
    {"(1).mov", "(1).mov"},
    /* Words. */
    {"cut_old.mov", "cut.mov E"},
    {"cut.orig.mov", "cut.mov E"},
    {"cut-DRAFT3.mov", "cut.mov E N3"},
    {"cut_new_new.mov", "cut.mov F F"},
    {"cut_latest.mov", "cut.mov F"},
    {"cut_approved_FINAL_really.mov", "cut.mov F F F"},
    {"cut_USE_THIS_ONE.mov", "cut.mov F F F"},
    {"Part One.mov", "Part One.mov"},
    {"finality.mov", "finality.mov"},
    {"renewed.mov", "renewed.mov"},
    {"copyright.txt", "copyright.txt"},
    {"the old mill.mov", "the old mill.mov"},
    {"final cut.mov", "final cut.mov"},
    {"old.mov", "old.mov"},
    /* Dates. */
    {"cut_20240131.mov", "cut.mov D20240131000000"},
    {"cut-2024-01-31.mov", "cut.mov D20240131000000"},
    {"cut 31.01.2024.mov", "cut.mov D20240131000000"},
    {"cut_240131.mov", "cut.mov D20240131000000"},
    {"cut_20240131_1530.mov", "cut.mov D20240131153000"},
    {"cut_2024-01-31T153059.mov", "cut.mov D20240131153059"},
    {"Cut 2024-01-31 at 15.30.59.mov", "Cut.mov D20240131153059"},
    {"cut_20240131_v2.mov", "cut.mov D20240131000000 N2"},
    {"cut_v2_20240131.mov", "cut.mov N2 D20240131000000"},
    {"cut_20241331.mov", "cut_20241331.mov"},
    {"20240131.mov", "20240131.mov"},
    {"2024-01-31.mov", "2024-01-31.mov"},
    {"2024-01-31_v2.mov", "2024-01-31.mov N2"},
    /* Extensions and what is around. */
    {"cut_v2", "cut N2"},
    {".hidden_v2", ".hidden N2"},
    {"Schnitt_v2_fertig.MOV", "Schnitt.MOV N2 F"},
    {"\xc3\x9c"
     "bung_v2.mov",
     "\xc3\x9c"
     "bung.mov N2"},
    {"_v2.mov", "_v2.mov"},
    {"v2.mov", "v2.mov"},
    {"...", "..."},
    {"a b_v1__final .mov", "a b.mov N1 F"},
};

TEST(names_are_taken_apart_as_people_mean_them)
{
    bool all = true;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct version_name parsed = {0};
        char spelled[256];
        version_name_parse(examples[i].name, &parsed);
        spell(examples[i].name, &parsed, spelled);
        if (strcmp(spelled, examples[i].spelled) != 0) {
            printf("# '%s': '%s', not '%s'\n", examples[i].name, spelled,
                   examples[i].spelled);
            all = false;
        }
    }
    CHECK(all);
}

static const char *const in_order[] = {
    "cut_orig.mov",
    "cut_old.mov",
    "cut_draft2.mov",
    "cut.mov",
    "cut copy.mov",
    "cut (1).mov",
    "cut_v1.mov",
    "cut_v2.mov",
    "cut_v2 (1).mov",
    "cut_v2_03.mov",
    "cut_v2_20240105.mov",
    "cut_v2b.mov",
    "cut_v2_REAL.mov",
    "cut_v10.mov",
    "cut_20240105.mov",
    "cut_20240110.mov",
    "cut_20240110_final.mov",
    "cut_new.mov",
    "cut_final.mov",
    "cut_final_v2.mov",
    "cut_final_v10.mov",
    "cut_final_final.mov",
    "cut_REAL.mov",
    "cut_latest.mov",
};

static int compare_names(const char *a, const char *b)
{
    struct version_name x = {0};
    struct version_name y = {0};
    version_name_parse(a, &x);
    version_name_parse(b, &y);
    return version_name_compare(&x, &y);
}

TEST(versions_are_in_the_order_that_their_names_say)
{
    size_t count = sizeof(in_order) / sizeof(in_order[0]);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            int order = compare_names(in_order[i], in_order[k]);
            if ((order < 0) != (i < k) || (order > 0) != (i > k))
                printf("# '%s' and '%s': %d\n", in_order[i], in_order[k],
                       order);
            CHECK((order < 0) == (i < k) && (order > 0) == (i > k));
        }
}

TEST(plain_numbers_can_be_doubted)
{
    static const char *const names[][2] = {
        {"shot_01.mov", "shot_01.mov"},
        {"shot_01_v2.mov", "shot_01.mov N2"},
        {"scene_12_03_final.mov", "scene_12_03.mov F"},
        {"cut_02.mov", "cut.mov N2"},
    };
    for (size_t i = 0; i < 4; i++) {
        struct version_name parsed = {0};
        char spelled[256];
        version_name_parse(names[i][0], &parsed);
        version_name_doubt(&parsed);
        spell(names[i][0], &parsed, spelled);
        CHECK(strcmp(spelled, names[i][1]) == 0);
    }
}

TEST(a_rule_of_the_user_says_what_is_what)
{
    struct version_name parsed = {0};
    char spelled[256];
    version_name_set("XX-clip-7b.mov", (struct version_span){0, 7},
                     (struct version_span){8, 2}, &parsed);
    spell("XX-clip-7b.mov", &parsed, spelled);
    CHECK(strcmp(spelled, "XX-clip.mov N7 L") == 0);
}

/* Any bytes: the parts lie within the name, in order. */
TEST(no_name_is_too_strange)
{
    static const char letters[] = "v2_(1)[]. -finalcopy0190FINALT:\xc3\xbc";
    srand(7);
    for (int round = 0; round < 200000; round++) {
        char name[40];
        size_t length = 1 + (size_t)rand() % (sizeof(name) - 1);
        for (size_t i = 0; i < length; i++)
            name[i] = letters[(size_t)rand() % (sizeof(letters) - 1)];
        name[length] = '\0';
        struct version_name parsed = {0};
        version_name_parse(name, &parsed);
        CHECK(parsed.stem > 0 || name[0] == '.' || parsed.count == 0);
        CHECK(parsed.stem <= parsed.sure_stem);
        CHECK(parsed.sure_stem <= parsed.extension);
        CHECK(parsed.extension <= length);
        CHECK(parsed.maybe <= parsed.count);
        CHECK(parsed.count <= VERSION_NAME_MARKS);
        version_name_doubt(&parsed);
        CHECK(parsed.stem <= parsed.extension);
    }
}
