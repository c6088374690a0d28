@NullMarked
package io.smartnodes.cli.money;

import org.jspecify.annotations.NullMarked;
