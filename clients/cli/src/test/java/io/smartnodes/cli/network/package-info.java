/** Tests. */
@NullMarked
package io.smartnodes.cli.network;

import org.jspecify.annotations.NullMarked;
