#include "media/matroska/ids.h"
#include "media/matroska/info.h"
#include "media/matroska/values.h"

/* Chapters hold chapters; their times are nanoseconds. */
enum { CHAPTER_DEPTH = 8 };

struct atom {
    uint64_t start;
    uint64_t end;
    struct ebml_element title; /* the first: one for each language */
};

static dits_error *display_read(struct window *window,
                                const struct ebml_element *display,
                                struct atom *out)
{
    struct ebml_list list = ebml_children(window, display);
    struct ebml_element child = {0};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_CHAP_STRING && out->title.end == 0)
            out->title = child;
        TRY(ebml_next(&list, &child, &found));
    }
    return NULL;
}

static dits_error *atom_read(struct media_file *file,
                             const struct ebml_element *element)
{
    struct window *window = &matroska_of(file)->window;
    struct ebml_list list = ebml_children(window, element);
    struct ebml_element child = {0};
    struct atom atom = {0};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_CHAPTER_TIME_START)
            TRY(ebml_uint(window, &child, &atom.start));
        else if (child.id == ID_CHAPTER_TIME_END)
            TRY(ebml_uint(window, &child, &atom.end));
        else if (child.id == ID_CHAPTER_DISPLAY)
            TRY(display_read(window, &child, &atom));
        TRY(ebml_next(&list, &child, &found));
    }
    TRY(value_ratio(&file->facts, "chapter.start", atom.start, 1000000000));
    if (atom.end != 0)
        TRY(value_ratio(&file->facts, "chapter.end", atom.end, 1000000000));
    return value_text(window, &atom.title, &file->facts, "chapter.title");
}

/* Editions and chapters, a list of each depth: a stack in place of calls. */
dits_error *chapters_read(struct media_file *file,
                          const struct ebml_element *chapters)
{
    struct window *window = &matroska_of(file)->window;
    struct ebml_list lists[CHAPTER_DEPTH] = {ebml_children(window, chapters)};
    unsigned depth = 1;
    while (depth > 0) {
        struct ebml_element child = {0};
        bool found = false;
        TRY(ebml_next(&lists[depth - 1], &child, &found));
        if (found && child.id == ID_CHAPTER_ATOM)
            TRY(atom_read(file, &child));
        bool enters = found && (child.id == ID_CHAPTER_ATOM ||
                                child.id == ID_EDITION_ENTRY);
        if (enters && depth < CHAPTER_DEPTH)
            lists[depth++] = ebml_children(window, &child);
        else if (!found)
            depth--;
    }
    return NULL;
}
