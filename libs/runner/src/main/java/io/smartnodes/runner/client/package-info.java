/**
 * Runs units of strangers' modules in the runner, a process of its own, reached over a Unix socket.
 *
 * <p>{@link io.smartnodes.runner.client.RemoteRunner} asks it; {@link
 * io.smartnodes.runner.client.RunnerProcess} keeps one alive as a child of this process. A runner
 * that dies takes nothing with it: what it ran is run again. A module that kills it is shunned for
 * a while, and its neighbours lose nothing but time. No outcome of a dead runner is ever evidence.
 */
@NullMarked
package io.smartnodes.runner.client;

import org.jspecify.annotations.NullMarked;
