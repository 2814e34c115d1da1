#include "object/tree_stack.h"

#include "base/array.h"
#include "base/mem.h"

static void frame_release(struct tree_frame *frame)
{
    tree_cursor_release(&frame->cursors[0]);
    tree_cursor_release(&frame->cursors[1]);
}

void tree_stack_release(struct tree_stack *stack)
{
    for (size_t i = 0; i < stack->count; i++)
        frame_release(&stack->frames[i]);
    mem_free(stack->frames);
    buf_release(&stack->path);
    *stack = (struct tree_stack){0};
}

bool tree_stack_is_empty(const struct tree_stack *stack)
{
    return stack->count == 0;
}

struct tree_frame *tree_stack_top(const struct tree_stack *stack)
{
    return &stack->frames[stack->count - 1];
}

static dits_error *make_room(struct tree_stack *stack)
{
    if (stack->count >= TREE_MAX_DEPTH)
        return error_new(DITS_E_LIMIT, "more than %d folders within each other",
                         TREE_MAX_DEPTH);
    struct tree_frame *frames = array_grown(stack->frames, stack->count,
                                            &stack->capacity, sizeof(*frames));
    if (frames == NULL)
        return error_nomem();
    stack->frames = frames;
    return NULL;
}

dits_error *tree_stack_push(struct tree_stack *stack, struct store *store,
                            const struct dits_oid *a, const struct dits_oid *b)
{
    CLEANUP(frame_release)
    struct tree_frame frame = {.path_length = stack->path.size};
    TRY(make_room(stack));
    if (a != NULL)
        TRY(tree_cursor_open(store, a, &frame.cursors[0]));
    if (b != NULL)
        TRY(tree_cursor_open(store, b, &frame.cursors[1]));
    stack->frames[stack->count++] = MOVE(frame);
    return NULL;
}

void tree_stack_pop(struct tree_stack *stack)
{
    frame_release(tree_stack_top(stack));
    stack->count--;
}

dits_error *tree_stack_name(struct tree_stack *stack,
                            const struct tree_item *item)
{
    stack->path.size = tree_stack_top(stack)->path_length;
    if (stack->path.size > 0)
        TRY(buf_put_u8(&stack->path, '/'));
    return buf_put(&stack->path, item->name, item->length);
}

const char *tree_stack_path(const struct tree_stack *stack)
{
    return buf_text(&stack->path);
}

struct tree_entry tree_stack_entry(const struct tree_item *item)
{
    return (struct tree_entry){.name = item->name,
                               .mode = (enum tree_mode)item->mode,
                               .id = *item->id};
}
