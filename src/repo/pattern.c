#include "repo/pattern.h"

#include <string.h>

#include "base/glob.h"

bool pattern_parse(char *text, struct pattern *out)
{
    *out = (struct pattern){.is_negated = *text == '!'};
    text += out->is_negated;
    size_t length = strlen(text);
    out->is_folder_only = length > 0 && text[length - 1] == '/';
    if (out->is_folder_only)
        text[--length] = '\0';
    out->is_anchored = strchr(text, '/') != NULL;
    out->is_rooted = *text == '/';
    if (out->is_rooted) {
        text++;
        length--;
    }
    out->text = text;
    out->length = length;
    out->literal = glob_literal_length(text);
    return length > 0;
}

bool pattern_matches(const struct pattern *pattern, const char *path,
                     const char *name, bool is_folder)
{
    const char *text = pattern->is_anchored ? path : name;
    if (pattern->is_folder_only && !is_folder)
        return false;
    if (pattern->literal == pattern->length)
        return strcmp(pattern->text, text) == 0;
    if (strncmp(pattern->text, text, pattern->literal) != 0)
        return false;
    return glob_match(pattern->text, text, GLOB_PATH);
}
