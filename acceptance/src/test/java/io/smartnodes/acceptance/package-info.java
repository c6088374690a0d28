/** Scenarios over the whole system, with real parts. */
@NullMarked
package io.smartnodes.acceptance;

import org.jspecify.annotations.NullMarked;
