/** What an epoch's body carries. */
@NullMarked
package io.smartnodes.protocol.body;

import org.jspecify.annotations.NullMarked;
