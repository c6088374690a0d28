/** Tests. */
@NullMarked
package io.smartnodes.cli.demo;

import org.jspecify.annotations.NullMarked;
