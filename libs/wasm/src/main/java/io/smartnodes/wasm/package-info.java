/**
 * Runs strangers' WebAssembly programs so that every machine gets the same bytes.
 *
 * <p>{@link io.smartnodes.wasm.Engine} checks and compiles a module, {@link
 * io.smartnodes.wasm.Runner} runs units of it: stdin in, stdout out, in a fresh instance each.
 *
 * <p><b>Equal everywhere:</b> the world a program sees ({@link io.smartnodes.wasm.wasi}), integer
 * and floating point results, traps, the exit code, the limits of output, memory and tables. These
 * limits belong to the protocol: all who replay a job use the same.
 *
 * <p><b>Not equal, hence never evidence:</b> what a machine could not do. Time, its memory and the
 * depth of its call stack end a run as {@code Unavailable}.
 *
 * <p><b>Not guaranteed yet:</b> the sign and payload bits of a NaN that arithmetic produces are the
 * processor's; a program whose output depends on them may differ between machines. Instructions are
 * not counted: a unit costs one fuel, and an endless loop ends by the wall clock.
 *
 * <p><b>Where:</b> modules run inside this process, whose memory and whose JVM's defects they can
 * reach. Strangers' modules therefore run in the runner, a process of its own; only a user's own
 * module runs where the user's command runs.
 */
@NullMarked
package io.smartnodes.wasm;

import org.jspecify.annotations.NullMarked;
