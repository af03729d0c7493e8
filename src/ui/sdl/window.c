/* A window of SDL's; see ui/window.h. */
#include "ui/window.h"

#include <SDL2/SDL.h>
#include <linux/input-event-codes.h>
#include <stdlib.h>
#include <string.h>

#include "devices/virtio_input.h"
#include "ui/sdl/keys.h"

#define LOOK_NS     16000000 /* a wait is looked out of so often … */
#define LOOK_MS     8        /* … and a run at most so often */
#define PACKET_MOST 5        /* events */

/* A packet that its device has had no room for. */
struct packet {
    uint8_t bytes[PACKET_MOST * VIRTIO_INPUT_EVENT];
    size_t size;
};

struct sdl_window {
    struct window window;
    struct window_ends ends;
    SDL_Window *sdl;
    SDL_Renderer *renderer;
    SDL_Texture *texture;   /* NULL: this host can show no such size */
    uint32_t width, height; /* of the texture */
    uint64_t next_look;     /* SDL's milliseconds */
    struct packet keyboard, tablet;
    bool moved, exposed, closed;
    int x, y; /* where the mouse is, in the display's pixels */
};

/* ---- input ---- */

static void add(struct packet *p, uint16_t type, uint16_t code, uint32_t value)
{
    virtio_input_event(p->bytes + p->size, type, code, value);
    p->size += VIRTIO_INPUT_EVENT;
}

/* Hands on what waits. False: it has to wait longer. */
static bool hand_on(struct sdl_window *w)
{
    const struct window_ends *e = &w->ends;
    struct packet *k = &w->keyboard, *t = &w->tablet;

    if (k->size && e->keyboard(e->context, k->bytes, k->size))
        k->size = 0;
    if (t->size && e->tablet(e->context, t->bytes, t->size))
        t->size = 0;
    return !k->size && !t->size;
}

static void send(struct sdl_window *w, struct packet *p)
{
    add(p, EV_SYN, SYN_REPORT, 0);
    hand_on(w);
}

/* A coordinate as the tablet says it. */
static uint32_t axis(int at, uint32_t size)
{
    int64_t last = size > 1 ? (int64_t)size - 1 : 1;
    int64_t inside = at < 0 ? 0 : at > last ? last : at;

    return (uint32_t)(inside * VIRTIO_INPUT_ABS_MAX / last);
}

/* Where the mouse is, in front of what it does there. */
static void add_position(struct sdl_window *w)
{
    if (!w->moved)
        return;
    w->moved = false;
    add(&w->tablet, EV_ABS, ABS_X, axis(w->x, w->width));
    add(&w->tablet, EV_ABS, ABS_Y, axis(w->y, w->height));
}

static void key(struct sdl_window *w, const SDL_KeyboardEvent *e)
{
    uint16_t code = sdl_key_code(e->keysym.scancode);

    if (!code || e->repeat) /* the guest repeats keys itself */
        return;
    add(&w->keyboard, EV_KEY, code, e->state == SDL_PRESSED);
    send(w, &w->keyboard);
}

static void button(struct sdl_window *w, const SDL_MouseButtonEvent *e)
{
    static const uint16_t codes[] = {
        [SDL_BUTTON_LEFT] = BTN_LEFT,     [SDL_BUTTON_RIGHT] = BTN_RIGHT,
        [SDL_BUTTON_MIDDLE] = BTN_MIDDLE, [SDL_BUTTON_X1] = BTN_SIDE,
        [SDL_BUTTON_X2] = BTN_EXTRA,
    };

    if (e->button >= sizeof codes / sizeof codes[0] || !codes[e->button])
        return;
    add_position(w);
    add(&w->tablet, EV_KEY, codes[e->button], e->state == SDL_PRESSED);
    send(w, &w->tablet);
}

static void wheel(struct sdl_window *w, const SDL_MouseWheelEvent *e)
{
    int sign = e->direction == SDL_MOUSEWHEEL_FLIPPED ? -1 : 1;

    add_position(w);
    if (e->y)
        add(&w->tablet, EV_REL, REL_WHEEL, (uint32_t)(e->y * sign));
    if (e->x)
        add(&w->tablet, EV_REL, REL_HWHEEL, (uint32_t)(e->x * sign));
    send(w, &w->tablet);
}

static void event(struct sdl_window *w, const SDL_Event *e)
{
    switch (e->type) {
    case SDL_QUIT:
        w->closed = true;
        w->ends.closed(w->ends.context);
        break;
    case SDL_WINDOWEVENT:
    case SDL_RENDER_TARGETS_RESET:
        w->exposed = true;
        break;
    case SDL_RENDER_DEVICE_RESET: /* the texture is gone */
        w->width = 0;
        break;
    case SDL_KEYDOWN:
    case SDL_KEYUP:
        key(w, &e->key);
        break;
    case SDL_MOUSEMOTION:
        w->x = e->motion.x;
        w->y = e->motion.y;
        w->moved = true;
        break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        button(w, &e->button);
        break;
    case SDL_MOUSEWHEEL:
        wheel(w, &e->wheel);
        break;
    }
}

/* While a device has no room, events stay with SDL: none is lost, no key stays
   down for ever. But the window can be closed. */
static void take_events(struct sdl_window *w)
{
    SDL_Event e;

    SDL_PumpEvents();
    while (!w->closed && hand_on(w) &&
           SDL_PeepEvents(&e, 1, SDL_GETEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) >
               0)
        event(w, &e);
    if (!w->closed && SDL_HasEvent(SDL_QUIT))
        event(w, &(SDL_Event){ .type = SDL_QUIT });
    if (w->moved && hand_on(w)) {
        add_position(w);
        send(w, &w->tablet);
    }
}

/* ---- output ---- */

/* A texture of the display's size; the window follows it. */
static void make_texture(struct sdl_window *w)
{
    struct display *d = w->ends.display;

    if (w->texture)
        SDL_DestroyTexture(w->texture);
    if (w->width && !(SDL_GetWindowFlags(w->sdl) &
                      (SDL_WINDOW_MAXIMIZED | SDL_WINDOW_FULLSCREEN)))
        SDL_SetWindowSize(w->sdl, (int)d->width, (int)d->height);
    w->width = d->width;
    w->height = d->height;
    SDL_RenderSetLogicalSize(w->renderer, (int)d->width, (int)d->height);
    w->texture = SDL_CreateTexture(w->renderer, SDL_PIXELFORMAT_RGB888,
                                   SDL_TEXTUREACCESS_STREAMING, (int)d->width,
                                   (int)d->height);
    d->dirty = (struct display_rect){ .width = d->width, .height = d->height };
}

static void update_texture(struct sdl_window *w, struct display_rect r)
{
    SDL_Rect rect = { (int)r.x, (int)r.y, (int)r.width, (int)r.height };
    void *pixels;
    int pitch;

    if (!w->texture || SDL_LockTexture(w->texture, &rect, &pixels, &pitch) != 0)
        return;
    display_look(w->ends.display, r, pixels, (size_t)pitch / 4);
    SDL_UnlockTexture(w->texture);
}

static void draw(struct sdl_window *w)
{
    struct display *d = w->ends.display;

    if (d->width != w->width || d->height != w->height)
        make_texture(w);
    if (d->dirty.width == 0 && !w->exposed)
        return;
    if (d->dirty.width)
        update_texture(w, d->dirty);
    d->dirty = (struct display_rect){ 0 };
    w->exposed = false;
    SDL_RenderClear(w->renderer);
    if (w->texture)
        SDL_RenderCopy(w->renderer, w->texture, NULL, NULL);
    SDL_RenderPresent(w->renderer);
}

/* ---- as a source ---- */

static unsigned prepare(void *window, struct pollfd *p, unsigned max,
                        int64_t *ns)
{
    (void)window;
    (void)p;
    (void)max;
    if (*ns < 0 || *ns > LOOK_NS)
        *ns = LOOK_NS;
    return 0;
}

static void take(void *window, const struct pollfd *p, unsigned n)
{
    struct sdl_window *w = window;
    uint64_t now = SDL_GetTicks64();

    (void)p;
    (void)n;
    if (w->closed || now < w->next_look)
        return;
    w->next_look = now + LOOK_MS;
    take_events(w);
    draw(w);
}

/* ---- opening and closing ---- */

static void close_window(struct window *window)
{
    struct sdl_window *w = (struct sdl_window *)window;

    if (w->texture)
        SDL_DestroyTexture(w->texture);
    if (w->renderer)
        SDL_DestroyRenderer(w->renderer);
    if (w->sdl)
        SDL_DestroyWindow(w->sdl);
    SDL_Quit();
    free(w);
}

/* A variable of the environment: NULL if it is empty, too. */
static const char *variable(const char *name)
{
    const char *v = getenv(name);

    return v && *v ? v : NULL;
}

/*
 * Where there is no screen SDL makes do with a driver that shows nothing. That
 * is only meant by whoever has asked for one.
 */
static bool start_video(void)
{
    const char *asked = variable("SDL_VIDEODRIVER"), *got;

    if (!asked && !variable("DISPLAY") && !variable("WAYLAND_DISPLAY")) {
        SDL_SetError("neither DISPLAY nor WAYLAND_DISPLAY is set");
        return false;
    }
    if (SDL_Init(SDL_INIT_VIDEO) != 0)
        return false;
    got = SDL_GetCurrentVideoDriver();
    if (!asked && (!strcmp(got, "offscreen") || !strcmp(got, "dummy"))) {
        SDL_SetError("no display answers");
        return false;
    }
    return true;
}

/* Signals are the command line's; the user's screen saver goes on; a key is a
   key, and not a part of a text. */
static bool start_sdl(void)
{
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "linear");
    SDL_SetMainReady();
    if (!start_video())
        return false;
    SDL_StopTextInput();
    SDL_ShowCursor(SDL_DISABLE);
    return true;
}

static struct window *open_window(const struct window_ends *ends,
                                  const char *title, struct error *e)
{
    struct sdl_window *w = calloc(1, sizeof *w);

    if (!w) {
        snprintf(e->text, sizeof e->text, "out of memory");
        return NULL;
    }
    w->window.ops = &window_ops;
    w->ends = *ends;
    if (start_sdl())
        w->sdl =
            SDL_CreateWindow(title, SDL_WINDOWPOS_UNDEFINED,
                             SDL_WINDOWPOS_UNDEFINED, (int)ends->display->width,
                             (int)ends->display->height, SDL_WINDOW_RESIZABLE);
    if (w->sdl)
        w->renderer = SDL_CreateRenderer(w->sdl, -1, 0);
    if (!w->renderer) {
        snprintf(e->text, sizeof e->text, "%s", SDL_GetError());
        close_window(&w->window);
        return NULL;
    }
    draw(w);
    return &w->window;
}

const struct window_ops window_ops = {
    .open = open_window,
    .close = close_window,
    .prepare = prepare,
    .take = take,
};
