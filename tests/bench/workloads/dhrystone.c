/*
 * What system programs did in 1984, in the proportions of Weicker's Dhrystone:
 * small procedures, records behind pointers, strings of thirty characters, a
 * little arithmetic on array elements. Not his program, and not comparable.
 */
#include "bench.h"

#define ROUNDS 850000
#define TEXT 31
#define SIDE 50

enum color { RED, GREEN, BLUE, WHITE, BLACK };

struct record {
    struct record *next;
    enum color color, second;
    int number;
    char text[TEXT];
};

const uint64_t workload_operations = 0;

static struct record records[2];
static int vector[SIDE], square[SIDE][SIDE];
static int global_number;
static char global_character;

static void __attribute__((noinline)) text_copy(char *to, const char *from)
{
    while ((*to++ = *from++))
        ;
}

static int __attribute__((noinline)) text_compare(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

static enum color __attribute__((noinline)) character_color(char a, char b)
{
    char copy = a;

    if (copy != b)
        return RED;
    global_character = copy;
    return GREEN;
}

static void __attribute__((noinline)) mix_color(enum color c, enum color *to)
{
    switch (c) {
    case RED: *to = RED; break;
    case GREEN: *to = global_number > 100 ? RED : BLACK; break;
    case BLUE: *to = GREEN; break;
    case WHITE: break;
    case BLACK: *to = BLUE; break;
    }
}

static void __attribute__((noinline)) add_three(int a, int b, int *sum)
{
    *sum = a + 2 + b;
}

static void __attribute__((noinline)) fill_arrays(int at, int value)
{
    vector[at + 5] = value;
    vector[at + 6] = vector[at + 5];
    vector[at + 30] = at + 5;
    for (int k = at + 5; k <= at + 6; k++)
        square[at + 5][k] = at + 5;
    square[at + 5][at + 4]++;
    square[at + 20][at + 5] = vector[at + 5];
    global_number = 5;
}

static void __attribute__((noinline)) follow(struct record *r)
{
    struct record *next = r->next;

    *next = *r;
    r->number = 5;
    next->number = r->number;
    next->next = r->next;
    if (next->color == RED) {
        next->number = 6;
        mix_color(r->second, &next->second);
        add_three(next->number, 10, &next->number);
    } else {
        *r = *next->next;
    }
}

static int __attribute__((noinline)) same_texts(const char *a, const char *b)
{
    int at = 2;

    while (at <= 2)
        if (character_color(a[at], b[at + 1]) == RED)
            at++;
    return text_compare(a, b) > 0 ? global_number = at + 7 : 0;
}

static uint64_t round_trip(int round)
{
    char first[TEXT], second[TEXT];
    int a = 2, b = 3, c = 0;

    text_copy(first, "a string of thirty letters: 1");
    text_copy(second, "a string of thirty letters: 2");
    global_number = 1 + same_texts(first, second);
    while (a < b) {
        c = 5 * a - b;
        add_three(a, b, &c);
        a++;
    }
    fill_arrays(a % 8, c);
    follow(&records[0]);
    for (char letter = 'A'; letter <= 'B'; letter++)
        if (character_color(letter, 'C') == GREEN)
            c = round;
    b = c * a;
    a = b / 7;
    b = 7 * (b - a) - c;
    return (uint64_t)(a + b + records[1].number + vector[8]);
}

uint64_t workload(void)
{
    uint64_t sum = 0;

    records[0] = (struct record){ .next = &records[1], .second = BLUE,
                                  .number = 40 };
    text_copy(records[0].text, "a record's string of thirty.");
    for (int k = 0; k < ROUNDS; k++)
        sum = sum * 31 + round_trip(k);
    return sum;
}
