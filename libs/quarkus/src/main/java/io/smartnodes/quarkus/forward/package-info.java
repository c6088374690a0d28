/** Calls that another instance of the same service must answer, passed on to it. */
@NullMarked
package io.smartnodes.quarkus.forward;

import org.jspecify.annotations.NullMarked;
