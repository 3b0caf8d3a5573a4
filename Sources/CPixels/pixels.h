// Loops over pixels in vectors, for which Swift's own vectors are not reliably turned into single instructions.
#ifndef VITRINE_PIXELS_H
#define VITRINE_PIXELS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Vectors are passed between functions of this file only, all inlined: how they would be passed does not matter.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

#define PIXELS_INLINE static inline __attribute__((always_inline))

// How many rows are filtered together.
enum { PIXELS_ROWS = 8 };

typedef uint8_t pixels_bytes __attribute__((vector_size(16)));
typedef uint16_t pixels_words __attribute__((vector_size(32)));
// One RGBA pixel of each row, as bytes and as numbers.
typedef uint8_t pixels_column __attribute__((vector_size(4 * PIXELS_ROWS)));
typedef uint32_t pixels_numbers __attribute__((vector_size(4 * PIXELS_ROWS)));

PIXELS_INLINE pixels_column pixels_distance(pixels_column one, pixels_column other) {
    return __builtin_elementwise_max(one, other) - __builtin_elementwise_min(one, other);
}

PIXELS_INLINE pixels_column pixels_not_above(pixels_column one, pixels_column other) {
    return (pixels_column)(__builtin_elementwise_min(one, other) == one);
}

// Whichever of left, above and above left is nearest to left + above - above left (W3C PNG §9.4), in 8 bits.
//
// The way to left is above - corner, that to above left - corner, and that to the corner their sum. With one sign, the
// sum is the longest way, so 255 stands for it; with two it is the difference of the distances.
PIXELS_INLINE pixels_column pixels_paeth(pixels_column left, pixels_column above, pixels_column corner) {
    pixels_column to_left = pixels_distance(above, corner);
    pixels_column to_above = pixels_distance(left, corner);
    pixels_column same_sign = ~(pixels_not_above(corner, above) ^ pixels_not_above(corner, left));
    pixels_column to_corner = pixels_distance(to_left, to_above) | same_sign;
    pixels_column is_left = pixels_not_above(to_left, __builtin_elementwise_min(to_above, to_corner));
    pixels_column is_above = pixels_not_above(to_above, to_corner);
    pixels_column other = (above & is_above) | (corner & ~is_above);
    return (left & is_left) | (other & ~is_left);
}

// What the filters of the rows add; a mask has all bits of the rows that have its filter.
typedef struct {
    pixels_column sub, up, average, paeth;
} pixels_filters;

PIXELS_INLINE void pixels_undo_at(
    ptrdiff_t x, ptrdiff_t width, int guarded, int only_paeth, const pixels_filters *filters, const uint8_t *source,
    ptrdiff_t stride, ptrdiff_t step, const uint8_t *above, uint8_t *rows, pixels_column *left, pixels_column *up
) {
    uint32_t stored[PIXELS_ROWS] = {0}, first = 0, alpha = 0;
#pragma clang loop unroll(full)
    for (ptrdiff_t row = 0; row < PIXELS_ROWS; row++) {
        if (!guarded || (x >= row && x - row < width)) {
            memcpy(&stored[row], source + row * stride + step * (x - row), 4);
        }
    }
    if (!guarded || x < width) memcpy(&first, above + 4 * x, 4);
    pixels_column samples = (pixels_column)(pixels_numbers){
        stored[0], stored[1], stored[2], stored[3], stored[4], stored[5], stored[6], stored[7]};
    // Each row's pixel to the left is what the row below it has above now, and above left the next time.
    pixels_column corner = *up;
    pixels_numbers top = {first};
    *up = (pixels_column)__builtin_shufflevector(top, (pixels_numbers)*left, 0, 8, 9, 10, 11, 12, 13, 14);
    pixels_column added = pixels_paeth(*left, *up, corner);
    if (!only_paeth) {
        pixels_column mean = (*left & *up) + ((*left ^ *up) >> 1);
        added = (*left & filters->sub) | (*up & filters->up) | (mean & filters->average) | (added & filters->paeth);
    }
    *left = samples + added;
    pixels_numbers result = (pixels_numbers)*left;
    if (step == 3) {
        const uint8_t opaque[4] = {0, 0, 0, 255};
        memcpy(&alpha, opaque, 4);
    }
#pragma clang loop unroll(full)
    for (ptrdiff_t row = 0; row < PIXELS_ROWS; row++) {
        if (!guarded || (x >= row && x - row < width)) {
            uint32_t pixel = result[row] | alpha;
            memcpy(rows + 4 * (row * width + x - row), &pixel, 4);
        } else {
            // Beyond the edge there is nothing, which counts as zero.
            pixels_numbers known = (pixels_numbers)*left;
            known[row] = 0;
            *left = (pixels_column)known;
        }
    }
}

PIXELS_INLINE void pixels_undo_with(
    int only_paeth, const pixels_filters *filters, const uint8_t *source, ptrdiff_t stride, ptrdiff_t step,
    ptrdiff_t width, const uint8_t *above, uint8_t *rows
) {
    pixels_column left = {0}, up = {0};
    ptrdiff_t x = 0;
    for (; x < PIXELS_ROWS - 1; x++) {
        pixels_undo_at(x, width, 1, only_paeth, filters, source, stride, step, above, rows, &left, &up);
    }
    for (; x < width; x++) {
        pixels_undo_at(x, width, 0, only_paeth, filters, source, stride, step, above, rows, &left, &up);
    }
    for (; x < width + PIXELS_ROWS - 1; x++) {
        pixels_undo_at(x, width, 1, only_paeth, filters, source, stride, step, above, rows, &left, &up);
    }
}

// Undoes the filters of PIXELS_ROWS rows of PNG pixels of `step` (3 or 4) bytes, and writes them as RGBA, one behind the
// other.
//
// Each row lies behind the byte of its filter, 0 to 4, and `stride` bytes after the one before. Row after row goes one
// pixel behind the one above it, which then knows all that it looks at. `above` is the row above as written here. A
// byte behind the last pixel is read when `step` is 3.
static inline __attribute__((noinline)) void pixels_undo(
    const uint8_t *source, ptrdiff_t stride, ptrdiff_t step, ptrdiff_t width, const uint8_t *above, uint8_t *rows
) {
    pixels_filters filters = {{0}, {0}, {0}, {0}};
    int only_paeth = 1;
    for (int lane = 0; lane < 4 * PIXELS_ROWS; lane++) {
        uint8_t type = source[lane / 4 * stride];
        filters.sub[lane] = type == 1 ? 255 : 0;
        filters.up[lane] = type == 2 ? 255 : 0;
        filters.average[lane] = type == 3 ? 255 : 0;
        filters.paeth[lane] = type == 4 ? 255 : 0;
        only_paeth &= type == 4;
    }
    source++;
    if (only_paeth && step == 3) {
        pixels_undo_with(1, &filters, source, stride, 3, width, above, rows);
    } else if (only_paeth) {
        pixels_undo_with(1, &filters, source, stride, 4, width, above, rows);
    } else if (step == 3) {
        pixels_undo_with(0, &filters, source, stride, 3, width, above, rows);
    } else {
        pixels_undo_with(0, &filters, source, stride, 4, width, above, rows);
    }
}

// Adds `count` bytes to as many sums.
static inline void pixels_add(const uint8_t *bytes, size_t count, uint16_t *sums) {
    size_t index = 0;
    for (; index + 16 <= count; index += 16) {
        pixels_bytes values;
        pixels_words sum;
        memcpy(&values, bytes + index, sizeof values);
        memcpy(&sum, sums + index, sizeof sum);
        sum += __builtin_convertvector(values, pixels_words);
        memcpy(sums + index, &sum, sizeof sum);
    }
    for (; index < count; index++) sums[index] += bytes[index];
}

// The part of a row that one new pixel covers: the first and the last pixel, and what they and those between count.
typedef struct {
    ptrdiff_t first, last;
    float first_weight, last_weight, weight;
} pixels_span;

typedef int32_t pixels_whole __attribute__((vector_size(16)));
typedef float pixels_real __attribute__((vector_size(16)));

PIXELS_INLINE pixels_whole pixels_word(const uint16_t *words, ptrdiff_t x) {
    uint16_t __attribute__((vector_size(8))) values;
    memcpy(&values, words + 4 * x, sizeof values);
    return __builtin_convertvector(values, pixels_whole);
}

PIXELS_INLINE pixels_real pixels_float(pixels_whole values) { return __builtin_convertvector(values, pixels_real); }

// Averages sums of RGBA over spans, and adds `scale` times the means to `means`, four to a span.
//
// No span may be so long that its sums leave 31 bits: 32,768 pixels.
static inline void pixels_reduce(
    const uint16_t *words, const pixels_span *spans, size_t count, float scale, float *means
) {
    for (size_t index = 0; index < count; index++) {
        pixels_span span = spans[index];
        pixels_real sum, mean;
        if (span.first_weight == span.weight && span.last_weight == span.weight) {
            pixels_whole all = pixels_word(words, span.first);
            for (ptrdiff_t x = span.first + 1; x <= span.last; x++) all += pixels_word(words, x);
            sum = pixels_float(all) * span.weight;
        } else {
            sum = pixels_float(pixels_word(words, span.first)) * span.first_weight;
            if (span.last > span.first) {
                pixels_whole middle = {0};
                for (ptrdiff_t x = span.first + 1; x < span.last; x++) middle += pixels_word(words, x);
                sum += pixels_float(middle) * span.weight + pixels_float(pixels_word(words, span.last)) * span.last_weight;
            }
        }
        memcpy(&mean, means + 4 * index, sizeof mean);
        mean += sum * scale;
        memcpy(means + 4 * index, &mean, sizeof mean);
    }
}

// Whether none of `count` pixels of RGBA has alpha.
static inline int pixels_are_opaque(const uint8_t *bytes, size_t count) {
    uint32_t common = UINT32_MAX;
    for (size_t index = 0; index < count; index++) {
        uint32_t pixel;
        memcpy(&pixel, bytes + 4 * index, 4);
        common &= pixel;
    }
    uint8_t channels[4];
    memcpy(channels, &common, 4);
    return channels[3] == 255;
}

// Whether all of `count` bytes are below `limit`.
static inline int pixels_are_below(const uint8_t *bytes, size_t count, unsigned limit) {
    uint8_t most = 0;
    for (size_t index = 0; index < count; index++) most = bytes[index] > most ? bytes[index] : most;
    return count == 0 || most < limit;
}

#pragma clang diagnostic pop

#endif
