#include "repo/ref_name.h"

#include <string.h>

#include "base/text.h"

enum { NAME_MAX_BYTES = 1000 };

/* The rules of git check-ref-format, on one part between slashes. */
static bool part_is_valid(const char *part, size_t length)
{
    static const char lock[] = ".lock";
    size_t suffix = sizeof(lock) - 1;
    if (length == 0 || part[0] == '.' || part[length - 1] == '.')
        return false;
    return length < suffix || memcmp(part + length - suffix, lock, suffix) != 0;
}

static bool byte_is_valid(char c)
{
    return (unsigned char)c > ' ' && c != 0x7f && strchr("~^:?*[\\", c) == NULL;
}

bool ref_name_is_valid(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > NAME_MAX_BYTES || name[0] == '-' ||
        strcmp(name, "@") == 0 || strcmp(name, REF_HEAD) == 0 ||
        strstr(name, "..") != NULL || strstr(name, "@{") != NULL ||
        !text_is_utf8(name, length))
        return false;
    for (const char *at = name; *at != '\0'; at++) {
        if (!byte_is_valid(*at))
            return false;
    }
    for (const char *part = name;; part++) {
        size_t size = strcspn(part, "/");
        if (!part_is_valid(part, size))
            return false;
        part += size;
        if (*part == '\0')
            return true;
    }
}

dits_error *ref_name_error(const char *name, const char *what)
{
    return error_hint(
        error_new(DITS_E_INVALID, "'%s' is not a valid %s name", name, what),
        "Use letters, digits, '-', '_', '.' and '/' between them; no spaces, "
        "no '..' and none of ~ ^ : ? * [ \\.");
}

dits_error *ref_name_of_branch(const char *name, struct buf *out)
{
    if (!ref_name_is_valid(name))
        return ref_name_error(name, "branch");
    return buf_printf(out, REF_BRANCHES "%s", name);
}

dits_error *ref_name_of_tag(const char *name, struct buf *out)
{
    if (!ref_name_is_valid(name))
        return ref_name_error(name, "tag");
    return buf_printf(out, REF_TAGS "%s", name);
}

/* Branches, tags, and what Dits keeps in folders of its own. */
bool ref_name_is_full(const char *full_name)
{
    if (strcmp(full_name, REF_HEAD) == 0)
        return true;
    if (!text_starts_with(full_name, REF_ALL))
        return false;
    const char *folder = full_name + strlen(REF_ALL);
    const char *name = strchr(folder, '/');
    return name != NULL && name != folder && ref_name_is_valid(folder) &&
           ref_name_is_valid(name + 1);
}

const char *ref_name_short(const char *full_name)
{
    if (text_starts_with(full_name, REF_BRANCHES))
        return full_name + strlen(REF_BRANCHES);
    if (text_starts_with(full_name, REF_TAGS))
        return full_name + strlen(REF_TAGS);
    if (text_starts_with(full_name, REF_REMOTES))
        return full_name + strlen(REF_REMOTES);
    return full_name;
}
