#include "repo/version_name.h"

#include <string.h>

#include "base/text.h"
#include "repo/version_date.h"

enum { PLAIN_DIGITS = 3, NUMBER_DIGITS = 6, THIS_ONE = 72 };

/* Words that mark a version, and how late it is among others. */
static const struct word {
    const char *text;
    enum version_kind kind;
    unsigned number;
} words[] = {
    {"actual", VERSION_LATE, 50},   {"actually", VERSION_LATE, 50},
    {"again", VERSION_LATE, 30},    {"approved", VERSION_LATE, 45},
    {"backup", VERSION_EARLY, 10},  {"bak", VERSION_EARLY, 10},
    {"copia", VERSION_COPY, 1},     {"copie", VERSION_COPY, 1},
    {"copy", VERSION_COPY, 1},      {"definitive", VERSION_LATE, 45},
    {"done", VERSION_LATE, 40},     {"draft", VERSION_EARLY, 20},
    {"entwurf", VERSION_EARLY, 20}, {"fertig", VERSION_LATE, 40},
    {"fin", VERSION_LATE, 40},      {"final", VERSION_LATE, 40},
    {"finale", VERSION_LATE, 40},   {"finished", VERSION_LATE, 40},
    {"fix", VERSION_LATE, 20},      {"fixed", VERSION_LATE, 20},
    {"fixes", VERSION_LATE, 20},    {"kopie", VERSION_COPY, 1},
    {"last", VERSION_LATE, 60},     {"latest", VERSION_LATE, 60},
    {"neu", VERSION_LATE, 10},      {"new", VERSION_LATE, 10},
    {"newest", VERSION_LATE, 60},   {"old", VERSION_EARLY, 10},
    {"orig", VERSION_EARLY, 0},     {"original", VERSION_EARLY, 0},
    {"real", VERSION_LATE, 50},     {"really", VERSION_LATE, 50},
    {"revised", VERSION_LATE, 20},  {"rough", VERSION_EARLY, 30},
    {"this", VERSION_LATE, 71},     {"update", VERSION_LATE, 20},
    {"updated", VERSION_LATE, 20},  {"use", VERSION_LATE, 70},
    {"wip", VERSION_EARLY, 20},
};

/* Before a number, it is a version's. */
static const char *const prefixes[] = {"version", "vers", "ver",
                                       "rev",     "rc",   "v"};

/* What is worked on in versions: a number behind one of these is one. */
static const char *const works[] = {
    "animatic", "assembly", "comp", "cut",     "edit",   "export",
    "grade",    "master",   "mix",  "montage", "render", "schnitt",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The marks of a name, found from its end. */
struct scan {
    const char *name;
    size_t end; /* of what is left of it */
    struct found {
        struct version_mark mark;
        bool is_plain;
        size_t stem; /* where the stem ends when this is the first mark */
    } found[VERSION_NAME_MARKS];
    size_t count;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_separator(char c)
{
    return c == ' ' || c == '_' || c == '-' || c == '.' || c == '+' || c == ',';
}

static bool equals(const char *text, size_t length, const char *word)
{
    for (size_t i = 0; i < length; i++)
        if (word[i] == '\0' || text_lower((unsigned char)text[i]) != word[i])
            return false;
    return word[length] == '\0';
}

static size_t trim(const char *name, size_t end)
{
    while (end > 0 && is_separator(name[end - 1]))
        end--;
    return end;
}

static bool push(struct scan *scan, enum version_kind kind, uint64_t number,
                 bool is_plain)
{
    if (scan->count == VERSION_NAME_MARKS)
        return false;
    scan->found[scan->count++] = (struct found){
        .mark = {.kind = kind, .number = number}, .is_plain = is_plain};
    return true;
}

static uint64_t read_number(const char *text, size_t length)
{
    uint64_t number = 0;
    for (size_t i = 0; i < length; i++)
        number = number * 10 + (uint64_t)(text[i] - '0');
    return number;
}

static size_t digits_before(const char *text, size_t end)
{
    size_t start = end;
    while (start > 0 && is_digit(text[start - 1]))
        start--;
    return end - start;
}

static const struct word *find_word(const char *text, size_t length)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (equals(text, length, words[i].text))
            return &words[i];
    return NULL;
}

static const struct word *word_at_end(const char *text, size_t length)
{
    const struct word *longest = NULL;
    for (size_t i = 0; i < COUNT(words); i++) {
        size_t size = strlen(words[i].text);
        if (size <= length &&
            equals(text + length - size, size, words[i].text) &&
            (longest == NULL || size > strlen(longest->text)))
            longest = &words[i];
    }
    return longest;
}

/* The length of "v", "rev" … that `text` is the whole of, or ends in. */
static size_t prefix_length(const char *text, size_t length, bool whole)
{
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        size_t size = strlen(prefixes[i]);
        if (size <= length && (!whole || size == length) &&
            equals(text + length - size, size, prefixes[i]))
            return size;
    }
    return 0;
}

/* "v2", "rev03", "v2b": all of the token. */
static bool take_numbered(struct scan *scan, const char *text, size_t length)
{
    bool has_letter = length > 2 &&
                      text_is_letter((unsigned char)text[length - 1]) &&
                      is_digit(text[length - 2]);
    size_t end = length - (has_letter ? 1 : 0);
    size_t digits = digits_before(text, end);
    if (digits == 0 || digits > NUMBER_DIGITS ||
        prefix_length(text, end - digits, true) == 0)
        return false;
    if (has_letter &&
        !push(scan, VERSION_LETTER,
              (uint64_t)text_lower((unsigned char)text[length - 1]), false))
        return false;
    return push(scan, VERSION_NUMBER, read_number(text + end - digits, digits),
                false);
}

/* The last word of a token, and the number behind it: "FINAL2", "v3". */
struct piece {
    const struct word *word; /* NULL: the number has a prefix */
    size_t digits;
    size_t length; /* of all */
};

/* False when the bytes up to `end` do not end in such a piece. */
static bool find_piece(const char *text, size_t end, struct piece *out)
{
    size_t digits = digits_before(text, end);
    size_t prefix = digits > 0 ? prefix_length(text, end - digits, false) : 0;
    if (prefix > 0 && word_at_end(text, end - digits - prefix) == NULL)
        prefix = 0;
    out->digits = digits;
    out->word = prefix > 0 ? NULL : word_at_end(text, end - digits);
    out->length = digits + prefix +
                  (out->word != NULL ? strlen(out->word->text) : 0);
    return digits <= PLAIN_DIGITS && (prefix > 0 || out->word != NULL);
}

/*
 * Words with nothing between them, and perhaps numbers: "finalFINAL2". Where
 * the token begins the name, its first word stays. How many bytes are left, or
 * `length` when it is something else.
 */
static size_t take_words(struct scan *scan, const char *text, size_t length,
                         bool is_start)
{
    size_t kept = scan->count;
    struct piece piece = {0};
    for (size_t end = length; end > 0; end -= piece.length) {
        bool taken = find_piece(text, end, &piece);
        if (taken && piece.digits > 0)
            taken = push(scan, VERSION_NUMBER,
                         read_number(text + end - piece.digits, piece.digits),
                         false);
        if (taken && is_start && piece.length == end && piece.word != NULL)
            return strlen(piece.word->text);
        if (taken && piece.word != NULL)
            taken = push(scan, piece.word->kind, piece.word->number, false);
        if (!taken) {
            scan->count = kept;
            return length;
        }
    }
    return 0;
}

/* "filmV2": a large letter behind a small one. */
static size_t take_hump(struct scan *scan, const char *text, size_t length)
{
    size_t digits = digits_before(text, length);
    size_t at = length - digits;
    if (digits == 0 || digits > NUMBER_DIGITS || at < 3 ||
        text[at - 1] != 'V' || text[at - 2] < 'a' || text[at - 2] > 'z')
        return length;
    if (!push(scan, VERSION_NUMBER, read_number(text + at, digits), false))
        return length;
    return at - 1;
}

static bool is_plain_number(const char *text, size_t length)
{
    return length > 0 && length <= PLAIN_DIGITS &&
           digits_before(text, length) == length;
}

/* Within parentheses: a number, or marks alone. */
static bool take_inside(struct scan *scan, const char *text, size_t length)
{
    size_t kept = scan->count;
    size_t end = length;
    if (is_plain_number(text, length))
        return push(scan, VERSION_COPY, 1 + read_number(text, length), false);
    while ((end = trim(text, end)) > 0) {
        size_t start = end;
        while (start > 0 && !is_separator(text[start - 1]))
            start--;
        const char *token = text + start;
        size_t size = end - start;
        const struct word *word = find_word(token, size);
        bool taken =
            word != NULL ? push(scan, word->kind, word->number, false)
            : is_plain_number(token, size)
                ? push(scan, VERSION_NUMBER, read_number(token, size), false)
                : take_numbered(scan, token, size);
        if (!taken) {
            scan->count = kept;
            return false;
        }
        end = start;
    }
    return scan->count > kept;
}

/* "(1)", "[final]". */
static bool take_parentheses(struct scan *scan, size_t end, size_t *out_start)
{
    const char *name = scan->name;
    char open = name[end - 1] == ')' ? '(' : '[';
    size_t start = end - 1;
    if (name[end - 1] != ')' && name[end - 1] != ']')
        return false;
    while (start > 0 && name[start - 1] != open)
        start--;
    if (start < 2 || trim(name, start - 1) == 0)
        return false;
    *out_start = start - 1;
    return take_inside(scan, name + start, end - 1 - start);
}

/* What is left is a date and nothing else: that is the stem. */
static bool is_date(const struct scan *scan, size_t end)
{
    uint64_t number = 0;
    size_t length = version_date_before(scan->name, end, &number);
    return length > 0 && trim(scan->name, end - length) == 0;
}

static bool take_date(struct scan *scan, size_t end, size_t *out_start)
{
    uint64_t number = 0;
    size_t length = version_date_before(scan->name, end, &number);
    size_t start = end - length;
    if (length == 0 || trim(scan->name, start) == 0 ||
        !is_separator(scan->name[start - 1]))
        return false;
    *out_start = start;
    return push(scan, VERSION_DATE, number, false);
}

/* "USE_THIS_ONE": "one" by itself may be a number. */
static bool ends_this_one(const char *name, size_t start, size_t end)
{
    size_t before = trim(name, start);
    return before > 4 && equals(name + start, end - start, "one") &&
           equals(name + before - 4, 4, "this") &&
           is_separator(name[before - 5]);
}

/* The last word; "v 2" is one, too. */
static bool take_token(struct scan *scan, size_t end, size_t *out_start)
{
    const char *name = scan->name;
    size_t start = end;
    while (start > 0 && !is_separator(name[start - 1]))
        start--;
    const char *token = name + start;
    size_t length = end - start;
    bool is_start = trim(name, start) == 0;
    *out_start = start;
    if (!is_start && take_numbered(scan, token, length))
        return true;
    if (!is_start && is_plain_number(token, length)) {
        size_t before = trim(name, start);
        size_t word = before;
        while (word > 0 && !is_separator(name[word - 1]))
            word--;
        bool is_numbered = word > 0 &&
                           prefix_length(name + word, before - word, true) > 0;
        *out_start = is_numbered ? word : start;
        return push(scan, VERSION_NUMBER, read_number(token, length),
                    !is_numbered);
    }
    if (!is_start && ends_this_one(name, start, end))
        return push(scan, VERSION_LATE, THIS_ONE, false);
    size_t left = take_words(scan, token, length, is_start);
    if (left == length)
        left = take_hump(scan, token, length);
    *out_start = start + left;
    return left < length;
}

/* From the end on, as long as there are marks. */
static void scan_marks(struct scan *scan)
{
    for (;;) {
        size_t count = scan->count;
        size_t end = trim(scan->name, scan->end);
        size_t start = end;
        if (end == 0 || is_date(scan, end) ||
            !(take_parentheses(scan, end, &start) ||
              take_date(scan, end, &start) || take_token(scan, end, &start)))
            return;
        if (trim(scan->name, start) == 0) { /* nothing would be left */
            scan->count = count;
            return;
        }
        scan->end = trim(scan->name, start);
        for (size_t i = count; i < scan->count; i++)
            scan->found[i].stem = scan->end;
    }
}

static bool is_work(const char *name, size_t end)
{
    size_t start = end;
    while (start > 0 && !is_separator(name[start - 1]))
        start--;
    for (size_t i = 0; i < COUNT(works); i++)
        if (equals(name + start, end - start, works[i]))
            return true;
    return find_word(name + start, end - start) != NULL;
}

static size_t find_extension(const char *name)
{
    const char *point = strrchr(name, '.');
    return point != NULL && point != name && point[1] != '\0'
               ? (size_t)(point - name)
               : strlen(name);
}

void version_name_parse(const char *name, struct version_name *out)
{
    size_t extension = find_extension(name);
    struct scan scan = {.name = name, .end = extension};
    scan_marks(&scan);
    *out = (struct version_name){.extension = extension, .count = scan.count};
    out->stem = scan.count > 0 ? scan.found[scan.count - 1].stem : extension;
    bool maybe = !is_work(name, out->stem);
    out->sure_stem = out->stem;
    for (size_t i = 0; i < scan.count; i++) {
        const struct found *found = &scan.found[scan.count - 1 - i];
        out->marks[i] = found->mark;
        maybe = maybe && found->is_plain;
        if (!maybe)
            continue;
        out->maybe = i + 1;
        /* Up to the next mark, or to the end. */
        out->sure_stem = i + 1 < scan.count
                             ? scan.found[scan.count - 2 - i].stem
                             : extension;
    }
}

void version_name_doubt(struct version_name *name)
{
    name->count -= name->maybe;
    memmove(name->marks, name->marks + name->maybe,
            name->count * sizeof(name->marks[0]));
    name->maybe = 0;
    name->stem = name->sure_stem;
}

void version_name_set(const char *name, struct version_span stem,
                      struct version_span version, struct version_name *out)
{
    struct scan scan = {0};
    const char *text = name + version.start;
    *out = (struct version_name){.extension = find_extension(name)};
    out->start = stem.start;
    out->stem = out->sure_stem = stem.start + stem.length;
    for (size_t i = 0; i < version.length;) {
        size_t digits = 0;
        while (i + digits < version.length && digits < 18 &&
               is_digit(text[i + digits]))
            digits++;
        bool pushed = digits > 0
                          ? push(&scan, VERSION_NUMBER,
                                 read_number(text + i, digits), false)
                          : push(&scan, VERSION_LETTER,
                                 (uint64_t)text_lower((unsigned char)text[i]),
                                 false);
        if (!pushed)
            break;
        i += digits > 0 ? digits : 1;
    }
    for (size_t i = 0; i < scan.count; i++)
        out->marks[out->count++] = scan.found[i].mark;
}

int version_name_compare(const struct version_name *a,
                         const struct version_name *b)
{
    static const struct version_mark nothing = {.kind = VERSION_NOTHING};
    for (size_t i = 0; i < a->count || i < b->count; i++) {
        const struct version_mark *x = i < a->count ? &a->marks[i] : &nothing;
        const struct version_mark *y = i < b->count ? &b->marks[i] : &nothing;
        if (x->kind != y->kind)
            return x->kind < y->kind ? -1 : 1;
        if (x->number != y->number)
            return x->number < y->number ? -1 : 1;
    }
    return 0;
}
