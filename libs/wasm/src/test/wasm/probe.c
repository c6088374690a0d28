/* A program for the tests: the first byte of its input says what it does. Built by ./build. */
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static uint8_t bytes[65536];
static volatile int zero = 0;

typedef int (*unary)(int);
static int deeper(int n) { return n == zero ? 0 : 1 + deeper(n + 1) % 7; }
static double half(double v) { return v / 2; }

static void put(const void *data, size_t length) { write(1, data, length); }

static int clock_readings(void) {
  struct timespec now[4];
  clock_gettime(CLOCK_REALTIME, &now[0]);
  clock_gettime(CLOCK_MONOTONIC, &now[1]);
  struct timespec nap = {3600, 5};
  nanosleep(&nap, 0);
  clock_gettime(CLOCK_REALTIME, &now[2]);
  clock_gettime(CLOCK_REALTIME, &now[3]);
  for (int i = 0; i < 4; i++) {
    uint64_t nanos = (uint64_t)now[i].tv_sec * 1000000000u + (uint64_t)now[i].tv_nsec;
    put(&nanos, sizeof nanos);
  }
  return 0;
}

static int grow(void) {
  uint32_t pages = 0;
  while (__builtin_wasm_memory_grow(0, 16) != (size_t)-1) pages += 16;
  put(&pages, sizeof pages);
  return 0;
}

int main(int argc, char **argv) {
  uint8_t what = 0;
  if (read(0, &what, 1) != 1) return 9;
  switch (what) {
    case 'a': put(argv[0], 4); return argc - 1;
    case 'c': return clock_readings();
    case 'd': return 100 / zero;
    case 'e': write(2, "some \x1b[31mreason\n", 17); return 7;
    case 'f': return access("/etc/passwd", R_OK) == 0;
    case 'g': return grow();
    case 'i': return ((unary)(void *)half)(zero);
    case 'l': for (;;) zero = 0;
    case 'm': return *(volatile int *)(uintptr_t)0xFFFFFFF0u;
    case 'n': return ((unary)(uintptr_t)12345)(zero);
    case 'o': for (;;) put(bytes, sizeof bytes);
    case 'r': getentropy(bytes, 100); put(bytes, 100); return 0;
    case 's': return deeper(1);
    case 'u': __builtin_trap();
    default: return 8;
  }
}
