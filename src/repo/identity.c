#include "repo/identity.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/config.h"

/* What commits can hold: UTF-8 without newline, '<' and '>'. */
static bool is_storable(const char *text)
{
    return text_is_utf8(text, strlen(text)) && strpbrk(text, "<>\r\n") == NULL;
}

static const char *first_of(const char *a, const char *b)
{
    if (a != NULL && a[0] != '\0')
        return a;
    return b != NULL && b[0] != '\0' ? b : NULL;
}

static dits_error *fill(const dits_repo *repo, const char *name,
                        const char *email, struct person *out)
{
    CLEANUP(person_release)
    struct person person = {
        .time = context_now(repo->context),
        .offset_minutes = context_options(repo->context)->utc_offset_minutes,
    };
    TRY(text_copy(name, &person.name));
    TRY(text_copy(email, &person.email));
    *out = MOVE(person);
    return NULL;
}

static dits_error *who_are_you(const char *what)
{
    return error_hint(
        error_new(DITS_E_INVALID, "%s is not set", what),
        "Say who you are: dits config --user user.name \"Your Name\"; dits "
        "config --user user.email you@example.com");
}

dits_error *identity_find(const dits_repo *repo, struct person *out)
{
    const struct dits_context_options *options = context_options(repo->context);
    const char *name =
        first_of(config_text(repo, "user.name"), options->user_name);
    const char *email =
        first_of(config_text(repo, "user.email"), options->user_email);
    if (name == NULL)
        return who_are_you("user.name");
    if (email == NULL)
        return who_are_you("user.email");
    if (!is_storable(name) || !is_storable(email))
        return error_hint(
            error_new(DITS_E_INVALID, "'%s <%s>' cannot stand in a commit",
                      name, email),
            "Correct user.name and user.email: no '<', '>' and newlines.");
    return fill(repo, name, email, out);
}

dits_error *identity_act_as(dits_repo *repo, const char *name,
                            const char *email)
{
    CLEANUP(text_free) char *name_copy = NULL;
    CLEANUP(text_free) char *email_copy = NULL;
    if (name != NULL && is_storable(name))
        TRY(text_copy(name, &name_copy));
    if (email != NULL && is_storable(email))
        TRY(text_copy(email, &email_copy));
    mem_free(repo->actor_name);
    mem_free(repo->actor_email);
    repo->actor_name = MOVE(name_copy);
    repo->actor_email = MOVE(email_copy);
    return NULL;
}

dits_error *identity_find_any(const dits_repo *repo, struct person *out)
{
    if (repo->actor_name != NULL)
        return fill(repo, repo->actor_name,
                    repo->actor_email != NULL ? repo->actor_email : "", out);
    dits_error *err = identity_find(repo, out);
    if (err == NULL || dits_error_code(err) != DITS_E_INVALID)
        return err;
    dits_error_free(err); /* only commits need to know */
    return fill(repo, "unknown", "", out);
}

dits_error *identity_parse(const char *text, struct person *out)
{
    const char *open = strchr(text, '<');
    const char *close = open != NULL ? strchr(open, '>') : NULL;
    const char *end = open;
    while (end != NULL && end > text && end[-1] == ' ')
        end--;
    if (close == NULL || close[1] != '\0' || end == text)
        return error_hint(
            error_new(DITS_E_INVALID, "'%s' is not a person", text),
            "Write it as: Name <mail@example.com>");

    CLEANUP(person_release)
    struct person person = {.time = out->time,
                            .offset_minutes = out->offset_minutes};
    TRY(text_copy_part(text, (size_t)(end - text), &person.name));
    TRY(text_copy_part(open + 1, (size_t)(close - open) - 1, &person.email));
    if (!is_storable(person.name) || !is_storable(person.email))
        return error_new(DITS_E_INVALID, "'%s' cannot stand in a commit", text);
    person_release(out);
    *out = MOVE(person);
    return NULL;
}

dits_error *identity_format(const struct person *person, char **out)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(buf_printf(&text, "%s <%s>", person->name, person->email));
    return buf_take_text(&text, out);
}
