#include "media/chapters.h"

#include <string.h>

#include "media/cues.h"
#include "media/limits.h"

static bool is_chapters(const struct media_file *file, uint64_t id)
{
    for (size_t i = 0; i < file->track_count; i++) {
        const struct media_facts *facts = &file->tracks[i].facts;
        for (size_t j = 0; j < facts->count; j++)
            if (strcmp(facts->list[j].name, "reference.chap") == 0 &&
                facts->list[j].number >= 0 &&
                (uint64_t)facts->list[j].number == id)
                return true;
    }
    return false;
}

static dits_error *add_chapters(struct media_facts *facts,
                                const struct cue_list *cues)
{
    for (size_t i = 0; i < cues->count; i++) {
        const struct cue *cue = &cues->list[i];
        TRY(facts_add_rational(facts, "chapter.start", cue->start, CUE_TICKS));
        TRY(facts_add_rational(facts, "chapter.end", cue->end, CUE_TICKS));
        TRY(facts_add_word(facts, "chapter.title", cue->text));
    }
    return NULL;
}

/* Pictures can be chapters' thumbnails, by the same reference. */
dits_error *chapters_describe(struct media_file *file)
{
    for (uint32_t i = 0; i < file->track_count; i++) {
        CLEANUP(cues_release) struct cue_list cues = {0};
        struct media_track *track = &file->tracks[i];
        bool is_text = track->kind == MEDIA_SUBTITLE ||
                       track->kind == MEDIA_CHAPTERS;
        if (!is_text || track->is_external || !is_chapters(file, track->id))
            continue;
        track->kind = MEDIA_CHAPTERS;
        TRY(cues_read(file, i, &cues));
        TRY(add_chapters(&track->facts, &cues));
        if (facts_find(&file->facts, "chapter.start") == NULL)
            TRY(add_chapters(&file->facts, &cues));
    }
    return NULL;
}
