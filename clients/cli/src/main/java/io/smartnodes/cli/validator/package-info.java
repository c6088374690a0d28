/** What operators do: stake, keys, leaving, and reports of those who sign twice. */
@NullMarked
package io.smartnodes.cli.validator;

import org.jspecify.annotations.NullMarked;
