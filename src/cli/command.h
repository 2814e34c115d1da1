/*
 * cli/command.h - what a command is
 *
 * A command is one file, cmd_NAME.c, that defines one `const struct
 * cli_command`, named in the table of its program (cli/commands.c). Help, shell
 * completion, the manual's option lists and the check that each command has a
 * page and a test are all made from these tables.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/cli.h"

/* Values that may come any number of times. Borrowed from the arguments. */
struct cli_list {
    const char **items;
    size_t count;
    bool is_given; /* of CLI_PATHS: there was a `--` */
};

struct cli_number {
    bool is_given;
    uint64_t value;
};

/* The list as the library takes it. */
static inline struct dits_paths cli_paths(const struct cli_list *list)
{
    return (struct dits_paths){.items = list->items, .count = list->count};
}

enum cli_option_kind {
    CLI_KIND_END,
    CLI_KIND_SWITCH,           /* bool; --no-NAME takes it back */
    CLI_KIND_STRING,           /* const char * */
    CLI_KIND_OPTIONAL,         /* const char *: --NAME or --NAME=VALUE */
    CLI_KIND_NUMBER,           /* struct cli_number */
    CLI_KIND_STRINGS,          /* struct cli_list: may be repeated */
    CLI_KIND_OPERAND,          /* const char *, required, by position */
    CLI_KIND_OPTIONAL_OPERAND, /* const char *, or NULL */
    CLI_KIND_OPERANDS,         /* struct cli_list: all that are left */
    CLI_KIND_PATHS,            /* struct cli_list: all after a `--` */
};

enum cli_option_flags {
    CLI_HIDDEN = 1 << 0, /* not in the help: another spelling */
    CLI_NEEDED = 1 << 1, /* of operands: at least one */
    CLI_DIGITS = 1 << 2, /* of a number: `-5` means this option too */
    CLI_COUNTS = 1 << 3, /* of a switch: `unsigned`, how often it came */
};

struct cli_option {
    enum cli_option_kind kind;
    char letter;            /* 0 for none */
    const char *name;       /* long name; for an operand, its name in the usage,
                               from which completion knows what fits */
    const char *value_name; /* as `name` of an operand */
    size_t offset;          /* in the command's struct of arguments */
    const char *help;
    const char *implied;        /* of CLI_KIND_OPTIONAL: without =VALUE; of
                                   CLI_KIND_OPERANDS: when it is the first, no
                                   options follow, as in 'bisect run' */
    const char *const *choices; /* ends with NULL; no others are taken */
    unsigned flags;
};

enum cli_group {
    CLI_GROUP_START, /* create and set up repositories */
    CLI_GROUP_WORK,  /* change the working tree */
    CLI_GROUP_LOOK,  /* history and state */
    CLI_GROUP_GROW,  /* commits, branches, tags */
    CLI_GROUP_SHARE, /* other repositories */
    CLI_GROUP_UNDO,  /* go back */
    CLI_GROUP_ADMIN, /* check, repair, measure */
    CLI_GROUP_SERVE, /* of ditsd: what is served */
    CLI_GROUP_WHO,   /* of ditsd: who may do what */
    CLI_GROUP_HELP,
    CLI_GROUP_COUNT,
};

enum cli_flags {
    CLI_NEEDS_REPO = 1 << 0,
    CLI_WANTS_REPO = 1 << 1, /* opened where there is one */
    CLI_CHANGES = 1 << 2,    /* Ctrl-C asks it to stop and clean up */
    CLI_PAGED = 1 << 3,
    CLI_JSON = 1 << 4,        /* prints data, so it knows --json */
    CLI_GIVES_WAY = 1 << 5,   /* to all else that runs (cli/priority.h) */
    CLI_NEEDS_FILES = 1 << 6, /* and so a repository that is not bare */
};

struct cli_command {
    const char *name;
    const char *summary; /* one line, imperative, no full stop */
    const char *help;    /* paragraphs for `dits help NAME` */
    enum cli_group group;
    unsigned flags;
    const struct cli_option *options;
    size_t args_size;
    dits_error *(*run)(struct cli *cli, const void *args);
};

/* The offset of a member, if it has the type that the option stores. */
#define CLI_MEMBER(type, args, member) \
    _Generic(((args *)0)->member, type : offsetof(args, member))

/*
 * Rows of an option table. The help comes last and may be followed by further
 * members, as in `.choices = colours`.
 */
/* clang-format off */
#define CLI_SWITCH(letter_, name_, args, member, ...)                         \
    {.kind = CLI_KIND_SWITCH, .letter = letter_, .name = name_,               \
     .offset = CLI_MEMBER(bool, args, member), .help = __VA_ARGS__}
#define CLI_COUNTED(letter_, name_, args, member, ...)                        \
    {.kind = CLI_KIND_SWITCH, .letter = letter_, .name = name_,               \
     .flags = CLI_COUNTS, .offset = CLI_MEMBER(unsigned, args, member),       \
     .help = __VA_ARGS__}
#define CLI_STRING(letter_, name_, value, args, member, ...)                  \
    {.kind = CLI_KIND_STRING, .letter = letter_, .name = name_,               \
     .value_name = value,                                                     \
     .offset = CLI_MEMBER(const char *, args, member), .help = __VA_ARGS__}
#define CLI_OPTIONAL(letter_, name_, value, args, member, ...)                \
    {.kind = CLI_KIND_OPTIONAL, .letter = letter_, .name = name_,             \
     .value_name = value,                                                     \
     .offset = CLI_MEMBER(const char *, args, member), .help = __VA_ARGS__}
#define CLI_NUMBER(letter_, name_, value, args, member, ...)                  \
    {.kind = CLI_KIND_NUMBER, .letter = letter_, .name = name_,               \
     .value_name = value,                                                     \
     .offset = CLI_MEMBER(struct cli_number, args, member),                   \
     .help = __VA_ARGS__}
#define CLI_STRINGS(letter_, name_, value, args, member, ...)                 \
    {.kind = CLI_KIND_STRINGS, .letter = letter_, .name = name_,              \
     .value_name = value,                                                     \
     .offset = CLI_MEMBER(struct cli_list, args, member), .help = __VA_ARGS__}
#define CLI_OPERAND(name_, args, member, ...)                                 \
    {.kind = CLI_KIND_OPERAND, .name = name_,                                 \
     .offset = CLI_MEMBER(const char *, args, member), .help = __VA_ARGS__}
#define CLI_OPTIONAL_OPERAND(name_, args, member, ...)                        \
    {.kind = CLI_KIND_OPTIONAL_OPERAND, .name = name_,                        \
     .offset = CLI_MEMBER(const char *, args, member), .help = __VA_ARGS__}
#define CLI_OPERANDS(name_, args, member, ...)                                \
    {.kind = CLI_KIND_OPERANDS, .name = name_,                                \
     .offset = CLI_MEMBER(struct cli_list, args, member), .help = __VA_ARGS__}
#define CLI_PATHS(name_, args, member, ...)                                   \
    {.kind = CLI_KIND_PATHS, .name = name_,                                   \
     .offset = CLI_MEMBER(struct cli_list, args, member), .help = __VA_ARGS__}
#define CLI_END {.kind = CLI_KIND_END}
/* clang-format on */

#endif
