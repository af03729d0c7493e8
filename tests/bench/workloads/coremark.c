/*
 * The four kinds of work of EEMBC's CoreMark, in a program of our own (not
 * comparable): a linked list is sorted, reversed and searched; small integer
 * matrices are multiplied; a state machine reads numbers; a CRC binds it all.
 */
#include "bench.h"

#define ROUNDS 3000
#define NODES 96
#define SIDE 18

const uint64_t workload_operations = 0;

struct node {
    struct node *next;
    int16_t key, value;
};

static struct node nodes[NODES];
static int16_t left[SIDE][SIDE], right[SIDE][SIDE];
static int32_t product[SIDE][SIDE];
static const char input[] =
    "5012,1234,-874,+122,35.54400,.1234500,-110.700,+0.64400,"
    "5.500e+3,-.123e-2,-87e+832,+0.6e-12,T0.3e-1F,-T.T++Tq,1T3.4e4z,"
    "34.0e-T^,x,17,-,3.,e7,2147483648,00,-0.0,1e,";

static uint16_t crc16(uint32_t data, uint16_t crc)
{
    for (unsigned k = 0; k < 16; k++) {
        unsigned carry = (data ^ crc) & 1;

        data >>= 1;
        crc = (uint16_t)(crc >> 1 ^ (carry ? 0xa001 : 0));
    }
    return crc;
}

static int by_key(const struct node *a, const struct node *b)
{
    return a->key - b->key;
}

static int by_value(const struct node *a, const struct node *b)
{
    return a->value - b->value;
}

/* Of two sorted lists, one. */
static struct node *merge(struct node *a, struct node *b,
                          int (*order)(const struct node *,
                                       const struct node *))
{
    struct node *head = 0, **end = &head;

    while (a && b) {
        struct node **less = order(a, b) <= 0 ? &a : &b;

        *end = *less;
        end = &(*less)->next;
        *less = *end;
    }
    *end = a ? a : b;
    return head;
}

static struct node *sort(struct node *list, unsigned n,
                         int (*order)(const struct node *,
                                      const struct node *))
{
    struct node *second = list, *last = list;

    if (n < 2)
        return list;
    for (unsigned k = 0; k < n / 2; k++) {
        last = second;
        second = second->next;
    }
    last->next = 0;
    return merge(sort(list, n / 2, order), sort(second, n - n / 2, order),
                 order);
}

static struct node *reverse(struct node *list)
{
    struct node *done = 0;

    while (list) {
        struct node *next = list->next;

        list->next = done;
        done = list;
        list = next;
    }
    return done;
}

static uint16_t lists(uint64_t *seed, uint16_t crc)
{
    struct node *list = 0;

    for (unsigned k = 0; k < NODES; k++) {
        uint64_t r = bench_random(seed);

        nodes[k] = (struct node){ list, (int16_t)(r & 0x7f),
                                  (int16_t)(r >> 16) };
        list = &nodes[k];
    }
    list = sort(list, NODES, by_value);
    list = reverse(sort(list, NODES, by_key));
    for (int16_t wanted = 0; wanted < 64; wanted++) {
        const struct node *n = list;

        while (n && n->key != wanted)
            n = n->next;
        crc = crc16(n ? (uint16_t)n->value : 0xffff, crc);
    }
    return crc;
}

static uint16_t matrices(uint64_t *seed, uint16_t crc)
{
    int32_t sum = 0;

    for (unsigned r = 0; r < SIDE; r++)
        for (unsigned c = 0; c < SIDE; c++) {
            left[r][c] = (int16_t)bench_random(seed);
            right[r][c] = (int16_t)(left[r][c] >> 3);
        }
    for (unsigned r = 0; r < SIDE; r++)
        for (unsigned c = 0; c < SIDE; c++) {
            int32_t dot = 0;

            for (unsigned k = 0; k < SIDE; k++)
                dot += ((left[r][k] * right[k][c]) >> 2 & 0xf) *
                       (right[k][c] & 0x7f);
            product[r][c] = dot;
            sum += dot > product[c][r] ? 10 : dot & 3;
        }
    return crc16((uint32_t)sum, crc);
}

enum state { START, SIGN, DIGITS, POINT, EXPONENT, POWER, INVALID, STATES };

static enum state step(enum state s, char c)
{
    int digit = c >= '0' && c <= '9';

    switch (s) {
    case START:
        return digit ? DIGITS : c == '+' || c == '-' ? SIGN
             : c == '.' ? POINT : INVALID;
    case SIGN: return digit ? DIGITS : c == '.' ? POINT : INVALID;
    case DIGITS:
        return digit ? DIGITS : c == '.' ? POINT : c == 'e' ? EXPONENT
             : INVALID;
    case POINT: return digit ? POINT : c == 'e' ? EXPONENT : INVALID;
    case EXPONENT:
        return digit || c == '+' || c == '-' ? POWER : INVALID;
    case POWER: return digit ? POWER : INVALID;
    default: return INVALID;
    }
}

static uint16_t numbers(uint16_t crc)
{
    uint32_t ends[STATES] = { 0 };
    enum state s = START;

    for (const char *c = input; *c; c++) {
        if (*c == ',') {
            ends[s]++;
            s = START;
        } else {
            s = step(s, *c);
        }
    }
    for (unsigned k = 0; k < STATES; k++)
        crc = crc16(ends[k], crc);
    return crc;
}

uint64_t workload(void)
{
    uint64_t seed = 0x2545f4914f6cdd1d;
    uint16_t crc = 0;

    for (unsigned k = 0; k < ROUNDS; k++) {
        crc = lists(&seed, crc);
        crc = matrices(&seed, crc);
        for (unsigned n = 0; n < 8; n++)
            crc = numbers(crc);
    }
    return crc;
}
