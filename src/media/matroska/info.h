/*
 * media/matroska/info.h - the file as a whole: Info, chapters, attachments
 */
#ifndef MEDIA_MATROSKA_INFO_H
#define MEDIA_MATROSKA_INFO_H

#include "media/matroska/state.h"

/* TimestampScale of the state; duration, title, writer as facts. */
MUST_USE dits_error *info_read(struct media_file *file,
                               const struct ebml_element *info);

/* Start, end and title of each chapter, in order. */
MUST_USE dits_error *chapters_read(struct media_file *file,
                                   const struct ebml_element *chapters);

/* Name, type and size of each attached file. */
MUST_USE dits_error *attachments_read(struct media_file *file,
                                      const struct ebml_element *attachments);

/* Tags of tracks go to these, all others to the file. */
MUST_USE dits_error *tags_read(struct media_file *file,
                               const struct ebml_element *tags);

#endif
