/*
 * object/recipe.h - what an asset holds, and its encoding
 *
 * Private to the files of object/asset*.c. Specified in docs/formats/asset.md.
 */
#ifndef OBJECT_RECIPE_H
#define OBJECT_RECIPE_H

#include "object/asset.h"
#include "object/list_node.h"
#include "object/weave.h"
#include "object/wrapped.h"

/* Values are on disk. */
enum recipe_form {
    RECIPE_WHOLE = 0,   /* empty, or one chunk, whose id is that of the file */
    RECIPE_FLAT = 1,    /* one list of chunks */
    RECIPE_WOVEN = 2,   /* several, and the weave */
    RECIPE_WRAPPED = 3, /* skeleton and plain bytes, and how they are packed */
};

/* What a media library may keep with an asset: bytes to this module. */
#define RECIPE_MAX_SUMMARY 65536

/* Owns all it points to. A file of one chunk has one stream, too. */
struct recipe {
    struct asset_info info;
    enum recipe_form form;
    size_t stream_count;
    struct list_node *streams;
    uint8_t swapped[WEAVE_MAX_STREAMS]; /* of each stream: see recipe_swaps() */
    struct weave weave;
    struct wrapped wrapped;
    struct buf summary;
};

void recipe_release(struct recipe *recipe);

/* Append the list of one more stream, which is taken over on success. */
MUST_USE dits_error *recipe_add_stream(struct recipe *recipe,
                                       struct list_node *list);

/*
 * Whether a stream of a woven file may be kept with the bytes of each `unit`
 * in reverse: sound samples, so that both orders share chunks. 0: as it is.
 */
bool recipe_swaps(uint8_t unit);

MUST_USE dits_error *recipe_encode(const struct recipe *recipe,
                                   struct buf *out);

/* Errors: CORRUPT, UNSUPPORTED. */
MUST_USE dits_error *recipe_parse(struct slice bytes, struct recipe *out);

#endif
