@NullMarked
package io.smartnodes.registry;

import org.jspecify.annotations.NullMarked;
