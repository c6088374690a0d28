/** Who may call what: the callers that a method declares against the roles of the peer. */
@NullMarked
package io.smartnodes.link.calls;

import org.jspecify.annotations.NullMarked;
