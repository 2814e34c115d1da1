#include "server/name.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_plain(const char *name)
{
    if (!text_is_letter(name[0]) && !is_digit(name[0]))
        return false;
    for (const char *at = name; *at != '\0'; at++)
        if (!text_is_letter(*at) && !is_digit(*at) &&
            strchr("._-", *at) == NULL)
            return false;
    return true;
}

static dits_error *check(const char *name)
{
    if (strnlen(name, SERVER_NAME_SIZE) == SERVER_NAME_SIZE)
        return error_new(DITS_E_INVALID, "a name has at most %u characters",
                         SERVER_NAME_SIZE - 1);
    if (!is_plain(name))
        return error_hint(
            error_new(DITS_E_INVALID, "'%s' cannot be a name here", name),
            "Use letters, digits, '.', '_' and '-', with a letter or a digit "
            "first.");
    return NULL;
}

dits_error *name_check_account(const char *name)
{
    TRY(check(name));
    for (const char *at = name; *at != '\0'; at++)
        if (is_upper(*at))
            return error_new(DITS_E_INVALID,
                             "names of accounts are lower case: '%s'", name);
    return NULL;
}

dits_error *name_check_repository(const char *name)
{
    return check(name);
}
