/*
 * cli/media_print.h - a media file as `dits media` shows it
 */
#ifndef CLI_MEDIA_PRINT_H
#define CLI_MEDIA_PRINT_H

#include <dits/fragments.h>
#include <dits/media.h>

#include "cli/cli.h"
#include "cli/media_facts.h"

/* What is shown of a file. */
struct media_style {
    bool with_location;
    bool has_track; /* only `track` */
    size_t track;   /* from 0 */
    size_t columns; /* of the terminal */
};

/* The overview, for an editor. */
MUST_USE dits_error *media_text_print(const struct cli *cli,
                                      const dits_media *media,
                                      const struct media_style *style,
                                      const char *name);

/* The same as one JSON object: docs/media-json.md. */
MUST_USE dits_error *media_json_print(const struct cli *cli,
                                      const dits_media *media,
                                      const struct media_style *style,
                                      const char *name);

/* Tables, a row or a JSON object for each. */
MUST_USE dits_error *media_print_samples(const struct cli *cli,
                                         dits_media *media,
                                         const struct media_style *style,
                                         const char *name);
MUST_USE dits_error *media_print_keyframes(const struct cli *cli,
                                           dits_media *media,
                                           const struct media_style *style,
                                           const char *name);
MUST_USE dits_error *media_print_map(const struct cli *cli, dits_media *media,
                                     const struct media_style *style,
                                     const char *name);
MUST_USE dits_error *media_print_tree(const struct cli *cli, dits_media *media,
                                      const char *name);

/* The fragments of a clip, which is open otherwise than the rest. */
MUST_USE dits_error *media_print_fragments(const struct cli *cli,
                                           const dits_fragments *fragments,
                                           const char *name);

/* Frames a second of the first video track; {0, 0} when there is none. */
MUST_USE dits_error *media_frame_rate(const dits_media *media,
                                      struct dits_rational *out);

/* Whether the overview or a table has something of this track. */
bool media_style_has(const struct media_style *style, size_t track);

#endif
