#include "cli/secret.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/crypt.h"

enum { KEY_INTERRUPT = 3, KEY_END = 4, KEY_BACK = 8, KEY_KILL = 21 };
enum { KEY_DELETE = 127 };

/* The next byte; -1 at the end. */
static dits_error *read_byte(int *out)
{
    unsigned char byte = 0;
    ssize_t got = 0;
    do
        got = read(STDIN_FILENO, &byte, 1);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_errno(errno, "cannot read standard input");
    *out = got == 0 ? -1 : byte;
    return NULL;
}

static dits_error *add_byte(struct buf *out, size_t max, int byte)
{
    if (out->size == max)
        return error_new(DITS_E_LIMIT, "a password has at most %zu bytes", max);
    return buf_put_u8(out, (uint8_t)byte);
}

static void shorten(struct buf *out, size_t size)
{
    out->size = size;
    out->data[size] = '\0';
}

dits_error *secret_read(size_t max, struct buf *out)
{
    /* A buffer that grows leaves a copy behind. */
    TRY(buf_reserve(out, max + 1));
    for (;;) {
        int byte = 0;
        TRY(read_byte(&byte));
        if (byte < 0 || byte == '\n')
            break;
        TRY(add_byte(out, max, byte));
    }
    if (out->size > 0 && out->data[out->size - 1] == '\r')
        shorten(out, out->size - 1);
    return NULL;
}

/* One character of UTF-8, not only its last byte. */
static void take_back(struct buf *out)
{
    size_t size = out->size;
    while (size > 0 && (out->data[size - 1] & 0xc0) == 0x80)
        size--;
    shorten(out, size > 0 ? size - 1 : 0);
}

/* Keys, up to the end of the line. */
static dits_error *read_keys(size_t max, struct buf *out)
{
    TRY(buf_reserve(out, max + 1));
    for (;;) {
        int byte = 0;
        TRY(read_byte(&byte));
        switch (byte) {
        case '\n':
        case '\r':
            return NULL;
        case -1:
        case KEY_END:
        case KEY_INTERRUPT:
            return error_new(DITS_E_CANCELLED, "no password was typed");
        case KEY_BACK:
        case KEY_DELETE:
            take_back(out);
            break;
        case KEY_KILL:
            shorten(out, 0);
            break;
        default:
            TRY(add_byte(out, max, byte));
        }
    }
}

/* Ctrl-C is a key too, so that the terminal is never left mute. */
dits_error *secret_ask_once(const char *prompt, size_t max, struct buf *out)
{
    struct termios saved;
    if (tcgetattr(STDIN_FILENO, &saved) != 0)
        return error_hint(error_new(DITS_E_INVALID,
                                    "there is no terminal to ask for a "
                                    "password"),
                          "Give it on standard input, with "
                          "'--password-stdin'.");
    struct termios mute = saved;
    mute.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
    mute.c_cc[VMIN] = 1;
    mute.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &mute) != 0)
        return error_errno(errno, "cannot set up the terminal");
    fprintf(stderr, "%s: ", prompt);
    dits_error *err = read_keys(max, out);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved);
    fputc('\n', stderr);
    return err;
}

dits_error *secret_ask(const char *prompt, size_t max, struct buf *out)
{
    CLEANUP(crypt_buf_wipe) struct buf again = {0};
    TRY(secret_ask_once(prompt, max, out));
    TRY(secret_ask_once("Once more", max, &again));
    bool is_same =
        again.size == out->size &&
        (again.size == 0 || crypt_equal(again.data, out->data, again.size));
    return is_same ? NULL
                   : error_new(DITS_E_INVALID, "the two passwords differ");
}
