#include "inside.h"

static void put_attribute(struct render_buffer *buffer, const char *name, int number)
{
    buffer_put(buffer, " ");
    buffer_put(buffer, name);
    buffer_put(buffer, "=\"");
    markup_put_number(buffer, number);
    buffer_put(buffer, "\"");
}

void svg_put_bar(struct render_buffer *buffer, int x, int y, int width, int height)
{
    if (width == 0 || height == 0)
        return;
    buffer_put(buffer, "<rect");
    put_attribute(buffer, "x", x);
    put_attribute(buffer, "y", y);
    put_attribute(buffer, "width", width);
    put_attribute(buffer, "height", height);
    buffer_put(buffer, "/>");
}

void svg_put_hatch(struct render_buffer *buffer, int x, int y)
{
    _Static_assert(SVG_HATCH_WIDTH == 12 && SVG_HATCH_HEIGHT == 14, "the path is drawn for them");
    buffer_put(buffer, "<path class=\"hatch\" d=\"M");
    markup_put_number(buffer, x);
    buffer_put(buffer, " ");
    markup_put_number(buffer, y);
    buffer_put(buffer, "m.5.5h11v13h-11zm0 6l6-6m-6 12l11-11m-6 12l6-6\"/>");
}

void svg_put_line(struct render_buffer *buffer, int x, int y, int right, int down)
{
    buffer_put(buffer, "<line");
    put_attribute(buffer, "x1", x);
    put_attribute(buffer, "y1", y);
    put_attribute(buffer, "x2", x + right);
    put_attribute(buffer, "y2", y + down);
    buffer_put(buffer, "/>");
}

void svg_begin_text(struct render_buffer *buffer, const char *class, int x, int y)
{
    buffer_put(buffer, "<text class=\"");
    buffer_put(buffer, class);
    buffer_put(buffer, "\"");
    put_attribute(buffer, "x", x);
    put_attribute(buffer, "y", y);
    buffer_put(buffer, ">");
}
