/* The virtio console; see virtio_console.h. */
#include "devices/virtio_console.h"

enum console_queue { RECEIVE = 0, TRANSMIT = 1 };

#define CHUNK 512 /* bytes copied at a time */

/* Fills one chain of the driver's with the bytes that wait. */
static void deliver(struct console *console, struct virtqueue *q,
                    const struct virtqueue_chain *c)
{
    uint64_t done = 0;

    while (done < c->write_bytes && console->waiting) {
        uint8_t bytes[CHUNK];
        unsigned n = 0;

        while (n < CHUNK && done + n < c->write_bytes &&
               console_take(console, &bytes[n]))
            n++;
        if (!virtqueue_write(q, c, done, bytes, n))
            return;
        done += n;
    }
    virtqueue_push(q, c, done);
}

static void print(struct console *console, struct virtqueue *q,
                  const struct virtqueue_chain *c)
{
    uint8_t bytes[CHUNK];

    for (uint64_t done = 0, n; done < c->read_bytes; done += n) {
        n = c->read_bytes - done < CHUNK ? c->read_bytes - done : CHUNK;
        if (!virtqueue_read(q, c, done, bytes, n))
            return;
        console_put(console, bytes, n);
    }
    virtqueue_push(q, c, 0);
}

static void carry_out(void *device, unsigned queue, struct virtqueue *q,
                      const struct virtqueue_chain *c)
{
    struct virtio_console *v = device;

    if (queue == RECEIVE)
        deliver(v->console, q, c);
    else
        print(v->console, q, c);
}

/* The driver's empty buffers wait until there is input for them. */
static bool has_work(void *device, unsigned queue)
{
    const struct virtio_console *v = device;

    return queue == TRANSMIT || v->console->waiting > 0;
}

static void input_arrived(void *device)
{
    struct virtio_console *v = device;

    virtio_mmio_serve(v->mmio, RECEIVE);
}

const struct virtio_ops virtio_console_ops = {
    .id = VIRTIO_ID_CONSOLE,
    .queues = 2,
    .request = carry_out,
    .has_work = has_work,
};

void virtio_console_init(struct virtio_console *v, struct console *console,
                         struct virtio_mmio *mmio)
{
    *v = (struct virtio_console){ .console = console, .mmio = mmio };
    console->arrived = input_arrived;
    console->reader = v;
}
