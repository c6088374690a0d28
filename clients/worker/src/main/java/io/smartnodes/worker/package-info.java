/** The worker agent: earns by running units, commits to results, opens them to juries. */
@NullMarked
package io.smartnodes.worker;

import org.jspecify.annotations.NullMarked;
