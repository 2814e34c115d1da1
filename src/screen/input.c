#include "screen/input.h"

#include <string.h>

enum { ESCAPE = 0x1b, BELL = 0x07, PARAMETERS = 16, NUMBER_MAX = 100000 };

/* How many bytes an event took. 0: it is not complete. */
struct reading {
    const uint8_t *bytes;
    size_t count;
};

uint8_t *input_room(struct input *input, size_t *out_size)
{
    *out_size = INPUT_ROOM - input->count;
    return input->bytes + input->count;
}

void input_add(struct input *input, size_t size)
{
    input->count += size;
}

static void drop(struct input *input, size_t size)
{
    input->count -= size;
    memmove(input->bytes, input->bytes + size, input->count);
}

/* Numbers between ';', after what marks them as private. */
struct numbers {
    uint32_t items[PARAMETERS];
    size_t count;
};

static struct numbers read_numbers(const uint8_t *at, size_t size)
{
    struct numbers numbers = {.count = 1};
    for (size_t i = 0; i < size; i++) {
        uint32_t *last = &numbers.items[numbers.count - 1];
        if (at[i] == ';' && numbers.count == PARAMETERS)
            break;
        if (at[i] == ';')
            numbers.count++;
        else if (at[i] >= '0' && at[i] <= '9' && *last < NUMBER_MAX)
            *last = *last * 10 + (uint32_t)(at[i] - '0');
    }
    return numbers;
}

static enum input_kind arrow(uint8_t final)
{
    static const struct {
        char final;
        enum input_kind kind;
    } keys[] = {
        {'A', INPUT_UP},       {'B', INPUT_DOWN}, {'C', INPUT_RIGHT},
        {'D', INPUT_LEFT},     {'H', INPUT_HOME}, {'F', INPUT_END},
        {'Z', INPUT_BACK_TAB},
    };
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (keys[i].final == (char) final)
            return keys[i].kind;
    return INPUT_NOTHING;
}

/* "\033[5~" and its like. */
static enum input_kind numbered(uint32_t number)
{
    switch (number) {
    case 1:
    case 7:
        return INPUT_HOME;
    case 4:
    case 8:
        return INPUT_END;
    case 5:
        return INPUT_PAGE_UP;
    case 6:
        return INPUT_PAGE_DOWN;
    default:
        return INPUT_NOTHING;
    }
}

static void read_attributes(const struct numbers *numbers,
                            struct input_event *out)
{
    out->kind = INPUT_ATTRIBUTES;
    for (size_t i = 1; i < numbers->count; i++) /* the first is a class */
        out->has_sixel = out->has_sixel || numbers->items[i] == 4;
}

/* What stands between "\033[" and its last byte. */
static void read_sequence(struct input *input, const uint8_t *at, size_t size,
                          uint8_t final, struct input_event *out)
{
    struct numbers numbers = read_numbers(at, size);
    bool is_private = size > 0 && at[0] == '?';
    if (final == 'c' && is_private) {
        read_attributes(&numbers, out);
    } else if (final == 't' && numbers.count == 3 && numbers.items[0] == 6) {
        *out = (struct input_event){.kind = INPUT_CELL_SIZE,
                                    .height = numbers.items[1],
                                    .width = numbers.items[2]};
    } else if (final == '~' && numbers.items[0] / 2 == 100) {
        input->is_pasting = numbers.items[0] == 200;
    } else if (final == '~') {
        out->kind = numbered(numbers.items[0]);
    } else if (!is_private) {
        out->kind = arrow(final);
    }
}

/* "\033[" numbers, other marks, one letter. */
static size_t take_sequence(struct input *input, struct reading r,
                            struct input_event *out)
{
    for (size_t i = 2; i < r.count; i++) {
        uint8_t c = r.bytes[i];
        if (c >= 0x20 && c < 0x40)
            continue;
        if (c >= 0x40 && c < 0x7f) {
            read_sequence(input, r.bytes + 2, i - 2, c, out);
            return i + 1;
        }
        return i; /* broken off: the byte stands for itself */
    }
    return 0;
}

/* "\033_Gi=31;OK\033\\": the text of an answer that is no key. */
static void read_string(const uint8_t *at, size_t size, struct input_event *out)
{
    if (size < 3 || at[0] != '_' || at[1] != 'G')
        return;
    const uint8_t *text = memchr(at, ';', size);
    size_t left = text != NULL ? size - (size_t)(text + 1 - at) : 0;
    out->kind = INPUT_GRAPHICS;
    out->is_ok = left == 2 && memcmp(text + 1, "OK", 2) == 0;
}

/* Where a string ends, and how long its end is; 0: not yet. */
static size_t string_end(struct reading r, size_t from, size_t *out_end)
{
    for (size_t i = from; i < r.count; i++) {
        bool is_long = r.bytes[i] == ESCAPE && i + 1 < r.count &&
                       r.bytes[i + 1] == '\\';
        *out_end = i;
        if (r.bytes[i] == BELL)
            return i + 1;
        if (is_long)
            return i + 2;
    }
    return 0;
}

static size_t take_string(struct reading r, struct input_event *out)
{
    size_t end = 0;
    size_t size = string_end(r, 2, &end);
    if (size > 0)
        read_string(r.bytes + 1, end - 1, out);
    return size;
}

static size_t take_escape(struct input *input, struct reading r,
                          struct input_event *out)
{
    if (r.count < 2)
        return 0;
    switch (r.bytes[1]) {
    case '[':
        return take_sequence(input, r, out);
    case 'O':
        if (r.count < 3)
            return 0;
        out->kind = arrow(r.bytes[2]);
        return 3;
    case '_':
    case 'P':
    case ']':
    case '^':
    case 'X':
        return take_string(r, out);
    default:
        out->kind = INPUT_ESCAPE;
        return 1;
    }
}

/* How many bytes a character of UTF-8 has that begins so; 0: none does. */
static size_t character_length(uint8_t first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static bool is_character(uint32_t c, size_t length)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return c >= least[length] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

/* A character of UTF-8; one that is none is dropped. */
static size_t take_character(const struct input *input, struct reading r,
                             struct input_event *out)
{
    uint8_t first = r.bytes[0];
    size_t length = character_length(first);
    if (length == 0)
        return 1;
    uint32_t c = length == 1 ? first : first & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        if (i == r.count)
            return 0;
        if ((r.bytes[i] & 0xc0) != 0x80)
            return i;
        c = c << 6 | (r.bytes[i] & 0x3f);
    }
    if (is_character(c, length))
        *out = (struct input_event){.kind = INPUT_CHARACTER,
                                    .character = c,
                                    .is_pasted = input->is_pasting};
    return length;
}

/* A string that never ends is passed over, not taken for keys. */
static void skip_string(struct input *input)
{
    struct reading r = {input->bytes, input->count};
    size_t end = 0;
    size_t size = string_end(r, 0, &end);
    input->is_skipping = size == 0;
    if (size == 0) /* the first half of its end may be there */
        size = input->count > 0 && input->bytes[input->count - 1] == ESCAPE
                   ? input->count - 1
                   : input->count;
    drop(input, size);
}

/* Nothing that is complete: wait, or give up on it. */
static bool take_rest(struct input *input, bool is_late,
                      struct input_event *out)
{
    bool is_string = input->count > 1 && input->bytes[1] != '[' &&
                     input->bytes[0] == ESCAPE;
    if (input->count == INPUT_ROOM) {
        input->is_skipping = is_string;
        input->count = 0;
        return false;
    }
    if (!is_late)
        return false;
    bool is_key = input->count == 1 && input->bytes[0] == ESCAPE;
    input->count = 0;
    input->is_skipping = false;
    if (is_key)
        out->kind = INPUT_ESCAPE;
    return is_key;
}

bool input_next(struct input *input, bool is_late, struct input_event *out)
{
    *out = (struct input_event){0};
    while (input->count > 0 && out->kind == INPUT_NOTHING) {
        if (input->is_skipping) {
            skip_string(input);
            if (input->is_skipping)
                return is_late && take_rest(input, is_late, out);
            continue;
        }
        struct reading r = {input->bytes, input->count};
        size_t size = r.bytes[0] == ESCAPE ? take_escape(input, r, out)
                                           : take_character(input, r, out);
        if (size == 0)
            return take_rest(input, is_late, out);
        drop(input, size);
    }
    return out->kind != INPUT_NOTHING;
}

bool input_is_open(const struct input *input)
{
    return input->count > 0;
}
