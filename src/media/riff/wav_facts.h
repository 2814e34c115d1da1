/*
 * media/riff/wav_facts.h - what WAV says beside the sound
 */
#ifndef MEDIA_RIFF_WAV_FACTS_H
#define MEDIA_RIFF_WAV_FACTS_H

#include "media/riff/chunks.h"

/* bext, LIST INFO, iXML, axml, chna, cue, id3: others are passed over. */
MUST_USE dits_error *wav_facts_read(struct media_file *file,
                                    struct window *window,
                                    const struct chunk *chunk);

/* What needs the sampling rate: the time code of bext. */
MUST_USE dits_error *wav_facts_finish(struct media_file *file);

/* The entries of a LIST INFO, under ffprobe's names. */
MUST_USE dits_error *wav_facts_info(struct media_file *file,
                                    struct window *window,
                                    const struct chunk *list);

#endif
