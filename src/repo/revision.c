#include "repo/revision.h"

#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"

enum {
    MAX_BASE = 2000, /* bytes */
    MAX_STEPS = 1000,
    MAX_NUMBER = 1000000000,
};

static void step_release(struct revision_step *step)
{
    mem_free(step->text);
}

void revision_release(struct revision *revision)
{
    for (size_t i = 0; i < revision->count; i++)
        step_release(&revision->steps[i]);
    mem_free(revision->steps);
    mem_free(revision->base);
    *revision = (struct revision){0};
}

static dits_error *bad(const char *text)
{
    return error_hint(
        error_new(DITS_E_INVALID, "'%.200s' is not written as a revision",
                  text),
        "Write for example HEAD, main~2, v1^2, @{1}, main@{yesterday}, "
        "REV^{tree}, REV^{/text}, :/text or REV:path.");
}

static dits_error *add_step(struct revision *revision,
                            struct revision_step *step)
{
    if (revision->count == MAX_STEPS)
        return error_new(DITS_E_LIMIT, "a revision of more than %d steps",
                         MAX_STEPS);
    struct revision_step *steps = array_grown(
        revision->steps, revision->count, &revision->capacity, sizeof(*steps));
    if (steps == NULL)
        return error_nomem();
    revision->steps = steps;
    revision->steps[revision->count++] = MOVE(*step);
    return NULL;
}

/* Digits at `*at`: false when there are too many. None gives `fallback`. */
static bool take_number(const char **at, uint64_t fallback, uint64_t *out)
{
    uint64_t number = 0;
    const char *start = *at;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        number = number * 10 + (uint64_t)(**at - '0');
        if (number > MAX_NUMBER)
            return false;
    }
    *out = *at == start ? fallback : number;
    return true;
}

/* What stands up to the closing brace; a text may have pairs of its own. */
static dits_error *take_braces(const char *text, const char **at, char **out)
{
    const char *close = *at;
    for (size_t depth = 0; *close != '\0' && (*close != '}' || depth > 0);
         close++) {
        if (*close == '{')
            depth++;
        else if (*close == '}')
            depth--;
    }
    if (*close == '\0')
        return bad(text);
    TRY(text_copy_part(*at, (size_t)(close - *at), out));
    *at = close + 1;
    return NULL;
}

/* "@{…}", after the '@' and the brace. */
static dits_error *take_log(const char *text, const char **at,
                            struct revision_step *step)
{
    CLEANUP(text_free) char *inside = NULL;
    TRY(take_braces(text, at, &inside));
    bool back = inside[0] == '-';
    const char *digits = inside + (back ? 1 : 0);
    const char *end = digits;
    bool fits = take_number(&end, 0, &step->number);
    bool is_number = fits && end > digits && *end == '\0';
    if (back && (!is_number || step->number == 0))
        return bad(text);
    if (is_number) {
        step->kind = back ? REVISION_PREVIOUS : REVISION_LOG_NTH;
        return NULL;
    }
    if (inside[0] == '\0')
        return bad(text);
    if (strcasecmp(inside, "upstream") == 0 || strcasecmp(inside, "u") == 0) {
        step->kind = REVISION_UPSTREAM;
        return NULL;
    }
    step->kind = REVISION_LOG_DATE;
    step->number = 0;
    step->text = MOVE(inside);
    return NULL;
}

static dits_error *take_caret(const char *text, const char **at,
                              struct revision_step *step)
{
    if (text_starts_with(*at, "{/")) {
        *at += 2;
        step->kind = REVISION_SEARCH;
        return take_braces(text, at, &step->text);
    }
    if (**at == '{') {
        (*at)++;
        step->kind = REVISION_PEEL;
        return take_braces(text, at, &step->text);
    }
    step->kind = REVISION_PARENT;
    return take_number(at, 1, &step->number) ? NULL : bad(text);
}

/* ":path" and, at the beginning, ":/text": all of the rest. */
static dits_error *take_rest(const char **at, bool is_first,
                             struct revision_step *step)
{
    bool is_search = is_first && (*at)[0] == '/' && (*at)[1] != '\0';
    step->kind = is_search ? REVISION_SEARCH : REVISION_PATH;
    TRY(text_copy(*at + (is_search ? 1 : 0), &step->text));
    *at += strlen(*at);
    return NULL;
}

static dits_error *take_step(const char *text, const char **at,
                             struct revision *revision)
{
    CLEANUP(step_release) struct revision_step step = {0};
    char mark = *(*at)++;
    switch (mark) {
    case '~':
        step.kind = REVISION_ANCESTOR;
        if (!take_number(at, 1, &step.number))
            return bad(text);
        break;
    case '^':
        TRY(take_caret(text, at, &step));
        break;
    case ':':
        TRY(take_rest(at, *at == text + 1, &step));
        break;
    case '@':
        /* Only a ref has a log. */
        if (**at != '{' || revision->count > 0)
            return bad(text);
        (*at)++;
        TRY(take_log(text, at, &step));
        break;
    default:
        return bad(text);
    }
    if (step.kind == REVISION_PREVIOUS && revision->base[0] != '\0')
        return bad(text);
    return add_step(revision, &step);
}

/* Where the name ends and the first step begins. */
static size_t base_length(const char *text)
{
    size_t length = 0;
    for (; text[length] != '\0'; length++) {
        if (strchr("~^:", text[length]) != NULL ||
            (text[length] == '@' && text[length + 1] == '{'))
            break;
    }
    return length;
}

dits_error *revision_parse(const char *text, struct revision *out)
{
    CLEANUP(revision_release) struct revision revision = {0};
    size_t length = base_length(text);
    const char *at = text + length;
    if (length > MAX_BASE || !text_is_utf8(text, strlen(text)))
        return bad(text);
    TRY(text_copy_part(text, length, &revision.base));
    while (*at != '\0')
        TRY(take_step(text, &at, &revision));

    bool has_start = length > 0 || text[0] == ':' || text[0] == '@';
    if (!has_start)
        return bad(text);
    *out = MOVE(revision);
    return NULL;
}
