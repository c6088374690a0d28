/** The engine and the runner, proven with real programs. */
@NullMarked
package io.smartnodes.wasm;

import org.jspecify.annotations.NullMarked;
