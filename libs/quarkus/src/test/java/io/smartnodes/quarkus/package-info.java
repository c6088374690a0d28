@NullMarked
package io.smartnodes.quarkus;

import org.jspecify.annotations.NullMarked;
