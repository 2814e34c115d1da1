/*
 * cli/ui/thumbnails.h - what the versions of a file show, beside each other
 */
#ifndef CLI_UI_THUMBNAILS_H
#define CLI_UI_THUMBNAILS_H

#include <dits/picture.h>

#include "cli/cli.h"
#include "cli/ui/graphics.h"

enum { THUMBNAILS_MAX = 2 };

struct thumbnail {
    const char *label; /* "before"; static */
    dits_picture *picture;
};

struct thumbnails {
    struct thumbnail items[THUMBNAILS_MAX];
    size_t count;
};

void thumbnails_free(struct thumbnails *thumbnails);

/*
 * Add the picture in the middle of `media`; none where there is nothing to see
 * or no decoder for it. CANCELLED.
 */
MUST_USE dits_error *thumbnails_add(const struct cli *cli, dits_media *media,
                                    const char *label,
                                    struct thumbnails *thumbnails);

/* How many rows they take of `room`, with their labels; 0: they do not fit. */
uint32_t thumbnails_rows(const struct thumbnails *thumbnails,
                         const struct graphics *graphics, struct tty_size size,
                         struct graphics_area room);

/* Where each stands in `room`, below its label. */
struct graphics_area thumbnails_area(const struct thumbnails *thumbnails,
                                     size_t index,
                                     const struct graphics *graphics,
                                     struct tty_size size,
                                     struct graphics_area room);

/* What draws them. */
MUST_USE dits_error *thumbnails_put(const struct thumbnails *thumbnails,
                                    const struct graphics *graphics,
                                    struct tty_size size,
                                    struct graphics_area room, struct buf *out);

#endif
