#include "cli/parse.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/suggest.h"

struct parser {
    const struct option_set *sets[2];
    size_t set_count;
    const char *const *argv;          /* the next argument */
    const struct cli_option *operand; /* the next by position */
};

/* A row, and the member that it stores into. */
struct target {
    const struct cli_option *option;
    void *member;
};

static bool is_operand(const struct cli_option *option)
{
    return option->kind >= CLI_KIND_OPERAND;
}

static void *member_of(const struct option_set *set,
                       const struct cli_option *option)
{
    return (char *)set->values + option->offset;
}

static struct target find_letter(const struct parser *parser, char letter)
{
    for (size_t i = 0; i < parser->set_count; i++) {
        const struct cli_option *o = parser->sets[i]->options;
        for (; o->kind != CLI_KIND_END; o++)
            if (!is_operand(o) && o->letter == letter)
                return (struct target){o, member_of(parser->sets[i], o)};
    }
    return (struct target){0};
}

/* `length` bytes of `name`; `negated` finds switches only. */
static struct target find_name(const struct parser *parser, const char *name,
                               size_t length, bool negated)
{
    for (size_t i = 0; i < parser->set_count; i++) {
        const struct cli_option *o = parser->sets[i]->options;
        for (; o->kind != CLI_KIND_END; o++)
            if (!is_operand(o) && o->name != NULL &&
                (!negated || o->kind == CLI_KIND_SWITCH) &&
                strlen(o->name) == length && memcmp(o->name, name, length) == 0)
                return (struct target){o, member_of(parser->sets[i], o)};
    }
    return (struct target){0};
}

static dits_error *unknown_option(const struct parser *parser, const char *arg)
{
    struct suggestion best = suggestion_for(arg + strspn(arg, "-"));
    for (size_t i = 0; i < parser->set_count; i++) {
        const struct cli_option *o = parser->sets[i]->options;
        for (; o->kind != CLI_KIND_END; o++)
            if (!is_operand(o) && o->name != NULL)
                suggestion_offer(&best, o->name);
    }
    dits_error *err = error_new(DITS_E_INVALID, "unknown option '%s'", arg);
    if (text_starts_with(arg, "--") && best.name != NULL)
        err = error_hint(err, "Did you mean '--%s'?", best.name);
    return err;
}

/* A list gets room for `most`, all that may still come, when it is begun. */
static dits_error *list_add(struct cli_list *list, const char *item,
                            size_t most)
{
    if (list->items == NULL) {
        list->items = mem_new_array(const char *, most);
        if (list->items == NULL)
            return error_nomem();
    }
    list->items[list->count++] = item;
    return NULL;
}

static size_t count_arguments(const char *const *argv)
{
    size_t count = 0;
    while (argv[count] != NULL)
        count++;
    return count;
}

static dits_error *check_choice(const struct cli_option *option,
                                const char *value)
{
    if (option->choices == NULL)
        return NULL;
    struct suggestion best = suggestion_for(value);
    for (size_t i = 0; option->choices[i] != NULL; i++) {
        if (strcmp(option->choices[i], value) == 0)
            return NULL;
        suggestion_offer(&best, option->choices[i]);
    }
    dits_error *err = error_new(DITS_E_INVALID, "'%s' is no value for '%s'",
                                value, option->name);
    return best.name != NULL ? error_hint(err, "Did you mean '%s'?", best.name)
                             : err;
}

/* `left` is how many arguments may still follow `value`, itself included. */
static dits_error *store_value(struct target target, const char *value,
                               size_t left)
{
    const struct cli_option *option = target.option;
    TRY(check_choice(option, value));
    if (option->kind == CLI_KIND_NUMBER) {
        struct cli_number number = {.is_given = true};
        if (!text_to_u64(value, &number.value))
            return error_new(DITS_E_INVALID, "'%s' needs a number, not '%s'",
                             option->name, value);
        memcpy(target.member, &number, sizeof(number));
        return NULL;
    }
    if (option->kind == CLI_KIND_STRINGS || option->kind == CLI_KIND_OPERANDS ||
        option->kind == CLI_KIND_PATHS)
        return list_add(target.member, value, left);

    memcpy(target.member, &value, sizeof(value));
    return NULL;
}

static void store_switch(struct target target, bool on)
{
    unsigned count = 0;
    if (target.option->flags & CLI_COUNTS) {
        memcpy(&count, target.member, sizeof(count));
        count = on ? count + 1 : 0;
        memcpy(target.member, &count, sizeof(count));
        return;
    }
    memcpy(target.member, &on, sizeof(on));
}

/* The value of `arg`, an option that needs one, is the next argument. */
static dits_error *take_value(struct parser *parser, struct target target,
                              const char *arg)
{
    if (*parser->argv == NULL)
        return error_new(DITS_E_INVALID, "'%s' needs %s", arg,
                         target.option->value_name);
    size_t left = count_arguments(parser->argv);
    return store_value(target, *parser->argv++, left);
}

static dits_error *parse_long(struct parser *parser, const char *arg)
{
    const char *name = arg + 2;
    size_t length = strcspn(name, "=");
    const char *value = name[length] == '=' ? name + length + 1 : NULL;
    size_t left = count_arguments(parser->argv) + 1;

    struct target target = find_name(parser, name, length, false);
    if (target.option == NULL && text_starts_with(name, "no-") &&
        value == NULL) {
        target = find_name(parser, name + 3, length - 3, true);
        if (target.option != NULL) {
            store_switch(target, false);
            return NULL;
        }
    }
    if (target.option == NULL)
        return unknown_option(parser, arg);

    if (target.option->kind == CLI_KIND_SWITCH) {
        if (value != NULL)
            return error_new(DITS_E_INVALID, "'--%s' takes no value",
                             target.option->name);
        store_switch(target, true);
        return NULL;
    }
    if (value == NULL && target.option->kind == CLI_KIND_OPTIONAL)
        value = target.option->implied;
    return value != NULL ? store_value(target, value, left)
                         : take_value(parser, target, arg);
}

/* -5: the number that the table marks for it. */
static struct target find_digits(const struct parser *parser)
{
    const struct option_set *set = parser->sets[0];
    const struct cli_option *o = set->options;
    for (; o->kind != CLI_KIND_END; o++)
        if (o->flags & CLI_DIGITS)
            return (struct target){o, member_of(set, o)};
    return (struct target){0};
}

static dits_error *parse_cluster(struct parser *parser, const char *arg)
{
    size_t left = count_arguments(parser->argv) + 1;
    if (arg[1] >= '0' && arg[1] <= '9') {
        struct target digits = find_digits(parser);
        if (digits.option != NULL)
            return store_value(digits, arg + 1, left);
    }
    for (const char *at = arg + 1; *at != '\0'; at++) {
        struct target target = find_letter(parser, *at);
        if (target.option == NULL && at == arg + 1)
            return unknown_option(parser, arg);
        if (target.option == NULL)
            return error_new(DITS_E_INVALID, "unknown option '-%c' in '%s'",
                             *at, arg);
        if (target.option->kind == CLI_KIND_SWITCH)
            store_switch(target, true);
        else if (at[1] != '\0')
            return store_value(target, at + 1, left);
        else if (target.option->kind == CLI_KIND_OPTIONAL)
            return store_value(target, target.option->implied, left);
        else
            return take_value(parser, target, arg);
    }
    return NULL;
}

static bool is_option(const char *arg)
{
    return arg[0] == '-' && arg[1] != '\0';
}

static dits_error *parse_option(struct parser *parser)
{
    const char *arg = *parser->argv++;
    return arg[1] == '-' ? parse_long(parser, arg) : parse_cluster(parser, arg);
}

static void next_operand(struct parser *parser)
{
    const struct cli_option *o = parser->operand;
    while (o->kind != CLI_KIND_END && !is_operand(o))
        o++;
    parser->operand = o;
}

static dits_error *parse_operand(struct parser *parser)
{
    const struct cli_option *operand = parser->operand;
    if (operand->kind == CLI_KIND_END || operand->kind == CLI_KIND_PATHS)
        return error_new(DITS_E_INVALID, "unexpected '%s'", *parser->argv);

    size_t left = count_arguments(parser->argv);
    struct target target = {operand, member_of(parser->sets[0], operand)};
    TRY(store_value(target, *parser->argv++, left));
    if (operand->kind != CLI_KIND_OPERANDS) {
        parser->operand++;
        next_operand(parser);
    }
    return NULL;
}

/* Where everything after `--` goes, if the command tells it apart. */
static struct target find_paths(const struct parser *parser)
{
    const struct option_set *set = parser->sets[0];
    const struct cli_option *o = set->options;
    for (; o->kind != CLI_KIND_END; o++)
        if (o->kind == CLI_KIND_PATHS)
            return (struct target){o, member_of(set, o)};
    return (struct target){0};
}

static dits_error *parse_rest(struct parser *parser)
{
    struct target paths = find_paths(parser);
    if (paths.option != NULL)
        ((struct cli_list *)paths.member)->is_given = true;
    while (*parser->argv != NULL) {
        if (paths.option == NULL) {
            TRY(parse_operand(parser));
            continue;
        }
        size_t left = count_arguments(parser->argv);
        TRY(store_value(paths, *parser->argv++, left));
    }
    return NULL;
}

/* Whether all that follow the operand at hand are operands, too. */
static bool ends_options(const struct parser *parser)
{
    const struct cli_option *operand = parser->operand;
    if (operand->kind != CLI_KIND_OPERANDS || operand->implied == NULL)
        return false;
    const struct cli_list *list = member_of(parser->sets[0], operand);
    return list->count == 0 && strcmp(*parser->argv, operand->implied) == 0;
}

dits_error *parse_front(const struct option_set *set, const char *const **argv)
{
    struct parser parser = {.sets = {set}, .set_count = 1, .argv = *argv};
    while (*parser.argv != NULL && is_option(*parser.argv))
        TRY(parse_option(&parser));
    *argv = parser.argv;
    return NULL;
}

dits_error *parse_command(const struct option_set *command,
                          const struct option_set *shared,
                          const char *const *argv)
{
    struct parser parser = {
        .sets = {command, shared},
        .set_count = 2,
        .argv = argv,
        .operand = command->options,
    };
    next_operand(&parser);
    while (*parser.argv != NULL) {
        if (strcmp(*parser.argv, "--") == 0) {
            parser.argv++;
            return parse_rest(&parser);
        }
        if (is_option(*parser.argv)) {
            TRY(parse_option(&parser));
            continue;
        }
        bool ends = ends_options(&parser);
        TRY(parse_operand(&parser));
        while (ends && *parser.argv != NULL)
            TRY(parse_operand(&parser));
    }
    return NULL;
}

dits_error *parse_check(const struct option_set *command)
{
    const struct cli_option *o = command->options;
    for (; o->kind != CLI_KIND_END; o++) {
        const void *member = member_of(command, o);
        bool is_missing = (o->kind == CLI_KIND_OPERAND &&
                           *(const char *const *)member == NULL) ||
                          (o->kind == CLI_KIND_OPERANDS &&
                           o->flags & CLI_NEEDED &&
                           ((const struct cli_list *)member)->count == 0);
        if (is_missing)
            return error_new(DITS_E_INVALID, "%s is missing", o->name);
    }
    return NULL;
}

void parse_release(const struct option_set *command)
{
    const struct cli_option *o = command->options;
    for (; o->kind != CLI_KIND_END; o++) {
        if (o->kind != CLI_KIND_STRINGS && o->kind != CLI_KIND_OPERANDS &&
            o->kind != CLI_KIND_PATHS)
            continue;
        struct cli_list *list = member_of(command, o);
        mem_free(list->items);
        *list = (struct cli_list){0};
    }
}
