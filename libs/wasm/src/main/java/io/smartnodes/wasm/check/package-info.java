/** Bounds on what reading and compiling a hostile module may cost, checked before it is spent. */
@NullMarked
package io.smartnodes.wasm.check;

import org.jspecify.annotations.NullMarked;
