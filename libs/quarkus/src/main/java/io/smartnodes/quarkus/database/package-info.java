/** Connections to databases that may fall silent. */
@NullMarked
package io.smartnodes.quarkus.database;

import org.jspecify.annotations.NullMarked;
