@NullMarked
package io.smartnodes.proposer;

import org.jspecify.annotations.NullMarked;
