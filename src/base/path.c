#include "base/path.h"

#include <string.h>

static unsigned rank(char c)
{
    return c == '/' ? 1 : c == '\0' ? 0 : (unsigned char)c + 1u;
}

int path_compare(const char *a, const char *b)
{
    while (*a == *b && *a != '\0') {
        a++;
        b++;
    }
    unsigned left = rank(*a);
    unsigned right = rank(*b);
    return left < right ? -1 : left > right;
}

bool path_is_within(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    if (length == 0)
        return true;
    return strncmp(path, folder, length) == 0 &&
           (path[length] == '\0' || path[length] == '/');
}

const char *path_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
