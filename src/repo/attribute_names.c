#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/attribute_rules.h"

void attribute_names_release(struct attribute_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        mem_free(names->names[i]);
    names->count = 0;
    memset(names->slots, 0, sizeof(names->slots));
}

bool attribute_name_is_valid(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = name[i];
        bool is_digit = c >= '0' && c <= '9';
        if (!text_is_letter(c) && !is_digit && c != '-' && c != '_' && c != '.')
            return false;
    }
    return length > 0 && name[0] != '-';
}

/* The slot that the name is in, or would be: there is always a free one. */
static size_t find_slot(const struct attribute_names *names, const char *name,
                        size_t length)
{
    size_t slots = 2 * (size_t)ATTRIBUTE_NAMES_MAX;
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)name[i]) * 16777619u;
    for (size_t slot = hash % slots;; slot = (slot + 1) % slots) {
        if (names->slots[slot] == 0)
            return slot;
        const char *there = names->names[names->slots[slot] - 1];
        if (strncmp(there, name, length) == 0 && there[length] == '\0')
            return slot;
    }
}

dits_error *attribute_names_add(struct attribute_names *names, const char *name,
                                size_t length, uint16_t *out)
{
    size_t slot = find_slot(names, name, length);
    if (names->slots[slot] == 0) {
        if (names->count == ATTRIBUTE_NAMES_MAX)
            return error_new(DITS_E_LIMIT, "more than %u different attributes",
                             ATTRIBUTE_NAMES_MAX);
        TRY(text_copy_part(name, length, &names->names[names->count]));
        names->slots[slot] = (uint16_t)++names->count;
    }
    *out = (uint16_t)(names->slots[slot] - 1);
    return NULL;
}

bool attribute_names_find(const struct attribute_names *names, const char *name,
                          uint16_t *out)
{
    size_t slot = find_slot(names, name, strlen(name));
    if (names->slots[slot] == 0)
        return false;
    *out = (uint16_t)(names->slots[slot] - 1);
    return true;
}
