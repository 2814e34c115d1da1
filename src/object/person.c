#include "object/person.h"

#include "base/mem.h"
#include "base/text.h"
#include "object/object.h"

enum {
    TEXT_MAX = 4096,      /* bytes of a name or an address */
    OFFSET_MAX = 26 * 60, /* minutes; zones reach from -12 to +14 */
};

/* Year 1 to 9999: what calendars and programs agree on. */
static const int64_t time_min = INT64_C(-62135596800);
static const int64_t time_max = INT64_C(253402300799);

void person_release(struct person *person)
{
    mem_free(person->name);
    mem_free(person->email);
    *person = (struct person){0};
}

dits_error *person_copy(const struct person *from, struct person *out)
{
    CLEANUP(person_release)
    struct person person = {.time = from->time,
                            .offset_minutes = from->offset_minutes};
    TRY(text_copy_optional(from->name, &person.name));
    TRY(text_copy_optional(from->email, &person.email));
    *out = MOVE(person);
    return NULL;
}

/* Whether `text` may be a name or an address. */
static bool is_plain(struct slice text)
{
    if (text.size > TEXT_MAX || !text_is_utf8(text.data, text.size))
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '<' || text.data[i] == '>' ||
            text.data[i] == '\n' || text.data[i] == '\r')
            return false;
    return true;
}

static bool is_time(int64_t time, int32_t offset_minutes)
{
    return time >= time_min && time <= time_max &&
           offset_minutes >= -OFFSET_MAX && offset_minutes <= OFFSET_MAX;
}

dits_error *person_encode(const struct person *person, struct buf *out)
{
    struct slice name = slice_of_text(person->name != NULL ? person->name : "");
    struct slice email =
        slice_of_text(person->email != NULL ? person->email : "");
    if (!is_plain(name))
        return error_new(DITS_E_INVALID, "a name cannot be stored: '%s'",
                         person->name);
    if (!is_plain(email))
        return error_new(DITS_E_INVALID, "an address cannot be stored: '%s'",
                         person->email);
    if (!is_time(person->time, person->offset_minutes))
        return error_new(DITS_E_INVALID,
                         "a time is not within the years 1 to 9999");
    TRY(object_put_bytes(out, name.data, name.size));
    TRY(object_put_bytes(out, email.data, email.size));
    TRY(buf_put_le64(out, (uint64_t)person->time));
    return buf_put_le16(out, (uint16_t)person->offset_minutes);
}

static dits_error *decode_text(struct cursor *in, char **out)
{
    struct slice text = {0};
    TRY(object_take_bytes(in, TEXT_MAX, &text));
    if (!is_plain(text))
        return error_new(DITS_E_CORRUPT, "a name or an address is no text");
    return text_copy_part((const char *)text.data, text.size, out);
}

dits_error *person_decode(struct cursor *in, struct person *out)
{
    CLEANUP(person_release) struct person person = {0};
    uint64_t time = 0;
    uint16_t offset = 0;
    TRY(decode_text(in, &person.name));
    TRY(decode_text(in, &person.email));
    TRY(cursor_le64(in, &time));
    TRY(cursor_le16(in, &offset));
    person.time = (int64_t)time;
    person.offset_minutes = (int16_t)offset;
    if (!is_time(person.time, person.offset_minutes))
        return error_new(DITS_E_CORRUPT,
                         "a time is not within the years 1 to 9999");
    *out = MOVE(person);
    return NULL;
}

dits_error *message_check(struct slice message, enum dits_code code)
{
    if (!text_is_utf8(message.data, message.size))
        return error_new(code, "a message is not UTF-8 text");
    if (message.size > 0 && message.data[message.size - 1] != '\n')
        return error_new(code, "a message does not end in a newline");
    return NULL;
}

dits_error *message_decode(struct cursor *in, char **out)
{
    struct slice message = {0};
    TRY(object_take_bytes(in, CHUNK_MAX_BYTES, &message));
    TRY(message_check(message, DITS_E_CORRUPT));
    return text_copy_part((const char *)message.data, message.size, out);
}

dits_error *signature_encode(const struct buf *signature, struct buf *out)
{
    if (signature->size > SIGNATURE_MAX_BYTES)
        return error_new(DITS_E_INVALID, "a signature of %zu bytes",
                         signature->size);
    return object_put_bytes(out, signature->data, signature->size);
}

dits_error *signature_decode(struct cursor *in, struct buf *out)
{
    struct slice signature = {0};
    TRY(object_take_bytes(in, SIGNATURE_MAX_BYTES, &signature));
    if (signature.size == 0)
        return NULL;
    return buf_put(out, signature.data, signature.size);
}
