@NullMarked
package io.smartnodes.cli.governance;

import org.jspecify.annotations.NullMarked;
