/*
 * base/array.h - arrays that grow
 *
 * Whoever has one keeps the array, which mem_free() frees, how many elements it
 * has, and for how many there is room. All zero is an empty one.
 *
 *     struct item *items = array_grown(list->items, list->count,
 *                                      &list->capacity, sizeof(*items));
 *     if (items == NULL)
 *         return error_nomem();
 *     list->items = items;
 *     list->items[list->count++] = item;
 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>

/*
 * The array with room for at least one element of `size` bytes behind `count`:
 * as it is, or made half as large again, so that adding elements one by one is
 * linear in their number. What is new is zeroed. NULL when there is not enough
 * memory: the array and its capacity are then as before.
 */
void *array_grown(void *array, size_t count, size_t *capacity, size_t size);

#endif
