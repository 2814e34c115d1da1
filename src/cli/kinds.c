#include "cli/kinds.h"

#include <string.h>

static bool is_given(const struct cli_option *option, const void *args)
{
    const void *member = (const char *)args + option->offset;
    switch (option->kind) {
    case CLI_KIND_SWITCH:
        return *(const bool *)member;
    case CLI_KIND_STRING:
    case CLI_KIND_OPTIONAL:
        return *(const char *const *)member != NULL;
    case CLI_KIND_NUMBER:
        return ((const struct cli_number *)member)->is_given;
    case CLI_KIND_STRINGS:
        return ((const struct cli_list *)member)->count > 0;
    case CLI_KIND_END:
    case CLI_KIND_OPERAND:
    case CLI_KIND_OPTIONAL_OPERAND:
    case CLI_KIND_OPERANDS:
    case CLI_KIND_PATHS:
        break;
    }
    return false;
}

static bool is_taken(const char *name, const char *const *taken)
{
    for (; *taken != NULL; taken++)
        if (strcmp(*taken, name) == 0)
            return true;
    return false;
}

dits_error *kinds_check(struct cli *cli, const struct cli_option *options,
                        const void *args, const char *kind,
                        const char *const *taken)
{
    for (const struct cli_option *o = options; o->kind != CLI_KIND_END; o++)
        if (is_given(o, args) && !is_taken(o->name, taken))
            return cli_usage(cli, "'%s' takes no '--%s'", kind, o->name);
    return NULL;
}

dits_error *kinds_check_single(struct cli *cli, const struct cli_list *operands)
{
    if (operands->count > 1)
        return cli_usage(cli, "unexpected '%s'", operands->items[1]);
    return NULL;
}
