/** Whether a body is valid, and how one is made and becomes an update (2.6 and 2.7). */
@NullMarked
package io.smartnodes.protocol.body.check;

import org.jspecify.annotations.NullMarked;
