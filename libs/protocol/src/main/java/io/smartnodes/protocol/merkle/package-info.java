/** The trees of a job: its inputs and the results of a receipt (2.1.2, 2.1.3). */
@NullMarked
package io.smartnodes.protocol.merkle;

import org.jspecify.annotations.NullMarked;
