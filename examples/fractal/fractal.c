/*
 * One tile of a picture of the Mandelbrot set, as one unit of a job.
 *
 * stdin:  x y width height size maxIterations      (decimal, ASCII, separated by blanks)
 * stdout: width * height * 3 bytes, RGB, rows from top to bottom
 *
 * Every machine must write the same bytes. So there are only + - * / on doubles (WebAssembly
 * defines them to the bit), comparisons and integers: no libm, no fused multiply-add, no NaN that
 * could reach the output.
 */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* The part of the plane that the picture shows: the seahorse valley. */
#define CENTRE_RE (-0.7463)
#define CENTRE_IM (0.1102)
#define SPAN 0.005

#define MAX_PIXELS (512 * 512)
#define MAX_SIZE 65536
#define MAX_ITERATIONS 1000000
#define SUBSAMPLES 2  /* per axis */
#define ESCAPE 65536.0 /* squared radius; large, so that the smooth count has no bands */

struct tile {
  int x, y, width, height, size, iterations;
};

struct stop {
  int at, red, green, blue;
};

/* Where each colour stands on a wheel of 1024 steps; linear between, and round again. */
static const struct stop WHEEL[] = {
    {0, 0, 7, 100},     {164, 32, 107, 203}, {430, 237, 255, 255},
    {658, 255, 170, 0}, {878, 20, 2, 10},    {1024, 0, 7, 100},
};

static uint8_t palette[1024][3];
static uint8_t pixels[MAX_PIXELS * 3];

static void fill_palette(void) {
  int s = 0;
  for (int i = 0; i < 1024; i++) {
    while (i >= WHEEL[s + 1].at) s++;
    const struct stop *a = &WHEEL[s], *b = &WHEEL[s + 1];
    int width = b->at - a->at, into = i - a->at;
    palette[i][0] = (uint8_t)(a->red + (b->red - a->red) * into / width);
    palette[i][1] = (uint8_t)(a->green + (b->green - a->green) * into / width);
    palette[i][2] = (uint8_t)(a->blue + (b->blue - a->blue) * into / width);
  }
}

/* log2 of a number >= 1 to about four digits: the exponent's bits, and a polynomial (exact at the
 * ends of the interval) for the mantissa in [1, 2). */
static double log2_of(double v) {
  uint64_t bits;
  memcpy(&bits, &v, sizeof bits);
  int exponent = (int)(bits >> 52) - 1023;
  bits = (bits & 0xFFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL;
  double m;
  memcpy(&m, &bits, sizeof m);
  double t = m - 1.0;
  return exponent + t * (1.4386 + t * (-0.6776 + t * (0.3215 - t * 0.0825)));
}

/* A place on the wheel, or -1 for a point of the set. */
static int colour_of(double re, double im, int iterations) {
  double zr = 0, zi = 0, rr = 0, ii = 0;
  for (int n = 0; n < iterations; n++) {
    zi = 2.0 * zr * zi + im;
    zr = rr - ii + re;
    rr = zr * zr;
    ii = zi * zi;
    if (rr + ii > ESCAPE) {
      double smooth = n + 5.0 - log2_of(log2_of(rr + ii));
      if (smooth < 0) smooth = 0;
      return (int)((uint32_t)(smooth * 9.0) & 1023);
    }
  }
  return -1;
}

static void paint(const struct tile *t) {
  double step = SPAN / t->size / SUBSAMPLES;
  double left = CENTRE_RE - SPAN / 2, top = CENTRE_IM + SPAN / 2;
  uint8_t *out = pixels;
  for (int y = 0; y < t->height; y++) {
    for (int x = 0; x < t->width; x++) {
      int sum[3] = {0, 0, 0};
      for (int s = 0; s < SUBSAMPLES * SUBSAMPLES; s++) {
        int sx = (t->x + x) * SUBSAMPLES + s % SUBSAMPLES;
        int sy = (t->y + y) * SUBSAMPLES + s / SUBSAMPLES;
        int colour = colour_of(left + (sx + 0.5) * step, top - (sy + 0.5) * step, t->iterations);
        for (int c = 0; c < 3 && colour >= 0; c++) sum[c] += palette[colour][c];
      }
      for (int c = 0; c < 3; c++) *out++ = (uint8_t)(sum[c] / (SUBSAMPLES * SUBSAMPLES));
    }
  }
}

/* The next decimal number of the text, or -1 when there is none or it is above the limit. */
static int number(const char **text, int limit) {
  while (**text == ' ' || **text == '\n' || **text == '\r' || **text == '\t') (*text)++;
  if (**text < '0' || **text > '9') return -1;
  int value = 0;
  while (**text >= '0' && **text <= '9') {
    value = value * 10 + (*(*text)++ - '0');
    if (value > limit) return -1;
  }
  return value;
}

static int read_tile(struct tile *t) {
  char text[128];
  size_t length = 0;
  ssize_t got;
  while (length < sizeof text - 1 && (got = read(0, text + length, sizeof text - 1 - length)) > 0)
    length += (size_t)got;
  text[length] = 0;
  const char *at = text;
  t->x = number(&at, MAX_SIZE);
  t->y = number(&at, MAX_SIZE);
  t->width = number(&at, MAX_SIZE);
  t->height = number(&at, MAX_SIZE);
  t->size = number(&at, MAX_SIZE);
  t->iterations = number(&at, MAX_ITERATIONS);
  return t->x >= 0 && t->y >= 0 && t->width > 0 && t->height > 0 && t->size > 0 &&
         t->iterations > 0 && (int64_t)t->width * t->height <= MAX_PIXELS;
}

int main(void) {
  struct tile tile;
  if (!read_tile(&tile)) return 2;
  fill_palette();
  paint(&tile);
  size_t length = (size_t)tile.width * tile.height * 3;
  for (size_t sent = 0; sent < length;) {
    ssize_t n = write(1, pixels + sent, length - sent);
    if (n <= 0) return 3;
    sent += (size_t)n;
  }
  return 0;
}
