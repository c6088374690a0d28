/** Tests. */
@NullMarked
package io.smartnodes.cli.job;

import org.jspecify.annotations.NullMarked;
