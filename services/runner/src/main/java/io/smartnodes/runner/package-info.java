/**
 * A process that runs strangers' WebAssembly modules for one client on the same machine, reached
 * over a Unix socket alone. It has no keys, no database and no network; it may be killed at any
 * time, and ends itself rather than go on in a state that a module has spoilt.
 */
@NullMarked
package io.smartnodes.runner;

import org.jspecify.annotations.NullMarked;
