#include "inside.h"

#include "tavs/secret.h"

#include <stdint.h>
#include <string.h>

enum { FIRST_ROOM = 8192 };

void buffer_free(struct render_buffer *buffer)
{
    secret_free(buffer->bytes);
    buffer->bytes = NULL;
    buffer->size = 0;
    buffer->room = 0;
}

/* Room for `more` bytes and a zero. */
static bool make_room(struct render_buffer *buffer, size_t more)
{
    if (buffer->failed)
        return false;
    if (more < buffer->room - buffer->size)
        return true;
    size_t room = buffer->room == 0 ? FIRST_ROOM : buffer->room;
    while (room - buffer->size <= more) {
        if (room > SIZE_MAX / 2) {
            buffer->failed = true;
            return false;
        }
        room *= 2;
    }
    void *bytes;
    struct base_error ignored; /* there is one error only: no memory */
    if (secret_new(room, &bytes, &ignored) != BASE_OK) {
        buffer->failed = true;
        return false;
    }
    if (buffer->size > 0)
        memcpy(bytes, buffer->bytes, buffer->size);
    secret_free(buffer->bytes);
    buffer->bytes = bytes;
    buffer->room = room;
    return true;
}

void buffer_put_bytes(struct render_buffer *buffer, const void *bytes, size_t size)
{
    if (!make_room(buffer, size))
        return;
    memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
    buffer->bytes[buffer->size] = '\0';
}

void buffer_put(struct render_buffer *buffer, const char *text)
{
    buffer_put_bytes(buffer, text, strlen(text));
}

void buffer_fill(struct render_buffer *buffer, char byte, size_t count)
{
    if (!make_room(buffer, count))
        return;
    memset(buffer->bytes + buffer->size, byte, count);
    buffer->size += count;
    buffer->bytes[buffer->size] = '\0';
}
