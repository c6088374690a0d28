/**
 * WASI preview 1 with answers that are equal on every machine.
 *
 * <p>A unit sees one argument ({@code "unit"}), no environment, no files and no sockets. Its input
 * is stdin, its output is stdout; stderr is kept in part for people and never compared. The clock
 * starts at 2026-01-01T00:00:00Z and advances by one microsecond per reading and by what the unit
 * sleeps; randomness is a SHA-256 counter stream seeded by the unit's id. Pointers outside the
 * linear memory trap.
 *
 * <p>Numbers and layouts are those of the WASI specification, {@code wasi_snapshot_preview1}.
 */
@NullMarked
package io.smartnodes.wasm.wasi;

import org.jspecify.annotations.NullMarked;
