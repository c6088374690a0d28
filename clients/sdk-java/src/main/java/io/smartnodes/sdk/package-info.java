/** Client library: connects to validators, registers, runs jobs, reads and proves the state. */
@NullMarked
package io.smartnodes.sdk;

import org.jspecify.annotations.NullMarked;
