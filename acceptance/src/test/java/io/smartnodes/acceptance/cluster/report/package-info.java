/** What a run does, and what it found. */
@NullMarked
package io.smartnodes.acceptance.cluster.report;

import org.jspecify.annotations.NullMarked;
