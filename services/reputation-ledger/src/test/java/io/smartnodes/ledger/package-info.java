@NullMarked
package io.smartnodes.ledger;

import org.jspecify.annotations.NullMarked;
