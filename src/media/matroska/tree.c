#include <stdio.h>

#include "media/limits.h"
#include "media/matroska/ids.h"
#include "media/matroska/state.h"
#include "media/matroska/walk.h"

/* The elements that are entered, from the outermost. */
struct tree {
    struct media_file *file;
    struct window *window;
    struct ebml_element stack[LIMIT_DEPTH];
    uint64_t at[LIMIT_DEPTH]; /* of the next child of each */
    unsigned depth;
    uint64_t count;
};

/*
 * Where an element of no size ends: before the first that is not of its
 * children. A segment holds all others, and so ends with the file.
 */
static dits_error *find_end(struct window *window, struct ebml_element *element)
{
    struct ebml_list list = ebml_children(window, element);
    struct ebml_element child = {0};
    bool found = false;
    uint64_t steps = 0;
    if (element->id == ID_SEGMENT)
        return NULL;
    TRY(ebml_next(&list, &child, &found));
    while (found && !matroska_is_top_level(child.id) && steps++ < LIMIT_NODES)
        TRY(ebml_next(&list, &child, &found));
    if (found)
        element->end = child.offset;
    return NULL;
}

static dits_error *show(struct tree *tree, const struct ebml_element *element,
                        media_node_fn *fn, void *payload)
{
    char text[16] = "";
    const char *name = matroska_name(element->id);
    (void)snprintf(text, sizeof(text), "%X", element->id);
    struct media_node node = {
        .name = name == NULL ? text : name,
        .offset = element->offset,
        .size = element->end - element->offset,
        .header_size = element->header_size,
        .depth = tree->depth - 1,
        .is_damaged = element->is_cut,
    };
    return fn(&node, payload);
}

/* Bytes that are no element, to the end of what holds them. */
static dits_error *show_damage(struct tree *tree, uint64_t at, uint64_t end,
                               media_node_fn *fn, void *payload)
{
    struct media_node node = {
        .name = "damaged",
        .offset = at,
        .size = end - at,
        .depth = tree->depth - 1,
        .is_damaged = true,
    };
    return fn(&node, payload);
}

dits_error *matroska_tree(struct media_file *file, media_node_fn *fn,
                          void *payload)
{
    CLEANUP(window_release) struct window window = {.source = file->source};
    struct tree tree = {.file = file, .window = &window, .depth = 1};
    tree.stack[0].end = file->source->size;
    while (tree.depth > 0 && tree.count++ < LIMIT_NODES) {
        struct ebml_element element = {0};
        uint64_t *at = &tree.at[tree.depth - 1];
        uint64_t end = tree.stack[tree.depth - 1].end;
        bool found = false;
        TRY(ebml_element_at(&window, *at, end, &element, &found));
        if (!found) {
            if (*at < end)
                TRY(show_damage(&tree, *at, end, fn, payload));
            tree.depth--;
            continue;
        }
        if (element.is_unknown)
            TRY(find_end(&window, &element));
        TRY(show(&tree, &element, fn, payload));
        *at = element.end;
        if (matroska_is_master(element.id) && tree.depth < LIMIT_DEPTH) {
            tree.stack[tree.depth] = element;
            tree.at[tree.depth++] = element.body;
        }
    }
    return NULL;
}
