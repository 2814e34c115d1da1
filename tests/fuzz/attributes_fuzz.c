/* An attributes file of any bytes; its last line is a path matched against it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "repo/attribute_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void match_all(const struct attribute_rules *rules, const char *path)
{
    const char *name = path_base_name(path);
    for (size_t i = 0; i < rules->count; i++) {
        const struct attribute_rule *rule = &rules->rules[i];
        if (rule->first + rule->count > rules->setting_count)
            abort();
        if (!rule->is_macro)
            (void)pattern_matches(&rule->pattern, path, name, false);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct attribute_names names = {0};
    struct attribute_rules rules = {0};
    char *path = NULL;
    size_t start = size;
    while (start > 0 && data[start - 1] != '\n')
        start--;
    dits_error *err =
        text_copy_part((const char *)data + start, size - start, &path);
    if (err == NULL)
        err = attribute_rules_parse(&names, data, start, &rules);
    if (err == NULL)
        match_all(&rules, path);
    for (size_t i = 0; i < rules.setting_count; i++)
        if (rules.settings[i].number >= names.count)
            abort();
    attribute_rules_release(&rules);
    attribute_names_release(&names);
    text_free(&path);
    dits_error_free(err);
    return 0;
}
