/** What services need around them to start for real: a chain, a database, a broker, keys. */
@NullMarked
package io.smartnodes.images.ground;

import org.jspecify.annotations.NullMarked;
