/*
 * media/chapters.h - chapters as a track of texts
 *
 * QuickTime's: a track that others refer to by 'chap', whose samples are the
 * titles and last as long as the chapters.
 */
#ifndef MEDIA_CHAPTERS_H
#define MEDIA_CHAPTERS_H

#include "media/media.h"

/*
 * Make the tracks that facts "reference.chap" name chapters, and their samples
 * facts "chapter.start", ".end", ".title" of the track; of the file too where
 * it has none. Errors: the source's, NOMEM.
 */
MUST_USE dits_error *chapters_describe(struct media_file *file);

#endif
