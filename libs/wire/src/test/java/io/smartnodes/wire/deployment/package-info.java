@NullMarked
package io.smartnodes.wire.deployment;

import org.jspecify.annotations.NullMarked;
