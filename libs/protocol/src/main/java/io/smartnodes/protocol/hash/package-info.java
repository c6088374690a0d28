/** The one hash rule: EIP-712 structs and the domain that binds what is signed. */
@NullMarked
package io.smartnodes.protocol.hash;

import org.jspecify.annotations.NullMarked;
