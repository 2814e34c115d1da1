#include "media/facts.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "media/limits.h"

void facts_release(struct media_facts *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        mem_free(facts->list[i].name);
        mem_free(facts->list[i].text);
    }
    mem_free(facts->list);
    *facts = (struct media_facts){0};
}

/* `text` is taken over on success; NULL where the fact has none. */
static dits_error *add(struct media_facts *facts, const char *name,
                       struct fact fact)
{
    struct fact *list =
        array_grown(facts->list, facts->count, &facts->capacity, sizeof(*list));
    if (list == NULL)
        return error_nomem();
    facts->list = list;
    TRY(text_copy(name, &fact.name));
    facts->list[facts->count++] = fact;
    return NULL;
}

/* How many bytes at the start of `text` are one character; 0: none. */
static size_t character(struct slice text)
{
    uint8_t first = text.data[0];
    size_t size = first < 0x80   ? 1
                  : first < 0xc2 ? 0
                  : first < 0xe0 ? 2
                  : first < 0xf0 ? 3
                  : first < 0xf5 ? 4
                                 : 0;
    if (size == 0 || size > text.size)
        return 0;
    return text_is_utf8((const char *)text.data, size) ? size : 0;
}

static dits_error *put_utf8(struct buf *out, struct slice text)
{
    while (text.size > 0 && text.data[0] != 0) {
        size_t size = character(text);
        if (size == 0)
            TRY(buf_put(out, "\xef\xbf\xbd", 3));
        else
            TRY(buf_put(out, text.data, size));
        size_t step = size == 0 ? 1 : size;
        text.data += step;
        text.size -= step;
    }
    return NULL;
}

dits_error *facts_add_text(struct media_facts *facts, const char *name,
                           struct slice text)
{
    CLEANUP(buf_release) struct buf buf = {0};
    CLEANUP(text_free) char *copy = NULL;
    if (facts->count >= LIMIT_FACTS)
        return NULL;
    if (text.size > LIMIT_TEXT)
        text.size = LIMIT_TEXT;
    TRY(put_utf8(&buf, text));
    TRY(buf_take_text(&buf, &copy));
    TRY(add(facts, name, (struct fact){.type = FACT_TEXT, .text = copy}));
    copy = NULL; /* the list has it now */
    return NULL;
}

dits_error *facts_add_word(struct media_facts *facts, const char *name,
                           const char *text)
{
    return facts_add_text(facts, name, slice_of_text(text));
}

static dits_error *add_number(struct media_facts *facts, const char *name,
                              struct fact fact)
{
    return facts->count < LIMIT_FACTS ? add(facts, name, fact) : NULL;
}

dits_error *facts_add_integer(struct media_facts *facts, const char *name,
                              int64_t number)
{
    return add_number(facts, name,
                      (struct fact){.type = FACT_INTEGER, .number = number});
}

dits_error *facts_add_rational(struct media_facts *facts, const char *name,
                               int64_t number, int64_t divisor)
{
    if (divisor == 0)
        return NULL; /* nothing is known */
    return add_number(facts, name,
                      (struct fact){.type = FACT_RATIONAL,
                                    .number = number,
                                    .divisor = divisor});
}

dits_error *facts_add_truth(struct media_facts *facts, const char *name,
                            bool truth)
{
    return add_number(facts, name,
                      (struct fact){.type = FACT_TRUTH, .number = truth});
}

void facts_mark_location(struct media_facts *facts)
{
    if (facts->count > 0)
        facts->list[facts->count - 1].is_location = true;
}

const struct fact *facts_find(const struct media_facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->count; i++)
        if (strcmp(facts->list[i].name, name) == 0)
            return &facts->list[i];
    return NULL;
}
