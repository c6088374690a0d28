/** Keys, keystores and hashing. */
@NullMarked
package io.smartnodes.crypto;

import org.jspecify.annotations.NullMarked;
