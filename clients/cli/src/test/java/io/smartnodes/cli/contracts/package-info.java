@NullMarked
package io.smartnodes.cli.contracts;

import org.jspecify.annotations.NullMarked;
