#include "base/glob.h"

#include <ctype.h>
#include <string.h>

static unsigned char fold(char c, unsigned flags)
{
    unsigned char byte = (unsigned char)c;
    bool folds = (flags & GLOB_IGNORE_CASE) != 0 && byte < 0x80;
    return folds ? (unsigned char)tolower(byte) : byte;
}

/* Whether `c` is of the class whose name, of `length`, starts at `name`. */
static bool is_of_class(const char *name, size_t length, unsigned char c,
                        bool *out_known)
{
    static const struct {
        const char *name;
        int (*test)(int);
    } classes[] = {
        {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank},
        {"cntrl", iscntrl}, {"digit", isdigit}, {"graph", isgraph},
        {"lower", islower}, {"print", isprint}, {"punct", ispunct},
        {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
    };
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (strlen(classes[i].name) == length &&
            memcmp(classes[i].name, name, length) == 0) {
            *out_known = true;
            return c < 0x80 && classes[i].test(c) != 0;
        }
    *out_known = false;
    return false;
}

/* One character of a set, perhaps escaped; NULL when the pattern ends. */
static const char *read_member(const char *at, unsigned flags,
                               unsigned char *out)
{
    if (*at == '\\')
        at++;
    if (*at == '\0')
        return NULL;
    *out = fold(*at, flags);
    return at + 1;
}

/* A member, a range or a class at `at`; NULL when it is malformed. */
static const char *match_item(const char *at, unsigned char c, unsigned flags,
                              bool *out)
{
    if (at[0] == '[' && at[1] == ':') {
        const char *end = strstr(at + 2, ":]");
        bool known = false;
        if (end == NULL)
            return NULL;
        *out = is_of_class(at + 2, (size_t)(end - at - 2), c, &known);
        return known ? end + 2 : NULL;
    }
    unsigned char low = 0;
    at = read_member(at, flags, &low);
    if (at == NULL)
        return NULL;
    unsigned char high = low;
    if (at[0] == '-' && at[1] != ']' && at[1] != '\0')
        at = read_member(at + 1, flags, &high);
    *out = low <= c && c <= high;
    return at;
}

/* The set that starts behind '['. Gives where it ends, or NULL. */
static const char *match_set(const char *at, unsigned char c, unsigned flags,
                             bool *out)
{
    bool negated = *at == '!' || *at == '^';
    at += negated;
    bool found = false;
    do {
        bool hit = false;
        at = match_item(at, c, flags, &hit);
        if (at == NULL)
            return NULL;
        found = found || hit;
    } while (*at != ']');
    *out = found != negated;
    return at + 1;
}

/* Match one character of the text; gives the rest of the pattern or NULL. */
static const char *match_one(const char *pattern, char c, unsigned flags)
{
    bool no_slash = (flags & GLOB_PATH) != 0 && c == '/';
    bool hit = false;
    switch (*pattern) {
    case '?':
        return no_slash ? NULL : pattern + 1;
    case '[': {
        const char *end = match_set(pattern + 1, fold(c, flags), flags, &hit);
        return hit && !no_slash ? end : NULL;
    }
    case '\\':
        pattern += pattern[1] != '\0';
        break;
    default:
        break;
    }
    return fold(*pattern, flags) == fold(c, flags) ? pattern + 1 : NULL;
}

/* Whether a whole part `**` starts here. */
static bool is_any_depth(const char *start, const char *at, unsigned flags)
{
    return (flags & GLOB_PATH) != 0 && at[0] == '*' && at[1] == '*' &&
           (at[2] == '/' || at[2] == '\0') && (at == start || at[-1] == '/');
}

/* Where to go on when a guess was wrong: the last `*` and the last `**`. */
struct retry {
    const char *star;
    const char *star_text;
    const char *deep;
    const char *deep_text;
};

/*
 * Let the last `*` take one more character, or the last `**` one more folder.
 * Earlier ones need no second try: what comes behind them was matched at the
 * first place possible, and a later place would only leave less text.
 */
static bool go_back(struct retry *retry, const char **pattern,
                    const char **text, unsigned flags)
{
    bool stays = (flags & GLOB_PATH) != 0;
    if (retry->star != NULL && !(stays && *retry->star_text == '/')) {
        *pattern = retry->star;
        *text = ++retry->star_text;
        return true;
    }
    const char *slash = retry->deep != NULL ? strchr(retry->deep_text, '/')
                                            : NULL;
    if (slash == NULL)
        return false;
    retry->star = NULL;
    *pattern = retry->deep;
    *text = retry->deep_text = slash + 1;
    return true;
}

bool glob_match(const char *pattern, const char *text, unsigned flags)
{
    struct retry retry = {0};
    const char *at = pattern;
    for (;;) {
        if (is_any_depth(pattern, at, flags)) {
            if (at[2] == '\0')
                return true;
            at += 3;
            retry = (struct retry){.deep = at, .deep_text = text};
            continue;
        }
        if (*at == '*') {
            at += strspn(at, "*");
            retry.star = at;
            retry.star_text = text;
            continue;
        }
        if (*text == '\0')
            return *at == '\0';

        const char *next = *at != '\0' ? match_one(at, *text, flags) : NULL;
        if (next == NULL) {
            if (!go_back(&retry, &at, &text, flags))
                return false;
            continue;
        }
        if (*text == '/' && (flags & GLOB_PATH) != 0)
            retry.star = NULL;
        at = next;
        text++;
    }
}

size_t glob_literal_length(const char *pattern)
{
    return strcspn(pattern, "*?[\\");
}

bool glob_match_any(const char *const *patterns, size_t count, const char *text,
                    unsigned flags)
{
    for (size_t i = 0; i < count; i++)
        if (glob_match(patterns[i], text, flags))
            return true;
    return count == 0;
}
