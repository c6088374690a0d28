/** The replicated state as a service sees it: a copy in its own schema, folded from events. */
@NullMarked
package io.smartnodes.events.state;

import org.jspecify.annotations.NullMarked;
