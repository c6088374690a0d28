/** What the proposer keeps in its database. */
@NullMarked
package io.smartnodes.proposer.store;

import org.jspecify.annotations.NullMarked;
